//! The API, one file a noun: request, response and handler side by side.

pub mod analytics;
pub mod auth;
pub mod cities;
pub mod couriers;
pub mod health;
pub mod live;
pub mod menus;
pub mod offers;
pub mod orders;
pub mod places;
pub mod quotes;
pub mod restaurants;

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::Server;

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

/// All endpoints.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .merge(analytics::router())
        .merge(auth::router())
        .merge(cities::router())
        .merge(couriers::router())
        .merge(health::router())
        .merge(live::router())
        .merge(menus::router())
        .merge(offers::router())
        .merge(orders::router())
        .merge(quotes::router())
        .merge(restaurants::router())
}
