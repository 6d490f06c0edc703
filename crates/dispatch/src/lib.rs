//! Which courier should carry which order: pure, so that a decision can be replayed, explained and benchmarked.
//!
//! A [`Round`] is what is known at one moment: orders without a courier, couriers who could take one, and how long each
//! way takes. A [`Policy`] answers with proposals. Three live here: [`Nearest`] gives each order, oldest first, to whoever
//! is there soonest; [`Batched`] assigns all of them at once so that the sum of the costs is smallest; [`Rolling`] plans
//! ahead with [`planner`], bundles included, which is also what the benchmark in [`mdrp`] runs. The caller makes the offers; nobody is
//! committed here.

mod batched;
mod errand;
pub mod mdrp;
mod nearest;
pub mod planner;
mod rank;
mod rolling;
mod strategy;

use domain::{
    courier::Vehicle,
    geo::Point,
    id::{CourierId, OrderId},
};
use serde::{Deserialize, Serialize};

pub use batched::Batched;
pub use errand::{Errand, Promised};
pub use nearest::Nearest;
pub use rank::{Candidate, Excluded, rank};
pub use rolling::Rolling;
pub use strategy::Strategy;

/// An order that needs a courier. Times are seconds from now.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenOrder {
    /// The order.
    pub id: OrderId,
    /// The kitchen.
    pub pickup: Point,
    /// The customer's door.
    pub door: Point,
    /// When the food is ready; negative if it has been waiting.
    pub ready_s: i64,
    /// How long nobody has been found.
    pub unassigned_s: i64,
    /// Couriers who did not take it.
    pub refused_by: Vec<CourierId>,
}

/// A courier on shift.
#[derive(Clone, Debug, PartialEq)]
pub struct OnShift {
    /// The courier.
    pub id: CourierId,
    /// What they ride.
    pub vehicle: Vehicle,
    /// Where they are, or will be once free.
    pub at: Point,
    /// Seconds until they are free there.
    pub free_in_s: i64,
    /// Orders in hand.
    pub in_hand: usize,
    /// Looking at an offer already.
    pub offered: bool,
    /// Seconds since the last position.
    pub silent_s: i64,
    /// At rest: nothing is offered.
    pub on_break: bool,
    /// Suspended, or without the papers that the vehicle needs.
    pub barred: bool,
    /// Seconds until the planned shift ends; nothing is picked up later.
    pub shift_ends_s: Option<i64>,
    /// What they go for now, as long as orders of the same counter can join it.
    pub errand: Option<Errand>,
}

/// What is known at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// Orders that need a courier, oldest first.
    pub orders: Vec<OpenOrder>,
    /// Couriers on shift.
    pub couriers: Vec<OnShift>,
    /// How long before the food is ready a courier may be sent, beyond the way itself.
    pub early_s: i64,
    /// The farthest that anybody is sent, in seconds.
    pub reach_s: i64,
    /// After how many seconds without a position a courier is left out.
    pub silent_after_s: i64,
    /// The longest that food may be on the way from the counter to the door, in seconds.
    pub most_bag_s: i64,
    /// By how many seconds an order may come later for those that ride with it.
    pub most_delay_s: i64,
}

/// One order for one courier, or several of one kitchen that are carried together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The orders in the sequence of delivery; never empty.
    pub orders: Vec<OrderId>,
    /// The courier.
    pub courier: CourierId,
    /// Seconds until the courier is at the kitchen.
    pub pickup_s: i64,
    /// What the courier then fetches there in the sequence of delivery: `orders`, among those of the errand that they join.
    pub trip: Vec<OrderId>,
}

impl Proposal {
    /// One order that rides alone.
    pub fn single(order: OrderId, courier: CourierId, pickup_s: i64) -> Self {
        Self { orders: vec![order], courier, pickup_s, trip: vec![order] }
    }

    /// What the courier has promised to fetch already, and what is joined.
    pub fn joins(&self) -> impl Iterator<Item = OrderId> {
        self.trip.iter().copied().filter(|order| !self.orders.contains(order))
    }
}

/// A way of deciding.
pub trait Policy: Send + Sync {
    /// Its name in stored decisions.
    fn name(&self) -> &'static str;

    /// Whether it may propose several orders together, also beside those of an errand, and asks for the ways between their
    /// doors.
    fn bundles(&self) -> bool {
        false
    }

    /// Proposals for a round: each order and each courier at most once. `way_s` answers the seconds between two points.
    fn propose(&self, round: &Round, way_s: &dyn Fn(Point, Point, Vehicle) -> i64) -> Vec<Proposal>;
}

/// Whether it is time to look for a courier: the food will be ready about when one arrives.
fn is_due(order: &OpenOrder, pickup_s: i64, round: &Round) -> bool {
    order.ready_s <= pickup_s + round.early_s
}
