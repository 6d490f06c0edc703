//! What each namespace did, counted where it happens and read as plain numbers.
//!
//! Counters only grow and are independent: a reading taken under load may be a call or two apart
//! between two of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::histogram::Histogram;
use crate::history::{History, Totals};
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
    /// Calls that went past the switched-off cache, and answers that were not to be stored.
    pub bypassed: u64,
    /// Keys loaded before anybody asked.
    pub warmed: u64,
    /// Answers put here by those who changed what they show.
    pub written: u64,
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
    /// Hits that were loaded again and compared with what was sent.
    pub shadow_checks: u64,
    /// Those of them that differed.
    pub shadow_stale: u64,
    /// Median age of what differed, the most by which it can have been out of date.
    pub shadow_stale_age_p50: Option<Duration>,
    /// 99th percentile of the same.
    pub shadow_stale_age_p99: Option<Duration>,
    /// Median load; `None` before the first.
    pub load_p50: Option<Duration>,
    /// 99th percentile of the loads; `None` before the first.
    pub load_p99: Option<Duration>,
    /// Median time to find an answer in this process; `None` before the first.
    pub hit_p50: Option<Duration>,
    /// 99th percentile of the same; `None` before the first.
    pub hit_p99: Option<Duration>,
}

impl NamespaceStats {
    /// Share of calls answered without waiting for a loader, 0 to 1; `None` before the first.
    pub fn hit_ratio(&self) -> Option<f64> {
        let hits = self.hits();
        ratio(hits, hits + self.misses)
    }

    /// Share of the compared hits that were out of date, 0 to 1; `None` before the first.
    pub fn measured_staleness(&self) -> Option<f64> {
        ratio(self.shadow_stale, self.shadow_checks)
    }

    /// Calls answered without waiting for a loader.
    pub fn hits(&self) -> u64 {
        self.memory_hits + self.redis_hits + self.stale_served
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

impl Stats {
    /// Share of all calls answered without waiting for a loader, 0 to 1; `None` before the first.
    pub fn hit_ratio(&self) -> Option<f64> {
        let hits: u64 = self.namespaces.iter().map(NamespaceStats::hits).sum();
        let misses: u64 = self.namespaces.iter().map(|stats| stats.misses).sum();
        ratio(hits, hits + misses)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a ratio of counts below 2^52 loses nothing that is shown")]
pub(crate) fn ratio(part: u64, whole: u64) -> Option<f64> {
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
    pub(crate) warmed: Counter,
    pub(crate) written: Counter,
    pub(crate) loads: Counter,
    pub(crate) load_failures: Counter,
    pub(crate) late_loads: Counter,
    pub(crate) evictions: Counter,
    pub(crate) invalidations: Counter,
    pub(crate) shadow_checks: Counter,
    pub(crate) shadow_stale: Counter,
    pub(crate) shadow_ages: Histogram,
    pub(crate) load_times: Histogram,
    pub(crate) hit_times: Histogram,
    pub(crate) history: History,
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
            warmed: Counter::default(),
            written: Counter::default(),
            loads: Counter::default(),
            load_failures: Counter::default(),
            late_loads: Counter::default(),
            evictions: Counter::default(),
            invalidations: Counter::default(),
            shadow_checks: Counter::default(),
            shadow_stale: Counter::default(),
            shadow_ages: Histogram::new(),
            load_times: Histogram::new(),
            hit_times: Histogram::new(),
            history: History::new(),
        }
    }

    pub(crate) fn totals(&self) -> Totals {
        Totals {
            hits: self.memory_hits.get() + self.redis_hits.get() + self.stale_served.get(),
            misses: self.misses.get(),
            evictions: self.evictions.get(),
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
            warmed: self.warmed.get(),
            written: self.written.get(),
            loads: self.loads.get(),
            load_failures: self.load_failures.get(),
            late_loads: self.late_loads.get(),
            evictions: self.evictions.get(),
            invalidations: self.invalidations.get(),
            shadow_checks: self.shadow_checks.get(),
            shadow_stale: self.shadow_stale.get(),
            shadow_stale_age_p50: self.shadow_ages.quantile(500),
            shadow_stale_age_p99: self.shadow_ages.quantile(990),
            load_p50: self.load_times.quantile(500),
            load_p99: self.load_times.quantile(990),
            hit_p50: self.hit_times.quantile(500),
            hit_p99: self.hit_times.quantile(990),
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
