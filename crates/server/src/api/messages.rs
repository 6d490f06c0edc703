//! `/messages`: the built-in mailbox, for as long as no other channel is configured.

use std::sync::Arc;

use app::moment;
use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::messages::MessageRow;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, default_limit, within_page, words};
use crate::{
    Server,
    http::{
        extract::Params,
        problem::{Answer, INVALID_PARAMETER, Problem},
    },
};

/// Messages that the demo's mailbox shows.
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

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MessageListParams {
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl MessageListParams {
    /// When the last message of the page before was written, and its id.
    fn before(&self) -> Answer<Option<(i64, Uuid)>> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let parts = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
        parts.map(Some).ok_or_else(|| Problem::of(INVALID_PARAMETER).field("/cursor", "unknown"))
    }
}

impl MessageResponse {
    fn of(row: MessageRow) -> Self {
        Self {
            id: row.id,
            channel: row.channel,
            to: row.recipient,
            subject: row.subject,
            body: row.body,
            at: moment(row.at),
        }
    }
}

/// The newest messages, newest first.
pub async fn newest(server: &Server) -> Answer<Vec<MessageResponse>> {
    let rows = server.app.mailbox(None, NEWEST).await?;
    Ok(rows.into_iter().map(MessageResponse::of).collect())
}

/// The messages of the built-in mailbox, newest first.
#[utoipa::path(get, path = "/messages", tag = "service", params(MessageListParams),
    responses((status = 200, body = List<MessageResponse>), (status = "4XX", body = Problem)))]
async fn list_messages(
    State(server): State<Arc<Server>>,
    Params(params): Params<MessageListParams>,
) -> Answer<Json<List<MessageResponse>>> {
    let (limit, before) = (within_page(params.limit)?, params.before()?);
    let rows = server.app.mailbox(before, i64::try_from(limit + 1).unwrap_or(i64::MAX)).await?;
    let last = rows.get(limit - 1).filter(|_| rows.len() > limit);
    let next_cursor = last.map(|row| format!("{}.{}", row.at, row.id));
    let items = rows.into_iter().take(limit).map(MessageResponse::of).collect();
    Ok(Json(List { items, next_cursor }))
}
