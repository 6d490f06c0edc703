//! What must hold for every town, whatever its seed.

use domain::geo::{Point, contains};
use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::sync::LazyLock;

use super::Town;

const CENTRE: Point = Point { lat: 12.9716, lng: 77.5946 };

static TOWNS: LazyLock<Vec<Town>> =
    LazyLock::new(|| [1, 3, 7].map(|seed| Town::generate("Bengaluru", CENTRE, seed)).to_vec());

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(99)
}

fn random_door(town: &Town, rng: &mut ChaCha8Rng) -> Point {
    let address = town.random_address(rng);
    Point { lat: address.lat, lng: address.lng }
}

#[test]
fn all_roads_hang_together() {
    for town in TOWNS.iter() {
        let mut piece: Vec<usize> = (0..town.nodes.len()).collect();
        let mut changed = true;
        while changed {
            changed = false;
            for edge in &town.edges {
                let (from, to) = (edge.from as usize, edge.to as usize);
                let lowest = piece[from].min(piece[to]);
                changed |= piece[from] != lowest || piece[to] != lowest;
                piece[from] = lowest;
                piece[to] = lowest;
            }
        }
        assert!(piece.iter().all(|of| *of == 0));
    }
}

#[test]
fn a_town_has_the_size_of_a_town() {
    for town in TOWNS.iter() {
        assert!((2_000..=3_600).contains(&town.nodes.len()), "{} nodes", town.nodes.len());
        assert!((3_000..=7_000).contains(&town.edges.len()), "{} edges", town.edges.len());
        let height_m =
            Point { lat: town.bounds.south, ..CENTRE }.distance_m(Point { lat: town.bounds.north, ..CENTRE });
        let width_m = Point { lng: town.bounds.west, ..CENTRE }.distance_m(Point { lng: town.bounds.east, ..CENTRE });
        assert!((height_m - 5_000.0).abs() < 5.0, "{height_m}");
        assert!((width_m - 6_000.0).abs() < 5.0, "{width_m}");
        assert!(town.parks.len() > 8 && town.blocks.len() > 40 && town.places.len() > 10);
        for edge in &town.edges {
            let ends = [edge.from, edge.to].map(|node| town.nodes[node as usize].point());
            assert!((ends[0].distance_m(ends[1]) - edge.length_m).abs() < 1e-6);
            assert!(edge.name.is_some());
        }
    }
}

#[test]
fn zones_partition_the_served_area() {
    let mut rng = rng();
    for town in TOWNS.iter() {
        let mut letters: Vec<char> = town.zones.iter().map(|zone| zone.letter).collect();
        letters.sort_unstable();
        assert_eq!(letters, ['D', 'H', 'J', 'K', 'M', 'N']);
        assert!(town.zones.iter().all(|zone| zone.name.starts_with(zone.letter)));
        for _ in 0..4_000 {
            let point = Point {
                lat: rng.random_range(town.bounds.south..town.bounds.north),
                lng: rng.random_range(town.bounds.west..town.bounds.east),
            };
            let holding = town.zones.iter().filter(|zone| contains(&zone.polygon, point)).count();
            let spot = town.projection.spot(point);
            let reach = super::layout::outline_reach(spot);
            assert!(holding <= 1);
            assert!(reach > 0.99 || holding == 1, "{spot:?} is in no zone");
            assert!(reach < 1.01 || holding == 0);
        }
    }
}

#[test]
fn addresses_lie_in_their_zone_and_every_zone_has_some() {
    let mut rng = rng();
    for town in TOWNS.iter() {
        let mut letters = std::collections::BTreeSet::new();
        for _ in 0..400 {
            let address = town.random_address(&mut rng);
            let point = Point { lat: address.lat, lng: address.lng };
            let zone = town.zone_at(point).unwrap();
            assert_eq!((zone.letter, &zone.name), (address.zone, &address.locality));
            assert!(!town.in_water(point));
            assert!(address.pin.len() == 6 && address.pin.starts_with("5600"), "{}", address.pin);
            assert!(address.line1.contains(", "));
            letters.insert(address.zone);
        }
        assert_eq!(letters.len(), 6);
    }
}

