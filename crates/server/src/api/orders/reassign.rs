//! `/orders/reassign`: several orders change hands at once, each answered for itself.

use std::sync::Arc;

use app::orders::{ByHand, Reassigned};
use axum::{Json, extract::State};
use domain::id::{CourierId, OrderId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    Server,
    api::{List, orders::OrderResponse},
    http::{
        extract::Body,
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoint.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(reassign_orders))
}

/// Which orders go where.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReassignRequest {
    /// 1 to 100 orders that nobody has picked up yet.
    order_ids: Vec<Uuid>,
    /// To whom; null or left out gives them back to dispatch, which asks anybody but who had them.
    courier_id: Option<Uuid>,
    /// Kept with each decision.
    reason: String,
    /// Also what the courier's vehicle has no room for; otherwise each order beyond it stays, as `courier-full`.
    #[serde(default)]
    beyond_room: bool,
}

/// What became of one of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReassignedResponse {
    order_id: Uuid,
    /// As it stands now; null where it stayed.
    order: Option<OrderResponse>,
    /// Why it stayed.
    problem: Option<Problem>,
}

impl ReassignedResponse {
    fn of(reassigned: Reassigned) -> Self {
        let order_id = reassigned.order_id.into();
        match reassigned.outcome {
            Ok(view) => Self { order_id, order: Some(OrderResponse::of(view)), problem: None },
            Err(error) => Self { order_id, order: None, problem: Some(Problem::from(error)) },
        }
    }
}

/// Several orders change hands, each for itself; what cannot change says why.
#[utoipa::path(post, path = "/orders/reassign", tag = "orders", request_body = ReassignRequest,
    responses((status = 200, body = List<ReassignedResponse>), (status = "4XX", body = Problem)))]
async fn reassign_orders(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<ReassignRequest>,
) -> Answer<Json<List<ReassignedResponse>>> {
    let ids: Vec<OrderId> = request.order_ids.into_iter().map(OrderId).collect();
    let courier = request.courier_id.map(CourierId);
    let by_hand = ByHand { note: &request.reason, beyond_room: request.beyond_room };
    let all = server.app.reassign_orders(&ctx, &ids, courier, by_hand).await?;
    Ok(Json(List::whole(all.into_iter().map(ReassignedResponse::of).collect())))
}
