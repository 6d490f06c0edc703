//! When orders arrive: said in four parts, learned from what was delivered, compared with what came of it.
//!
//! What was learned stands in the database and is read by every node: a city's part within a minute, a kitchen's when
//! somebody asks for it, each kept for a minute. How busy a city is, is kept for ten seconds. So an estimate is arithmetic
//! on what is in memory; it never waits for more than one small read.

pub mod calibration;
mod doors;
mod estimate;
mod learned;
mod learning;
mod queue;
mod rough;
mod scores;
mod watch;
mod ways;
pub mod weather;

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use domain::{
    arrival::WANTED_BEFORE_S,
    id::{CityId, RestaurantId},
};
use jiff::{SignedDuration, Timestamp};
use quick_cache::sync::Cache;
use store::{args, arrivals, orders::OrderRow};
use uuid::Uuid;

use crate::{App, context::Ctx, error::Error, recent::Recent};

pub(crate) use doors::Before;
pub(crate) use estimate::range;
use learned::KitchenBook;
pub(crate) use learned::{Known, Learned, Pulse, book};
pub(crate) use learning::Arrivals as ArrivalsConsumer;
use rough::Rough;
pub(crate) use watch::reason;
pub(crate) use ways::Ways;

/// How long what was learned is kept in memory.
const LEARNED_FOR: SignedDuration = SignedDuration::from_secs(60);
/// How long the business of a city is believed.
const PULSE_FOR: SignedDuration = SignedDuration::from_secs(10);
/// Kitchens whose tallies are held in memory.
const KITCHENS_IN_MEMORY: usize = 20_000;
/// The restaurant under which a city's own tallies stand.
pub(crate) const WHOLE_CITY: RestaurantId = RestaurantId(Uuid::nil());

/// What is held in memory.
pub(crate) struct Arrivals {
    learned: Recent<Learned>,
    pulses: Recent<Pulse>,
    roughs: Recent<Rough>,
    kitchens: Cache<RestaurantId, (Timestamp, Arc<KitchenBook>)>,
    watched: RwLock<HashMap<CityId, i64>>,
}

impl Default for Arrivals {
    fn default() -> Self {
        Self {
            learned: Recent::new(LEARNED_FOR),
            pulses: Recent::new(PULSE_FOR),
            roughs: Recent::new(PULSE_FOR),
            kitchens: Cache::new(KITCHENS_IN_MEMORY),
            watched: RwLock::default(),
        }
    }
}

impl App {
    /// What is known for an estimate of an order of this kitchen.
    pub(crate) async fn known(&self, ctx: &Ctx, city: CityId, kitchen: RestaurantId) -> Result<Known, Error> {
        Ok(Known {
            learned: self.learned(ctx.now, city).await?,
            kitchen: self.learned_of_kitchen(ctx.now, city, kitchen).await?,
            pulse: self.pulse(ctx.now, city).await?,
            together: Vec::new(),
            before: Before::default(),
        })
    }

    /// The same for an order, with those whose food its courier waits for as well.
    pub(crate) async fn known_of(&self, ctx: &Ctx, row: &OrderRow) -> Result<Known, Error> {
        let known = self.known(ctx, row.city_id, row.restaurant_id).await?;
        if row.picked_up_at.is_some() {
            return Ok(known);
        }
        let waited_for = |other: &OrderRow| other.id != row.id && other.picked_up_at.or(other.ended_at).is_none();
        let together = self.trip_of(row).await?.into_iter().filter(waited_for).collect();
        Ok(Known { together, ..known })
    }

    /// What was learned of a city.
    pub(crate) async fn learned(&self, now: Timestamp, city: CityId) -> Result<Arc<Learned>, Error> {
        self.arrivals.learned.get(city, now, || self.load_learned(city)).await
    }

    /// What was last read of a city, without waiting; what is assumed of every city where nothing was read yet.
    pub(crate) fn learned_now(&self, city: CityId) -> Arc<Learned> {
        self.arrivals.learned.last(city).unwrap_or_default()
    }

    async fn load_learned(&self, city: CityId) -> Result<Learned, Error> {
        let tallies: Vec<arrivals::TallyRow> = self.db.all(&arrivals::LIST_TALLIES, args![city, WHOLE_CITY]).await?;
        let paces: Vec<arrivals::PaceRow> = self.db.all(&arrivals::LIST_PACES, args![city]).await?;
        let weather: Option<arrivals::WeatherRow> = self.db.optional(&arrivals::FIND_WEATHER, args![city]).await?;
        Learned::of(book(tallies)?, paces, weather.as_ref())
    }

    async fn learned_of_kitchen(
        &self,
        now: Timestamp,
        city: CityId,
        kitchen: RestaurantId,
    ) -> Result<Arc<KitchenBook>, Error> {
        if let Some((at, kept)) = self.arrivals.kitchens.get(&kitchen)
            && now.duration_since(at) < LEARNED_FOR
        {
            return Ok(kept);
        }
        let rows: Vec<arrivals::TallyRow> = self.db.all(&arrivals::LIST_TALLIES, args![city, kitchen]).await?;
        let book = Arc::new(KitchenBook::from(book(rows)?));
        self.arrivals.kitchens.insert(kitchen, (now, Arc::clone(&book)));
        Ok(book)
    }

    /// How busy a city is.
    pub(crate) async fn pulse(&self, now: Timestamp, city: CityId) -> Result<Arc<Pulse>, Error> {
        self.arrivals.pulses.get(city, now, || self.count_pulse(now, city)).await
    }

    async fn count_pulse(&self, now: Timestamp, city: CityId) -> Result<Pulse, Error> {
        let soon = now.as_microsecond() + WANTED_BEFORE_S * 1_000_000;
        let cooking: Vec<arrivals::CookingRow> = self.db.all(&arrivals::COUNT_COOKING, args![city]).await?;
        let unassigned: Vec<arrivals::UnassignedRow> = self.db.all(&arrivals::LIST_UNASSIGNED, args![city]).await?;
        let crew = self.crew(now, city).await?;
        let waits =
            |row: &&arrivals::UnassignedRow| row.accepted_at.is_some() && row.due_at.is_some_and(|at| at <= soon);
        Ok(Pulse {
            cooking: cooking.into_iter().map(|row| (row.restaurant_id, row.orders)).collect(),
            waiting: count(unassigned.iter().filter(waits).count()),
            unassigned: unassigned.into_iter().map(|row| row.placed_at).collect(),
            free: count(crew.free.len()),
            couriers: count(crew.at_work),
        })
    }
}

fn count(many: usize) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}
