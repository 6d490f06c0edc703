//! `/orders`: placed, read, moved along.

pub mod assign;
pub mod decisions;
pub mod reassign;
pub mod response;

use std::sync::Arc;

use app::{
    App,
    orders::{MoveOrder, OrderFilter, PlaceOrder},
};
use axum::{
    Json,
    body::Body as HttpBody,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use cache::Namespace;
use domain::{
    id::{CustomerId, OrderId, QuoteId, RestaurantId},
    ledger::PaymentMethod,
    order::Status,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    List, default_limit,
    places::{Coordinates, line},
    within_page, words,
};
use crate::{
    Server,
    http::{
        cached::{Asked, Read, cached, uncached},
        extract::{Body, Id, Params},
        guard::Caller,
        problem::{Answer, INTERNAL, INVALID_BODY, Problem},
    },
};
pub use response::{OrderResponse, stars};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(list_orders, place_order))
        .routes(routes!(get_order))
        .routes(routes!(move_order))
        .routes(routes!(delay_order))
        .routes(routes!(arrive))
        .merge(assign::router())
        .merge(decisions::router())
        .merge(reassign::router())
        .routes(routes!(get_route))
}

/// Which orders.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrderListParams {
    /// Only orders that have not ended.
    #[serde(default)]
    active: bool,
    /// Only orders of this status.
    #[param(inline, value_type = Option<words::OrderStatus>)]
    status: Option<String>,
    /// Only orders of this kitchen.
    restaurant_id: Option<Uuid>,
    /// Only orders of this customer.
    customer_id: Option<Uuid>,
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

/// An order to be placed. What it costs stands in the quote; no amount is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceOrderRequest {
    /// The quote.
    quote_id: Uuid,
    /// How it is paid.
    payment: PaymentRequest,
    /// A word to the kitchen, at most 300 characters.
    note: Option<String>,
}

/// How an order is paid.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentRequest {
    /// `cod` (cash to the courier) or `sandbox` (the built-in test gateway).
    #[schema(value_type = words::PaymentMethod)]
    method: PaymentMethod,
    /// For the test gateway: `decline` makes it refuse.
    token: Option<String>,
}

/// The answer to a placed order.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlacedOrderResponse {
    id: Uuid,
    /// Spoken number of the day, such as H24.
    number: String,
    #[schema(value_type = words::OrderStatus)]
    status: String,
    total_paise: i64,
    eta: super::quotes::RangeResponse,
    /// When the kitchen's silence becomes a refusal.
    accept_by: String,
    /// To be said at the door.
    delivery_code: String,
}

/// A change of status and what it takes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveOrderRequest {
    /// accepted, preparing, ready, picked_up, delivered, rejected, cancelled or failed.
    #[schema(value_type = words::OrderStatus)]
    status: String,
    /// With `accepted`: minutes until the food is ready, 5 to 90.
    prep_minutes: Option<i64>,
    /// With `rejected`, `failed` and staff's `cancelled`: why.
    reason: Option<String>,
    /// With `delivered`: the code that the customer says.
    code: Option<String>,
    /// The version that was seen; a newer one is a conflict.
    version: Option<i64>,
}

/// A later promise.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelayOrderRequest {
    /// 5, 10 or 20.
    minutes: i64,
}

/// One leg of the way.
#[derive(Debug, Serialize, ToSchema)]
pub struct LegResponse {
    /// `first_mile` or `last_mile`.
    #[schema(value_type = words::LegKind)]
    kind: &'static str,
    distance_m: i64,
    duration_s: i64,
    /// `[lat, lng]` pairs.
    #[schema(value_type = Vec<Coordinates>)]
    points: Vec<[f64; 2]>,
}

/// The way that an order takes.
#[derive(Debug, Serialize, ToSchema)]
pub struct RouteResponse {
    legs: Vec<LegResponse>,
}

fn read_status(text: &str, pointer: &str) -> Answer<Status> {
    Status::parse(text).ok_or_else(|| {
        let known: Vec<_> = Status::ALL.iter().map(|status| status.as_str()).collect();
        Problem::of(INVALID_BODY).detail(format!("One of {}.", known.join(", "))).field(pointer, "unknown-status")
    })
}

/// Orders that the caller may see, newest first.
#[utoipa::path(get, path = "/orders", tag = "orders", params(OrderListParams),
    responses((status = 200, body = List<OrderResponse>), (status = "4XX", body = Problem)))]
