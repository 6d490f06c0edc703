//! `/offers`: a courier sees what one order pays, or several that are fetched together, and says yes or no.

use std::sync::Arc;

use app::{
    moment,
    offers::{Offer, Stop},
};
use axum::{Json, extract::State, http::StatusCode};
use domain::{
    geo::Point,
    id::{CourierId, OfferId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, orders::OrderResponse, words};
use crate::{
    Server,
    http::{
        extract::{Id, Params},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_offers)).routes(routes!(accept_offer)).routes(routes!(decline_offer))
}

/// One order or several offered to a courier, to be taken all or none. Sums are over all of them; `order_id`, `number`,
/// `zone_letter`, `drop` and the name in `pickup` are the first one's. Where they join others of the same counter, pay,
/// distances and duration are what they add.
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
    /// To the counter; none where the courier goes there anyway.
    first_mile_m: i64,
    /// From there over all doors.
    last_mile_m: i64,
    /// For all of it, waiting included.
    duration_s: i64,
    pickup: PickupResponse,
    drop: DropResponse,
    item_count: i64,
    /// `cod` if any of the orders is.
    #[schema(value_type = words::PaymentMethod)]
    payment_method: String,
    cash_to_collect_paise: i64,
    /// The orders in the sequence of delivery.
    orders: Vec<OfferedOrderResponse>,
    /// Spoken numbers of the orders that they join: the courier has promised to fetch them at the same counter already.
    joins: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// An order of an offer.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferedOrderResponse {
    id: Uuid,
    /// Spoken number of the day, such as H24.
    number: String,
    zone_letter: String,
    restaurant: OfferedRestaurantResponse,
    drop: DropResponse,
    /// Place of the door among all that are then fetched together, those of `joins` included, from 1.
    door: usize,
    /// From the counter for the first door, from the door before for every other.
    distance_m: i64,
    pay_paise: i64,
    item_count: i64,
    #[schema(value_type = words::PaymentMethod)]
    payment_method: String,
    cash_to_collect_paise: i64,
    #[schema(value_type = String, format = DateTime)]
    ready_at: Timestamp,
}

/// Who cooks an order of an offer.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferedRestaurantResponse {
    name: String,
    locality: String,
}

/// A part of the pay: `base`, `distance` or `tip`.
#[derive(Debug, Serialize, ToSchema)]
pub struct PayPartResponse {
    #[schema(value_type = words::PayPart)]
    code: &'static str,
    amount_paise: i64,
}

/// The kitchen, and when the last of the food is ready.
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
        let Offer { row, terms, .. } = offer;
        let joins = terms.joined().map(|stop| stop.number.clone()).collect();
        let doors = (1..).zip(terms.stops).filter(|(_, stop)| !stop.in_hand);
        let orders = doors.map(|(door, stop)| OfferedOrderResponse::of(door, stop)).collect();
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
            orders,
            joins,
            made_at: moment(row.made_at),
            expires_at: moment(row.expires_at),
        }
    }
}

impl OfferedOrderResponse {
    fn of(door: usize, stop: Stop) -> Self {
        let Point { lat, lng } = stop.drop;
        Self {
            id: stop.order_id.into(),
            door,
            distance_m: stop.way().distance_m,
            pay_paise: stop.pay_paise(),
            number: stop.number,
            zone_letter: stop.zone_letter,
            restaurant: OfferedRestaurantResponse { name: stop.restaurant_name, locality: stop.restaurant_locality },
            drop: DropResponse { locality: stop.drop_locality, lat, lng, by: stop.drop_by },
            item_count: stop.item_count,
            payment_method: stop.payment_method,
            cash_to_collect_paise: stop.cash_to_collect_paise,
            ready_at: stop.ready_at,
        }
    }
}

/// Taking an offer.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AcceptOfferParams {
    /// What it paid when the courier saw it. If an order left the offer since, `offer-changed` says what it pays now, and
    /// nothing is taken.
    pay_paise: Option<i64>,
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

/// Takes all of the orders. Answers the first.
#[utoipa::path(post, path = "/offers/{id}/accept", tag = "offers", params(("id" = Uuid, Path), AcceptOfferParams),
    responses((status = 200, body = OrderResponse), (status = "4XX", body = Problem)))]
async fn accept_offer(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<OfferId>,
    Params(params): Params<AcceptOfferParams>,
) -> Answer<Json<OrderResponse>> {
    Ok(Json(OrderResponse::of(server.app.accept_offer(&ctx, id, params.pay_paise).await?)))
}

/// Leaves the orders to somebody else. No reason is asked.
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
