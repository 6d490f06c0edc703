//! Who comes within a fence around the counter or the door has arrived, without pressing a button.
//!
//! A report only notes where and when; what was noted is said a moment later through the use case behind the button, in
//! the order of the orders, once whatever is reported or moved on meanwhile.

use std::collections::BTreeMap;

use domain::id::{CourierId, OrderId};
use jiff::Timestamp;

use crate::{App, context::Ctx, error::Error, orders::Arrival};

use super::{Position, duty::Hand};

/// The radius of a fence. Half of it is what phones between houses are wrong by.
const FENCE_M: f64 = 80.0;

/// Who came within the fence of which order's counter or door, and when they first did.
pub(super) type Noted = BTreeMap<(OrderId, CourierId, Arrival), Timestamp>;

/// Whether a position says that the goal of this leg was reached: near enough, surely enough, and after the leg began.
pub(super) fn reached(hand: &Hand, position: Position, accuracy_m: f64) -> bool {
    !hand.there && accuracy_m <= FENCE_M && position.at >= hand.since && position.point.distance_m(hand.goal) <= FENCE_M
}

impl App {
    /// Says who arrived since the last time. What the database cannot take now is said later.
    pub async fn note_arrivals(&self, ctx: &Ctx) -> Result<(), Error> {
        let mut outcome = Ok(());
        let mut later = Noted::new();
        for ((order, courier, arrival), at) in self.positions.take_arrivals() {
            match self.arrive_as(ctx, order, courier, (arrival, at)).await {
                // Given to somebody else or ended in the same moment.
                Ok(()) | Err(Error::Rule(_) | Error::NotFound(_)) => {}
                Err(error) => {
                    if matches!(error, Error::Unavailable(_)) {
                        later.insert((order, courier, arrival), at);
                    }
                    outcome = outcome.and(Err(error));
                }
            }
        }
        self.positions.give_back_arrivals(later);
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::reached;
    use crate::{
        orders::Arrival,
        positions::{Position, duty::Hand},
    };
    use domain::{geo::Point, id::OrderId};
    use jiff::{SignedDuration, Timestamp};

    const GOAL: Point = Point { lat: 12.97, lng: 77.6 };

    fn noon() -> Timestamp {
        "2026-11-20T06:30:00Z".parse().unwrap()
    }

    fn at(metres_north: f64, seconds: i64) -> Position {
        let point = Point { lat: GOAL.lat + metres_north / 111_195.0, lng: GOAL.lng };
        Position { point, at: noon() + SignedDuration::from_secs(seconds) }
    }

    #[test]
    fn only_a_sure_fix_near_the_goal_after_the_leg_began_arrives() {
        let order_id = OrderId(uuid::Uuid::nil());
        let (leads_to, doors_ahead) = (Arrival::Counter, None);
        let hand = Hand { order_id, leads_to, goal: GOAL, door: GOAL, doors_ahead, since: noon(), there: false };
        assert!(reached(&hand, at(79.0, 0), 80.0));
        assert!(!reached(&hand, at(81.0, 0), 8.0), "too far");
        assert!(!reached(&hand, at(0.0, 0), 81.0), "too coarse");
        assert!(!reached(&hand, at(0.0, -1), 8.0), "before the order was theirs");
        assert!(!reached(&Hand { there: true, ..hand }, at(0.0, 0), 8.0), "said before");
    }
}
