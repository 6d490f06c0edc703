//! Planned shifts: staff plan and give them, couriers take them and give them back. And within a shift: breaks, and how
//! many offers were accepted.

use std::sync::Arc;

use app::{couriers::Acceptance, moment, shifts::NewShift};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use domain::id::{CityId, CourierId, ShiftId, ZoneId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::shifts::ShiftRow;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, couriers::CourierResponse};
use crate::{
    Server,
    http::{
        extract::{Body, Id, Ids, Params},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(list_shifts, plan_shifts))
        .routes(routes!(cancel_shift))
        .routes(routes!(assign_shift))
        .routes(routes!(courier_shifts, take_shift))
        .routes(routes!(give_back_shift))
        .routes(routes!(set_break))
        .routes(routes!(get_acceptance))
}

/// Which shifts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ShiftListParams {
    /// In which city.
    city_id: Uuid,
    /// Those that end later than this.
    #[param(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Those that begin earlier than this.
    #[param(value_type = String, format = DateTime)]
    to: Timestamp,
}

/// Shifts to be planned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanShiftsRequest {
    city_id: Uuid,
    zone_id: Option<Uuid>,
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
    /// Half an hour to twelve hours later.
    #[schema(value_type = String, format = DateTime)]
    ends_at: Timestamp,
    /// How many couriers are wanted, 1 to 200; 1 if left out.
    #[serde(default = "one")]
    places: i64,
}

const fn one() -> i64 {
    1
}

/// To whom a shift is given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignShiftRequest {
    /// Null opens it again.
    courier_id: Option<Uuid>,
}

/// Which shift a courier takes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeShiftRequest {
    shift_id: Uuid,
}

/// Begin or end a break.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakRequest {
    /// 1 to 120; null ends it.
    minutes: Option<i64>,
}

/// How a courier answered offers in the last thirty days. Nothing follows from it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcceptanceResponse {
    /// Offers that were accepted, declined or ran out.
    offered: i64,
    accepted: i64,
}

/// A planned shift.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftResponse {
    id: Uuid,
    city_id: Uuid,
    zone_id: Option<Uuid>,
    zone_name: Option<String>,
    /// Null while it is open.
    courier_id: Option<Uuid>,
    courier_name: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    ends_at: Timestamp,
}

impl ShiftResponse {
    fn of(row: ShiftRow) -> Self {
        Self {
            id: row.id.into(),
            city_id: row.city_id.into(),
            zone_id: row.zone_id.map(Uuid::from),
            zone_name: row.zone_name,
            courier_id: row.courier_id.map(Uuid::from),
            courier_name: row.courier_name,
            starts_at: moment(row.starts_at),
            ends_at: moment(row.ends_at),
        }
    }

    fn list(rows: Vec<ShiftRow>) -> List<Self> {
        List::whole(rows.into_iter().map(Self::of).collect())
    }
}

/// Planned shifts of a city, in the order of their beginning; at most 1000.
#[utoipa::path(get, path = "/shifts", tag = "shifts", params(ShiftListParams),
    responses((status = 200, body = List<ShiftResponse>), (status = "4XX", body = Problem)))]
async fn list_shifts(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Params(params): Params<ShiftListParams>,
) -> Answer<Json<List<ShiftResponse>>> {
    let rows = server.app.list_shifts(&ctx, CityId(params.city_id), params.from, params.to).await?;
    Ok(Json(ShiftResponse::list(rows)))
}

/// Plans shifts: one for each courier who is wanted.
#[utoipa::path(post, path = "/shifts", tag = "shifts", request_body = PlanShiftsRequest,
    responses((status = 201, body = List<ShiftResponse>), (status = "4XX", body = Problem)))]
async fn plan_shifts(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<PlanShiftsRequest>,
) -> Answer<Response> {
    let PlanShiftsRequest { city_id, zone_id, starts_at, ends_at, places } = request;
    let new = NewShift { city_id: CityId(city_id), zone_id: zone_id.map(ZoneId), starts_at, ends_at, places };
    let rows = server.app.plan_shifts(&ctx, &new).await?;
    Ok((StatusCode::CREATED, Json(ShiftResponse::list(rows))).into_response())
}

/// Cancels a planned shift.
#[utoipa::path(delete, path = "/shifts/{id}", tag = "shifts", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn cancel_shift(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<ShiftId>,
) -> Answer<StatusCode> {
    server.app.cancel_shift(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a planned shift to a courier, or opens it again.
#[utoipa::path(post, path = "/shifts/{id}/assign", tag = "shifts", params(("id" = Uuid, Path)),
    request_body = AssignShiftRequest,
    responses((status = 200, body = ShiftResponse), (status = "4XX", body = Problem)))]
async fn assign_shift(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<ShiftId>,
    Body(request): Body<AssignShiftRequest>,
) -> Answer<Json<ShiftResponse>> {
    let row = server.app.assign_shift(&ctx, id, request.courier_id.map(CourierId)).await?;
    Ok(Json(ShiftResponse::of(row)))
}

/// The shifts that a courier has, and those of the next two weeks that could be taken.
#[utoipa::path(get, path = "/couriers/{id}/shifts", tag = "shifts", params(("id" = Uuid, Path)),
    responses((status = 200, body = List<ShiftResponse>), (status = "4XX", body = Problem)))]
async fn courier_shifts(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
) -> Answer<Json<List<ShiftResponse>>> {
    Ok(Json(ShiftResponse::list(server.app.courier_shifts(&ctx, id).await?)))
}

/// Takes an open shift.
#[utoipa::path(post, path = "/couriers/{id}/shifts", tag = "shifts", params(("id" = Uuid, Path)),
    request_body = TakeShiftRequest,
    responses((status = 200, body = ShiftResponse), (status = "4XX", body = Problem)))]
async fn take_shift(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
    Body(request): Body<TakeShiftRequest>,
) -> Answer<Json<ShiftResponse>> {
    let row = server.app.take_shift(&ctx, id, ShiftId(request.shift_id)).await?;
    Ok(Json(ShiftResponse::of(row)))
}

/// Gives a shift back before it begins.
#[utoipa::path(delete, path = "/couriers/{id}/shifts/{shift_id}", tag = "shifts",
    params(("id" = Uuid, Path), ("shift_id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn give_back_shift(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Ids(id, shift): Ids<CourierId, ShiftId>,
) -> Answer<StatusCode> {
    server.app.give_back_shift(&ctx, id, shift).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins a break, which ends by itself, or ends it.
#[utoipa::path(post, path = "/couriers/{id}/break", tag = "couriers", params(("id" = Uuid, Path)),
    request_body = BreakRequest,
    responses((status = 200, body = CourierResponse), (status = "4XX", body = Problem)))]
async fn set_break(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
    Body(request): Body<BreakRequest>,
) -> Answer<Json<CourierResponse>> {
    Ok(Json(CourierResponse::of(server.app.set_break(&ctx, id, request.minutes).await?)))
}

/// How many offers a courier accepted lately.
#[utoipa::path(get, path = "/couriers/{id}/acceptance", tag = "couriers", params(("id" = Uuid, Path)),
    responses((status = 200, body = AcceptanceResponse), (status = "4XX", body = Problem)))]
async fn get_acceptance(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
) -> Answer<Json<AcceptanceResponse>> {
    let Acceptance { offered, accepted } = server.app.acceptance(&ctx, id).await?;
    Ok(Json(AcceptanceResponse { offered, accepted }))
}
