//! An invented Indian town: roads, water, parks, zones, addresses and routes, all from one seed.
//!
//! The same seed and centre always give the same town. The roads that are drawn ([`Town::map`]) and the roads that
//! are driven ([`Town::route`]) are one graph. A town is about 6 by 5 km with roughly three thousand crossings. It is
//! never passed off as the real place at its centre: the map says "Demo town".

mod address;
mod build;
mod cities;
mod faces;
mod layout;
mod lines;
mod map;
mod naming;
mod network;
mod plane;
mod route;
#[cfg(test)]
mod tests;
mod zones;

use domain::geo::{Point, contains};
use serde::{Deserialize, Serialize};

pub use address::Address;
pub use map::{Coordinates, MapArea, MapBounds, MapPlace, MapRoad, TownMap};
pub use route::Route;

use plane::{CellGrid, Projection};

/// How big a road is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoadKind {
    /// A main road.
    Arterial,
    /// A collector street.
    Street,
    /// A small residential lane.
    Lane,
}

/// A crossing or a bend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lng: f64,
}

impl Node {
    /// The node's place.
    pub const fn point(self) -> Point {
        Point { lat: self.lat, lng: self.lng }
    }
}

/// A straight piece of road between two nodes, open in both directions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Index of one end in [`Town::nodes`].
    pub from: u32,
    /// Index of the other end.
    pub to: u32,
    /// Great-circle length in metres.
    pub length_m: f64,
    /// How big the road is.
    pub kind: RoadKind,
    /// Index in [`Town::street_names`].
    pub name: Option<u16>,
    /// Pieces with the same number belong to one road.
    pub road: u32,
}

/// A part of the served area. The zones of a town cover it without gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// The letter painted on the lids of orders from here.
    pub letter: char,
    /// The name of the locality.
    pub name: String,
    /// Corners anticlockwise, the first not repeated.
    pub polygon: Vec<Point>,
    /// The six-digit PIN of addresses here.
    pub pin: String,
}

/// A named area: a park, the lake or the canal.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Its name.
    pub name: String,
    /// Corners, the first not repeated.
    pub polygon: Vec<Point>,
}

/// A named place, for labels and landmarks.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub point: Point,
}

/// South, west, north and east end of a town in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Lowest latitude.
    pub south: f64,
    /// Lowest longitude.
    pub west: f64,
    /// Highest latitude.
    pub north: f64,
    /// Highest longitude.
    pub east: f64,
}

/// A generated town.
#[derive(Clone, Debug)]
pub struct Town {
    /// The city's name as given.
    pub name: String,
    /// The middle of the town.
    pub centre: Point,
    /// The rectangle that holds all of it.
    pub bounds: Bounds,
    /// All crossings and bends, near ones with near numbers.
    pub nodes: Vec<Node>,
    /// All pieces of road; the graph is connected.
    pub edges: Vec<Edge>,
    /// Names of roads, by [`Edge::name`].
    pub street_names: Vec<String>,
    /// Six zones that partition the served area.
    pub zones: Vec<Zone>,
    /// Parks.
    pub parks: Vec<Area>,
    /// The lake and perhaps a canal.
    pub water: Vec<Area>,
    /// Blocks drawn as built up: the old centre, and large grounds.
    pub blocks: Vec<Vec<Point>>,
    /// Landmarks and locality labels.
    pub places: Vec<Place>,
    /// The State letters that number plates here begin with.
    pub plate_state: &'static str,
    projection: Projection,
    arcs: route::Arcs,
    edge_cells: CellGrid,
    /// Edges with houses, with the running sum of their lengths in metres.
    housed_edges: Vec<(f64, u32)>,
}

impl Town {
    /// Builds the town around `centre`. The same arguments give the same town.
    pub fn generate(name: &str, centre: Point, seed: u64) -> Self {
        build::build(name, centre, seed)
    }

    /// The zone that serves `point`, if any does.
    pub fn zone_at(&self, point: Point) -> Option<&Zone> {
        self.zones.iter().find(|zone| contains(&zone.polygon, point))
    }

    /// The name of an edge's road.
    pub fn street_name(&self, edge: &Edge) -> Option<&str> {
        self.street_names.get(usize::from(edge.name?)).map(String::as_str)
    }

    fn in_water(&self, point: Point) -> bool {
        self.water.iter().any(|water| contains(&water.polygon, point))
    }
}
