//! The cache as its callers see it: reading, policies, figures and condition.

use std::future::Future;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::dice::Dice;
use crate::entry::{Entry, Freshness};
use crate::flight::Flights;
use crate::memory::{KeyRef, Memory};
use crate::policy::Policies;
use crate::shadow::{Same, Shadows};
use crate::shared::{BreakerState, STALENESS_WITHOUT_BUS, Shared};
use crate::stats::{AllCounters, Counters};
use crate::{
    Builder, Cached, Clock, Health, Loaded, Minute, Mode, Namespace, NamespaceStats, Policy, State, Stats, Tier,
};

/// Two tiers of ready answers. Clones share everything.
#[derive(Clone)]
pub struct Cache {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) dice: Dice,
    pub(crate) policies: Policies,
    pub(crate) memory: Memory,
    pub(crate) counters: AllCounters,
    pub(crate) flights: Arc<Flights>,
    pub(crate) encoding: Semaphore,
    pub(crate) shadows: Shadows,
    pub(crate) same: OnceLock<Same>,
    pub(crate) shared: Option<Arc<Shared>>,
    pub(crate) missed: OnceLock<MissedListener>,
    pub(crate) runtime: Handle,
}

/// Told what this process forgot because it may have missed messages.
pub(crate) type MissedListener = Box<dyn Fn(Vec<(Namespace, usize)>) + Send + Sync>;

/// What memory has to say about a key.
pub(crate) enum Sight {
    /// Send this.
    Serve(Arc<Entry>, State),
    /// Send this, and let one load renew it.
    ServeAndRenew(Arc<Entry>, State),
    /// A load has to be tried first; an expired entry may cover for its failure.
    Load(Option<Arc<Entry>>),
}

impl Cache {
    /// Starts building a cache. `seed` feeds jitter and early refreshes and tells this node from
    /// the others that share a Redis, so no two nodes may have the same.
    pub fn builder(clock: Arc<dyn Clock>, seed: u64) -> Builder {
        Builder::new(clock, seed)
    }

    /// Answers from memory, else from Redis, else from `load`, which runs at most once at a time
    /// per key on this node, as a task of its own: callers may be cancelled, the load finishes.
    /// If it panics, so does this call.
    ///
    /// `Ok(None)` of the loader means "there is no such thing"; it is remembered for the policy's
    /// negative time to live and answered as `Ok(None)`. `Err` means "could not find out" and is
    /// covered by an older answer while the policy allows; otherwise everybody who waited for the
    /// load gets a clone of it (an error that cannot be cloned goes into an `Arc`).
    pub async fn get_or_load<F, Fut, E>(&self, namespace: Namespace, key: &str, load: F) -> Result<Option<Cached>, E>
    where
        F: FnOnce() -> Fut + Send + 'static,
        Fut: Future<Output = Result<Option<Loaded>, E>> + Send + 'static,
        E: Clone + Send + Sync + 'static,
    {
        let inner = &self.inner;
        if !inner.policies.enabled(namespace) {
            return Box::pin(inner.bypass(namespace, load)).await;
        }
        let key = KeyRef { namespace, name: key };
        let began = inner.clock.now();
        match inner.look(key, began) {
            Sight::Serve(entry, state) => {
                let answer = inner.serve_held(key, &entry, state, began);
                if state == State::Hit && inner.drawn(key) {
                    inner.shadow(key, &entry, load);
                }
                Ok(answer)
            }
            Sight::ServeAndRenew(entry, state) => {
                inner.renew(key, &entry, load);
                Ok(inner.serve_held(key, &entry, state, began))
            }
            Sight::Load(_) => {
                // Boxed, so that those who find their answer do not carry the room for a load.
                let arrival = Box::pin(inner.wait_for_load(key, None, load)).await?;
                Ok(inner.serve(key, &arrival.entry, arrival.tier, arrival.state))
            }
        }
    }

    /// The policy in force.
    pub fn policy(&self, namespace: Namespace) -> Policy {
        self.inner.policies.get(namespace)
    }

    /// Changes a policy on this node, for answers loaded from now on. `enabled: false` is the
    /// kill switch: it empties the namespace here and sends every call to its loader. Answers how
    /// many entries that removed.
    pub fn set_policy(&self, namespace: Namespace, policy: Policy) -> usize {
        self.inner.policies.set(namespace, policy);
        if policy.enabled { 0 } else { self.inner.forget_namespace(namespace) }
    }

