//! Positions written behind: many couriers in few statements, about once a second.
//!
//! The newest fix wins in the database too, so it does no harm that two nodes heard of the same courier, or that
//! something is written twice. Couriers are written in the order of their ids, as every transaction that touches several
//! of them locks them.

use std::collections::{BTreeMap, HashMap};

use domain::id::{CityId, CourierId};
use jiff::Timestamp;
use store::{Tx, Value, args, couriers, positions};

use crate::{App, error::Error};

use super::trace::TracePoint;

/// Couriers or points in one transaction: it holds the writer for a millisecond.
const IN_ONE: usize = 256;
/// Points of ways that may wait while the database is away: some ten megabytes.
const MOST_TRACES: usize = 100_000;
/// How many of them go at once when there are more, the oldest first.
const DROPPED: usize = 10_000;

/// What is yet to be written.
#[derive(Default)]
pub(super) struct Unwritten {
    pub(super) newest: HashMap<CourierId, (CityId, TracePoint)>,
    traces: Vec<(CourierId, CityId, TracePoint)>,
    doubts: BTreeMap<CourierId, (CityId, Doubts, Timestamp)>,
}

/// What a phone said that cannot be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Doubts {
    implausible: i64,
    mocked: i64,
}

impl Doubts {
    /// Counts what raises doubts about a phone; old and coarse fixes do not.
    pub(super) fn note(&mut self, code: &str) {
        match code {
            "jump" => self.implausible += 1,
            "mocked" => self.mocked += 1,
            _ => {}
        }
    }
}

impl Unwritten {
    pub(super) fn add_doubts(&mut self, id: CourierId, city: CityId, doubts: Doubts, at: Timestamp) {
        if doubts == Doubts::default() {
            return;
        }
        let (_, sum, last) = self.doubts.entry(id).or_insert((city, Doubts::default(), at));
        sum.implausible += doubts.implausible;
        sum.mocked += doubts.mocked;
        *last = at.max(*last);
    }

    /// Keeps a point of a way; of too many that wait the oldest are dropped.
    pub(super) fn add_trace(&mut self, id: CourierId, city: CityId, point: TracePoint) {
        self.traces.push((id, city, point));
        self.drop_oldest();
    }

    fn drop_oldest(&mut self) {
        if self.traces.len() > MOST_TRACES {
            self.traces.sort_unstable_by_key(|(_, _, point)| point.position.at);
            let dropped = self.traces.len() - (MOST_TRACES - DROPPED);
            self.traces.drain(..dropped);
            tracing::warn!(dropped, "points of ways were dropped: too many wait for the database");
        }
    }

    /// Takes back what could not be written; what came meanwhile is newer.
    pub(super) fn give_back(&mut self, older: Self) {
        for (id, unwritten) in older.newest {
            self.newest.entry(id).or_insert(unwritten);
        }
        self.traces.extend(older.traces);
        self.drop_oldest();
        for (id, (city, doubts, at)) in older.doubts {
            self.add_doubts(id, city, doubts, at);
        }
    }

    /// Small transactions that write it all, and whatever each of them writes.
    fn transactions(self) -> Vec<(Tx, Self)> {
        let mut newest: Vec<_> = self.newest.into_iter().collect();
        newest.sort_unstable_by_key(|(id, _)| *id);
        let positions = newest.chunks(IN_ONE).map(|chunk| {
            let part = Self { newest: chunk.iter().copied().collect(), ..Self::default() };
            (put(chunk), part)
        });
        let traces = self.traces.chunks(IN_ONE).map(|chunk| {
            let rows = chunk.iter().map(|(id, city, point)| row_of_trace(*id, *city, point));
            let part = Self { traces: chunk.to_vec(), ..Self::default() };
            (Tx::new("keep traces").run_each(&positions::INSERT_TRACE, rows), part)
        });
        let doubts = (!self.doubts.is_empty()).then(|| {
            let row = |(id, (city, doubts, at)): (&CourierId, &(CityId, Doubts, Timestamp))| {
                args![*id, *city, doubts.implausible, doubts.mocked, at.as_microsecond()]
            };
            let tx = Tx::new("add doubts").run_each(&positions::ADD_DOUBTS, self.doubts.iter().map(row));
            (tx, Self { doubts: self.doubts.clone(), ..Self::default() })
        });
        positions.chain(traces).chain(doubts).collect()
    }
}

