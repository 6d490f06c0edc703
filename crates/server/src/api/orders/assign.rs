//! `/orders/{id}/candidates` and `/orders/{id}/assign`: who could take an order and to whom it is offered, and giving it to
//! somebody by hand.

use std::sync::Arc;

use app::orders::{ByHand, Candidate, Candidates, OnOffer};
use axum::{Json, extract::State};
use domain::id::{CourierId, OrderId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    Server,
    api::{orders::OrderResponse, words},
    http::{
        extract::{Body, Id},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_candidates)).routes(routes!(assign_order))
}

/// A courier chosen by hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignOrderRequest {
    courier_id: Uuid,
    /// Why by hand; kept.
    note: String,
    /// Also where the courier's vehicle has no room for it; otherwise that is `courier-full`, with what they have in hand
    /// (`in_hand`) and for how many orders there is room (`room`).
    #[serde(default)]
    beyond_room: bool,
}

/// A courier who could take the order.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidateResponse {
    courier_id: Uuid,
    name: String,
    #[schema(value_type = words::Vehicle)]
    vehicle: String,
    #[schema(value_type = words::CandidateState)]
    state: &'static str,
    /// Seconds until at the kitchen.
    pickup_s: i64,
    /// Until when the food would be at the door, brought with this courier's vehicle: the late end, as of a promise.
    #[schema(value_type = String, format = DateTime)]
    arrive_at: Timestamp,
    distance_m: i64,
    /// Orders in hand.
    load: usize,
    reasons: Vec<&'static str>,
}

/// Couriers who could not.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImpossibleResponse {
    reason: &'static str,
    count: usize,
}

/// The ranking for an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidatesResponse {
    items: Vec<CandidateResponse>,
    impossible: Vec<ImpossibleResponse>,
    /// The open offer that the order is in.
    offer: Option<OnOfferResponse>,
}

/// An open offer of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnOfferResponse {
    courier_id: Uuid,
    /// The courier's name.
    name: String,
    /// Spoken numbers of all orders in it, in the sequence of delivery.
    numbers: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl CandidateResponse {
    fn of(one: Candidate) -> Self {
        Self {
            courier_id: one.courier.id.into(),
            name: one.courier.name,
            vehicle: one.courier.vehicle,
            state: if one.in_hand == 0 { "free" } else { "busy" },
            pickup_s: one.pickup_s,
            arrive_at: one.arrive_at,
            distance_m: one.distance_m,
            load: one.in_hand,
            reasons: one.reasons,
        }
    }
}

impl OnOfferResponse {
    fn of(offer: OnOffer) -> Self {
        let OnOffer { courier_id, courier_name, numbers, expires_at } = offer;
        Self { courier_id: courier_id.into(), name: courier_name, numbers, expires_at }
    }
}

/// Couriers who could take the order, first at the door first, why the others cannot, and the open offer that the order
/// is in.
#[utoipa::path(get, path = "/orders/{id}/candidates", tag = "orders", params(("id" = Uuid, Path)),
    responses((status = 200, body = CandidatesResponse), (status = "4XX", body = Problem)))]
async fn list_candidates(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<OrderId>,
) -> Answer<Json<CandidatesResponse>> {
    let Candidates { items, impossible, offer } = server.app.order_candidates(&ctx, id).await?;
    let impossible = impossible.into_iter().map(|one| ImpossibleResponse { reason: one.reason, count: one.count });
    Ok(Json(CandidatesResponse {
        items: items.into_iter().map(CandidateResponse::of).collect(),
        impossible: impossible.collect(),
        offer: offer.map(OnOfferResponse::of),
    }))
}

/// Gives the order to a courier at once.
#[utoipa::path(post, path = "/orders/{id}/assign", tag = "orders", params(("id" = Uuid, Path)),
    request_body = AssignOrderRequest,
    responses((status = 200, body = OrderResponse), (status = "4XX", body = Problem)))]
async fn assign_order(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<OrderId>,
    Body(request): Body<AssignOrderRequest>,
) -> Answer<Json<OrderResponse>> {
    let courier = CourierId(request.courier_id);
    let by_hand = ByHand { note: &request.note, beyond_room: request.beyond_room };
    Ok(Json(OrderResponse::of(server.app.assign_order(&ctx, id, courier, by_hand).await?)))
}
