//! How what was said of one order compares with what came.

use domain::arrival::{Forecast, Span};
use store::{arrivals::LessonRow, orders::OrderRow};

use crate::context::moment;

use super::calibration::Fit;

/// What an order took, part by part, in seconds; `None` where a step is missing, or tells nothing: orders that were taken
/// together were taken and fetched once, for what joined them nobody was looked for or set off, and a door that was reached
/// over others, or on a trip with others, says nothing of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Took {
    /// Until a courier took it, from when one was wanted.
    pub(super) assignment_s: Option<i64>,
    /// From there to the counter.
    pub(super) first_mile_s: Option<i64>,
    /// From placing until the food was ready.
    pub(super) preparation_s: Option<i64>,
    /// From accepting until then.
    pub(super) promise_s: Option<i64>,
    /// From when the bag could leave to the door.
    pub(super) last_mile_s: Option<i64>,
    /// That it bound its courier: orders that were taken together share the time until each door.
    pub(super) bound_s: Option<i64>,
    /// When it was at the door, in epoch microseconds.
    pub(super) delivered_at: i64,
}

impl Took {
    /// The times of a delivered order, of which these tell nothing of others.
    pub(super) fn of(row: &OrderRow, lesson: &LessonRow) -> Option<Self> {
        let delivered_at = row.delivered_at?;
        let seconds = |from: Option<i64>, to: Option<i64>| Some((to? - from?).max(0) / 1_000_000);
        let at_counter = row.arrived_at.or(row.courier_at);
        let could_leave = row.ready_at.map(|ready| ready.max(at_counter.unwrap_or(ready)));
        let was_looked_for = !lesson.came_along;
        let straight = row.stop.is_none() && !lesson.rode_around;
        Some(Self {
            assignment_s: seconds(super::estimate::wanted_at(row), row.courier_at).filter(|_| was_looked_for),
            first_mile_s: seconds(row.courier_at, row.arrived_at).filter(|_| was_looked_for),
            preparation_s: seconds(Some(row.placed_at), row.ready_at),
            promise_s: seconds(row.accepted_at, row.ready_at),
            last_mile_s: seconds(could_leave.filter(|at| straight && *at <= delivered_at), Some(delivered_at)),
            bound_s: seconds(row.courier_at, Some(delivered_at)).map(|bound_s| bound_s / row.stop.unwrap_or(1).max(1)),
            delivered_at,
        })
    }
}

/// How a part took, against what was said of it.
fn part(said: Span, took_s: i64) -> Fit {
    let late_s = (took_s - said.p90_s).max(0);
    Fit {
        orders: 1,
        early: 0,
        late: i64::from(late_s > 0),
        under_p50: i64::from(took_s <= said.p50_s),
        under_p90: i64::from(took_s <= said.p90_s),
        error_s: took_s - said.p50_s,
        late_s,
    }
}

/// The same of a whole order, against the range that was promised.
fn total(row: &OrderRow, said: &Forecast, delivered_at: i64) -> Fit {
    let took_s = moment(delivered_at).duration_since(said.made_at).as_secs();
    Fit {
        early: i64::from(delivered_at < row.first_eta_low),
        late: i64::from(delivered_at > row.first_eta_high),
        late_s: ((delivered_at - row.first_eta_high) / 1_000_000).max(0),
        ..part(said.total, took_s)
    }
}

/// The scores of a delivered order by part.
pub(super) fn scores(row: &OrderRow, said: &Forecast, took: &Took) -> Vec<(&'static str, Fit)> {
    let parts = [
        ("assignment", said.assignment, took.assignment_s),
        ("first_mile", said.first_mile, took.first_mile_s),
        ("preparation", said.preparation, took.preparation_s),
        ("last_mile", said.last_mile, took.last_mile_s),
    ];
    let scored = |(name, span, seconds): (&'static str, Span, Option<i64>)| Some((name, part(span, seconds?)));
    parts.into_iter().filter_map(scored).chain([("total", total(row, said, took.delivered_at))]).collect()
}

#[cfg(test)]
mod tests {
    use super::{Fit, part};
    use domain::arrival::Span;

    #[test]
    /// A hundred seconds too soon, a hundred too late, and 350 too late.
    fn a_part_is_scored_against_both_points() {
        let said = Span { p50_s: 300, p90_s: 500 };
        let sum = [200, 400, 650].into_iter().fold(Fit::default(), |mut sum, took| {
            sum.add(part(said, took));
            sum
        });
        let wanted = Fit { orders: 3, early: 0, late: 1, under_p50: 1, under_p90: 2, error_s: 350, late_s: 150 };
        assert_eq!(sum, wanted);
    }
}
