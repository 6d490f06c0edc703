//! What a courier goes for now, which further orders of the same counter can join until the first of it is on board.

use domain::{geo::Point, id::OrderId};

use crate::OnShift;

/// Orders of one counter that a courier has promised to fetch together, and nothing else in hand. None is on board yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Errand {
    /// The counter.
    pub counter: Point,
    /// Where the courier is now.
    pub from: Point,
    /// The orders in the sequence of delivery.
    pub orders: Vec<Promised>,
}

/// An order of an errand.
#[derive(Clone, Debug, PartialEq)]
pub struct Promised {
    /// The order.
    pub id: OrderId,
    /// The customer's door.
    pub door: Point,
    /// When the food is ready, in seconds from now.
    pub ready_s: i64,
    /// For how many seconds the courier could have been on the way with it alone, standing at the counter with the food
    /// ready; none where either is still awaited.
    pub held_s: Option<i64>,
}

impl OnShift {
    /// The errand that an order at this counter would join.
    pub fn errand_to(&self, counter: Point) -> Option<&Errand> {
        self.errand.as_ref().filter(|errand| errand.counter == counter)
    }

    /// From where they set off to a counter, and in how many seconds: at once if they are going there anyway.
    pub fn start_to(&self, counter: Point) -> (Point, i64) {
        self.errand_to(counter).map_or((self.at, self.free_in_s), |errand| (errand.from, 0))
    }
}
