//! The tier that nodes share: Redis, which may be absent, slow, full or wrong.
//!
//! Every conversation goes through the breaker and a timeout, and every failure reads as "not
//! there". A value carries the generation of its namespace, and is stored only if neither that
//! nor the mark "this key changed" became another while it was loaded. Both are tokens that never
//! come twice, not counts, so what Redis loses can only fail to match.

mod bookmark;
mod breaker;
mod bus;
mod connection;
mod envelope;
mod link;
mod message;
mod pending;
mod room;
mod scripts;
mod settings;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use redis::{Cmd, Pipeline, pipe};

pub use breaker::BreakerState;
pub(crate) use bus::{Listener, STALENESS_WITHOUT_BUS, listen};
pub(crate) use connection::Connector;
pub(crate) use link::Link;
pub(crate) use message::Scope;
pub(crate) use settings::Names;
pub use settings::RedisSettings;

use crate::entry::Entry;
use crate::memory::{Key, KeyRef};
use crate::{BuildError, Clock, Namespace, RedisHealth};
use envelope::{Envelope, millis};
use message::Message;
use pending::Pending;
use scripts::{READ_OR_START_GENERATION, Replacement, STORE_IF_UNCHANGED, SWEEP, forgetting, publishing};

/// Invalidations passed on in one conversation.
const BATCH: usize = 256;

/// Counts kept for those who wait for them.
const MOST_COUNTS: usize = 4_096;

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
    /// Held while telling; what the notes told lately removed, for those who wait to hear it.
    passing_on: tokio::sync::Mutex<HashMap<u64, u64>>,
    bus_connected: AtomicBool,
    clock: Arc<dyn Clock>,
}

