//! Forgetting, on this node at once, then in Redis and on the other nodes.
//!
//! Call these after the change is committed. When one returns, no caller on this node gets an
//! answer that was read before the change, a load already under way included. Redis is told
//! before returning if it answers, and as soon as it does if not; until then this node does not
//! read the affected keys from it.

use crate::cache::{Cache, Inner};
use crate::entry::{Entry, Freshness};
use crate::memory::Key;
use crate::shared::{Listener, Scope};
use crate::{Namespace, memory::KeyRef};

impl Cache {
    /// Forgets one key. Answers whether memory held it.
    pub async fn invalidate(&self, namespace: Namespace, key: &str) -> bool {
        let key = KeyRef { namespace, name: key }.to_key();
        self.inner.forget(Scope::Key(key)).await > 0
    }

    /// Forgets the keys that begin with `prefix`; Redis forgets the whole namespace instead.
    /// Answers how many memory held. Visits all of memory: for operators and cascades.
    pub async fn invalidate_prefix(&self, namespace: Namespace, prefix: &str) -> usize {
        self.inner.forget(Scope::Prefix(namespace, prefix.into())).await
    }

    /// Forgets a namespace. Answers how many entries memory held. Visits all of memory.
    pub async fn invalidate_namespace(&self, namespace: Namespace) -> usize {
        self.inner.forget(Scope::Namespace(namespace)).await
    }

    /// Removes what is too old to be of any use from memory. Answers how many entries that were.
    pub fn remove_expired(&self) -> usize {
        let now = self.inner.clock.now();
        let dead = |_: &Key, entry: &Entry| entry.freshness(now, None) == Freshness::Dead;
        self.inner.memory.remove_where(dead)
    }
}

impl Inner {
    async fn forget(&self, scope: Scope) -> usize {
        // First the note, so that no load can fetch the old value from Redis in between.
        if let Some(shared) = &self.shared {
            shared.note(scope.clone());
        }
        let forgotten = self.forget_here(&scope);
        if let Some(shared) = &self.shared {
            shared.pass_on().await;
        }
        forgotten
    }

    fn forget_here(&self, scope: &Scope) -> usize {
        self.counters(scope.namespace()).invalidations.add(1);
        match scope {
            Scope::Key(key) => {
                let remove = || self.memory.remove(key.as_ref());
                usize::from(self.flights.strike(key, remove))
            }
            Scope::Namespace(namespace) => self.forget_namespace(*namespace),
            Scope::Prefix(namespace, prefix) => {
                self.forget_where(|key| key.namespace == *namespace && key.name.starts_with(&**prefix))
            }
        }
    }

    pub(crate) fn forget_namespace(&self, namespace: Namespace) -> usize {
        self.forget_where(|key| key.namespace == namespace)
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
        self.forget_where(|_| true);
    }
}
