//! `/track/{token}/events`: what a link shows, as it happens.
//!
//! The first event and one after each change tell the whole order; between them come positions of whoever has it now.
//! A link that ended, was revoked or whose order is over ends the stream.

use std::{pin::pin, sync::Arc};

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
use tokio::sync::{broadcast, mpsc};
use utoipa::ToSchema;

use super::{SharedOrderResponse, SharedPositionResponse, Token};
use crate::{
    Server,
    api::live::{BACKLOG, HEARTBEAT, Message, answer, lasts, over, wire::EndEvent},
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
    let heard = Heard { changes: hub.listen(Topic::Order(id)), positions: hub.listen(Topic::Position(id)) };
    let shared = Box::new(server.app.shared_order(&ctx, &token).await?);
    let (sender, receiver) = mpsc::channel(BACKLOG);
    let over = over(server.stop(), lasts(ctx.now, Some(shared.expires_at)));
    let app = Arc::clone(&server.app);
    tokio::spawn(async move {
        let mut follower = Follower { app, token, id, courier: None, status: Status::Placed, sender };
        // Boxed, like each look later on: a stream waits far longer than it reads, and should not keep the room for it.
        if Box::pin(follower.tell(*shared)).await.is_some() {
            follower.follow(heard, over).await;
        }
    });
    Ok(answer(receiver).into_response())
}

struct Heard {
    changes: broadcast::Receiver<Arc<Live>>,
    positions: broadcast::Receiver<Arc<Live>>,
}

struct Follower {
    app: Arc<App>,
    token: String,
    id: OrderId,
    /// Who has the order, as far as this stream has been told.
    courier: Option<CourierId>,
    status: Status,
    sender: mpsc::Sender<Message>,
}

impl Follower {
    async fn follow(&mut self, mut heard: Heard, over: impl Future<Output = ()>) {
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        heartbeat.tick().await;
        let mut over = pin!(over);
        loop {
            let going = tokio::select! {
                // A message or the news that some were lost: both mean to look.
                _ = heard.changes.recv() => Box::pin(self.look()).await,
                position = heard.positions.recv() => Box::pin(self.forward(position)).await,
                _ = heartbeat.tick() => Box::pin(self.look()).await,
                () = &mut over => return,
            };
            if going.is_none() {
                return;
            }
        }
    }

    /// Reads the order again through the link: `None` once that is no good any more.
    async fn look(&mut self) -> Option<()> {
        let ctx: Ctx = self.app.ctx(Actor::Anonymous);
        match self.app.shared_order(&ctx, &self.token).await {
            Ok(shared) => self.tell(shared).await,
            Err(Error::Unavailable(_)) => Some(()),
            Err(_) => None,
        }
    }

    async fn tell(&mut self, shared: SharedOrder) -> Option<()> {
        (self.status, self.courier) = (shared.view.status, shared.view.row.courier_id);
        let tracking = Message::new("tracking", None, &SharedOrderResponse::of(shared));
        self.sender.send(tracking).await.ok()?;
        if self.status.is_final() {
            let end = Message::new("end", None, &EndEvent { status: self.status.as_str() });
            self.sender.send(end).await.ok()?;
            return None;
        }
        Some(())
    }

    /// Passes on a position of whoever has the order; that of anybody else, and what a slow reader has no room for, is
    /// dropped.
    async fn forward(&self, position: Result<Arc<Live>, broadcast::error::RecvError>) -> Option<()> {
        let Some((courier, position)) = position.ok().and_then(|live| live.position) else { return Some(()) };
        if Some(courier) != self.courier {
            return Some(());
        }
        let Ok(Some(shown)) = self.app.shown_of(self.id, self.status, courier, position).await else {
            return Some(());
        };
        let message = Message::new("position", None, &SharedPositionResponse::of(shown));
        match self.sender.try_send(message) {
            Ok(()) | Err(mpsc::error::TrySendError::Full(_)) => Some(()),
            Err(mpsc::error::TrySendError::Closed(_)) => None,
        }
    }
}
