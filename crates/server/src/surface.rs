//! Who may use which endpoint: the one table. An endpoint that is missing here is open to nobody, and a test fails.

#![cfg_attr(not(test), expect(clippy::enum_glob_use, reason = "the table reads as a table"))]

use std::collections::BTreeMap;

use axum::http::Method;
use domain::permission::Action::{self, *};

use crate::http::observe::Timings;

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
    ("GET", "/cities/{id}/demand", Needs(DemandRead)),
    ("GET", "/cities/{id}/weather", Needs(LiveRead)),
    ("PUT", "/cities/{id}/weather", Needs(WeatherSet)),
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
    ("GET", "/menu-items", Public),
    ("POST", "/menu-items", Needs(MenuWrite)),
    ("GET", "/menu-items/{id}", Public),
    ("PATCH", "/menu-items/{id}", Needs(MenuWrite)),
    ("DELETE", "/menu-items/{id}", Needs(MenuWrite)),
    ("POST", "/menu-items/{id}/availability", Needs(MenuWrite)),
    ("POST", "/menu-options/{id}/availability", Needs(MenuWrite)),
    ("GET", "/vendors", Needs(VendorManage)),
    ("POST", "/vendors", Needs(VendorManage)),
    ("GET", "/vendors/{id}", Needs(VendorManage)),
    ("PATCH", "/vendors/{id}", Needs(VendorManage)),
    ("GET", "/customers", Needs(CustomerList)),
    ("POST", "/customers", Needs(CustomerCreate)),
    ("GET", "/customers/{id}", Needs(CustomerRead)),
    ("PATCH", "/customers/{id}", Needs(CustomerWrite)),
    ("DELETE", "/customers/{id}", Needs(CustomerDelete)),
    ("GET", "/customers/{id}/addresses", Needs(AddressManage)),
    ("POST", "/customers/{id}/addresses", Needs(AddressManage)),
    ("PATCH", "/customers/{id}/addresses/{address_id}", Needs(AddressManage)),
    ("DELETE", "/customers/{id}/addresses/{address_id}", Needs(AddressManage)),
    ("GET", "/customers/{id}/preferences", Needs(CustomerRead)),
    ("PUT", "/customers/{id}/preferences", Needs(PreferencesWrite)),
    ("GET", "/customers/{id}/cart", Needs(CartManage)),
    ("PUT", "/customers/{id}/cart", Needs(CartManage)),
    ("DELETE", "/customers/{id}/cart", Needs(CartManage)),
    ("GET", "/customers/{id}/inventory", Needs(InventoryRead)),
    ("PUT", "/customers/{id}/inventory/{product_id}", Needs(InventoryWrite)),
    ("POST", "/quotes", Needs(QuoteMake)),
    ("GET", "/orders", Needs(OrderRead)),
    ("POST", "/orders", Needs(OrderPlace)),
    ("GET", "/orders/{id}", Needs(OrderRead)),
    ("GET", "/orders/{id}/events", Needs(OrderRead)),
    ("GET", "/orders/{id}/route", Needs(OrderRead)),
    ("POST", "/orders/{id}/tracking-links", Needs(OrderShare)),
    ("DELETE", "/orders/{id}/tracking-links", Needs(OrderShare)),
    ("GET", "/track/{token}", Public),
    ("GET", "/track/{token}/events", Public),
    ("POST", "/orders/{id}/delay", Needs(OrderDelay)),
    ("POST", "/orders/{id}/arrive", Needs(OrderArrive)),
    ("GET", "/orders/{id}/candidates", Needs(OrderAssign)),
    ("GET", "/orders/{id}/decisions", Needs(OrderAssign)),
    ("POST", "/orders/{id}/assign", Needs(OrderAssign)),
    ("POST", "/orders/reassign", Needs(OrderAssign)),
    ("POST", "/real-time/update-order-status/{id}", Needs(OrderMove)),
    ("GET", "/couriers", Needs(CourierList)),
    ("POST", "/couriers", Needs(CourierCreate)),
    ("GET", "/couriers/applications", Needs(ApplicationRead)),
    ("POST", "/couriers/applications", Public),
    ("POST", "/couriers/applications/status", Public),
    ("GET", "/couriers/applications/{id}", Needs(ApplicationRead)),
    ("POST", "/couriers/applications/{id}/review", Needs(ApplicationReview)),
    ("GET", "/couriers/applications/{id}/documents/{document_id}/picture", Public),
    ("PUT", "/couriers/applications/{id}/documents/{document_id}/picture", Public),
    ("GET", "/couriers/documents", Needs(ApplicationRead)),
    ("POST", "/couriers/documents/{id}/review", Needs(ApplicationReview)),
    ("GET", "/couriers/documents/{id}/picture", Needs(ApplicationReview)),
    ("GET", "/couriers/{id}", Needs(CourierRead)),
    ("PATCH", "/couriers/{id}", Needs(CourierWrite)),
    ("DELETE", "/couriers/{id}", Needs(CourierDelete)),
    ("POST", "/couriers/{id}/shift", Needs(CourierShift)),
    ("POST", "/couriers/{id}/suspend", Needs(ApplicationReview)),
    ("GET", "/couriers/{id}/demand", Needs(DemandRead)),
    ("POST", "/couriers/{id}/break", Needs(CourierShift)),
    ("GET", "/couriers/{id}/acceptance", Needs(CourierRead)),
    ("GET", "/couriers/{id}/documents", Needs(DocumentRead)),
    ("POST", "/couriers/{id}/documents", Needs(DocumentSubmit)),
    ("GET", "/couriers/{id}/documents/{document_id}/picture", Needs(DocumentSee)),
    ("PUT", "/couriers/{id}/documents/{document_id}/picture", Needs(DocumentSubmit)),
    ("GET", "/couriers/{id}/shifts", Needs(ShiftRead)),
    ("POST", "/couriers/{id}/shifts", Needs(ShiftTake)),
    ("DELETE", "/couriers/{id}/shifts/{shift_id}", Needs(ShiftTake)),
    ("GET", "/shifts", Needs(ShiftManage)),
    ("POST", "/shifts", Needs(ShiftManage)),
    ("DELETE", "/shifts/{id}", Needs(ShiftManage)),
    ("POST", "/shifts/{id}/assign", Needs(ShiftManage)),
    ("POST", "/couriers/{id}/locations", Needs(CourierReport)),
    ("GET", "/couriers/{id}/trace", Needs(CourierRead)),
    ("GET", "/couriers/{id}/offers", Needs(OfferRead)),
    ("GET", "/couriers/{id}/earnings", Needs(EarningsRead)),
    ("POST", "/offers/{id}/accept", Needs(OfferAnswer)),
    ("POST", "/offers/{id}/decline", Needs(OfferAnswer)),
    ("GET", "/reviews", Public),
    ("POST", "/reviews", Needs(ReviewWrite)),
    ("DELETE", "/reviews/{id}", Needs(ReviewDelete)),
    ("GET", "/products", Needs(ProductManage)),
    ("POST", "/products", Needs(ProductManage)),
    ("GET", "/products/{id}", Needs(ProductManage)),
    ("PATCH", "/products/{id}", Needs(ProductManage)),
    ("DELETE", "/products/{id}", Needs(ProductManage)),
    ("GET", "/routes", Needs(RouteRead)),
    ("POST", "/routes", Needs(RouteManage)),
    ("GET", "/routes/{id}", Needs(RouteRead)),
    ("PATCH", "/routes/{id}", Needs(RouteManage)),
    ("DELETE", "/routes/{id}", Needs(RouteManage)),
    ("GET", "/users", Needs(UserManage)),
    ("POST", "/users", Needs(UserManage)),
    ("GET", "/users/{id}", Needs(UserManage)),
    ("PATCH", "/users/{id}", Needs(UserManage)),
    ("GET", "/real-time/live-orders", Needs(LiveRead)),
    ("GET", "/events", LoggedIn),
    ("GET", "/messages", Needs(UserManage)),
    ("GET", "/analytics/popular-items", Public),
    ("GET", "/analytics/revenue-analytics", Needs(AnalyticsRead)),
    ("GET", "/analytics/eta-calibration", Needs(AnalyticsRead)),
    ("GET", "/analytics/customer-insights/{id}", Needs(CustomerRead)),
    ("GET", "/analytics/restaurant-performance/{id}", Needs(PerformanceRead)),
    ("GET", "/analytics/cache-performance", Needs(CacheRead)),
    ("GET", "/real-time/order-tracking/{order_id}", Needs(OrderRead)),
    ("GET", "/real-time/restaurant-availability/{id}", Public),
    ("GET", "/real-time/delivery-slots", Public),
    ("GET", "/cache/health", Needs(CacheRead)),
    ("GET", "/cache/health/detailed", Needs(CacheRead)),
    ("GET", "/cache/stats/namespaces", Needs(CacheRead)),
    ("GET", "/cache/stats/detailed", Needs(CacheRead)),
    ("GET", "/cache/memory-usage", Needs(CacheRead)),
    ("GET", "/cache/keys/{namespace}", Needs(CacheRead)),
    ("GET", "/cache/values/{namespace}", Needs(CacheRead)),
    ("GET", "/cache/performance/namespace/{namespace}", Needs(CacheRead)),
    ("GET", "/cache/performance-report", Needs(CacheRead)),
    ("GET", "/cache/invalidations", Needs(CacheRead)),
    ("GET", "/cache/clears", Needs(CacheRead)),
    ("DELETE", "/cache/clear/expired", Needs(CacheManage)),
    ("DELETE", "/cache/clear/menu-items", Needs(CacheManage)),
    ("DELETE", "/cache/clear/restaurants", Needs(CacheManage)),
    ("DELETE", "/cache/clear/orders", Needs(CacheManage)),
    ("DELETE", "/cache/clear/analytics", Needs(CacheManage)),
    ("DELETE", "/cache/clear/{namespace}", Needs(CacheManage)),
    ("POST", "/cache/warm/restaurants", Needs(CacheManage)),
    ("POST", "/cache/warm/menu-items", Needs(CacheManage)),
    ("POST", "/cache/warm/{namespace}", Needs(CacheManage)),
    ("GET", "/cache/warm/jobs", Needs(CacheRead)),
    ("GET", "/cache/warm/jobs/{id}", Needs(CacheRead)),
    ("GET", "/cache/namespaces", Needs(CacheRead)),
    ("PATCH", "/cache/namespaces/{namespace}", Needs(CacheManage)),
    ("GET", "/enterprise/patterns/write-through", Needs(CacheRead)),
    ("GET", "/enterprise/patterns/cache-aside", Needs(CacheManage)),
    ("POST", "/enterprise/invalidation/cascade", Needs(CacheManage)),
    ("POST", "/enterprise/warming/predictive", Needs(CacheManage)),
    ("GET", "/enterprise/analytics/patterns", Needs(CacheRead)),
    ("GET", "/enterprise/performance/report", Needs(CacheRead)),
    ("GET", "/enterprise/security/validate/{namespace}", Needs(CacheRead)),
    ("POST", "/enterprise/security/secure-key", Needs(CacheManage)),
    ("GET", "/demo/load-test/{endpoint}", Needs(CacheManage)),
    ("POST", "/demo/create-sample-enterprise-data", Needs(CacheManage)),
    ("GET", "/demo/enterprise-features-showcase", Needs(CacheRead)),
    ("GET", "/health", Public),
    ("GET", "/health/live", Public),
    ("GET", "/health/ready", Public),
    ("GET", "/health/startup", Public),
];

