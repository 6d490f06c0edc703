//! `/demo/enterprise-features-showcase`: what the cache does, each with the figure that shows it now.

use std::sync::Arc;

use axum::{Json, extract::State};
use cache::{Mode, Namespace, NamespaceStats};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Server,
    http::{
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoint.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(get_showcase))
}

/// What the cache does on this node.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShowcaseResponse {
    /// This process among all nodes.
    node: String,
    features: Vec<FeatureResponse>,
}

/// One thing it does.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeatureResponse {
    feature: &'static str,
    /// What that means here.
    about: &'static str,
    /// Where to see it.
    path: &'static str,
    /// The figure that shows it, and its unit.
    figure: f64,
    unit: &'static str,
}

const fn feature(
    feature: &'static str,
    about: &'static str,
    path: &'static str,
    figure: f64,
    unit: &'static str,
) -> FeatureResponse {
    FeatureResponse { feature, about, path, figure, unit }
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
const fn float(count: u64) -> f64 {
    count as f64
}

/// What the cache does, each with the figure that shows it now. Only in a demo.
#[utoipa::path(get, path = "/demo/enterprise-features-showcase", tag = "demo",
    responses((status = 200, body = ShowcaseResponse), (status = "4XX", body = Problem)))]
async fn get_showcase(State(server): State<Arc<Server>>, Caller(ctx): Caller) -> Answer<Json<ShowcaseResponse>> {
    crate::demo::demo(&server)?;
    let (answers, caching) = (&server.app.answers, &server.app.caching);
    let stats = answers.stats();
    let sum = |of: fn(&NamespaceStats) -> u64| float(stats.namespaces.iter().map(of).sum());
    let tiers = if answers.health().mode == Mode::TwoTier { 2.0 } else { 1.0 };
    let personal = answers.namespace_stats(Namespace::CustomerProfiles);
    let jobs = server.app.warming_jobs(&ctx)?.len();
    let features = vec![
        feature("tiers", "memory, and Redis where it answers", "/cache/health", tiers, "tiers"),
        feature(
            "cache-aside",
            "lists, menus and figures are loaded once and sent often",
            "/enterprise/patterns/cache-aside",
            sum(NamespaceStats::hits),
            "hits",
        ),
        feature(
            "write-through",
            "who moves an order stores what its followers will ask for",
            "/enterprise/patterns/write-through",
            sum(|one| one.written),
            "answers stored",
        ),
        feature(
            "session-scoped",
            "a profile stands under a key that only its owner's session leads to",
            "/enterprise/security/secure-key",
            float(personal.entries),
            "profiles kept",
        ),
        feature(
            "invalidation",
            "what a committed change makes old is forgotten by one table",
            "/cache/invalidations",
            float(caching.audit.totals().invalidations),
            "invalidations",
        ),
        feature(
            "stale-while-revalidate",
            "an answer that has just run out is sent while it is renewed",
            "/cache/stats/detailed",
            sum(|one| one.stale_served),
            "stale answers sent",
        ),
        feature("warming", "what will be asked for is loaded before", "/cache/warm/jobs", float(jobs as u64), "jobs"),
        feature(
            "prediction",
            "the same hour of the weeks before, and how today runs",
            "/enterprise/analytics/patterns",
            float(caching.usage.tracked() as u64),
            "answers counted",
        ),
        feature(
            "shadow sampling",
            "hits are loaded again in the background to measure how old they were",
            "/cache/namespaces",
            sum(|one| one.shadow_checks),
            "hits compared",
        ),
    ];
    Ok(Json(ShowcaseResponse { node: server.app.node().to_string(), features }))
}
