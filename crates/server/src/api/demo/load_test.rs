//! `/demo/load-test/{endpoint}`: the server asks itself, with and without its cache, and says how long that took.
//!
//! It can reach nothing but a short list of its own endpoints: requests go straight into its own front, without a socket
//! and without an address that somebody could bend. They are bounded in number, in time and at once, one test runs at a
//! time, and each request carries the caller's own token, so it may do what the caller may and no more.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Json,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Request, header},
};
use futures_util::{StreamExt as _, stream};
use http_body_util::BodyExt as _;
use serde::{Deserialize, Serialize};
use tower::ServiceExt as _;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Server,
    api::words,
    front,
    http::{
        cached::past_the_cache,
        extract::Params,
        front::Front,
        problem::{Answer, INVALID_PARAMETER, NOT_FOUND, Problem, TOO_MANY_REQUESTS},
    },
};

/// The endpoint.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(run_load_test))
}

const MOST_REQUESTS: usize = 2_000;
const MOST_AT_ONCE: usize = 16;
/// Each half ends after this, however many requests are left.
const LONGEST: Duration = Duration::from_secs(5);

/// What may be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The list of restaurants.
    Restaurants,
    /// One restaurant.
    Restaurant,
    /// One menu.
    Menu,
    /// The most ordered dishes.
    PopularItems,
    /// Revenue by the hour.
    RevenueAnalytics,
    /// A city as it is watched.
    LiveOrders,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Restaurants, Self::Restaurant, Self::Menu, Self::PopularItems, Self::RevenueAnalytics, Self::LiveOrders];

    /// As in the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Restaurants => "restaurants",
            Self::Restaurant => "restaurant",
            Self::Menu => "menu",
            Self::PopularItems => "popular-items",
            Self::RevenueAnalytics => "revenue-analytics",
            Self::LiveOrders => "live-orders",
        }
    }

    /// Its path; `None` while there is no restaurant to ask for.
    fn path(self, server: &Server) -> Option<String> {
        let restaurant = || server.app.best_known_restaurant();
        Some(match self {
            Self::Restaurants => "/restaurants".to_owned(),
            Self::Restaurant => format!("/restaurants/{}", restaurant()?),
            Self::Menu => format!("/restaurants/{}/menu", restaurant()?),
            Self::PopularItems => "/analytics/popular-items".to_owned(),
            Self::RevenueAnalytics => "/analytics/revenue-analytics".to_owned(),
            Self::LiveOrders => "/real-time/live-orders".to_owned(),
        })
    }
}

/// How much.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LoadTestParams {
    /// Requests of each half, 1 to 2000.
    #[serde(default = "default_requests")]
    requests: usize,
    /// Requests at a time, 1 to 16.
    #[serde(default = "default_at_once")]
    concurrency: usize,
}

const fn default_requests() -> usize {
    200
}

const fn default_at_once() -> usize {
    4
}

/// The same requests past the cache and through it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoadTestResponse {
    #[schema(value_type = words::MeasuredEndpoint)]
    endpoint: &'static str,
    /// What was asked for.
    path: String,
    /// Requests go straight into the front, so the network is not measured.
    over: &'static str,
    uncached: MeasuredResponse,
    cached: MeasuredResponse,
    /// By how much the cached median is shorter; null where either half has no answer.
    speedup: Option<f64>,
}

/// One half.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasuredResponse {
    requests: usize,
    /// Answers that were none of success.
    errors: usize,
    /// Answers that came from the cache.
    hits: usize,
    p50_us: Option<u64>,
    p90_us: Option<u64>,
    p99_us: Option<u64>,
    max_us: Option<u64>,
    requests_per_s: f64,
}

/// One answer.
struct Sample {
    took: Duration,
    succeeded: bool,
    hit: bool,
}

async fn ask(service: &Front, path: &str, token: Option<&HeaderValue>) -> Option<Sample> {
    let mut request = Request::builder().uri(path);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, token);
    }
    let request = request.body(Body::empty()).ok()?;
    let started = Instant::now();
    let Ok(response) = service.clone().oneshot(request).await;
    let (succeeded, hit) =
        (response.status().is_success(), response.headers().get("x-cache").is_some_and(|state| state == "HIT"));
    response.into_body().collect().await.ok()?;
    Some(Sample { took: started.elapsed(), succeeded, hit })
}

