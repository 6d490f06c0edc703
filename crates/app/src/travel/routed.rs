//! Ways from a routing engine, as far as they are at hand; the built-in ones otherwise.
//!
//! Whoever needs ways asks at once and cannot wait. So the engine is asked ahead ([`TravelTimes::prepare`]): before a quote
//! is priced for its one way, before a round of dispatch for a table, before a map is drawn for the line. Its answers are
//! kept for some minutes; a way that is not at hand is the built-in one, and that is counted. The engine's own failures,
//! nonsense included, end in the same place: [`roads`] does not believe what cannot be, and leaves an engine alone that
//! fails again and again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use domain::{courier::Vehicle, geo::Point, id::CityId};
use futures_util::future::{BoxFuture, join_all};
use quick_cache::sync::Cache;
use roads::{BreakerState, Engine, Failure, Route, TABLE_SIDE, Table, Way};

use super::{Leg, RoutingHealth, StraightLine, TravelTimes, Wanted, whole};

/// Ways held in memory.
const WAYS_IN_MEMORY: usize = 50_000;
/// How long an answer is believed: traffic changes.
const BELIEVED: Duration = Duration::from_secs(600);
/// So many ways are asked for one by one, with their lines; more as a table, without.
const ONE_BY_ONE: usize = 2;
/// Tables of one preparation; what does not fit is left to the built-in ways.
const MOST_TABLES: usize = 12;

/// The vehicle and both ends to about ten metres: doors and counters do not move, and couriers stand.
type Key = (Vehicle, [i32; 4]);

#[derive(Clone)]
struct Kept {
    way: Way,
    points: Option<Arc<Vec<Point>>>,
    at: Instant,
}

/// A routing engine with the built-in ways behind it.
pub struct Routed {
    engine: Arc<Engine>,
    known: Arc<Cache<Key, Kept>>,
    patience: Duration,
    answered: AtomicU64,
    fell_back: AtomicU64,
}

impl Routed {
    /// An engine whose answers are waited for as long as `patience`.
    pub fn new(engine: Engine, patience: Duration) -> Self {
        Self {
            engine: Arc::new(engine),
            known: Arc::new(Cache::new(WAYS_IN_MEMORY)),
            patience,
            answered: AtomicU64::new(0),
            fell_back: AtomicU64::new(0),
        }
    }

    fn at_hand(&self, from: Point, to: Point, vehicle: Vehicle) -> Option<Kept> {
        self.known.get(&key(from, to, vehicle)).filter(|kept| kept.at.elapsed() < BELIEVED)
    }

    fn count(&self, by_engine: bool) {
        let source = if by_engine { &self.answered } else { &self.fell_back };
        source.fetch_add(1, Ordering::Relaxed);
        let source = if by_engine { "engine" } else { "built-in" };
        metrics::counter!("dabba_routing_ways_total", "source" => source).increment(1);
    }

    /// Asks in a task of its own: who stops waiting does not end the question, and the answer is there for the next one.
    fn ask_routes(&self, ways: Vec<Wanted>) -> Vec<tokio::task::JoinHandle<()>> {
        let ask = |wanted: Wanted| {
            let (engine, known) = (Arc::clone(&self.engine), Arc::clone(&self.known));
            tokio::spawn(async move {
                let Wanted { from, to, vehicle } = wanted;
                let answer = engine.route(from, to, vehicle).await;
                note(&engine, answer.as_ref().err());
                if let Ok(Route { way, points }) = answer {
                    let kept = Kept { way, points: Some(Arc::new(points)), at: Instant::now() };
                    known.insert(key(from, to, vehicle), kept);
                }
            })
        };
        ways.into_iter().map(ask).collect()
    }

    fn ask_tables(&self, tables: Vec<Table>) -> Vec<tokio::task::JoinHandle<()>> {
        let ask = |table: Table| {
            let (engine, known) = (Arc::clone(&self.engine), Arc::clone(&self.known));
            tokio::spawn(async move {
                let answer = engine.table(&table).await;
                note(&engine, answer.as_ref().err());
                let Ok(matrix) = answer else { return };
                for (from, row) in table.sources.iter().zip(matrix) {
                    for (to, way) in table.targets.iter().zip(row) {
                        let Some(way) = way else { continue };
                        let kept = Kept { way, points: None, at: Instant::now() };
                        known.insert(key(*from, *to, table.vehicle), kept);
                    }
                }
            })
        };
        tables.into_iter().map(ask).collect()
    }
}

impl TravelTimes for Routed {
    fn leg(&self, city: CityId, from: Point, to: Point, vehicle: Vehicle) -> Leg {
        let kept = self.at_hand(from, to, vehicle);
        self.count(kept.is_some());
        let Some(kept) = kept else { return StraightLine.leg(city, from, to, vehicle) };
        Leg {
            points: kept.points.map_or_else(|| vec![from, to], |points| points.to_vec()),
            distance_m: whole(kept.way.distance_m),
            duration_s: whole(kept.way.duration_s),
            engine: self.engine.kind().as_str(),
        }
    }

