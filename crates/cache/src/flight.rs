//! Single flight: at most one load per key runs on a node, and everyone who asks waits for it.
//!
//! The registry of flights is also what makes a late load harmless. A load may store its answer
//! only while its flight is still registered, and an invalidation strikes the flight off under
//! the same lock under which it removes the entry. So an answer read before a change can neither
//! be stored after it, nor be handed to a caller who asked after it: that caller finds no flight
//! and starts a new one. A flight's number is thereby the generation of its key.

use std::any::Any;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::entry::Entry;
use crate::memory::{Key, KeyRef};
use crate::{State, Tier};

const SHARDS: usize = 64;

/// After this long a flight counts as hung.
const LONGEST_FLIGHT: Duration = Duration::from_secs(30);

/// The answer a flight brought.
#[derive(Clone)]
pub(crate) struct Arrival {
    pub(crate) entry: Arc<Entry>,
    pub(crate) tier: Tier,
    pub(crate) state: State,
}

/// How a flight ended; the error is the loader's, whose type only its callers know.
pub(crate) type Landing = Result<Arrival, Arc<dyn Any + Send + Sync>>;

pub(crate) type Watch = watch::Receiver<Option<Landing>>;

struct Flight {
    number: u64,
    began: Duration,
    landing: Watch,
}

/// What is known of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// It made this version of the thing.
    To(i64),
    /// Nothing, so that no version says whether it is in an answer.
    Unversioned,
}

impl Change {
    /// Whether an answer of that version, if it says one, shows it.
    fn shows_in(self, version: Option<i64>) -> bool {
        version.is_some_and(|version| self <= Self::To(version))
    }
}

/// Somebody who changes a thing and will bring its new answer.
struct Writer {
    number: u64,
    /// The latest change by others since it was announced.
    overtaken_by: Option<Change>,
}

/// Some of the keys: their flights and their writers.
#[derive(Default)]
struct Shard {
    flights: HashMap<Key, Flight>,
    writers: HashMap<Key, Vec<Writer>>,
}

impl Shard {
    /// Lets the writers of a key know of a change.
    fn tell_writers(&mut self, key: &Key, change: Change) {
        for writer in self.writers.get_mut(key).into_iter().flatten() {
            writer.overtaken_by = writer.overtaken_by.max(Some(change));
        }
    }

    fn remove_writer(&mut self, key: &Key, number: u64) -> Option<Writer> {
        let writers = self.writers.get_mut(key)?;
        let place = writers.iter().position(|writer| writer.number == number)?;
        let writer = writers.swap_remove(place);
        if writers.is_empty() {
            self.writers.remove(key);
        }
        Some(writer)
    }
}

pub(crate) struct Flights {
    shards: Vec<Mutex<Shard>>,
    hasher: RandomState,
    next_number: AtomicU64,
}

/// What a caller found at the gate.
pub(crate) enum Boarding {
    /// The flight is the caller's to fly.
    Captain(Ticket),
    /// Somebody else flies; the landing can be watched.
    Passenger(Watch),
}

/// The right to bring the new answer of a key. Dropping it gives it up.
pub(crate) struct Announcement {
    pub(crate) key: Key,
    number: u64,
    flights: Arc<Flights>,
}

/// The right to land one flight. Dropping it without landing, as a panicking loader does, closes
/// the flight, and those who wait start over.
pub(crate) struct Ticket {
    pub(crate) key: Key,
    number: u64,
    sender: watch::Sender<Option<Landing>>,
    flights: Arc<Flights>,
}

