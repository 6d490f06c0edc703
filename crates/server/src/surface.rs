//! Who may use which endpoint: the one table. An endpoint that is missing here is open to nobody, and a test fails.

use std::{collections::HashMap, sync::LazyLock};

use axum::http::Method;
use domain::permission::Action::{self, *};

/// What it takes to use an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Public,
    /// To be logged in; everybody sees only their own.
    LoggedIn,
    /// A role that may take this action.
    Needs(Action),
}

use Access::{LoggedIn, Needs, Public};

/// Every endpoint of the API.
pub const SURFACE: &[(&str, &str, Access)] = &[
    ("POST", "/auth/register", Public),
    ("POST", "/auth/login", Public),
    ("POST", "/auth/otp", Public),
    ("POST", "/auth/otp/verify", Public),
    ("POST", "/auth/refresh", Public),
    ("POST", "/auth/logout", Public),
    ("GET", "/auth/me", LoggedIn),
    ("GET", "/cities", Public),
    ("GET", "/cities/{id}/zones", Public),
    ("GET", "/cities/{id}/map", Public),
    ("GET", "/serviceability", Public),
    ("GET", "/restaurants", Public),
    ("POST", "/restaurants", Needs(RestaurantCreate)),
    ("GET", "/restaurants/{id}", Public),
    ("PATCH", "/restaurants/{id}", Needs(RestaurantWrite)),
    ("DELETE", "/restaurants/{id}", Needs(RestaurantDelete)),
    ("POST", "/restaurants/{id}/busy", Needs(RestaurantPause)),
    ("POST", "/restaurants/{id}/pause", Needs(RestaurantPause)),
    ("POST", "/restaurants/{id}/resume", Needs(RestaurantPause)),
    ("GET", "/restaurants/{id}/menu", Public),
    ("PUT", "/restaurants/{id}/menu", Needs(MenuWrite)),
    ("POST", "/menu-items/{id}/availability", Needs(MenuWrite)),
    ("POST", "/menu-options/{id}/availability", Needs(MenuWrite)),
    ("POST", "/quotes", Needs(QuoteMake)),
    ("GET", "/orders", Needs(OrderRead)),
    ("POST", "/orders", Needs(OrderPlace)),
    ("GET", "/orders/{id}", Needs(OrderRead)),
    ("GET", "/orders/{id}/events", Needs(OrderRead)),
    ("GET", "/orders/{id}/route", Needs(OrderRead)),
    ("POST", "/orders/{id}/delay", Needs(OrderDelay)),
    ("POST", "/orders/{id}/arrive", Needs(OrderArrive)),
    ("GET", "/orders/{id}/candidates", Needs(OrderAssign)),
    ("POST", "/orders/{id}/assign", Needs(OrderAssign)),
    ("POST", "/real-time/update-order-status/{id}", Needs(OrderMove)),
    ("GET", "/couriers", Needs(CourierList)),
    ("POST", "/couriers", Needs(CourierCreate)),
    ("GET", "/couriers/{id}", Needs(CourierRead)),
    ("PATCH", "/couriers/{id}", Needs(CourierWrite)),
    ("DELETE", "/couriers/{id}", Needs(CourierDelete)),
    ("POST", "/couriers/{id}/shift", Needs(CourierShift)),
    ("POST", "/couriers/{id}/locations", Needs(CourierReport)),
    ("GET", "/couriers/{id}/offers", Needs(OfferRead)),
    ("GET", "/couriers/{id}/earnings", Needs(EarningsRead)),
    ("POST", "/offers/{id}/accept", Needs(OfferAnswer)),
    ("POST", "/offers/{id}/decline", Needs(OfferAnswer)),
    ("GET", "/events", LoggedIn),
    ("GET", "/analytics/popular-items", Public),
    ("GET", "/analytics/revenue-analytics", Needs(AnalyticsRead)),
    ("GET", "/health", Public),
    ("GET", "/health/live", Public),
    ("GET", "/health/ready", Public),
    ("GET", "/health/startup", Public),
];

static BY_ROUTE: LazyLock<HashMap<(&str, &str), Access>> =
    LazyLock::new(|| SURFACE.iter().map(|(method, path, access)| ((*method, *path), *access)).collect());

/// What it takes to use the endpoint of a method and route; `None` where there is none.
pub fn access(method: &Method, path: &str) -> Option<Access> {
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    BY_ROUTE.get(&(method, path)).copied()
}
