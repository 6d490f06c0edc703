//! Hearing from other nodes what changed, over Redis pub/sub, which promises no delivery.
//!
//! So the bus distrusts itself: on every (re)connection, on a gap in a sender's numbers and on a
//! message it cannot read, everything in memory is forgotten. Nodes beat once a second and hear
//! their own beats: what was published before a beat was sent has been heard when the beat is.
//! Where that moment lies too far back, the bus is lost, be it silent or merely late. While it is
//! lost, memory entries are trusted for [`STALENESS_WITHOUT_BUS`] only.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::StreamExt;
use redis::aio::PubSub;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use super::message::{Message, Sequences};
use super::{Scope, Shared};

/// The longest an entry in memory is trusted while invalidations may be lost.
pub(crate) const STALENESS_WITHOUT_BUS: Duration = Duration::from_secs(5);

const BEAT: Duration = Duration::from_secs(1);
/// How far back the latest beat that was heard may have been sent.
const LATEST: Duration = Duration::from_secs(3);
const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);
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
    let mut attempt = 0;
    while listener.strong_count() > 0 {
        if let Some(subscription) = subscribe(&shared, attempt).await {
            session(&shared, &listener, subscription).await;
            let was_connected = shared.bus_connected.swap(false, Ordering::AcqRel);
            if was_connected && listener.strong_count() > 0 {
                tracing::warn!("the cache's invalidation bus is lost: memory entries are trusted for 5 s");
            }
        }
        attempt += 1;
        sleep(PAUSE_BETWEEN_CONNECTIONS).await;
        shared.probe().await;
        shared.pass_on(None).await;
    }
}

async fn subscribe(shared: &Shared, attempt: usize) -> Option<PubSub> {
    let mut subscription = timeout(CONNECT_TIMEOUT, shared.link.connector().hear(attempt)).await.ok()?.ok()?;
    timeout(CONNECT_TIMEOUT, subscription.subscribe(shared.names.channel())).await.ok()?.ok()?;
    Some(subscription)
}

/// The beats that a node sent and has not heard yet.
struct Beats {
    next: u64,
    under_way: VecDeque<(u64, Instant)>,
    /// Everything published before this moment has been heard.
    heard_until: Instant,
}

impl Beats {
    fn begin() -> Self {
        Self { next: 0, under_way: VecDeque::new(), heard_until: Instant::now() }
    }

    /// Numbers a beat that is sent now.
    fn send(&mut self) -> u64 {
        self.next += 1;
        self.under_way.push_back((self.next, Instant::now()));
        self.next
    }

    fn hear(&mut self, number: u64) {
        while let Some((oldest, sent)) = self.under_way.pop_front_if(|(sent, _)| *sent <= number) {
            if oldest == number {
                self.heard_until = sent;
            }
        }
    }

    fn are_late(&self) -> bool {
        self.heard_until.elapsed() > LATEST
    }
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
    let mut beats = Beats::begin();
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            message = messages.next() => {
                let (Some(message), Some(listener)) = (message, listener.upgrade()) else { return };
                let text = std::str::from_utf8(message.get_payload_bytes()).unwrap_or_default();
                match Message::own_beat(text, shared.origin) {
                    Some(number) => beats.hear(number),
                    None => hear(shared, listener.as_ref(), &mut sequences, text),
                }
            }
            _ = beat.tick() => {
                if beats.are_late() || listener.strong_count() == 0 {
                    return;
                }
                shared.probe().await;
                shared.pass_on(None).await;
                shared.beat(beats.send()).await;
            }
        }
    }
}

fn hear(shared: &Shared, listener: &impl Listener, sequences: &mut Sequences, text: &str) {
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
