//! `/events`, `/orders/{id}/events` and `/ws`: what happens, as it happens.
//!
//! A stream first reads what was missed from the database, then listens. Positions are never kept: the newest wins. It
//! ends with the token that opened it: the client comes back with a fresh one, in which rights are read anew.

pub(super) mod channels;
pub(super) mod follow;
pub mod order_stream;
pub(super) mod place;
pub mod scope;
mod socket;
pub mod user_stream;
pub mod wire;

use std::sync::Arc;

use axum::response::sse::Event;
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Server;

pub use socket::socket;

/// The endpoints of this noun. `/ws` is not among them: OpenAPI cannot describe it.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(user_stream::follow_events)).routes(routes!(order_stream::follow_order))
}

/// One message of a stream.
#[derive(Debug)]
pub struct Message {
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

    const fn worded(name: &'static str, id: Option<String>, data: String) -> Self {
        Self { name, id, data }
    }

    /// Whether an order or a link tells no more after it.
    fn is_the_end(&self) -> bool {
        self.name == "end"
    }

    fn of(live: &app::events::hub::Live) -> Self {
        Self::worded(live.name, live.id.clone(), live.data.clone())
    }

    fn sse(self) -> Event {
        let event = Event::default().event(self.name).data(self.data);
        match self.id {
            Some(id) => event.id(id),
            None => event,
        }
    }
}

pub(super) type Stop = tokio::sync::watch::Receiver<bool>;

/// Waits until the server is to stop.
async fn stopped(mut stop: Stop) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
