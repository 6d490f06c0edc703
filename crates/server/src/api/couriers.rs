//! `/couriers`: registered, on shift, reporting where they are, paid.

mod locations;
mod trace;

use std::sync::Arc;

use app::{
    Error,
    couriers::{CourierProfile, CourierView, Earnings},
    moment,
};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use domain::{
    courier::Vehicle,
    id::{CityId, CourierId},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

pub(super) use locations::{FixRequest, ReportedResponse};

use super::{List, default_limit, orders::stars, within_page, words};
use crate::{
    Server,
    http::{
        extract::{Body, Id, Params},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(list_couriers, add_courier))
        .routes(routes!(get_courier, update_courier, delete_courier))
        .routes(routes!(set_shift))
        .merge(locations::router())
        .merge(trace::router())
        .routes(routes!(get_earnings))
}

/// Which couriers.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CourierListParams {
    /// Only those at work.
    #[serde(default)]
    on_shift: bool,
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

/// A courier to be registered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddCourierRequest {
    city_id: Uuid,
    name: String,
    phone: Option<String>,
    /// foot, bicycle, `e_bike`, scooter, motorcycle, car or van.
    #[schema(value_type = words::Vehicle)]
    vehicle: Vehicle,
}

/// What changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateCourierRequest {
    name: Option<String>,
    phone: Option<String>,
    #[schema(value_type = Option<words::Vehicle>)]
    vehicle: Option<Vehicle>,
    /// The version that was seen; a newer one is a conflict.
    version: Option<i64>,
}

/// Begin or end a shift.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftRequest {
    on: bool,
}

/// A courier.
#[derive(Debug, Serialize, ToSchema)]
pub struct CourierResponse {
    id: Uuid,
    name: String,
    phone: Option<String>,
    #[schema(value_type = words::Vehicle)]
    vehicle: String,
    /// `off`, `on_break`, `free`, `offered`, `to_pickup`, `waiting` or `to_drop`.
    #[schema(value_type = words::CourierState)]
    state: &'static str,
    on_shift: bool,
    /// May not work: suspended by staff.
    suspended: bool,
    /// May not work: a document that the vehicle needs is missing or has run out.
    papers_lapsed: bool,
    /// Nothing is offered until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    break_until: Option<Timestamp>,
    /// When the planned shift at work ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    shift_ends_at: Option<Timestamp>,
    rating: Option<f64>,
    lat: Option<f64>,
    lng: Option<f64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    fix_at: Option<Timestamp>,
    city_id: Uuid,
    order_ids: Vec<Uuid>,
    /// Spoken numbers of these, in the same sequence.
    order_numbers: Vec<String>,
    /// Positions reported so far that nobody could have ridden to.
    implausible_fixes: i64,
    /// Positions reported so far that the phone itself called made up.
    mocked_fixes: i64,
    version: i64,
}

/// A day's earnings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EarningsParams {
    /// Local date, `YYYY-MM-DD`; today if left out.
    #[param(value_type = Option<String>)]
    day: Option<Date>,
}

/// A courier's day in money.
#[derive(Debug, Serialize, ToSchema)]
pub struct EarningsResponse {
    #[schema(value_type = String)]
    day: Date,
    lines: Vec<EarningResponse>,
    total_paise: i64,
    /// Cash carried for the platform.
    cash_in_hand_paise: i64,
    cash_limit_paise: i64,
}

/// One order in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EarningResponse {
    order_id: Uuid,
    number: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    pay_paise: i64,
    tip_paise: i64,
}

impl CourierResponse {
    /// A courier as one is sent.
    pub fn of(view: CourierView) -> Self {
        let row = view.row;
        Self {
            id: row.id.into(),
            name: row.name,
            phone: row.phone,
            vehicle: row.vehicle,
            state: view.state.as_str(),
            on_shift: row.on_shift,
            suspended: row.suspended,
            papers_lapsed: row.papers_lapsed,
            break_until: row.break_until.map(moment),
            shift_ends_at: row.shift_ends_at.map(moment),
            rating: stars(row.rating_sum, row.rating_count),
            lat: row.lat,
            lng: row.lng,
            fix_at: row.fix_at.map(moment),
            city_id: row.city_id.into(),
            order_ids: view.order_ids.into_iter().map(Uuid::from).collect(),
            order_numbers: view.order_numbers,
            implausible_fixes: row.implausible,
            mocked_fixes: row.mocked,
            version: row.version,
        }
    }
}

