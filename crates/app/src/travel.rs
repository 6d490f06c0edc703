//! How long a way takes.
//!
//! Built in: the straight line, stretched by a factor for roads. The demo town brings its own streets. Routing engines
//! join behind the same interface.

use std::sync::{Arc, PoisonError};

use domain::{courier::Vehicle, geo::Point, id::CityId};

use crate::App;

/// How much longer roads are than the straight line: a common figure for cities (Boscoe, Henry and Zdeb 2012 find 1.4
/// over the United States; dense grids lie nearer 1.3).
const ROAD_FACTOR: f64 = 1.3;

/// One way from a point to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    /// The line to draw.
    pub points: Vec<Point>,
    /// Its length in metres.
    pub distance_m: i64,
    /// How long it takes, in seconds.
    pub duration_s: i64,
    /// Who says so: `straight-line`, `streets`, or the name of a routing engine.
    pub engine: &'static str,
}

/// Something that knows ways. Calls are short computations; an engine behind a network keeps its own cache.
pub trait TravelTimes: Send + Sync {
    /// The way from `from` to `to` in a city.
    fn leg(&self, city: CityId, from: Point, to: Point, vehicle: Vehicle) -> Leg;

    /// Metres of that way, where the line is not needed.
    fn distance_m(&self, city: CityId, from: Point, to: Point, vehicle: Vehicle) -> i64 {
        self.leg(city, from, to, vehicle).distance_m
    }
}

/// The straight line times a factor.
#[derive(Clone, Copy, Debug, Default)]
pub struct StraightLine;

impl TravelTimes for StraightLine {
    fn leg(&self, _: CityId, from: Point, to: Point, vehicle: Vehicle) -> Leg {
        let metres = from.distance_m(to) * ROAD_FACTOR;
        Leg {
            points: vec![from, to],
            distance_m: whole(metres),
            duration_s: whole(metres / vehicle.speed_mps()),
            engine: "straight-line",
        }
    }
}

/// The next whole number of metres or seconds.
#[expect(clippy::cast_possible_truncation, reason = "ways on a globe are below 2^53 metres")]
fn whole(value: f64) -> i64 {
    value.ceil() as i64
}

impl App {
    /// What knows the ways at present.
    pub fn travel(&self) -> Arc<dyn TravelTimes> {
        Arc::clone(&self.travel.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets something else know the ways from now on.
    pub fn set_travel(&self, travel: Arc<dyn TravelTimes>) {
        *self.travel.write().unwrap_or_else(PoisonError::into_inner) = travel;
    }
}
