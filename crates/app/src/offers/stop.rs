//! The doors of an offer one after the other: what each order is, and the ways between them.

use domain::{geo::Point, id::OrderId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Seconds at a door before the courier rides on to the next.
pub(crate) const HANDOVER_S: i64 = 120;

/// One order of an offer, or one that it joins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// Which.
    pub order_id: OrderId,
    /// The courier has promised to fetch it already: it is not on offer.
    #[serde(default)]
    pub in_hand: bool,
    /// Its spoken number.
    pub number: String,
    /// Its zone's letter.
    pub zone_letter: String,
    /// Who cooks it.
    pub restaurant_name: String,
    /// Their neighbourhood.
    pub restaurant_locality: String,
    /// When the food is ready.
    pub ready_at: Timestamp,
    /// For the job, paise.
    pub base_paise: i64,
    /// For the way, paise.
    pub distance_paise: i64,
    /// From the customer, paise.
    pub tip_paise: i64,
    /// The door's neighbourhood.
    pub drop_locality: String,
    /// Where that is, to about a hundred metres.
    pub drop: Point,
    /// Until when it should be there.
    pub drop_by: Timestamp,
    /// Pieces to carry.
    pub item_count: i64,
    /// How it is paid.
    pub payment_method: String,
    /// Cash to collect, paise.
    pub cash_to_collect_paise: i64,
    /// The ways to the door: from the counter, then from the door of each order before it.
    pub ways: Vec<Way>,
}

/// A way from one stop to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// Its length.
    pub distance_m: i64,
    /// How long it takes.
    pub duration_s: i64,
}

impl Stop {
    /// What it pays.
    pub const fn pay_paise(&self) -> i64 {
        self.base_paise + self.distance_paise + self.tip_paise
    }

    /// The way from the stop before it: the counter for the first, else a door.
    pub fn way(&self) -> Way {
        self.ways.last().copied().unwrap_or_default()
    }

    /// The straight way from the counter.
    fn straight(&self) -> Way {
        self.ways.first().copied().unwrap_or_default()
    }
}

/// Seconds from the counter to each door.
fn rides(stops: &[Stop]) -> Vec<i64> {
    let mut ride_s = -HANDOVER_S;
    let door = |stop: &Stop| {
        ride_s += HANDOVER_S + stop.way().duration_s;
        ride_s
    };
    stops.iter().map(door).collect()
}

/// For each order by how many seconds the doors before make it later than the straight way from the counter.
pub(super) fn detours_s(stops: &[Stop]) -> Vec<(OrderId, i64)> {
    let detour = |(stop, ride_s): (&Stop, i64)| (stop.order_id, (ride_s - stop.straight().duration_s).max(0));
    stops.iter().zip(rides(stops)).map(detour).collect()
}

/// Metres over all doors.
pub(super) fn way_m(stops: &[Stop]) -> i64 {
    stops.iter().map(|stop| stop.way().distance_m).sum()
}

/// Seconds until the last door, for who is at the counter after so many and waits there for all of the food.
pub(super) fn ends_s(at: Timestamp, at_counter_s: Option<i64>, stops: &[Stop]) -> Option<i64> {
    let ready_at = stops.iter().map(|stop| stop.ready_at).max()?;
    let until_ready_s = ready_at.duration_since(at).as_secs();
    Some(at_counter_s.unwrap_or_default().max(until_ready_s) + rides(stops).last()?)
}

/// The stops that remain, with the ways between them.
pub(super) fn without(stops: &[Stop], left: impl Fn(&Stop) -> bool) -> Vec<Stop> {
    let remains: Vec<bool> = stops.iter().map(|stop| !left(stop)).collect();
    let alone = |stop: &Stop| {
        let from = stop.ways.iter().enumerate();
        let ways = from.filter(|(place, _)| *place == 0 || remains[*place - 1]).map(|(_, way)| *way);
        Stop { ways: ways.collect(), ..stop.clone() }
    };
    stops.iter().zip(&remains).filter(|(_, remains)| **remains).map(|(stop, _)| alone(stop)).collect()
}
