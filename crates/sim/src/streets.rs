//! Travel times over the streets of generated towns; every other city falls back to the straight line.
//!
//! Kitchens, doors and waiting couriers do not move, so most ways are asked for again and again: they are kept by their
//! exact end points. Nothing is rounded; a way from memory equals a way searched anew.

use std::sync::Arc;

use app::{Leg, StraightLine, TravelTimes};
use domain::{courier::Vehicle, geo::Point, id::CityId};
use quick_cache::sync::Cache;

use crate::town::{Route, Town};

/// Ways held in memory: about two kilobytes each.
const WAYS_IN_MEMORY: usize = 20_000;

type Key = (CityId, [u64; 4]);

struct Streets {
    city: CityId,
    town: Arc<Town>,
    speed: f64,
}

/// Knows the ways of generated towns.
pub struct TownStreets {
    towns: Vec<Streets>,
    known: Cache<Key, Arc<Route>>,
}

impl Default for TownStreets {
    fn default() -> Self {
        Self { towns: Vec::new(), known: Cache::new(WAYS_IN_MEMORY) }
    }
}

impl TownStreets {
    /// Adds a town. With `speed` 1 everybody rides as fast as their vehicle does in a city; the demo rides faster.
    #[must_use]
    pub fn with(mut self, city: CityId, town: Arc<Town>, speed: f64) -> Self {
        self.towns.push(Streets { city, town, speed: speed.max(0.1) });
        self
    }

    fn way(&self, streets: &Streets, from: Point, to: Point) -> Arc<Route> {
        let key = (streets.city, [from.lat, from.lng, to.lat, to.lng].map(f64::to_bits));
        if let Some(way) = self.known.get(&key) {
            return way;
        }
        let way = Arc::new(streets.town.route(from, to));
        self.known.insert(key, Arc::clone(&way));
        way
    }

    fn streets(&self, city: CityId) -> Option<&Streets> {
        self.towns.iter().find(|streets| streets.city == city)
    }
}

impl TravelTimes for TownStreets {
    fn leg(&self, city: CityId, from: Point, to: Point, vehicle: Vehicle) -> Leg {
        let Some(streets) = self.streets(city) else {
            return StraightLine.leg(city, from, to, vehicle);
        };
        let way = self.way(streets, from, to);
        Leg {
            points: way.points.clone(),
            distance_m: whole(way.distance_m),
            duration_s: whole(way.duration_s(vehicle.speed_mps() * streets.speed)),
            engine: "streets",
        }
    }

    fn distance_m(&self, city: CityId, from: Point, to: Point, vehicle: Vehicle) -> i64 {
        match self.streets(city) {
            Some(streets) => whole(self.way(streets, from, to).distance_m),
            None => StraightLine.distance_m(city, from, to, vehicle),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "ways within a town are below 2^53 metres")]
fn whole(value: f64) -> i64 {
    value.ceil() as i64
}

#[cfg(test)]
mod tests {
    use super::TownStreets;
    use crate::town::Town;
    use app::{StraightLine, TravelTimes};
    use domain::{courier::Vehicle, geo::Point, id::CityId};
    use rand::SeedableRng;
    use std::sync::Arc;
    use uuid::Uuid;

    const CENTRE: Point = Point { lat: 12.9716, lng: 77.5946 };

    #[test]
    fn a_way_from_memory_equals_the_first_and_haste_shortens_only_the_time() {
        let (calm, fast) = (CityId(Uuid::from_u128(1)), CityId(Uuid::from_u128(2)));
        let town = Arc::new(Town::generate("Bengaluru", CENTRE, 7));
        let streets = TownStreets::default().with(calm, Arc::clone(&town), 1.0).with(fast, Arc::clone(&town), 3.0);
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let [from, to] =
            [(); 2].map(|()| town.random_address(&mut rng)).map(|door| Point { lat: door.lat, lng: door.lng });
        let first = streets.leg(calm, from, to, Vehicle::Scooter);
        assert_eq!(first, streets.leg(calm, from, to, Vehicle::Scooter));
        let hasty = streets.leg(fast, from, to, Vehicle::Scooter);
        assert_eq!(hasty.distance_m, first.distance_m);
        assert!(hasty.duration_s * 2 < first.duration_s, "{} {}", hasty.duration_s, first.duration_s);
    }

    #[test]
    fn elsewhere_the_straight_line_holds() {
        let city = CityId(Uuid::from_u128(3));
        let to = Point { lat: 12.98, lng: 77.6 };
        let streets = TownStreets::default();
        assert_eq!(streets.leg(city, CENTRE, to, Vehicle::Car), StraightLine.leg(city, CENTRE, to, Vehicle::Car));
    }
}
