//! Hearing from other nodes what changed, over Redis pub/sub, which promises no delivery.
//!
//! So the bus distrusts itself: on every (re)connection, on a gap in a sender's numbers and on a
//! message it cannot read, everything in memory is forgotten. Nodes beat once a second and hear
//! their own beat; silence means the bus is lost. While it is, memory entries are trusted for
//! [`STALENESS_WITHOUT_BUS`] only.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::StreamExt;
use redis::Msg;
use redis::aio::PubSub;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use super::message::{Message, Sequences};
use super::{Scope, Shared};

/// The longest an entry in memory is trusted while invalidations may be lost.
pub(crate) const STALENESS_WITHOUT_BUS: Duration = Duration::from_secs(5);

const BEAT: Duration = Duration::from_secs(1);
const SILENCE: Duration = Duration::from_secs(3);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const PAUSE_BETWEEN_CONNECTIONS: Duration = Duration::from_millis(500);

/// Whoever forgets what it hears about.
pub(crate) trait Listener: Send + Sync + 'static {
    /// Another node invalidated this.
    fn heard(&self, scope: &Scope);
    /// Anything may have been missed.
    fn missed_something(&self);
}

/// Listens for as long as the listener lives.
pub(crate) async fn listen<L: Listener>(shared: Arc<Shared>, listener: Weak<L>) {
    while listener.strong_count() > 0 {
        if let Some(subscription) = subscribe(&shared).await {
            session(&shared, &listener, subscription).await;
            let was_connected = shared.bus_connected.swap(false, Ordering::AcqRel);
            if was_connected && listener.strong_count() > 0 {
                tracing::warn!("the cache's invalidation bus is lost: memory entries are trusted for 5 s");
            }
        }
        sleep(PAUSE_BETWEEN_CONNECTIONS).await;
        shared.pass_on().await;
    }
}

async fn subscribe(shared: &Shared) -> Option<PubSub> {
    let mut subscription = timeout(CONNECT_TIMEOUT, shared.client().get_async_pubsub()).await.ok()?.ok()?;
    timeout(CONNECT_TIMEOUT, subscription.subscribe(shared.names.channel())).await.ok()?.ok()?;
    Some(subscription)
}

/// One connection, from the forgetting at its start until it breaks or falls silent.
async fn session<L: Listener>(shared: &Shared, listener: &Weak<L>, subscription: PubSub) {
    let Some(missed) = listener.upgrade() else { return };
    missed.missed_something();
    drop(missed);
    shared.bus_connected.store(true, Ordering::Release);
    tracing::info!("the cache's invalidation bus is connected");

    let mut messages = subscription.into_on_message();
    let mut sequences = Sequences::default();
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last_heard = Instant::now();
    loop {
        tokio::select! {
            message = messages.next() => {
                let (Some(message), Some(listener)) = (message, listener.upgrade()) else { return };
                last_heard = Instant::now();
                hear(shared, listener.as_ref(), &mut sequences, &message);
            }
            _ = beat.tick() => {
                if last_heard.elapsed() > SILENCE || listener.strong_count() == 0 {
                    return;
                }
                shared.pass_on().await;
                shared.beat().await;
            }
        }
    }
}

fn hear(shared: &Shared, listener: &impl Listener, sequences: &mut Sequences, message: &Msg) {
    let text = std::str::from_utf8(message.get_payload_bytes()).unwrap_or_default();
    let Some(message) = Message::decode(text) else {
        tracing::warn!("a message on the cache's bus cannot be read: everything in memory is forgotten");
        return listener.missed_something();
    };
    if message.origin == shared.origin {
        return;
    }
    if sequences.missed_before(&message) {
        tracing::warn!(origin = message.origin, "messages on the cache's bus were missed: everything is forgotten");
        listener.missed_something();
    }
    if let Some(scope) = &message.scope {
        listener.heard(scope);
    }
}
