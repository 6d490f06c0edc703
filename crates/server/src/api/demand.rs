//! Where orders are expected: the heat map of couriers who wait and of those who watch the city.

use std::sync::Arc;

use app::demand::{Demand, HeatCell, Suggestion};
use axum::{Json, extract::State};
use domain::id::{CityId, CourierId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Server,
    http::{
        extract::Id,
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(city_demand)).routes(routes!(courier_demand))
}

/// What is expected in a city.
#[derive(Debug, Serialize, ToSchema)]
pub struct DemandResponse {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Until when it looks ahead.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// The side of a cell, in degrees of latitude and of longitude.
    cell_degrees: f64,
    /// Cells that expect something or in which a courier is free, busiest first.
    cells: Vec<HeatCellResponse>,
    /// Only for a courier who waits: a place where more is expected. Nothing follows from staying.
    suggestion: Option<SuggestionResponse>,
}

/// A cell.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeatCellResponse {
    /// Its middle.
    lat: f64,
    lng: f64,
    /// The neighbourhood of most of its kitchens.
    locality: Option<String>,
    /// Orders expected until `until`.
    expected: f64,
    /// Couriers who are free there now.
    free: usize,
}

/// Where a courier might better wait.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionResponse {
    cell: HeatCellResponse,
    /// In a straight line.
    distance_m: f64,
}

impl HeatCellResponse {
    fn of(cell: HeatCell) -> Self {
        let HeatCell { centre, locality, expected, free } = cell;
        Self { lat: centre.lat, lng: centre.lng, locality, expected, free }
    }
}

impl DemandResponse {
    fn of(demand: Demand) -> Self {
        let place =
            |it: Suggestion| SuggestionResponse { cell: HeatCellResponse::of(it.cell), distance_m: it.distance_m };
        Self {
            at: demand.at,
            until: demand.until,
            cell_degrees: domain::demand::side(),
            cells: demand.cells.into_iter().map(HeatCellResponse::of).collect(),
            suggestion: demand.suggestion.map(place),
        }
    }
}

/// Where orders are expected in a city in the next half hour.
#[utoipa::path(get, path = "/cities/{id}/demand", tag = "couriers", params(("id" = Uuid, Path)),
    responses((status = 200, body = DemandResponse), (status = "4XX", body = Problem)))]
async fn city_demand(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CityId>,
) -> Answer<Json<DemandResponse>> {
    Ok(Json(DemandResponse::of(server.app.city_demand(&ctx, id).await?)))
}

/// The same for a courier, with a place where they might better wait.
#[utoipa::path(get, path = "/couriers/{id}/demand", tag = "couriers", params(("id" = Uuid, Path)),
    responses((status = 200, body = DemandResponse), (status = "4XX", body = Problem)))]
async fn courier_demand(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
) -> Answer<Json<DemandResponse>> {
    Ok(Json(DemandResponse::of(server.app.courier_demand(&ctx, id).await?)))
}