/// Addresses that are no part of the API: pages, its description, what only a demo has, and the socket, which asks in its
/// first message who is there.
pub const PAGES: &[&str] = &[
    "/demo/logins",
    "/demo/mailbox",
    "/docs",
    "/docs/",
    "/docs/{*rest}",
    "/mailbox",
    "/metrics",
    "/openapi.json",
    "/problems",
    "/problems/{code}",
    "/ws",
];

/// What log and figures call an address that is in neither table: a file of a face, or nothing.
const OTHER: &str = "other";

/// Both tables, made for looking up.
pub struct Surface(matchit::Router<Route>);

struct Route {
    path: &'static str,
    /// None at a page.
    endpoints: Vec<Endpoint>,
}

/// One endpoint.
#[derive(Debug)]
pub struct Endpoint {
    /// Its method.
    pub method: Method,
    /// What it takes to use it.
    pub access: Access,
    /// How long it took to answer.
    pub timings: Timings,
}

/// What a request found.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The route, as log and figures call it.
    pub route: &'static str,
    /// What stands there.
    pub place: Place<'a>,
}

/// What stands at an address.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// An endpoint.
    Endpoint(&'a Endpoint),
    /// Endpoints, but none of this method.
    OtherMethods(&'a [Endpoint]),
    /// A page, a file, or nothing.
    Page,
}

impl Default for Surface {
    /// The tables of this program.
    fn default() -> Self {
        let mut paths: BTreeMap<&str, Vec<Endpoint>> = PAGES.iter().map(|path| (*path, Vec::new())).collect();
        for (method, path, access) in SURFACE {
            let method = Method::from_bytes(method.as_bytes()).unwrap_or_default();
            let endpoint = Endpoint { method, access: *access, timings: Timings::default() };
            paths.entry(path).or_default().push(endpoint);
        }
        let mut routes = matchit::Router::new();
        for (path, endpoints) in paths {
            // A test holds the tables to routes that can be told apart.
            if let Err(error) = routes.insert(path, Route { path, endpoints }) {
                tracing::error!(%error, path, "this route cannot be told apart from others");
            }
        }
        Self(routes)
    }
}

impl Surface {
    /// What a request finds.
    pub fn find(&self, method: &Method, path: &str) -> Found<'_> {
        let Ok(found) = self.0.at(path) else {
            return Found { route: OTHER, place: Place::Page };
        };
        let Route { path, endpoints } = found.value;
        let method = if method == Method::HEAD { &Method::GET } else { method };
        let place = match endpoints.iter().find(|endpoint| endpoint.method == *method) {
            Some(endpoint) => Place::Endpoint(endpoint),
            None if endpoints.is_empty() => Place::Page,
            None => Place::OtherMethods(endpoints),
        };
        Found { route: path, place }
    }
}

#[cfg(test)]
mod tests {
    use super::{PAGES, Place, SURFACE, Surface};
    use axum::http::Method;

    #[test]
    fn every_route_is_found_by_its_own_address_and_method() {
        let surface = Surface::default();
        for (method, path, access) in SURFACE {
            let found = surface.find(&Method::from_bytes(method.as_bytes()).unwrap(), path);
            let endpoint = match found.place {
                Place::Endpoint(endpoint) => (endpoint.method.as_str(), endpoint.access),
                place => panic!("{method} {path}: {place:?}"),
            };
            assert_eq!((found.route, endpoint), (*path, (*method, *access)));
        }
        for path in PAGES {
            assert!(matches!(surface.find(&Method::POST, path).place, Place::Page), "{path}");
        }
        assert!(
            matches!(surface.find(&Method::TRACE, "/orders").place, Place::OtherMethods(endpoints) if endpoints.len() == 2)
        );
    }
}
