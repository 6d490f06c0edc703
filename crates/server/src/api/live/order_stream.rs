//! `/orders/{id}/events`: one order until it has ended.
//!
//! The id of an event is the order's version, and what is sent is always read from the order's history: a status can
//! neither be lost nor come out of order, whatever was missed in between.

use std::sync::Arc;

use app::{
    App, Ctx, Error,
    events::hub::Topic,
    orders::{OrderView, Step},
};
use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::id::OrderId;
use tokio::sync::{broadcast, mpsc};

use super::{
    BACKLOG, HEARTBEAT, Message, answer, lasts, over,
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
    let channels = Channels::open(&server.app, id);
    let view = Box::new(server.app.order(&ctx, id).await?);
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let (sender, receiver) = mpsc::channel(BACKLOG);
    let (app, over) = (Arc::clone(&server.app), over(server.stop(), lasts(ctx.now, expires)));
    tokio::spawn(async move {
        let mut follower = Follower { app, ctx, id, seen: seen.unwrap_or(-1), sender };
        // Boxed, like each look later on: a stream waits far longer than it reads, and should not keep the room for it.
        if Box::pin(follower.send_new(*view)).await == Some(Going::On) {
            follower.follow(channels, over).await;
        }
    });
    Ok(answer(receiver).into_response())
}

struct Channels {
    status: broadcast::Receiver<Arc<app::events::hub::Live>>,
    position: broadcast::Receiver<Arc<app::events::hub::Live>>,
}

impl Channels {
    fn open(app: &App, id: OrderId) -> Self {
        Self { status: app.hub.listen(Topic::Order(id)), position: app.hub.listen(Topic::Position(id)) }
    }
}

#[derive(PartialEq, Eq)]
enum Going {
    On,
    Ended,
}

struct Follower {
    app: Arc<App>,
    ctx: Ctx,
    id: OrderId,
    seen: i64,
    sender: mpsc::Sender<Message>,
}

impl Follower {
    async fn follow(&mut self, mut channels: Channels, over: impl Future<Output = ()>) {
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        heartbeat.tick().await;
        tokio::pin!(over);
        loop {
            let going = tokio::select! {
                // A message or the news that some were lost: both mean to look.
                _ = channels.status.recv() => Box::pin(self.look()).await,
                position = channels.position.recv() => self.forward(position),
                _ = heartbeat.tick() => Box::pin(self.look()).await,
                () = &mut over => return,
            };
            if going != Some(Going::On) {
                return;
            }
        }
    }

    /// Reads the order again as the one who asks: a right that was lost ends the stream.
    async fn look(&mut self) -> Option<Going> {
        match self.app.order(&self.ctx, self.id).await {
            Ok(view) => self.send_new(view).await,
            Err(Error::Unavailable(_)) => Some(Going::On),
            Err(_) => None,
        }
    }

    async fn send_new(&mut self, view: OrderView) -> Option<Going> {
        let fresh: Vec<Step> = view.history.iter().filter(|step| step.position > self.seen).cloned().collect();
        for step in fresh {
            self.seen = step.position;
            self.sender.send(status(&view, &step)).await.ok()?;
        }
        self.sender.send(arrival(&view)).await.ok()?;
        if !view.status.is_final() {
            return Some(Going::On);
        }
        let end = Message::new("end", None, &EndEvent { status: view.status.as_str() });
        self.sender.send(end).await.ok()?;
        Some(Going::Ended)
    }

    /// A position is dropped when the reader is slow; the next one is better anyway.
    fn forward(&self, position: Result<Arc<app::events::hub::Live>, broadcast::error::RecvError>) -> Option<Going> {
        let Ok(live) = position else { return Some(Going::On) };
        let message = Message::worded("position", None, live.data.clone());
        match self.sender.try_send(message) {
            Ok(()) | Err(mpsc::error::TrySendError::Full(_)) => Some(Going::On),
            Err(mpsc::error::TrySendError::Closed(_)) => None,
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
