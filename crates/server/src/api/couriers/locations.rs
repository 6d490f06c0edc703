//! `/couriers/{id}/locations`: where a courier's phone says it is.

use std::sync::Arc;

use app::positions::{Fix, Reported};
use axum::{Json, extract::State, http::StatusCode};
use domain::id::CourierId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Server,
    api::words,
    http::{
        extract::{Body, Id},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoint.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(report_positions))
}

/// Positions from a phone, at most 500.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReportPositionsRequest {
    fixes: Vec<FixRequest>,
}

/// One position.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct FixRequest {
    lat: f64,
    lng: f64,
    /// Radius within which it is true, metres.
    accuracy_m: f64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The phone says that an application made it up; it is then refused and counted.
    #[serde(default)]
    mocked: bool,
}

/// What became of a report.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct ReportedResponse {
    accepted: usize,
    refused: Vec<RefusedFixResponse>,
}

/// A position that was not taken.
#[derive(Debug, Serialize, ToSchema)]
struct RefusedFixResponse {
    /// Its place in the report.
    index: usize,
    /// `off-the-globe`, `mocked`, `inaccurate`, `from-the-future`, `too-old`, `not-newer` or `jump`.
    #[schema(value_type = words::RefusedFix)]
    code: &'static str,
}

impl From<FixRequest> for Fix {
    fn from(fix: FixRequest) -> Self {
        let FixRequest { lat, lng, accuracy_m, at, mocked } = fix;
        Self { lat, lng, accuracy_m, at, mocked }
    }
}

impl ReportedResponse {
    /// What became of a report, as it is sent.
    pub(in crate::api) fn of(reported: Reported) -> Self {
        let refused = reported.refused.into_iter().map(|(index, code)| RefusedFixResponse { index, code });
        Self { accepted: reported.accepted, refused: refused.collect() }
    }
}

/// Takes positions from the courier's phone.
#[utoipa::path(post, path = "/couriers/{id}/locations", tag = "couriers", params(("id" = Uuid, Path)),
    request_body = ReportPositionsRequest,
    responses((status = 202, body = ReportedResponse), (status = "4XX", body = Problem)))]
async fn report_positions(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
    Body(request): Body<ReportPositionsRequest>,
) -> Answer<(StatusCode, Json<ReportedResponse>)> {
    let fixes: Vec<Fix> = request.fixes.into_iter().map(Fix::from).collect();
    let reported = server.app.report_positions(&ctx, id, &fixes).await?;
    Ok((StatusCode::ACCEPTED, Json(ReportedResponse::of(reported))))
}
