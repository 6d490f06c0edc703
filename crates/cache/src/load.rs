//! Loading: who runs the loader, who waits for it, and what becomes of its answer.
//!
//! A load is a task. It asks Redis first, then the loader, and lands its flight: that stores the
//! answer, unless an invalidation overtook it, and wakes everybody who waits.

use std::future::{Future, pending};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use crate::cache::{Inner, Sight};
use crate::entry::{Entry, Freshness};
use crate::flight::{Arrival, Boarding, Landing, Ticket};
use crate::memory::KeyRef;
use crate::shared::Generations;
use crate::{Cached, Loaded, Namespace, State, Tier, telemetry};

/// A value from Redis replaces the one being renewed only if it is younger by more than writing
/// it can have taken: otherwise it is the same one.
const SURELY_YOUNGER: Duration = Duration::from_secs(1);

impl Inner {
    /// The namespace is switched off: nothing is looked up, shared or stored.
    pub(crate) async fn bypass<F, Fut, E>(&self, namespace: Namespace, load: F) -> Result<Option<Cached>, E>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<Option<Loaded>, E>>,
    {
        let found = load().await?;
        let policy = self.policies.get(namespace);
        let now = self.clock.now();
        let entry = Entry::loaded(found, &policy, &self.dice, now, Duration::ZERO);
        let nowhere = KeyRef { namespace, name: "" };
        Ok(self.serve(nowhere, &entry, Tier::Loaded, State::Bypass))
    }

    /// Waits for the load of a key, and is the one who starts it if nobody else is. `renewing` is
    /// the entry that is to be replaced although it may still be sent.
    pub(crate) async fn wait_for_load<F, Fut, E>(
        self: &Arc<Self>,
        key: KeyRef<'_>,
        renewing: Option<Arc<Entry>>,
        load: F,
    ) -> Result<Arrival, E>
    where
        F: FnOnce() -> Fut + Send + 'static,
        Fut: Future<Output = Result<Option<Loaded>, E>> + Send + 'static,
        E: Clone + Send + Sync + 'static,
    {
        let owned = key.to_key();
        loop {
            let mut watch = match self.flights.board(&owned, self.clock.now()) {
                Boarding::Passenger(watch) => watch,
                Boarding::Captain(ticket) => {
                    let flight = self.runtime.spawn(Arc::clone(self).fly(ticket, renewing, load));
                    return match flight.await {
                        Ok(landing) => landing,
                        Err(stopped) => match stopped.try_into_panic() {
                            Ok(panic) => resume_unwind(panic),
                            // The runtime is shutting down, and this caller with it.
                            Err(_) => pending().await,
                        },
                    };
                }
            };
            let landing = watch.wait_for(Option::is_some).await.ok().and_then(|it| it.clone());
            match landing.map(|landing| landing.map_err(|error| error.downcast_ref::<E>().cloned())) {
                Some(Ok(arrival)) => return Ok(arrival),
                Some(Err(Some(error))) => return Err(error),
                // The flight panicked, or failed with an error of another caller's type: again.
                Some(Err(None)) | None => {}
            }
        }
    }

