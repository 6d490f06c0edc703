//! What a caller tells the planner: couriers, orders, kitchens, and how long each way takes.
//!
//! Times are whole ticks on the caller's own clock. How long a tick is, [`crate::planner::Settings::minute`] says; the
//! planner itself has no unit.

use domain::id::{CourierId, OrderId};

/// A moment or a span in ticks.
pub type Time = i32;

/// How long ways take. The benchmark computes them from a plane, a city from its roads and vehicles.
pub trait Travel {
    /// Where something is.
    type Place: Copy + std::fmt::Debug;
    /// What a way's length depends on besides.
    type Vehicle: Copy + PartialEq + std::fmt::Debug;

    /// Ticks from one place to another; never negative.
    fn time(&self, from: Self::Place, to: Self::Place, vehicle: Self::Vehicle) -> Time;
}

/// A courier who works now or within the planning horizon.
#[derive(Clone, Debug)]
pub struct Courier<T: Travel> {
    /// Who.
    pub id: CourierId,
    /// What they ride.
    pub vehicle: T::Vehicle,
    /// Where they will be next free. What they do until then is frozen.
    pub place: T::Place,
    /// When that is: the start of the shift, the last drop-off under way, or some moment in the past.
    pub free_at: Time,
    /// The kitchen at which they stand, or arrive at `free_at`: they need not be sent there again.
    pub stands_at: Option<usize>,
    /// Nothing is picked up later than this.
    pub off_at: Time,
    /// Orders carried at once.
    pub capacity: usize,
    /// Orders that the courier can still deliver within the guaranteed pay; what is beyond costs money.
    pub within_guarantee: f64,
}

/// An order that nobody is bound to yet, or that somebody has promised to fetch.
#[derive(Clone, Debug)]
pub struct Order<T: Travel> {
    /// Which.
    pub id: OrderId,
    /// The kitchen, by its place in [`Situation::pickups`].
    pub pickup: usize,
    /// The customer's door.
    pub door: T::Place,
    /// When the food is ready.
    pub ready_at: Time,
    /// Couriers who cannot have it.
    pub barred: Vec<CourierId>,
    /// Who goes for it already, before anything else: it stays theirs, but others of its kitchen may join it.
    pub promised_to: Option<CourierId>,
    /// Since when that courier could be on the way with it alone; none where the courier or the food is still awaited.
    pub held_since: Option<Time>,
}

/// A kitchen.
#[derive(Clone, Debug)]
pub struct Pickup<T: Travel> {
    /// Where it is.
    pub place: T::Place,
    /// How much is ordered there at present, on any scale: see [`crate::planner::Demand`].
    pub demand: f64,
}

/// What is known at one moment.
#[derive(Clone, Debug)]
pub struct Situation<T: Travel> {
    /// The moment.
    pub now: Time,
    /// Couriers; those who are free only beyond the horizon are ignored.
    pub couriers: Vec<Courier<T>>,
    /// Orders that wait for a courier, and those of a first bundle that is promised already: one kitchen a courier, in the
    /// sequence of delivery.
    pub orders: Vec<Order<T>>,
    /// All kitchens, also those without an open order: they tell where a courier is well placed.
    pub pickups: Vec<Pickup<T>>,
}

/// What must happen now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instruction {
    /// Go to the kitchen, pick these orders up and deliver them in this sequence.
    Serve {
        /// Who.
        courier: CourierId,
        /// What, in the sequence of delivery.
        orders: Vec<OrderId>,
        /// When the orders will be picked up.
        pickup_at: Time,
    },
    /// Go to this kitchen; what will be picked up there is decided later.
    Move {
        /// Who.
        courier: CourierId,
        /// Where, by its place in [`Situation::pickups`].
        pickup: usize,
    },
}
