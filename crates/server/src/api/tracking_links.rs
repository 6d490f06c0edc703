//! `/orders/{id}/tracking-links` and `/track/{token}`: an order's way, shown to somebody without an account.

mod shared_stream;

use std::sync::Arc;

use app::{
    moment,
    tracking_links::{SharedOrder, Shown},
};
use axum::{
    Json,
    extract::{FromRequestParts, Path, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use domain::id::OrderId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::words;
use crate::{
    Server,
    http::{
        extract::{Body, Id},
        guard::Caller,
        problem::{Answer, NOT_FOUND, Problem},
    },
};

/// A link holds this long if nothing else is said: an order and some patience.
const LIFETIME_S: i64 = 4 * 3_600;

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(share_order, stop_sharing))
        .routes(routes!(get_shared))
        .routes(routes!(shared_stream::follow_shared))
}

/// The token of a link in the address.
struct Token(String);

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let token = Path::<String>::from_request_parts(parts, state).await;
        token.map(|token| Self(token.0)).map_err(|_| Problem::of(NOT_FOUND))
    }
}

/// How long a link is to hold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShareOrderRequest {
    /// Seconds, 300 to 86,400; four hours if left out.
    expires_in_s: Option<i64>,
}

/// A link.
#[derive(Debug, Serialize, ToSchema)]
struct TrackingLinkResponse {
    /// What stands in the address; told only now.
    token: String,
    /// The page that shows it, on this server.
    path: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// An order as a link shows it.
#[derive(Debug, Serialize, ToSchema)]
struct SharedOrderResponse {
    /// Spoken number of the day, such as H24.
    number: String,
    #[schema(value_type = words::OrderStatus)]
    status: &'static str,
    /// The letter of the door's zone, which paints the number.
    zone_letter: String,
    city_id: Uuid,
    /// The counter, which everybody may see.
    restaurant_name: String,
    restaurant_lat: f64,
    restaurant_lng: f64,
    #[schema(value_type = String, format = DateTime)]
    placed_at: Timestamp,
    /// Arrival, early end.
    #[schema(value_type = String, format = DateTime)]
    eta_low: Timestamp,
    /// Arrival, late end.
    #[schema(value_type = String, format = DateTime)]
    eta_high: Timestamp,
    /// What holds it up, where it comes later than first said and that can be named.
    #[schema(value_type = Option<words::EtaReason>)]
    eta_reason: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    picked_up_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    delivered_at: Option<Timestamp>,
    /// Who brings it, until it has ended.
    courier: Option<SharedCourierResponse>,
    /// Until when the link is good.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Who brings it.
#[derive(Debug, Serialize, ToSchema)]
struct SharedCourierResponse {
    first_name: String,
    #[schema(value_type = words::Vehicle)]
    vehicle: String,
    /// How many deliveries they make before this one; null until it is on board.
    doors_ahead: Option<usize>,
    position: Option<SharedPositionResponse>,
}

/// Where they are, as far as it is shown.
#[derive(Debug, Serialize, ToSchema)]
struct SharedPositionResponse {
    lat: f64,
    lng: f64,
    /// Side of the square in whose middle this is: 300 metres, or 10 once they bring this order before any other and have
    /// left the door before.
    within_m: u16,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl SharedPositionResponse {
    const fn of(shown: Shown) -> Self {
        Self { lat: shown.point.lat, lng: shown.point.lng, within_m: shown.within_m, at: shown.at }
    }
}

impl SharedOrderResponse {
    fn of(shared: SharedOrder) -> Self {
        let SharedOrder { view, courier_at, expires_at } = shared;
        let (number, status, doors_ahead) = (view.number(), view.status, view.doors_ahead);
        let row = view.row;
        let first = |name: String| name.split_whitespace().next().unwrap_or_default().to_owned();
        let courier = row.courier_name.zip(row.courier_vehicle).filter(|_| !status.is_final());
        Self {
            number,
            status: status.as_str(),
            zone_letter: row.letter,
            city_id: row.city_id.into(),
            restaurant_name: row.restaurant_name,
            restaurant_lat: row.restaurant_lat,
            restaurant_lng: row.restaurant_lng,
            placed_at: moment(row.placed_at),
            eta_low: moment(row.eta_low),
            eta_high: moment(row.eta_high),
            eta_reason: row.eta_reason,
            picked_up_at: row.picked_up_at.map(moment),
            delivered_at: row.delivered_at.map(moment),
            courier: courier.map(|(name, vehicle)| SharedCourierResponse {
                first_name: first(name),
                vehicle,
                doors_ahead,
                position: courier_at.map(SharedPositionResponse::of),
            }),
            expires_at,
        }
    }
}

/// Makes a link by which somebody without an account may follow the order until it has ended or the link has. It never
/// tells phones, addresses or the bill.
#[utoipa::path(post, path = "/orders/{id}/tracking-links", tag = "tracking links", params(("id" = Uuid, Path)),
    request_body = ShareOrderRequest,
    responses((status = 201, body = TrackingLinkResponse), (status = "4XX", body = Problem)))]
async fn share_order(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<OrderId>,
    Body(request): Body<ShareOrderRequest>,
) -> Answer<(StatusCode, Json<TrackingLinkResponse>)> {
    let link = server.app.share_order(&ctx, id, request.expires_in_s.unwrap_or(LIFETIME_S)).await?;
    let path = format!("/t/{}", link.token);
    Ok((StatusCode::CREATED, Json(TrackingLinkResponse { token: link.token, path, expires_at: link.expires_at })))
}

/// Ends all links to the order.
#[utoipa::path(delete, path = "/orders/{id}/tracking-links", tag = "tracking links", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn stop_sharing(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<OrderId>,
) -> Answer<StatusCode> {
    server.app.stop_sharing(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The order behind a link. A link that ended, was revoked or never was answers 404.
#[utoipa::path(get, path = "/track/{token}", tag = "tracking links", params(("token" = String, Path)),
    responses((status = 200, body = SharedOrderResponse), (status = "4XX", body = Problem)))]
async fn get_shared(State(server): State<Arc<Server>>, Caller(ctx): Caller, Token(token): Token) -> Answer<Response> {
    let shared = server.app.shared_order(&ctx, &token).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(SharedOrderResponse::of(shared))).into_response())
}