impl Flights {
    pub(crate) fn new() -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { shards, hasher: RandomState::new(), next_number: AtomicU64::new(0) }
    }

    /// Joins the flight of a key or starts one. A flight that hangs is given up by those who come
    /// later: its loader may still answer those who wait, but nothing of it is stored.
    pub(crate) fn board(self: &Arc<Self>, key: &Key, now: Duration) -> Boarding {
        let mut shard = self.shard(key.as_ref());
        if let Some(flight) = shard.flights.get(key).filter(|flight| now.saturating_sub(flight.began) < LONGEST_FLIGHT)
        {
            return Boarding::Passenger(flight.landing.clone());
        }
        let number = self.next_number.fetch_add(1, Ordering::Relaxed);
        let (sender, landing) = watch::channel(None);
        shard.flights.insert(key.clone(), Flight { number, began: now, landing });
        Boarding::Captain(Ticket { key: key.clone(), number, sender, flights: Arc::clone(self) })
    }

    /// Lets the writers of one key know of a change and, under the same lock, strikes off its
    /// flight and runs `remove`, unless `held` tells the version of an answer that shows the
    /// change. Answers whether it ran.
    pub(crate) fn strike(
        &self,
        key: &Key,
        change: Change,
        held: impl FnOnce() -> Option<i64>,
        remove: impl FnOnce(),
    ) -> bool {
        let mut shard = self.shard(key.as_ref());
        shard.tell_writers(key, change);
        let stale = !change.shows_in(held());
        if stale {
            shard.flights.remove(key);
            remove();
        }
        stale
    }

    /// Notes that somebody is about to change what a key shows.
    pub(crate) fn announce(self: &Arc<Self>, key: Key) -> Announcement {
        let number = self.next_number.fetch_add(1, Ordering::Relaxed);
        let writer = Writer { number, overtaken_by: None };
        self.shard(key.as_ref()).writers.entry(key.clone()).or_default().push(writer);
        Announcement { key, number, flights: Arc::clone(self) }
    }

    /// Runs `act` under the lock that an invalidation takes too.
    pub(crate) fn undisturbed<T>(&self, key: KeyRef<'_>, act: impl FnOnce() -> T) -> T {
        let _shard = self.shard(key);
        act()
    }

    /// Strikes off all flights of the keys that match. Whoever removes the entries of those keys
    /// afterwards leaves nothing older than this call behind.
    pub(crate) fn strike_where(&self, matches: impl Fn(&Key) -> bool) {
        for shard in &self.shards {
            let mut shard = lock(shard);
            let announced = shard.writers.iter_mut().filter(|(key, _)| matches(key));
            for writer in announced.flat_map(|(_, writers)| writers) {
                writer.overtaken_by = Some(Change::Unversioned);
            }
            shard.flights.retain(|key, _| !matches(key));
        }
    }

    fn shard(&self, key: KeyRef<'_>) -> MutexGuard<'_, Shard> {
        let hash = usize::try_from(self.hasher.hash_one(key) % SHARDS as u64).unwrap_or(0);
        lock(&self.shards[hash])
    }
}

/// No panic can happen while a shard is being changed, so a poisoned one is whole.
fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Announcement {
    /// Runs `store` under the lock that an invalidation takes too, and strikes off the flight of
    /// the key, unless it was overtaken by a change that an answer of this version, if it says
    /// one, does not show. Answers whether it ran.
    pub(crate) fn bring(&self, version: Option<i64>, store: impl FnOnce()) -> bool {
        let mut shard = self.flights.shard(self.key.as_ref());
        let writer = shard.remove_writer(&self.key, self.number);
        let overtaken = writer.and_then(|writer| writer.overtaken_by);
        if overtaken.is_some_and(|change| !change.shows_in(version)) {
            return false;
        }
        shard.tell_writers(&self.key, version.map_or(Change::Unversioned, Change::To));
        shard.flights.remove(&self.key);
        store();
        true
    }
}

impl Drop for Announcement {
    fn drop(&mut self) {
        self.flights.shard(self.key.as_ref()).remove_writer(&self.key, self.number);
    }
}

impl Ticket {
    /// Ends the flight. If it is still registered, `store` runs first, under the lock that an
    /// invalidation takes too; the answer says whether it ran.
    pub(crate) fn land(self, landing: Landing, store: impl FnOnce()) -> bool {
        let registered = {
            let mut shard = self.flights.shard(self.key.as_ref());
            let registered = shard.flights.get(&self.key).is_some_and(|flight| flight.number == self.number);
            if registered {
                store();
                shard.flights.remove(&self.key);
            }
            registered
        };
        self.sender.send_replace(Some(landing));
        registered
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut shard = self.flights.shard(self.key.as_ref());
        if shard.flights.get(&self.key).is_some_and(|flight| flight.number == self.number) {
            shard.flights.remove(&self.key);
        }
    }
}
