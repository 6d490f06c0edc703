//! What was done in a day: who picked up what and when, and where everybody drove.

use crate::planner::Time;

/// Orders that one courier picks up together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// When it was decided.
    pub assigned_at: Time,
    /// When they were picked up.
    pub pickup_at: Time,
    /// The courier, by number.
    pub courier: usize,
    /// The orders by number, in the sequence of delivery.
    pub orders: Vec<usize>,
}

/// How an order was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// When it was picked up.
    pub pickup_at: Time,
    /// When it was handed over.
    pub dropoff_at: Time,
    /// By whom, by number.
    pub courier: usize,
}

/// Where a courier can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Where the shift starts.
    Start,
    /// At a restaurant, by number.
    Restaurant(usize),
    /// At the door of an order, by number.
    Door(usize),
}

/// A ride.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// When it begins.
    pub departs_at: Time,
    /// Where.
    pub from: Stop,
    /// Where to.
    pub to: Stop,
}

/// A day that was served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Solution {
    /// In the order of the decisions.
    pub assignments: Vec<Assignment>,
    /// For each order, unless it was not delivered.
    pub deliveries: Vec<Option<Delivery>>,
    /// For each courier, in the order of driving.
    pub legs: Vec<Vec<Leg>>,
}
