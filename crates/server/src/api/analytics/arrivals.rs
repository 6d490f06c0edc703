//! `/analytics/eta-calibration`: how honest the arrival times were.

use std::sync::Arc;

use app::arrivals::calibration::{Calibration, Fit};
use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::city_of;
use crate::{
    Server,
    http::{
        extract::Params,
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoint.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(get_calibration))
}

/// Which orders, by the moment of their placing.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CalibrationParams {
    /// Short name or id of a city; the first one if left out.
    city: Option<String>,
    /// From this moment; a week before `to` if left out. At most 92 days.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Until this moment; now if left out.
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
}

/// What was said of orders when they were priced against what came. Only orders that a courier delivered are compared;
/// those that staff closed by hand have no time of their own.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalibrationResponse {
    /// Beginning of the first hour that is looked at.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Until this moment; the hour that it lies in counts as a whole.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// Whole orders against the range that was shown.
    total: FitResponse,
    /// Each part against its p50 and p90.
    parts: PartsFitResponse,
    /// Whole orders by the local hour of their placing, hours with orders only.
    hours: Vec<HourFitResponse>,
    /// Whole orders by restaurant, those with most orders first, at most 200.
    restaurants: Vec<RestaurantFitResponse>,
}

/// The four parts.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartsFitResponse {
    /// Until a courier took it, from when one was wanted.
    assignment: FitResponse,
    /// From there to the counter.
    first_mile: FitResponse,
    /// From placing until the food was ready.
    preparation: FitResponse,
    /// From when the bag could leave to the door.
    last_mile: FitResponse,
}

/// How well it fits. Shares are per cent to a tenth, null while there are no orders.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FitResponse {
    /// Delivered orders that are compared.
    orders: i64,
    /// Within the range; of a part, up to its p90.
    inside_pct: Option<f64>,
    /// Not after the late end: the promise, or a part's p90.
    on_time_pct: Option<f64>,
    /// Sooner than p50: 50 is right.
    under_p50_pct: Option<f64>,
    /// Sooner than p90: 90 is right.
    under_p90_pct: Option<f64>,
    /// Mean seconds after p50; negative where it came sooner.
    bias_s: Option<i64>,
    /// Mean seconds after the late end, of those that were late.
    mean_lateness_s: Option<i64>,
}

/// Orders placed in a local hour of the day.
#[derive(Debug, Serialize, ToSchema)]
pub struct HourFitResponse {
    /// 0 to 23, in the city.
    hour: i64,
    fit: FitResponse,
}

/// Orders of a restaurant.
#[derive(Debug, Serialize, ToSchema)]
pub struct RestaurantFitResponse {
    restaurant_id: Uuid,
    name: String,
    fit: FitResponse,
}

impl FitResponse {
    fn of(fit: &Fit) -> Self {
        let share = |part: i64| per_cent(part, fit.orders);
        Self {
            orders: fit.orders,
            inside_pct: share(fit.orders - fit.early - fit.late),
            on_time_pct: share(fit.orders - fit.late),
            under_p50_pct: share(fit.under_p50),
            under_p90_pct: share(fit.under_p90),
            bias_s: (fit.orders > 0).then(|| fit.error_s / fit.orders),
            mean_lateness_s: (fit.late > 0).then(|| fit.late_s / fit.late),
        }
    }
}

impl CalibrationResponse {
    fn of(compared: Calibration) -> Self {
        let part = |name: &str| {
            let found = compared.parts.iter().find(|(part, _)| part == name).map(|(_, fit)| *fit);
            FitResponse::of(&found.unwrap_or_default())
        };
        Self {
            from: compared.from,
            to: compared.to,
            total: FitResponse::of(&compared.total),
            parts: PartsFitResponse {
                assignment: part("assignment"),
                first_mile: part("first_mile"),
                preparation: part("preparation"),
                last_mile: part("last_mile"),
            },
            hours: compared
                .hours
                .iter()
                .map(|(hour, fit)| HourFitResponse { hour: *hour, fit: FitResponse::of(fit) })
                .collect(),
            restaurants: compared
                .restaurants
                .into_iter()
                .map(|(id, name, fit)| RestaurantFitResponse {
                    restaurant_id: id.into(),
                    name,
                    fit: FitResponse::of(&fit),
                })
                .collect(),
        }
    }
}

/// To a tenth.
#[expect(clippy::cast_precision_loss, reason = "at most a thousand tenths")]
fn per_cent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| (part * 1_000 / whole) as f64 / 10.0)
}

/// What was said of arrivals against what came.
#[utoipa::path(get, path = "/analytics/eta-calibration", tag = "analytics", params(CalibrationParams),
    responses((status = 200, body = CalibrationResponse), (status = "4XX", body = Problem)))]
async fn get_calibration(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Params(params): Params<CalibrationParams>,
) -> Answer<Json<CalibrationResponse>> {
    let city = city_of(&server.app, params.city.as_deref())?;
    let compared = server.app.eta_calibration(&ctx, city, params.from, params.to).await?;
    Ok(Json(CalibrationResponse::of(compared)))
}
