//! Puts a town together: layout, lines, graph, blocks, zones, names.

use domain::geo::{Point, contains};
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::cities::{self, City};
use super::faces::{Face, faces};
use super::layout::{HALF_HEIGHT, HALF_WIDTH, Layout, outline_reach};
use super::lines::{self, Line};
use super::naming::{LANDMARKS, LETTERS, Names};
use super::network::Network;
use super::plane::{CellGrid, Projection, Spot, middle, number};
use super::route::Arcs;
use super::{Area, Bounds, Edge, Node, Place, RoadKind, Town, Zone, zones};

/// A large piece of ground that no lane crosses.
struct Ground {
    spot: Spot,
    reach: f64,
    park: bool,
    name: Option<&'static str>,
}

/// What covers the ground between roads.
struct Cover {
    parks: Vec<Area>,
    water: Vec<Area>,
    blocks: Vec<Vec<Point>>,
    places: Vec<Place>,
}

pub(super) fn build(name: &str, centre: Point, seed: u64) -> Town {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let city = cities::nearest(centre);
    let projection = Projection::around(centre);
    let layout = Layout::draw(&mut rng);
    let lines = lines::draw(&layout, &mut rng);
    let grounds = draw_grounds(&layout, &mut rng);
    let network = draw_network(&layout, &lines, &grounds, &mut rng);
    let zone_spots = zones::polygons(&mut rng);
    let zone_points: Vec<Vec<Point>> = zone_spots.iter().map(|polygon| points(&projection, polygon)).collect();
    let zone_of = |spot: Spot| {
        let point = projection.point(spot);
        zone_points.iter().position(|polygon| contains(polygon, point)).unwrap_or(LETTERS.len())
    };
    let names = Names::draw(&lines, city.style, zone_of, &mut rng);
    let cover = draw_cover(&layout, &network, &grounds, &names, &projection, &mut rng);
    let mut town = Town {
        name: name.to_owned(),
        centre,
        bounds: bounds(&projection),
        nodes: network.nodes.iter().map(|spot| node(&projection, *spot)).collect(),
        edges: Vec::new(),
        zones: name_zones(zone_points, &names, city, &mut rng),
        parks: cover.parks,
        water: cover.water,
        blocks: cover.blocks,
        places: cover.places,
        plate_state: city.plate_state,
        projection,
        arcs: Arcs::default(),
        edge_cells: CellGrid::new(HALF_WIDTH, HALF_HEIGHT, 100.0),
        street_names: names.streets,
        housed_edges: Vec::new(),
    };
    town.add_edges(&network, &names.of_line);
    town.add_zone_labels();
    town
}

impl Town {
    fn add_edges(&mut self, network: &Network, names: &[Option<u16>]) {
        let mut housed_m = 0.0;
        for (index, link) in network.links.iter().enumerate() {
            let (start, end) = (self.nodes[link.from as usize].point(), self.nodes[link.to as usize].point());
            let length_m = start.distance_m(end);
            let name = names[link.road as usize];
            self.edges.push(Edge { from: link.from, to: link.to, length_m, kind: link.kind, name, road: link.road });
            self.edge_cells.insert_segment(network.at(link.from), network.at(link.to), number(index));
            let served = self.zone_at(start).is_some() && self.zone_at(end).is_some();
            if served && link.kind != RoadKind::Arterial && !self.in_water(start.towards(end, 0.5)) {
                housed_m += length_m;
                self.housed_edges.push((housed_m, number(index)));
            }
        }
        self.arcs = Arcs::of(self.nodes.len(), &self.edges);
    }

    fn add_zone_labels(&mut self) {
        for zone in &self.zones {
            let spots: Vec<Spot> = zone.polygon.iter().map(|corner| self.projection.spot(*corner)).collect();
            let centre = middle(&spots);
            let free =
                |spot: &Spot| self.places.iter().all(|place| self.projection.spot(place.point).distance(*spot) > 420.0);
            let tries = [0.0, 300.0, -300.0, 500.0, -500.0].map(|north| centre.plus(Spot::new(0.0, north)));
            let spot = tries.into_iter().find(free).unwrap_or(centre);
            self.places.push(Place { name: zone.name.clone(), point: self.projection.point(spot) });
        }
    }
}

fn draw_network<R: Rng>(layout: &Layout, lines: &[Line], grounds: &[Ground], rng: &mut R) -> Network {
    let mut network = Network::of_lines(lines);
    let wet = |spot: Spot| layout.lake.beyond_shore(spot) < 18.0;
    network.remove(|network, link| wet(network.at(link.from)) || wet(network.at(link.to)));
    for spot in &mut network.nodes {
        *spot = layout.nudged(*spot);
    }
    network.remove(|network, link| {
        let middle = network.at(link.from).towards(network.at(link.to), 0.5);
        link.kind != RoadKind::Arterial && grounds.iter().any(|ground| ground.spot.distance(middle) < ground.reach)
    });
    network.remove(|_, link| link.kind == RoadKind::Lane && rng.random_bool(0.05));
    network.keep_largest_piece();
    network.prune(0.4, rng);
    network.dissolve(1.5);
    network.keep_largest_piece();
    network
}

