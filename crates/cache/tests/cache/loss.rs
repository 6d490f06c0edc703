//! A writer on one node, a reader on another, and messages that get lost on the way: nothing may stay old.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cache::{Cache, Loaded};
use tokio::time::sleep;

use crate::road::{Proxy, Road};
use crate::support::{Closed, MENU, OwnRedis, body, connected_node, redis_url};

const KEYS: usize = 25;
/// The most by which an answer may be out of date while messages are lost.
const BOUND: Duration = Duration::from_secs(5);

/// The truth: for each key a number that only rises, and when each number became true.
struct Prices {
    began: Instant,
    now: Vec<AtomicUsize>,
    /// Microseconds since the beginning, by key and number.
    since: Vec<Vec<AtomicU64>>,
}

impl Prices {
    fn new(changes: usize) -> Arc<Self> {
        let since = || (0..=changes).map(|_| AtomicU64::new(u64::MAX)).collect();
        Arc::new(Self {
            began: Instant::now(),
            now: (0..KEYS).map(|_| AtomicUsize::new(0)).collect(),
            since: (0..KEYS).map(|_| since()).collect(),
        })
    }

    fn micros(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap()
    }

    fn raise(&self, key: usize) {
        let next = self.now[key].load(Ordering::SeqCst) + 1;
        self.since[key][next].store(self.micros(), Ordering::SeqCst);
        self.now[key].store(next, Ordering::SeqCst);
    }

    /// Reads a price through a node; answers how long it has been out of date.
    async fn read(self: &Arc<Self>, node: &Cache, key: usize) -> Duration {
        let asked = self.micros();
        let truth = Arc::clone(self);
        let load = move || async move {
            Ok::<_, Closed>(Some(Loaded::new(truth.now[key].load(Ordering::SeqCst).to_string())))
        };
        let answer = node.get_or_load(MENU, &key.to_string(), load).await.unwrap();
        let seen: usize = body(answer.as_ref()).parse().unwrap();
        let replaced = self.since[key].get(seen + 1).map_or(u64::MAX, |since| since.load(Ordering::SeqCst));
        Duration::from_micros(asked.saturating_sub(replaced))
    }
}

/// Writes on one node, reads on the other until all is quiet; answers the longest time that a read was out of date.
async fn write_and_read(writer: &Cache, reader: &Cache, changes: usize, pause: Duration) -> Duration {
    let prices = Prices::new(changes / KEYS);
    let (truth, writer) = (Arc::clone(&prices), writer.clone());
    let writing = tokio::spawn(async move {
        for change in 0..changes {
            truth.raise(change % KEYS);
            writer.invalidate(MENU, &(change % KEYS).to_string()).await;
            sleep(pause).await;
        }
    });
    let mut worst = Duration::ZERO;
    let mut quiet_since = None;
    while quiet_since.is_none_or(|since: Instant| since.elapsed() < BOUND + Duration::from_secs(1)) {
        if writing.is_finished() && quiet_since.is_none() {
            quiet_since = Some(Instant::now());
        }
        for key in 0..KEYS {
            worst = worst.max(prices.read(reader, key).await);
        }
        sleep(Duration::from_millis(2)).await;
    }
    writing.await.unwrap();
    worst
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenth_of_the_messages_lost_leaves_nothing_old() {
    let Some(url) = redis_url() else { return };
    let proxy = Proxy::to(&url).await;
    proxy.becomes(Road::Loses(100));
    let writer = connected_node(&url, "lossy", 1).await;
    let reader = connected_node(&proxy.url, "lossy", 2).await;
    let worst = write_and_read(&writer, &reader, 5_000, Duration::from_micros(200)).await;
    assert!(worst <= BOUND, "{worst:?}");
    assert_eq!(reader.namespace_stats(MENU).load_failures, 0);
    let heard = reader.namespace_stats(MENU).invalidations;
    assert!((4_000..4_900).contains(&heard), "a tenth was to be lost, {heard} arrived");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bus_that_hears_nothing_any_more_is_noticed_in_time() {
    let Some(url) = redis_url() else { return };
    let proxy = Proxy::to(&url).await;
    let writer = connected_node(&url, "deaf", 1).await;
    let reader = connected_node(&proxy.url, "deaf", 2).await;
    proxy.becomes(Road::Loses(1_000));
    let worst = write_and_read(&writer, &reader, 500, Duration::from_millis(4)).await;
    assert!(worst <= BOUND, "{worst:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flushing_redis_under_load_loses_no_change() {
    let Some(server) = OwnRedis::start().await else { return };
    let writer = connected_node(&server.url, "flushall", 1).await;
    let reader = connected_node(&server.url, "flushall", 2).await;
    let done = Arc::new(AtomicUsize::new(0));
    let (over, flushed) = (Arc::clone(&done), server);
    let flushing = tokio::spawn(async move {
        while over.load(Ordering::SeqCst) == 0 {
            flushed.run(&["FLUSHALL"]).await;
            sleep(Duration::from_millis(20)).await;
        }
    });
    let worst = write_and_read(&writer, &reader, 1_000, Duration::from_millis(1)).await;
    done.store(1, Ordering::SeqCst);
    flushing.await.unwrap();
    assert!(worst <= Duration::from_secs(1), "{worst:?}");
    assert_eq!(reader.health().redis.unwrap().errors, 0);
}