impl Shared {
    pub(crate) fn new(settings: &RedisSettings, origin: u64, clock: Arc<dyn Clock>) -> Result<Self, BuildError> {
        Ok(Self {
            link: Link::new(Connector::new(&settings.address)?, settings.timeout, Arc::clone(&clock))?,
            names: settings.names()?,
            pending: Pending::default(),
            origin,
            sequence: AtomicU64::new(0),
            token: AtomicU64::new(0),
            passing_on: tokio::sync::Mutex::default(),
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
        let key = key.as_ref();
        let Some(sealed) = self.seal(key, entry, generations) else { return };
        let mut store = STORE_IF_UNCHANGED.key(self.names.value(key));
        store.key(self.names.key_change(key)).key(self.names.generation(key.namespace));
        store.arg(&generations.change[..]).arg(&generations.namespace[..]);
        store.arg(sealed).arg(millis(entry.windows.keep));
        let stored = |mut connection| async move { store.invoke_async::<i64>(&mut connection).await };
        self.link.run(stored).await;
    }

    /// Puts what a committed change made of a key, unless the key or its namespace changed since
    /// `generations` were read, and tells the other nodes that their answers are old. `note` is
    /// that change's own. `None` if Redis did not answer; the note stays then.
    pub(crate) async fn put(&self, scope: &Scope, entry: &Entry, generations: &Generations, note: u64) -> Option<bool> {
        let (Scope::Key(key) | Scope::Older(key, _)) = scope else { return None };
        let sealed = self.seal(key.as_ref(), entry, generations)?;
        let replacement = Replacement {
            key: key.as_ref(),
            before: generations,
            token: self.new_token(),
            version: entry.version,
            sealed,
            keep: entry.windows.keep,
        };
        let put = replacement.command(&self.names);
        let _turn = self.passing_on.lock().await;
        let message = self.message(scope);
        let stored = self.say(vec![(scope.namespace(), put)], &[message]).await?;
        self.pending.passed_on(&[(scope.clone(), note)]);
        Some(stored == [1])
    }

    fn seal(&self, key: KeyRef<'_>, entry: &Entry, generations: &Generations) -> Option<Vec<u8>> {
        let envelope = Envelope {
            content: entry.content.clone(),
            windows: entry.windows,
            load_time: entry.load_time,
            generation: generations.namespace.clone(),
        };
        envelope.seal(key).filter(|_| millis(entry.windows.keep) > 0)
    }

    /// Makes a note of an invalidation; [`Shared::pass_on`] tells Redis and the other nodes.
    pub(crate) fn note(&self, scope: Scope) -> u64 {
        self.pending.note(scope)
    }

    /// Tells Redis and the other nodes every invalidation noted so far. What cannot be told now
    /// stays noted and is told later. Answers how many values `waiting`, a note of one key,
    /// removed from Redis.
    pub(crate) async fn pass_on(&self, waiting: Option<u64>) -> Option<u64> {
        if self.link.breaker() == BreakerState::Open {
            // Making ready what cannot be told would cost each change as much as hundreds of answers.
            return None;
        }
        // One at a time, so that messages leave in the order of their numbers.
        let mut told = self.passing_on.lock().await;
        loop {
            let batch = self.pending.batch(BATCH);
            if batch.is_empty() {
                break;
            }
            let Some(counts) = self.tell(&batch).await else { break };
            self.pending.passed_on(&batch);
            if told.len() > MOST_COUNTS {
                // Whoever waited for these has gone.
                told.clear();
            }
            let keys =
                batch.iter().zip(counts).filter(|((scope, _), _)| matches!(scope, Scope::Key(_) | Scope::Older(..)));
            told.extend(keys.map(|((_, note), removed)| (*note, removed)));
        }
        told.remove(&waiting?)
    }

    /// Tells a batch of notes; answers for each what its command did.
    async fn tell(&self, batch: &[(Scope, u64)]) -> Option<Vec<u64>> {
        let forget = |(scope, _): &(Scope, u64)| (scope.namespace(), forgetting(&self.names, scope, &self.new_token()));
        let messages: Vec<_> = batch.iter().map(|(scope, _)| self.message(scope)).collect();
        self.say(batch.iter().map(forget).collect(), &messages).await
    }

    /// The next message of this node.
    fn message(&self, scope: &Scope) -> String {
        let sequence = self.sequence.fetch_add(1, Ordering::Relaxed) + 1;
        Message { origin: self.origin, sequence, scope: Some(scope.clone()) }.encode()
    }

    /// Sends commands, then messages; answers what the commands answered. Not a transaction: a
    /// Redis without memory refuses those, even to remove something. In a cluster each namespace
    /// may live elsewhere, so there it takes a conversation for each.
    async fn say(&self, commands: Vec<(Namespace, Cmd)>, messages: &[String]) -> Option<Vec<u64>> {
        let apart = self.link.connector().clustered();
        let mut talks: Vec<Pipeline> = Vec::new();
        for neighbours in commands.chunk_by(|one, other| !apart || one.0 == other.0) {
            let mut talk = pipe();
            for (_, command) in neighbours {
                talk.add_command(command.clone());
            }
            talks.push(talk);
        }
        let mut publish = if apart { pipe() } else { talks.pop().unwrap_or_default() };
        for message in messages {
            publish.add_command(publishing(&self.names, message)).ignore();
        }
        talks.push(publish);
        let answers = |mut connection| async move {
            let mut answers = Vec::new();
            for talk in talks {
                answers.extend(talk.query_async::<Vec<u64>>(&mut connection).await?);
            }
            Ok(answers)
        };
        self.link.run(answers).await
    }

    /// Frees the values of a namespace step by step; answers how many those were, or `None` if
    /// Redis stopped answering.
    pub(crate) async fn sweep(&self, namespace: Namespace) -> Option<u64> {
        let (mut cursor, mut removed) = (0_u64, 0_u64);
        loop {
            let mut step = SWEEP.key(self.names.generation(namespace));
            step.arg(cursor).arg(self.names.values(namespace));
            let swept = |mut connection| async move { step.invoke_async::<(u64, u64)>(&mut connection).await };
            let (next, count) = self.link.run(swept).await?;
            removed += count;
            if next == 0 {
                return Some(removed);
            }
            cursor = next;
        }
    }

    /// Says "I am here, and this was my last message", with a number by which this node knows
    /// its own beat again.
    async fn beat(&self, number: u64) {
        let _turn = self.passing_on.lock().await;
        let sequence = self.sequence.load(Ordering::Relaxed);
        let beat = Message { origin: self.origin, sequence, scope: None };
        self.say(Vec::new(), &[beat.encode_beat(number)]).await;
    }

    /// Finds out whether Redis serves again, if it did not, and takes writes again, if it refused them.
    async fn probe(&self) {
        let mut write = redis::cmd("UNLINK");
        write.arg(self.names.probe());
        self.link.probe(write).await;
        self.try_writing().await;
    }

    pub(crate) fn bus_connected(&self) -> bool {
        self.bus_connected.load(Ordering::Acquire)
    }

    pub(crate) fn health(&self) -> RedisHealth {
        RedisHealth {
            address: self.link.address(),
            clustered: self.link.connector().clustered(),
            breaker: self.link.breaker(),
            bus_connected: self.bus_connected(),
            latency: self.link.latency(),
            latency_p50: self.link.latencies().quantile(500),
            latency_p99: self.link.latencies().quantile(990),
            errors: self.link.errors(),
            last_error: self.link.last_error(),
            writes_refused: self.link.refusal(),
            pending_invalidations: self.pending.len(),
        }
    }

    /// Different on every call of every node, as the nodes' seeds differ.
    fn new_token(&self) -> String {
        let number = self.token.fetch_add(1, Ordering::Relaxed);
        format!("{:x}-{:x}-{number:x}", self.origin, self.clock.now().as_nanos())
    }
}

type Maybe = Option<Vec<u8>>;
type Triple = (Maybe, Maybe, Maybe);
