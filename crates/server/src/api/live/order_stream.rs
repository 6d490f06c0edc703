//! `/orders/{id}/events`: one order until it has ended.
//!
//! The id of an event is the order's version, and what is sent is always read from the order's history: a status can
//! neither be lost nor come out of order, whatever was missed in between.

use std::{collections::VecDeque, sync::Arc};

use app::{
    App, Ctx, Error,
    events::hub::{Live, Topic},
    orders::{OrderView, Step},
};
use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::id::OrderId;
use tokio::{sync::broadcast, time::Interval};

use super::{
    Follow, Message, Over, answer, heartbeat, lasts, over,
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
    let hub = &server.app.hub;
    let (changes, positions) = (hub.listen(Topic::Order(id)), hub.listen(Topic::Position(id)));
    let view = server.app.order(&ctx, id).await?;
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let over = over(server.stop(), lasts(ctx.now, expires));
    let mut follower = Follower {
        app: Arc::clone(&server.app),
        ctx,
        id,
        seen: seen.unwrap_or(-1),
        changes,
        positions,
        heartbeat: heartbeat(),
        over,
        waiting: VecDeque::new(),
        ended: false,
    };
    follower.tell(&view);
    Ok(answer(follower).into_response())
}

struct Follower {
    app: Arc<App>,
    ctx: Ctx,
    id: OrderId,
    seen: i64,
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
                Ok(position) = self.positions.recv() => {
                    return Some(Message::worded("position", None, position.data.clone()));
                }
                _ = self.heartbeat.tick() => Box::pin(self.look()).await,
                () = &mut self.over => self.ended = true,
            }
        }
    }
}

impl Follower {
    /// Reads the order again as the one who asks: a right that was lost ends the stream.
    async fn look(&mut self) {
        match self.app.order(&self.ctx, self.id).await {
            Ok(view) => self.tell(&view),
            Err(Error::Unavailable(_)) => {}
            Err(_) => self.ended = true,
        }
    }

    /// Tells what of an order is new.
    fn tell(&mut self, view: &OrderView) {
        for step in view.history.iter().filter(|step| step.position > self.seen) {
            self.waiting.push_back(status(view, step));
        }
        self.seen = view.history.iter().map(|step| step.position).max().unwrap_or_default().max(self.seen);
        self.waiting.push_back(arrival(view));
        if view.status.is_final() {
            self.waiting.push_back(Message::new("end", None, &EndEvent { status: view.status.as_str() }));
            self.ended = true;
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
