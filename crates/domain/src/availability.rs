//! When a restaurant takes orders, as one pure function of its hours, its pause and the moment.
//!
//! Hours are weekly spans of local wall-clock time; a span whose close is not after its open runs past midnight. The
//! rules are checked against a brute-force model that asks every minute of a week.

use jiff::{SignedDuration, Span, Timestamp, Zoned, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 1_440;

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// One span of opening on one weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// 1 is Monday, 7 is Sunday (ISO 8601).
    pub day: u8,
    /// Minute of the day at which it opens.
    pub open: u16,
    /// Minute of the day at which it closes; not after `open` means the next day.
    pub close: u16,
}

/// What decides whether orders are taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Weekly hours; none at all means never open.
    pub hours: Vec<Hours>,
    /// Closed by hand until then.
    pub paused_until: Option<Timestamp>,
    /// Taken off the platform altogether.
    pub active: bool,
}

/// The answer for one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Availability {
    /// Orders are taken now.
    pub open: bool,
    /// When it closes, if open.
    pub closes_at: Option<Timestamp>,
    /// When it next opens, if closed; `None` when it never does.
    pub opens_at: Option<Timestamp>,
}

/// Whether orders are taken at `now`, and when that next changes.
pub fn at(schedule: &Schedule, now: Timestamp, zone: &TimeZone) -> Availability {
    const CLOSED: Availability = Availability { open: false, closes_at: None, opens_at: None };
    if !schedule.active {
        return CLOSED;
    }
    let moment = schedule.paused_until.filter(|until| *until > now).unwrap_or(now);
    let spans = spans_around(&schedule.hours, moment, zone);
    let current = spans.iter().find(|span| span.0 <= moment && moment < span.1);
    match current {
        Some(_) if moment > now => Availability { opens_at: Some(moment), ..CLOSED },
        Some(span) => {
            // Who is open for a week on end never closes.
            let closes_at = Some(span.1).filter(|closes| closes.duration_since(now) < WEEK);
            Availability { open: true, closes_at, opens_at: None }
        }
        None => {
            let opens_at = spans.iter().map(|span| span.0).find(|opens| *opens > moment);
            Availability { opens_at, ..CLOSED }
        }
    }
}

/// Whether orders are taken at `now`: what [`at`] says too, without looking for the next change.
pub fn is_open(schedule: &Schedule, now: Timestamp, zone: &TimeZone) -> bool {
    if !schedule.active || schedule.paused_until.is_some_and(|until| until > now) {
        return false;
    }
    let today = now.to_zoned(zone.clone()).date();
    // A span that began yesterday may reach past midnight.
    [Some(today), today.yesterday().ok()].into_iter().flatten().any(|date| {
        let mut spans = schedule.hours.iter().filter_map(|span| on_date(*span, date, zone));
        spans.any(|span| span.0 <= now && now < span.1)
    })
}

/// Spans of the eight days around the moment, in order, with touching ones joined.
fn spans_around(hours: &[Hours], moment: Timestamp, zone: &TimeZone) -> Vec<(Timestamp, Timestamp)> {
    let today = moment.to_zoned(zone.clone()).date();
    let mut spans: Vec<_> = (-1..=8)
        .filter_map(|offset| today.checked_add(Span::new().days(offset)).ok())
        .flat_map(|date| hours.iter().filter_map(move |span| on_date(*span, date, zone)))
        .collect();
    spans.sort_unstable();
    let mut joined: Vec<(Timestamp, Timestamp)> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.0 <= last.1 => last.1 = last.1.max(span.1),
            _ => joined.push(span),
        }
    }
    joined
}

fn on_date(hours: Hours, date: Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
    let weekday = u8::try_from(date.weekday().to_monday_one_offset()).ok()?;
    if weekday != hours.day {
        return None;
    }
    let closes_on = if hours.close <= hours.open { date.tomorrow().ok()? } else { date };
    Some((at_minute(date, hours.open, zone)?, at_minute(closes_on, hours.close, zone)?))
}

fn at_minute(date: Date, minute: u16, zone: &TimeZone) -> Option<Timestamp> {
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
    let zoned: Zoned = date.at(hour, minute, 0, 0).to_zoned(zone.clone()).ok()?;
    Some(zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::{DAY_MINUTES, Hours, Schedule, at, is_open};
    use jiff::{Timestamp, ToSpan, tz::TimeZone};
    use proptest::prelude::*;

    fn kolkata() -> TimeZone {
        TimeZone::fixed(jiff::tz::Offset::from_seconds(19_800).unwrap())
    }

    /// The plain meaning: is this minute covered by a span that began today or yesterday?
    fn model(hours: &[Hours], now: Timestamp) -> bool {
        let local = now.to_zoned(kolkata());
        let minute = u16::try_from(local.hour()).unwrap() * 60 + u16::try_from(local.minute()).unwrap();
        let day = u8::try_from(local.weekday().to_monday_one_offset()).unwrap();
        let yesterday = if day == 1 { 7 } else { day - 1 };
        hours.iter().any(|span| {
            let overnight = span.close <= span.open;
            let today = span.day == day && span.open <= minute && (overnight || minute < span.close);
            today || (span.day == yesterday && overnight && minute < span.close)
        })
    }

    fn any_hours() -> impl Strategy<Value = Vec<Hours>> {
        let span = (1..=7_u8, 0..DAY_MINUTES, 0..DAY_MINUTES).prop_map(|(day, open, close)| Hours { day, open, close });
        proptest::collection::vec(span, 0..6)
    }

    proptest! {
        #[test]
        fn agrees_with_the_minute_by_minute_model(hours in any_hours(), minute in 0..10_080_i64) {
            let monday: Timestamp = "2026-11-15T18:30:00Z".parse().unwrap();
            let now = monday + minute.minutes();
            let schedule = Schedule { hours: hours.clone(), paused_until: None, active: true };
            let answer = at(&schedule, now, &kolkata());
            prop_assert_eq!(answer.open, model(&hours, now));
            prop_assert_eq!(is_open(&schedule, now, &kolkata()), answer.open);
            if let Some(closes) = answer.closes_at {
                prop_assert!(!model(&hours, closes));
            }
            if let Some(opens) = answer.opens_at {
                prop_assert!(model(&hours, opens));
                prop_assert!(!model(&hours, opens - 1.minute()));
            } else {
                prop_assert!(answer.open || hours.is_empty());
            }
        }
    }

    #[test]
    fn a_pause_ends_by_itself() {
        let all_day = (1..=7).map(|day| Hours { day, open: 0, close: 0 }).collect();
        let now: Timestamp = "2026-11-20T07:00:00Z".parse().unwrap();
        let until = now + 30.minutes();
        let mut schedule = Schedule { hours: all_day, paused_until: Some(until), active: true };
        let paused = at(&schedule, now, &kolkata());
        assert!(!paused.open);
        assert_eq!(paused.opens_at, Some(until));
        assert!(at(&schedule, until, &kolkata()).open);
        assert!(is_open(&schedule, until, &kolkata()) && !is_open(&schedule, now, &kolkata()));
        schedule.active = false;
        assert_eq!(at(&schedule, until, &kolkata()).opens_at, None);
        assert!(!is_open(&schedule, until, &kolkata()));
    }
}
