//! The tier in this process: quick_cache (S3-FIFO) weighted by bytes, within a byte budget.
//!
//! It keeps what it is told to and forgets what there is no room for. Deadlines are the entry's
//! own affair; a dead entry stays until its key is asked for, is swept, or room is needed.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use quick_cache::sync::Cache as QuickCache;
use quick_cache::{DefaultHashBuilder, Equivalent, Lifecycle, Weighter};

use crate::Namespace;
use crate::entry::Entry;
use crate::stats::AllCounters;

/// What an entry costs beside its key, body and tag: the structures that hold them.
const OVERHEAD: usize = 192;

/// A guess that sizes shards and ghost lists; an order of magnitude either way does no harm.
const TYPICAL_ENTRY_BYTES: u64 = 2_048;

/// Names an entry: cheap to clone, found by [`KeyRef`] without allocating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) namespace: Namespace,
    pub(crate) name: Arc<str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeyRef<'a> {
    pub(crate) namespace: Namespace,
    pub(crate) name: &'a str,
}

impl Key {
    pub(crate) fn as_ref(&self) -> KeyRef<'_> {
        KeyRef { namespace: self.namespace, name: &self.name }
    }
}

impl KeyRef<'_> {
    pub(crate) fn to_key(self) -> Key {
        Key { namespace: self.namespace, name: self.name.into() }
    }
}

/// The hash of the borrowed form, which [`Equivalent`] requires.
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_ref().hash(state);
    }
}

impl Equivalent<Key> for KeyRef<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.namespace == key.namespace && *self.name == *key.name
    }
}

/// An entry in its place. It is counted from when it is made until nothing holds it any more.
pub(crate) struct Held {
    pub(crate) entry: Arc<Entry>,
    namespace: Namespace,
    bytes: u64,
    /// Set before a newer answer takes its place, which is no want of room.
    replaced: AtomicBool,
    counters: AllCounters,
}

impl Drop for Held {
    fn drop(&mut self) {
        let counters = self.counters.of(self.namespace);
        counters.entries.subtract(1);
        counters.bytes.subtract(self.bytes);
    }
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Key, Arc<Held>> for Bytes {
    fn weight(&self, _: &Key, held: &Arc<Held>) -> u64 {
        held.bytes + OVERHEAD as u64
    }
}

#[derive(Clone)]
struct CountEvictions(AllCounters);

impl Lifecycle<Key, Arc<Held>> for CountEvictions {
    type RequestState = ();

    fn begin_request(&self) {}

    fn on_evict(&self, (): &mut (), key: Key, held: Arc<Held>) {
        let for_room = !held.replaced.load(Ordering::Relaxed);
        self.0.of(key.namespace).evictions.add(u64::from(for_room));
    }
}

pub(crate) struct Memory {
    entries: QuickCache<Key, Arc<Held>, Bytes, DefaultHashBuilder, CountEvictions>,
    counters: AllCounters,
}

impl Memory {
    pub(crate) fn new(budget: u64, counters: AllCounters) -> Self {
        let estimate = usize::try_from(budget / TYPICAL_ENTRY_BYTES).unwrap_or(usize::MAX).max(1);
        let lifecycle = CountEvictions(counters.clone());
        let entries = QuickCache::with(estimate, budget, Bytes, DefaultHashBuilder::default(), lifecycle);
        Self { entries, counters }
    }

    pub(crate) fn get(&self, key: KeyRef<'_>) -> Option<Arc<Entry>> {
        self.entries.get(&key).map(|held| Arc::clone(&held.entry))
    }

    /// The same without counting as a use.
    pub(crate) fn peek(&self, key: KeyRef<'_>) -> Option<Arc<Entry>> {
        self.entries.peek(&key).map(|held| Arc::clone(&held.entry))
    }

    pub(crate) fn insert(&self, key: Key, entry: Arc<Entry>) {
        let held = self.hold(&key, entry);
        self.entries.insert(key, held);
    }

    /// Counts an entry anew that has grown, if it is still there.
    pub(crate) fn recount(&self, key: Key, entry: Arc<Entry>) {
        let held = self.hold(&key, entry);
        // Refused is gone: there is nothing to count.
        let _ = self.entries.replace(key, held, true);
    }

    fn hold(&self, key: &Key, entry: Arc<Entry>) -> Arc<Held> {
        if let Some(old) = self.entries.peek(&key.as_ref()) {
            old.replaced.store(true, Ordering::Relaxed);
        }
        let namespace = key.namespace;
        let bytes = (entry.size() + key.name.len()) as u64;
        let counters = self.counters.of(namespace);
        counters.entries.add(1);
        counters.bytes.add(bytes);
        let replaced = AtomicBool::new(false);
        Arc::new(Held { entry, namespace, bytes, replaced, counters: self.counters.clone() })
    }

    pub(crate) fn remove(&self, key: KeyRef<'_>) -> bool {
        self.entries.remove(&key).is_some()
    }

    /// Removes what `unwanted` says; answers how many entries that were.
    pub(crate) fn remove_where(&self, unwanted: impl Fn(&Key, &Entry) -> bool) -> usize {
        let removed = AtomicUsize::new(0);
        self.entries.retain(|key, held| {
            let keep = !unwanted(key, &held.entry);
            removed.fetch_add(usize::from(!keep), Ordering::Relaxed);
            keep
        });
        removed.into_inner()
    }

    /// Shows every entry of a namespace, one at a time.
    pub(crate) fn visit(&self, namespace: Namespace, mut show: impl FnMut(&Arc<str>, &Entry)) {
        for (key, held) in self.entries.iter() {
            if key.namespace == namespace {
                show(&key.name, &held.entry);
            }
        }
    }

    pub(crate) fn weight(&self) -> u64 {
        self.entries.weight()
    }

    pub(crate) fn budget(&self) -> u64 {
        self.entries.capacity()
    }
}
