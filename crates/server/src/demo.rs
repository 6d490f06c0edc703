//! What a demo shows to everybody: its logins and its mailbox. Outside a demo these addresses do not exist.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde::Serialize;

use crate::{
    Server,
    api::messages::{MessageResponse, newest},
    http::problem::{Answer, NOT_FOUND, Problem},
    pages::page,
};

/// A login that everybody may use.
#[derive(Clone, Debug, Serialize)]
pub struct DemoLogin {
    /// Which part it plays.
    pub role: String,
    /// What to type.
    pub login: String,
    /// And its password.
    pub password: String,
}

/// What a demo shows.
#[derive(Clone, Debug, Default)]
pub struct Demo {
    /// One login for each part.
    pub logins: Vec<DemoLogin>,
}

/// The addresses of a demo.
pub fn router() -> Router<Arc<Server>> {
    Router::new()
        .route("/demo/logins", get(logins))
        .route("/demo/mailbox", get(mailbox))
        .route("/mailbox", get(mailbox_page))
}

/// What a demo shows; outside a demo, nothing is there.
pub(crate) fn demo(server: &Server) -> Answer<&Demo> {
    server.demo.as_ref().ok_or_else(|| Problem::of(NOT_FOUND).detail("This is not a demo."))
}

async fn logins(State(server): State<Arc<Server>>) -> Answer<Json<Vec<DemoLogin>>> {
    Ok(Json(demo(&server)?.logins.clone()))
}

async fn messages(server: &Server) -> Answer<Vec<MessageResponse>> {
    demo(server)?;
    newest(server).await
}

async fn mailbox(State(server): State<Arc<Server>>) -> Answer<Json<serde_json::Value>> {
    Ok(Json(serde_json::json!({ "items": messages(&server).await?, "next_cursor": null })))
}

async fn mailbox_page(State(server): State<Arc<Server>>) -> Response {
    match messages(&server).await {
        Ok(messages) if messages.is_empty() => page("Mailbox", "<p>No messages yet.</p>").into_response(),
        Ok(messages) => {
            let rows: String = messages.iter().map(row).collect();
            page("Mailbox", &format!("<p>Messages that would have been sent.</p><dl>{rows}</dl>")).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

fn row(message: &MessageResponse) -> String {
    let (to, body) = (escaped(&message.to), escaped(&message.body));
    format!("<dt><strong>{to}</strong> · {} · {}</dt><dd>{body}</dd>", message.channel, message.at)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
