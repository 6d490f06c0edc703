//! Where orders are expected in the next half hour against who is free there, for couriers who wait.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use domain::{
    demand::{Cell, Count, WEEKS, WINDOW_MINUTES, expected, suggest},
    geo::Point,
    id::{CityId, CourierId, OrderId, RestaurantId},
    permission::{Action, Owners},
};
use jiff::{SignedDuration, Timestamp};
use store::{args, couriers, orders};

use crate::{
    App,
    context::{Ctx, moment},
    error::Error,
    recent::Recent,
};

/// A cell of the city.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatCell {
    /// Its middle.
    pub centre: Point,
    /// The neighbourhood of most of its kitchens.
    pub locality: Option<String>,
    /// Orders expected in the next half hour.
    pub expected: f64,
    /// Couriers who are free there.
    pub free: usize,
}

/// A place where somebody might better wait.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Where.
    pub cell: HeatCell,
    /// How far from where they are, in metres of the straight line.
    pub distance_m: f64,
}

/// What is expected in a city.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// When this was reckoned.
    pub at: Timestamp,
    /// Until when it looks ahead.
    pub until: Timestamp,
    /// Cells that expect something or in which somebody is free, busiest first.
    pub cells: Vec<HeatCell>,
    /// For a courier who waits: where to go, if it is worth the way. Nothing follows from staying.
    pub suggestion: Option<Suggestion>,
}

/// How long what was reckoned for a city is kept.
pub(crate) const KEPT_FOR: SignedDuration = SignedDuration::from_secs(30);

/// What was reckoned for cities, so that it is not reckoned for every courier who looks.
pub(crate) type Demands = Recent<Reckoned>;

/// Everything that both views need.
pub(crate) struct Reckoned {
    at: Timestamp,
    expected: BTreeMap<Cell, f64>,
    free: Vec<(CourierId, Point)>,
    moves: HashMap<CourierId, Cell>,
    localities: HashMap<Cell, String>,
}

impl App {
    /// What is expected in a city.
    pub async fn city_demand(&self, ctx: &Ctx, city: CityId) -> Result<Demand, Error> {
        ctx.may(Action::DemandRead, &Owners::default(), "city")?;
        self.places().known_city(city)?;
        let reckoned = self.reckoned(ctx, city).await?;
        Ok(demand(&reckoned, None))
    }

    /// What is expected around a courier, with a place where they might better wait while they are free.
    pub async fn courier_demand(&self, ctx: &Ctx, id: CourierId) -> Result<Demand, Error> {
        ctx.may(Action::DemandRead, &Owners::courier(id), "courier")?;
        let row = self.courier_row(id).await?;
        let reckoned = self.reckoned(ctx, row.city_id).await?;
        let at_rest = !row.on_shift || row.break_until.is_some_and(|until| until > ctx.now_us());
        let own = reckoned.moves.get(&id).copied().filter(|_| !at_rest);
        let here = row.lat.zip(row.lng).map(|(lat, lng)| Point { lat, lng });
        Ok(demand(&reckoned, own.zip(here)))
    }

    async fn reckoned(&self, ctx: &Ctx, city: CityId) -> Result<Arc<Reckoned>, Error> {
        self.demands.get(city, ctx.now, || self.reckon(ctx, city)).await
    }

