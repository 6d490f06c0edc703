//! How long a way takes.
//!
//! Built in: the straight line, stretched by a factor for roads. The demo town brings its own streets. Routing engines
//! join behind the same interface ([`Routed`]). What hour, vehicle and weather do to a way is learned on top of all of
//! them (`arrivals`).

mod routed;

use std::sync::{Arc, PoisonError};

use domain::{courier::Vehicle, geo::Point, id::CityId};
use futures_util::future::BoxFuture;

use crate::App;

pub use routed::Routed;

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

/// A way that will be asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// From where.
    pub from: Point,
    /// To where.
    pub to: Point,
    /// On what.
    pub vehicle: Vehicle,
}

/// How a routing engine does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoutingHealth {
    /// Its name.
    pub engine: &'static str,
    /// Whether it is asked at present, or left alone because it failed.
    pub asked: bool,
    /// Ways that it said since the start.
    pub answered: u64,
    /// Ways for which the built-in ones stood in.
    pub fell_back: u64,
}

/// Something that knows ways. Calls are short computations; an engine behind a network keeps its own answers and is asked
/// ahead.
pub trait TravelTimes: Send + Sync {
    /// The way from `from` to `to` in a city.
    fn leg(&self, city: CityId, from: Point, to: Point, vehicle: Vehicle) -> Leg;

    /// Gets ways ready that are about to be asked for, as far as that is possible in a moment; with `lines`, also what is
    /// to be drawn. Nothing to do for who computes.
    fn prepare(&self, _city: CityId, _ways: Vec<Wanted>, _lines: bool) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    /// How an engine behind a network does; `None` for who computes.
    fn health(&self) -> Option<RoutingHealth> {
        None
    }

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
