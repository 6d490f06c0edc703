//! `/ws`: the same events over a WebSocket.
//!
//! The first message must be `{"type":"authenticate","access_token":".."}`, so that no token stands in an address.
//! `{"type":"subscribe","order_id":".."}` adds what `/orders/{id}/events` tells, after the version `last_event_id` if that
//! is named, for as long as the order may be seen. One order is followed at a time.
//! A courier's phone says `{"type":"report","fixes":[..]}`, the same fixes as `POST /couriers/{id}/locations`, and is told
//! `reported`: what was taken and what was not. Who is refused is told `problem`, as over HTTP.

mod said;

use std::{pin::Pin, sync::Arc, time::Duration};

use app::{Ctx, Error, positions::Fix};
use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{CloseFrame, Message as Frame, WebSocket},
    },
    response::Response,
};
use domain::permission::Actor;
use futures_util::{Stream, StreamExt as _};
use serde_json::json;

use super::{
    Message,
    follow::told,
    order_stream::follow,
    user_stream::{Follower, read_position},
};
use crate::{
    Server,
    api::couriers::ReportedResponse,
    http::{
        connections::TAKEN_WITHIN,
        problem::{FORBIDDEN, NOT_FOUND, Problem},
    },
};
use said::{Report, Said, Subscribe};

/// How long somebody may stay silent before saying who they are.
const INTRODUCTION: Duration = Duration::from_secs(5);
const LARGEST_FRAME: usize = 4_096;
/// Bytes that are read at once, and kept for each that listens. Most say little.
const READ_AT_ONCE: usize = 512;
/// RFC 6455: policy violation.
const REFUSED: u16 = 1_008;
/// RFC 6455, registry: service restart.
const RESTART: u16 = 1_012;

/// Opens a WebSocket.
pub async fn socket(State(server): State<Arc<Server>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .read_buffer_size(READ_AT_ONCE)
        .write_buffer_size(0)
        .max_message_size(LARGEST_FRAME)
        .on_upgrade(move |socket| converse(server, Box::new(socket)))
}

async fn converse(server: Arc<Server>, mut socket: Box<WebSocket>) {
    let parting = match Box::pin(introduced(&server, &mut socket)).await {
        Ok(conversation) => conversation.hold(&mut socket).await,
        Err(refusal) => Some(refusal),
    };
    if let Some((code, reason)) = parting {
        // The other side may be gone already.
        let _ = socket.send(Frame::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
    }
}

/// Why a conversation ends, as the other side is told.
type Parting = (u16, &'static str);

/// Hears who speaks.
async fn introduced(server: &Arc<Server>, socket: &mut WebSocket) -> Result<Conversation, Parting> {
    let first = tokio::time::timeout(INTRODUCTION, socket.recv()).await;
    let said = first.ok().flatten().and_then(Result::ok).and_then(|frame| said::read(&frame));
    let Some(Ok(Said::Authenticate(hello))) = said else {
        return Err((REFUSED, "authenticate first"));
    };
    let ctx = server.app.ctx(Actor::Anonymous);
    let Ok(access) = server.app.read_access_token(&hello.access_token, ctx.now) else {
        return Err((REFUSED, "the token is not valid"));
    };
    let last = hello.last_event_id.as_deref().and_then(read_position);
    let follower = Follower::of(server, &ctx, &access.user, Some(access.expires), last);
    let ctx = ctx.acting_as(Actor::User(access.user));
    Ok(Conversation { server: Arc::clone(server), ctx, messages: Box::pin(told(follower)), subscribed: None })
}

struct Conversation {
    server: Arc<Server>,
    ctx: Ctx,
    messages: Messages,
    /// Of the order that is followed.
    subscribed: Option<Messages>,
}

/// Not to be shared between threads, and so is the conversation.
type Messages = Pin<Box<dyn Stream<Item = Message> + Send>>;

impl Conversation {
    /// Goes on until one of both has enough; says why, unless the other side is gone.
    async fn hold(mut self, socket: &mut WebSocket) -> Option<Parting> {
        loop {
            let message = tokio::select! {
                message = self.messages.next() => match message {
                    Some(message) => message,
                    None => return Some((RESTART, "come back: the server restarts, or the token has ended")),
                },
                Some(message) = next(&mut self.subscribed) => message,
                said = socket.recv() => match said {
                    Some(Ok(Frame::Close(_)) | Err(_)) | None => return None,
                    // Boxed: a conversation waits far longer than it works, and should not keep the room for it.
                    Some(Ok(said)) => match Box::pin(self.hear(&said)).await {
                        Some(message) => message,
                        None => continue,
                    },
                },
            };
            let sending = tokio::time::timeout(TAKEN_WITHIN, socket.send(frame(&message)));
            if !sending.await.is_ok_and(|sent| sent.is_ok()) {
                return None;
            }
        }
    }

    /// What is answered to what was said, if anything is.
    async fn hear(&mut self, said: &Frame) -> Option<Message> {
        let answer = match said::read(said)? {
            Ok(Said::Authenticate(_)) => Err(introduced_already()),
            Ok(Said::Subscribe(wanted)) => self.subscribe(wanted).await.map(|()| None).map_err(Problem::from),
            Ok(Said::Report(report)) => self.report(report).await.map(Some).map_err(Problem::from),
            Err(problem) => Err(problem),
        };
        answer.unwrap_or_else(|problem| Some(refusal(&problem)))
    }

    /// Follows an order instead of the one before, if it may be seen. What it tells is the answer.
    async fn subscribe(&mut self, wanted: Subscribe) -> Result<(), Error> {
        let Subscribe { order_id, last_event_id, .. } = wanted;
        let seen = last_event_id.and_then(|id| id.parse().ok());
        // It ends with the conversation.
        let over = Box::pin(std::future::pending());
        let watching = follow(&self.server.app, self.now(), order_id, seen, over).await?;
        self.subscribed = Some(Box::pin(told(watching)));
        Ok(())
    }

    /// Takes the positions of the courier who speaks.
    async fn report(&mut self, report: Report) -> Result<Message, Error> {
        let courier = self.ctx.actor.user().and_then(|user| user.courier_id).ok_or(Error::Forbidden)?;
        let fixes: Vec<Fix> = report.fixes.into_iter().map(Fix::from).collect();
        let reported = self.server.app.report_positions(&self.now(), courier, &fixes).await?;
        Ok(Message::new("reported", None, &ReportedResponse::of(reported)))
    }

    /// Who speaks, now: the conversation is older than what is said in it.
    fn now(&self) -> Ctx {
        self.server.app.ctx(self.ctx.actor.clone())
    }
}

/// What is told of the order that is followed, if one is. One that has not ended and is told no more may not be seen any
/// more.
async fn next(subscribed: &mut Option<Messages>) -> Option<Message> {
    let message = subscribed.as_mut()?.next().await;
    if message.as_ref().is_none_or(Message::is_the_end) {
        *subscribed = None;
    }
    message.or_else(|| Some(refusal(&Problem::of(NOT_FOUND))))
}

fn refusal(problem: &Problem) -> Message {
    Message::new("problem", None, problem)
}

fn introduced_already() -> Problem {
    Problem::of(FORBIDDEN).detail("Who speaks was said already; another token needs another conversation.")
}

fn frame(message: &Message) -> Frame {
    let Message { name, id, data } = message;
    // The data is JSON already, and stays as it is.
    Frame::text(format!("{{\"event\":{},\"id\":{},\"data\":{data}}}", json!(name), json!(id)))
}
