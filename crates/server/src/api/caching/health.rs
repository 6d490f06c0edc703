//! `/cache/health`: both tiers of this node. Without Redis the cache is smaller, never failed.

use std::sync::Arc;

use axum::{Json, extract::State};
use cache::{BreakerState, Health, Mode, RedisHealth};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::milliseconds;
use crate::{Server, api::words, http::problem::Problem};

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(get_health)).routes(routes!(get_detailed))
}

/// The cache at a glance.
#[derive(Debug, Serialize, ToSchema)]
pub struct CacheHealthResponse {
    /// `pass`, or `warn` where Redis is configured and does not answer or is full.
    #[schema(value_type = words::HealthStatus)]
    status: &'static str,
    /// Why it is `warn`; null while it is not.
    reason: Option<String>,
    #[schema(value_type = words::CacheMode)]
    mode: &'static str,
    /// This process among all nodes.
    node: String,
}

/// The cache in detail.
#[derive(Debug, Serialize, ToSchema)]
pub struct CacheHealthDetailedResponse {
    #[serde(flatten)]
    glance: CacheHealthResponse,
    memory: MemoryTierResponse,
    /// Null where none is configured.
    redis: Option<RedisTierResponse>,
}

/// The tier in this process.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemoryTierResponse {
    bytes: u64,
    budget_bytes: u64,
    entries: u64,
    /// Median time to find an answer, of the busiest namespace; null before the first.
    hit_p50_ms: Option<f64>,
    hit_p99_ms: Option<f64>,
}

/// The tier that nodes share.
#[derive(Debug, Serialize, ToSchema)]
pub struct RedisTierResponse {
    /// Host and port.
    address: String,
    clustered: bool,
    #[schema(value_type = words::BreakerState)]
    breaker: &'static str,
    /// Invalidations of other nodes are heard. While not, memory is trusted for five seconds.
    bus_connected: bool,
    /// Of the latest answer.
    latency_ms: f64,
    latency_p50_ms: Option<f64>,
    latency_p99_ms: Option<f64>,
    /// Failed conversations since the node started.
    errors: u64,
    last_error: Option<String>,
    /// It is full: it is read, and nothing is stored in it.
    writes_refused: bool,
    /// Invalidations that Redis has not confirmed yet.
    pending_invalidations: usize,
}

fn glance(server: &Server, health: &Health) -> CacheHealthResponse {
    let reason = health.warning();
    CacheHealthResponse {
        status: if reason.is_some() { "warn" } else { "pass" },
        reason,
        mode: mode(health.mode),
        node: server.app.node().to_string(),
    }
}

/// How many tiers answer.
pub(super) const fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::TwoTier => "two-tier",
        Mode::MemoryOnly => "memory-only",
    }
}

fn redis(health: RedisHealth) -> RedisTierResponse {
    RedisTierResponse {
        address: health.address,
        clustered: health.clustered,
        breaker: match health.breaker {
            BreakerState::Closed => "closed",
            BreakerState::HalfOpen => "half-open",
            BreakerState::Open => "open",
        },
        bus_connected: health.bus_connected,
        latency_ms: milliseconds(health.latency),
        latency_p50_ms: health.latency_p50.map(milliseconds),
        latency_p99_ms: health.latency_p99.map(milliseconds),
        errors: health.errors,
        last_error: health.last_error,
        writes_refused: health.writes_refused.is_some(),
        pending_invalidations: health.pending_invalidations,
    }
}

/// Mode and state of the cache on this node.
#[utoipa::path(get, path = "/cache/health", tag = "cache",
    responses((status = 200, body = CacheHealthResponse), (status = "4XX", body = Problem)))]
async fn get_health(State(server): State<Arc<Server>>) -> Json<CacheHealthResponse> {
    Json(glance(&server, &server.app.answers.health()))
}

/// Both tiers of this node: room, latency, breaker, last error.
#[utoipa::path(get, path = "/cache/health/detailed", tag = "cache",
    responses((status = 200, body = CacheHealthDetailedResponse), (status = "4XX", body = Problem)))]
async fn get_detailed(State(server): State<Arc<Server>>) -> Json<CacheHealthDetailedResponse> {
    let (health, usage, stats) =
        (server.app.answers.health(), server.app.answers.memory_usage(), server.app.answers.stats());
    let busiest = stats.namespaces.iter().max_by_key(|one| one.memory_hits);
    let memory = MemoryTierResponse {
        bytes: usage.bytes,
        budget_bytes: usage.budget,
        entries: usage.namespaces.iter().map(|one| one.entries).sum(),
        hit_p50_ms: busiest.and_then(|one| one.hit_p50).map(milliseconds),
        hit_p99_ms: busiest.and_then(|one| one.hit_p99).map(milliseconds),
    };
    let glance = glance(&server, &health);
    Json(CacheHealthDetailedResponse { glance, memory, redis: health.redis.map(redis) })
}