    /// Says which answers tell the same although their bytes differ, for the measurement of
    /// staleness. Only the first word counts; without one, bytes are compared.
    pub fn compare_with(&self, same: Same) {
        let _ = self.inner.same.set(same);
    }

    /// The figures of one namespace.
    pub fn namespace_stats(&self, namespace: Namespace) -> NamespaceStats {
        self.inner.counters(namespace).read(namespace, self.policy(namespace))
    }

    /// The figures of every namespace.
    pub fn stats(&self) -> Stats {
        Stats {
            namespaces: Namespace::ALL.map(|namespace| self.namespace_stats(namespace)).into(),
            memory_bytes: self.inner.memory.weight(),
            memory_budget: self.inner.memory.budget(),
        }
    }

    /// The last sixty minutes of a namespace, oldest first; fewer while the clock is younger.
    pub fn trend(&self, namespace: Namespace) -> Vec<Minute> {
        let counters = self.inner.counters(namespace);
        counters.history.read(self.inner.clock.now(), counters.totals())
    }

    /// The condition of both tiers.
    pub fn health(&self) -> Health {
        let redis = self.inner.shared.as_ref().map(|shared| shared.health());
        let answering = redis.as_ref().is_some_and(|redis| redis.breaker == BreakerState::Closed);
        Health { mode: if answering { Mode::TwoTier } else { Mode::MemoryOnly }, redis }
    }
}

impl Inner {
    pub(crate) fn look(&self, key: KeyRef<'_>, now: Duration) -> Sight {
        let Some(entry) = self.memory.get(key) else {
            return Sight::Load(None);
        };
        match entry.freshness(now, self.staleness_cap()) {
            Freshness::Fresh if entry.due_early(now, &self.dice) && entry.may_retry(now) => {
                Sight::ServeAndRenew(entry, State::Hit)
            }
            Freshness::Fresh => Sight::Serve(entry, State::Hit),
            Freshness::Renew if entry.may_retry(now) => Sight::ServeAndRenew(entry, State::Stale),
            Freshness::Cover if entry.may_retry(now) => Sight::Load(Some(entry)),
            Freshness::Renew | Freshness::Cover => Sight::Serve(entry, State::Stale),
            Freshness::Dead => Sight::Load(None),
        }
    }

    /// Counts an answer and makes it.
    pub(crate) fn serve(&self, key: KeyRef<'_>, entry: &Entry, tier: Tier, state: State) -> Option<Cached> {
        self.serve_at(self.clock.now(), key, entry, tier, state)
    }

    fn serve_at(&self, now: Duration, key: KeyRef<'_>, entry: &Entry, tier: Tier, state: State) -> Option<Cached> {
        let counters = self.counters(key.namespace);
        counters.history.note(now, || counters.totals());
        match (state, tier) {
            (State::Hit, Tier::Memory) => counters.memory_hits.add(1),
            (State::Hit, _) => counters.redis_hits.add(1),
            (State::Miss, _) => counters.misses.add(1),
            (State::Stale, _) => counters.stale_served.add(1),
            (State::Bypass, _) => counters.bypassed.add(1),
        }
        entry.answer(now, tier, state)
    }

    /// The same for an answer found in memory by a call that began at `began`.
    fn serve_held(&self, key: KeyRef<'_>, entry: &Entry, state: State, began: Duration) -> Option<Cached> {
        let answer = self.serve_at(began, key, entry, Tier::Memory, state);
        entry.hits.fetch_add(1, Ordering::Relaxed);
        self.counters(key.namespace).hit_times.record(self.clock.now().saturating_sub(began));
        answer
    }

    pub(crate) fn counters(&self, namespace: Namespace) -> &Counters {
        self.counters.of(namespace)
    }

    /// While other nodes' invalidations may go unheard, memory is trusted for this long only.
    fn staleness_cap(&self) -> Option<Duration> {
        let deaf = self.shared.as_ref().is_some_and(|shared| !shared.bus_connected());
        deaf.then_some(STALENESS_WITHOUT_BUS)
    }
}
