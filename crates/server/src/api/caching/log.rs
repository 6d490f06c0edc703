//! `/cache/invalidations` and `/cache/clears`: what was forgotten, why, by which event or by whom.

use std::sync::Arc;

use app::{caching::Invalidation, moment};
use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::caching::ClearRow;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{PartResponse, milliseconds, unknown};
use crate::{
    Server,
    api::{List, default_limit, within_page},
    http::{
        extract::Params,
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_invalidations)).routes(routes!(list_clears))
}

/// Which invalidations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InvalidationListParams {
    /// Only those that concern this namespace.
    namespace: Option<String>,
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
}

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClearListParams {
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
}

/// The newest invalidations of this node, and the sums since it started.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvalidationsResponse {
    /// This process among all nodes.
    node: String,
    invalidations: u64,
    removed: u64,
    by_hand: u64,
    longest_ms: f64,
    items: Vec<InvalidationResponse>,
}

/// One invalidation.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvalidationResponse {
    /// Counts up from one on this node.
    sequence: u64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The kind of event, or `cleared`, `cascade`, `expired` where a person did it.
    cause: &'static str,
    why: String,
    /// What the event was about.
    subject: Option<Uuid>,
    /// The person, where it was one.
    by: Option<String>,
    removed: usize,
    took_ms: f64,
    parts: Vec<PartResponse>,
}

/// A clear by hand.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClearResponse {
    clear_id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    by: String,
    /// Namespaces, or a thing with its id.
    scope: String,
    why: String,
    /// The node that was asked.
    node: Uuid,
    /// Answers forgotten there; null if it never came to that.
    removed: Option<i64>,
    took_ms: Option<f64>,
}

fn invalidation(one: &Invalidation) -> InvalidationResponse {
    InvalidationResponse {
        sequence: one.sequence,
        at: one.at,
        cause: one.cause,
        why: one.why.clone(),
        subject: one.subject,
        by: one.by.clone(),
        removed: one.parts.iter().map(|part| part.removed).sum(),
        took_ms: milliseconds(one.took),
        parts: one.parts.iter().map(PartResponse::of).collect(),
    }
}

fn clear(row: ClearRow) -> ClearResponse {
    let took = row.took_us.and_then(|us| u64::try_from(us).ok()).map(std::time::Duration::from_micros);
    ClearResponse {
        clear_id: row.id,
        at: moment(row.at),
        by: row.user_name,
        scope: row.scope,
        why: row.why,
        node: row.node,
        removed: row.removed,
        took_ms: took.map(milliseconds),
    }
}

/// The newest invalidations of this node, newest first: what, why, by which event, how many keys, how long.
#[utoipa::path(get, path = "/cache/invalidations", tag = "cache", params(InvalidationListParams),
    responses((status = 200, body = InvalidationsResponse), (status = "4XX", body = Problem)))]
async fn list_invalidations(
    State(server): State<Arc<Server>>,
    Params(params): Params<InvalidationListParams>,
) -> Answer<Json<InvalidationsResponse>> {
    let namespace = params.namespace.map(|name| name.parse().map_err(|_| unknown("/namespace"))).transpose()?;
    let audit = &server.app.caching.audit;
    let (totals, newest) = (audit.totals(), audit.newest(namespace, within_page(params.limit)?));
    Ok(Json(InvalidationsResponse {
        node: server.app.node().to_string(),
        invalidations: totals.invalidations,
        removed: totals.removed,
        by_hand: totals.by_hand,
        longest_ms: milliseconds(totals.longest),
        items: newest.iter().map(invalidation).collect(),
    }))
}

/// The newest clears by hand, on whichever node, with who and why.
#[utoipa::path(get, path = "/cache/clears", tag = "cache", params(ClearListParams),
    responses((status = 200, body = List<ClearResponse>), (status = "4XX", body = Problem)))]
async fn list_clears(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Params(params): Params<ClearListParams>,
) -> Answer<Json<List<ClearResponse>>> {
    let rows = server.app.cache_clears(&ctx, within_page(params.limit)?).await?;
    Ok(Json(List::whole(rows.into_iter().map(clear).collect())))
}
