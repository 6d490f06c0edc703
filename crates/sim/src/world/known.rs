//! What the world remembers of an open order.

use domain::{
    id::{CourierId, CustomerId, RestaurantId},
    order::Status,
};

/// An open order.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// The kitchen.
    pub(super) restaurant: RestaurantId,
    /// The customer.
    pub(super) customer: CustomerId,
    /// The courier, once there is one.
    pub(super) courier: Option<CourierId>,
    /// Where it stands.
    pub(super) status: Status,
    /// The kitchen is played by a person: its steps are theirs until patience runs out.
    pub(super) by_hand: bool,
    /// When silence becomes a refusal, in epoch microseconds.
    pub(super) accept_by: i64,
}
