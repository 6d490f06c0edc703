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

impl Health {
    /// What is wrong, in words; `None` while both tiers do what they are configured for.
    pub fn warning(&self) -> Option<String> {
        let redis = self.redis.as_ref()?;
        if self.mode == Mode::MemoryOnly {
            let said = redis.last_error.as_deref().unwrap_or("it was not reached yet");
            return Some(format!("Redis does not answer: {said}"));
        }
        redis.writes_refused.as_ref().map(|said| format!("Redis is full and stores nothing: {said}"))
    }
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
    /// What Redis says while it has no memory for more, without secrets: it is read, and nothing is stored. `None` while it
    /// takes writes.
    pub writes_refused: Option<String>,
    /// Invalidations that Redis has not confirmed yet.
    pub pending_invalidations: usize,
}
