//! The one way to talk to Redis: breaker, timeout, and a connection that is replaced when broken.
//!
//! The connection manager reconnects by itself after I/O errors, but keeps the failure for good
//! when a server refused the greeting (loading its data, wanting a password). So each time the
//! breaker has to step in, the manager is replaced as well.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisResult};

use super::breaker::{Breaker, BreakerState, Permit, Verdict};
use crate::{BuildError, Clock};

pub(crate) struct Link {
    client: Client,
    manager: Mutex<ConnectionManager>,
    breaker: Breaker,
    timeout: Duration,
    clock: Arc<dyn Clock>,
    latency_micros: AtomicU64,
    errors: AtomicU64,
    last_error: Mutex<Option<String>>,
}

impl Link {
    /// Connects on first use.
    pub(crate) fn new(client: Client, timeout: Duration, clock: Arc<dyn Clock>) -> Result<Self, BuildError> {
        let manager = new_manager(&client, timeout).map_err(|_| BuildError::RedisAddress)?;
        Ok(Self {
            client,
            manager: Mutex::new(manager),
            breaker: Breaker::new(),
            timeout,
            clock,
            latency_micros: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            last_error: Mutex::new(None),
        })
    }

    /// Holds one conversation. `None` if the breaker refused it, it failed or took too long.
    pub(crate) async fn run<T, F>(&self, conversation: impl FnOnce(ConnectionManager) -> F) -> Option<T>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let started = self.clock.now();
        let permit = self.breaker.enter(started)?;
        let connection = lock(&self.manager).clone();
        match tokio::time::timeout(self.timeout, conversation(connection)).await {
            Ok(Ok(answer)) => {
                let took = self.clock.now().saturating_sub(started);
                self.latency_micros.store(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
                if permit.succeed() == Verdict::Closed {
                    tracing::info!(address = self.address(), "redis answers again: the cache has two tiers");
                }
                Some(answer)
            }
            Ok(Err(error)) => self.note_failure(permit, error.to_string()),
            Err(_) => self.note_failure(permit, format!("no answer within {:?}", self.timeout)),
        }
    }

    fn note_failure<T>(&self, permit: Permit<'_>, text: String) -> Option<T> {
        let text = self.without_secrets(text);
        self.errors.fetch_add(1, Ordering::Relaxed);
        *lock(&self.last_error) = Some(text.clone());
        if permit.fail(self.clock.now()) == Verdict::Opened {
            tracing::warn!(address = self.address(), error = text, "redis fails: the cache lives in memory only");
        }
        if self.breaker() != BreakerState::Closed
            && let Ok(manager) = new_manager(&self.client, self.timeout)
        {
            *lock(&self.manager) = manager;
        }
        None
    }

    fn without_secrets(&self, text: String) -> String {
        match self.client.get_connection_info().redis_settings().password() {
            Some(password) if !password.is_empty() => text.replace(password, "***"),
            _ => text,
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Host and port, without user or password.
    pub(crate) fn address(&self) -> String {
        self.client.get_connection_info().addr().to_string()
    }

    pub(crate) fn breaker(&self) -> BreakerState {
        self.breaker.state(self.clock.now())
    }

    pub(crate) fn latency(&self) -> Duration {
        Duration::from_micros(self.latency_micros.load(Ordering::Relaxed))
    }

    pub(crate) fn errors(&self) -> u64 {
        self.errors.load(Ordering::Relaxed)
    }

    pub(crate) fn last_error(&self) -> Option<String> {
        lock(&self.last_error).clone()
    }
}

/// One attempt per connection: the breaker decides when the next is due.
fn new_manager(client: &Client, timeout: Duration) -> RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_number_of_retries(0)
        .set_connection_timeout(Some(timeout))
        .set_response_timeout(Some(timeout));
    ConnectionManager::new_lazy_with_config(client.clone(), config)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
