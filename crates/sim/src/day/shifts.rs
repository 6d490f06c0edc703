//! When couriers worked on a day: as the log tells it, and where it tells nothing any more, as it was planned and as what
//! they did shows.
//!
//! The platform keeps its log of events for a week, offers for half a year; plans and orders it keeps for ever.

use std::collections::BTreeMap;

use app::moment;
use domain::{event::Event, id::CourierId};
use jiff::Timestamp;
use store::days::WorkRow;

use super::Shift;
use crate::error::Error;

/// How long after the end of a day somebody may still have been at work.
const OVERTIME_US: i64 = 12 * 3_600_000_000;

/// What is known of the work of couriers.
pub(super) struct Evidence {
    /// What the log says: who, the event, when; oldest first.
    pub(super) marks: Vec<(CourierId, String, i64)>,
    /// What was planned.
    pub(super) planned: Vec<WorkRow>,
    /// What they did.
    pub(super) work: Vec<WorkRow>,
}

/// A time at work in epoch microseconds; without an end where nothing tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    from: i64,
    to: Option<i64>,
}

/// Until when what began on a day ending at a moment is looked at; what was closed later was forgotten, not worked on.
pub(super) const fn last_mark(next_midnight_us: i64) -> i64 {
    next_midnight_us + OVERTIME_US
}

/// The shifts of each courier that touch a day.
pub(super) fn shifts(
    evidence: Evidence,
    midnight: Timestamp,
    next_midnight: Timestamp,
) -> Result<BTreeMap<CourierId, Vec<Shift>>, Error> {
    let mut shifts = BTreeMap::new();
    let mut unknown = hulls(&evidence.work);
    for (courier, marks) in by_courier(evidence.marks)? {
        let (told, did) = (between(&marks), unknown.remove(&courier).unwrap_or_default());
        shifts.insert(courier, if told.is_empty() { did } else { told });
    }
    for plan in evidence.planned {
        if !shifts.contains_key(&plan.courier_id) {
            let span = Span { from: plan.starts_at, to: Some(plan.ends_at) };
            unknown.entry(plan.courier_id).or_default().push(span);
        }
    }
    shifts.extend(unknown.into_iter().map(|(courier, spans)| (courier, joined(spans))));
    let day = (midnight.as_microsecond(), next_midnight.as_microsecond());
    let of_day = |spans: Vec<Span>| spans.into_iter().filter_map(|span| clipped(span, day)).collect();
    Ok(shifts.into_iter().map(|(courier, spans)| (courier, of_day(spans))).collect())
}

/// For each courier whether they were at work after each mark.
fn by_courier(marks: Vec<(CourierId, String, i64)>) -> Result<BTreeMap<CourierId, Vec<(i64, bool)>>, Error> {
    let mut by_courier: BTreeMap<CourierId, Vec<(i64, bool)>> = BTreeMap::new();
    for (courier, payload, at) in marks {
        let event = serde_json::from_str(&payload).map_err(|error| Error::Broken(format!("the log: {error}")))?;
        if let Event::CourierChanged { on_shift, .. } = event {
            by_courier.entry(courier).or_default().push((at, on_shift));
        }
    }
    Ok(by_courier)
}

/// The times at work between marks. Breaks and changes of the profile leave marks too, which change nothing.
fn between(marks: &[(i64, bool)]) -> Vec<Span> {
    let (mut spans, mut since) = (Vec::new(), None);
    for (at, on_shift) in marks {
        match (since, on_shift) {
            (None, true) => since = Some(*at),
            (Some(from), false) => {
                spans.push(Span { from, to: Some(*at) });
                since = None;
            }
            _ => {}
        }
    }
    spans.extend(since.map(|from| Span { from, to: None }));
    spans
}

