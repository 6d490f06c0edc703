//! `/cache/stats` and `/cache/memory-usage`: the figures of every namespace on this node.

use std::sync::Arc;

use app::caching::{Sharing, memory_alerts, sharing};
use axum::{Json, extract::State};
use cache::{Minute, Namespace, NamespaceStats};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{AdviceResponse, milliseconds, policy::PolicyResponse};
use crate::{Server, api::words, http::problem::Problem};

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(list_namespaces))
        .routes(routes!(get_detailed))
        .routes(routes!(get_memory_usage))
}

/// Every namespace.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamespacesResponse {
    /// This process among all nodes.
    node: String,
    /// Share of all requests answered without waiting for a load, 0 to 1; null before the first.
    hit_ratio: Option<f64>,
    items: Vec<NamespaceResponse>,
}

/// One namespace, since the node started.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamespaceResponse {
    #[schema(value_type = words::CacheNamespace)]
    namespace: &'static str,
    /// The namespace it is cleared and charted with.
    #[schema(value_type = words::CacheNamespace)]
    family: &'static str,
    /// Whether its answers are everybody's, one person's, or of those whom the table of permissions lets.
    #[schema(value_type = words::CacheSharing)]
    sharing: &'static str,
    policy: PolicyResponse,
    entries: u64,
    bytes: u64,
    /// Fresh answers from memory and Redis, and stale ones sent at once.
    hits: u64,
    misses: u64,
    /// 0 to 1; null before the first request.
    hit_ratio: Option<f64>,
    /// The same over the last hour.
    hit_ratio_last_hour: Option<f64>,
    evictions: u64,
    loads: u64,
    load_p50_ms: Option<f64>,
    load_p99_ms: Option<f64>,
    stale_served: u64,
}

/// Every namespace in detail.
#[derive(Debug, Serialize, ToSchema)]
pub struct DetailedStatsResponse {
    /// This process among all nodes.
    node: String,
    hit_ratio: Option<f64>,
    memory_bytes: u64,
    memory_budget_bytes: u64,
    items: Vec<DetailedNamespaceResponse>,
}

/// One namespace in detail.
#[derive(Debug, Serialize, ToSchema)]
pub struct DetailedNamespaceResponse {
    #[serde(flatten)]
    plain: NamespaceResponse,
    memory_hits: u64,
    redis_hits: u64,
    /// Requests that went past the switched-off cache, and answers that are not kept.
    bypassed: u64,
    load_failures: u64,
    /// Loads overtaken by an invalidation, whose answer was not kept.
    late_loads: u64,
    invalidations: u64,
    /// Answers loaded before anybody asked.
    warmed: u64,
    /// Answers stored by those who changed what they show.
    written: u64,
    hit_p50_ms: Option<f64>,
    hit_p99_ms: Option<f64>,
    /// Hits that were loaded again and compared.
    shadow_checks: u64,
    /// Of these, out of date.
    shadow_stale: u64,
    /// Age of what was out of date.
    shadow_stale_age_p99_ms: Option<f64>,
    /// The last sixty minutes, oldest first.
    trend: Vec<MinuteResponse>,
}

/// One minute.
#[derive(Debug, Serialize, ToSchema)]
pub struct MinuteResponse {
    /// 0 is the running one.
    minutes_ago: u64,
    hits: u64,
    misses: u64,
    evictions: u64,
    /// Null where nobody asked.
    hit_ratio: Option<f64>,
}

/// How full memory is, and of what.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemoryUsageResponse {
    /// This process among all nodes.
    node: String,
    tiers: Vec<TierUsageResponse>,
    evictions_last_minute: u64,
    evictions_last_hour: u64,
    /// Every namespace that holds something, the largest first.
    namespaces: Vec<NamespaceUsageResponse>,
    /// What is to be said of it; empty while there is room.
    alerts: Vec<AdviceResponse>,
}

/// A tier.
#[derive(Debug, Serialize, ToSchema)]
pub struct TierUsageResponse {
    #[schema(value_type = words::CacheTier)]
    tier: &'static str,
    /// Those of Redis are everybody's who uses it. Null where it, or a primary of a cluster, does not answer.
    bytes: Option<u64>,
    /// Null where Redis has none, or does not answer.
    limit_bytes: Option<u64>,
}

/// What a namespace holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamespaceUsageResponse {
    #[schema(value_type = words::CacheNamespace)]
    namespace: &'static str,
    entries: u64,
    bytes: u64,
}

impl NamespaceResponse {
    /// One namespace.
    pub(super) fn of(server: &Server, stats: &NamespaceStats) -> Self {
        let trend = server.app.answers.trend(stats.namespace);
        Self {
            namespace: stats.namespace.name(),
            family: stats.namespace.family().name(),
            sharing: shared(stats.namespace),
            policy: PolicyResponse::of(&stats.policy),
            entries: stats.entries,
            bytes: stats.bytes,
            hits: stats.hits(),
            misses: stats.misses,
            hit_ratio: stats.hit_ratio(),
            hit_ratio_last_hour: last_hour(&trend),
            evictions: stats.evictions,
            loads: stats.loads,
            load_p50_ms: stats.load_p50.map(milliseconds),
            load_p99_ms: stats.load_p99.map(milliseconds),
            stale_served: stats.stale_served,
        }
    }
}

