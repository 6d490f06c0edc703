//! `/health`: whether this node lives, may be sent requests, and what of it ails.
//!
//! Alive needs nothing. Ready needs the database. The cache's second tier may be away: that is a warning, not a
//! failure; so may a routing engine. The database is asked at most once a second, however often somebody looks.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use app::RoutingHealth;
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use cache::Mode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::words;
use crate::Server;

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(get_health))
        .routes(routes!(get_live))
        .routes(routes!(get_ready))
        .routes(routes!(get_startup))
}

/// How long an answer of the database is believed.
const BELIEVED: Duration = Duration::from_secs(1);
/// A database that takes longer is not there.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the database last answered.
#[derive(Default)]
pub struct Checked(Mutex<Option<(Instant, bool)>>);

/// The state of this node.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthResponse {
    /// `pass`, `warn` or `fail`.
    #[schema(value_type = words::HealthStatus)]
    status: &'static str,
    version: &'static str,
    /// This process among all nodes.
    node: String,
    checks: Vec<CheckResponse>,
}

/// One component.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckResponse {
    component: &'static str,
    #[schema(value_type = words::HealthStatus)]
    status: &'static str,
    detail: String,
}

async fn database_answers(server: &Server) -> bool {
    let known = *server.checked.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, answer)) = known.filter(|(at, _)| at.elapsed() < BELIEVED) {
        return answer;
    }
    let answer = matches!(tokio::time::timeout(PATIENCE, server.app.db.ping()).await, Ok(Ok(())));
    *server.checked.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), answer));
    answer
}

/// Everything at a glance.
#[utoipa::path(get, path = "/health", tag = "service",
    responses((status = 200, body = HealthResponse), (status = 503, body = HealthResponse)))]
async fn get_health(State(server): State<Arc<Server>>) -> Response {
    let database = database_answers(&server).await;
    let cache = server.app.answers.health();
    let warned = cache.warning().is_some();
    let engine = format!("{:?}", server.app.db.dialect()).to_lowercase();
    let routing = server.app.travel().health();
    let mut checks = vec![
        CheckResponse {
            component: "database",
            status: if database { "pass" } else { "fail" },
            detail: if database { engine } else { format!("{engine} does not answer") },
        },
        CheckResponse {
            component: "cache",
            status: if warned { "warn" } else { "pass" },
            detail: match cache.mode {
                Mode::TwoTier if warned => "in process and Redis, which is full".to_owned(),
                Mode::TwoTier => "in process and Redis".to_owned(),
                Mode::MemoryOnly => "in process".to_owned(),
            },
        },
    ];
    checks.extend(routing.map(routed));
    let warned = warned || routing.is_some_and(|routing| !routing.asked);
    let status = match (database, warned) {
        (false, _) => "fail",
        (true, true) => "warn",
        (true, false) => "pass",
    };
    let code = if database { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let version = env!("CARGO_PKG_VERSION");
    let health = HealthResponse { status, version, node: server.app.node().to_string(), checks };
    (code, [(header::CACHE_CONTROL, "no-store")], Json(health)).into_response()
}

/// A routing engine: the built-in ways stand in for one that fails, so that is a warning.
fn routed(routing: RoutingHealth) -> CheckResponse {
    let RoutingHealth { engine, asked, answered, fell_back } = routing;
    let state = if asked { engine.to_owned() } else { format!("{engine} is left alone, because it failed") };
    CheckResponse {
        component: "routing",
        status: if asked { "pass" } else { "warn" },
        detail: format!("{state}; {answered} ways from it and {fell_back} built-in ones since the start"),
    }
}

/// The process runs.
#[utoipa::path(get, path = "/health/live", tag = "service", responses((status = 204)))]
async fn get_live() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The node can work.
#[utoipa::path(get, path = "/health/ready", tag = "service", responses((status = 204), (status = 503)))]
async fn get_ready(State(server): State<Arc<Server>>) -> StatusCode {
    if !server.draining() && database_answers(&server).await {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

/// The node has started: its schema is up to date and its memory is loaded, or it would not listen.
#[utoipa::path(get, path = "/health/startup", tag = "service", responses((status = 204)))]
async fn get_startup() -> StatusCode {
    StatusCode::NO_CONTENT
}
