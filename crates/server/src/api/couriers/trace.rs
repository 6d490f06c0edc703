//! `/couriers/{id}/trace`: the way that a courier took.

use std::sync::Arc;

use app::positions::TracePoint;
use axum::{Json, extract::State};
use domain::id::CourierId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Server,
    api::List,
    http::{
        extract::{Id, Params},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// How much of the way is told if nothing else is asked for.
const LAST: SignedDuration = SignedDuration::from_hours(1);

/// The endpoint.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(get_trace))
}

/// Which part of the way.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TraceParams {
    /// From when; an hour before `to` if left out.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Until before when, at most a day after `from`; now if left out.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
}

/// A point of the way.
#[derive(Debug, Serialize, ToSchema)]
struct TracePointResponse {
    lat: f64,
    lng: f64,
    /// Radius within which it is true, metres.
    accuracy_m: f64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl From<TracePoint> for TracePointResponse {
    fn from(TracePoint { position, accuracy_m }: TracePoint) -> Self {
        Self { lat: position.point.lat, lng: position.point.lng, accuracy_m, at: position.at }
    }
}

/// The way of a courier while they had an order in hand, oldest first: a point every 15 seconds or 50 metres.
#[utoipa::path(get, path = "/couriers/{id}/trace", tag = "couriers", params(("id" = Uuid, Path), TraceParams),
    responses((status = 200, body = List<TracePointResponse>), (status = "4XX", body = Problem)))]
async fn get_trace(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
    Params(params): Params<TraceParams>,
) -> Answer<Json<List<TracePointResponse>>> {
    let to = params.to.unwrap_or(ctx.now);
    // An hour before the first of all times there is nothing: a span without a length, which is refused.
    let from = params.from.unwrap_or_else(|| to.checked_sub(LAST).unwrap_or(to));
    let points = server.app.courier_trace(&ctx, id, from, to).await?;
    Ok(Json(List::whole(points.into_iter().map(TracePointResponse::from).collect())))
}
