//! `/cache/keys/{namespace}`: what a namespace holds on this node, page by page, without the answers.

use std::sync::Arc;

use axum::{Json, extract::State};
use cache::KeyFacts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Named;
use crate::{
    Server,
    api::{default_limit, within_page, words},
    http::{
        extract::Params,
        problem::{Answer, Problem},
    },
};

/// The endpoint.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_keys))
}

/// Which keys.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct KeyListParams {
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Keys of a namespace, in the order of their names.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeysResponse {
    #[schema(value_type = words::CacheNamespace)]
    namespace: &'static str,
    /// Entries that memory has of it.
    total: u64,
    items: Vec<KeyResponse>,
    /// Where the next page begins; null on the last one.
    next_cursor: Option<String>,
}

/// A key.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyResponse {
    /// For what belongs to one person a keyed hash.
    key: String,
    /// Seconds since it was loaded.
    age_s: u64,
    /// Seconds that it stays fresh.
    fresh_for_s: u64,
    /// Past its time to live.
    stale: bool,
    /// The answer is "there is no such thing".
    absent: bool,
    bytes: usize,
    /// How often it was sent from memory.
    hits: u64,
}

fn key(facts: &KeyFacts) -> KeyResponse {
    KeyResponse {
        key: facts.name.to_string(),
        age_s: facts.age.as_secs(),
        fresh_for_s: facts.fresh_for.as_secs(),
        stale: facts.stale,
        absent: facts.absent,
        bytes: facts.bytes,
        hits: facts.hits,
    }
}

/// Keys of a namespace: age, time left, size.
#[utoipa::path(get, path = "/cache/keys/{namespace}", tag = "cache",
    params(("namespace" = words::CacheNamespace, Path), KeyListParams),
    responses((status = 200, body = KeysResponse), (status = "4XX", body = Problem)))]
async fn list_keys(
    State(server): State<Arc<Server>>,
    Named(namespace): Named,
    Params(params): Params<KeyListParams>,
) -> Answer<Json<KeysResponse>> {
    let page = server.app.answers.keys(namespace, params.cursor.as_deref(), within_page(params.limit)?);
    Ok(Json(KeysResponse {
        namespace: namespace.name(),
        total: page.total,
        items: page.keys.iter().map(key).collect(),
        next_cursor: page.next.map(|next| next.to_string()),
    }))
}
