//! `/offers`: a courier sees what an order pays, and says yes or no.

use std::sync::Arc;

use app::{moment, offers::Offer};
use axum::{Json, extract::State, http::StatusCode};
use domain::{
    geo::Point,
    id::{CourierId, OfferId},
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, orders::OrderResponse, words};
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
    OpenApiRouter::new().routes(routes!(list_offers)).routes(routes!(accept_offer)).routes(routes!(decline_offer))
}

/// An order offered to a courier.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferResponse {
    id: Uuid,
    order_id: Uuid,
    number: String,
    zone_letter: String,
    /// The sum of the parts.
    pay_paise: i64,
    pay_parts: Vec<PayPartResponse>,
    /// Both legs.
    distance_m: i64,
    first_mile_m: i64,
    last_mile_m: i64,
    /// For all of it, waiting included.
    duration_s: i64,
    pickup: PickupResponse,
    drop: DropResponse,
    item_count: i64,
    #[schema(value_type = words::PaymentMethod)]
    payment_method: String,
    cash_to_collect_paise: i64,
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// A part of the pay: `base`, `distance` or `tip`.
#[derive(Debug, Serialize, ToSchema)]
pub struct PayPartResponse {
    #[schema(value_type = words::PayPart)]
    code: &'static str,
    amount_paise: i64,
}

/// The kitchen.
#[derive(Debug, Serialize, ToSchema)]
pub struct PickupResponse {
    name: String,
    locality: String,
    lat: f64,
    lng: f64,
    #[schema(value_type = String, format = DateTime)]
    ready_at: Timestamp,
}

/// Roughly the door.
#[derive(Debug, Serialize, ToSchema)]
pub struct DropResponse {
    locality: String,
    lat: f64,
    lng: f64,
    #[schema(value_type = String, format = DateTime)]
    by: Timestamp,
}

impl OfferResponse {
    fn of(offer: Offer) -> Self {
        let Offer { row, terms } = offer;
        let parts =
            [("base", terms.base_paise), ("distance", terms.distance_paise), ("tip", terms.tip_paise)].into_iter();
        let paid = parts.filter(|(_, paise)| *paise > 0);
        let (Point { lat, lng }, drop) = (terms.pickup, terms.drop);
        Self {
            id: row.id.into(),
            order_id: row.order_id.into(),
            number: terms.number,
            zone_letter: terms.zone_letter,
            pay_paise: row.pay_paise,
            pay_parts: paid.map(|(code, amount_paise)| PayPartResponse { code, amount_paise }).collect(),
            distance_m: terms.first_mile_m + terms.last_mile_m,
            first_mile_m: terms.first_mile_m,
            last_mile_m: terms.last_mile_m,
            duration_s: terms.duration_s,
            pickup: PickupResponse {
                name: terms.pickup_name,
                locality: terms.pickup_locality,
                lat,
                lng,
                ready_at: terms.ready_at,
            },
            drop: DropResponse { locality: terms.drop_locality, lat: drop.lat, lng: drop.lng, by: terms.drop_by },
            item_count: terms.item_count,
            payment_method: terms.payment_method,
            cash_to_collect_paise: terms.cash_to_collect_paise,
            made_at: moment(row.made_at),
            expires_at: moment(row.expires_at),
        }
    }
}

/// Open offers of a courier.
#[utoipa::path(get, path = "/couriers/{id}/offers", tag = "offers", params(("id" = Uuid, Path)),
    responses((status = 200, body = List<OfferResponse>), (status = "4XX", body = Problem)))]
async fn list_offers(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
) -> Answer<Json<List<OfferResponse>>> {
    let offers = server.app.open_offers(&ctx, id).await?;
    Ok(Json(List::whole(offers.into_iter().map(OfferResponse::of).collect())))
}

/// Takes the order.
#[utoipa::path(post, path = "/offers/{id}/accept", tag = "offers", params(("id" = Uuid, Path)),
    responses((status = 200, body = OrderResponse), (status = "4XX", body = Problem)))]
async fn accept_offer(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<OfferId>,
) -> Answer<Json<OrderResponse>> {
    Ok(Json(OrderResponse::of(server.app.accept_offer(&ctx, id).await?)))
}

/// Leaves the order to somebody else. No reason is asked.
#[utoipa::path(post, path = "/offers/{id}/decline", tag = "offers", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn decline_offer(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<OfferId>,
) -> Answer<StatusCode> {
    server.app.decline_offer(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