#[test]
fn routes_are_roads_of_plausible_length() {
    let mut rng = rng();
    for town in TOWNS.iter() {
        for _ in 0..300 {
            let (from, to) = (random_door(town, &mut rng), random_door(town, &mut rng));
            let straight_m = from.distance_m(to);
            let route = town.route(from, to);
            assert_eq!((route.points.first(), route.points.last()), (Some(&from), Some(&to)));
            assert!(route.distance_m >= straight_m - 0.01);
            assert!(
                straight_m < 400.0 || route.distance_m <= 2.5 * straight_m,
                "{} for {straight_m}",
                route.distance_m
            );
            assert!((route.duration_s(5.0) - route.distance_m / 5.0).abs() < 1e-9);
            for way in route.points.windows(2).skip(1).take(route.points.len().saturating_sub(3)) {
                assert!(lies_on_a_road(town, way[0].towards(way[1], 0.5)));
            }
        }
    }
}

fn lies_on_a_road(town: &Town, point: Point) -> bool {
    let spot = town.projection.spot(point);
    town.edge_cells.near(spot, 5.0).any(|edge| {
        let edge = &town.edges[edge as usize];
        let ends = [edge.from, edge.to].map(|node| town.projection.spot(town.nodes[node as usize].point()));
        spot.project_on(ends[0], ends[1]).1.distance(spot) < 0.5
    })
}

#[test]
fn a_route_is_the_cheapest_one() {
    let town = &TOWNS[0];
    let from = town.nodes[10].point();
    let to = town.nodes[town.nodes.len() - 20].point();
    let there = town.route(from, to).distance_m;
    let back = town.route(to, from).distance_m;
    assert!((there - back).abs() < there * 0.02, "{there} there, {back} back");
    for middle in (0..town.nodes.len()).step_by(97) {
        let middle = town.nodes[middle].point();
        let detour = town.route(from, middle).distance_m + town.route(middle, to).distance_m;
        // Distances may differ from costs by the factor between a lane and a main road.
        assert!(there <= detour * 1.18 + 1.0, "{there} is longer than {detour}");
    }
}

#[test]
fn a_place_along_a_route_moves_from_start_to_end() {
    let town = &TOWNS[0];
    let mut rng = rng();
    let (from, to) = (random_door(town, &mut rng), random_door(town, &mut rng));
    let route = town.route(from, to);
    assert_eq!(route.point_at(-1.0), from);
    assert_eq!(route.point_at(route.distance_m + 1.0), to);
    let half = route.point_at(route.distance_m / 2.0);
    let onwards = town.route(half, to).distance_m;
    assert!((onwards - route.distance_m / 2.0).abs() < 30.0, "{onwards} of {}", route.distance_m);
}

#[test]
fn the_nearest_node_is_the_nearest() {
    let town = &TOWNS[1];
    let mut rng = rng();
    for _ in 0..200 {
        let point = random_door(town, &mut rng);
        let found = town.nodes[town.nearest_node(point.lat, point.lng) as usize].point().distance_m(point);
        let best = town.nodes.iter().map(|node| node.point().distance_m(point)).fold(f64::MAX, f64::min);
        assert!((found - best).abs() < 0.01, "{found} but {best}");
    }
}

#[test]
fn the_same_seed_gives_the_same_town() {
    let again = Town::generate("Bengaluru", CENTRE, 3);
    assert_eq!(again.map(), TOWNS[1].map());
    assert_ne!(TOWNS[0].map(), TOWNS[1].map());
    assert_eq!(again.random_address(&mut rng()), TOWNS[1].random_address(&mut rng()));
}

#[test]
fn the_map_is_small_and_rounded() {
    for town in TOWNS.iter() {
        let map = serde_json::to_string(&town.map()).unwrap();
        // Such a map shrinks to a third under gzip; 60 kB compressed is the limit of the faces.
        assert!(map.len() < 170_000, "{} bytes", map.len());
        let longest =
            map.split([',', '[', ']', ':', '}']).filter_map(|part| part.split_once('.')).map(|part| part.1.len());
        assert!(longest.max().unwrap() <= 6);
    }
}

#[test]
fn a_town_can_stand_anywhere_in_india() {
    for (lat, lng, pin, state) in
        [(28.61, 77.21, "1100", "DL"), (22.57, 88.36, "7000", "WB"), (19.08, 72.88, "4000", "MH")]
    {
        let town = Town::generate("Elsewhere", Point { lat, lng }, 11);
        assert!(town.zones.iter().all(|zone| zone.pin.starts_with(pin)));
        assert_eq!(town.plate_state, state);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn far_away_places_still_have_a_route(lat in -90.0..90.0_f64, lng in -180.0..180.0_f64) {
        let town = &TOWNS[2];
        let route = town.route(Point { lat, lng }, CENTRE);
        prop_assert!(route.distance_m.is_finite());
        prop_assert!((town.nearest_node(lat, lng) as usize) < town.nodes.len());
    }
}
