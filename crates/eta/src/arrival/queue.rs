//! The wait for a courier that follows from a backlog, as a number: so many orders in front, each of which binds one of so
//! many couriers for so long.
//!
//! With couriers at work all the time, one becomes free every `bound / couriers` seconds. The order's turn comes once that
//! has happened for everybody in front whom no free courier takes. Meanwhile the food is cooked, which hides the wait,
//! but not all of it: couriers take what lies near, not what was ordered first. How true the reckoned wait is, is
//! learned as a ratio.

use super::Spread;

/// The most that cooking hides of a turn.
const HIDDEN: f64 = 0.75;
/// A wait shorter than this is none; and so much is added to both sides of the ratio, since answering an offer takes time
/// however short the queue is.
const FLOOR_S: f64 = 120.0;
/// Nobody is told a longer wait: by then the shop should be closed.
const MOST_S: f64 = 3.0 * 3_600.0;

/// What stands before an order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Queue {
    /// Orders placed before it that nobody has taken, those that are still cooked included.
    pub ahead: i64,
    /// Couriers with nothing in hand.
    pub free: i64,
    /// Couriers at work, these included. Where there is none, one is hoped for.
    pub couriers: i64,
    /// How long one order binds a courier, in seconds.
    pub bound_s: f64,
}

impl Queue {
    /// Seconds until it is the order's turn; nothing while couriers are free for all.
    pub fn turn_s(&self) -> f64 {
        let before = self.ahead.saturating_add(1).saturating_sub(self.free).max(0);
        (float(before) * self.bound_s / float(self.couriers.max(1))).clamp(0.0, MOST_S)
    }

    /// Seconds that it waits for a courier once one is wanted, which is in `wanted_in_s`; nothing where that is too short
    /// to tell.
    pub fn wait_s(&self, wanted_in_s: f64) -> f64 {
        let turn_s = self.turn_s();
        let wait_s = turn_s - wanted_in_s.max(0.0).min(turn_s * HIDDEN);
        if wait_s < FLOOR_S { 0.0 } else { wait_s }
    }
}

/// The assignment of an order: as long as it takes without a queue, and with one at least the reckoned wait, times what
/// was learned of such waits.
pub fn assignment(unqueued: &Spread, ratio: &Spread, wait_s: f64) -> Spread {
    if wait_s <= 0.0 {
        return unqueued.clone();
    }
    unqueued.at_least(&ratio.times(wait_s + FLOOR_S).shifted(-FLOOR_S))
}

/// How an assignment compares with the wait that was reckoned.
pub fn wait_ratio(took_s: f64, wait_s: f64) -> f64 {
    (took_s.max(0.0) + FLOOR_S) / (wait_s.max(0.0) + FLOOR_S)
}

#[expect(clippy::cast_precision_loss, reason = "orders and couriers of a city")]
const fn float(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MOST_S, Queue, assignment, wait_ratio};
    use crate::arrival::{Book, Load, Part, Slot, Spread};
    use jiff::civil::date;

    fn queue(ahead: i64, free: i64, couriers: i64) -> Queue {
        Queue { ahead, free, couriers, bound_s: 900.0 }
    }

    fn of(part: Part, load: Load) -> Spread {
        Book::default().spread(part, Slot::at(date(2026, 11, 20).at(20, 0, 0, 0)), load, None)
    }

    #[test]
    fn a_turn_comes_when_the_couriers_are_through_with_what_is_in_front() {
        assert!(queue(5, 8, 10).turn_s().abs() < 1e-9, "somebody is free");
        assert!((queue(20, 1, 10).turn_s() - 1_800.0).abs() < 1e-9, "twenty of 90 seconds each");
        assert!((queue(20, 1, 10).wait_s(600.0) - 1_200.0).abs() < 1e-9, "ten minutes of it are cooked away");
        assert!((queue(20, 1, 10).wait_s(1e6) - 450.0).abs() < 1e-9, "but not all");
        assert!(queue(0, 0, 30).wait_s(0.0).abs() < 1e-9, "half a minute is no queue");
    }

    #[test]
    fn one_courier_or_none_is_a_long_wait_and_never_an_endless_one() {
        assert!((queue(0, 0, 1).turn_s() - 900.0).abs() < 1e-9, "whoever works becomes free");
        assert!((queue(0, 0, 0).turn_s() - 900.0).abs() < 1e-9, "one is hoped for");
        assert!((queue(i64::MAX, i64::MIN, 0).turn_s() - MOST_S).abs() < 1e-9);
    }

    #[test]
    fn what_came_as_reckoned_is_the_ratio_one() {
        assert!((wait_ratio(900.0, 900.0) - 1.0).abs() < 1e-9);
        assert!(wait_ratio(0.0, 3_000.0) > 0.0, "taken at once, against the queue");
    }

    proptest! {
        #[test]
        fn more_backlog_never_means_an_earlier_courier(
            (ahead, free, couriers) in (0..500_i64, 0..50_i64, 0..60_i64),
            (wanted_in_s, bound_s) in (-3_600.0..3_600.0_f64, 0.0..3_600.0_f64),
            (more, fewer) in (0..500_i64, 0..50_i64),
        ) {
            let at = |ahead, free, couriers| {
                let wait_s = Queue { ahead, free, couriers, bound_s }.wait_s(wanted_in_s);
                assignment(&of(Part::Assignment, Load::Calm), &of(Part::Queue, Load::Full), wait_s)
            };
            let now = at(ahead, free, couriers);
            for worse in [at(ahead + more, free, couriers), at(ahead, free - fewer, couriers), at(ahead, free, couriers - fewer)] {
                for share in [0.1, 0.5, 0.9] {
                    prop_assert!(worse.quantile(share).is_finite());
                    prop_assert!(worse.quantile(share) + 1e-6 >= now.quantile(share), "{now:?} {worse:?}");
                    prop_assert!(now.quantile(share) >= of(Part::Assignment, Load::Calm).quantile(share));
                }
            }
        }
    }
}