    async fn reckon(&self, ctx: &Ctx, city: CityId) -> Result<Reckoned, Error> {
        let kitchens = self.directory.select(|entry| entry.city_id == city);
        let places: HashMap<RestaurantId, Cell> =
            kitchens.iter().map(|entry| (entry.id, Cell::of(entry.point))).collect();
        let mut names: HashMap<Cell, BTreeMap<&str, usize>> = HashMap::new();
        for entry in &kitchens {
            *names.entry(Cell::of(entry.point)).or_default().entry(entry.locality.as_str()).or_default() += 1;
        }
        let most = |names: BTreeMap<&str, usize>| {
            names.into_iter().max_by_key(|(_, count)| *count).map(|(name, _)| name.to_owned())
        };
        let localities = names.into_iter().filter_map(|(cell, names)| Some((cell, most(names)?))).collect();
        let oldest: Option<(i64,)> = self.db.optional(&orders::FIND_OLDEST_OF_CITY, args![city]).await?;
        let known = oldest.map_or(0, |(at,)| weeks_between(moment(at), ctx.now));
        let mut counts = Vec::new();
        for weeks_ago in 0..=known.min(WEEKS) {
            let (from, to) = window(ctx.now, weeks_ago);
            let rows: Vec<(RestaurantId, i64)> =
                self.db.all(&orders::COUNT_BY_KITCHEN, args![city, first_id(from), first_id(to)]).await?;
            let count = |(kitchen, orders): (RestaurantId, i64)| {
                Some(Count { cell: *places.get(&kitchen)?, weeks_ago, orders })
            };
            counts.extend(rows.into_iter().filter_map(count));
        }
        let (expected, free) = (expected(&counts, known), self.who_waits(ctx, city).await?);
        let moves = suggest(&expected, &free).into_iter().collect();
        Ok(Reckoned { at: ctx.now, expected, free, moves, localities })
    }

    /// Couriers who wait for an order, with where they are.
    async fn who_waits(&self, ctx: &Ctx, city: CityId) -> Result<Vec<(CourierId, Point)>, Error> {
        let free = self.free_couriers(ctx.now, city).await?;
        let place = |row: couriers::CourierRow| Some((row.id, Point { lat: row.lat?, lng: row.lng? }));
        Ok(free.into_iter().filter_map(place).collect())
    }
}

fn demand(reckoned: &Reckoned, own: Option<(Cell, Point)>) -> Demand {
    let mut free: BTreeMap<Cell, usize> = BTreeMap::new();
    for (_, point) in &reckoned.free {
        *free.entry(Cell::of(*point)).or_default() += 1;
    }
    let heat = |cell: Cell| HeatCell {
        centre: cell.centre(),
        locality: reckoned.localities.get(&cell).cloned(),
        expected: (reckoned.expected.get(&cell).copied().unwrap_or_default() * 10.0).round() / 10.0,
        free: free.get(&cell).copied().unwrap_or_default(),
    };
    let named: std::collections::BTreeSet<Cell> = reckoned.expected.keys().chain(free.keys()).copied().collect();
    let mut cells: Vec<HeatCell> =
        named.into_iter().map(heat).filter(|cell| cell.expected > 0.0 || cell.free > 0).collect();
    cells.sort_by(|one, other| other.expected.total_cmp(&one.expected));
    let suggestion =
        own.map(|(cell, here)| Suggestion { cell: heat(cell), distance_m: here.distance_m(cell.centre()).round() });
    Demand { at: reckoned.at, until: reckoned.at + SignedDuration::from_mins(WINDOW_MINUTES), cells, suggestion }
}

/// The last half hour, or the coming one as it was so many weeks ago.
fn window(now: Timestamp, weeks_ago: usize) -> (Timestamp, Timestamp) {
    let half_hour = SignedDuration::from_mins(WINDOW_MINUTES);
    if weeks_ago == 0 {
        // What was placed in this very millisecond counts.
        return (now - half_hour, now + SignedDuration::from_millis(1));
    }
    let then = now - SignedDuration::from_hours(7 * 24 * i64::try_from(weeks_ago).unwrap_or_default());
    (then, then + half_hour)
}

fn weeks_between(from: Timestamp, to: Timestamp) -> usize {
    usize::try_from(to.duration_since(from).as_hours() / (7 * 24)).unwrap_or_default()
}

/// The least id that an order of a moment can have: ids are in the order of time.
pub fn first_id(at: Timestamp) -> OrderId {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or_default();
    OrderId(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid())
}
