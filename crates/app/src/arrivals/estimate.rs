//! Estimates: of an order that is being priced, and of what is left of one under way.

use domain::{
    arrival::{Delay, Forecast, Span, WANTED_BEFORE_S, courier_wanted_at},
    courier::Vehicle,
    geo::Point,
    id::CityId,
    quote::{ArrivalRange, Quote},
};
use eta::arrival::{Load, Outlook, Part, Parts, Slot, Spread};
use jiff::{SignedDuration, Timestamp, civil::DateTime};
use store::orders::OrderRow;

use crate::{App, context::moment, offers::HANDOVER_S, restaurants::directory::Entry, travel::Leg};

use super::{Known, Ways, learned::USUAL_VEHICLE};

/// What a kitchen takes that nobody asked.
pub(super) const USUAL_PREP_S: i64 = 1_200;
/// Ways that take so much longer than when the order was placed are traffic.
const TRAFFIC: f64 = 1.1;

/// What is said of an order when it is priced.
#[derive(Clone, Debug)]
pub(crate) struct Foreseen {
    /// The parts.
    pub(crate) forecast: Forecast,
    /// The range.
    pub(crate) range: ArrivalRange,
}

impl App {
    /// What to expect of an order that would be placed now, with the way to the door as the engine says it.
    pub(crate) fn foresee(&self, now: Timestamp, known: &Known, kitchen: &Entry, way: &Leg) -> Foreseen {
        let ways = self.ways(now, kitchen.city_id);
        let usual_prep_s = kitchen.expected_prep_minutes(now) * 60;
        let cooking = known.pulse.cooking(kitchen.id);
        let slot = self.slot_or_noon(kitchen.city_id, now);
        let couriers = known.pulse.load();
        let preparation = known.spread(Part::Preparation, slot, Load::of_kitchen(cooking)).times(float(usual_prep_s));
        let wanted_in_s = wanted_in_s(&preparation);
        let ahead = known.pulse.ahead(i64::MAX);
        let queue_s = known.queue_s(slot, ahead, wanted_in_s);
        let parts = Parts {
            wanted_in_s,
            assignment: known.assignment(slot, 0.0, queue_s),
            first_mile: known.spread(Part::FirstMile, slot, couriers),
            last_mile: last_mile(&ways, known, slot, way, USUAL_VEHICLE, Doors::Both),
            preparation,
        };
        let outlook = parts.outlook();
        let forecast = Forecast {
            made_at: now,
            assignment: (&parts.assignment).into(),
            first_mile: (&parts.first_mile).into(),
            preparation: (&parts.preparation).into(),
            last_mile: (&parts.last_mile).into(),
            total: Span { p50_s: outlook.p50_s, p90_s: outlook.high_s },
            usual_prep_s,
            cooking,
            waiting: known.pulse.waiting,
            free: known.pulse.free,
            ahead,
            couriers: known.pulse.couriers,
            queue_s: whole(queue_s),
            way_s: way.duration_s,
            engine: way.engine.to_owned(),
            pace_pct: per_cent(ways.factor(way.engine, USUAL_VEHICLE)),
            weather: known.learned.weather(now.as_microsecond()),
        };
        Foreseen { forecast, range: range(now, outlook) }
    }

