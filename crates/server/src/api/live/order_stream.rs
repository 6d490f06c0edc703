//! `/orders/{id}/events`: one order until it has ended. `/ws` tells the same of the order that is subscribed to.
//!
//! The id of an event is the order's version, and what is sent is always read from the order's history: a status can
//! neither be lost nor come out of order, whatever was missed in between.

use std::sync::Arc;

use app::{
    App, Ctx, Error,
    events::hub::Live,
    orders::{OrderView, Step},
    positions::Position,
};
use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::id::OrderId;
use jiff::Timestamp;

use super::{
    Message,
    channels::Channels,
    follow::{Over, Telling, Watch, Watching, answer, lasts, over},
    place::LastPlace,
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
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let over = over(server.stop(), lasts(ctx.now, expires));
    Ok(answer(follow(&server.app, ctx, id, seen, over).await?).into_response())
}

/// Follows an order with the eyes of somebody who may see it, from after the version that they have `seen`.
pub(super) async fn follow(
    app: &Arc<App>,
    ctx: Ctx,
    id: OrderId,
    seen: Option<i64>,
    over: Over,
) -> Result<Watching<Reader>, Error> {
    // Only who may see the order opens channels. Listening then begins before it is read, so nothing falls between.
    app.order(&ctx, id).await?;
    let channels = Channels::open(&app.hub, id);
    let view = app.order(&ctx, id).await?;
    let mut reader = Reader { app: Arc::clone(app), ctx, id, seen: seen.unwrap_or(-1), place: LastPlace::default() };
    let mut telling = Telling::default();
    reader.tell(&view, &mut telling).await;
    Ok(Watching::of(reader, channels, over, telling))
}

/// Somebody who may see an order, and how much of it they have seen.
pub(super) struct Reader {
    app: Arc<App>,
    ctx: Ctx,
    id: OrderId,
    seen: i64,
    place: LastPlace,
}

impl Watch for Reader {
    /// Reads the order again as the one who asks: a right that was lost ends the stream.
    async fn look(&mut self, telling: &mut Telling) {
        match self.app.order(&self.ctx, self.id).await {
            Ok(view) => self.tell(&view, telling).await,
            Err(Error::Unavailable(_)) => {}
            Err(_) => telling.end(),
        }
    }

    async fn position(&mut self, live: &Live, telling: &mut Telling) {
        let Some((courier, Position { at, .. })) = live.position else { return };
        // One that cannot be told now is old before it could be told again.
        if self.place.is_news(courier, at)
            && let Ok(data) = self.app.position_told(&self.ctx, self.id, live).await
        {
            self.tell_place(at, data, telling);
        }
    }
}

impl Reader {
    /// Tells what of an order is new.
    async fn tell(&mut self, view: &OrderView, telling: &mut Telling) {
        for step in view.history.iter().filter(|step| step.position > self.seen) {
            telling.say(status(view, step));
        }
        self.seen = view.history.iter().map(|step| step.position).fold(self.seen, i64::max);
        telling.say(arrival(view));
        self.tell_read_place(view, telling).await;
        if view.status.is_final() {
            telling.say(Message::new("end", None, &EndEvent { status: view.status.as_str() }));
            telling.end();
        }
    }

    /// Tells where the courier was when the order was read, if no message told it: those of another node may be lost.
    async fn tell_read_place(&mut self, view: &OrderView, telling: &mut Telling) {
        self.place.follow(view.row.courier_id);
        let Some((courier, (_, at))) = view.row.courier_id.zip(view.courier_at) else { return };
        if self.place.is_news(courier, at)
            && let Ok(Some(data)) = self.app.position_read(view).await
        {
            self.tell_place(at, data, telling);
        }
    }

    fn tell_place(&mut self, at: Timestamp, data: String, telling: &mut Telling) {
        self.place.told(at);
        telling.say(Message::worded("position", None, data));
    }
}

fn status(view: &OrderView, step: &Step) -> Message {
    Message::new("status", Some(step.position.to_string()), &StatusEvent::of(view, step))
}

/// When it should arrive, which may move without a change of status.
fn arrival(view: &OrderView) -> Message {
    Message::new("eta", None, &ArrivalEvent::of(view))
}
