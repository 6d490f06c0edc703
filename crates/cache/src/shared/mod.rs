//! The tier that nodes share: Redis, which may be absent, slow, full or wrong.
//!
//! Every conversation goes through the breaker and a timeout, and every failure reads as "not
//! there". A value carries the generation of its namespace, and is stored only if neither that
//! nor the mark "this key changed" became another while it was loaded. Both are tokens that never
//! come twice, not counts, so what Redis loses can only fail to match.

mod breaker;
mod bus;
mod envelope;
mod link;
mod message;
mod pending;
mod scripts;
mod settings;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use redis::{Client, pipe};

pub use breaker::BreakerState;
pub(crate) use bus::{Listener, STALENESS_WITHOUT_BUS, listen};
pub(crate) use message::Scope;
pub use settings::RedisSettings;

use crate::entry::Entry;
use crate::memory::{Key, KeyRef};
use crate::{BuildError, Clock, RedisHealth};
use envelope::{Envelope, millis};
use link::Link;
use message::Message;
use pending::Pending;
use scripts::{READ_OR_START_GENERATION, STORE_IF_UNCHANGED, add_forgetting};
use settings::Names;

/// Invalidations passed on in one conversation.
const BATCH: usize = 256;

/// What a load began under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Generations {
    /// Mark of the key's last change; empty if there was none lately.
    change: Vec<u8>,
    /// Generation of the namespace, never empty.
    namespace: Vec<u8>,
}

/// What Redis knows about a key.
pub(crate) struct Fetched {
    pub(crate) entry: Option<Entry>,
    pub(crate) generations: Generations,
}

pub(crate) struct Shared {
    link: Link,
    names: Names,
    pending: Pending,
    origin: u64,
    sequence: AtomicU64,
    token: AtomicU64,
    passing_on: tokio::sync::Mutex<()>,
    bus_connected: AtomicBool,
    clock: Arc<dyn Clock>,
}

impl Shared {
    pub(crate) fn new(settings: &RedisSettings, origin: u64, clock: Arc<dyn Clock>) -> Result<Self, BuildError> {
        Ok(Self {
            link: Link::new(settings.client()?, settings.timeout, Arc::clone(&clock))?,
            names: settings.names()?,
            pending: Pending::default(),
            origin,
            sequence: AtomicU64::new(0),
            token: AtomicU64::new(0),
            passing_on: tokio::sync::Mutex::new(()),
            bus_connected: AtomicBool::new(false),
            clock,
        })
    }

    /// Reads a key. `None` if Redis cannot say, or must not be asked because it has not heard of
    /// an invalidation yet.
    pub(crate) async fn fetch(&self, key: KeyRef<'_>) -> Option<Fetched> {
        if self.pending.covers(key) {
            return None;
        }
        let value_name = self.names.value(key);
        let mut ask = pipe();
        ask.cmd("MGET").arg(&value_name).arg(self.names.key_change(key));
        ask.arg(self.names.generation(key.namespace));
        ask.cmd("PTTL").arg(&value_name);
        let asked = |mut connection| async move { ask.query_async(&mut connection).await };
        let ((sealed, change, generation), left): (Triple, i64) = self.link.run(asked).await?;
        let change = change.unwrap_or_default();
        let Some(generation) = generation else {
            let generation = self.start_generation(key).await?;
            return Some(Fetched { entry: None, generations: Generations { change, namespace: generation } });
        };
        let left = u64::try_from(left).map(Duration::from_millis).ok();
        let entry = left.zip(sealed).and_then(|(left, sealed)| self.open(key, &sealed.into(), left, &generation));
        Some(Fetched { entry, generations: Generations { change, namespace: generation } })
    }

    /// What is left of its time in Redis tells the age, so the nodes' clocks need not agree.
    fn open(&self, key: KeyRef<'_>, sealed: &bytes::Bytes, left: Duration, generation: &[u8]) -> Option<Entry> {
        let envelope = Envelope::open(sealed, key)?;
        if envelope.generation != generation {
            return None;
        }
        let age = envelope.windows.keep.saturating_sub(left);
        let now = self.clock.now();
        Some(Entry::arrived(envelope.content, envelope.windows, age, now, envelope.load_time))
    }

