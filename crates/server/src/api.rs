//! The API, one file a noun: request, response and handler side by side.

pub mod analytics;
pub mod applications;
pub mod auth;
pub mod caching;
pub mod carts;
pub mod cities;
pub mod couriers;
pub mod customers;
pub mod demand;
pub mod demo;
pub mod documents;
pub mod enterprise;
pub mod health;
pub mod inventory;
pub mod live;
pub mod menu_items;
pub mod menus;
pub mod messages;
pub mod offers;
pub mod orders;
pub mod pictures;
pub mod places;
pub mod products;
pub mod quotes;
pub mod real_time;
pub mod restaurants;
pub mod reviews;
pub mod routes;
pub mod shifts;
pub mod tracking_links;
pub mod users;
pub mod vendors;
pub mod words;

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    Server,
    http::problem::{Answer, INVALID_PARAMETER, Problem},
};

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T: ToSchema> {
    /// The things.
    pub items: Vec<T>,
    /// Where the next page begins; null on the last one.
    pub next_cursor: Option<String>,
}

impl<T: ToSchema> List<T> {
    /// A list of one page.
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}

/// Things on a page, if the caller does not say.
const fn default_limit() -> usize {
    20
}

/// The most that one page holds.
const MOST: usize = 100;

/// A number of things that fits on a page.
fn within_page(limit: usize) -> Answer<usize> {
    if (1..=MOST).contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::of(INVALID_PARAMETER).field("/limit", "out-of-range"))
}

/// All endpoints.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .merge(analytics::router())
        .merge(applications::router())
        .merge(auth::router())
        .merge(caching::router())
        .merge(carts::router())
        .merge(cities::router())
        .merge(couriers::router())
        .merge(customers::router())
        .merge(demand::router())
        .merge(demo::router())
        .merge(documents::router())
        .merge(enterprise::router())
        .merge(health::router())
        .merge(inventory::router())
        .merge(live::router())
        .merge(menu_items::router())
        .merge(menus::router())
        .merge(messages::router())
        .merge(offers::router())
        .merge(orders::router())
        .merge(pictures::router())
        .merge(products::router())
        .merge(quotes::router())
        .merge(real_time::router())
        .merge(restaurants::router())
        .merge(reviews::router())
        .merge(routes::router())
        .merge(shifts::router())
        .merge(tracking_links::router())
        .merge(users::router())
        .merge(vendors::router())
}
