//! `/orders/{id}/decisions`: who was asked or given an order, when and why, and how they answered.

use std::{collections::HashMap, sync::Arc};

use app::decisions::{Decision, Decisions, Scored};
use axum::{Json, extract::State};
use domain::id::{CourierId, OrderId};
use jiff::Timestamp;
use serde::Serialize;
use store::decisions::NamedRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    Server,
    api::words,
    http::{
        extract::Id,
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoint.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_decisions))
}

/// What was decided about an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionsResponse {
    /// The newest thirty, oldest first.
    items: Vec<DecisionResponse>,
    /// How many there were before these.
    earlier: usize,
}

/// One decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionResponse {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    #[schema(value_type = words::DecidedBy)]
    policy: String,
    /// Who was asked or got it; null where it was given back to dispatch.
    courier: Option<DecisionCourierResponse>,
    /// Who decided it by hand.
    by: Option<String>,
    /// Why by hand.
    note: Option<String>,
    /// How the offer stands that it made; null where it made none.
    #[schema(value_type = Option<words::OfferState>)]
    answer: Option<String>,
    /// When that was answered, ran out, or was withdrawn.
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
    /// The figures of who was chosen; null where the order was given back to dispatch.
    chosen: Option<ScoredResponse>,
    /// The first ten of those who could have had it, by `cost_s`.
    candidates: Vec<ScoredResponse>,
    /// The nearest twenty of those who could not.
    left_out: Vec<LeftOutResponse>,
    /// How many could not, by reason.
    impossible: Vec<ReasonCountResponse>,
    /// The orders that were proposed together, in the sequence of delivery.
    order_ids: Vec<Uuid>,
    /// Those that the rider had promised to fetch at the same counter already, and that these join.
    joins: Vec<Uuid>,
    /// What lay before the policy.
    round: Option<RoundResponse>,
}

/// A courier in a decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionCourierResponse {
    courier_id: Uuid,
    /// Null for who cannot be found any more.
    name: Option<String>,
    #[schema(value_type = Option<words::Vehicle>)]
    vehicle: Option<String>,
}

/// A courier who could have had the order by itself, and what it would have cost. A policy that weighs all orders of a
/// round together need not choose the first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScoredResponse {
    courier: DecisionCourierResponse,
    /// The place by `cost_s`, from 1.
    rank: Option<usize>,
    /// Seconds until at the kitchen.
    pickup_s: i64,
    /// Seconds that the courier would have stood there.
    waits_s: i64,
    /// Seconds that the food would have stood there.
    food_waits_s: i64,
    /// The score: `pickup_s`, `food_waits_s` and half of `waits_s`.
    cost_s: i64,
    /// `best`, `free`, `joins-another`, `would-wait`, `food-waits`; `given-another` where the round gave them other orders.
    reasons: Vec<String>,
}

/// A courier who could not have the order.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeftOutResponse {
    courier: DecisionCourierResponse,
    reason: String,
}

/// How many could not have the order for one reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonCountResponse {
    reason: String,
    count: usize,
}

/// What lay before the policy.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundResponse {
    /// Orders without a courier.
    orders: usize,
    /// Couriers who were looked at.
    couriers: usize,
    /// Those of them who could have had this order.
    possible: usize,
}

/// Who is who.
struct Names(HashMap<CourierId, NamedRow>);

impl Names {
    fn courier(&self, id: CourierId) -> DecisionCourierResponse {
        let named = self.0.get(&id);
        DecisionCourierResponse {
            courier_id: id.into(),
            name: named.map(|one| one.name.clone()),
            vehicle: named.map(|one| one.vehicle.clone()),
        }
    }

    fn scored(&self, one: Scored) -> ScoredResponse {
        let Scored { courier_id, rank, pickup_s, waits_s, food_waits_s, cost_s, reasons } = one;
        ScoredResponse { courier: self.courier(courier_id), rank, pickup_s, waits_s, food_waits_s, cost_s, reasons }
    }

    fn decision(&self, one: Decision) -> DecisionResponse {
        let why = one.why;
        let left_out = why.left_out.into_iter();
        let impossible = why.impossible.into_iter();
        DecisionResponse {
            at: one.at,
            policy: one.policy,
            courier: one.courier_id.map(|id| self.courier(id)),
            by: one.user_name,
            note: one.note,
            answer: one.answer,
            answered_at: one.answered_at,
            chosen: why.chosen.map(|one| self.scored(one)),
            candidates: why.possible.into_iter().map(|one| self.scored(one)).collect(),
            left_out: left_out
                .map(|one| LeftOutResponse { courier: self.courier(one.courier_id), reason: one.reason })
                .collect(),
            impossible: impossible.map(|(reason, count)| ReasonCountResponse { reason, count }).collect(),
            order_ids: why.bundle.into_iter().map(Uuid::from).collect(),
            joins: why.joins.into_iter().map(Uuid::from).collect(),
            round: why.round.map(|round| RoundResponse {
                orders: round.orders,
                couriers: round.couriers,
                possible: round.possible,
            }),
        }
    }
}

/// What was decided about an order: who was asked or given it and why, who else could have had it or not, and how they
/// answered.
#[utoipa::path(get, path = "/orders/{id}/decisions", tag = "orders", params(("id" = Uuid, Path)),
    responses((status = 200, body = DecisionsResponse), (status = "4XX", body = Problem)))]
async fn list_decisions(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<OrderId>,
) -> Answer<Json<DecisionsResponse>> {
    let Decisions { items, earlier, couriers } = server.app.order_decisions(&ctx, id).await?;
    let names = Names(couriers);
    Ok(Json(DecisionsResponse { items: items.into_iter().map(|one| names.decision(one)).collect(), earlier }))
}