/// For each courier one time from the first to the last that they did.
fn hulls(work: &[WorkRow]) -> BTreeMap<CourierId, Vec<Span>> {
    let mut hulls: BTreeMap<CourierId, (i64, i64)> = BTreeMap::new();
    for WorkRow { courier_id, starts_at, ends_at } in work {
        let (from, to) = hulls.entry(*courier_id).or_insert((*starts_at, *ends_at));
        (*from, *to) = ((*from).min(*starts_at), (*to).max(*ends_at));
    }
    hulls.into_iter().map(|(courier, (from, to))| (courier, vec![Span { from, to: Some(to) }])).collect()
}

/// Times that touch made one.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if last.to.is_none_or(|to| span.from <= to) => {
                last.to = last.to.zip(span.to).map(|(one, other)| one.max(other));
            }
            _ => joined.push(span),
        }
    }
    joined
}

/// The shift of a time that touches a day. It begins with the day at the earliest, and may end after it.
fn clipped(span: Span, (midnight, next_midnight): (i64, i64)) -> Option<Shift> {
    let touches = span.from < next_midnight && span.to.is_none_or(|to| to > midnight);
    let to = span.to.map(|to| moment(to.min(last_mark(next_midnight))));
    touches.then(|| Shift { from: moment(span.from.max(midnight)), to })
}

#[cfg(test)]
mod tests {
    use super::{Evidence, Span, between, clipped, joined, shifts};
    use crate::day::Shift;
    use app::moment;
    use domain::{event::Event, id::CourierId};
    use store::days::WorkRow;
    use uuid::Uuid;

    const fn span(from: i64, to: i64) -> Span {
        Span { from, to: Some(to) }
    }

    #[test]
    fn work_lies_between_coming_and_going_whatever_else_is_told_meanwhile() {
        let marks = [(1, false), (10, true), (20, true), (30, false), (40, false), (50, true)];
        assert_eq!(between(&marks), [span(10, 30), Span { from: 50, to: None }]);
        assert_eq!(between(&[(1, false)]), []);
    }

    #[test]
    fn plans_and_work_tell_only_what_the_log_does_not() {
        let [logged, quiet, gone, unknown] = [1, 2, 3, 4].map(|number| CourierId(Uuid::from_u128(number)));
        let mark = |courier_id, at, on_shift| {
            let event = Event::CourierChanged { courier_id, on_shift, renamed: false };
            (courier_id, serde_json::to_string(&event).unwrap(), at)
        };
        let time = |courier_id, starts_at, ends_at| WorkRow { courier_id, starts_at, ends_at };
        let evidence = Evidence {
            marks: vec![mark(logged, 20, true), mark(quiet, 25, false), mark(gone, 30, false), mark(logged, 40, false)],
            planned: vec![time(logged, 10, 60), time(gone, 10, 60), time(unknown, 10, 30)],
            work: vec![time(logged, 22, 39), time(quiet, 12, 14), time(quiet, 18, 25), time(unknown, 25, 35)],
        };
        let told = shifts(evidence, moment(0), moment(100)).unwrap();
        let one = |from, to| vec![Shift { from: moment(from), to: Some(moment(to)) }];
        assert_eq!(told[&logged], one(20, 40));
        assert_eq!(told[&quiet], one(12, 25), "the log has only the end");
        assert_eq!(told[&gone], [], "planned, and not at work");
        assert_eq!(told[&unknown], one(10, 35));
    }

    #[test]
    fn times_that_touch_are_one() {
        assert_eq!(joined(vec![span(30, 40), span(10, 20), span(20, 25), span(12, 15)]), [span(10, 25), span(30, 40)]);
    }

    #[test]
    fn a_shift_begins_with_the_day_and_ends_when_it_ends() {
        let day = (100, 200);
        let shift = |from, to: Option<i64>| Some(Shift { from: moment(from), to: to.map(moment) });
        assert_eq!(clipped(span(50, 120), day), shift(100, Some(120)));
        assert_eq!(clipped(span(150, 230), day), shift(150, Some(230)));
        assert_eq!(clipped(Span { from: 150, to: None }, day), shift(150, None));
        assert_eq!(clipped(span(50, 100), day), None);
        assert_eq!(clipped(span(200, 300), day), None);
    }
}
