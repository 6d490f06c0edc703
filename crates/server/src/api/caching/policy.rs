//! `/cache/namespaces`: the rules of each namespace, changed while the platform runs.

use std::{sync::Arc, time::Duration};

use app::{
    caching::{PolicyChange, warmable},
    moment,
};
use axum::{Json, extract::State};
use cache::{Namespace, Policy};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Named;
use crate::{
    Server,
    api::{List, words},
    http::{
        extract::Body,
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_policies)).routes(routes!(change_policy))
}

/// The rules of a namespace.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyResponse {
    /// Seconds that an answer is fresh.
    ttl_s: u64,
    /// Seconds after that in which it is sent while it is renewed.
    stale_while_revalidate_s: u64,
    /// Seconds after its fresh time in which it may cover for a failing load.
    stale_if_error_s: u64,
    /// Seconds that "there is no such thing" is believed.
    negative_ttl_s: u64,
    /// By how many per cent times to live are spread.
    jitter_pct: f64,
    /// Per cent of hits that are loaded again in the background to measure staleness.
    shadow_pct: f64,
    /// The kill switch.
    enabled: bool,
}

/// A namespace with its rules.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamespacePolicyResponse {
    #[schema(value_type = words::CacheNamespace)]
    namespace: &'static str,
    /// Its time to live unless changed.
    default_ttl_s: u64,
    policy: PolicyResponse,
    /// Whether its answers can be loaded before they are asked for.
    warmable: bool,
    /// Who changed them last; null while they are the built-in ones.
    changed: Option<PolicyChangedResponse>,
}

/// A change of rules.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyChangedResponse {
    by: String,
    why: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// What changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePolicyRequest {
    /// 1 to 604800.
    ttl_s: Option<i64>,
    stale_while_revalidate_s: Option<i64>,
    stale_if_error_s: Option<i64>,
    negative_ttl_s: Option<i64>,
    /// 0 to 50.
    jitter_pct: Option<i64>,
    /// 0 to 100, to a hundredth.
    shadow_pct: Option<f64>,
    /// `false` empties the namespace and sends every request to the database.
    enabled: Option<bool>,
    /// For the record.
    why: String,
}

impl PolicyResponse {
    /// Rules as they are sent.
    pub(super) fn of(policy: &Policy) -> Self {
        let per_cent = |share: f64| (share * 100.0).round();
        Self {
            ttl_s: policy.ttl.as_secs(),
            stale_while_revalidate_s: policy.stale_while_revalidate.as_secs(),
            stale_if_error_s: policy.stale_if_error.as_secs(),
            negative_ttl_s: policy.negative_ttl.as_secs(),
            jitter_pct: per_cent(policy.jitter),
            shadow_pct: (policy.shadow_share * 10_000.0).round() / 100.0,
            enabled: policy.enabled,
        }
    }
}

async fn policies(server: &Server, ctx: &app::Ctx) -> Answer<Vec<NamespacePolicyResponse>> {
    let changed = server.app.cache_policies(ctx).await?;
    let with = |namespace: Namespace| {
        let row = changed.iter().find(|row| row.namespace == namespace.name());
        NamespacePolicyResponse {
            namespace: namespace.name(),
            default_ttl_s: Duration::as_secs(&namespace.default_ttl()),
            policy: PolicyResponse::of(&server.app.answers.policy(namespace)),
            warmable: warmable(namespace),
            changed: row.map(|row| PolicyChangedResponse {
                by: row.user_name.clone(),
                why: row.why.clone(),
                at: moment(row.at),
            }),
        }
    };
    Ok(Namespace::ALL.into_iter().map(with).collect())
}

/// The rules of every namespace, and who changed them.
#[utoipa::path(get, path = "/cache/namespaces", tag = "cache",
    responses((status = 200, body = List<NamespacePolicyResponse>), (status = "4XX", body = Problem)))]
async fn list_policies(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
) -> Answer<Json<List<NamespacePolicyResponse>>> {
    Ok(Json(List::whole(policies(&server, &ctx).await?)))
}

/// Changes the rules of a namespace on every node, for answers loaded from then on; the switch works at once.
#[utoipa::path(patch, path = "/cache/namespaces/{namespace}", tag = "cache",
    params(("namespace" = words::CacheNamespace, Path)), request_body = ChangePolicyRequest,
    responses((status = 200, body = NamespacePolicyResponse), (status = "4XX", body = Problem)))]
async fn change_policy(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Named(namespace): Named,
    Body(request): Body<ChangePolicyRequest>,
) -> Answer<Json<NamespacePolicyResponse>> {
    let change = PolicyChange {
        ttl_s: request.ttl_s,
        stale_while_revalidate_s: request.stale_while_revalidate_s,
        stale_if_error_s: request.stale_if_error_s,
        negative_ttl_s: request.negative_ttl_s,
        jitter_pct: request.jitter_pct,
        shadow_pct: request.shadow_pct,
        enabled: request.enabled,
        why: request.why,
    };
    server.app.change_cache_policy(&ctx, namespace, &change).await?;
    let all = policies(&server, &ctx).await?;
    let one = all.into_iter().find(|one| one.namespace == namespace.name());
    Ok(Json(one.ok_or(app::Error::NotFound("namespace"))?))
}
