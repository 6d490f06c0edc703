//! `/events`, `/orders/{id}/events` and `/ws`: what happens, as it happens.
//!
//! A stream first reads what was missed from the database, then listens. Positions are never kept: the newest wins. It
//! ends with the token that opened it: the client comes back with a fresh one, in which rights are read anew.

pub mod order_stream;
pub mod scope;
mod socket;
pub mod user_stream;
pub mod wire;

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::response::{
    Sse,
    sse::{Event, KeepAlive},
};
use futures_util::{Stream, StreamExt as _};
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::mpsc;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Server;

pub use socket::socket;

/// Messages that may wait for a slow reader before it is cut off.
pub(super) const BACKLOG: usize = 64;
/// How often a silent stream says that it is alive.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(15);

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

/// How long a token is good for yet; what came without one does not end by it.
pub(super) fn lasts(now: Timestamp, expires: Option<Timestamp>) -> Duration {
    expires.map_or(Duration::MAX, |expires| expires.duration_since(now).try_into().unwrap_or_default())
}

/// Waits until the server is to stop, or the token that opened a stream ends.
pub(super) async fn over(stop: Stop, lasts: Duration) {
    tokio::select! {
        () = stopped(stop) => {}
        () = tokio::time::sleep(lasts) => {}
    }
}

/// Waits until the server is to stop.
async fn stopped(mut stop: Stop) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The receiving end of a stream as an SSE answer.
pub(super) fn answer(messages: mpsc::Receiver<Message>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let stream = futures_util::stream::unfold(messages, |mut messages| async move {
        let message = messages.recv().await?;
        Some((message, messages))
    });
    Sse::new(stream.map(|message| Ok(message.sse()))).keep_alive(KeepAlive::new().interval(HEARTBEAT))
}
