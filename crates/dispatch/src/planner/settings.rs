//! The planner's weights and limits.
//!
//! Weights are in minutes of click-to-door. They were found on four days of the benchmark and are explained in
//! `docs/dispatch.md`.

use super::Time;

/// How the planner judges and how long it searches.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Ticks of a minute.
    pub minute: Time,
    /// Ticks from arriving at the kitchen to the pickup, and again from the pickup to leaving.
    pub half_pickup: Time,
    /// Ticks by which a courier is sent earlier than they must leave to be there when the food is ready.
    pub early: Time,
    /// Ticks from arriving at the door to the drop-off, and again from the drop-off to leaving.
    pub half_dropoff: Time,
    /// Couriers who are free within so many minutes are planned with.
    pub horizon: f64,
    /// Orders that one bundle may hold, at most [`super::LARGEST_BUNDLE`].
    pub bundle: usize,
    /// Ticks that food which shares a bundle may ride from the counter to its door, at most.
    pub most_bag: Time,
    /// Ticks by which its companions may delay an order's drop-off, at most.
    pub most_delay: Time,
    /// Send couriers ahead to a kitchen, and decide only there what they pick up.
    pub late_binding: bool,
    /// With late binding, a courier without a plan moves if the orders to come will wait so many minutes less, or if the
    /// better place is nearer to demand by so many minutes.
    pub idle_gain: f64,
    /// What a minute of the way there takes off from that nearness, because under way the courier is of no use.
    pub idle_way: f64,
    /// Price of a minute's distance between where a courier ends up and where orders are expected.
    pub location: f64,
    /// How sharply near demand counts more than far demand, per minute.
    pub nearness: f64,
    /// Couriers free within so many minutes share the demand around them.
    pub supply_horizon: f64,
    /// Couriers whose presence nearby halves what is left of one order an hour.
    pub supply_floor: f64,
    /// The demand at a kitchen is divided by the supply there to this power: more than 1 spreads couriers more evenly.
    pub supply_power: f64,
    /// Price of a minute of driving and service.
    pub work: f64,
    /// In so many last minutes of a shift both prices fall to nothing.
    pub shift_end: f64,
    /// Price of an order beyond the guaranteed pay of its courier.
    pub beyond_guarantee: f64,
    /// Price of an order that the plan leaves out.
    pub left_out: f64,
    /// Search steps for each open order.
    pub iterations_per_order: usize,
    /// Search steps of a round, at least.
    pub least_iterations: usize,
    /// Search steps of a round, at most.
    pub most_iterations: usize,
    /// Part of the search steps that a round without new orders takes.
    pub quiet: f64,
    /// Orders taken out of the plan in one step, at most.
    pub largest_ruin: usize,
    /// How much worse a step may be at the start of a search, in minutes.
    pub temperature: f64,
}

impl Settings {
    /// The weights of the benchmark for a clock with so many ticks in a minute. Service takes no time and must be set.
    pub const fn with_minute(minute: Time) -> Self {
        Self {
            minute,
            half_pickup: 0,
            early: 0,
            half_dropoff: 0,
            horizon: 60.0,
            bundle: super::LARGEST_BUNDLE,
            most_bag: Time::MAX,
            most_delay: Time::MAX,
            late_binding: false,
            idle_gain: 0.3,
            idle_way: 0.5,
            location: 0.2,
            nearness: 0.25,
            supply_horizon: 15.0,
            supply_floor: 0.3,
            supply_power: 1.0,
            work: 0.03,
            shift_end: 60.0,
            beyond_guarantee: 1.0,
            left_out: 300.0,
            iterations_per_order: 20,
            least_iterations: 30,
            most_iterations: 2_000,
            quiet: 0.3,
            largest_ruin: 6,
            temperature: 0.5,
        }
    }
}
