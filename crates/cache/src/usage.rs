//! How full memory is, and of what: the facts from which an operator is warned.

use crate::stats::ratio;
use crate::{Cache, Namespace};

/// The memory of this process that the cache holds.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryUsage {
    /// Bytes held, overhead included.
    pub bytes: u64,
    /// The most it may hold.
    pub budget: u64,
    /// Entries removed for want of room in the last full minute.
    pub evictions_last_minute: u64,
    /// The same over the last sixty minutes, the running one included.
    pub evictions_last_hour: u64,
    /// Every namespace that holds something, the largest first.
    pub namespaces: Vec<NamespaceUsage>,
}

/// The memory of Redis, everybody's who uses it; of a cluster that of all primaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RedisMemory {
    /// Bytes in use.
    pub used: u64,
    /// The most there may be; `None` where nobody set a limit.
    pub limit: Option<u64>,
}

/// What one namespace holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamespaceUsage {
    /// Which.
    pub namespace: Namespace,
    /// Its entries.
    pub entries: u64,
    /// Bytes of keys, answers in every encoding, and tags.
    pub bytes: u64,
}

impl MemoryUsage {
    /// Share of the budget in use, 0 to 1.
    pub fn share(&self) -> f64 {
        ratio(self.bytes, self.budget).unwrap_or(0.0)
    }
}

impl Cache {
    /// How full memory is. Reads counters only.
    pub fn memory_usage(&self) -> MemoryUsage {
        let trends = Namespace::ALL.map(|namespace| self.trend(namespace));
        let minutes = || trends.iter().flatten();
        let mut namespaces: Vec<_> = Namespace::ALL.into_iter().map(|namespace| self.usage_of(namespace)).collect();
        namespaces.retain(|usage| usage.entries > 0);
        namespaces.sort_by_key(|usage| std::cmp::Reverse(usage.bytes));
        MemoryUsage {
            bytes: self.inner.memory.weight(),
            budget: self.inner.memory.budget(),
            evictions_last_minute: minutes().filter(|minute| minute.minutes_ago == 1).map(|it| it.evictions).sum(),
            evictions_last_hour: minutes().map(|minute| minute.evictions).sum(),
            namespaces,
        }
    }

    /// How full Redis is. `None` if none is configured or it does not say so in time.
    pub async fn redis_memory(&self) -> Option<RedisMemory> {
        self.inner.shared.as_ref()?.memory().await
    }

    fn usage_of(&self, namespace: Namespace) -> NamespaceUsage {
        let counters = self.inner.counters(namespace);
        NamespaceUsage { namespace, entries: counters.entries.get(), bytes: counters.bytes.get() }
    }
}
