//! `/enterprise/analytics/patterns`, `/enterprise/warming/predictive` and `/enterprise/performance/report`: what is used
//! when, what will be, and what loading ahead is good for.

use std::sync::Arc;

use app::caching::{Benefit, Forecast, Prediction};
use axum::{Json, extract::State, http::StatusCode};
use domain::rounding::hundredths;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::caching::WeekRow;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Server,
    api::{
        caching::{JobResponse, PerformanceReportResponse, report},
        default_limit, within_page, words,
    },
    http::{
        extract::Params,
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_patterns)).routes(routes!(warm_predicted)).routes(routes!(get_report))
}

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PatternParams {
    /// At most so many predictions, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
}

/// What is used when, and what will be.
#[derive(Debug, Serialize, ToSchema)]
pub struct PatternsResponse {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Answers that this node counts at the moment.
    tracked: usize,
    /// Uses of each hour of the week that is known, on all nodes.
    week: Vec<WeekHourResponse>,
    forecast: ForecastResponse,
    benefit: BenefitResponse,
}

/// One hour of the week.
#[derive(Debug, Serialize, ToSchema)]
pub struct WeekHourResponse {
    /// 0 is Monday from midnight to one, UTC.
    hour_of_week: i64,
    /// Answers used.
    keys: i64,
    /// Uses in the newest such hour.
    uses: i64,
}

/// The coming hour.
#[derive(Debug, Serialize, ToSchema)]
pub struct ForecastResponse {
    /// 0 is Monday from midnight to one, UTC.
    hour_of_week: i64,
    /// How the last day ran against the same hours of the weeks before; 1 where nothing is known.
    trend: f64,
    /// Answers of this hour that the weeks before know.
    known: usize,
    /// The most used first.
    predictions: Vec<PredictionResponse>,
}

/// One answer that will be asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct PredictionResponse {
    #[schema(value_type = words::CacheNamespace)]
    namespace: &'static str,
    key: String,
    /// Expected uses in the hour.
    expected: f64,
    /// How this answer ran in the last day against the same hours of the weeks before, drawn towards the trend of all the
    /// less is known of it; 1 where only the running hour knows it.
    trend: f64,
    /// The same hour of the weeks before, or the running hour.
    #[schema(value_type = words::ForecastBasis)]
    basis: &'static str,
}

/// What loading ahead was good for on this node, since it started.
#[derive(Debug, Serialize, ToSchema)]
pub struct BenefitResponse {
    warmed: u64,
    /// Of these, asked for while fresh.
    used: u64,
    /// Of these, run out or loaded again unasked.
    wasted: u64,
    /// 0 to 1; null before any of them was used or wasted.
    used_share: Option<f64>,
    /// Requests for answers that were loaded ahead, up to the first that had to wait for a load.
    requests_loaded_ahead: u64,
    /// Of these, answered without waiting; null before the first.
    hit_ratio_loaded_ahead: Option<f64>,
    /// All other requests for shared answers.
    requests_others: u64,
    /// Of these, answered without waiting; null before the first.
    hit_ratio_others: Option<f64>,
    /// Of all of them, answered without waiting.
    hit_ratio_with: Option<f64>,
    /// The same if nothing had been loaded ahead: the first to ask for each answer that was of use would have waited.
    hit_ratio_without: Option<f64>,
}

/// A job and what it rests on.
#[derive(Debug, Serialize, ToSchema)]
pub struct PredictedWarmingResponse {
    job: JobResponse,
    forecast: ForecastResponse,
}

/// The report with what loading ahead was good for.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnterpriseReportResponse {
    #[serde(flatten)]
    report: PerformanceReportResponse,
    benefit: BenefitResponse,
    forecast: ForecastResponse,
}

impl ForecastResponse {
    fn of(forecast: Forecast) -> Self {
        Self {
            hour_of_week: forecast.hour_of_week,
            trend: forecast.trend,
            known: forecast.known,
            predictions: forecast.predictions.into_iter().map(prediction).collect(),
        }
    }
}

impl BenefitResponse {
    /// What it was good for.
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    fn of(benefit: Benefit) -> Self {
        let settled = benefit.used + benefit.wasted;
        Self {
            warmed: benefit.warmed,
            used: benefit.used,
            wasted: benefit.wasted,
            used_share: (settled > 0).then(|| benefit.used as f64 / settled as f64),
            requests_loaded_ahead: benefit.ahead.hits + benefit.ahead.waits,
            hit_ratio_loaded_ahead: benefit.ahead.hit_ratio(),
            requests_others: benefit.others.hits + benefit.others.waits,
            hit_ratio_others: benefit.others.hit_ratio(),
            hit_ratio_with: benefit.with().hit_ratio(),
            hit_ratio_without: benefit.without().hit_ratio(),
        }
    }
}

fn prediction(one: Prediction) -> PredictionResponse {
    PredictionResponse {
        namespace: one.namespace.name(),
        key: one.name,
        expected: hundredths(one.expected),
        trend: hundredths(one.trend),
        basis: one.basis.as_str(),
    }
}

fn week(row: &WeekRow) -> WeekHourResponse {
    WeekHourResponse { hour_of_week: row.hour_of_week, keys: row.names, uses: row.uses }
}

/// Use by the hour of the week, what the coming hour will ask for, and what loading ahead was good for.
#[utoipa::path(get, path = "/enterprise/analytics/patterns", tag = "cache", params(PatternParams),
    responses((status = 200, body = PatternsResponse), (status = "4XX", body = Problem)))]
async fn list_patterns(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Params(params): Params<PatternParams>,
) -> Answer<Json<PatternsResponse>> {
    let limit = within_page(params.limit)?;
    let usage = &server.app.caching.usage;
    Ok(Json(PatternsResponse {
        at: ctx.now,
        tracked: usage.tracked(),
        week: server.app.cache_week(&ctx).await?.iter().map(week).collect(),
        forecast: ForecastResponse::of(server.app.cache_forecast(&ctx, limit).await?),
        benefit: BenefitResponse::of(usage.benefit()),
    }))
}

/// Begins to load what the coming hour will ask for, and answers what that rests on.
#[utoipa::path(post, path = "/enterprise/warming/predictive", tag = "cache",
    responses((status = 202, body = PredictedWarmingResponse), (status = "4XX", body = Problem)))]
async fn warm_predicted(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
) -> Answer<(StatusCode, Json<PredictedWarmingResponse>)> {
    let (job, forecast) = server.app.warm_from_forecast(&ctx, PREDICTED).await?;
    let forecast = ForecastResponse::of(forecast);
    Ok((StatusCode::ACCEPTED, Json(PredictedWarmingResponse { job: JobResponse::of(&job), forecast })))
}

/// Answers loaded at most.
const PREDICTED: usize = 200;

/// The performance report with the forecast and what loading ahead was good for.
#[utoipa::path(get, path = "/enterprise/performance/report", tag = "cache",
    responses((status = 200, body = EnterpriseReportResponse), (status = "4XX", body = Problem)))]
async fn get_report(State(server): State<Arc<Server>>, Caller(ctx): Caller) -> Answer<Json<EnterpriseReportResponse>> {
    let forecast = server.app.cache_forecast(&ctx, default_limit()).await?;
    Ok(Json(EnterpriseReportResponse {
        report: report(&server, ctx.now),
        benefit: BenefitResponse::of(server.app.caching.usage.benefit()),
        forecast: ForecastResponse::of(forecast),
    }))
}