    /// What is left of an order, part by part. `seen` is where its courier is, if that is fresh.
    pub(crate) fn parts_left(
        &self,
        now: Timestamp,
        row: &OrderRow,
        quote: &Quote,
        known: &Known,
        seen: Option<Point>,
    ) -> Parts {
        let ways = self.ways(now, row.city_id);
        let slot = self.slot_or_noon(row.city_id, now);
        let vehicle = row.courier_vehicle.as_deref().and_then(Vehicle::parse).unwrap_or(USUAL_VEHICLE);
        let door = quote.destination.point;
        if let Some(picked_up) = row.picked_up_at {
            // Whoever waits for more food rides on from the counter.
            let seen = seen.filter(|_| !known.before.waits);
            let from = seen.unwrap_or_else(|| row.counter());
            let mut way = through(&ways, from, &known.before.doors, door, vehicle);
            if seen.is_none() {
                // Doors that are done meanwhile belong to the way as well.
                let whole = over_doors(ways.plain(from, door, vehicle), row);
                way.duration_s = way.duration_s.max(whole.duration_s);
            }
            let whole = last_mile(&ways, known, slot, &way, vehicle, Doors::Customer);
            let last_mile = if seen.is_some() { whole } else { whole.left_after(since(picked_up, now)) };
            return Parts { last_mile, ..over() };
        }
        let preparation = last_of_the_food(row, quote, known, slot, now);
        let way = over_doors(ways.plain(row.counter(), door, vehicle), row);
        let last_mile = last_mile(&ways, known, slot, &way, vehicle, Doors::Both);
        let parts = Parts { preparation, last_mile, ..over() };
        coming(parts, row, known, slot, now)
    }

    /// What holds an order up, if it can be named.
    pub(crate) fn holds_up(&self, now: Timestamp, row: &OrderRow, quote: &Quote, parts: &Parts) -> Option<Delay> {
        let said = quote.forecast.as_ref();
        let said_s = said.map_or(USUAL_PREP_S, |said| said.preparation.p50_s);
        let waits = row.picked_up_at.is_none();
        if let Some(delay) = parts.bottleneck(float(said_s) - since(row.placed_at, now)).filter(|_| waits) {
            return Some(delay);
        }
        let slower = said.is_some_and(|said| {
            let factor = self.ways(now, row.city_id).factor(&said.engine, USUAL_VEHICLE);
            factor * 100.0 >= float(said.pace_pct) * TRAFFIC
        });
        if slower { Some(Delay::Traffic) } else { (!waits).then_some(Delay::Courier) }
    }

    /// The part of the week, or a quiet noon for a city that is not known.
    fn slot_or_noon(&self, city: CityId, now: Timestamp) -> Slot {
        self.slot(city, now).unwrap_or_else(|| Slot::at(DateTime::constant(2026, 1, 1, 12, 0, 0, 0)))
    }
}

/// The range that follows from a whole, seen from now.
pub(crate) fn range(now: Timestamp, outlook: Outlook) -> ArrivalRange {
    ArrivalRange {
        low: now + SignedDuration::from_secs(outlook.low_s),
        high: now + SignedDuration::from_secs(outlook.high_s),
    }
}

/// Which hand-overs a last mile still has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doors {
    /// At the counter and at the door.
    Both,
    /// At the door.
    Customer,
}

/// A way that leads to other doors first.
fn through(ways: &Ways, from: Point, doors: &[Point], to: Point, vehicle: Vehicle) -> Leg {
    let ride = |(from, spent_s): (Point, i64), door: &Point| {
        (*door, spent_s + ways.plain(from, *door, vehicle).duration_s + HANDOVER_S)
    };
    let (last, spent_s) = doors.iter().fold((from, 0), ride);
    let way = ways.plain(last, to, vehicle);
    Leg { duration_s: way.duration_s + spent_s, ..way }
}

/// A way from the counter as it is ridden: over the doors of what was taken together with the order.
fn over_doors(way: Leg, row: &OrderRow) -> Leg {
    Leg { duration_s: way.duration_s + row.detour_s.unwrap_or_default(), ..way }
}

fn last_mile(ways: &Ways, known: &Known, slot: Slot, way: &Leg, vehicle: Vehicle, doors: Doors) -> Spread {
    let (factor, both, door) =
        ways.ride(vehicle).map_or((1.0, 180.0, 120.0), |ride| known.learned.ride(way.engine, ride));
    let handover = if doors == Doors::Both { both } else { door };
    let usual = float(way.duration_s).mul_add(factor, handover);
    known.spread(Part::LastMile, slot, Load::Calm).times(usual)
}