async fn measure(
    service: &Front,
    path: &str,
    token: Option<&HeaderValue>,
    params: &LoadTestParams,
) -> MeasuredResponse {
    let started = Instant::now();
    let left = AtomicUsize::new(params.requests);
    let worker = |_| {
        let left = &left;
        async move {
            let mut samples = Vec::new();
            while started.elapsed() < LONGEST
                && left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
            {
                samples.extend(ask(service, path, token).await);
                // What is in memory is answered without waiting: others must get their turn.
                tokio::task::yield_now().await;
            }
            samples
        }
    };
    let workers = stream::iter(0..params.concurrency).map(worker).buffer_unordered(params.concurrency);
    let samples: Vec<Sample> = workers.collect::<Vec<_>>().await.into_iter().flatten().collect();
    summary(&samples, started.elapsed())
}

#[expect(clippy::cast_precision_loss, reason = "at most two thousand requests")]
fn summary(samples: &[Sample], took: Duration) -> MeasuredResponse {
    let mut times: Vec<u64> =
        samples.iter().map(|sample| u64::try_from(sample.took.as_micros()).unwrap_or(u64::MAX)).collect();
    times.sort_unstable();
    let at = |per_cent: usize| times.get((times.len() * per_cent).div_ceil(100).saturating_sub(1)).copied();
    MeasuredResponse {
        requests: samples.len(),
        errors: samples.iter().filter(|sample| !sample.succeeded).count(),
        hits: samples.iter().filter(|sample| sample.hit).count(),
        p50_us: at(50),
        p90_us: at(90),
        p99_us: at(99),
        max_us: times.last().copied(),
        requests_per_s: (samples.len() as f64 / took.as_secs_f64().max(1e-6)).round(),
    }
}

/// Measures an endpoint with and without the cache. Only in a demo, one test at a time.
#[utoipa::path(get, path = "/demo/load-test/{endpoint}", tag = "demo",
    params(("endpoint" = words::MeasuredEndpoint, Path), LoadTestParams),
    responses((status = 200, body = LoadTestResponse), (status = "4XX", body = Problem)))]
async fn run_load_test(
    State(server): State<Arc<Server>>,
    Path(endpoint): Path<String>,
    headers: HeaderMap,
    Params(params): Params<LoadTestParams>,
) -> Answer<Json<LoadTestResponse>> {
    crate::demo::demo(&server)?;
    let unknown = || Problem::of(NOT_FOUND).detail("There is no such endpoint to measure.");
    let target = Target::ALL.into_iter().find(|target| target.as_str() == endpoint).ok_or_else(unknown)?;
    let wrong = |field: &str| Problem::of(INVALID_PARAMETER).field(field, "out-of-range");
    if !(1..=MOST_REQUESTS).contains(&params.requests) {
        return Err(wrong("/requests"));
    }
    if !(1..=MOST_AT_ONCE).contains(&params.concurrency) {
        return Err(wrong("/concurrency"));
    }
    let _turn = server.load_test.try_acquire().map_err(|_| Problem::of(TOO_MANY_REQUESTS))?;
    let path = target.path(&server).ok_or_else(unknown)?;
    let (service, token) = (front(&server), headers.get(header::AUTHORIZATION));
    let uncached = past_the_cache(measure(&service, &path, token, &params)).await;
    // The first request through the cache loads; it is not part of what is measured.
    ask(&service, &path, token).await;
    let cached = measure(&service, &path, token, &params).await;
    #[expect(clippy::cast_precision_loss, reason = "microseconds of seconds")]
    let speedup = uncached.p50_us.zip(cached.p50_us).map(|(slow, fast)| slow as f64 / fast.max(1) as f64);
    let speedup = speedup.map(|times| (times * 10.0).round() / 10.0);
    Ok(Json(LoadTestResponse { endpoint: target.as_str(), path, over: "in process", uncached, cached, speedup }))
}

#[cfg(test)]
mod tests {
    use super::{Sample, summary};
    use std::time::Duration;

    #[test]
    fn quantiles_are_of_what_was_measured() {
        let sample = |micros| Sample { took: Duration::from_micros(micros), succeeded: micros < 100, hit: micros < 50 };
        let samples: Vec<_> = (1..=100).rev().map(sample).collect();
        let sum = summary(&samples, Duration::from_secs(2));
        assert_eq!((sum.p50_us, sum.p90_us, sum.p99_us, sum.max_us), (Some(50), Some(90), Some(99), Some(100)));
        assert_eq!((sum.errors, sum.hits, sum.requests_per_s), (1, 49, 50.0));
        assert_eq!(summary(&[], Duration::from_secs(1)).p50_us, None);
    }
}
