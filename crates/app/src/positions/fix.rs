//! A position from a phone, and whether it can be believed: a pure judgement.

use domain::geo::Point;
use jiff::{SignedDuration, Timestamp};

use super::{Position, gait::Gait};

/// How far ahead of our clock a phone's may run.
const CLOCK_SKEW_S: i64 = 30;
/// The age at which a fix is no longer news.
const OLD_FIX_S: i64 = 24 * 3_600;
/// Fixes coarser than this say nothing.
const COARSEST_M: f64 = 500.0;

/// A position from a phone.
#[derive(Clone, Copy, Debug)]
pub struct Fix {
    /// Where.
    pub lat: f64,
    /// Where.
    pub lng: f64,
    /// Radius within which it is true, metres.
    pub accuracy_m: f64,
    /// When.
    pub at: Timestamp,
    /// The phone itself says that an application made it up.
    pub mocked: bool,
}

/// What became of a report.
#[derive(Clone, Debug, Default)]
pub struct Reported {
    /// Taken.
    pub accepted: usize,
    /// Not taken: the place in the report, and why.
    pub refused: Vec<(usize, &'static str)>,
}

/// The position of a fix, or the code of what is wrong with it.
pub(super) fn believe(
    now: Timestamp,
    last: Option<Position>,
    gait: &mut Gait,
    fix: &Fix,
) -> Result<Position, &'static str> {
    let point = Point::new(fix.lat, fix.lng).ok_or("off-the-globe")?;
    if fix.mocked {
        return Err("mocked");
    }
    if !(0.0..=COARSEST_M).contains(&fix.accuracy_m) {
        return Err("inaccurate");
    }
    if fix.at > now + SignedDuration::from_secs(CLOCK_SKEW_S) {
        return Err("from-the-future");
    }
    if fix.at < now - SignedDuration::from_secs(OLD_FIX_S) {
        return Err("too-old");
    }
    let position = Position { point, at: fix.at };
    match last {
        Some(before) if fix.at <= before.at => Err("not-newer"),
        Some(before) if !gait.follows(before, position) => Err("jump"),
        _ => Ok(position),
    }
}

#[cfg(test)]
mod tests {
    use super::{Fix, believe};
    use crate::positions::{Position, gait::Gait};
    use domain::geo::Point;
    use jiff::{SignedDuration, Timestamp};

    fn noon() -> Timestamp {
        "2026-11-20T06:30:00Z".parse().unwrap()
    }

    fn good() -> Fix {
        Fix { lat: 12.97, lng: 77.6, accuracy_m: 8.0, at: noon(), mocked: false }
    }

    fn after(seconds: i64, metres_north: f64, fix: &Fix) -> Fix {
        let at = fix.at + SignedDuration::from_secs(seconds);
        Fix { lat: fix.lat + metres_north / 111_195.0, at, ..*fix }
    }

    fn judged(now_s: i64, last: Option<&Fix>, fix: &Fix) -> Option<&'static str> {
        let last = last.map(|fix| Position { point: Point { lat: fix.lat, lng: fix.lng }, at: fix.at });
        believe(noon() + SignedDuration::from_secs(now_s), last, &mut Gait::default(), fix).err()
    }

    #[test]
    fn a_wrong_fix_is_named() {
        let wrong = [
            (Fix { lat: 90.1, ..good() }, "off-the-globe"),
            (Fix { lng: f64::NAN, ..good() }, "off-the-globe"),
            (Fix { mocked: true, ..good() }, "mocked"),
            (Fix { accuracy_m: 500.1, ..good() }, "inaccurate"),
            (Fix { accuracy_m: -1.0, ..good() }, "inaccurate"),
            (Fix { accuracy_m: f64::NAN, ..good() }, "inaccurate"),
            (after(31, 0.0, &good()), "from-the-future"),
            (after(-86_401, 0.0, &good()), "too-old"),
        ];
        for (fix, code) in wrong {
            assert_eq!(judged(0, None, &fix), Some(code));
        }
        assert_eq!(judged(0, None, &after(30, 0.0, &good())), None);
    }

    #[test]
    fn nobody_jumps_and_no_clock_runs_back() {
        let first = good();
        assert_eq!(judged(20, Some(&first), &after(10, 890.0, &first)), None);
        assert_eq!(judged(20, Some(&first), &after(10, 910.0, &first)), Some("jump"));
        assert_eq!(judged(20, Some(&first), &first), Some("not-newer"));
        assert_eq!(judged(20, Some(&first), &after(-1, 0.0, &first)), Some("not-newer"));
    }
}
