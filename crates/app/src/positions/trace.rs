//! The way of a courier who has an order in hand: thinned out, kept for some weeks, read by staff and by the courier.

use domain::{
    id::CourierId,
    permission::{Action, Owners},
    rule::Rule,
};
use jiff::{SignedDuration, Timestamp};
use store::{args, positions};

use crate::{
    App,
    context::{Ctx, moment},
    error::Error,
};

use super::Position;

/// A point is kept this long after the last one,
const EVERY: SignedDuration = SignedDuration::from_secs(15);
/// or this far from it, metres.
const APART_M: f64 = 50.0;
/// The longest way that is answered at once.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// Points in one answer: more than a day of them has.
const MOST_POINTS: i64 = 10_000;

/// A point of a way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TracePoint {
    /// Where and when.
    pub position: Position,
    /// Radius within which it is true, metres.
    pub accuracy_m: f64,
}

/// Whether a position adds to what is kept of a way.
pub(super) fn worth_keeping(last: Option<Position>, position: Position) -> bool {
    last.is_none_or(|last| {
        position.at.duration_since(last.at) >= EVERY || last.point.distance_m(position.point) >= APART_M
    })
}

impl App {
    /// The way of a courier from one moment to before another, oldest first.
    pub async fn courier_trace(
        &self,
        ctx: &Ctx,
        id: CourierId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<TracePoint>, Error> {
        ctx.may(Action::CourierRead, &Owners::courier(id), "courier")?;
        self.courier_row(id).await?;
        if to <= from || to.duration_since(from) > LONGEST {
            return Err(Rule::OutOfRange.at("/to").with("max", LONGEST.as_secs()).into());
        }
        let asked = args![id, from.as_microsecond(), to.as_microsecond(), MOST_POINTS];
        let rows: Vec<positions::TraceRow> = self.db.all(&positions::LIST_TRACE, asked).await?;
        let point = |row: positions::TraceRow| TracePoint {
            position: Position { point: domain::geo::Point { lat: row.lat, lng: row.lng }, at: moment(row.at) },
            accuracy_m: row.accuracy_m,
        };
        Ok(rows.into_iter().map(point).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::worth_keeping;
    use crate::positions::Position;
    use domain::geo::Point;
    use jiff::SignedDuration;

    #[test]
    fn a_way_is_kept_every_fifteen_seconds_or_fifty_metres() {
        let point = Point { lat: 12.97, lng: 77.6 };
        let first = Position { point, at: "2026-11-20T06:30:00Z".parse().unwrap() };
        let then = |seconds, metres: f64| Position {
            point: Point { lat: point.lat + metres / 111_195.0, ..point },
            at: first.at + SignedDuration::from_secs(seconds),
        };
        assert!(worth_keeping(None, first));
        assert!(!worth_keeping(Some(first), then(14, 49.0)));
        assert!(worth_keeping(Some(first), then(15, 0.0)));
        assert!(worth_keeping(Some(first), then(5, 51.0)));
    }
}
