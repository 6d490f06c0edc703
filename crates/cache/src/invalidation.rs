//! Forgetting, on this node at once, then in Redis and on the other nodes.
//!
//! Call these after the change is committed. When one returns, no caller on this node gets an
//! answer that was read before the change, a load already under way included. Redis is told
//! before returning if it answers, and as soon as it does if not; until then this node does not
//! read the affected keys from it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::cache::{Cache, Inner};
use crate::entry::Freshness;
use crate::flight::Change;
use crate::memory::Key;
use crate::shared::{Listener, Scope};
use crate::{Namespace, memory::KeyRef};

/// What an invalidation took away, and how long that took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Entries that this process held.
    pub memory: usize,
    /// Whether this process holds an answer that shows the change already, so that nothing was to
    /// be forgotten here.
    pub kept: bool,
    /// Values that Redis held. `None` without Redis, where it has not confirmed the invalidation
    /// yet, and where it gave up a whole namespace at once, which counts nothing.
    pub redis: Option<u64>,
    /// From the call to its return.
    pub took: Duration,
}

impl Cache {
    /// Forgets one key.
    pub async fn invalidate(&self, namespace: Namespace, key: &str) -> Removed {
        let key = KeyRef { namespace, name: key }.to_key();
        self.inner.forget(Scope::Key(key)).await
    }

    /// Forgets one key because its thing came to a version, unless the answer is of that version or
    /// a later one: whoever made the change may have put it by now, here or on another node.
    pub async fn invalidate_older(&self, namespace: Namespace, key: &str, version: i64) -> Removed {
        let key = KeyRef { namespace, name: key }.to_key();
        self.inner.forget(Scope::Older(key, version)).await
    }

    /// Forgets the keys that begin with `prefix`; Redis forgets the whole namespace instead.
    /// Visits all of memory: for operators and cascades.
    pub async fn invalidate_prefix(&self, namespace: Namespace, prefix: &str) -> Removed {
        self.inner.forget(Scope::Prefix(namespace, prefix.into())).await
    }

    /// Forgets a namespace. Visits all of memory.
    pub async fn invalidate_namespace(&self, namespace: Namespace) -> Removed {
        self.inner.forget(Scope::Namespace(namespace)).await
    }

    /// Forgets a namespace, and frees and counts its values in Redis, which visits every key there
    /// in small steps: for operators, who want to see what they cleared.
    pub async fn clear_namespace(&self, namespace: Namespace) -> Removed {
        let began = self.inner.clock.now();
        let forgotten = self.inner.forget(Scope::Namespace(namespace)).await;
        let redis = match &self.inner.shared {
            Some(shared) => shared.sweep(namespace).await,
            None => None,
        };
        Removed { redis, took: self.inner.clock.now().saturating_sub(began), ..forgotten }
    }

    /// Removes what is too old to be of any use from memory; Redis does that by itself. Answers
    /// how many entries that were in each namespace that had any.
    pub fn clear_expired(&self) -> Vec<(Namespace, usize)> {
        let now = self.inner.clock.now();
        let removed = Tally::new();
        self.inner.memory.remove_where(|key, entry| {
            let dead = entry.freshness(now, None) == Freshness::Dead;
            removed.add(key.namespace, usize::from(dead));
            dead
        });
        removed.counted()
    }

    /// Forgets everything in this process, and nothing in Redis; loads under way are not stored.
    /// Answers how many entries that were in each namespace that had any.
    pub fn forget_memory(&self) -> Vec<(Namespace, usize)> {
        self.inner.forget_memory()
    }

    /// Has `tell` told whenever everything in this process was forgotten because messages of other
    /// nodes may have been missed. Only the first listener is heard.
    pub fn when_messages_were_missed(&self, tell: impl Fn(Vec<(Namespace, usize)>) + Send + Sync + 'static) {
        // A second listener has come too late.
        let _ = self.inner.missed.set(Box::new(tell));
    }
}

impl Inner {
    async fn forget(&self, scope: Scope) -> Removed {
        let began = self.clock.now();
        // First the note, so that no load can fetch the old value from Redis in between.
        let noted = self.shared.as_ref().map(|shared| (shared, shared.note(scope.clone())));
        let forgotten = self.forget_here(&scope);
        let redis = match noted {
            Some((shared, note)) => shared.pass_on(Some(note)).await,
            None => None,
        };
        let took = self.clock.now().saturating_sub(began);
        Removed { memory: forgotten.unwrap_or_default(), kept: forgotten.is_none(), redis, took }
    }

    /// How many entries that removed; `None` where the one there is shows the change.
    pub(crate) fn forget_here(&self, scope: &Scope) -> Option<usize> {
        self.counters(scope.namespace()).invalidations.add(1);
        match scope {
            Scope::Key(key) => self.forget_key(key, Change::Unversioned),
            Scope::Older(key, version) => self.forget_key(key, Change::To(*version)),
            Scope::Namespace(namespace) => Some(self.forget_namespace(*namespace)),
            Scope::Prefix(namespace, prefix) => {
                Some(self.forget_where(|key| key.namespace == *namespace && key.name.starts_with(&**prefix)))
            }
        }
    }

    fn forget_key(&self, key: &Key, change: Change) -> Option<usize> {
        let mut removed = false;
        let held = || self.memory.peek(key.as_ref()).and_then(|entry| entry.version);
        let stale = self.flights.strike(key, change, held, || removed = self.memory.remove(key.as_ref()));
        stale.then_some(usize::from(removed))
    }

    pub(crate) fn forget_namespace(&self, namespace: Namespace) -> usize {
        self.forget_where(|key| key.namespace == namespace)
    }

    pub(crate) fn forget_memory(&self) -> Vec<(Namespace, usize)> {
        let removed = Tally::new();
        self.flights.strike_where(|_| true);
        self.memory.remove_where(|key, _| {
            removed.add(key.namespace, 1);
            true
        });
        removed.counted()
    }

    /// Flights first: whatever lands after that is not stored, whatever landed before is removed.
    fn forget_where(&self, matches: impl Fn(&Key) -> bool) -> usize {
        self.flights.strike_where(&matches);
        self.memory.remove_where(|key, _| matches(key))
    }
}

impl Listener for Inner {
    fn heard(&self, scope: &Scope) {
        self.forget_here(scope);
    }

    fn missed_something(&self) {
        let removed = self.forget_memory();
        if let Some(tell) = self.missed.get().filter(|_| !removed.is_empty()) {
            tell(removed);
        }
    }
}

/// Counts what is removed from each namespace.
struct Tally([AtomicUsize; Namespace::COUNT]);

impl Tally {
    fn new() -> Self {
        Self([const { AtomicUsize::new(0) }; Namespace::COUNT])
    }

    fn add(&self, namespace: Namespace, count: usize) {
        self.0[namespace.index()].fetch_add(count, Ordering::Relaxed);
    }

    /// The namespaces that lost something.
    fn counted(self) -> Vec<(Namespace, usize)> {
        let counts = self.0.into_iter().map(AtomicUsize::into_inner);
        Namespace::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0).collect()
    }
}
