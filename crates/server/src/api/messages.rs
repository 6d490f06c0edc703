//! `/messages`: the built-in mailbox, for as long as no other channel is configured.

use std::sync::Arc;

use app::moment;
use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, words};
use crate::{
    Server,
    http::problem::{Answer, Problem},
};

/// Messages that one answer holds.
const NEWEST: i64 = 100;

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_messages))
}

/// A message to somebody.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageResponse {
    /// Its id.
    pub id: Uuid,
    /// `sms`, `email` or `push`.
    #[schema(value_type = words::MessageChannel)]
    pub channel: String,
    /// Phone or address.
    pub to: String,
    /// Subject, where the channel has one.
    pub subject: Option<String>,
    /// What it says.
    pub body: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// The newest messages, newest first.
pub async fn newest(server: &Server) -> Answer<Vec<MessageResponse>> {
    let rows = server.app.mailbox(NEWEST).await?;
    let message = |row: store::messages::MessageRow| MessageResponse {
        id: row.id,
        channel: row.channel,
        to: row.recipient,
        subject: row.subject,
        body: row.body,
        at: moment(row.at),
    };
    Ok(rows.into_iter().map(message).collect())
}

/// The newest messages of the built-in mailbox.
#[utoipa::path(get, path = "/messages", tag = "service",
    responses((status = 200, body = List<MessageResponse>), (status = "4XX", body = Problem)))]
async fn list_messages(State(server): State<Arc<Server>>) -> Answer<Json<List<MessageResponse>>> {
    Ok(Json(List::whole(newest(&server).await?)))
}
