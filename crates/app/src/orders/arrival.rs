//! When an order should be at the door, as a range: its late end is the promise.
//!
//! The food is ready and the courier is at the counter, whichever takes longer; then the hand-over, the way, and the
//! door. Until the platform has learned from its own orders these are priors: a courier reaches the kitchen within six
//! minutes, the counter takes one and the door two.

use jiff::{SignedDuration, Timestamp};

const FIRST_MILE_S: i64 = 360;
const COUNTER_S: i64 = 60;
const DOOR_S: i64 = 120;

/// Early and late seconds from now, given what preparation and the last mile should take.
pub const fn spread(prep_s: i64, last_mile_s: i64) -> (i64, i64) {
    let waiting = if prep_s > FIRST_MILE_S { prep_s } else { FIRST_MILE_S };
    let expected = waiting + COUNTER_S + last_mile_s + DOOR_S;
    (expected * 9 / 10, expected * 5 / 4)
}

/// The range for food that is ready at `ready` and a way of `last_mile_s`, seen from `now`.
pub fn range(now: Timestamp, ready: Timestamp, last_mile_s: i64) -> (Timestamp, Timestamp) {
    let prep_s = ready.duration_since(now).as_secs().max(0);
    let (low, high) = spread(prep_s, last_mile_s);
    (now + SignedDuration::from_secs(low), now + SignedDuration::from_secs(high))
}

/// The range for food that is on the way.
pub fn on_the_way(now: Timestamp, last_mile_s: i64) -> (Timestamp, Timestamp) {
    let expected = last_mile_s + DOOR_S;
    (now + SignedDuration::from_secs(expected * 9 / 10), now + SignedDuration::from_secs(expected * 5 / 4 + 60))
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn a_slow_kitchen_hides_the_first_mile() {
        let (low, high) = spread(15 * 60, 300);
        assert_eq!((low, high), (1_242, 1_725));
        assert_eq!(spread(60, 300), spread(300, 300));
    }
}
