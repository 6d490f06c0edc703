//! `/events`: everything that concerns the caller.

use std::sync::Arc;

use app::{
    App, Ctx, Error,
    events::{
        hub::{Live, Topic},
        position,
    },
};
use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::permission::User;
use futures_util::{StreamExt as _, stream::SelectAll};
use jiff::Timestamp;
use store::outbox::Position;
use tokio::sync::mpsc;
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};

use super::{
    BACKLOG, HEARTBEAT, Message, answer, lasts, over,
    scope::topics,
    wire::{PingEvent, ReloadEvent, UserEvent},
};
use crate::{
    Server,
    http::{
        guard::{Caller, Expiry},
        problem::{Answer, Problem},
    },
};

/// The most that is read back after a reconnect; who was away longer reads everything anew.
const MOST_MISSED: i64 = 1_000;

/// Events that concern the caller, as server-sent events. Resumes after `Last-Event-ID`.
#[utoipa::path(get, path = "/events", tag = "live",
    params(("Last-Event-ID" = Option<String>, Header, description = "Where to continue")),
    responses((status = 200, content_type = "text/event-stream", body = UserEvent), (status = "4XX", body = Problem)))]
pub async fn follow_events(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Expiry(expires): Expiry,
    headers: HeaderMap,
) -> Answer<Response> {
    let user = ctx.actor.user().cloned().ok_or(Error::Forbidden)?;
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(read_position);
    Ok(answer(stream(&server, &ctx, user, expires, last)).into_response())
}

/// Starts a stream for a user: what was missed since `last`, then everything new, until their token ends.
pub fn stream(
    server: &Server,
    ctx: &Ctx,
    user: User,
    expires: Option<Timestamp>,
    last: Option<Position>,
) -> mpsc::Receiver<Message> {
    let (sender, receiver) = mpsc::channel(BACKLOG);
    let (app, stop, lasts) = (Arc::clone(&server.app), server.stop(), lasts(ctx.now, expires));
    let opened = ctx.now;
    tokio::spawn(async move {
        let hello = Message::new("ping", None, &PingEvent { at: opened });
        if sender.send(hello).await.is_ok() {
            relay(&app, &user, last, &sender, over(stop, lasts)).await;
        }
    });
    receiver
}

async fn relay(
    app: &App,
    user: &User,
    last: Option<Position>,
    sender: &mpsc::Sender<Message>,
    over: impl Future<Output = ()>,
) {
    let wanted = topics(app, user);
    // Listening begins before the missed is read, so nothing falls between; what comes twice is harmless.
    let channels = wanted.iter().map(|topic| BroadcastStream::new(app.hub.listen(*topic)));
    let mut channels: SelectAll<_> = channels.collect();
    if let Some(last) = last
        && Box::pin(send_missed(app, &wanted, last, sender)).await.is_err()
    {
        return;
    }
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    heartbeat.tick().await;
    tokio::pin!(over);
    loop {
        let message = tokio::select! {
            next = channels.next() => match next {
                Some(Ok(live)) => Message::of(&live),
                // Too slow to be told one by one: read everything anew.
                Some(Err(BroadcastStreamRecvError::Lagged(missed))) => lagged(missed),
                None => return,
            },
            _ = heartbeat.tick() => ping(app),
            () = &mut over => return,
        };
        if sender.try_send(message).is_err() {
            return;
        }
    }
}

async fn send_missed(app: &App, wanted: &[Topic], last: Position, sender: &mpsc::Sender<Message>) -> Result<(), ()> {
    let missed = app.events_after(last, MOST_MISSED).await.unwrap_or_default();
    if missed.len() == usize::try_from(MOST_MISSED).unwrap_or(usize::MAX) {
        let end = missed.last().map(position);
        let mut reload = lagged(0);
        reload.0.id = end.map(|at| format!("{}-{}", at.xid, at.seq));
        return sender.send(reload).await.map_err(|_| ());
    }
    for recorded in missed {
        if let Some((live, topics)) = Live::of(&recorded)
            && topics.iter().any(|topic| wanted.contains(topic))
        {
            sender.send(Message::of(&live)).await.map_err(|_| ())?;
        }
    }
    Ok(())
}

fn lagged(missed: u64) -> Message {
    Message::new("reload", None, &ReloadEvent { missed })
}

fn ping(app: &App) -> Message {
    let at = app.ctx(domain::permission::Actor::System).now;
    Message::new("ping", None, &PingEvent { at })
}

/// An event id, `transaction-sequence`, as a position.
pub fn read_position(id: &str) -> Option<Position> {
    let (xid, seq) = id.split_once('-')?;
    Some(Position { xid: xid.parse().ok()?, seq: seq.parse().ok()? })
}
