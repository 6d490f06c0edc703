//! What each namespace did, counted where it happens and read as plain numbers.
//!
//! Counters only grow and are independent: a reading taken under load may be a call or two apart
//! between two of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::histogram::Histogram;
use crate::{Namespace, Policy};

/// The figures of one namespace since the cache was built, and what it holds now.
#[derive(Clone, Debug, PartialEq)]
pub struct NamespaceStats {
    /// Whose figures these are.
    pub namespace: Namespace,
    /// The policy in force.
    pub policy: Policy,
    /// Entries in this process.
    pub entries: u64,
    /// Their bytes: bodies, tags and keys.
    pub bytes: u64,
    /// Fresh answers from this process, negative ones included.
    pub memory_hits: u64,
    /// Fresh answers from Redis.
    pub redis_hits: u64,
    /// Answers that had to be loaded, shared loads included.
    pub misses: u64,
    /// Stale answers, sent during renewal or because the loader failed.
    pub stale_served: u64,
    /// Calls that went past the switched-off cache.
    pub bypassed: u64,
    /// Loader runs.
    pub loads: u64,
    /// Loader runs that failed or panicked.
    pub load_failures: u64,
    /// Loads overtaken by an invalidation, whose answer was not stored.
    pub late_loads: u64,
    /// Entries removed for want of room.
    pub evictions: u64,
    /// Invalidations asked for here or heard from other nodes.
    pub invalidations: u64,
    /// Median load; `None` before the first.
    pub load_p50: Option<Duration>,
    /// 99th percentile of the loads; `None` before the first.
    pub load_p99: Option<Duration>,
}

impl NamespaceStats {
    /// Share of calls answered without waiting for a loader, 0 to 1; `None` before the first.
    pub fn hit_ratio(&self) -> Option<f64> {
        let hits = self.memory_hits + self.redis_hits + self.stale_served;
        ratio(hits, hits + self.misses)
    }
}

/// The figures of every namespace.
#[derive(Clone, Debug, PartialEq)]
pub struct Stats {
    /// In the order of [`Namespace::ALL`].
    pub namespaces: Vec<NamespaceStats>,
    /// Bytes held in this process, overhead included.
    pub memory_bytes: u64,
    /// The most it may hold.
    pub memory_budget: u64,
}

#[expect(clippy::cast_precision_loss, reason = "a ratio of counts below 2^52 loses nothing that is shown")]
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, amount: u64) {
        self.0.fetch_add(amount, Ordering::Relaxed);
    }

    pub(crate) fn subtract(&self, amount: u64) {
        self.0.fetch_sub(amount, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

pub(crate) struct Counters {
    pub(crate) entries: Counter,
    pub(crate) bytes: Counter,
    pub(crate) memory_hits: Counter,
    pub(crate) redis_hits: Counter,
    pub(crate) misses: Counter,
    pub(crate) stale_served: Counter,
    pub(crate) bypassed: Counter,
    pub(crate) loads: Counter,
    pub(crate) load_failures: Counter,
    pub(crate) late_loads: Counter,
    pub(crate) evictions: Counter,
    pub(crate) invalidations: Counter,
    pub(crate) load_times: Histogram,
}

impl Counters {
    fn new() -> Self {
        Self {
            entries: Counter::default(),
            bytes: Counter::default(),
            memory_hits: Counter::default(),
            redis_hits: Counter::default(),
            misses: Counter::default(),
            stale_served: Counter::default(),
            bypassed: Counter::default(),
            loads: Counter::default(),
            load_failures: Counter::default(),
            late_loads: Counter::default(),
            evictions: Counter::default(),
            invalidations: Counter::default(),
            load_times: Histogram::new(),
        }
    }

    pub(crate) fn read(&self, namespace: Namespace, policy: Policy) -> NamespaceStats {
        NamespaceStats {
            namespace,
            policy,
            entries: self.entries.get(),
            bytes: self.bytes.get(),
            memory_hits: self.memory_hits.get(),
            redis_hits: self.redis_hits.get(),
            misses: self.misses.get(),
            stale_served: self.stale_served.get(),
            bypassed: self.bypassed.get(),
            loads: self.loads.get(),
            load_failures: self.load_failures.get(),
            late_loads: self.late_loads.get(),
            evictions: self.evictions.get(),
            invalidations: self.invalidations.get(),
            load_p50: self.load_times.quantile(500),
            load_p99: self.load_times.quantile(990),
        }
    }
}

/// One set of counters per namespace, shared by everything that counts.
#[derive(Clone)]
pub(crate) struct AllCounters(Arc<[Counters]>);

impl AllCounters {
    pub(crate) fn new() -> Self {
        Self(Namespace::ALL.into_iter().map(|_| Counters::new()).collect())
    }

    pub(crate) fn of(&self, namespace: Namespace) -> &Counters {
        &self.0[namespace.index()]
    }
}
