//! `/track/{token}/events`: what a link shows, as it happens.
//!
//! The first event and one after each change tell the whole order; between them come positions of whoever has it now.
//! A link that ended, was revoked or whose order is over ends the stream.

use std::{collections::VecDeque, sync::Arc};

use app::{
    App, Ctx, Error,
    events::hub::{Live, Topic},
    tracking_links::SharedOrder,
};
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use domain::{
    id::{CourierId, OrderId},
    order::Status,
    permission::Actor,
};
use serde::Serialize;
use tokio::{sync::broadcast, time::Interval};
use utoipa::ToSchema;

use super::{SharedOrderResponse, SharedPositionResponse, Token};
use crate::{
    Server,
    api::live::{Follow, Message, Over, answer, heartbeat, lasts, over, wire::EndEvent},
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
    let hub = &server.app.hub;
    let (changes, positions) = (hub.listen(Topic::Order(id)), hub.listen(Topic::Position(id)));
    let shared = server.app.shared_order(&ctx, &token).await?;
    let over = over(server.stop(), lasts(ctx.now, Some(shared.expires_at)));
    let mut follower = Follower {
        app: Arc::clone(&server.app),
        token,
        id,
        courier: None,
        status: Status::Placed,
        changes,
        positions,
        heartbeat: heartbeat(),
        over,
        waiting: VecDeque::new(),
        ended: false,
    };
    follower.tell(shared);
    Ok(answer(follower).into_response())
}

struct Follower {
    app: Arc<App>,
    token: String,
    id: OrderId,
    /// Who has the order, as far as this stream has been told.
    courier: Option<CourierId>,
    status: Status,
    changes: broadcast::Receiver<Arc<Live>>,
    positions: broadcast::Receiver<Arc<Live>>,
    heartbeat: Interval,
    over: Over,
    waiting: VecDeque<Message>,
    ended: bool,
}

impl Follow for Follower {
    async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some(message) = self.waiting.pop_front() {
                return Some(message);
            }
            if self.ended {
                return None;
            }
            tokio::select! {
                // A message or the news that some were lost: both mean to look. Boxed, like each look: a stream waits far
                // longer than it reads, and should not keep the room for it.
                _ = self.changes.recv() => Box::pin(self.look()).await,
                // Of positions that are lost the newer one is told.
                Ok(live) = self.positions.recv() => {
                    let shown = Box::pin(self.shown(&live)).await;
                    self.waiting.extend(shown);
                }
                _ = self.heartbeat.tick() => Box::pin(self.look()).await,
                () = &mut self.over => self.ended = true,
            }
        }
    }
}

impl Follower {
    /// Reads the order again through the link, until that is no good any more.
    async fn look(&mut self) {
        let ctx: Ctx = self.app.ctx(Actor::Anonymous);
        match self.app.shared_order(&ctx, &self.token).await {
            Ok(shared) => self.tell(shared),
            Err(Error::Unavailable(_)) => {}
            Err(_) => self.ended = true,
        }
    }

    fn tell(&mut self, shared: SharedOrder) {
        (self.status, self.courier) = (shared.view.status, shared.view.row.courier_id);
        self.waiting.push_back(Message::new("tracking", None, &SharedOrderResponse::of(shared)));
        if self.status.is_final() {
            self.waiting.push_back(Message::new("end", None, &EndEvent { status: self.status.as_str() }));
            self.ended = true;
        }
    }

    /// What a link shows of a position of whoever has the order; nothing of anybody else's.
    async fn shown(&self, live: &Live) -> Option<Message> {
        let (courier, position) = live.position.filter(|(courier, _)| Some(*courier) == self.courier)?;
        let shown = self.app.shown_of(self.id, self.status, courier, position).await.ok()??;
        Some(Message::new("position", None, &SharedPositionResponse::of(shown)))
    }
}