impl App {
    /// Reads the newest positions back, when the application starts.
    pub(crate) async fn read_positions(&self) -> Result<(), Error> {
        let mut rows: Vec<couriers::CourierRow> = self.db.all(&couriers::LIST_PLACED, args![]).await?;
        self.positions.freshen(&mut rows);
        self.positions.hear_anew(self.clock.now());
        Ok(())
    }

    /// Ends what runs by itself, writes what is still waiting and closes the store: the last thing that happens to an
    /// application.
    pub async fn close(&self) {
        self.background.end().await;
        if let Err(error) = self.write_positions().await {
            tracing::warn!(%error, "the last positions could not be written");
        }
        self.db.close().await;
    }

    /// Writes what was reported since the last time. What cannot be written now is written the next time.
    pub async fn write_positions(&self) -> Result<(), Error> {
        let mut outcome = Ok(());
        for (tx, part) in self.positions.take_unwritten().transactions() {
            if outcome.is_err() {
                self.positions.give_back(part);
            } else if let Err(error) = self.db.commit(tx).await {
                self.positions.give_back(part);
                outcome = Err(error.into());
            }
        }
        if outcome.is_err() {
            self.positions.hear_anew(self.clock.now());
        }
        outcome
    }
}

fn put(newest: &[(CourierId, (CityId, TracePoint))]) -> Tx {
    let mut tx = Tx::new("put positions");
    let mut whole = newest.chunks_exact(positions::MANY);
    for many in &mut whole {
        let rows = many.iter().flat_map(|(id, (city, point))| row_of_position(*id, *city, point));
        tx = tx.run(&positions::PUT_MANY, rows.collect());
    }
    tx.run_each(&positions::PUT, whole.remainder().iter().map(|(id, (city, point))| row_of_position(*id, *city, point)))
}

fn row_of_position(id: CourierId, city: CityId, point: &TracePoint) -> Vec<Value> {
    let TracePoint { position, accuracy_m } = point;
    args![id, city, position.point.lat, position.point.lng, *accuracy_m, position.at.as_microsecond()]
}

fn row_of_trace(id: CourierId, city: CityId, point: &TracePoint) -> Vec<Value> {
    let TracePoint { position, accuracy_m } = point;
    args![id, position.at.as_microsecond(), city, position.point.lat, position.point.lng, *accuracy_m]
}

#[cfg(test)]
mod tests {
    use super::{DROPPED, MOST_TRACES, Unwritten};
    use crate::positions::{Position, TracePoint};
    use domain::{
        geo::Point,
        id::{CityId, CourierId},
    };
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    #[test]
    fn of_too_many_points_that_wait_the_oldest_go() {
        let mut unwritten = Unwritten::default();
        let (courier, city) = (CourierId(Uuid::nil()), CityId(Uuid::nil()));
        let begun: Timestamp = "2026-11-20T06:30:00Z".parse().unwrap();
        let point = |seconds: usize| {
            let at = begun + SignedDuration::from_secs(i64::try_from(seconds).unwrap());
            TracePoint { position: Position { point: Point { lat: 12.97, lng: 77.6 }, at }, accuracy_m: 8.0 }
        };
        for seconds in 0..MOST_TRACES {
            unwritten.add_trace(courier, city, point(seconds));
        }
        assert_eq!(unwritten.traces.len(), MOST_TRACES);
        let mut older = Unwritten::default();
        older.add_trace(courier, city, point(0));
        unwritten.give_back(older);
        assert_eq!(unwritten.traces.len(), MOST_TRACES - DROPPED);
        let oldest = unwritten.traces.iter().map(|(_, _, point)| point.position.at).min();
        assert_eq!(oldest, Some(point(DROPPED).position.at));
        unwritten.add_trace(courier, city, point(MOST_TRACES));
        assert_eq!(unwritten.traces.len(), MOST_TRACES - DROPPED + 1, "the newest are taken");
    }
}
