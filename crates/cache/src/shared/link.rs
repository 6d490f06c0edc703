//! The one way to talk to Redis: breaker, timeout, and a connection that is replaced when broken.
//!
//! The connection reconnects by itself after I/O errors, but keeps the failure for good when a
//! server refused the greeting (loading its data, wanting a password). So when the breaker has to
//! step in, and whenever a probe fails, the connection is replaced as well.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::{Cmd, ErrorKind, RedisError, RedisResult, ServerErrorKind};

use super::breaker::{Breaker, BreakerState, Failure, Permit, Verdict};
use super::connection::{Connection, Connector};
use super::room::refuses;
use crate::clock::micros;
use crate::histogram::Histogram;
use crate::{BuildError, Clock};

pub(crate) struct Link {
    connector: Connector,
    connection: Mutex<Connection>,
    breaker: Breaker,
    timeout: Duration,
    clock: Arc<dyn Clock>,
    latency_micros: AtomicU64,
    latencies: Histogram,
    errors: AtomicU64,
    last_error: Mutex<Option<String>>,
    /// What Redis said when it was full, until a write succeeds.
    refusal: Mutex<Option<String>>,
}

impl Link {
    /// Connects on first use.
    pub(crate) fn new(connector: Connector, timeout: Duration, clock: Arc<dyn Clock>) -> Result<Self, BuildError> {
        let connection = connector.connect(timeout).map_err(|_| BuildError::RedisAddress)?;
        Ok(Self {
            connector,
            connection: Mutex::new(connection),
            breaker: Breaker::default(),
            timeout,
            clock,
            latency_micros: AtomicU64::new(0),
            latencies: Histogram::new(),
            errors: AtomicU64::new(0),
            last_error: Mutex::new(None),
            refusal: Mutex::new(None),
        })
    }

    /// Holds one conversation. `None` if the breaker refused it, it failed or took too long.
    pub(crate) async fn run<T, F>(&self, conversation: impl FnOnce(Connection) -> F) -> Option<T>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let permit = self.breaker.enter(self.clock.now())?;
        self.converse(permit, conversation).await
    }

    /// Asks Redis, while the breaker keeps everybody else away, whether it serves again.
    pub(crate) async fn probe(&self, question: Cmd) {
        if let Some(permit) = self.breaker.probe(self.clock.now()) {
            self.converse(permit, |mut connection| async move { question.exec_async(&mut connection).await }).await;
        }
    }

    async fn converse<T, F>(&self, permit: Permit<'_>, conversation: impl FnOnce(Connection) -> F) -> Option<T>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let started = self.clock.now();
        let connection = lock(&self.connection).clone();
        match tokio::time::timeout(self.timeout, conversation(connection)).await {
            Ok(Ok(answer)) => {
                self.note_success(permit, self.clock.now().saturating_sub(started));
                Some(answer)
            }
            Ok(Err(error)) => {
                if refuses(&error) {
                    self.note_refusal(&error);
                }
                self.note_failure(permit, kind_of(&error), error.to_string())
            }
            Err(_) => self.note_failure(permit, Failure::Slow, format!("no answer within {:?}", self.timeout)),
        }
    }

    fn note_success(&self, permit: Permit<'_>, took: Duration) {
        self.latency_micros.store(micros(took), Ordering::Relaxed);
        self.latencies.record(took);
        if permit.succeed() == Verdict::Closed {
            tracing::info!(address = self.address(), "redis answers again: the cache has two tiers");
        }
    }

    /// Reads go on succeeding on a Redis that is full, so this is no matter of the breaker.
    fn note_refusal(&self, error: &RedisError) {
        let text = self.connector.without_secrets(error.to_string());
        let before = lock(&self.refusal).replace(text.clone());
        if before.is_none() {
            tracing::warn!(address = self.address(), error = text, "redis is full: it takes no answers");
        }
    }

    /// A write was taken.
    pub(super) fn note_written(&self) {
        if lock(&self.refusal).take().is_some() {
            tracing::info!(address = self.address(), "redis takes answers again");
        }
    }

    /// What Redis said when it last refused a write for want of memory; `None` once it takes writes.
    pub(crate) fn refusal(&self) -> Option<String> {
        lock(&self.refusal).clone()
    }

    fn note_failure<T>(&self, permit: Permit<'_>, failure: Failure, text: String) -> Option<T> {
        let text = self.connector.without_secrets(text);
        self.errors.fetch_add(1, Ordering::Relaxed);
        *lock(&self.last_error) = Some(text.clone());
        let probe = permit.is_probe();
        let opened = permit.fail(self.clock.now(), failure) == Verdict::Opened;
        if opened {
            tracing::warn!(address = self.address(), error = text, "redis fails: the cache lives in memory only");
        }
        if (opened || probe)
            && let Ok(connection) = self.connector.connect(self.timeout)
        {
            *lock(&self.connection) = connection;
        }
        None
    }

    pub(crate) fn connector(&self) -> &Connector {
        &self.connector
    }

    pub(crate) fn address(&self) -> String {
        self.connector.address()
    }

    pub(crate) fn breaker(&self) -> BreakerState {
        self.breaker.state(self.clock.now())
    }

    pub(crate) fn latency(&self) -> Duration {
        Duration::from_micros(self.latency_micros.load(Ordering::Relaxed))
    }

    pub(crate) fn latencies(&self) -> &Histogram {
        &self.latencies
    }

    pub(crate) fn errors(&self) -> u64 {
        self.errors.load(Ordering::Relaxed)
    }

    pub(crate) fn last_error(&self) -> Option<String> {
        lock(&self.last_error).clone()
    }
}

fn kind_of(error: &RedisError) -> Failure {
    use ServerErrorKind::{BusyLoading, ClusterDown, MasterDown, ReadOnly};
    match error.kind() {
        ErrorKind::Server(BusyLoading | ClusterDown | MasterDown | ReadOnly) => Failure::Refused,
        _ if error.is_timeout() => Failure::Slow,
        _ => Failure::Quick,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
