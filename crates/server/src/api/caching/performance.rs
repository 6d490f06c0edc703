//! `/cache/performance-report` and its parts: figures, and what is recommended from them by stated rules.

use std::sync::Arc;

use app::caching::{Advice, RULES, advise};
use axum::{Json, extract::State};
use cache::NamespaceStats;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Named, health::mode, stats::DetailedNamespaceResponse};
use crate::{
    Server,
    api::words,
    http::{guard::Caller, problem::Problem},
};

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(get_namespace))
        .routes(routes!(get_report))
        .routes(routes!(get_cache_performance))
}

/// A recommendation or an alert.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdviceResponse {
    /// The rule that fired, one of `rules`.
    rule: &'static str,
    #[schema(value_type = words::AdviceSeverity)]
    severity: &'static str,
    /// Null for the cache as a whole.
    #[schema(value_type = Option<words::CacheNamespace>)]
    namespace: Option<&'static str>,
    /// What to do.
    advice: &'static str,
    /// The bound that the first figure passed.
    bound: f64,
    /// The figures it rests on, the deciding one first.
    figures: Vec<FigureResponse>,
}

/// A figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureResponse {
    /// Its name, with its unit.
    name: &'static str,
    value: f64,
}

/// A rule that recommendations come from.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleResponse {
    rule: &'static str,
    /// When it fires.
    fires: &'static str,
}

/// One namespace and what is recommended for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamespacePerformanceResponse {
    stats: DetailedNamespaceResponse,
    recommendations: Vec<AdviceResponse>,
}

/// The whole cache of this node and what is recommended.
#[derive(Debug, Serialize, ToSchema)]
pub struct PerformanceReportResponse {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    #[serde(flatten)]
    sums: CachePerformanceResponse,
    /// Worst first; empty where no rule fires.
    recommendations: Vec<AdviceResponse>,
    /// Every rule that was looked at.
    rules: Vec<RuleResponse>,
}

/// What the cache saves, since the node started.
#[derive(Debug, Serialize, ToSchema)]
pub struct CachePerformanceResponse {
    /// This process among all nodes.
    node: String,
    #[schema(value_type = words::CacheMode)]
    mode: &'static str,
    requests: u64,
    hits: u64,
    misses: u64,
    stale_served: u64,
    /// 0 to 1; null before the first request.
    hit_ratio: Option<f64>,
    loads: u64,
    /// Loads that hits made unnecessary.
    loads_saved: u64,
    /// Share of loads saved, 0 to 1: by how much the database is spared. Null before the first request.
    load_reduction: Option<f64>,
    /// Seconds that those loads would have taken, at each namespace's median; null before the first load.
    load_seconds_saved: Option<f64>,
    evictions: u64,
    invalidations: u64,
    memory_bytes: u64,
    memory_budget_bytes: u64,
}

impl AdviceResponse {
    /// A recommendation as it is sent.
    pub fn of(advice: Advice) -> Self {
        Self {
            rule: advice.rule,
            severity: advice.severity.as_str(),
            namespace: advice.namespace.map(cache::Namespace::name),
            advice: advice.advice,
            bound: advice.bound,
            figures: advice
                .figures
                .into_iter()
                .map(|figure| FigureResponse { name: figure.name, value: figure.value })
                .collect(),
        }
    }
}

impl CachePerformanceResponse {
    /// The sums of this node.
    pub(super) fn of(server: &Server) -> Self {
        let (stats, health) = (server.app.answers.stats(), server.app.answers.health());
        let sum = |of: fn(&NamespaceStats) -> u64| stats.namespaces.iter().map(of).sum::<u64>();
        let (hits, misses) = (sum(NamespaceStats::hits), sum(|one| one.misses));
        let timed = stats.namespaces.iter().filter_map(|one| Some((one.hits(), one.load_p50?)));
        let saved: Vec<f64> = timed.map(|(hits, median)| float(hits) * median.as_secs_f64()).collect();
        Self {
            node: server.app.node().to_string(),
            mode: mode(health.mode),
            requests: hits + misses,
            hits,
            misses,
            stale_served: sum(|one| one.stale_served),
            hit_ratio: stats.hit_ratio(),
            loads: sum(|one| one.loads),
            loads_saved: hits,
            load_reduction: stats.hit_ratio(),
            load_seconds_saved: (!saved.is_empty()).then(|| saved.iter().sum()),
            evictions: sum(|one| one.evictions),
            invalidations: sum(|one| one.invalidations),
            memory_bytes: stats.memory_bytes,
            memory_budget_bytes: stats.memory_budget,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
const fn float(count: u64) -> f64 {
    count as f64
}

/// The report of this node.
pub(in crate::api) fn report(server: &Server, at: Timestamp) -> PerformanceReportResponse {
    let answers = &server.app.answers;
    let advice = advise(&answers.stats().namespaces, &answers.memory_usage(), &answers.health());
    PerformanceReportResponse {
        at,
        sums: CachePerformanceResponse::of(server),
        recommendations: advice.into_iter().map(AdviceResponse::of).collect(),
        rules: RULES.iter().map(|(rule, fires)| RuleResponse { rule, fires }).collect(),
    }
}

/// One namespace: figures and what is recommended from them.
#[utoipa::path(get, path = "/cache/performance/namespace/{namespace}", tag = "cache",
    params(("namespace" = words::CacheNamespace, Path)),
    responses((status = 200, body = NamespacePerformanceResponse), (status = "4XX", body = Problem)))]
async fn get_namespace(
    State(server): State<Arc<Server>>,
    Named(namespace): Named,
) -> Json<NamespacePerformanceResponse> {
    let answers = &server.app.answers;
    let stats = answers.namespace_stats(namespace);
    let advice = advise(std::slice::from_ref(&stats), &answers.memory_usage(), &answers.health());
    let own = advice.into_iter().filter(|one| one.namespace == Some(namespace));
    Json(NamespacePerformanceResponse {
        stats: DetailedNamespaceResponse::of(&server, &stats),
        recommendations: own.map(AdviceResponse::of).collect(),
    })
}

/// The whole cache of this node: sums and recommendations, each with the figures it rests on.
#[utoipa::path(get, path = "/cache/performance-report", tag = "cache",
    responses((status = 200, body = PerformanceReportResponse), (status = "4XX", body = Problem)))]
async fn get_report(State(server): State<Arc<Server>>, Caller(ctx): Caller) -> Json<PerformanceReportResponse> {
    Json(report(&server, ctx.now))
}

/// What the cache saves.
#[utoipa::path(get, path = "/analytics/cache-performance", tag = "analytics",
    responses((status = 200, body = CachePerformanceResponse), (status = "4XX", body = Problem)))]
async fn get_cache_performance(State(server): State<Arc<Server>>) -> Json<CachePerformanceResponse> {
    Json(CachePerformanceResponse::of(&server))
}
