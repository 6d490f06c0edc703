//! A counted kitchen to load from, a clock to move, and a way to Redis that can be cut.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cache::{Cache, Cached, Loaded, ManualClock, Namespace, Policy, RedisSettings, SystemClock};
use tokio::net::TcpListener;

pub(crate) const MENU: Namespace = Namespace::MenuItems;

/// What went wrong in the kitchen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Closed;

/// A loader that counts its runs and answers what it is told to.
#[derive(Clone, Default)]
pub(crate) struct Kitchen {
    runs: Arc<AtomicUsize>,
}

impl Kitchen {
    pub(crate) fn runs(&self) -> usize {
        self.runs.load(Ordering::SeqCst)
    }

    pub(crate) fn run(&self) {
        self.runs.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) async fn cooks(&self, cache: &Cache, key: &str, dish: &'static str) -> Option<Cached> {
        self.answers(cache, key, Ok(Some(Loaded::new(dish)))).await.unwrap()
    }

    pub(crate) async fn answers(
        &self,
        cache: &Cache,
        key: &str,
        answer: Result<Option<Loaded>, Closed>,
    ) -> Result<Option<Cached>, Closed> {
        let kitchen = self.clone();
        let load = || async move {
            kitchen.run();
            answer
        };
        cache.get_or_load(MENU, key, load).await
    }
}

pub(crate) fn body(cached: Option<&Cached>) -> &str {
    cached.map_or("nothing", |cached| std::str::from_utf8(&cached.body).unwrap())
}

/// Ten seconds fresh, two renewed while served, twenty covering for failures; no jitter.
pub(crate) fn plain_policy() -> Policy {
    Policy {
        ttl: Duration::from_secs(10),
        stale_while_revalidate: Duration::from_secs(2),
        stale_if_error: Duration::from_secs(20),
        jitter: 0.0,
        enabled: true,
        negative_ttl: Duration::from_secs(5),
        shadow_share: 0.0,
    }
}

/// A cache in memory alone, on a clock that the test moves.
pub(crate) fn memory_cache() -> (Cache, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new());
    let cache = Cache::builder(clock.clone(), 1).policy(MENU, plain_policy()).build().unwrap();
    (cache, clock)
}

/// The Redis for tests; without one, stories about it are not told.
pub(crate) fn redis_url() -> Option<String> {
    std::env::var("TEST_REDIS_URL").ok().filter(|url| !url.is_empty())
}

/// A node of the installation `name`, which no other test shares.
pub(crate) fn node(url: &str, name: &str, seed: u64) -> Cache {
    let prefix = format!("test-{name}-{}", std::process::id());
    let settings = RedisSettings { prefix, ..RedisSettings::new(url) };
    let builder = Cache::builder(Arc::new(SystemClock::new()), seed);
    builder.policy(MENU, plain_policy()).redis(settings).build().unwrap()
}

/// Like [`node`], once it hears the others.
pub(crate) async fn connected_node(url: &str, name: &str, seed: u64) -> Cache {
    let node = node(url, name, seed);
    eventually("the bus is connected", || node.health().redis.unwrap().bus_connected).await;
    node
}

pub(crate) async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..400 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never happened: {what}");
}

/// A Redis of the test's own, killed at its end.
pub(crate) struct OwnRedis {
    pub(crate) url: String,
    pub(crate) port: u16,
    process: std::process::Child,
}

impl OwnRedis {
    /// `None` where tests have no Redis.
    pub(crate) async fn start() -> Option<Self> {
        redis_url()?;
        let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        Self::on(port).await
    }

    /// `None` where no server is installed.
    pub(crate) async fn on(port: u16) -> Option<Self> {
        Self::with(port, &[]).await
    }

    pub(crate) async fn with(port: u16, settings: &[&str]) -> Option<Self> {
        let port_text = port.to_string();
        let where_to = ["--bind", "127.0.0.1", "--port", &port_text, "--logfile", "/dev/null"];
        let nothing_on_disk = ["--save", "", "--appendonly", "no"];
        let mut command = std::process::Command::new("redis-server");
        let process = command.args(where_to).args(nothing_on_disk).args(settings).spawn().ok()?;
        let server = Self { url: format!("redis://127.0.0.1:{port}"), port, process };
        eventually("the server listens", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()).await;
        Some(server)
    }

    pub(crate) async fn set(&self, setting: &str, value: &str) {
        self.run(&["CONFIG", "SET", setting, value]).await;
    }

    pub(crate) async fn run(&self, words: &[&str]) -> redis::Value {
        let client = redis::Client::open(self.url.as_str()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        redis::cmd(words[0]).arg(&words[1..]).query_async(&mut connection).await.unwrap()
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