/// Grounds lie on dry, built-up land, away from each other.
fn draw_grounds<R: Rng>(layout: &Layout, rng: &mut R) -> Vec<Ground> {
    let mut grounds: Vec<Ground> = Vec::new();
    for (name, x, y) in LANDMARKS {
        let spot = Spot::new(
            (x + rng.random_range(-0.08..0.08)) * HALF_WIDTH,
            (y + rng.random_range(-0.08..0.08)) * HALF_HEIGHT,
        );
        let reach = rng.random_range(95.0..150.0);
        grounds.push(Ground { spot, reach, park: false, name: Some(name) });
    }
    for _ in 0..9 {
        let spot = Spot::new(rng.random_range(-0.8..0.8) * HALF_WIDTH, rng.random_range(-0.8..0.8) * HALF_HEIGHT);
        grounds.push(Ground { spot, reach: rng.random_range(85.0..165.0), park: true, name: None });
    }
    let mut kept: Vec<Ground> = Vec::new();
    for ground in grounds {
        let dry = layout.lake.beyond_shore(ground.spot) > 260.0 && !near_canal(layout, ground.spot);
        let apart = kept.iter().all(|other| other.spot.distance(ground.spot) > 520.0);
        let off_centre = ground.spot.distance(layout.old_centre) > 520.0;
        if dry && apart && off_centre && outline_reach(ground.spot) < 0.8 {
            kept.push(ground);
        }
    }
    kept
}

fn near_canal(layout: &Layout, spot: Spot) -> bool {
    layout.canal.as_ref().is_some_and(|line| line.iter().any(|at| at.distance(spot) < 260.0))
}

fn draw_cover<R: Rng>(
    layout: &Layout,
    network: &Network,
    grounds: &[Ground],
    names: &Names,
    projection: &Projection,
    rng: &mut R,
) -> Cover {
    let mut cover = Cover {
        parks: Vec::new(),
        water: vec![Area { name: names.lake.clone(), polygon: points(projection, &layout.lake.shore(0.0, 48)) }],
        blocks: Vec::new(),
        places: vec![
            Place { name: names.lake.clone(), point: projection.point(layout.lake.centre) },
            Place { name: "Old Temple".to_owned(), point: projection.point(layout.old_centre) },
        ],
    };
    if let Some(canal) = layout.canal_polygon() {
        cover.water.push(Area { name: "Canal".to_owned(), polygon: points(projection, &canal) });
    }
    let faces = faces(network);
    let mut park_names = names.parks.iter().cycle();
    let mut park_spots = Vec::new();
    for face in &faces {
        let polygon = points(projection, &face.corners);
        let holds = |spot: Spot| contains(&polygon, projection.point(spot));
        if holds(layout.lake.centre) {
            cover.parks.push(Area { name: "Lakeside".to_owned(), polygon });
        } else if let Some(ground) = grounds.iter().find(|ground| holds(ground.spot)) {
            if face.area_m2 > 120_000.0 {
                continue;
            }
            if ground.park {
                let name = (*park_names.next().unwrap_or(&"Park")).to_owned();
                park_spots.push(face.middle);
                cover.parks.push(Area { name, polygon });
            } else {
                let place =
                    ground.name.map(|name| Place { name: name.to_owned(), point: projection.point(face.middle) });
                cover.places.extend(place);
                cover.blocks.push(polygon);
            }
        } else if face.middle.distance(layout.old_centre) < 560.0 && face.area_m2 < 30_000.0 {
            cover.blocks.push(polygon);
        }
    }
    for face in small_parks(layout, &faces, park_spots, rng) {
        let name = (*park_names.next().unwrap_or(&"Park")).to_owned();
        cover.parks.push(Area { name, polygon: points(projection, &face.corners) });
    }
    cover
}

/// Single blocks that become parks, well apart from each other and from the large ones.
fn small_parks<'faces, R: Rng>(
    layout: &Layout,
    faces: &'faces [Face],
    mut taken: Vec<Spot>,
    rng: &mut R,
) -> Vec<&'faces Face> {
    let mut fitting: Vec<&Face> = faces
        .iter()
        .filter(|face| (6_000.0..17_000.0).contains(&face.area_m2))
        .filter(|face| face.middle.distance(layout.old_centre) > 620.0)
        .filter(|face| layout.lake.beyond_shore(face.middle) > 120.0 && !near_canal(layout, face.middle))
        .collect();
    fitting.shuffle(rng);
    let mut parks = Vec::new();
    for face in fitting {
        if parks.len() < 16 && taken.iter().all(|other| other.distance(face.middle) > 600.0) {
            taken.push(face.middle);
            parks.push(face);
        }
    }
    parks
}

fn name_zones<R: Rng>(polygons: Vec<Vec<Point>>, names: &Names, city: &City, rng: &mut R) -> Vec<Zone> {
    let mut pin = city.pin_prefix * 100 + rng.random_range(1..12);
    let mut zones = Vec::new();
    for ((polygon, letter), name) in polygons.into_iter().zip(LETTERS).zip(&names.localities) {
        zones.push(Zone { letter, name: name.clone(), polygon, pin: pin.to_string() });
        pin += rng.random_range(2..16);
    }
    zones
}

fn points(projection: &Projection, spots: &[Spot]) -> Vec<Point> {
    spots.iter().map(|spot| projection.point(*spot)).collect()
}

fn node(projection: &Projection, spot: Spot) -> Node {
    let point = projection.point(spot);
    Node { lat: point.lat, lng: point.lng }
}

fn bounds(projection: &Projection) -> Bounds {
    let low = projection.point(Spot::new(-HALF_WIDTH, -HALF_HEIGHT));
    let high = projection.point(Spot::new(HALF_WIDTH, HALF_HEIGHT));
    Bounds { south: low.lat, west: low.lng, north: high.lat, east: high.lng }
}
