//! The cache's figures as metrics, with labels from closed lists only.
//!
//! A hit must stay cheap, so calls only count; [`Cache::record_metrics`] hands the counts to the
//! metrics recorder and is called before each scrape. Load times are recorded as they happen.

use std::time::Duration;

use metrics::{counter, gauge, histogram};

use crate::{BreakerState, Cache, Mode, Namespace, NamespaceStats};

/// Every metric of this crate with its meaning.
pub const METRICS: [(&str, &str); 14] = [
    ("dabba_cache_requests_total", "Answers by namespace and result"),
    ("dabba_cache_loads_total", "Loader runs by namespace"),
    ("dabba_cache_load_failures_total", "Failed loader runs by namespace"),
    ("dabba_cache_late_loads_total", "Loads overtaken by an invalidation, by namespace"),
    ("dabba_cache_load_seconds", "Duration of loads by namespace"),
    ("dabba_cache_evictions_total", "Entries removed for want of room, by namespace"),
    ("dabba_cache_invalidations_total", "Invalidations by namespace"),
    ("dabba_cache_entries", "Entries in memory by namespace"),
    ("dabba_cache_bytes", "Bytes in memory by namespace"),
    ("dabba_cache_two_tier", "1 while memory and Redis answer, 0 with memory alone"),
    ("dabba_cache_redis_errors_total", "Failed conversations with Redis"),
    ("dabba_cache_redis_breaker", "0 closed, 1 half-open, 2 open"),
    ("dabba_cache_bus_connected", "1 while invalidations of other nodes are heard"),
    ("dabba_cache_pending_invalidations", "Invalidations that Redis has not confirmed"),
];

pub(crate) fn record_load(namespace: Namespace, took: Duration) {
    histogram!("dabba_cache_load_seconds", "namespace" => namespace.name()).record(took.as_secs_f64());
}

impl Cache {
    /// Hands the figures to the metrics recorder. Namespaces that were never used stay away.
    pub fn record_metrics(&self) {
        for stats in self.stats().namespaces {
            if stats.loads + stats.bypassed + stats.redis_hits + stats.invalidations > 0 {
                record_namespace(&stats);
            }
        }
        let health = self.health();
        gauge!("dabba_cache_two_tier").set(flag(health.mode == Mode::TwoTier));
        let Some(redis) = health.redis else { return };
        counter!("dabba_cache_redis_errors_total").absolute(redis.errors);
        gauge!("dabba_cache_redis_breaker").set(match redis.breaker {
            BreakerState::Closed => 0.0,
            BreakerState::HalfOpen => 1.0,
            BreakerState::Open => 2.0,
        });
        gauge!("dabba_cache_bus_connected").set(flag(redis.bus_connected));
        let pending = u32::try_from(redis.pending_invalidations).unwrap_or(u32::MAX);
        gauge!("dabba_cache_pending_invalidations").set(pending);
    }
}

fn record_namespace(stats: &NamespaceStats) {
    let name = stats.namespace.name();
    let results = [
        ("memory_hit", stats.memory_hits),
        ("redis_hit", stats.redis_hits),
        ("miss", stats.misses),
        ("stale", stats.stale_served),
        ("bypass", stats.bypassed),
    ];
    for (result, count) in results {
        counter!("dabba_cache_requests_total", "namespace" => name, "result" => result).absolute(count);
    }
    counter!("dabba_cache_loads_total", "namespace" => name).absolute(stats.loads);
    counter!("dabba_cache_load_failures_total", "namespace" => name).absolute(stats.load_failures);
    counter!("dabba_cache_late_loads_total", "namespace" => name).absolute(stats.late_loads);
    counter!("dabba_cache_evictions_total", "namespace" => name).absolute(stats.evictions);
    counter!("dabba_cache_invalidations_total", "namespace" => name).absolute(stats.invalidations);
    gauge!("dabba_cache_entries", "namespace" => name).set(approximate(stats.entries));
    gauge!("dabba_cache_bytes", "namespace" => name).set(approximate(stats.bytes));
}

fn flag(set: bool) -> f64 {
    f64::from(u8::from(set))
}

#[expect(clippy::cast_precision_loss, reason = "a gauge needs no more than 52 bits")]
fn approximate(count: u64) -> f64 {
    count as f64
}
