//! `/orders/{id}/events`: one order until it has ended.
//!
//! The id of an event is the order's version, and what is sent is always read from the order's history: a status can
//! neither be lost nor come out of order, whatever was missed in between.

use std::sync::Arc;

use app::{
    App, Ctx, Error,
    events::hub::Live,
    orders::{OrderView, Step},
};
use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::id::OrderId;

use super::{
    Message,
    channels::Channels,
    follow::{Telling, Watch, Watching, answer, lasts, over},
    wire::{ArrivalEvent, EndEvent, FollowedEvent, StatusEvent},
};
use crate::{
    Server,
    http::{
        extract::Id,
        guard::{Caller, Expiry},
        problem::{Answer, Problem},
    },
};

/// One order's changes of status and its courier's positions, as server-sent events, until it has ended. Resumes after
/// `Last-Event-ID`, the version last seen.
#[utoipa::path(get, path = "/orders/{id}/events", tag = "live",
    params(("id" = Uuid, Path), ("Last-Event-ID" = Option<String>, Header, description = "The version last seen")),
    responses((status = 200, content_type = "text/event-stream", body = FollowedEvent),
        (status = "4XX", body = Problem)))]
pub async fn follow_order(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Expiry(expires): Expiry,
    Id(id): Id<OrderId>,
    headers: HeaderMap,
) -> Answer<Response> {
    // Only who may see the order opens channels. Listening then begins before it is read, so nothing falls between.
    server.app.order(&ctx, id).await?;
    let channels = Channels::open(&server.app.hub, id);
    let view = server.app.order(&ctx, id).await?;
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let over = over(server.stop(), lasts(ctx.now, expires));
    let mut reader = Reader { app: Arc::clone(&server.app), ctx, id, seen: seen.unwrap_or(-1) };
    let mut telling = Telling::default();
    reader.tell(&view, &mut telling);
    Ok(answer(Watching::of(reader, channels, over, telling)).into_response())
}

/// Somebody who may see an order, and how much of it they have seen.
struct Reader {
    app: Arc<App>,
    ctx: Ctx,
    id: OrderId,
    seen: i64,
}

impl Watch for Reader {
    /// Reads the order again as the one who asks: a right that was lost ends the stream.
    async fn look(&mut self, telling: &mut Telling) {
        match self.app.order(&self.ctx, self.id).await {
            Ok(view) => self.tell(&view, telling),
            Err(Error::Unavailable(_)) => {}
            Err(_) => telling.end(),
        }
    }

    async fn position(&mut self, live: &Live, telling: &mut Telling) {
        // One that cannot be told now is old before it could be told again.
        if let Ok(data) = self.app.position_told(&self.ctx, self.id, live).await {
            telling.say(Message::worded("position", None, data));
        }
    }
}

impl Reader {
    /// Tells what of an order is new.
    fn tell(&mut self, view: &OrderView, telling: &mut Telling) {
        for step in view.history.iter().filter(|step| step.position > self.seen) {
            telling.say(status(view, step));
        }
        self.seen = view.history.iter().map(|step| step.position).fold(self.seen, i64::max);
        telling.say(arrival(view));
        if view.status.is_final() {
            telling.say(Message::new("end", None, &EndEvent { status: view.status.as_str() }));
            telling.end();
        }
    }
}

fn status(view: &OrderView, step: &Step) -> Message {
    Message::new("status", Some(step.position.to_string()), &StatusEvent::of(view, step))
}

/// When it should arrive, which may move without a change of status.
fn arrival(view: &OrderView) -> Message {
    Message::new("eta", None, &ArrivalEvent::of(view))
}
