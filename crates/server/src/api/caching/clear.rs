//! `/cache/clear`: answers forgotten by hand, on every node, recorded with who and why.

use std::sync::Arc;

use app::caching::{Cleared, Forgotten};
use axum::{Json, extract::State};
use cache::Namespace;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::Named;
use crate::{
    Server,
    api::words,
    http::{
        extract::{NoParams, Params},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(clear_expired))
        .routes(routes!(clear_menu_items))
        .routes(routes!(clear_restaurants))
        .routes(routes!(clear_orders))
        .routes(routes!(clear_analytics))
        .routes(routes!(clear_namespace))
}

/// Why.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClearParams {
    /// For the record.
    #[serde(default = "not_said")]
    why: String,
}

/// Why, and how much.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClearFamilyParams {
    /// For the record.
    #[serde(default = "not_said")]
    why: String,
    /// Only the namespace of this name, without the rest of its family.
    #[serde(default)]
    only: bool,
}

fn not_said() -> String {
    "not said".to_owned()
}

/// What was forgotten on the node that was asked; the others do the same within a second.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClearedResponse {
    /// The stored record; null for expired answers, whose removal changes nothing that is sent.
    clear_id: Option<Uuid>,
    /// Answers that memory held and holds no longer.
    removed: usize,
    /// The same of Redis; null without it.
    removed_redis: Option<u64>,
    /// By namespace.
    namespaces: Vec<PartResponse>,
    took_ms: f64,
}

/// What was forgotten in a namespace.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartResponse {
    #[schema(value_type = words::CacheNamespace)]
    namespace: &'static str,
    /// `key`, `prefix`, `namespace`, `expired`, or `put` where the new answer was stored already.
    reach: &'static str,
    /// Keys named.
    keys: usize,
    removed: usize,
    removed_redis: Option<u64>,
}

impl PartResponse {
    /// A part as it is sent.
    pub fn of(part: &Forgotten) -> Self {
        Self {
            namespace: part.namespace.name(),
            reach: part.reach,
            keys: part.keys,
            removed: part.removed,
            removed_redis: part.removed_redis,
        }
    }
}

impl ClearedResponse {
    /// A clear as it is sent.
    pub(in crate::api) fn of(cleared: &Cleared) -> Self {
        let redis: Vec<u64> = cleared.parts.iter().filter_map(|part| part.removed_redis).collect();
        Self {
            clear_id: Some(cleared.id),
            removed: cleared.parts.iter().map(|part| part.removed).sum(),
            removed_redis: (!redis.is_empty()).then(|| redis.iter().sum()),
            namespaces: cleared.parts.iter().map(PartResponse::of).collect(),
            took_ms: super::milliseconds(std::time::Duration::from_micros(cleared.took_us)),
        }
    }
}

/// Removes answers that are too old to be sent. No answer changes.
#[utoipa::path(delete, path = "/cache/clear/expired", tag = "cache",
    responses((status = 200, body = ClearedResponse), (status = "4XX", body = Problem)))]
async fn clear_expired(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Params(NoParams {}): Params<NoParams>,
) -> Answer<Json<ClearedResponse>> {
    let started = std::time::Instant::now();
    let removed = server.app.clear_expired_answers(&ctx).await?;
    let part = |(namespace, removed): &(Namespace, usize)| PartResponse {
        namespace: namespace.name(),
        reach: "expired",
        keys: *removed,
        removed: *removed,
        removed_redis: None,
    };
    Ok(Json(ClearedResponse {
        clear_id: None,
        removed: removed.iter().map(|one| one.1).sum(),
        removed_redis: None,
        namespaces: removed.iter().map(part).collect(),
        took_ms: super::milliseconds(started.elapsed()),
    }))
}

macro_rules! families {
    ($($name:ident $path:literal $family:ident $about:literal;)*) => {$(
        #[doc = $about]
        #[utoipa::path(delete, path = $path, tag = "cache", params(ClearFamilyParams),
            responses((status = 200, body = ClearedResponse), (status = "4XX", body = Problem)))]
        async fn $name(
            State(server): State<Arc<Server>>,
            Caller(ctx): Caller,
            Params(params): Params<ClearFamilyParams>,
        ) -> Answer<Json<ClearedResponse>> {
            let members = Namespace::$family.members();
            let family: Vec<_> = members.filter(|one| !params.only || *one == Namespace::$family).collect();
            Ok(Json(ClearedResponse::of(&server.app.clear_cache(&ctx, &family, &params.why).await?)))
        }
    )*};
}

families! {
    clear_menu_items "/cache/clear/menu-items" MenuItems "Forgets menus and dishes.";
    clear_restaurants "/cache/clear/restaurants" Restaurants
        "Forgets restaurants, their lists, availability and capacity.";
    clear_orders "/cache/clear/orders" Orders "Forgets delivered orders, tracking and live boards.";
    clear_analytics "/cache/clear/analytics" Analytics "Forgets all figures.";
}

/// Forgets one namespace, without the rest of its family.
#[utoipa::path(delete, path = "/cache/clear/{namespace}", tag = "cache",
    params(("namespace" = words::CacheNamespace, Path), ClearParams),
    responses((status = 200, body = ClearedResponse), (status = "4XX", body = Problem)))]
async fn clear_namespace(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Named(namespace): Named,
    Params(params): Params<ClearParams>,
) -> Answer<Json<ClearedResponse>> {
    Ok(Json(ClearedResponse::of(&server.app.clear_cache(&ctx, &[namespace], &params.why).await?)))
}
