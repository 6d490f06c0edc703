//! `/cache/keys/{namespace}` and `/cache/values/{namespace}`: what a namespace holds on this node, page by page without
//! the answers, and one key with its answer, which is shown only where everybody may have it.

use std::sync::Arc;

use app::caching::{Sharing, sharing};
use axum::{Json, extract::State};
use cache::{KeyFacts, KeyLook, Namespace};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Named, stats::shared};
use crate::{
    Server,
    api::{default_limit, within_page, words},
    http::{
        extract::Params,
        problem::{Answer, INVALID_PARAMETER, Problem},
    },
};

/// The longest text that is searched for.
const LONGEST_SEARCH: usize = 200;
/// The most bytes of an answer that are shown.
const MOST_SHOWN: usize = 16 * 1_024;

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_keys)).routes(routes!(get_value))
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
    /// Only keys that contain this text, up to 200 bytes, in whichever case.
    #[serde(default)]
    q: String,
}

/// Which key.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ValueParams {
    /// Its name, as listed.
    key: String,
}

/// Keys of a namespace, in the order of their names.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeysResponse {
    #[schema(value_type = words::CacheNamespace)]
    namespace: &'static str,
    /// Entries that memory has of it.
    total: u64,
    /// Of these, those that fit the search.
    matching: u64,
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

/// A key with its answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValueResponse {
    #[schema(value_type = words::CacheNamespace)]
    namespace: &'static str,
    #[schema(value_type = words::CacheSharing)]
    sharing: &'static str,
    /// Null where memory of this node does not hold it.
    held: Option<HeldResponse>,
}

/// What is held of a key.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldResponse {
    #[serde(flatten)]
    facts: KeyResponse,
    /// Null where the answer is "there is no such thing".
    etag: Option<String>,
    /// The answer as it is sent, up to 16 KB. Null where not everybody may have it, or there is none.
    body: Option<String>,
    /// Only the beginning is shown.
    cut: bool,
}

/// A key with its answer, if it is one that everybody may have.
fn held(namespace: Namespace, look: &KeyLook) -> HeldResponse {
    let open = sharing(namespace) == Sharing::Public && !look.facts.name.starts_with('~');
    let body = look.answer.as_ref().filter(|_| open).map(|answer| &answer.1);
    let shown = body.map(|body| String::from_utf8_lossy(&body[..body.len().min(MOST_SHOWN)]).into_owned());
    HeldResponse {
        facts: key(&look.facts),
        etag: look.answer.as_ref().map(|answer| answer.0.to_string()),
        body: shown,
        cut: body.is_some_and(|body| body.len() > MOST_SHOWN),
    }
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

/// Keys of a namespace, perhaps only those that contain a text: age, time left, size.
#[utoipa::path(get, path = "/cache/keys/{namespace}", tag = "cache",
    params(("namespace" = words::CacheNamespace, Path), KeyListParams),
    responses((status = 200, body = KeysResponse), (status = "4XX", body = Problem)))]
async fn list_keys(
    State(server): State<Arc<Server>>,
    Named(namespace): Named,
    Params(params): Params<KeyListParams>,
) -> Answer<Json<KeysResponse>> {
    if params.q.len() > LONGEST_SEARCH {
        return Err(Problem::of(INVALID_PARAMETER).field("/q", "too-long"));
    }
    let limit = within_page(params.limit)?;
    let page = server.app.answers.keys(namespace, &params.q, params.cursor.as_deref(), limit);
    Ok(Json(KeysResponse {
        namespace: namespace.name(),
        total: page.total,
        matching: page.matching,
        items: page.keys.iter().map(key).collect(),
        next_cursor: page.next.map(|next| next.to_string()),
    }))
}

/// One key: age, time left, size, tag, and the answer where everybody may have it. Looking at it is no use of it.
#[utoipa::path(get, path = "/cache/values/{namespace}", tag = "cache",
    params(("namespace" = words::CacheNamespace, Path), ValueParams),
    responses((status = 200, body = ValueResponse), (status = "4XX", body = Problem)))]
async fn get_value(
    State(server): State<Arc<Server>>,
    Named(namespace): Named,
    Params(params): Params<ValueParams>,
) -> Json<ValueResponse> {
    let look = server.app.answers.look_at(namespace, &params.key);
    let held = look.map(|look| held(namespace, &look));
    Json(ValueResponse { namespace: namespace.name(), sharing: shared(namespace), held })
}
