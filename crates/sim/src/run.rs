//! A simulated or recorded day as fast as the machine allows: what `dabba simulate` runs.
//!
//! One task, a clock that jumps from event to event, randomness from one seed: the same spec gives the same event log
//! on every machine and on both databases. Reconcilers run on their two-second beat, but only at beats when one of them
//! could have something to do. The run ends when every order has ended, and then the books are checked.

mod report;

use std::{sync::Arc, time::Instant};

use app::{App, Entropy, ManualClock, Settings};
use dispatch::Strategy;
use domain::permission::Actor;
use jiff::{SignedDuration, Timestamp};
use store::{
    DatabaseUrl, Db, Options,
    outbox::{self, Position},
};
use tempfile::TempDir;

use crate::{
    day::{Day, settle},
    error::Error,
    seed::{Cast, CitySpec, seed_city},
    streets::TownStreets,
    world::{Manner, World},
};

pub use report::{Books, PartFit, SimReport, Spread};

/// The beat of the reconcilers.
const BEAT: SignedDuration = SignedDuration::from_secs(2);
/// Every so many beats what was delivered is learned from, and arrivals are looked at, whatever else there is to do.
const BEATS_TO_LEARN: u32 = 15;
/// A run that is not over by then never will be.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 14);

/// A day to be simulated.
#[derive(Clone, Debug)]
pub struct SimSpec {
    /// Everything follows from it.
    pub seed: u64,
    /// How many orders are placed.
    pub orders: u64,
    /// Orders an hour at the busiest time.
    pub orders_per_hour: f64,
    /// How many times faster than in life people act.
    pub speed: f64,
    /// When it begins.
    pub start: Timestamp,
    /// Which policy chooses couriers.
    pub dispatch: Strategy,
    /// The city.
    pub city: CitySpec,
}

impl Default for SimSpec {
    fn default() -> Self {
        Self {
            seed: 7,
            orders: 200,
            orders_per_hour: 150.0,
            speed: 1.0,
            // A Friday, 11:30 in India: the lunch hours are ahead.
            start: Timestamp::constant(1_795_154_400, 0),
            dispatch: Strategy::default(),
            city: CitySpec::default(),
        }
    }
}

/// A recorded day to be lived again.
#[derive(Clone, Debug)]
pub struct ReplaySpec {
    /// What happened.
    pub day: Day,
    /// What is not recorded follows from it.
    pub seed: u64,
    /// Which policy chooses couriers.
    pub dispatch: Strategy,
}

/// Simulates until every order has ended. Without a database a temporary one is made and removed.
pub async fn run(database: Option<&DatabaseUrl>, spec: &SimSpec) -> Result<SimReport, Error> {
    let settings = Settings { dispatch: spec.dispatch, ..Settings::default() };
    let stage = Stage::open(database, settings, spec.start, spec.seed).await?;
    let app = &stage.app;
    let city = seed_city(app, &app.ctx(Actor::System), &spec.city).await?;
    app.set_travel(Arc::new(TownStreets::default().with(city.cast.id, Arc::clone(&city.town), spec.speed)));
    let world = World::new(Arc::clone(app), &city, manner(spec), spec.seed).await?;
    stage.play(&city.cast, world).await
}

/// Lives a recorded day again until every order has ended. Without a database a temporary one is made and removed.
pub async fn replay(database: Option<&DatabaseUrl>, spec: &ReplaySpec) -> Result<SimReport, Error> {
    let (midnight, _) = spec.day.midnights()?;
    let start = spec.day.begins_at().unwrap_or(midnight);
    let within = Settings::default().accept_within.max(spec.day.slowest_answer());
    let settings = Settings { dispatch: spec.dispatch, accept_within: within, ..Settings::default() };
    let stage = Stage::open(database, settings, start, spec.seed).await?;
    let app = &stage.app;
    let (cast, script) = settle(app, &app.ctx(Actor::System), &spec.day).await?;
    let cast = Arc::new(cast);
    let world = World::replaying(Arc::clone(app), Arc::clone(&cast), script, in_life(), spec.seed).await?;
    stage.play(&cast, world).await
}

/// An application with a clock of its own, on which a day is played.
struct Stage {
    app: Arc<App>,
    clock: Arc<ManualClock>,
    start: Timestamp,
    seed: u64,
    /// Where the log stood before.
    begun: Position,
    /// Removed at the end.
    _directory: TempDir,
}

impl Stage {
    async fn open(
        database: Option<&DatabaseUrl>,
        settings: Settings,
        start: Timestamp,
        seed: u64,
    ) -> Result<Self, Error> {
        let directory = temporary_directory()?;
        let temporary = || format!("sqlite:{}", directory.path().join("simulation.db").display()).parse();
        let url = database.map_or_else(temporary, |url| Ok(url.clone()))?;
        let db = Db::open(&url, Options::default()).await?;
        db.migrate().await?;
        let clock = Arc::new(ManualClock::new(start));
        let entropy = Arc::new(Entropy::from_seed(seed));
        let begun = outbox::tail(&db).await?;
        let app = Arc::new(App::open(db, settings, Arc::clone(&clock) as _, entropy).await?);
        Ok(Self { app, clock, start, seed, begun, _directory: directory })
    }

    /// Lets the world live its day, and says what came of it.
    async fn play(self, cast: &Cast, mut world: World) -> Result<SimReport, Error> {
        let wall = Instant::now();
        let ended = drive(&self.app, &self.clock, &mut world, self.start).await?;
        self.app.consume_all().await?;
        let wall_s = wall.elapsed().as_secs_f64();
        let report = report::report(&self, cast, &world, ended, wall_s).await?;
        self.app.close().await;
        Ok(report)
    }
}

/// In memory where the system has a place for that: what is thrown away need not wait for a disk.
fn temporary_directory() -> std::io::Result<TempDir> {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir())
}

fn manner(spec: &SimSpec) -> Manner {
    Manner { haste: spec.speed, orders_per_hour: spec.orders_per_hour, stop_after: Some(spec.orders), ..in_life() }
}

/// People as they are, who do not order by themselves.
fn in_life() -> Manner {
    Manner {
        haste: 1.0,
        orders_per_hour: 0.0,
        by_hour: true,
        most_open: usize::MAX,
        stop_after: None,
        opening_rush: 0,
        riding_report_s: 20,
        standing_report_s: 40,
        patience: None,
    }
}

/// Lets deeds and beats happen in the order of their times; answers when it was over.
async fn drive(app: &App, clock: &ManualClock, world: &mut World, start: Timestamp) -> Result<Timestamp, Error> {
    let mut now = start;
    let mut beat = start + BEAT;
    let mut beats = 0_u32;
    while !world.is_over() {
        if now.duration_since(start) > LONGEST {
            return Err(Error::Broken(format!("{} orders never ended", world.open_orders())));
        }
        let deed = world.next_at().unwrap_or(beat);
        now = deed.min(beat).max(now);
        clock.set(now);
        if beat <= now {
            beat += BEAT;
            beats = beats.wrapping_add(1);
            let learns = beats.is_multiple_of(BEATS_TO_LEARN) && world.open_orders() > 0;
            if learns {
                app.learn().await?;
            }
            if learns || world.needs_reconciling(now) {
                app.reconcile_once(true).await?;
            }
        }
        world.step(now).await?;
    }
    Ok(now)
}
