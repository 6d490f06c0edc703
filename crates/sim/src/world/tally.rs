//! What came of it: counts and times, as they are reported.

use std::collections::BTreeMap;

use domain::{id::CourierId, order::Status};
use serde::Serialize;
use store::orders::OrderRow;

const MINUTE_US: f64 = 60e6;

/// Counts and times of a world so far.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Tally {
    /// Orders placed.
    pub placed: u64,
    /// Handed over.
    pub delivered: u64,
    /// Refused by kitchens or their silence.
    pub rejected: u64,
    /// Called off by customers or staff.
    pub cancelled: u64,
    /// Not handed over.
    pub failed: u64,
    /// Delivered within the first promise.
    pub on_time: u64,
    /// Requests that phones sent twice and that had one effect.
    pub replayed: u64,
    /// Reviews written.
    pub reviewed: u64,
    /// Offers that couriers accepted.
    pub trips: u64,
    /// Orders in them.
    pub trip_orders: u64,
    /// People who gave up before ordering.
    pub gave_up: u64,
    /// Refusals by code.
    pub refusals: BTreeMap<&'static str, u64>,
    /// From placing to the door, minutes.
    #[serde(skip)]
    pub click_to_door: Vec<f64>,
    /// From the counter to the bag, minutes.
    #[serde(skip)]
    pub ready_to_pickup: Vec<f64>,
    /// That couriers stood at the counter, minutes.
    #[serde(skip)]
    pub waiting: Vec<f64>,
    /// After the first promise, minutes; nothing for those in time.
    #[serde(skip)]
    pub lateness: Vec<f64>,
    /// What each courier earned, in paise.
    #[serde(skip)]
    pub earned: BTreeMap<CourierId, i64>,
}

impl Tally {
    pub(super) fn refused(&mut self, code: &'static str) {
        *self.refusals.entry(code).or_default() += 1;
    }

    pub(super) const fn trip(&mut self, orders: usize) {
        self.trips += 1;
        self.trip_orders += orders as u64;
    }

    pub(super) fn ended(&mut self, status: Status) {
        match status {
            Status::Delivered => self.delivered += 1,
            Status::Rejected => self.rejected += 1,
            Status::Cancelled => self.cancelled += 1,
            Status::Failed => self.failed += 1,
            Status::Placed | Status::Accepted | Status::Preparing | Status::Ready | Status::PickedUp => {}
        }
    }

    /// The times of an order that was delivered.
    pub(super) fn time(&mut self, row: &OrderRow) {
        if let Some(delivered) = row.delivered_at {
            self.click_to_door.push(minutes(row.placed_at, delivered));
            self.on_time += u64::from(delivered <= row.first_eta_high);
            self.lateness.push(minutes(row.first_eta_high, delivered.max(row.first_eta_high)));
            if let Some(courier) = row.courier_id {
                *self.earned.entry(courier).or_default() += row.courier_pay_paise + row.tip_paise;
            }
        }
        if let (Some(ready), Some(picked_up)) = (row.ready_at, row.picked_up_at) {
            self.ready_to_pickup.push(minutes(ready, picked_up));
        }
        if let (Some(arrived), Some(picked_up)) = (row.arrived_at, row.picked_up_at) {
            self.waiting.push(minutes(arrived, picked_up));
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "spans of hours in microseconds stay below 2^53")]
fn minutes(from_us: i64, to_us: i64) -> f64 {
    (to_us - from_us) as f64 / MINUTE_US
}
