//! The town as the faces draw it: the body of `GET /cities/{id}/map`.
//!
//! Edges of one road become polylines, bends of less than a metre are left out, and coordinates have six decimals, so
//! that the whole map is some tens of kilobytes when compressed.

use domain::geo::Point;
use serde::{Deserialize, Serialize};

use super::address::six_decimals;
use super::plane::{number, simplified};
use super::{Area, Edge, RoadKind, Town};

/// `[lat, lng]` in degrees.
pub type Coordinates = [f64; 2];

/// The map of a town.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TownMap {
    /// Where the map comes from: always "demo" here.
    pub source: String,
    /// What the map must say about itself.
    pub label: String,
    /// The rectangle to show.
    pub bounds: MapBounds,
    /// Roads, lanes first, so that main roads are drawn on top.
    pub roads: Vec<MapRoad>,
    /// Green areas.
    pub parks: Vec<MapArea>,
    /// Lakes and canals.
    pub water: Vec<MapArea>,
    /// Built-up blocks.
    pub blocks: Vec<Vec<Coordinates>>,
    /// Labels.
    pub places: Vec<MapPlace>,
}

/// The rectangle of a map in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapBounds {
    /// Lowest latitude.
    pub south: f64,
    /// Lowest longitude.
    pub west: f64,
    /// Highest latitude.
    pub north: f64,
    /// Highest longitude.
    pub east: f64,
}

/// One road line of a map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapRoad {
    /// How big the road is.
    pub kind: RoadKind,
    /// Its name.
    pub name: Option<String>,
    /// The line to draw.
    pub points: Vec<Coordinates>,
}

/// One named area of a map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapArea {
    /// Its name.
    pub name: String,
    /// Its corners.
    pub polygon: Vec<Coordinates>,
}

/// One label of a map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapPlace {
    /// Its name.
    pub name: String,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lng: f64,
}

impl Town {
    /// The map to send to the faces.
    pub fn map(&self) -> TownMap {
        let bounds = MapBounds {
            south: six_decimals(self.bounds.south),
            west: six_decimals(self.bounds.west),
            north: six_decimals(self.bounds.north),
            east: six_decimals(self.bounds.east),
        };
        let places = self.places.iter().map(|place| {
            let [lat, lng] = coordinates(place.point);
            MapPlace { name: place.name.clone(), lat, lng }
        });
        TownMap {
            source: "demo".to_owned(),
            label: "Demo town".to_owned(),
            bounds,
            roads: self.map_roads(),
            parks: self.parks.iter().map(area).collect(),
            water: self.water.iter().map(area).collect(),
            blocks: self.blocks.iter().map(|block| block.iter().copied().map(coordinates).collect()).collect(),
            places: places.collect(),
        }
    }

    fn map_roads(&self) -> Vec<MapRoad> {
        let mut order: Vec<u32> = (0..number(self.edges.len())).collect();
        order.sort_by_key(|edge| {
            let edge = &self.edges[*edge as usize];
            (std::cmp::Reverse(edge.kind), edge.road)
        });
        let same_road = |a: &u32, b: &u32| self.edges[*a as usize].road == self.edges[*b as usize].road;
        let mut roads = Vec::new();
        for of_road in order.chunk_by(same_road) {
            let first = &self.edges[of_road[0] as usize];
            for nodes in chains(&self.edges, of_road) {
                let spots: Vec<_> =
                    nodes.iter().map(|node| self.projection.spot(self.nodes[*node as usize].point())).collect();
                let points = simplified(&spots, 1.0).into_iter().map(|spot| coordinates(self.projection.point(spot)));
                roads.push(MapRoad {
                    kind: first.kind,
                    name: self.street_name(first).map(str::to_owned),
                    points: points.collect(),
                });
            }
        }
        roads
    }
}

/// Joins the edges of one road into as few lines of nodes as it takes.
fn chains(edges: &[Edge], of_road: &[u32]) -> Vec<Vec<u32>> {
    let mut left: Vec<(u32, u32)> =
        of_road.iter().map(|edge| (edges[*edge as usize].from, edges[*edge as usize].to)).collect();
    let mut lines = Vec::new();
    while let Some((from, to)) = left.pop() {
        let mut ahead = vec![from, to];
        extend(&mut ahead, &mut left);
        ahead.reverse();
        extend(&mut ahead, &mut left);
        lines.push(ahead);
    }
    lines
}

/// Lengthens a line at its end for as long as an edge fits.
fn extend(line: &mut Vec<u32>, left: &mut Vec<(u32, u32)>) {
    while let Some(end) = line.last().copied() {
        let Some(fit) = left.iter().position(|(from, to)| *from == end || *to == end) else {
            return;
        };
        let (from, to) = left.remove(fit);
        line.push(if from == end { to } else { from });
    }
}

fn area(area: &Area) -> MapArea {
    MapArea { name: area.name.clone(), polygon: area.polygon.iter().copied().map(coordinates).collect() }
}

fn coordinates(point: Point) -> Coordinates {
    [six_decimals(point.lat), six_decimals(point.lng)]
}
