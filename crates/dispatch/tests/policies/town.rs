//! A kitchen, doors north of it, and couriers, for rounds that are made by hand.

use dispatch::{OnShift, OpenOrder, Round};
use domain::{
    courier::Vehicle,
    geo::Point,
    id::{CourierId, OrderId},
};
use uuid::Uuid;

pub(crate) const KITCHEN: Point = Point { lat: 12.970, lng: 77.600 };
/// About a hundred metres to the north.
const STEP: f64 = 0.0009;

#[expect(clippy::cast_possible_truncation, reason = "seconds within a city")]
pub(crate) fn way_s(from: Point, to: Point, vehicle: Vehicle) -> i64 {
    (from.distance_m(to) / vehicle.speed_mps()).round() as i64
}

pub(crate) fn id(number: u128) -> OrderId {
    OrderId(Uuid::from_u128(number))
}

/// So many hundred metres north of the kitchen.
pub(crate) fn north(hundreds: f64) -> Point {
    Point { lat: KITCHEN.lat + hundreds * STEP, ..KITCHEN }
}

/// An order of the kitchen whose door is so many hundred metres north of it.
pub(crate) fn order(number: u128, hundreds: f64, ready_s: i64) -> OpenOrder {
    let door = north(hundreds);
    OpenOrder { id: id(number), pickup: KITCHEN, door, ready_s, unassigned_s: 0, refused_by: Vec::new() }
}

/// A courier with nothing to do, so many hundred metres north of the kitchen.
pub(crate) fn free(number: u128, vehicle: Vehicle, hundreds: f64) -> OnShift {
    OnShift {
        id: CourierId(Uuid::from_u128(number)),
        vehicle,
        at: north(hundreds),
        free_in_s: 0,
        in_hand: 0,
        offered: false,
        silent_s: 0,
        on_break: false,
        barred: false,
        shift_ends_s: None,
        errand: None,
    }
}

pub(crate) fn round(orders: Vec<OpenOrder>, couriers: Vec<OnShift>) -> Round {
    Round { orders, couriers, early_s: 180, reach_s: 1_500, silent_after_s: 60, most_bag_s: 2_700, most_delay_s: 600 }
}
