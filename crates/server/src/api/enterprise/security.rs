//! `/enterprise/security`: who may be given answers of a namespace, and keys that say whose they are without naming anybody.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::id::UserId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    Server,
    api::{
        caching::{Named, unknown},
        words,
    },
    http::{
        extract::{Body, Params},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(validate)).routes(routes!(secure_key))
}

/// Who, and with which key.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ValidateParams {
    /// The account.
    user_id: Uuid,
    /// A key of the namespace: may they be given this one?
    key: Option<String>,
}

/// Whether an account may be given answers of a namespace.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValidationResponse {
    #[schema(value_type = words::CacheNamespace)]
    namespace: &'static str,
    user_id: Uuid,
    allowed: bool,
    /// `any`, `own` or `none`.
    reach: &'static str,
    /// `public`, `own-key`, `own-only`, `foreign-key`, `role`, `role-may-not` or `account-closed`.
    reason: &'static str,
}

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecureKeyRequest {
    #[schema(value_type = words::CacheNamespace)]
    namespace: String,
    /// What it names, 1 to 200 characters.
    name: String,
    /// For whom, where the namespace is personal; the caller if left out.
    user_id: Option<Uuid>,
}

/// A key.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecureKeyResponse {
    #[schema(value_type = words::CacheNamespace)]
    namespace: &'static str,
    key: String,
    /// It belongs to one person.
    personal: bool,
}

/// Whether an account may be given answers of a namespace, or the one of a key, and why. The cache is not asked.
#[utoipa::path(get, path = "/enterprise/security/validate/{namespace}", tag = "cache",
    params(("namespace" = words::CacheNamespace, Path), ValidateParams),
    responses((status = 200, body = ValidationResponse), (status = "4XX", body = Problem)))]
async fn validate(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Named(namespace): Named,
    Params(params): Params<ValidateParams>,
) -> Answer<Json<ValidationResponse>> {
    let user = UserId(params.user_id);
    let found = server.app.validate_cache_access(&ctx, namespace, user, params.key.as_deref()).await?;
    Ok(Json(ValidationResponse {
        namespace: namespace.name(),
        user_id: params.user_id,
        allowed: found.allowed,
        reach: found.reach,
        reason: found.reason,
    }))
}

/// Makes a key of a namespace: a keyed hash, bound to one account where the namespace is personal.
#[utoipa::path(post, path = "/enterprise/security/secure-key", tag = "cache", request_body = SecureKeyRequest,
    responses((status = 200, body = SecureKeyResponse), (status = "4XX", body = Problem)))]
async fn secure_key(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<SecureKeyRequest>,
) -> Answer<Json<SecureKeyResponse>> {
    let namespace = request.namespace.parse().map_err(|_| unknown("/namespace"))?;
    let made = server.app.secure_cache_key(&ctx, namespace, request.user_id.map(UserId), &request.name).await?;
    Ok(Json(SecureKeyResponse { namespace: namespace.name(), key: made.key, personal: made.personal }))
}
