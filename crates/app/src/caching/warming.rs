//! Loading answers before anybody asks: when a node starts, every hour from the forecast, or by hand.
//!
//! A job loads a list of keys, a few at a time, and says how far it is. Jobs live in the memory of the node that runs
//! them: what is lost with it is only work that a request would do anyway.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use cache::{Namespace, Warmed};
use domain::permission::{Action, Actor};
use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::{
    App,
    context::{Ctx, moment},
    error::Error,
};

use super::{Forecast, keys::FIGURES, prediction::Prediction, usage::hour};

/// Jobs that are remembered.
const MOST_JOBS: usize = 50;
/// Keys of one job.
const MOST_KEYS: usize = 500;
/// Loads of a job at a time: a warming node must still answer.
const AT_ONCE: usize = 4;
/// Less than one use in four hours is not worth a load.
const LEAST_EXPECTED: f64 = 0.25;
/// Minutes before the hour from which its answers are loaded.
const AHEAD: i8 = 10;
/// How long a node that starts waits for the server to say how answers are loaded.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a job runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The node started.
    Start,
    /// The next hour is about to begin.
    Schedule,
    /// Somebody asked for a namespace.
    Operator,
    /// Somebody asked for what the forecast says.
    Forecast,
}

impl Purpose {
    /// As sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Schedule => "schedule",
            Self::Operator => "operator",
            Self::Forecast => "forecast",
        }
    }
}

/// How a job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobState {
    /// Its id.
    pub id: Uuid,
    /// Why it runs.
    pub purpose: Purpose,
    /// Whose answers.
    pub namespaces: Vec<Namespace>,
    /// Keys to look at.
    pub total: usize,
    /// Keys looked at.
    pub done: usize,
    /// Of these, loaded.
    pub loaded: usize,
    /// Of these, fresh already.
    pub fresh: usize,
    /// Of these, that could not be loaded or name nothing any more.
    pub failed: usize,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// A job.
pub struct Job {
    id: Uuid,
    purpose: Purpose,
    namespaces: Vec<Namespace>,
    total: usize,
    loaded: AtomicUsize,
    fresh: AtomicUsize,
    failed: AtomicUsize,
    started_at: Timestamp,
    ended_us: AtomicI64,
}

impl Job {
    /// How it stands.
    pub fn state(&self) -> JobState {
        let read = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        let (loaded, fresh, failed) = (read(&self.loaded), read(&self.fresh), read(&self.failed));
        let ended = self.ended_us.load(Ordering::Acquire);
        JobState {
            id: self.id,
            purpose: self.purpose,
            namespaces: self.namespaces.clone(),
            total: self.total,
            done: loaded + fresh + failed,
            loaded,
            fresh,
            failed,
            started_at: self.started_at,
            ended_at: (ended != 0).then(|| moment(ended)),
        }
    }
}

/// The newest jobs.
#[derive(Default)]
pub(crate) struct Jobs(Mutex<VecDeque<Arc<Job>>>);

impl Jobs {
    fn add(&self, job: Arc<Job>) {
        let mut jobs = self.jobs();
        if jobs.len() == MOST_JOBS {
            jobs.pop_front();
        }
        jobs.push_back(job);
    }

    fn jobs(&self) -> MutexGuard<'_, VecDeque<Arc<Job>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is loaded: a namespace and a key.
type Wanted = (Namespace, String);

impl App {
    /// Begins to load what is popular in a namespace. `None` where its answers cannot be loaded ahead: they are personal,
    /// or live for seconds.
    pub async fn warm_namespace(self: &Arc<Self>, ctx: &Ctx, namespace: Namespace) -> Result<Option<JobState>, Error> {
        ctx.reach(Action::CacheManage)?;
        let Some(wanted) = self.popular_keys(ctx, namespace).await? else { return Ok(None) };
        Ok(Some(self.begin_warming(ctx, Purpose::Operator, vec![namespace], wanted)?.state()))
    }

    /// Begins to load what the forecast says, and answers the forecast it rests on.
    pub async fn warm_from_forecast(self: &Arc<Self>, ctx: &Ctx, limit: usize) -> Result<(JobState, Forecast), Error> {
        ctx.reach(Action::CacheManage)?;
        let forecast = self.cache_forecast(ctx, limit.min(MOST_KEYS)).await?;
        let wanted = worth_loading(&forecast.predictions);
        let job = self.begin_warming(ctx, Purpose::Forecast, named(&wanted), wanted)?;
        Ok((job.state(), forecast))
    }

