//! What the world remembers of an open order.

use domain::{
    geo::Point,
    id::{CourierId, CustomerId, RestaurantId},
    order::Status,
};

use crate::day::Fate;

/// An open order.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// The kitchen.
    pub(super) restaurant: RestaurantId,
    /// The customer.
    pub(super) customer: CustomerId,
    /// Where it goes.
    pub(super) door: Point,
    /// The courier, once there is one.
    pub(super) courier: Option<CourierId>,
    /// When the courier took it and its place among the doors, if it was taken together with others.
    pub(super) trip: Option<(i64, i64)>,
    /// Where it stands.
    pub(super) status: Status,
    /// The kitchen is played by a person: its steps are theirs until patience runs out.
    pub(super) by_hand: bool,
    /// What becomes of it in the kitchen, as far as that is certain.
    pub(super) fate: Option<Fate>,
    /// When silence becomes a refusal, in epoch microseconds.
    pub(super) accept_by: i64,
}

impl Known {
    /// Whether both were taken together.
    pub(super) fn rides_with(&self, other: &Self) -> bool {
        let taken = |known: &Self| Some((known.courier?, known.trip?.0));
        taken(self).is_some() && taken(self) == taken(other)
    }

    /// Whether both were taken together, and the door of this one comes later.
    pub(super) fn comes_after(&self, other: &Self) -> bool {
        self.rides_with(other) && self.trip > other.trip
    }
}