async fn list_orders(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Params(params): Params<OrderListParams>,
) -> Answer<Json<List<OrderResponse>>> {
    within_page(params.limit)?;
    let filter = OrderFilter {
        open: params.active,
        status: params.status.as_deref().map(|status| read_status(status, "/status")).transpose()?,
        restaurant: params.restaurant_id.map(RestaurantId),
        customer: params.customer_id.map(CustomerId),
        before: params.cursor.map(OrderId),
        limit: params.limit,
    };
    let (views, next) = server.app.list_orders(&ctx, &filter).await?;
    let items = views.into_iter().map(OrderResponse::of).collect();
    Ok(Json(List { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// Places an order. A repetition with the same `Idempotency-Key` gets the first answer again.
#[utoipa::path(post, path = "/orders", tag = "orders", request_body = PlaceOrderRequest,
    params(("Idempotency-Key" = String, Header, description = "1 to 255 visible characters, chosen by the caller")),
    responses((status = 201, body = PlacedOrderResponse), (status = "4XX", body = Problem)))]
async fn place_order(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    headers: HeaderMap,
    Body(request): Body<PlaceOrderRequest>,
) -> Answer<Response> {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let wanted = PlaceOrder {
        quote_id: QuoteId(request.quote_id),
        method: request.payment.method,
        payment_token: request.payment.token,
        note: request.note,
    };
    let placed = server.app.place_order(&ctx, key, &wanted).await?;
    let mut response = Response::builder()
        .status(StatusCode::CREATED)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::LOCATION, format!("/orders/{}", placed.order_id))
        .body(HttpBody::from(placed.body))
        .map_err(|_| Problem::of(INTERNAL))?;
    if placed.replayed {
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// One order with its history.
#[utoipa::path(get, path = "/orders/{id}", tag = "orders", params(("id" = Uuid, Path)),
    responses((status = 200, body = OrderResponse), (status = "4XX", body = Problem)))]
async fn get_order(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<OrderId>,
    asked: Asked,
) -> Answer<Response> {
    let gist = server.app.order_gist(&ctx, id).await?;
    let part = ctx.actor.user().filter(|_| gist.status == Status::Delivered).map(|user| user.role.as_str());
    // Only what is over and stays so is kept: once for each part that may read it, because each sees its own side.
    let Some(part) = part else {
        return Ok(uncached(&OrderResponse::of(server.app.order(&ctx, id).await?)));
    };
    let key = format!("{id}:{part}");
    let load = move |app: Arc<App>| async move { Ok(OrderResponse::of(app.order(&ctx, id).await?)) };
    Ok(cached(&server.app, &asked, Read::private(Namespace::Orders, &key), load).await)
}

/// Moves an order along, as far as the caller's part and the order's status allow.
#[utoipa::path(post, path = "/real-time/update-order-status/{id}", tag = "orders", params(("id" = Uuid, Path)),
    request_body = MoveOrderRequest,
    responses((status = 200, body = OrderResponse), (status = "4XX", body = Problem)))]
async fn move_order(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<OrderId>,
    Body(request): Body<MoveOrderRequest>,
) -> Answer<Json<OrderResponse>> {
    let wanted = MoveOrder {
        to: Some(read_status(&request.status, "/status")?),
        prep_minutes: request.prep_minutes,
        reason: request.reason,
        code: request.code,
        version: request.version,
    };
    Ok(Json(OrderResponse::of(server.app.move_order(&ctx, id, &wanted).await?)))
}

/// Promises the food some minutes later.
#[utoipa::path(post, path = "/orders/{id}/delay", tag = "orders", params(("id" = Uuid, Path)),
    request_body = DelayOrderRequest,
    responses((status = 200, body = OrderResponse), (status = "4XX", body = Problem)))]
async fn delay_order(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<OrderId>,
    Body(request): Body<DelayOrderRequest>,
) -> Answer<Json<OrderResponse>> {
    Ok(Json(OrderResponse::of(server.app.delay_order(&ctx, id, request.minutes).await?)))
}

/// The courier is at the counter.
#[utoipa::path(post, path = "/orders/{id}/arrive", tag = "orders", params(("id" = Uuid, Path)),
    responses((status = 200, body = OrderResponse), (status = "4XX", body = Problem)))]
async fn arrive(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<OrderId>,
) -> Answer<Json<OrderResponse>> {
    Ok(Json(OrderResponse::of(server.app.arrive(&ctx, id).await?)))
}

/// The way that the order takes, to be drawn.
#[utoipa::path(get, path = "/orders/{id}/route", tag = "orders", params(("id" = Uuid, Path)),
    responses((status = 200, body = RouteResponse), (status = "4XX", body = Problem)))]
async fn get_route(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<OrderId>,
) -> Answer<Json<RouteResponse>> {
    let (first, last) = server.app.order_ways(&ctx, id).await?;
    let leg = |kind, leg: app::Leg| LegResponse {
        kind,
        distance_m: leg.distance_m,
        duration_s: leg.duration_s,
        points: line(&leg.points),
    };
    let legs = first.map(|way| leg("first_mile", way)).into_iter().chain([leg("last_mile", last)]);
    Ok(Json(RouteResponse { legs: legs.collect() }))
}