impl EarningsResponse {
    fn of(earnings: Earnings) -> Self {
        let lines = earnings.lines.into_iter().map(|line| EarningResponse {
            order_id: line.order_id.into(),
            number: format!("{}{:02}", line.letter, line.number),
            at: moment(line.ended_at),
            pay_paise: line.courier_pay_paise,
            tip_paise: line.tip_paise,
        });
        let lines = lines.collect::<Vec<_>>();
        Self {
            day: earnings.day,
            total_paise: lines.iter().map(|line| line.pay_paise + line.tip_paise).sum(),
            lines,
            cash_in_hand_paise: earnings.cash_in_hand_paise,
            cash_limit_paise: earnings.cash_limit_paise,
        }
    }
}

/// Couriers.
#[utoipa::path(get, path = "/couriers", tag = "couriers", params(CourierListParams),
    responses((status = 200, body = List<CourierResponse>), (status = "4XX", body = Problem)))]
async fn list_couriers(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Params(params): Params<CourierListParams>,
) -> Answer<Json<List<CourierResponse>>> {
    within_page(params.limit)?;
    let after = params.cursor.map(CourierId);
    let mut views = server.app.list_couriers(&ctx, params.on_shift, after, params.limit + 1).await?;
    let more = views.len() > params.limit;
    views.truncate(params.limit);
    let next_cursor = views.last().filter(|_| more).map(|view| view.row.id.to_string());
    Ok(Json(List { items: views.into_iter().map(CourierResponse::of).collect(), next_cursor }))
}

/// Registers a courier.
#[utoipa::path(post, path = "/couriers", tag = "couriers", request_body = AddCourierRequest,
    responses((status = 201, body = CourierResponse), (status = "4XX", body = Problem)))]
async fn add_courier(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<AddCourierRequest>,
) -> Answer<Response> {
    let profile = CourierProfile { name: request.name, phone: request.phone, vehicle: request.vehicle };
    let id = server.app.add_courier(&ctx, CityId(request.city_id), &profile).await?;
    let location = [("location", format!("/couriers/{id}"))];
    let view = server.app.courier(&ctx, id).await?;
    Ok((StatusCode::CREATED, location, Json(CourierResponse::of(view))).into_response())
}

/// One courier.
#[utoipa::path(get, path = "/couriers/{id}", tag = "couriers", params(("id" = Uuid, Path)),
    responses((status = 200, body = CourierResponse), (status = "4XX", body = Problem)))]
async fn get_courier(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
) -> Answer<Json<CourierResponse>> {
    Ok(Json(CourierResponse::of(server.app.courier(&ctx, id).await?)))
}

/// Changes a courier.
#[utoipa::path(patch, path = "/couriers/{id}", tag = "couriers", params(("id" = Uuid, Path)),
    request_body = UpdateCourierRequest,
    responses((status = 200, body = CourierResponse), (status = "4XX", body = Problem)))]
async fn update_courier(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
    Body(request): Body<UpdateCourierRequest>,
) -> Answer<Json<CourierResponse>> {
    let now = server.app.courier(&ctx, id).await?.row;
    let vehicle = Vehicle::parse(&now.vehicle).ok_or_else(|| Error::Internal(format!("vehicle {}", now.vehicle)))?;
    let profile = CourierProfile {
        name: request.name.unwrap_or(now.name),
        phone: request.phone.or(now.phone),
        vehicle: request.vehicle.unwrap_or(vehicle),
    };
    let view = server.app.update_courier(&ctx, id, request.version.unwrap_or(now.version), &profile).await?;
    Ok(Json(CourierResponse::of(view)))
}

/// Removes a courier who has nothing in hand.
#[utoipa::path(delete, path = "/couriers/{id}", tag = "couriers", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn delete_courier(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
) -> Answer<StatusCode> {
    server.app.delete_courier(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins or ends a shift.
#[utoipa::path(post, path = "/couriers/{id}/shift", tag = "couriers", params(("id" = Uuid, Path)),
    request_body = ShiftRequest,
    responses((status = 200, body = CourierResponse), (status = "4XX", body = Problem)))]
async fn set_shift(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
    Body(request): Body<ShiftRequest>,
) -> Answer<Json<CourierResponse>> {
    Ok(Json(CourierResponse::of(server.app.set_shift(&ctx, id, request.on).await?)))
}

/// A courier's day in money.
#[utoipa::path(get, path = "/couriers/{id}/earnings", tag = "couriers", params(("id" = Uuid, Path), EarningsParams),
    responses((status = 200, body = EarningsResponse), (status = "4XX", body = Problem)))]
async fn get_earnings(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
    Params(params): Params<EarningsParams>,
) -> Answer<Json<EarningsResponse>> {
    Ok(Json(EarningsResponse::of(server.app.earnings(&ctx, id, params.day).await?)))
}
