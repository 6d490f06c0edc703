//! Putting a cache together.

use std::sync::{Arc, OnceLock};

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::cache::Inner;
use crate::dice::Dice;
use crate::flight::Flights;
use crate::memory::Memory;
use crate::policy::Policies;
use crate::shared::{Shared, listen};
use crate::stats::AllCounters;
use crate::{Cache, Clock, Namespace, Policy, RedisSettings, encoded, shadow::Shadows};

const DEFAULT_MEMORY_BUDGET: u64 = 64 * 1024 * 1024;

/// Why a cache cannot be built. None of these texts contains a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// Loads run as tasks, so there must be a runtime.
    #[error("a cache must be built inside a tokio runtime")]
    NoRuntime,
    /// The address cannot be parsed.
    #[error(
        "the redis address is not of the form redis://[user:password@]host[:port][/database]; \
         a cluster is redis-cluster://[user:password@]host:port,host:port; \
         with TLS they begin with rediss:// and rediss-cluster://"
    )]
    RedisAddress,
    /// The prefix could break key names.
    #[error("the redis prefix must be 1 to 64 letters, digits, '-', '_', '.' or ':'")]
    RedisPrefix,
}

/// Collects what a cache needs; see [`Cache::builder`].
pub struct Builder {
    clock: Arc<dyn Clock>,
    seed: u64,
    memory_budget: u64,
    policies: Vec<(Namespace, Policy)>,
    redis: Option<RedisSettings>,
}

impl Builder {
    pub(crate) fn new(clock: Arc<dyn Clock>, seed: u64) -> Self {
        Self { clock, seed, memory_budget: DEFAULT_MEMORY_BUDGET, policies: Vec::new(), redis: None }
    }

    /// The most bytes to hold in this process, overhead included; 64 MiB unless said.
    #[must_use]
    pub fn memory_budget(mut self, bytes: u64) -> Self {
        self.memory_budget = bytes;
        self
    }

    /// Replaces the default policy of a namespace.
    #[must_use]
    pub fn policy(mut self, namespace: Namespace, policy: Policy) -> Self {
        self.policies.push((namespace, policy));
        self
    }

    /// Adds the tier that nodes share.
    #[must_use]
    pub fn redis(mut self, settings: RedisSettings) -> Self {
        self.redis = Some(settings);
        self
    }

    /// Builds the cache on the current runtime. Redis is contacted in the background: whether it
    /// is there shows in [`Cache::health`], not here.
    pub fn build(self) -> Result<Cache, BuildError> {
        let runtime = Handle::try_current().map_err(|_| BuildError::NoRuntime)?;
        let dice = Dice::new(self.seed);
        let shared = match &self.redis {
            Some(settings) => Some(Arc::new(Shared::new(settings, dice.number(), Arc::clone(&self.clock))?)),
            None => None,
        };
        let policies = Policies::new();
        for (namespace, policy) in self.policies {
            policies.set(namespace, policy);
        }
        let counters = AllCounters::new();
        let inner = Arc::new(Inner {
            clock: self.clock,
            dice,
            policies,
            memory: Memory::new(self.memory_budget, counters.clone()),
            counters,
            flights: Arc::new(Flights::new()),
            encoding: Semaphore::new(encoded::AT_ONCE),
            shadows: Shadows::new(),
            same: OnceLock::new(),
            shared,
            missed: OnceLock::new(),
            runtime,
        });
        if let Some(shared) = &inner.shared {
            // Ends by itself within a second of the cache's own end.
            inner.runtime.spawn(listen(Arc::clone(shared), Arc::downgrade(&inner)));
        }
        Ok(Cache { inner })
    }
}
