//! `/real-time/order-tracking/{order_id}`: where an order stands, for those who ask every half minute.

use std::sync::Arc;

use app::App;
use axum::{extract::State, response::Response};
use cache::Namespace;
use domain::id::OrderId;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    Server,
    api::words,
    http::{
        cached::{Asked, Read, cached_bytes},
        extract::Id,
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoint.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(get_tracking))
}

/// Where an order stands. The use case writes it as it is sent; this describes it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "a description")]
pub struct TrackingResponse {
    order_id: Uuid,
    /// Spoken number of the day, such as H24.
    number: String,
    #[schema(value_type = words::OrderStatus)]
    status: String,
    version: i64,
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
    promised_ready_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    ready_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    picked_up_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    delivered_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// Who brings it, until it has ended.
    courier: Option<TrackedCourierResponse>,
}

/// Who brings it, and where they last were.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "a description")]
pub struct TrackedCourierResponse {
    name: String,
    #[schema(value_type = words::Vehicle)]
    vehicle: String,
    lat: Option<f64>,
    lng: Option<f64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    fix_at: Option<Timestamp>,
    /// How many deliveries they make before this one; null until it is on board.
    doors_ahead: Option<usize>,
}

/// Where an order stands: at most thirty seconds old, at once after each step.
#[utoipa::path(get, path = "/real-time/order-tracking/{order_id}", tag = "real time",
    params(("order_id" = Uuid, Path)),
    responses((status = 200, body = TrackingResponse), (status = "4XX", body = Problem)))]
async fn get_tracking(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<OrderId>,
    asked: Asked,
) -> Answer<Response> {
    server.app.may_track(&ctx, id).await?;
    let load = move |app: Arc<App>| async move { app.tracking_answer(id).await };
    Ok(cached_bytes(&server.app, &asked, Read::private(Namespace::OrderStatus, &id.to_string()), load).await)
}