impl DetailedNamespaceResponse {
    /// One namespace in detail.
    pub(super) fn of(server: &Server, stats: &NamespaceStats) -> Self {
        let trend = server.app.answers.trend(stats.namespace);
        Self {
            plain: NamespaceResponse::of(server, stats),
            memory_hits: stats.memory_hits,
            redis_hits: stats.redis_hits,
            bypassed: stats.bypassed,
            load_failures: stats.load_failures,
            late_loads: stats.late_loads,
            invalidations: stats.invalidations,
            warmed: stats.warmed,
            written: stats.written,
            hit_p50_ms: stats.hit_p50.map(milliseconds),
            hit_p99_ms: stats.hit_p99.map(milliseconds),
            shadow_checks: stats.shadow_checks,
            shadow_stale: stats.shadow_stale,
            shadow_stale_age_p99_ms: stats.shadow_stale_age_p99.map(milliseconds),
            trend: trend.iter().map(minute).collect(),
        }
    }
}

fn minute(minute: &Minute) -> MinuteResponse {
    MinuteResponse {
        minutes_ago: minute.minutes_ago,
        hits: minute.hits,
        misses: minute.misses,
        evictions: minute.evictions,
        hit_ratio: minute.hit_ratio(),
    }
}

/// The hit ratio of some minutes together.
fn last_hour(trend: &[Minute]) -> Option<f64> {
    let sum = trend.iter().fold(Minute::default(), |sum, minute| Minute {
        hits: sum.hits + minute.hits,
        misses: sum.misses + minute.misses,
        ..sum
    });
    sum.hit_ratio()
}

pub(super) const fn shared(namespace: Namespace) -> &'static str {
    match sharing(namespace) {
        Sharing::Public => "public",
        Sharing::Personal | Sharing::PersonalOr(_) => "personal",
        Sharing::Permitted(_) => "permitted",
    }
}

/// Every namespace: entries, bytes, hits, misses, evictions, loads and rules.
#[utoipa::path(get, path = "/cache/stats/namespaces", tag = "cache",
    responses((status = 200, body = NamespacesResponse), (status = "4XX", body = Problem)))]
async fn list_namespaces(State(server): State<Arc<Server>>) -> Json<NamespacesResponse> {
    let stats = server.app.answers.stats();
    let items = stats.namespaces.iter().map(|one| NamespaceResponse::of(&server, one)).collect();
    Json(NamespacesResponse { node: server.app.node().to_string(), hit_ratio: stats.hit_ratio(), items })
}

/// Every namespace in detail, with the trend of the last hour.
#[utoipa::path(get, path = "/cache/stats/detailed", tag = "cache",
    responses((status = 200, body = DetailedStatsResponse), (status = "4XX", body = Problem)))]
async fn get_detailed(State(server): State<Arc<Server>>) -> Json<DetailedStatsResponse> {
    let stats = server.app.answers.stats();
    Json(DetailedStatsResponse {
        node: server.app.node().to_string(),
        hit_ratio: stats.hit_ratio(),
        memory_bytes: stats.memory_bytes,
        memory_budget_bytes: stats.memory_budget,
        items: stats.namespaces.iter().map(|one| DetailedNamespaceResponse::of(&server, one)).collect(),
    })
}

/// Bytes by tier and namespace, limits, and what is to be said of them.
#[utoipa::path(get, path = "/cache/memory-usage", tag = "cache",
    responses((status = 200, body = MemoryUsageResponse), (status = "4XX", body = Problem)))]
async fn get_memory_usage(State(server): State<Arc<Server>>) -> Json<MemoryUsageResponse> {
    let usage = server.app.answers.memory_usage();
    let memory = TierUsageResponse { tier: "memory", bytes: Some(usage.bytes), limit_bytes: Some(usage.budget) };
    let redis = match server.app.answers.health().redis {
        Some(_) => {
            let said = server.app.answers.redis_memory().await;
            let (bytes, limit_bytes) = (said.map(|it| it.used), said.and_then(|it| it.limit));
            Some(TierUsageResponse { tier: "redis", bytes, limit_bytes })
        }
        None => None,
    };
    let holds = |one: &cache::NamespaceUsage| NamespaceUsageResponse {
        namespace: one.namespace.name(),
        entries: one.entries,
        bytes: one.bytes,
    };
    Json(MemoryUsageResponse {
        node: server.app.node().to_string(),
        tiers: [memory].into_iter().chain(redis).collect(),
        evictions_last_minute: usage.evictions_last_minute,
        evictions_last_hour: usage.evictions_last_hour,
        namespaces: usage.namespaces.iter().map(holds).collect(),
        alerts: memory_alerts(&usage).into_iter().map(AdviceResponse::of).collect(),
    })
}