    async fn start_generation(&self, key: KeyRef<'_>) -> Option<Vec<u8>> {
        let mut start = READ_OR_START_GENERATION.key(self.names.generation(key.namespace));
        start.arg(self.new_token());
        self.link.run(|mut connection| async move { start.invoke_async(&mut connection).await }).await
    }

    /// Writes an answer, unless its key or namespace changed since `generations` were read.
    pub(crate) async fn store(&self, key: &Key, entry: &Entry, generations: &Generations) {
        let envelope = Envelope {
            content: entry.content.clone(),
            windows: entry.windows,
            load_time: entry.load_time,
            generation: generations.namespace.clone(),
        };
        let key = key.as_ref();
        let Some(sealed) = envelope.seal(key).filter(|_| millis(entry.windows.keep) > 0) else {
            return;
        };
        let mut store = STORE_IF_UNCHANGED.key(self.names.value(key));
        store.key(self.names.key_change(key)).key(self.names.generation(key.namespace));
        store.arg(&generations.change[..]).arg(&generations.namespace[..]);
        store.arg(sealed).arg(millis(entry.windows.keep));
        let stored = |mut connection| async move { store.invoke_async::<i64>(&mut connection).await };
        self.link.run(stored).await;
    }

    /// Makes a note of an invalidation; [`Shared::pass_on`] tells Redis and the other nodes.
    pub(crate) fn note(&self, scope: Scope) {
        self.pending.note(scope);
    }

    /// Tells Redis and the other nodes every invalidation noted so far. What cannot be told now
    /// stays noted and is told later.
    pub(crate) async fn pass_on(&self) {
        // One at a time, so that messages leave in the order of their numbers.
        let _turn = self.passing_on.lock().await;
        loop {
            let batch = self.pending.batch(BATCH);
            if batch.is_empty() {
                return;
            }
            // Not a transaction: a Redis without memory refuses those, even to remove something.
            let mut tell = pipe();
            for (scope, _) in &batch {
                let sequence = self.sequence.fetch_add(1, Ordering::Relaxed) + 1;
                let message = Message { origin: self.origin, sequence, scope: Some(scope.clone()) };
                add_forgetting(&mut tell, &self.names, scope, &self.new_token(), &message.encode());
            }
            let told = |mut connection| async move { tell.exec_async(&mut connection).await };
            if self.link.run(told).await.is_none() {
                return;
            }
            self.pending.passed_on(&batch);
        }
    }

    /// Says "I am here, and this was my last message".
    async fn beat(&self) {
        let _turn = self.passing_on.lock().await;
        let sequence = self.sequence.load(Ordering::Relaxed);
        let message = Message { origin: self.origin, sequence, scope: None };
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(self.names.channel()).arg(message.encode());
        self.link.run(|mut connection| async move { publish.exec_async(&mut connection).await }).await;
    }

    pub(crate) fn bus_connected(&self) -> bool {
        self.bus_connected.load(Ordering::Acquire)
    }

    pub(crate) fn health(&self) -> RedisHealth {
        RedisHealth {
            address: self.link.address(),
            breaker: self.link.breaker(),
            bus_connected: self.bus_connected(),
            latency: self.link.latency(),
            errors: self.link.errors(),
            last_error: self.link.last_error(),
            pending_invalidations: self.pending.len(),
        }
    }

    fn client(&self) -> &Client {
        self.link.client()
    }

    /// Different on every call of every node, as the nodes' seeds differ.
    fn new_token(&self) -> String {
        let number = self.token.fetch_add(1, Ordering::Relaxed);
        format!("{:x}-{:x}-{number:x}", self.origin, self.clock.now().as_nanos())
    }
}

type Maybe = Option<Vec<u8>>;
type Triple = (Maybe, Maybe, Maybe);
