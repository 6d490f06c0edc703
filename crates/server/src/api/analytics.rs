//! `/analytics`: figures from the roll-ups.

pub mod arrivals;
pub mod insights;

use std::{fmt::Write as _, sync::Arc, time::Duration};

use app::{App, Ctx, Error, caching::FIGURES, moment};
use axum::{extract::State, response::Response};
use cache::{Loaded, Namespace};
use domain::{
    id::{CityId, RestaurantId},
    permission::Action,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{MOST, default_limit};
use crate::{
    Server,
    http::{
        cached::{Asked, Read, cached, cached_bytes, loaded},
        extract::Params,
        guard::Caller,
        problem::{Answer, INVALID_PARAMETER, Problem},
    },
};

/// Pieces ordered in thirty days below which the next order may change the whole list of popular dishes.
const SETTLED: i64 = 500;
/// How long such a list is kept.
const UNSETTLED_FOR: Duration = Duration::from_mins(1);

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(list_popular_items))
        .routes(routes!(get_revenue))
        .merge(insights::router())
        .merge(arrivals::router())
}

/// Which dishes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PopularItemsParams {
    /// Short name or id of a city; the first one if left out.
    city: Option<String>,
    /// Only of this restaurant.
    restaurant_id: Option<Uuid>,
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
}

impl PopularItemsParams {
    /// The key of the answer: a query that says the same, the usual left out, so that who asks the same shares it.
    pub fn key(&self, app: &App) -> Answer<String> {
        let city = city_of(app, self.city.as_deref())?;
        let places = app.places();
        let mut key = places.city(city).map_or_else(String::new, |city| format!("city={}", city.slug));
        // Writing into a string cannot fail.
        if let Some(restaurant) = self.restaurant_id {
            let _ = write!(key, "&restaurant_id={restaurant}");
        }
        if self.limit() != default_limit() {
            let _ = write!(key, "&limit={}", self.limit());
        }
        Ok(key)
    }

    fn limit(&self) -> usize {
        self.limit.clamp(1, MOST)
    }
}

/// The most ordered dishes of the last thirty days.
#[derive(Debug, Serialize, ToSchema)]
pub struct PopularItemsResponse {
    items: Vec<PopularItemResponse>,
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
}

/// One dish.
#[derive(Debug, Serialize, ToSchema)]
pub struct PopularItemResponse {
    item_id: Uuid,
    name: String,
    restaurant_id: Uuid,
    restaurant_name: String,
    /// Pieces ordered; only for those who may read the platform's figures.
    quantity: Option<i64>,
    /// Their price; only for those who may read the platform's figures.
    revenue_paise: Option<i64>,
}

/// Which hours.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RevenueParams {
    /// Short name or id of a city; the first one if left out.
    city: Option<String>,
    /// From this moment; a day before `to` if left out.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Until this moment; now if left out.
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
}

/// Orders and revenue by the hour. Revenue is what customers paid for delivered orders, taxes and tips included.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevenueResponse {
    items: Vec<HourResponse>,
    totals: TotalsResponse,
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
}

/// One hour.
#[derive(Debug, Serialize, ToSchema)]
pub struct HourResponse {
    /// Its beginning, by the clocks of the city.
    #[schema(value_type = String, format = DateTime)]
    hour: Timestamp,
    /// Placed in it.
    orders: i64,
    delivered: i64,
    rejected: i64,
    cancelled: i64,
    failed: i64,
    revenue_paise: i64,
}

/// All hours.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct TotalsResponse {
    orders: i64,
    delivered: i64,
    rejected: i64,
    cancelled: i64,
    failed: i64,
    revenue_paise: i64,
}

/// The city that a caller names, or the first one.
pub fn city_of(app: &App, name: Option<&str>) -> Answer<CityId> {
    let places = app.places();
    let city = match name {
        Some(name) => {
            let unknown = || Problem::of(INVALID_PARAMETER).field("/city", "unknown");
            places.city_named(name).ok_or_else(unknown)?
        }
        None => places.cities.first().ok_or(Error::NotFound("city"))?,
    };
    Ok(city.id)
}

/// The most ordered dishes.
#[utoipa::path(get, path = "/analytics/popular-items", tag = "analytics", params(PopularItemsParams),
    responses((status = 200, body = PopularItemsResponse), (status = "4XX", body = Problem)))]