    /// Renews an entry in the background, unless that is under way or done already.
    pub(crate) fn renew<F, Fut, E>(self: &Arc<Self>, key: KeyRef<'_>, old: &Arc<Entry>, load: F)
    where
        F: FnOnce() -> Fut + Send + 'static,
        Fut: Future<Output = Result<Option<Loaded>, E>> + Send + 'static,
        E: Clone + Send + Sync + 'static,
    {
        let Boarding::Captain(ticket) = self.flights.board(&key.to_key(), self.clock.now()) else {
            return;
        };
        let unchanged = self.memory.get(key).is_some_and(|current| Arc::ptr_eq(&current, old));
        if unchanged {
            let old = Some(Arc::clone(old));
            self.runtime.spawn(Arc::clone(self).fly(ticket, old, load));
        }
    }

    /// One flight, from a last look around to its landing. `renewing` is the entry it is to
    /// replace, if that is why it started.
    async fn fly<F, Fut, E>(
        self: Arc<Self>,
        ticket: Ticket,
        renewing: Option<Arc<Entry>>,
        load: F,
    ) -> Result<Arrival, E>
    where
        F: FnOnce() -> Fut + Send + 'static,
        Fut: Future<Output = Result<Option<Loaded>, E>> + Send + 'static,
        E: Clone + Send + Sync + 'static,
    {
        let cover = match (&renewing, self.look(ticket.key.as_ref(), self.clock.now())) {
            (Some(old), _) => Some(Arc::clone(old)),
            (None, Sight::Load(cover)) => cover,
            // Another flight landed between this caller's look and its boarding.
            (None, Sight::Serve(entry, state) | Sight::ServeAndRenew(entry, state)) => {
                let arrival = Arrival { entry, tier: Tier::Memory, state };
                ticket.land(Ok(arrival.clone()), || {});
                return Ok(arrival);
            }
        };
        let (fetched, generations) = self.fetch(ticket.key.as_ref()).await;
        let fetched = fetched.map(Arc::new);
        if let Some(entry) = fetched.clone().filter(|it| self.is_news(it, renewing.as_deref())) {
            return Ok(self.land_fetched(ticket, &entry));
        }
        let started = self.clock.now();
        let result = load().await;
        self.note_load(ticket.key.namespace, started, &result);
        match result {
            Ok(found) => Ok(self.land_loaded(ticket, found, started, generations)),
            Err(error) => self.land_failed(ticket, cover, fetched, error),
        }
    }

    pub(crate) async fn fetch(&self, key: KeyRef<'_>) -> (Option<Entry>, Option<Generations>) {
        let Some(shared) = &self.shared else {
            return (None, None);
        };
        match shared.fetch(key).await {
            Some(fetched) => (fetched.entry, Some(fetched.generations)),
            None => (None, None),
        }
    }

    fn is_news(&self, fetched: &Entry, renewing: Option<&Entry>) -> bool {
        let now = self.clock.now();
        fetched.freshness(now, None) == Freshness::Fresh
            && renewing.is_none_or(|old| fetched.age(now) + SURELY_YOUNGER < old.age(now))
    }

    fn land_fetched(self: &Arc<Self>, ticket: Ticket, entry: &Arc<Entry>) -> Arrival {
        let key = ticket.key.clone();
        let arrival = Arrival { entry: Arc::clone(entry), tier: Tier::Redis, state: State::Hit };
        let store = || self.memory.insert(key.clone(), Arc::clone(entry));
        if ticket.land(Ok(arrival.clone()), store) {
            self.encode_later(&key, entry);
        }
        arrival
    }

    fn land_loaded(
        self: &Arc<Self>,
        ticket: Ticket,
        found: Option<Loaded>,
        started: Duration,
        generations: Option<Generations>,
    ) -> Arrival {
        let key = ticket.key.clone();
        let policy = self.policies.get(key.namespace);
        let now = self.clock.now();
        let load_time = now.saturating_sub(started);
        let entry = Arc::new(Entry::loaded(found, &policy, &self.dice, now, load_time));
        if !entry.stored {
            return self.land_unstored(ticket, entry);
        }
        let arrival = Arrival { entry: Arc::clone(&entry), tier: Tier::Loaded, state: State::Miss };
        let stored = ticket.land(Ok(arrival.clone()), || {
            self.memory.insert(key.clone(), Arc::clone(&entry));
        });
        if !stored {
            self.counters(key.namespace).late_loads.add(1);
            return arrival;
        }
        self.encode_later(&key, &entry);
        if let (Some(shared), Some(generations), true) = (&self.shared, generations, entry.shared) {
            // Nobody waits for Redis to have written it.
            let shared = Arc::clone(shared);
            self.runtime.spawn(async move { shared.store(&key, &entry, &generations).await });
        }
        arrival
    }

    /// What is not to be kept replaces what was kept before.
    fn land_unstored(&self, ticket: Ticket, entry: Arc<Entry>) -> Arrival {
        let key = ticket.key.clone();
        let arrival = Arrival { entry, tier: Tier::Loaded, state: State::Bypass };
        ticket.land(Ok(arrival.clone()), || {
            self.memory.remove(key.as_ref());
        });
        arrival
    }

    /// An expired answer covers for the failure while it may: the one in memory, else the one
    /// from Redis, which then stays in memory with a note of the failure.
    fn land_failed<E>(
        &self,
        ticket: Ticket,
        cover: Option<Arc<Entry>>,
        fetched: Option<Arc<Entry>>,
        error: E,
    ) -> Result<Arrival, E>
    where
        E: Clone + Send + Sync + 'static,
    {
        let now = self.clock.now();
        let usable = |it: &Arc<Entry>| it.freshness(now, None) != Freshness::Dead;
        let in_memory = cover.filter(usable).map(|entry| (entry, Tier::Memory));
        let in_redis = || fetched.filter(usable).map(|entry| (entry, Tier::Redis));
        let Some((entry, tier)) = in_memory.or_else(in_redis) else {
            let landing: Landing = Err(Arc::new(error.clone()));
            ticket.land(landing, || {});
            return Err(error);
        };
        entry.note_failure(now);
        let key = ticket.key.clone();
        let arrival = Arrival { entry: Arc::clone(&entry), tier, state: State::Stale };
        ticket.land(Ok(arrival.clone()), || {
            if tier == Tier::Redis {
                self.memory.insert(key, entry);
            }
        });
        Ok(arrival)
    }

    fn note_load<E>(&self, namespace: Namespace, started: Duration, result: &Result<Option<Loaded>, E>) {
        let took = self.clock.now().saturating_sub(started);
        let counters = self.counters(namespace);
        counters.history.note(self.clock.now(), || counters.totals());
        counters.loads.add(1);
        counters.load_failures.add(u64::from(result.is_err()));
        counters.load_times.record(took);
        telemetry::record_load(namespace, took);
    }
}
