//! Who could carry one order, best first, and why the others cannot.

use domain::{courier::Vehicle, geo::Point, id::CourierId};

use crate::{OnShift, OpenOrder, Round};

/// A courier who could take an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The courier.
    pub courier: CourierId,
    /// Seconds until at the kitchen.
    pub pickup_s: i64,
    /// Seconds that the courier would stand at the counter.
    pub waits_s: i64,
    /// Seconds that the food would stand there.
    pub food_waits_s: i64,
    /// Orders in hand.
    pub in_hand: usize,
}

impl Candidate {
    /// What the choice costs, in seconds: food that waits counts full, a courier who waits counts half.
    pub const fn cost_s(&self) -> i64 {
        self.pickup_s + self.food_waits_s + self.waits_s / 2
    }
}

/// Why a courier is out of the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Excluded {
    /// No position for too long.
    Silent,
    /// No room.
    Full,
    /// Too far away.
    TooFar,
    /// Looking at another offer.
    Offered,
    /// Did not take it before.
    Refused,
    /// At rest.
    OnBreak,
    /// Suspended, or without papers.
    Barred,
    /// The planned shift ends before the food could be picked up.
    ShiftOver,
    /// The food would ride for longer than it may.
    TooLongInBag,
}

impl Excluded {
    /// All reasons.
    pub const ALL: [Self; 9] = [
        Self::Silent,
        Self::Full,
        Self::TooFar,
        Self::Offered,
        Self::Refused,
        Self::OnBreak,
        Self::Barred,
        Self::ShiftOver,
        Self::TooLongInBag,
    ];

    /// As sent.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Full => "full",
            Self::TooFar => "too-far",
            Self::Offered => "offered",
            Self::Refused => "refused",
            Self::OnBreak => "on-break",
            Self::Barred => "barred",
            Self::ShiftOver => "shift-over",
            Self::TooLongInBag => "too-long-in-bag",
        }
    }
}

/// Whether a courier could take an order, and what it would cost.
pub(crate) fn judge(
    order: &OpenOrder,
    courier: &OnShift,
    round: &Round,
    way_s: &dyn Fn(Point, Point, Vehicle) -> i64,
) -> Result<Candidate, Excluded> {
    if courier.barred {
        return Err(Excluded::Barred);
    }
    if courier.on_break {
        return Err(Excluded::OnBreak);
    }
    if courier.silent_s > round.silent_after_s {
        return Err(Excluded::Silent);
    }
    if courier.in_hand >= courier.vehicle.capacity() {
        return Err(Excluded::Full);
    }
    if courier.offered {
        return Err(Excluded::Offered);
    }
    if order.refused_by.contains(&courier.id) {
        return Err(Excluded::Refused);
    }
    let (from, free_in_s) = courier.start_to(order.pickup);
    let pickup_s = free_in_s + way_s(from, order.pickup, courier.vehicle);
    if pickup_s > round.reach_s {
        return Err(Excluded::TooFar);
    }
    if courier.shift_ends_s.is_some_and(|ends_s| pickup_s.max(order.ready_s) > ends_s) {
        return Err(Excluded::ShiftOver);
    }
    if way_s(order.pickup, order.door, courier.vehicle) > round.most_bag_s {
        return Err(Excluded::TooLongInBag);
    }
    Ok(Candidate {
        courier: courier.id,
        pickup_s,
        waits_s: (order.ready_s - pickup_s).max(0),
        food_waits_s: (pickup_s - order.ready_s).max(0),
        in_hand: courier.in_hand,
    })
}

/// All couriers for one order: those who could, best first, and those who could not.
pub fn rank(
    order: &OpenOrder,
    round: &Round,
    way_s: &dyn Fn(Point, Point, Vehicle) -> i64,
) -> (Vec<Candidate>, Vec<(CourierId, Excluded)>) {
    let mut candidates = Vec::new();
    let mut excluded = Vec::new();
    for courier in &round.couriers {
        match judge(order, courier, round, way_s) {
            Ok(candidate) => candidates.push(candidate),
            Err(reason) => excluded.push((courier.id, reason)),
        }
    }
    candidates.sort_by_key(|candidate| (candidate.cost_s(), candidate.courier));
    (candidates, excluded)
}