    fn prepare(&self, _: CityId, mut ways: Vec<Wanted>, lines: bool) -> BoxFuture<'_, ()> {
        ways.retain(|way| {
            let kept = self.at_hand(way.from, way.to, way.vehicle);
            kept.is_none_or(|kept| lines && kept.points.is_none())
        });
        let mut seen = std::collections::HashSet::new();
        ways.retain(|way| seen.insert(key(way.from, way.to, way.vehicle)));
        let asked = match ways.len() {
            0 => Vec::new(),
            1..=ONE_BY_ONE => self.ask_routes(ways),
            _ => self.ask_tables(tables(ways)),
        };
        Box::pin(async move {
            // What comes later than that is there for the next one.
            let _ = tokio::time::timeout(self.patience, join_all(asked)).await;
        })
    }

    fn health(&self) -> Option<RoutingHealth> {
        let breaker = self.engine.breaker();
        let fallen = match breaker {
            BreakerState::Closed => 0.0,
            BreakerState::HalfOpen => 1.0,
            BreakerState::Open => 2.0,
        };
        metrics::gauge!("dabba_routing_breaker").set(fallen);
        Some(RoutingHealth {
            engine: self.engine.kind().as_str(),
            asked: breaker == BreakerState::Closed,
            answered: self.answered.load(Ordering::Relaxed),
            fell_back: self.fell_back.load(Ordering::Relaxed),
        })
    }
}

/// Counts an answer, and says what was wrong with it.
fn note(engine: &Engine, failure: Option<&Failure>) {
    let name = engine.kind().as_str();
    let outcome = failure.map_or("ok", Failure::code);
    metrics::counter!("dabba_routing_requests_total", "engine" => name, "outcome" => outcome).increment(1);
    if let Some(failure) = failure.filter(|failure| !matches!(failure, Failure::Open | Failure::NoWay)) {
        tracing::warn!(engine = name, %failure, "the routing engine was of no use; the built-in ways hold");
    }
}

/// Tables that hold the wanted ways, each of one vehicle and within the size that engines take.
fn tables(mut ways: Vec<Wanted>) -> Vec<Table> {
    ways.sort_by_key(|way| (way.vehicle.as_str(), key(way.to, way.from, way.vehicle).1));
    let mut tables: Vec<Table> = Vec::new();
    for Wanted { from, to, vehicle } in ways {
        let fits = |table: &&mut Table| {
            let room = |points: &[Point], point: Point| points.len() < TABLE_SIDE || points.contains(&point);
            table.vehicle == vehicle && room(&table.sources, from) && room(&table.targets, to)
        };
        if let Some(table) = tables.iter_mut().find(fits) {
            add(&mut table.sources, from);
            add(&mut table.targets, to);
        } else if tables.len() < MOST_TABLES {
            tables.push(Table { sources: vec![from], targets: vec![to], vehicle });
        }
    }
    tables
}

fn add(points: &mut Vec<Point>, point: Point) {
    if !points.contains(&point) {
        points.push(point);
    }
}

fn key(from: Point, to: Point, vehicle: Vehicle) -> Key {
    #[expect(clippy::cast_possible_truncation, reason = "degrees with four decimals")]
    let rounded = |degrees: f64| (degrees * 1e4).round() as i32;
    (vehicle, [from.lat, from.lng, to.lat, to.lng].map(rounded))
}

#[cfg(test)]
mod tests {
    use super::{TABLE_SIDE, Wanted, tables};
    use domain::{courier::Vehicle, geo::Point};

    fn point(number: u32) -> Point {
        Point { lat: 12.9 + f64::from(number) / 1_000.0, lng: 77.6 }
    }

    #[test]
    fn ways_are_packed_into_tables_that_engines_take() {
        let wanted = |(from, to, vehicle)| Wanted { from: point(from), to: point(to), vehicle };
        let scooters = (0..40).flat_map(|from| (100..103).map(move |to| (from, to, Vehicle::Scooter)));
        let all: Vec<Wanted> = scooters.chain([(0, 100, Vehicle::Foot)]).map(wanted).collect();
        let tables = tables(all.clone());
        assert_eq!(tables.len(), 3);
        for table in &tables {
            assert!(table.sources.len() <= TABLE_SIDE && table.targets.len() <= TABLE_SIDE);
        }
        for way in all {
            let holds = tables.iter().any(|table| {
                table.vehicle == way.vehicle && table.sources.contains(&way.from) && table.targets.contains(&way.to)
            });
            assert!(holds, "{way:?}");
        }
    }
}
