//! `/ws`: the same events over a WebSocket.
//!
//! The first message must be `{"type":"authenticate","access_token":".."}`, so that no token stands in an address.
//! `{"type":"subscribe","order_id":".."}` adds the positions of an order's courier, for as long as the order may be seen.
//! A courier's phone says `{"type":"report","fixes":[..]}`, the same fixes as `POST /couriers/{id}/locations`, and is told
//! `reported`: what was taken and what was not.

use std::{pin::Pin, sync::Arc, time::Duration};

use app::{Ctx, positions::Fix};
use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{CloseFrame, Message as Frame, WebSocket},
    },
    response::Response,
};
use domain::{
    id::OrderId,
    permission::{Action, Actor},
};
use futures_util::{Stream, StreamExt as _};
use serde::Deserialize;
use serde_json::json;

use super::{
    Message,
    channels::{Channels, Heard},
    follow::told,
    user_stream::{Follower, read_position},
};
use crate::{
    Server,
    api::couriers::{FixRequest, ReportedResponse},
    http::{
        connections::TAKEN_WITHIN,
        problem::{FORBIDDEN, Problem},
    },
};

/// How long somebody may stay silent before saying who they are.
const INTRODUCTION: Duration = Duration::from_secs(5);
const LARGEST_FRAME: usize = 4_096;
/// Bytes that are read at once, and kept for each that listens. Most say little.
const READ_AT_ONCE: usize = 512;
/// RFC 6455: policy violation.
const REFUSED: u16 = 1_008;
/// RFC 6455, registry: service restart.
const RESTART: u16 = 1_012;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Said {
    Authenticate { access_token: String, last_event_id: Option<String> },
    Subscribe { order_id: OrderId },
    Report { fixes: Vec<FixRequest> },
}

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
    let said = first.ok().flatten().and_then(Result::ok).and_then(|frame| read(&frame));
    let Some(Said::Authenticate { access_token, last_event_id }) = said else {
        return Err((REFUSED, "authenticate first"));
    };
    let ctx = server.app.ctx(Actor::Anonymous);
    let Ok(access) = server.app.read_access_token(&access_token, ctx.now) else {
        return Err((REFUSED, "the token is not valid"));
    };
    let last = last_event_id.as_deref().and_then(read_position);
    let follower = Follower::of(server, &ctx, &access.user, Some(access.expires), last);
    let ctx = ctx.acting_as(Actor::User(access.user));
    Ok(Conversation { server: Arc::clone(server), ctx, messages: Box::pin(told(follower)), subscribed: None })
}

struct Conversation {
    server: Arc<Server>,
    ctx: Ctx,
    /// Not to be shared between threads, and so is the conversation.
    messages: Pin<Box<dyn Stream<Item = Message> + Send>>,
    subscribed: Option<Subscribed>,
}

/// An order whose courier is followed.
struct Subscribed {
    order_id: OrderId,
    channels: Channels,
}

impl Conversation {
    /// Goes on until one of both has enough; says why, unless the other side is gone.
    async fn hold(mut self, socket: &mut WebSocket) -> Option<Parting> {
        loop {
            let message = tokio::select! {
                message = self.messages.next() => match message {
                    Some(message) => message,
                    None => return Some((RESTART, "come back: the server restarts, or the token has ended")),
                },
                Some((order, heard)) = next(&mut self.subscribed) => match heard {
                    Heard::Position(live) => match Box::pin(self.server.app.position_told(&self.ctx, order, &live)).await {
                        Ok(data) => Message::worded("position", None, data),
                        // One that cannot be told now is old before it could be told again.
                        Err(_) => continue,
                    },
                    Heard::Change => {
                        Box::pin(self.look_again()).await;
                        continue;
                    }
                },
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
        match read(said)? {
            Said::Authenticate { .. } => None,
            Said::Subscribe { order_id } => {
                self.subscribe(order_id).await;
                None
            }
            Said::Report { fixes } => Some(self.report(fixes).await),
        }
    }

    async fn subscribe(&mut self, order_id: OrderId) {
        if self.may_see(order_id).await {
            self.subscribed = Some(Subscribed { order_id, channels: Channels::open(&self.server.app.hub, order_id) });
            // It may have changed hands between the question and the listening.
            self.look_again().await;
        }
    }

    /// Takes the positions of the courier who speaks.
    async fn report(&mut self, fixes: Vec<FixRequest>) -> Message {
        let Some(courier) = self.ctx.actor.user().and_then(|user| user.courier_id) else {
            return Message::new("problem", None, &Problem::of(FORBIDDEN));
        };
        // The conversation is older than what is said in it.
        let ctx = self.server.app.ctx(self.ctx.actor.clone());
        let fixes: Vec<Fix> = fixes.into_iter().map(Fix::from).collect();
        match self.server.app.report_positions(&ctx, courier, &fixes).await {
            Ok(reported) => Message::new("reported", None, &ReportedResponse::of(reported)),
            Err(error) => Message::new("problem", None, &Problem::from(error)),
        }
    }

    /// Ends the positions of an order that may not be seen any more.
    async fn look_again(&mut self) {
        if let Some(order_id) = self.subscribed.as_ref().map(|subscribed| subscribed.order_id)
            && !self.may_see(order_id).await
        {
            self.subscribed = None;
        }
    }

    async fn may_see(&mut self, order_id: OrderId) -> bool {
        self.ctx.reach(Action::OrderRead).is_ok() && self.server.app.order(&self.ctx, order_id).await.is_ok()
    }
}

/// What is heard of the order that is followed, if one is.
async fn next(subscribed: &mut Option<Subscribed>) -> Option<(OrderId, Heard)> {
    let Subscribed { order_id, channels } = subscribed.as_mut()?;
    let (order, heard) = (*order_id, channels.hear().await);
    if heard.is_none() {
        *subscribed = None;
    }
    heard.map(|heard| (order, heard))
}

fn read(frame: &Frame) -> Option<Said> {
    match frame {
        Frame::Text(text) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

fn frame(message: &Message) -> Frame {
    let Message { name, id, data } = message;
    // The data is JSON already, and stays as it is.
    Frame::text(format!("{{\"event\":{},\"id\":{},\"data\":{data}}}", json!(name), json!(id)))
}
