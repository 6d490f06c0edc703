//! Which keys memory holds, for operators who look into a namespace page by page.
//!
//! A listing visits all of memory, entry by entry, and never blocks those who read or store
//! meanwhile; what comes or goes during the visit may be listed or not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;

use crate::entry::{Entry, Freshness};
use crate::memory::KeyRef;
use crate::{Cache, Namespace};

/// The most keys of one page.
const LARGEST_PAGE: usize = 1_000;

/// What is known about a key in memory without showing its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFacts {
    /// Its name; for what belongs to one person a keyed hash, see [`crate::PrivateKeys`].
    pub name: Arc<str>,
    /// Time since the loader answered.
    pub age: Duration,
    /// How long it stays fresh; zero once it is stale.
    pub fresh_for: Duration,
    /// Bytes of the key, its answer and its tag.
    pub bytes: usize,
    /// Whether it is past its time to live.
    pub stale: bool,
    /// Whether the answer is "there is no such thing".
    pub absent: bool,
    /// How often this answer was sent from memory.
    pub hits: u64,
}

/// One page of keys, in the order of their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPage {
    /// The keys.
    pub keys: Vec<KeyFacts>,
    /// What to pass as `after` for the next page; `None` on the last.
    pub next: Option<Arc<str>>,
    /// Entries that the namespace has in memory.
    pub total: u64,
    /// Of these, that fit the search, on whichever page.
    pub matching: u64,
}

/// One key with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLook {
    /// What is known about it.
    pub facts: KeyFacts,
    /// Tag and body; `None` where the answer is "there is no such thing".
    pub answer: Option<(Arc<str>, Bytes)>,
}

impl Cache {
    /// The keys of a namespace in this process that contain a text, in whichever case its letters
    /// are, and come after `after`, at most `limit` of them (1 to 1,000). Dead entries that wait
    /// to be swept are left out.
    pub fn keys(&self, namespace: Namespace, text: &str, after: Option<&str>, limit: usize) -> KeyPage {
        let text = text.to_ascii_lowercase();
        let limit = limit.clamp(1, LARGEST_PAGE);
        let now = self.inner.clock.now();
        let (mut found, mut matching) = (BTreeMap::new(), 0);
        self.inner.memory.visit(namespace, |name, entry| {
            let fits = text.is_empty() || name.to_ascii_lowercase().contains(&text);
            if !fits || entry.freshness(now, None) == Freshness::Dead {
                return;
            }
            matching += 1;
            if after.is_some_and(|after| **name <= *after) {
                return;
            }
            found.insert(Arc::clone(name), facts(name, entry, now));
            if found.len() > limit + 1 {
                found.pop_last();
            }
        });
        let more = found.len() > limit;
        let keys: Vec<_> = found.into_values().take(limit).collect();
        let next = if more { keys.last().map(|last| Arc::clone(&last.name)) } else { None };
        KeyPage { keys, next, total: self.inner.counters(namespace).entries.get(), matching }
    }

    /// One key of this process with its answer; does not count as a use. `None` if memory does not hold it.
    pub fn look_at(&self, namespace: Namespace, name: &str) -> Option<KeyLook> {
        let now = self.inner.clock.now();
        let entry = self.inner.memory.peek(KeyRef { namespace, name })?;
        if entry.freshness(now, None) == Freshness::Dead {
            return None;
        }
        let answer = entry.content.as_ref().map(|content| (Arc::clone(&content.etag), content.body.clone()));
        Some(KeyLook { facts: facts(&name.into(), &entry, now), answer })
    }
}

fn facts(name: &Arc<str>, entry: &Entry, now: Duration) -> KeyFacts {
    KeyFacts {
        name: Arc::clone(name),
        age: entry.age(now),
        fresh_for: entry.windows.fresh.saturating_sub(entry.age(now)),
        bytes: entry.size() + name.len(),
        stale: entry.freshness(now, None) != Freshness::Fresh,
        absent: entry.content.is_none(),
        hits: entry.hits.load(Ordering::Relaxed),
    }
}
