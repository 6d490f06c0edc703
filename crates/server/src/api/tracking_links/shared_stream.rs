//! `/track/{token}/events`: what a link shows, as it happens.
//!
//! The first event, one after each change and one every 15 seconds tell the whole order, its courier's place too; between
//! them come positions of whoever has it now.
//! A link that ended, was revoked or whose order is over ends the stream.

use std::sync::Arc;

use app::{App, Ctx, Error, events::hub::Live, positions::Position, tracking_links::SharedOrder};
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use domain::{id::OrderId, order::Status, permission::Actor};
use serde::Serialize;
use utoipa::ToSchema;

use super::{SharedOrderResponse, SharedPositionResponse, Token};
use crate::{
    Server,
    api::live::{
        Message,
        channels::Channels,
        follow::{Telling, Watch, Watching, answer, lasts, over},
        place::LastPlace,
        wire::EndEvent,
    },
    http::{
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// What an event says, by its name: `tracking`, `position` or `end`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "a description")]
enum SharedEvent {
    /// `tracking`.
    Order(Box<SharedOrderResponse>),
    /// `position`.
    Position(SharedPositionResponse),
    /// `end`.
    End(EndEvent),
}

/// What a link shows, as server-sent events, until the order or the link has ended. Every `tracking` tells all of it, so
/// there is nothing to resume.
#[utoipa::path(get, path = "/track/{token}/events", tag = "tracking links", params(("token" = String, Path)),
    responses((status = 200, content_type = "text/event-stream", body = SharedEvent),
        (status = "4XX", body = Problem)))]
pub(super) async fn follow_shared(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Token(token): Token,
) -> Answer<Response> {
    // Only a good link opens channels. Listening then begins before the order is read, so nothing falls between.
    let id = server.app.shared_order(&ctx, &token).await?.view.row.id;
    let channels = Channels::open(&server.app.hub, id);
    let shared = server.app.shared_order(&ctx, &token).await?;
    let over = over(server.stop(), lasts(ctx.now, Some(shared.expires_at)));
    let place = LastPlace::default();
    let mut guest = Guest { app: Arc::clone(&server.app), token, id, place, status: Status::Placed };
    let mut telling = Telling::default();
    guest.tell(shared, &mut telling);
    Ok(answer(Watching::of(guest, channels, over, telling)).into_response())
}

/// Somebody who has a link, and what they have been told.
struct Guest {
    app: Arc<App>,
    token: String,
    id: OrderId,
    place: LastPlace,
    status: Status,
}

impl Watch for Guest {
    /// Reads the order again through the link, until that is no good any more.
    async fn look(&mut self, telling: &mut Telling) {
        let ctx: Ctx = self.app.ctx(Actor::Anonymous);
        match self.app.shared_order(&ctx, &self.token).await {
            Ok(shared) => self.tell(shared, telling),
            Err(Error::Unavailable(_)) => {}
            Err(_) => telling.end(),
        }
    }

    /// Positions of whoever has the order now, and of nobody else.
    async fn position(&mut self, live: &Live, telling: &mut Telling) {
        let Some((courier, position)) =
            live.position.filter(|(courier, Position { at, .. })| self.place.is_news(*courier, *at))
        else {
            return;
        };
        if let Ok(Some(shown)) = self.app.shown_of(self.id, self.status, courier, position).await {
            self.place.told(shown.at);
            telling.say(Message::new("position", None, &SharedPositionResponse::of(shown)));
        }
    }
}

impl Guest {
    fn tell(&mut self, shared: SharedOrder, telling: &mut Telling) {
        self.status = shared.view.status;
        self.place.follow(shared.view.row.courier_id);
        if let Some(shown) = shared.courier_at {
            self.place.told(shown.at);
        }
        telling.say(Message::new("tracking", None, &SharedOrderResponse::of(shared)));
        if self.status.is_final() {
            telling.say(Message::new("end", None, &EndEvent { status: self.status.as_str() }));
            telling.end();
        }
    }
}
