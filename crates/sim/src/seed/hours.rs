//! Opening hours: what kitchens in a town usually keep, and some that are closed just now.

use domain::availability::{DAY_MINUTES, Hours};
use jiff::Zoned;

/// How a kitchen keeps its hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    /// Never closes.
    RoundTheClock,
    /// From breakfast to supper.
    AllDay,
    /// Lunch and dinner.
    Split,
    /// From the afternoon past midnight.
    Late,
    /// Closed at the moment of seeding and for three hours more.
    ClosedNow,
}

/// The same spans on all seven days.
pub(super) fn hours(habit: Habit, now: &Zoned) -> Vec<Hours> {
    let spans: &[(u16, u16)] = match habit {
        Habit::RoundTheClock => &[(0, 0)],
        Habit::AllDay => &[(7 * 60 + 30, 23 * 60)],
        Habit::Split => &[(11 * 60 + 30, 15 * 60 + 30), (18 * 60 + 30, 23 * 60 + 30)],
        Habit::Late => &[(17 * 60, 3 * 60)],
        Habit::ClosedNow => &[closed_around(now)],
    };
    let span = |day: u8| spans.iter().map(move |(open, close)| Hours { day, open: *open, close: *close });
    (1..=7).flat_map(span).collect()
}

/// Opens three hours from now, for nine hours, on the half hour.
fn closed_around(now: &Zoned) -> (u16, u16) {
    let half_hours = u16::try_from(now.hour()).unwrap_or_default() * 2;
    let open = (half_hours + 7) * 30 % DAY_MINUTES;
    (open, (open + 9 * 60) % DAY_MINUTES)
}

#[cfg(test)]
mod tests {
    use super::{Habit, hours};
    use domain::availability::{Schedule, at};
    use jiff::{ToSpan, civil, tz::TimeZone};

    #[test]
    fn closed_now_is_closed_at_every_hour() {
        let zone = TimeZone::fixed(jiff::tz::offset(5));
        let midnight = civil::date(2026, 11, 20).to_zoned(zone.clone()).unwrap();
        for half_hours in 0..48 {
            let now = &midnight + (half_hours * 30).minutes();
            let open = |habit| {
                let schedule = Schedule { hours: hours(habit, &now), paused_until: None, active: true };
                at(&schedule, now.timestamp(), &zone).open
            };
            assert!(!open(Habit::ClosedNow), "{now}");
            assert!(open(Habit::RoundTheClock), "{now}");
        }
    }
}
