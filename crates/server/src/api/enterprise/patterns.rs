//! `/enterprise/patterns`: how answers are kept, run on real ones, step by step.

use std::sync::Arc;

use app::caching::{Pattern, PatternStep};
use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Server,
    api::words,
    http::{
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(run_write_through)).routes(routes!(run_cache_aside))
}

/// A pattern as it ran.
#[derive(Debug, Serialize, ToSchema)]
pub struct PatternResponse {
    pattern: &'static str,
    #[schema(value_type = words::CacheNamespace)]
    namespace: &'static str,
    /// Null where the platform holds nothing yet that it could be shown on.
    key: Option<String>,
    /// In order.
    steps: Vec<PatternStepResponse>,
    /// The last read got the very bytes that the stored state makes.
    consistent: bool,
    took_ms: f64,
}

/// A step.
#[derive(Debug, Serialize, ToSchema)]
pub struct PatternStepResponse {
    /// `forget`, `read`, `announce`, `load` or `put`.
    step: &'static str,
    /// What it came to, such as `MISS` or `stored`.
    outcome: &'static str,
    took_us: u64,
    /// Bytes of the answer, where there was one.
    bytes: Option<usize>,
}

fn step(step: &PatternStep) -> PatternStepResponse {
    let took_us = u64::try_from(step.took.as_micros()).unwrap_or(u64::MAX);
    PatternStepResponse { step: step.step, outcome: step.outcome, took_us, bytes: step.bytes }
}

fn response(name: &'static str, pattern: Pattern) -> PatternResponse {
    let took: std::time::Duration = pattern.steps.iter().map(|step| step.took).sum();
    PatternResponse {
        pattern: name,
        namespace: pattern.namespace.name(),
        steps: pattern.steps.iter().map(step).collect(),
        key: Some(pattern.key).filter(|key| !key.is_empty()),
        consistent: pattern.consistent,
        took_ms: took.as_secs_f64() * 1_000.0,
    }
}

/// Write-through, on the tracking of the newest order: its state is stored before anybody asks, and the first read is a
/// hit.
#[utoipa::path(get, path = "/enterprise/patterns/write-through", tag = "cache",
    responses((status = 200, body = PatternResponse), (status = "4XX", body = Problem)))]
async fn run_write_through(State(server): State<Arc<Server>>, Caller(ctx): Caller) -> Answer<Json<PatternResponse>> {
    Ok(Json(response("write-through", server.app.run_write_through(&ctx).await?)))
}

/// Cache-aside, on the menu of the best known restaurant: a miss loads and keeps, the next read is a hit.
#[utoipa::path(get, path = "/enterprise/patterns/cache-aside", tag = "cache",
    responses((status = 200, body = PatternResponse), (status = "4XX", body = Problem)))]
async fn run_cache_aside(State(server): State<Arc<Server>>, Caller(ctx): Caller) -> Answer<Json<PatternResponse>> {
    Ok(Json(response("cache-aside", server.app.run_cache_aside(&ctx).await?)))
}
