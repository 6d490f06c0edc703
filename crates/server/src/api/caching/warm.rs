//! `/cache/warm`: popular answers loaded before anybody asks, as a job whose progress can be read.

use std::sync::Arc;

use app::caching::JobState;
use axum::{Json, extract::State, http::StatusCode};
use cache::Namespace;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::Named;
use crate::{
    Server,
    api::{List, words},
    http::{
        guard::Caller,
        problem::{Answer, NOT_FOUND, NOT_WARMABLE, Problem},
    },
};

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(warm_restaurants))
        .routes(routes!(warm_menu_items))
        .routes(routes!(warm_namespace))
        .routes(routes!(list_jobs))
        .routes(routes!(get_job))
}

/// A job that loads answers ahead.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobResponse {
    id: Uuid,
    #[schema(value_type = words::WarmingPurpose)]
    purpose: &'static str,
    #[schema(value_type = Vec<words::CacheNamespace>)]
    namespaces: Vec<&'static str>,
    /// Keys to look at.
    total: usize,
    /// Keys looked at.
    done: usize,
    /// Of these, loaded.
    loaded: usize,
    /// Of these, fresh already.
    fresh: usize,
    /// Of these, that could not be loaded or name nothing any more.
    failed: usize,
    /// 0 to 1.
    progress: f64,
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

impl JobResponse {
    /// A job as it stands.
    #[expect(clippy::cast_precision_loss, reason = "at most five hundred keys")]
    pub fn of(job: &JobState) -> Self {
        Self {
            id: job.id,
            purpose: job.purpose.as_str(),
            namespaces: job.namespaces.iter().map(|namespace| namespace.name()).collect(),
            total: job.total,
            done: job.done,
            loaded: job.loaded,
            fresh: job.fresh,
            failed: job.failed,
            progress: if job.total == 0 { 1.0 } else { job.done as f64 / job.total as f64 },
            started_at: job.started_at,
            ended_at: job.ended_at,
        }
    }
}

async fn warm(server: &Server, ctx: &app::Ctx, namespace: Namespace) -> Answer<(StatusCode, Json<JobResponse>)> {
    let job = server.app.warm_namespace(ctx, namespace).await?;
    let job = job.ok_or_else(|| Problem::of(NOT_WARMABLE).field("/namespace", "not-warmable"))?;
    Ok((StatusCode::ACCEPTED, Json(JobResponse::of(&job))))
}

/// Begins to load the restaurants that are asked for most.
#[utoipa::path(post, path = "/cache/warm/restaurants", tag = "cache",
    responses((status = 202, body = JobResponse), (status = "4XX", body = Problem)))]
async fn warm_restaurants(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
) -> Answer<(StatusCode, Json<JobResponse>)> {
    warm(&server, &ctx, Namespace::Restaurants).await
}

/// Begins to load the menus that are asked for most.
#[utoipa::path(post, path = "/cache/warm/menu-items", tag = "cache",
    responses((status = 202, body = JobResponse), (status = "4XX", body = Problem)))]
async fn warm_menu_items(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
) -> Answer<(StatusCode, Json<JobResponse>)> {
    warm(&server, &ctx, Namespace::MenuItems).await
}

/// Begins to load what is asked for most in a namespace. Answers that are personal or live for seconds cannot be loaded
/// ahead.
#[utoipa::path(post, path = "/cache/warm/{namespace}", tag = "cache",
    params(("namespace" = words::CacheNamespace, Path)),
    responses((status = 202, body = JobResponse), (status = "4XX", body = Problem)))]
async fn warm_namespace(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Named(namespace): Named,
) -> Answer<(StatusCode, Json<JobResponse>)> {
    warm(&server, &ctx, namespace).await
}

/// The newest jobs of this node, newest first.
#[utoipa::path(get, path = "/cache/warm/jobs", tag = "cache",
    responses((status = 200, body = List<JobResponse>), (status = "4XX", body = Problem)))]
async fn list_jobs(State(server): State<Arc<Server>>, Caller(ctx): Caller) -> Answer<Json<List<JobResponse>>> {
    let jobs = server.app.warming_jobs(&ctx)?;
    Ok(Json(List::whole(jobs.iter().map(JobResponse::of).collect())))
}

/// How far a job is. A job is known to the node that runs it.
#[utoipa::path(get, path = "/cache/warm/jobs/{id}", tag = "cache", params(("id" = Uuid, Path)),
    responses((status = 200, body = JobResponse), (status = "4XX", body = Problem)))]
async fn get_job(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    axum::extract::Path(id): axum::extract::Path<String>,
) -> Answer<Json<JobResponse>> {
    let id: Uuid = id.parse().map_err(|_| Problem::of(NOT_FOUND).detail("There is no such job."))?;
    Ok(Json(JobResponse::of(&server.app.warming_job(&ctx, id)?)))
}
