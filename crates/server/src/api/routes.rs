//! `/routes`: planned days of stops, and who drives them.

use std::sync::Arc;

use app::routes::{Route, RouteFilter, RoutePlan, RouteStatus, Stop};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use domain::id::{CityId, CourierId, RouteId};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, default_limit, within_page, words};
use crate::{
    Server,
    http::{
        extract::{Body, Id, Params},
        guard::Caller,
        patch::Patch,
        problem::{Answer, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_routes, add_route)).routes(routes!(get_route, update_route, delete_route))
}

/// Which routes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RouteListParams {
    /// Only of this city.
    city_id: Option<Uuid>,
    /// Only of this local day, `YYYY-MM-DD`.
    #[param(value_type = Option<String>)]
    day: Option<Date>,
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

/// A stop.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopWire {
    lat: f64,
    lng: f64,
    /// Who or what is there.
    name: String,
    /// Not before.
    #[schema(value_type = Option<String>, format = DateTime)]
    window_from: Option<Timestamp>,
    /// Not after.
    #[schema(value_type = Option<String>, format = DateTime)]
    window_to: Option<Timestamp>,
    /// A word to the driver.
    note: Option<String>,
}

/// A route to be planned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddRouteRequest {
    city_id: Uuid,
    /// Who drives it; needed once it is published.
    courier_id: Option<Uuid>,
    name: String,
    /// Local day, `YYYY-MM-DD`.
    #[schema(value_type = String)]
    day: Date,
    /// `draft` (default), `published` or `done`.
    #[serde(default = "draft")]
    #[schema(value_type = words::RouteStatus)]
    status: RouteStatus,
    depot_lat: f64,
    depot_lng: f64,
    /// In order, at most 300.
    #[serde(default)]
    stops: Vec<StopWire>,
}

/// What changes; what is left out stays, null goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateRouteRequest {
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    courier_id: Patch<Uuid>,
    name: Option<String>,
    #[schema(value_type = Option<String>)]
    day: Option<Date>,
    #[schema(value_type = Option<words::RouteStatus>)]
    status: Option<RouteStatus>,
    depot_lat: Option<f64>,
    depot_lng: Option<f64>,
    /// All of them anew.
    stops: Option<Vec<StopWire>>,
    /// The version that was seen; a newer one is a conflict.
    version: Option<i64>,
}

/// A route.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedRouteResponse {
    id: Uuid,
    city_id: Uuid,
    courier_id: Option<Uuid>,
    name: String,
    #[schema(value_type = String)]
    day: Date,
    #[schema(value_type = words::RouteStatus)]
    status: &'static str,
    depot_lat: f64,
    depot_lng: f64,
    stops: Vec<StopWire>,
    version: i64,
}

const fn draft() -> RouteStatus {
    RouteStatus::Draft
}

impl StopWire {
    fn of(stop: Stop) -> Self {
        let Stop { lat, lng, name, window_from, window_to, note } = stop;
        Self { lat, lng, name, window_from, window_to, note }
    }

    fn stop(self) -> Stop {
        let Self { lat, lng, name, window_from, window_to, note } = self;
        Stop { lat, lng, name, window_from, window_to, note }
    }
}

impl PlannedRouteResponse {
    fn of(route: Route) -> Self {
        let plan = route.plan;
        Self {
            id: route.id.into(),
            city_id: route.city_id.into(),
            courier_id: plan.courier_id.map(Uuid::from),
            name: plan.name,
            day: plan.day,
            status: plan.status.as_str(),
            depot_lat: plan.depot_lat,
            depot_lng: plan.depot_lng,
            stops: plan.stops.into_iter().map(StopWire::of).collect(),
            version: route.version,
        }
    }
}

/// Routes; a courier sees the own ones once they are published.
#[utoipa::path(get, path = "/routes", tag = "routes", params(RouteListParams),
    responses((status = 200, body = List<PlannedRouteResponse>), (status = "4XX", body = Problem)))]
async fn list_routes(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Params(params): Params<RouteListParams>,
) -> Answer<Json<List<PlannedRouteResponse>>> {
    let filter = RouteFilter {
        city: params.city_id.map(CityId),
        day: params.day,
        after: params.cursor.map(RouteId),
        limit: within_page(params.limit)?,
    };
    let (routes, next) = server.app.list_routes(&ctx, &filter).await?;
    let items = routes.into_iter().map(PlannedRouteResponse::of).collect();
    Ok(Json(List { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// Plans a route.
#[utoipa::path(post, path = "/routes", tag = "routes", request_body = AddRouteRequest,
    responses((status = 201, body = PlannedRouteResponse), (status = "4XX", body = Problem)))]
async fn add_route(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<AddRouteRequest>,
) -> Answer<Response> {
    let plan = RoutePlan {
        courier_id: request.courier_id.map(CourierId),
        name: request.name,
        day: request.day,
        status: request.status,
        depot_lat: request.depot_lat,
        depot_lng: request.depot_lng,
        stops: request.stops.into_iter().map(StopWire::stop).collect(),
    };
    let route = server.app.add_route(&ctx, CityId(request.city_id), &plan).await?;
    let location = [("location", format!("/routes/{}", route.id))];
    Ok((StatusCode::CREATED, location, Json(PlannedRouteResponse::of(route))).into_response())
}

/// One route.
#[utoipa::path(get, path = "/routes/{id}", tag = "routes", params(("id" = Uuid, Path)),
    responses((status = 200, body = PlannedRouteResponse), (status = "4XX", body = Problem)))]
async fn get_route(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<RouteId>,
) -> Answer<Json<PlannedRouteResponse>> {
    Ok(Json(PlannedRouteResponse::of(server.app.route(&ctx, id).await?)))
}

/// Changes a route. What was driven stays driven.
#[utoipa::path(patch, path = "/routes/{id}", tag = "routes", params(("id" = Uuid, Path)),
    request_body = UpdateRouteRequest,
    responses((status = 200, body = PlannedRouteResponse), (status = "4XX", body = Problem)))]
async fn update_route(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<RouteId>,
    Body(request): Body<UpdateRouteRequest>,
) -> Answer<Json<PlannedRouteResponse>> {
    let Route { version, plan: now, .. } = server.app.route(&ctx, id).await?;
    let stops = request.stops.map(|stops| stops.into_iter().map(StopWire::stop).collect());
    let plan = RoutePlan {
        courier_id: request.courier_id.or(now.courier_id.map(Uuid::from)).map(CourierId),
        name: request.name.unwrap_or(now.name),
        day: request.day.unwrap_or(now.day),
        status: request.status.unwrap_or(now.status),
        depot_lat: request.depot_lat.unwrap_or(now.depot_lat),
        depot_lng: request.depot_lng.unwrap_or(now.depot_lng),
        stops: stops.unwrap_or(now.stops),
    };
    let route = server.app.update_route(&ctx, id, request.version.unwrap_or(version), &plan).await?;
    Ok(Json(PlannedRouteResponse::of(route)))
}

/// Removes a route.
#[utoipa::path(delete, path = "/routes/{id}", tag = "routes", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn delete_route(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<RouteId>,
) -> Answer<StatusCode> {
    server.app.delete_route(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
