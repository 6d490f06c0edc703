//! Invented addresses on real edges of the town.

use domain::geo::Point;
use rand::Rng;
use serde::{Deserialize, Serialize};

use super::{Edge, Town, Zone};

/// A door in the town.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Address {
    /// House and street: "14, 7th Cross".
    pub line1: String,
    /// The name of the zone's locality.
    pub locality: String,
    /// Six digits, plausible for the city.
    pub pin: String,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lng: f64,
    /// The letter of the zone.
    pub zone: char,
}

const BUILDINGS: [&str; 16] = [
    "Lotus Residency",
    "Sai Krupa",
    "Green Arches",
    "Neem Tree Court",
    "Lakshmi Nivas",
    "Shanti Apartments",
    "Palm Heights",
    "Anand Villa",
    "Skylark House",
    "Sunrise Enclave",
    "Ganga Block",
    "Kaveri Block",
    "Usha Kiran",
    "Maple Terrace",
    "Jasmine Court",
    "Silver Oak House",
];

impl Town {
    /// A random door inside the served area, 8 to 18 m from its street and never in the water.
    pub fn random_address<R: Rng>(&self, rng: &mut R) -> Address {
        for _ in 0..32 {
            let Some(edge) = self.random_housed_edge(rng) else { break };
            let door = self.door_beside(edge, rng);
            if let Some(zone) = self.zone_at(door).filter(|_| !self.in_water(door)) {
                return self.address(edge, door, zone, rng);
            }
        }
        let edge = &self.edges[0];
        let door = self.nodes[edge.from as usize].point();
        self.address(edge, door, &self.zones[0], rng)
    }

    fn random_housed_edge<R: Rng>(&self, rng: &mut R) -> Option<&Edge> {
        let total_m = self.housed_edges.last()?.0;
        let wanted_m = rng.random_range(0.0..total_m);
        let place = self.housed_edges.partition_point(|(sum_m, _)| *sum_m <= wanted_m);
        let (_, edge) = self.housed_edges.get(place)?;
        self.edges.get(*edge as usize)
    }

    fn door_beside<R: Rng>(&self, edge: &Edge, rng: &mut R) -> Point {
        let start = self.projection.spot(self.nodes[edge.from as usize].point());
        let end = self.projection.spot(self.nodes[edge.to as usize].point());
        let along = end.minus(start);
        let aside = along.left().times(1.0 / along.length().max(1.0));
        let side = if rng.random_bool(0.5) { 1.0 } else { -1.0 };
        let street = start.towards(end, rng.random_range(0.08..0.92));
        let door = self.projection.point(street.plus(aside.times(side * rng.random_range(8.0..18.0))));
        Point { lat: six_decimals(door.lat), lng: six_decimals(door.lng) }
    }

    fn address<R: Rng>(&self, edge: &Edge, door: Point, zone: &Zone, rng: &mut R) -> Address {
        let street = self.street_name(edge).unwrap_or("Main Road");
        let house: u32 = rng.random_range(1..180);
        let line1 = match rng.random_range(0..10) {
            0 | 1 => {
                let flat = rng.random_range(0..9) * 100 + rng.random_range(1..9);
                let building = BUILDINGS[rng.random_range(0..BUILDINGS.len())];
                format!("Flat {flat:03}, {building}, {street}")
            }
            2 => format!("{house}/{}, {street}", rng.random_range(1..9)),
            3 => format!("{house}A, {street}"),
            _ => format!("{house}, {street}"),
        };
        Address {
            line1,
            locality: zone.name.clone(),
            pin: zone.pin.clone(),
            lat: door.lat,
            lng: door.lng,
            zone: zone.letter,
        }
    }
}

/// Degrees to six decimals, a tenth of a metre.
pub(super) fn six_decimals(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}
