//! Measuring staleness: a small share of hits is loaded again behind the caller's back and
//! compared with what was sent.
//!
//! It only measures. What counts as the same the callers of the cache may say, as they know which
//! part of an answer only tells when it was made. The caller never waits, nothing is stored or
//! removed, a busy node compares no more than a quiet one would bear, and what was invalidated
//! meanwhile is not counted, as it would be the measurement that came late.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::cache::Inner;
use crate::clock::micros;
use crate::entry::Entry;
use crate::memory::{Key, KeyRef};
use crate::{Loaded, Namespace};

/// Whether a fresh answer of a namespace, the last one, tells the same as the one that was sent.
pub type Same = fn(Namespace, &[u8], &[u8]) -> bool;

/// Loads that are compared at once; hits beyond it are not drawn.
const AT_ONCE: usize = 2;
/// Nothing is drawn for so long after a hit was: some hundred comparisons a minute tell enough,
/// and a node that answers tens of thousands of times a second has better things to do.
const REST: Duration = Duration::from_millis(200);

/// Says when a comparison may begin.
pub(crate) struct Shadows {
    turns: Arc<Semaphore>,
    /// Time of the cache's clock, in microseconds, before which nothing is drawn.
    resting_until: AtomicU64,
}

impl Shadows {
    pub(crate) fn new() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), resting_until: AtomicU64::new(0) }
    }

    /// The right to compare, held while it goes on.
    fn turn(&self, now: Duration) -> Option<OwnedSemaphorePermit> {
        let rested = self.resting_until.load(Ordering::Relaxed);
        if micros(now) < rested {
            return None;
        }
        let turn = Arc::clone(&self.turns).try_acquire_owned().ok()?;
        let until = micros(now + REST);
        self.resting_until.compare_exchange(rested, until, Ordering::Relaxed, Ordering::Relaxed).ok()?;
        Some(turn)
    }
}

impl Inner {
    /// Draws this hit with the probability that its policy says.
    pub(crate) fn drawn(&self, key: KeyRef<'_>) -> bool {
        let share = self.policies.shadow_share(key.namespace);
        share > 0.0 && self.dice.fraction() <= share
    }

    /// Loads what was just sent again and compares.
    pub(crate) fn shadow<F, Fut, E>(self: &Arc<Self>, key: KeyRef<'_>, sent: &Arc<Entry>, load: F)
    where
        F: FnOnce() -> Fut + Send + 'static,
        Fut: Future<Output = Result<Option<Loaded>, E>> + Send + 'static,
        E: Send + 'static,
    {
        let now = self.clock.now();
        let Some(turn) = self.shadows.turn(now) else { return };
        let (inner, key, sent) = (Arc::clone(self), key.to_key(), Arc::clone(sent));
        let age = sent.age(now);
        self.runtime.spawn(async move {
            if let Ok(found) = load().await
                && inner.holds(&key, &sent)
            {
                let counters = inner.counters(key.namespace);
                counters.shadow_checks.add(1);
                if !inner.same(key.namespace, &sent, found.as_ref()) {
                    counters.shadow_stale.add(1);
                    counters.shadow_ages.record(age);
                    tell(&key, age);
                }
            }
            drop(turn);
        });
    }

    /// Equal bytes, or bytes that tell the same.
    fn same(&self, namespace: Namespace, sent: &Entry, found: Option<&Loaded>) -> bool {
        match (&sent.content, found) {
            (Some(content), Some(loaded)) => {
                content.body == loaded.body
                    || self.same.get().is_some_and(|same| same(namespace, &content.body, &loaded.body))
            }
            (None, None) => true,
            _ => false,
        }
    }
}

fn tell(key: &Key, age: Duration) {
    tracing::debug!(namespace = key.namespace.name(), key = &*key.name, ?age, "a cached answer was out of date");
}