async fn list_popular_items(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    asked: Asked,
    Params(params): Params<PopularItemsParams>,
) -> Answer<Response> {
    let mut key = params.key(&server.app)?;
    // Those who may read figures get an answer of their own.
    let trusted = ctx.reach(Action::AnalyticsRead).is_ok();
    if trusted {
        key.push_str(FIGURES);
    }
    let namespace = Namespace::PopularItems;
    let read = if trusted { Read::private(namespace, &key).counted() } else { Read::shared(namespace, &key) };
    let load = move |app: Arc<App>| async move { popular_items(&app, &ctx, &params).await };
    Ok(cached_bytes(&server.app, &asked, read, load).await)
}

/// The most ordered dishes, with figures for those who may read them. While few were ordered, or none, the answer is kept
/// for a minute: a city that begins would otherwise show an empty list for a quarter of an hour.
pub async fn popular_items(app: &App, ctx: &Ctx, params: &PopularItemsParams) -> Result<Loaded, Error> {
    let limit = i64::try_from(params.limit()).unwrap_or(20);
    let city = city_of(app, params.city.as_deref()).map_err(|_| Error::NotFound("city"))?;
    let rows = app.popular_items(ctx, city, params.restaurant_id.map(RestaurantId), limit).await?;
    let trusted = ctx.reach(Action::AnalyticsRead).is_ok();
    let pieces = rows.first().map_or(0, |row| row.quantity_of_all);
    let items = rows.into_iter().map(|row| PopularItemResponse {
        item_id: row.item_id.into(),
        name: row.name,
        restaurant_id: row.restaurant_id.into(),
        restaurant_name: row.restaurant_name,
        quantity: trusted.then_some(row.quantity),
        revenue_paise: trusted.then_some(row.revenue_paise),
    });
    let answer = loaded(&PopularItemsResponse { items: items.collect(), as_of: app.now() })?;
    let longest = app.answers.policy(Namespace::PopularItems).ttl;
    Ok(if pieces < SETTLED { answer.with_ttl(UNSETTLED_FOR.min(longest)) } else { answer })
}

/// Orders and revenue by the hour.
#[utoipa::path(get, path = "/analytics/revenue-analytics", tag = "analytics", params(RevenueParams),
    responses((status = 200, body = RevenueResponse), (status = "4XX", body = Problem)))]
async fn get_revenue(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    asked: Asked,
    Params(params): Params<RevenueParams>,
) -> Answer<Response> {
    ctx.reach(Action::AnalyticsRead)?;
    let city = city_of(&server.app, params.city.as_deref())?;
    let span = server.app.figures_span(&ctx, params.from, params.to)?;
    let key = revenue_key(&server.app, city, span);
    let read = Read::private(Namespace::RevenueAnalytics, &key);
    let load = move |app: Arc<App>| async move { revenue(&app, &ctx, city, span).await };
    Ok(cached(&server.app, &asked, read, load).await)
}

/// Figures are by the hour: spans of the same hours have the same answer. The hour that begins with the end is none of them.
fn revenue_key(app: &App, city: CityId, (from, to): (Timestamp, Timestamp)) -> String {
    let places = app.places();
    let hour = |at| places.city(city).map_or(0, |city| city.hour_of(at));
    let last = to.checked_sub(SignedDuration::from_micros(1)).unwrap_or(to);
    format!("{city}:{}:{}", hour(from), hour(last))
}

async fn revenue(app: &App, ctx: &Ctx, city: CityId, span: (Timestamp, Timestamp)) -> Result<RevenueResponse, Error> {
    let rows = app.hourly_figures(ctx, city, span).await?;
    let mut totals = TotalsResponse::default();
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        totals.orders += row.placed;
        totals.delivered += row.delivered;
        totals.rejected += row.rejected;
        totals.cancelled += row.cancelled;
        totals.failed += row.failed;
        totals.revenue_paise += row.revenue_paise;
        items.push(HourResponse {
            hour: moment(row.hour),
            orders: row.placed,
            delivered: row.delivered,
            rejected: row.rejected,
            cancelled: row.cancelled,
            failed: row.failed,
            revenue_paise: row.revenue_paise,
        });
    }
    Ok(RevenueResponse { items, totals, as_of: app.now() })
}
