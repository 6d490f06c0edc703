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

/// Some of the keys: their flights, and how often any of them changed.
#[derive(Default)]
struct Shard {
    flights: HashMap<Key, Flight>,
    turn: u64,
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

    /// Strikes off the flight of one key and, under the same lock, runs `remove`.
    pub(crate) fn strike<T>(&self, key: &Key, remove: impl FnOnce() -> T) -> T {
        let mut shard = self.shard(key.as_ref());
        shard.turn += 1;
        shard.flights.remove(key);
        remove()
    }

    /// Counts the changes of a key, and of some others with it.
    pub(crate) fn turn(&self, key: KeyRef<'_>) -> u64 {
        self.shard(key).turn
    }

    /// Runs `store` under the lock that an invalidation takes too, and strikes off the flight of
    /// the key, if nothing has changed since `turn`; answers whether it ran.
    pub(crate) fn overtake(&self, key: &Key, turn: u64, store: impl FnOnce()) -> bool {
        let mut shard = self.shard(key.as_ref());
        if shard.turn != turn {
            return false;
        }
        shard.turn += 1;
        shard.flights.remove(key);
        store();
        true
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
            shard.turn += 1;
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
