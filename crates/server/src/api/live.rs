//! `/events`, `/orders/{id}/events` and `/ws`: what happens, as it happens.
//!
//! A stream first reads what was missed from the database, then listens. Positions are never kept: the newest wins. It
//! ends with the token that opened it: the client comes back with a fresh one, in which rights are read anew.
//!
//! Thousands are held at once and wait nearly all the time. So a stream is neither a task nor a channel of its own: it
//! moves when its connection asks for the next message, and nothing is prepared for who does not read.

pub mod order_stream;
pub mod scope;
mod socket;
pub mod user_stream;
pub mod wire;

use std::{convert::Infallible, pin::Pin, sync::Arc, time::Duration};

use axum::response::{Sse, sse::Event};
use futures_util::{Stream, StreamExt as _, stream};
use jiff::Timestamp;
use serde::Serialize;
use tokio::time::{Instant, Interval, interval_at};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Server;

pub use socket::socket;

/// How often a stream says something, if only that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The endpoints of this noun. `/ws` is not among them: OpenAPI cannot describe it.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(user_stream::follow_events)).routes(routes!(order_stream::follow_order))
}

/// One message of a stream. Boxed, because a channel keeps room for many and most are never used.
#[derive(Clone, Debug)]
pub struct Message(Box<Words>);

/// What a message says.
#[derive(Clone, Debug)]
struct Words {
    name: &'static str,
    id: Option<String>,
    data: String,
}

impl Message {
    /// A message without an id says something worth sending but not worth keeping.
    pub(super) fn new(name: &'static str, id: Option<String>, data: &impl Serialize) -> Self {
        // These types are plain structs with text keys; they can always be written.
        Self::worded(name, id, serde_json::to_string(data).unwrap_or_default())
    }

    fn worded(name: &'static str, id: Option<String>, data: String) -> Self {
        Self(Box::new(Words { name, id, data }))
    }

    fn of(live: &app::events::hub::Live) -> Self {
        Self::worded(live.name, live.id.clone(), live.data.clone())
    }

    fn sse(self) -> Event {
        let Words { name, id, data } = *self.0;
        let event = Event::default().event(name).data(data);
        match id {
            Some(id) => event.id(id),
            None => event,
        }
    }
}

pub(super) type Stop = tokio::sync::watch::Receiver<bool>;

/// Comes when a stream must end.
pub(super) type Over = Pin<Box<dyn Future<Output = ()> + Send + Sync>>;

/// How long a token is good for yet; what came without one does not end by it.
pub(super) fn lasts(now: Timestamp, expires: Option<Timestamp>) -> Duration {
    expires.map_or(Duration::MAX, |expires| expires.duration_since(now).try_into().unwrap_or_default())
}

/// Waits until the server is to stop, or the token that opened a stream ends.
pub(super) fn over(stop: Stop, lasts: Duration) -> Over {
    Box::pin(async move {
        tokio::select! {
            () = stopped(stop) => {}
            () = tokio::time::sleep(lasts) => {}
        }
    })
}

/// Waits until the server is to stop.
async fn stopped(mut stop: Stop) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// When a stream says something in any case.
pub(super) fn heartbeat() -> Interval {
    interval_at(Instant::now() + HEARTBEAT, HEARTBEAT)
}

/// One who follows something, and tells of it.
pub(super) trait Follow: Send + 'static {
    /// What is told next; `None` once there is no more to tell.
    fn next(&mut self) -> impl Future<Output = Option<Message>> + Send;
}

/// What somebody tells, as long as they do.
pub(super) fn told(follower: impl Follow) -> impl Stream<Item = Message> + Send + 'static {
    stream::unfold(Box::new(follower), |mut follower| async move {
        let message = follower.next().await?;
        Some((message, follower))
    })
}

/// The same as server-sent events.
pub(super) fn answer(follower: impl Follow) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    Sse::new(told(follower).map(|message| Ok(message.sse())))
}
