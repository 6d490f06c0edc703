//! Ways as they are expected now: what the engine says, times what was learned about this city, vehicle, part of the
//! week and weather.

use std::sync::Arc;

use domain::{courier::Vehicle, geo::Point, id::CityId};
use eta::arrival::{Ride, Slot};
use jiff::Timestamp;

use crate::{
    App,
    travel::{Leg, TravelTimes},
};

use super::Learned;

/// The ways of a city at a moment.
pub(crate) struct Ways {
    travel: Arc<dyn TravelTimes>,
    learned: Arc<Learned>,
    city: CityId,
    slot: Option<Slot>,
    now_us: i64,
}

impl Ways {
    /// A way with the time that it should take now.
    pub(crate) fn leg(&self, from: Point, to: Point, vehicle: Vehicle) -> Leg {
        let leg = self.travel.leg(self.city, from, to, vehicle);
        let factor = self.factor(leg.engine, vehicle);
        Leg { duration_s: stretched(leg.duration_s, factor), ..leg }
    }

    /// As the engine says it, before anything learned.
    pub(crate) fn plain(&self, from: Point, to: Point, vehicle: Vehicle) -> Leg {
        self.travel.leg(self.city, from, to, vehicle)
    }

    /// Metres of a way.
    pub(crate) fn distance_m(&self, from: Point, to: Point, vehicle: Vehicle) -> i64 {
        self.travel.distance_m(self.city, from, to, vehicle)
    }

    /// How many times longer than the engine says ways take now.
    pub(crate) fn factor(&self, engine: &str, vehicle: Vehicle) -> f64 {
        self.ride(vehicle).map_or(1.0, |ride| self.learned.ride(engine, ride).0)
    }

    /// The circumstances of a ride now; `None` for a city that is not known.
    pub(crate) fn ride(&self, vehicle: Vehicle) -> Option<Ride> {
        Some(Ride { vehicle, slot: self.slot?, weather: self.learned.weather(self.now_us) })
    }
}

/// A duration times a factor, in whole seconds.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "seconds within a city")]
fn stretched(seconds: i64, factor: f64) -> i64 {
    (seconds as f64 * factor).ceil() as i64
}

impl App {
    /// The ways of a city as they are expected now.
    pub(crate) fn ways(&self, now: Timestamp, city: CityId) -> Ways {
        let learned = self.learned_now(city);
        Ways { travel: self.travel(), learned, city, slot: self.slot(city, now), now_us: now.as_microsecond() }
    }

    /// The part of the week in a city.
    pub(crate) fn slot(&self, city: CityId, at: Timestamp) -> Option<Slot> {
        let places = self.places();
        let zone = places.city(city)?.zone.clone();
        Some(Slot::at(zone.to_datetime(at)))
    }
}