/// Preparation of an order, and of what is fetched together with it: the courier leaves with all of it.
fn last_of_the_food(row: &OrderRow, quote: &Quote, known: &Known, slot: Slot, now: Timestamp) -> Spread {
    // A bill that cannot be read does not say when its food is ready.
    let bill = |other: &OrderRow| serde_json::from_str::<Quote>(&other.quote).ok();
    let others = known.together.iter().filter_map(|other| Some(preparation(other, &bill(other)?, known, slot, now)));
    others.fold(preparation(row, quote, known, slot, now), |last, other| last.later_of(&other))
}

fn preparation(row: &OrderRow, quote: &Quote, known: &Known, slot: Slot, now: Timestamp) -> Spread {
    if row.ready_at.is_some() {
        return Spread::of(0.0);
    }
    let said = quote.forecast.as_ref();
    let load = Load::of_kitchen(said.map_or(0, |said| said.cooking));
    if let Some((accepted, promised)) = row.accepted_at.zip(row.promised_ready_at) {
        let promised_s = since(accepted, moment(promised));
        return known.spread(Part::Promise, slot, load).times(promised_s).left_after(since(accepted, now));
    }
    let usual_s = float(said.map_or(USUAL_PREP_S, |said| said.usual_prep_s));
    known.spread(Part::Preparation, slot, load).times(usual_s).left_after(since(row.placed_at, now))
}

/// Adds what is left of the courier's part.
fn coming(parts: Parts, row: &OrderRow, known: &Known, slot: Slot, now: Timestamp) -> Parts {
    let couriers = known.pulse.load();
    if row.arrived_at.is_some() {
        return parts;
    }
    if let Some(taken) = row.courier_at.filter(|_| row.courier_id.is_some()) {
        let whole = match row.first_mile_s {
            Some(seconds) => known.spread(Part::FirstMileRatio, slot, couriers).times(float(seconds)),
            None => known.spread(Part::FirstMile, slot, couriers),
        };
        return Parts { first_mile: whole.left_after(since(taken, now)), ..parts };
    }
    let wanted_in_s = match wanted_at(row) {
        Some(wanted) => -since(wanted, now),
        // Before the kitchen accepts nobody is looked for.
        None => wanted_in_s(&parts.preparation),
    };
    let queue_s = known.queue_s(slot, known.pulse.ahead(row.placed_at), wanted_in_s);
    let assignment = known.assignment(slot, -wanted_in_s, queue_s);
    let first_mile = known.spread(Part::FirstMile, slot, couriers);
    Parts { wanted_in_s, assignment, first_mile, ..parts }
}

/// In how many seconds a courier is wanted of an order that no kitchen has accepted yet.
fn wanted_in_s(preparation: &Spread) -> f64 {
    (preparation.quantile(0.5) - float(WANTED_BEFORE_S)).max(0.0)
}

/// From when an accepted order wants a courier, in epoch microseconds.
pub(super) fn wanted_at(row: &OrderRow) -> Option<i64> {
    let (accepted, due) = (moment(row.accepted_at?), moment(row.promised_ready_at?));
    Some(courier_wanted_at(accepted, due, row.ready_at.map(moment)).as_microsecond())
}

/// Nothing is left.
const fn over() -> Parts {
    let done = Spread::of(0.0);
    Parts {
        wanted_in_s: 0.0,
        assignment: Spread::of(0.0),
        first_mile: Spread::of(0.0),
        preparation: Spread::of(0.0),
        last_mile: done,
    }
}

/// Seconds from a stored moment until another; negative if that is before.
fn since(from_us: i64, to: Timestamp) -> f64 {
    to.duration_since(moment(from_us)).as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "seconds of days and numbers of orders stay below 2^53")]
pub(super) const fn float(value: i64) -> f64 {
    value as f64
}

fn per_cent(factor: f64) -> i64 {
    whole(factor * 100.0)
}

#[expect(clippy::cast_possible_truncation, reason = "seconds of a day, and per cent of factors near one")]
fn whole(value: f64) -> i64 {
    value.round() as i64
}
