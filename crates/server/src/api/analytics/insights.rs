//! `/analytics/customer-insights/{id}` and `/analytics/restaurant-performance/{id}`: what is known of one.

use std::sync::Arc;

use app::{
    App,
    analytics::{CustomerInsights, PERFORMANCE_DAYS, RestaurantPerformance},
    caching::Owner,
    moment,
};
use axum::{extract::State, response::Response};
use cache::Namespace;
use domain::{
    id::{CustomerId, RestaurantId},
    permission::Actor,
};
use jiff::Timestamp;
use serde::Serialize;
use store::analytics::{FavouriteRow, PopularRow};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    Server,
    http::{
        cached::{Asked, Read, cached},
        extract::Id,
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(get_insights)).routes(routes!(get_performance))
}

/// A customer's habits, from orders and reviews.
#[derive(Debug, Serialize, ToSchema)]
pub struct InsightsResponse {
    customer_id: Uuid,
    orders: i64,
    delivered: i64,
    cancelled: i64,
    /// Refused by the kitchen, or failed on the way.
    failed: i64,
    /// Paid for delivered orders.
    paid_paise: i64,
    /// Mean of that; null without a delivered order.
    mean_paise: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    first_order_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_order_at: Option<Timestamp>,
    /// Restaurants with most deliveries.
    restaurants: Vec<FavouriteResponse>,
    /// Dishes delivered most.
    dishes: Vec<FavouriteResponse>,
    /// Orders by the local hour of the day, of the newest five hundred.
    by_hour: Vec<i64>,
    /// Orders by the day of the week, Monday first, of the same.
    by_weekday: Vec<i64>,
    reviews: i64,
    /// Mean of the stars given; null without a review.
    mean_rating: Option<f64>,
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
}

/// A favourite.
#[derive(Debug, Serialize, ToSchema)]
pub struct FavouriteResponse {
    id: Uuid,
    name: String,
    count: i64,
}

/// How a restaurant does: the last thirty days, and the times of its newest delivered orders.
#[derive(Debug, Serialize, ToSchema)]
pub struct PerformanceResponse {
    restaurant_id: Uuid,
    days: i64,
    orders: i64,
    delivered: i64,
    rejected: i64,
    cancelled: i64,
    failed: i64,
    revenue_paise: i64,
    /// Delivered orders whose times were looked at, at most two hundred.
    timed_orders: usize,
    /// Mean seconds until the kitchen accepted.
    accept_s: Option<i64>,
    /// Mean seconds by which food was later than promised; negative if earlier.
    ready_late_s: Option<i64>,
    /// Per cent that came within the first promise.
    on_time_pct: Option<f64>,
    /// Mean rating; null without one.
    rating: Option<f64>,
    rating_count: i64,
    /// The most ordered dishes.
    dishes: Vec<SoldResponse>,
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
}

/// A dish and what it brought.
#[derive(Debug, Serialize, ToSchema)]
pub struct SoldResponse {
    item_id: Uuid,
    name: String,
    quantity: i64,
    revenue_paise: i64,
}

fn favourite(row: FavouriteRow) -> FavouriteResponse {
    FavouriteResponse { id: row.id, name: row.name, count: row.count }
}

fn sold(row: PopularRow) -> SoldResponse {
    SoldResponse {
        item_id: row.item_id.into(),
        name: row.name,
        quantity: row.quantity,
        revenue_paise: row.revenue_paise,
    }
}

fn insights(id: CustomerId, known: CustomerInsights, as_of: Timestamp) -> InsightsResponse {
    let sums = known.sums;
    InsightsResponse {
        customer_id: id.into(),
        orders: sums.placed,
        delivered: sums.delivered,
        cancelled: sums.cancelled,
        failed: sums.failed,
        paid_paise: sums.paid_paise,
        mean_paise: (sums.delivered > 0).then(|| sums.paid_paise / sums.delivered),
        first_order_at: sums.first_at.map(moment),
        last_order_at: sums.last_at.map(moment),
        restaurants: known.restaurants.into_iter().map(favourite).collect(),
        dishes: known.dishes.into_iter().map(favourite).collect(),
        by_hour: known.by_hour.to_vec(),
        by_weekday: known.by_weekday.to_vec(),
        reviews: known.reviews,
        mean_rating: crate::api::orders::stars(known.stars, known.reviews),
        as_of,
    }
}

fn performance(id: RestaurantId, known: RestaurantPerformance, as_of: Timestamp) -> PerformanceResponse {
    let sums = known.sums;
    PerformanceResponse {
        restaurant_id: id.into(),
        days: PERFORMANCE_DAYS,
        orders: sums.placed,
        delivered: sums.delivered,
        rejected: sums.rejected,
        cancelled: sums.cancelled,
        failed: sums.failed,
        revenue_paise: sums.revenue_paise,
        timed_orders: known.timed,
        accept_s: known.accept_s,
        ready_late_s: known.ready_late_s,
        on_time_pct: known.on_time_pct,
        rating: known.rating_tenths.and_then(|tenths| crate::api::orders::stars(tenths, 10)),
        rating_count: known.rating_count,
        dishes: known.dishes.into_iter().map(sold).collect(),
        as_of,
    }
}

/// What a customer orders, where, when, and how they rate.
#[utoipa::path(get, path = "/analytics/customer-insights/{id}", tag = "analytics", params(("id" = Uuid, Path)),
    responses((status = 200, body = InsightsResponse), (status = "4XX", body = Problem)))]
async fn get_insights(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CustomerId>,
    asked: Asked,
) -> Answer<Response> {
    server.app.may_read_insights(&ctx, id)?;
    let key = server.app.own_key(Namespace::CustomerInsights, Owner::Customer(id), "insights");
    let load = move |app: Arc<App>| async move {
        let now = app.now();
        Ok(insights(id, app.customer_insights(&ctx, id).await?, now))
    };
    Ok(cached(&server.app, &asked, Read::private(Namespace::CustomerInsights, &key), load).await)
}

/// How a restaurant does.
#[utoipa::path(get, path = "/analytics/restaurant-performance/{id}", tag = "analytics",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = PerformanceResponse), (status = "4XX", body = Problem)))]
async fn get_performance(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<RestaurantId>,
    asked: Asked,
) -> Answer<Response> {
    server.app.may_read_performance(&ctx, id)?;
    let load = move |app: Arc<App>| async move {
        let now = app.ctx(Actor::Anonymous);
        Ok(performance(id, app.restaurant_performance(&app.ctx(ctx.actor), id).await?, now.now))
    };
    let key = id.to_string();
    Ok(cached(&server.app, &asked, Read::private(Namespace::RestaurantPerformance, &key), load).await)
}
