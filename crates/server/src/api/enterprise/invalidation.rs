//! `/enterprise/invalidation/cascade`: everything that follows from one thing is forgotten, as if it had changed.

use std::sync::Arc;

use app::caching::Thing;
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    Server,
    api::{caching::ClearedResponse, words},
    http::{
        extract::Body,
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoint.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(cascade))
}

/// Of what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CascadeRequest {
    #[schema(value_type = words::CacheEntity)]
    entity: String,
    /// Of a menu, its restaurant's.
    id: Uuid,
    /// For the record.
    why: Option<String>,
}

/// Forgets what follows from one thing, on every node; answers what that was in each namespace.
#[utoipa::path(post, path = "/enterprise/invalidation/cascade", tag = "cache", request_body = CascadeRequest,
    responses((status = 200, body = ClearedResponse), (status = "4XX", body = Problem)))]
async fn cascade(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<CascadeRequest>,
) -> Answer<Json<ClearedResponse>> {
    let thing = Thing::named(&request.entity)?;
    let why = request.why.as_deref().unwrap_or("not said");
    Ok(Json(ClearedResponse::of(&server.app.cascade_cache(&ctx, thing, request.id, why).await?)))
}
