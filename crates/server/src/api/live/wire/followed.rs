//! What is told of one order to who follows it.

use app::orders::{OrderView, Step};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::PositionEvent;
use crate::api::{orders::response::EtaResponse, words};

/// What an event of `/orders/{id}/events` says, by its name: `status`, `eta`, `position` or `end`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum FollowedEvent {
    /// `status`.
    Status(StatusEvent),
    /// `eta`.
    Arrival(ArrivalEvent),
    /// `position`.
    Position(PositionEvent),
    /// `end`.
    End(EndEvent),
}

/// The order reached a status. Its version is the event's id.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusEvent {
    order_id: Uuid,
    number: String,
    #[schema(value_type = words::OrderStatus)]
    status: &'static str,
    version: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    reason: Option<String>,
    eta: EtaResponse,
}

/// When it should arrive and who brings it, which may change without a change of status.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArrivalEvent {
    eta: EtaResponse,
    courier: Option<BringerResponse>,
    version: i64,
}

/// Who brings it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BringerResponse {
    id: Uuid,
    name: Option<String>,
    /// How many deliveries they make before this one; null until it is on board.
    doors_ahead: Option<usize>,
}

/// Nothing follows.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndEvent {
    #[schema(value_type = words::OrderStatus)]
    pub(in crate::api) status: &'static str,
}

impl StatusEvent {
    /// A step in an order's history.
    pub(in crate::api::live) fn of(view: &OrderView, step: &Step) -> Self {
        Self {
            order_id: view.row.id.into(),
            number: view.number(),
            status: step.status.as_str(),
            version: step.position,
            at: step.at,
            reason: step.reason.clone(),
            eta: EtaResponse::of(&view.row),
        }
    }
}

impl ArrivalEvent {
    /// How an order stands.
    pub(in crate::api::live) fn of(view: &OrderView) -> Self {
        let name = view.row.courier_name.clone();
        let doors_ahead = view.doors_ahead;
        let courier = view.row.courier_id.map(|id| BringerResponse { id: id.into(), name, doors_ahead });
        Self { eta: EtaResponse::of(&view.row), courier, version: view.row.version }
    }
}