    /// The newest jobs of this node, newest first.
    pub fn warming_jobs(&self, ctx: &Ctx) -> Result<Vec<JobState>, Error> {
        ctx.reach(Action::CacheRead)?;
        Ok(self.caching.jobs.jobs().iter().rev().map(|job| job.state()).collect())
    }

    /// One job of this node.
    pub fn warming_job(&self, ctx: &Ctx, id: Uuid) -> Result<JobState, Error> {
        ctx.reach(Action::CacheRead)?;
        let jobs = self.caching.jobs.jobs();
        jobs.iter().find(|job| job.id == id).map(|job| job.state()).ok_or(Error::NotFound("job"))
    }

    /// Warms for ever: what is popular when the node starts, what the forecast says before each hour; of that, when the
    /// hour begins, what would not live until then.
    pub(crate) async fn keep_warm(self: Arc<Self>) -> Result<(), Error> {
        let asked = tokio::time::timeout(PATIENCE, async {
            while self.caching.loader().is_none() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        if asked.await.is_err() {
            // Nobody serves here, as when the simulator drives the use cases.
            std::future::pending::<()>().await;
        }
        self.warm_at_start().await?;
        let mut warmed = None;
        let mut for_the_hour: Option<(i64, Vec<Wanted>)> = None;
        loop {
            tokio::time::sleep(Duration::from_secs(30)).await;
            let ctx = self.ctx(Actor::System);
            if let Some((_, wanted)) = for_the_hour.take_if(|(begins, _)| *begins <= hour(ctx.now)) {
                self.begin_warming(&ctx, Purpose::Schedule, named(&wanted), wanted)?;
            }
            let coming = hour(ctx.now + SignedDuration::from_mins(AHEAD.into()));
            if coming > hour(ctx.now) && warmed != Some(coming) {
                warmed = Some(coming);
                let forecast = self.cache_forecast(&ctx, MOST_KEYS).await?;
                let lives = |namespace| self.answers.policy(namespace).ttl;
                let (ahead, later) = by_life(worth_loading(&forecast.predictions), lives);
                for_the_hour = Some((coming, later)).filter(|(_, later)| !later.is_empty());
                self.begin_warming(&ctx, Purpose::Schedule, named(&ahead), ahead)?;
            }
        }
    }

    async fn warm_at_start(self: &Arc<Self>) -> Result<(), Error> {
        let ctx = self.ctx(Actor::System);
        let mut wanted = Vec::new();
        for namespace in [Namespace::Restaurants, Namespace::MenuItems] {
            wanted.extend(self.popular_keys(&ctx, namespace).await?.unwrap_or_default());
        }
        self.begin_warming(&ctx, Purpose::Start, named(&wanted), wanted).map(drop)
    }

    /// The keys of a namespace that are most asked for: as the forecast says, then by how often restaurants were rated.
    async fn popular_keys(&self, ctx: &Ctx, namespace: Namespace) -> Result<Option<Vec<Wanted>>, Error> {
        let Some(by) = naming(namespace) else { return Ok(None) };
        let system = ctx.acting_as(Actor::System);
        let forecast = self.cache_forecast(&system, MOST_KEYS).await?;
        let of_namespace = forecast.predictions.into_iter().filter(|one| one.namespace == namespace);
        let mut names: Vec<String> = of_namespace.map(|one| one.name).collect();
        if by == Naming::Restaurant {
            let mut all = self.directory.select(|entry| entry.schedule.active);
            all.sort_by_key(|entry| (std::cmp::Reverse(entry.rating_count), entry.id));
            names.extend(all.iter().map(|entry| entry.id.to_string()));
        } else {
            names.extend(self.places().cities.iter().map(|city| format!("city={}", city.slug)));
        }
        if namespace == Namespace::PopularItems {
            // The operations console opens them with their figures.
            names.extend(self.places().cities.iter().map(|city| format!("city={}{FIGURES}", city.slug)));
        }
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names.truncate(MOST_KEYS);
        Ok(Some(names.into_iter().map(|name| (namespace, name)).collect()))
    }

    fn begin_warming(
        self: &Arc<Self>,
        ctx: &Ctx,
        purpose: Purpose,
        namespaces: Vec<Namespace>,
        wanted: Vec<Wanted>,
    ) -> Result<Arc<Job>, Error> {
        if self.caching.loader().is_none() {
            return Err(Error::Unavailable("this node does not serve yet".to_owned()));
        }
        let job = Arc::new(Job {
            id: ctx.id(),
            purpose,
            namespaces,
            total: wanted.len(),
            loaded: AtomicUsize::new(0),
            fresh: AtomicUsize::new(0),
            failed: AtomicUsize::new(0),
            started_at: ctx.now,
            ended_us: AtomicI64::new(0),
        });
        self.caching.jobs.add(Arc::clone(&job));
        tokio::spawn(run(Arc::clone(self), Arc::clone(&job), wanted));
        Ok(job)
    }

    async fn warm_one(self: Arc<Self>, namespace: Namespace, name: String) -> Result<Warmed, Arc<Error>> {
        let app = Arc::clone(&self);
        let asked = name.clone();
        let load = move || async move {
            let Some(loader) = app.caching.loader() else { return Ok(None) };
            loader(Arc::clone(&app), namespace, asked).await.map_err(Arc::new)
        };
        let warmed = self.answers.warm(namespace, &name, load).await?;
        if matches!(warmed, Warmed::Fetched | Warmed::Loaded) {
            let ttl = SignedDuration::try_from(self.answers.policy(namespace).ttl).unwrap_or_default();
            self.caching.usage.note_warmed(namespace, &name, self.now() + ttl);
        }
        Ok(warmed)
    }
}

async fn run(app: Arc<App>, job: Arc<Job>, wanted: Vec<Wanted>) {
    let warm = |(namespace, name): Wanted| {
        let (app, job) = (Arc::clone(&app), Arc::clone(&job));
        async move {
            let counter = match app.warm_one(namespace, name).await {
                Ok(Warmed::Fresh) => &job.fresh,
                Ok(Warmed::Fetched | Warmed::Loaded) => &job.loaded,
                Ok(Warmed::Nothing | Warmed::Covered | Warmed::Off) | Err(_) => &job.failed,
            };
            counter.fetch_add(1, Ordering::Relaxed);
        }
    };
    stream::iter(wanted).for_each_concurrent(AT_ONCE, warm).await;
    job.ended_us.store(app.ctx(Actor::System).now_us(), Ordering::Release);
}

/// What the keys that can be loaded ahead are named by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming {
    Restaurant,
    City,
}

const fn naming(namespace: Namespace) -> Option<Naming> {
    match namespace {
        Namespace::Restaurants | Namespace::MenuItems => Some(Naming::Restaurant),
        Namespace::PopularItems | Namespace::RestaurantAvailability => Some(Naming::City),
        _ => None,
    }
}

/// Whether answers of a namespace can be loaded before they are asked for.
pub const fn warmable(namespace: Namespace) -> bool {
    naming(namespace).is_some()
}

fn worth_loading(predictions: &[Prediction]) -> Vec<Wanted> {
    let worth = predictions.iter().filter(|one| one.expected >= LEAST_EXPECTED);
    worth.map(|one| (one.namespace, one.name.clone())).collect()
}

/// What is loaded ahead of the hour, and what only when it begins, as it would be old by then.
fn by_life(wanted: Vec<Wanted>, lives: impl Fn(Namespace) -> Duration) -> (Vec<Wanted>, Vec<Wanted>) {
    let ahead = Duration::from_mins(AHEAD.unsigned_abs().into());
    wanted.into_iter().partition(|(namespace, _)| lives(*namespace) > ahead)
}

fn named(wanted: &[Wanted]) -> Vec<Namespace> {
    let mut namespaces: Vec<_> = wanted.iter().map(|one| one.0).collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    namespaces
}

#[cfg(test)]
mod tests {
    use super::by_life;
    use cache::{Namespace, Policy};

    #[test]
    fn what_lives_shortly_is_loaded_when_the_hour_begins() {
        let wanted = [Namespace::Restaurants, Namespace::RestaurantAvailability, Namespace::PopularItems];
        let wanted = wanted.map(|namespace| (namespace, "key".to_owned())).to_vec();
        let (ahead, later) = by_life(wanted, |namespace| Policy::default_for(namespace).ttl);
        let of = |wanted: Vec<super::Wanted>| wanted.into_iter().map(|(namespace, _)| namespace).collect::<Vec<_>>();
        assert_eq!(of(ahead), [Namespace::Restaurants, Namespace::PopularItems]);
        assert_eq!(of(later), [Namespace::RestaurantAvailability]);
    }
}
