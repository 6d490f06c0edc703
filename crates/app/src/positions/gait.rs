//! Whether a position can follow the last one: a pure judgement of a way, not of single steps.
//!
//! A phone may be wrong by some distance and its owner rides no faster than anybody could. The first is granted once: each
//! step that was farther than the time allowed takes from it, and time gives it back. Who is not believed because the last
//! position was the wrong one is believed again once several fixes in a row agree with each other; that, too, is granted
//! only now and then, or whoever makes positions up would have it each time.

use jiff::{SignedDuration, Timestamp};

use super::Position;

/// Faster than this nobody rides through a city: 40 m/s is 144 km/h.
const FASTEST_MPS: f64 = 40.0;
/// How far a way may be ahead of that, because phones are wrong.
const NOISE_M: f64 = 500.0;
/// After so long a silence somebody may be anywhere.
const ANYWHERE_AFTER: SignedDuration = SignedDuration::from_mins(10);
/// So many fixes in a row that agree,
const AGREEING: usize = 5;
/// over at least so long, are believed against the last position.
const AGREEING_FOR: SignedDuration = SignedDuration::from_secs(15);

/// How a courier has moved lately.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gait {
    /// Metres that the believed way is ahead of what the time allowed.
    ahead_m: f64,
    /// Fixes that were not believed.
    doubted: Option<Doubted>,
    /// When fixes that agreed were last believed against the position before.
    mended_at: Option<Timestamp>,
}

/// Fixes in a row that agree with each other, but not with the last position.
#[derive(Clone, Copy, Debug)]
struct Doubted {
    since: Timestamp,
    last: Position,
    ahead_m: f64,
    count: usize,
}

impl Gait {
    /// Whether a position can be that of somebody who was at `last`, which is older.
    pub(super) fn follows(&mut self, last: Position, next: Position) -> bool {
        if let Some(ahead_m) = step(last, next, self.ahead_m) {
            (self.ahead_m, self.doubted) = (ahead_m, None);
            return true;
        }
        let doubted = self.doubted.and_then(|doubted| doubted.and(next)).unwrap_or_else(|| Doubted::of(next));
        let agree = doubted.count >= AGREEING && next.at.duration_since(doubted.since) >= AGREEING_FOR;
        let may_mend = self.mended_at.is_none_or(|before| next.at.duration_since(before) >= ANYWHERE_AFTER);
        if agree && may_mend {
            *self = Self { ahead_m: doubted.ahead_m, doubted: None, mended_at: Some(next.at) };
            return true;
        }
        self.doubted = Some(doubted);
        false
    }
}

impl Doubted {
    fn of(position: Position) -> Self {
        Self { since: position.at, last: position, ahead_m: 0.0, count: 1 }
    }

    /// With one more; `None` if that does not agree.
    fn and(self, next: Position) -> Option<Self> {
        let ahead_m = step(self.last, next, self.ahead_m)?;
        Some(Self { last: next, ahead_m, count: self.count + 1, ..self })
    }
}

/// How far a way that was ahead by some metres is ahead after one more step; `None` where nobody can be.
fn step(last: Position, next: Position, ahead_m: f64) -> Option<f64> {
    let took = next.at.duration_since(last.at);
    if took >= ANYWHERE_AFTER {
        return Some(0.0);
    }
    let ahead_m = ahead_m + last.point.distance_m(next.point) - took.as_secs_f64() * FASTEST_MPS;
    (took > SignedDuration::ZERO && ahead_m <= NOISE_M).then_some(ahead_m.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::Gait;
    use crate::positions::Position;
    use domain::geo::Point;
    use jiff::SignedDuration;

    const HOME: Point = Point { lat: 12.97, lng: 77.6 };

    /// So many milliseconds after noon, so many metres north of home.
    fn at(after_ms: i64, metres: f64) -> Position {
        let noon: jiff::Timestamp = "2026-11-20T06:30:00Z".parse().unwrap();
        let point = Point { lat: HOME.lat + metres / 111_195.0, ..HOME };
        Position { point, at: noon + SignedDuration::from_millis(after_ms) }
    }

    /// Which positions of a way are believed, beginning at home.
    fn believed(way: &[(i64, f64)]) -> Vec<bool> {
        let (mut gait, mut last) = (Gait::default(), at(0, 0.0));
        let judged = way.iter().map(|(after_ms, metres)| {
            let next = at(*after_ms, *metres);
            let believed = gait.follows(last, next);
            if believed {
                last = next;
            }
            believed
        });
        judged.collect()
    }

    #[test]
    fn nobody_jumps() {
        assert_eq!(believed(&[(10_000, 890.0)]), [true]);
        assert_eq!(believed(&[(10_000, 910.0)]), [false]);
        assert_eq!(believed(&[(60_000, 2_890.0)]), [true]);
        assert_eq!(believed(&[(60_000, 2_910.0)]), [false]);
        assert_eq!(believed(&[(600_000, 90_000.0)]), [true], "after ten minutes anywhere");
    }

    #[test]
    fn many_small_jumps_are_one_large_one() {
        let in_milliseconds: Vec<_> = (1..=500_i32).map(|step| (step.into(), f64::from(step) * 498.0)).collect();
        assert_eq!(believed(&in_milliseconds).iter().filter(|believed| **believed).count(), 1);
        let in_seconds: Vec<_> = (1..=20_i32).map(|step| (i64::from(step) * 1_000, f64::from(step) * 499.0)).collect();
        let judged = believed(&in_seconds);
        let farthest = in_seconds.iter().zip(&judged).rfind(|(_, believed)| **believed).unwrap().0.1;
        assert!(farthest <= 500.0 + 20.0 * 40.0, "{judged:?}");
    }

    #[test]
    fn who_rides_fast_and_is_measured_badly_is_believed() {
        let wrong_by = [0.0, 19.0, -15.0].into_iter().cycle();
        let way = (1..=600_i32).zip(wrong_by).map(|(s, wrong)| (i64::from(s) * 1_000, f64::from(s) * 20.0 + wrong));
        assert!(!believed(&way.collect::<Vec<_>>()).contains(&false));
    }

    #[test]
    fn one_wrong_position_is_soon_forgotten() {
        // The first was wrong: the phone is ten kilometres away and says so every five seconds.
        let way: Vec<_> =
            (1..=6_i32).map(|step| (i64::from(step) * 5_000, 10_000.0 + f64::from(step) * 30.0)).collect();
        assert_eq!(believed(&way), [false, false, false, false, true, true]);
        let at_once: Vec<_> = (1..=100).map(|step| (step, 10_000.0)).collect();
        assert!(!believed(&at_once).contains(&true), "not within a moment");
        let apart: Vec<_> = (1..=20_i32).map(|step| (i64::from(step) * 5_000, 10_000.0 * f64::from(step))).collect();
        assert!(!believed(&apart).contains(&true), "not without agreement");
    }

    #[test]
    fn agreement_helps_once_in_ten_minutes() {
        let stays = |from: i64, metres| (1..=6).map(move |step| ((from + step * 5) * 1_000, metres));
        let way: Vec<_> = stays(0, 10_000.0).chain(stays(30, 50_000.0)).chain(stays(630, 50_000.0)).collect();
        let judged = believed(&way);
        assert_eq!(judged[4..12], [true, true, false, false, false, false, false, false]);
        assert!(judged[17]);
    }
}
