//! `/events`: everything that concerns the caller.

use std::{ops::ControlFlow, sync::Arc};

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
use tokio::time::Interval;
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};

use super::{
    Message,
    follow::{Follow, Over, Telling, answer, heartbeat, lasts, over},
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
const MOST_MISSED: usize = 1_000;

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
    Ok(answer(Follower::of(&server, &ctx, &user, expires, last)).into_response())
}

/// Tells a user what was missed since some event, then everything new, until their token ends.
pub(super) struct Follower {
    app: Arc<App>,
    channels: SelectAll<BroadcastStream<Arc<Live>>>,
    heartbeat: Interval,
    over: Over,
    /// What is to be read first: since when, and of what.
    missed: Option<Box<(Position, Vec<Topic>)>>,
    telling: Telling,
}

impl Follower {
    /// Begins to listen.
    pub(super) fn of(
        server: &Server,
        ctx: &Ctx,
        user: &User,
        expires: Option<Timestamp>,
        last: Option<Position>,
    ) -> Self {
        let app = Arc::clone(&server.app);
        let wanted = topics(&app, user);
        // Listening begins before the missed is read, so nothing falls between; what comes twice is harmless.
        let channels = wanted.iter().map(|topic| BroadcastStream::new(app.hub.listen(*topic))).collect();
        let mut telling = Telling::default();
        telling.say(ping(ctx.now));
        Self {
            app,
            channels,
            heartbeat: heartbeat(),
            over: over(server.stop(), lasts(ctx.now, expires)),
            missed: last.map(|last| Box::new((last, wanted))),
            telling,
        }
    }

    async fn read_missed(&mut self, last: Position, wanted: &[Topic]) {
        // What cannot be read now is as good as too much: the client reads everything anew.
        let Ok(missed) = self.app.events_after(last, MOST_MISSED).await else {
            return self.telling.say(lagged(0));
        };
        if missed.len() == MOST_MISSED {
            let end = missed.last().map(position);
            let id = end.map(|at| format!("{}-{}", at.xid, at.seq));
            return self.telling.say(Message { id, ..lagged(0) });
        }
        for (live, topics) in missed.iter().filter_map(Live::of) {
            if topics.iter().any(|topic| wanted.contains(topic)) {
                self.telling.say(Message::of(&live));
            }
        }
    }
}

impl Follow for Follower {
    async fn next(&mut self) -> Option<Message> {
        loop {
            if let ControlFlow::Break(told) = self.telling.due(&mut self.over) {
                return told;
            }
            if let Some(missed) = self.missed.take() {
                let (last, wanted) = *missed;
                // Boxed: a stream waits far longer than it reads, and should not keep the room for it.
                Box::pin(self.read_missed(last, &wanted)).await;
                continue;
            }
            return tokio::select! {
                next = self.channels.next() => match next? {
                    Ok(live) => Some(Message::of(&live)),
                    // Too slow to be told one by one: read everything anew.
                    Err(BroadcastStreamRecvError::Lagged(missed)) => Some(lagged(missed)),
                },
                _ = self.heartbeat.tick() => Some(ping(self.app.now())),
                () = &mut self.over => None,
            };
        }
    }
}

fn lagged(missed: u64) -> Message {
    Message::new("reload", None, &ReloadEvent { missed })
}

fn ping(at: Timestamp) -> Message {
    Message::new("ping", None, &PingEvent { at })
}

/// An event id, `transaction-sequence`, as a position.
pub fn read_position(id: &str) -> Option<Position> {
    let (xid, seq) = id.split_once('-')?;
    Some(Position { xid: xid.parse().ok()?, seq: seq.parse().ok()? })
}
