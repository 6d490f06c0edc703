//! What the cache says about its own condition. It is never "failed": without Redis it is smaller.

use std::time::Duration;

use crate::BreakerState;

/// How many tiers answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Memory and Redis.
    TwoTier,
    /// Memory alone, by configuration or because Redis fails.
    MemoryOnly,
}

/// The condition of the cache on this node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// How many tiers answer now.
    pub mode: Mode,
    /// The shared tier; `None` if none is configured.
    pub redis: Option<RedisHealth>,
}

/// The condition of the shared tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisHealth {
    /// Host and port, of a cluster those of its entrances; never user or password.
    pub address: String,
    /// Whether it is a cluster.
    pub clustered: bool,
    /// What happens to the next call.
    pub breaker: BreakerState,
    /// Whether invalidations of other nodes are heard. While not, memory is trusted for 5 s.
    pub bus_connected: bool,
    /// How long Redis took for its latest answer; zero before the first.
    pub latency: Duration,
    /// Median of all its answers; `None` before the first.
    pub latency_p50: Option<Duration>,
    /// 99th percentile of the same; `None` before the first.
    pub latency_p99: Option<Duration>,
    /// Failed conversations since the cache was built.
    pub errors: u64,
    /// The latest of them, without secrets.
    pub last_error: Option<String>,
    /// Invalidations that Redis has not confirmed yet.
    pub pending_invalidations: usize,
}
