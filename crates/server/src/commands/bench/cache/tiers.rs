//! How long an answer takes from each tier, without HTTP around it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use cache::{Cache, Cached, Loaded, Namespace, RedisSettings, SystemClock, Tier};

use super::{catalogue::Page, replay::Readers};

/// Nodes that find everything in Redis, one after the other.
const NODES: u64 = 5;
/// How long a node may take to connect, and Redis to take over what was loaded.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(10);

/// Durations, each as it was.
#[derive(Debug, Default)]
pub(super) struct Durations(Vec<Duration>);

impl Durations {
    /// The one in microseconds that a share of all does not exceed; `None` without any.
    pub(super) fn quantile_us(&mut self, share: f64) -> Option<f64> {
        self.0.sort_unstable();
        let last = self.0.len().checked_sub(1)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "a rank"
        )]
        let rank = (last as f64 * share).ceil() as usize;
        self.0.get(rank).map(|duration| duration.as_secs_f64() * 1e6)
    }

    pub(super) fn add(&mut self, duration: Duration) {
        self.0.push(duration);
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }
}

/// Times answers from memory, in the order in which `requests` ask for them.
pub(super) async fn from_memory(readers: &Readers, requests: &[usize]) -> Result<Durations, String> {
    for page in 0..readers.catalogue.pages.len() {
        readers.read(page).await?;
    }
    let mut hits = Durations::default();
    for page in requests {
        let page = &readers.catalogue.pages[*page];
        let began = Instant::now();
        let found = look(readers.answers(), page).await;
        let took = began.elapsed();
        if found.is_some_and(|answer| answer.tier == Tier::Memory) {
            hits.add(took);
        }
    }
    Ok(hits)
}

/// Times answers from Redis: one node loads the pages, others that begin empty ask for them.
pub(super) async fn from_redis(readers: &Readers, address: &str, seed: u64) -> Result<Durations, String> {
    let writer = node(address, seed).await?;
    for page in &readers.catalogue.pages {
        let Some(answer) = look(readers.answers(), page).await else { continue };
        let body = answer.body;
        let load = || async move { Ok::<_, Arc<str>>(Some(Loaded::new(body))) };
        writer.get_or_load(page.namespace, &page.key, load).await.map_err(|error| error.to_string())?;
    }
    // The last one is written by then, or is not counted.
    tokio::time::sleep(10 * LOOK).await;
    let mut hits = Durations::default();
    for number in 1..=NODES {
        let reader = node(address, seed.wrapping_add(number)).await?;
        for page in &readers.catalogue.pages {
            let began = Instant::now();
            let found = look(&reader, page).await;
            let took = began.elapsed();
            if found.is_some_and(|answer| answer.tier == Tier::Redis) {
                hits.add(took);
            }
        }
    }
    clear(&writer).await;
    Ok(hits)
}

/// Removes what the measurement left in Redis.
pub(super) async fn clear(node: &Cache) {
    for namespace in Namespace::ALL {
        node.clear_namespace(namespace).await;
    }
}

/// A node of the measurement's own installation, once it hears the others.
pub(super) async fn node(address: &str, seed: u64) -> Result<Cache, String> {
    let prefix = format!("dabba-bench-{}", std::process::id());
    let settings = RedisSettings { prefix, ..RedisSettings::new(address) };
    let builder = Cache::builder(Arc::new(SystemClock::new()), seed).redis(settings);
    let node = builder.build().map_err(|error| error.to_string())?;
    let began = Instant::now();
    while !node.health().redis.is_some_and(|redis| redis.bus_connected) {
        if began.elapsed() > PATIENCE {
            return Err("redis does not answer".to_owned());
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(node)
}

/// What the cache has, without loading.
async fn look(cache: &Cache, page: &Page) -> Option<Cached> {
    let nothing = || async { Err::<Option<Loaded>, _>(()) };
    cache.get_or_load(page.namespace, &page.key, nothing).await.ok().flatten()
}
