//! Write-through: who changed a thing puts its new answer into the cache.
//!
//! ```text
//! writing(key) ── read, decide, commit ── put(new answer)
//! ```
//! Between the first and the last, somebody else may have changed the same thing and said so.
//! Then what is put would be older than that change, so it is thrown away and the key is
//! forgotten: the next caller loads. An answer that says its version is thrown away only for a
//! later version, so that the news of its own change, which may be faster, does it no harm. The
//! same holds in Redis between nodes.

use std::sync::Arc;
use std::time::Duration;

use crate::cache::Inner;
use crate::entry::Entry;
use crate::flight::Announcement;
use crate::memory::KeyRef;
use crate::shared::{Generations, Scope};
use crate::{Cache, Loaded, Namespace};

/// The announcement that a key is about to change; see [`Cache::writing`]. Dropped without a
/// [`Writing::put`], as when the change failed, it changes nothing.
#[must_use = "an announced change is put or dropped"]
pub struct Writing {
    inner: Arc<Inner>,
    announcement: Announcement,
    generations: Option<Generations>,
}

impl Cache {
    /// Announces a change of what `key` shows. To be called before the change reads what it
    /// decides upon; never blocks those who read the key meanwhile.
    pub async fn writing(&self, namespace: Namespace, key: &str) -> Writing {
        let key = KeyRef { namespace, name: key }.to_key();
        let announcement = self.inner.flights.announce(key);
        let (_, generations) = self.inner.fetch(announcement.key.as_ref()).await;
        Writing { inner: Arc::clone(&self.inner), announcement, generations }
    }
}

impl Writing {
    /// Puts the answer as it is after the committed change, on this node and in Redis, and makes
    /// the other nodes forget theirs. Answers whether it was stored; if not, because another
    /// change came between or the namespace is switched off, the key is forgotten instead.
    pub async fn put(self, answer: impl Into<Loaded>) -> bool {
        let Self { inner, announcement, generations } = self;
        let (answer, key) = (answer.into(), announcement.key.clone());
        let version = answer.version;
        let scope = match version {
            Some(version) => Scope::Older(key.clone(), version),
            None => Scope::Key(key.clone()),
        };
        let note = inner.shared.as_ref().map(|shared| shared.note(scope.clone()));
        let policy = inner.policies.get(key.namespace);
        let now = inner.clock.now();
        let entry = Arc::new(Entry::loaded(Some(answer), &policy, &inner.dice, now, Duration::ZERO));
        let wanted = policy.enabled && entry.stored;
        let store = || inner.memory.insert(key.clone(), Arc::clone(&entry));
        let stored = wanted && announcement.bring(version, store);
        if stored {
            inner.counters(key.namespace).written.add(1);
            inner.encode_later(&key, &entry);
        } else {
            inner.forget_here(&Scope::Key(key.clone()));
        }
        let Some((shared, note)) = inner.shared.as_ref().zip(note) else { return stored };
        let shared_too = match generations {
            Some(generations) if stored => shared.put(&scope, &entry, &generations, note).await,
            _ => None,
        };
        match shared_too {
            Some(true) => true,
            // Redis knows of a change that this node has not heard of yet.
            Some(false) => {
                inner.forget_here(&Scope::Key(key));
                false
            }
            None => {
                shared.pass_on(None).await;
                stored
            }
        }
    }
}
