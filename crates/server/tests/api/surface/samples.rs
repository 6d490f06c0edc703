//! One valid request for each endpoint. An endpoint that is missing here fails the tests.

use serde_json::{Value, json};

use super::things::{PASSWORD, Thing};

/// A valid request: words in braces are filled in.
pub(crate) struct Sample {
    pub(crate) thing: Thing,
    pub(crate) query: &'static str,
    pub(crate) body: Option<Content>,
}

/// What a request carries.
pub(crate) enum Content {
    Json(Value),
    Picture,
}

impl Content {
    /// Whether there is anything in it.
    pub(crate) fn is_filled(&self) -> bool {
        match self {
            Self::Json(body) => body.as_object().is_some_and(|fields| !fields.is_empty()),
            Self::Picture => true,
        }
    }
}

fn read(thing: Thing) -> Sample {
    Sample { thing, query: "", body: None }
}

fn list(query: &'static str) -> Sample {
    Sample { thing: Thing::Nothing, query, body: None }
}

fn write(thing: Thing, body: Value) -> Sample {
    Sample { thing, query: "", body: Some(Content::Json(body)) }
}

fn picture(thing: Thing) -> Sample {
    Sample { thing, query: "", body: Some(Content::Picture) }
}

/// The sample of an endpoint.
pub(crate) fn sample(method: &str, path: &str) -> Option<Sample> {
    let endpoint = (method, path);
    entrance(endpoint)
        .or_else(|| places(endpoint))
        .or_else(|| restaurants(endpoint))
        .or_else(|| customers(endpoint))
        .or_else(|| orders(endpoint))
        .or_else(|| couriers(endpoint))
        .or_else(|| records(endpoint))
        .or_else(|| caching(endpoint))
        .or_else(|| enterprise(endpoint))
}

fn of_namespace(query: &'static str) -> Sample {
    Sample { thing: Thing::Namespace, query, body: None }
}

fn caching(endpoint: (&str, &str)) -> Option<Sample> {
    Some(match endpoint {
        (
            "GET",
            "/cache/health"
            | "/cache/health/detailed"
            | "/cache/stats/namespaces"
            | "/cache/stats/detailed"
            | "/cache/memory-usage"
            | "/cache/performance-report"
            | "/cache/clears"
            | "/cache/warm/jobs"
            | "/cache/namespaces"
            | "/analytics/cache-performance",
        )
        | ("DELETE", "/cache/clear/expired")
        | ("POST", "/cache/warm/restaurants" | "/cache/warm/menu-items") => list(""),
        ("GET", "/cache/invalidations") => list("?namespace=menu_items"),
        (
            "DELETE",
            "/cache/clear/menu-items" | "/cache/clear/restaurants" | "/cache/clear/orders" | "/cache/clear/analytics",
        ) => list("?why=tidying"),
        ("DELETE", "/cache/clear/{namespace}") => of_namespace("?why=tidying"),
        ("GET", "/cache/keys/{namespace}" | "/cache/performance/namespace/{namespace}")
        | ("POST", "/cache/warm/{namespace}") => of_namespace(""),
        ("GET", "/cache/values/{namespace}") => of_namespace("?key=nothing"),
        ("GET", "/cache/warm/jobs/{id}") => read(Thing::Job),
        ("PATCH", "/cache/namespaces/{namespace}") => {
            write(Thing::Namespace, json!({ "ttl_s": 1800, "why": "menus change more often now" }))
        }
        _ => return None,
    })
}

fn enterprise(endpoint: (&str, &str)) -> Option<Sample> {
    Some(match endpoint {
        (
            "GET",
            "/enterprise/patterns/write-through"
            | "/enterprise/patterns/cache-aside"
            | "/enterprise/analytics/patterns"
            | "/enterprise/performance/report"
            | "/demo/enterprise-features-showcase",
        )
        | ("POST", "/enterprise/warming/predictive") => list(""),
        ("POST", "/enterprise/invalidation/cascade") => {
            write(Thing::Restaurant, json!({ "entity": "restaurant", "id": "{id}", "why": "wrong photograph" }))
        }
        ("GET", "/enterprise/security/validate/{namespace}") => of_namespace("?user_id={asha}"),
        ("POST", "/enterprise/security/secure-key") => {
            write(Thing::Nothing, json!({ "namespace": "customers", "name": "cart", "user_id": "{asha}" }))
        }
        ("GET", "/demo/load-test/{endpoint}") => {
            Sample { thing: Thing::Measured, query: "?requests=3&concurrency=2", body: None }
        }
        ("POST", "/demo/create-sample-enterprise-data") => {
            write(Thing::Nothing, json!({ "city": "bengaluru", "customers": 1, "orders_each": 1 }))
        }
        ("GET", "/analytics/customer-insights/{id}") => read(Thing::Customer),
        ("GET", "/analytics/restaurant-performance/{id}" | "/real-time/restaurant-availability/{id}") => {
            read(Thing::Restaurant)
        }
        ("GET", "/real-time/order-tracking/{order_id}") => read(Thing::TrackedOrder),
        ("GET", "/real-time/delivery-slots") => {
            Sample { thing: Thing::Restaurant, query: "?restaurant_id={id}&lat=12.95&lng=77.61", body: None }
        }
        _ => return None,
    })
}

fn entrance(endpoint: (&str, &str)) -> Option<Sample> {
    Some(match endpoint {
        ("POST", "/auth/register") => write(
            Thing::Nothing,
            json!({ "name": "Nila", "phone": "{phone}", "login": "nila@example.in", "password": PASSWORD }),
        ),
        ("POST", "/auth/login") => write(Thing::Login, json!({ "login": "{login}", "password": PASSWORD })),
        ("POST", "/auth/otp") => write(Thing::Nothing, json!({ "phone": "{phone}" })),
        ("POST", "/auth/otp/verify") => write(Thing::Code, json!({ "phone": "{phone}", "code": "{code}" })),
        ("POST", "/auth/refresh" | "/auth/logout") => write(Thing::Session, json!({ "refresh_token": "{refresh}" })),
        ("GET", "/auth/me" | "/events" | "/messages") => list(""),
        ("GET", "/users") => list("?role=admin"),
        ("POST", "/users") => {
            write(Thing::Nothing, json!({ "role": "dispatcher", "name": "Nila", "phone": "{phone}" }))
        }
        ("GET", "/users/{id}") => read(Thing::User),
        ("PATCH", "/users/{id}") => write(Thing::User, json!({ "name": "Nila Rao" })),
        _ => return None,
    })
}

fn places(endpoint: (&str, &str)) -> Option<Sample> {
    Some(match endpoint {
        ("GET", "/cities" | "/health" | "/health/live" | "/health/ready" | "/health/startup") => list(""),
        ("GET", "/cities/{id}/zones" | "/cities/{id}/map" | "/cities/{id}/weather" | "/cities/{id}/demand") => {
            read(Thing::City)
        }
        ("PUT", "/cities/{id}/weather") => write(Thing::City, json!({ "weather": "rain", "minutes": 90 })),
        ("GET", "/serviceability") => list("?lat=12.97&lng=77.6"),
        (
            "GET",
            "/analytics/popular-items"
            | "/analytics/revenue-analytics"
            | "/analytics/eta-calibration"
            | "/real-time/live-orders",
        ) => list("?city=bengaluru"),
        _ => return None,
    })
}

fn restaurants(endpoint: (&str, &str)) -> Option<Sample> {
    Some(match endpoint {
        ("GET", "/restaurants") => list("?city=bengaluru"),
        ("POST", "/restaurants") => write(
            Thing::Nothing,
            json!({
                "city_id": "{city}", "vendor_id": "{vendor}", "name": "Idli Corner", "locality": "Halasuru",
                "address": "3 Bazaar Street", "lat": 12.97, "lng": 77.61, "cuisines": ["South Indian"],
                "veg_mark": "veg", "prep_minutes": 10, "commission_bp": 1500,
                "hours": [{ "day": 1, "open": "07:00", "close": "22:00" }],
            }),
        ),
        ("GET", "/restaurants/{id}" | "/restaurants/{id}/menu") | ("DELETE", "/restaurants/{id}") => {
            read(Thing::Restaurant)
        }
        ("PATCH", "/restaurants/{id}") => write(Thing::Restaurant, json!({ "prep_minutes": 20 })),
        ("POST", "/restaurants/{id}/busy") => write(Thing::Restaurant, json!({ "extra_minutes": 10, "minutes": 45 })),
        ("POST", "/restaurants/{id}/pause") => write(Thing::Restaurant, json!({ "minutes": 30 })),
        ("POST", "/restaurants/{id}/resume") => write(Thing::Restaurant, json!({})),
        ("PUT", "/restaurants/{id}/menu") => write(Thing::Restaurant, menu()),
        ("GET", "/menu-items" | "/reviews") => {
            Sample { thing: Thing::Restaurant, query: "?restaurant_id={id}", body: None }
        }
        ("POST", "/menu-items") => write(
            Thing::Restaurant,
            json!({ "restaurant_id": "{id}", "section": "Tiffin", "name": "Upma", "price_paise": 5000,
                "veg_mark": "veg" }),
        ),
        ("GET" | "DELETE", "/menu-items/{id}") => read(Thing::MenuItem),
        ("PATCH", "/menu-items/{id}") => write(Thing::MenuItem, json!({ "price_paise": 9900 })),
        ("POST", "/menu-items/{id}/availability") => {
            write(Thing::MenuItem, json!({ "available": false, "until": "4h" }))
        }
        ("POST", "/menu-options/{id}/availability") => {
            write(Thing::MenuOption, json!({ "available": false, "until": "today" }))
        }
        ("GET", "/vendors") => list(""),
        ("POST", "/vendors") => write(Thing::Nothing, json!({ "name": "Idli Foods" })),
        ("GET", "/vendors/{id}") => read(Thing::Vendor),
        ("PATCH", "/vendors/{id}") => write(Thing::Vendor, json!({ "legal_name": "Annapurna Foods LLP" })),
        _ => return None,
    })
}

fn menu() -> Value {
    let options = json!([{ "name": "Ghee", "price_paise": 2000, "veg_mark": "veg" }]);
    let groups = json!([{ "name": "Made with", "kind": "modifier", "min": 0, "max": 1, "options": options }]);
    let items = json!([{ "name": "Masala dosa", "price_paise": 9500, "veg_mark": "veg", "option_groups": groups }]);
    json!({ "sections": [{ "name": "Tiffin", "items": items }] })
}

fn customers(endpoint: (&str, &str)) -> Option<Sample> {
    let address = json!({ "label": "Work", "line1": "1 Residency Road", "pin": "560025", "lat": 12.97, "lng": 77.6 });
    Some(match endpoint {
        ("GET", "/customers") => list("?q=asha"),
        ("POST", "/customers") => write(Thing::Nothing, json!({ "name": "Nila", "phone": "{phone}" })),
        ("GET" | "DELETE", "/customers/{id}" | "/customers/{id}/cart")
        | ("GET", "/customers/{id}/addresses" | "/customers/{id}/inventory" | "/customers/{id}/preferences") => {
            read(Thing::Customer)
        }
        ("PUT", "/customers/{id}/preferences") => {
            write(Thing::Customer, json!({ "language": "hi", "diet": "veg", "notifications": { "news": true } }))
        }
        ("PUT", "/customers/{id}/cart") => write(
            Thing::Customer,
            json!({ "restaurant_id": "{annapurna}", "lines": [{ "item_id": "{dosa}", "quantity": 2 }], "version": 0 }),
        ),
        ("PATCH", "/customers/{id}") => write(Thing::Customer, json!({ "email": "asha@example.in" })),
        ("POST", "/customers/{id}/addresses") => write(Thing::Customer, address),
        ("PATCH", "/customers/{id}/addresses/{address_id}") => {
            write(Thing::Address, json!({ "instruction": "Ring twice" }))
        }
        ("DELETE", "/customers/{id}/addresses/{address_id}") => read(Thing::Address),
        ("PUT", "/customers/{id}/inventory/{product_id}") => {
            write(Thing::Holding, json!({ "full": 1, "empty": 2, "deposit_paise": 440_000 }))
        }
        _ => return None,
    })
}

fn orders(endpoint: (&str, &str)) -> Option<Sample> {
    let door = json!({ "lat": 12.975, "lng": 77.605, "line1": "7 Church Street", "pin": "560001" });
    Some(match endpoint {
        ("POST", "/quotes") => write(
            Thing::Nothing,
            json!({ "restaurant_id": "{annapurna}", "lines": [{ "item_id": "{dosa}", "quantity": 2 }],
                "address": door }),
        ),
        ("GET", "/orders") => list("?active=true"),
        ("POST", "/orders") => write(Thing::Quote, json!({ "quote_id": "{id}", "payment": { "method": "cod" } })),
        (
            "GET",
            "/orders/{id}"
            | "/orders/{id}/events"
            | "/orders/{id}/route"
            | "/orders/{id}/candidates"
            | "/orders/{id}/decisions",
        )
        | ("DELETE", "/orders/{id}/tracking-links") => read(Thing::Order),
        ("POST", "/orders/{id}/tracking-links") => write(Thing::Order, json!({ "expires_in_s": 600 })),
        ("GET", "/track/{token}" | "/track/{token}/events") => read(Thing::Link),
        ("POST", "/orders/{id}/delay") => write(Thing::Order, json!({ "minutes": 10 })),
        ("POST", "/orders/{id}/arrive") => write(Thing::Order, json!({})),
        ("POST", "/orders/reassign") => {
            write(Thing::Nothing, json!({ "order_ids": ["{asha}"], "reason": "the rider's tyre is flat" }))
        }
        ("POST", "/orders/{id}/assign") => write(Thing::Order, json!({ "courier_id": "{kiran}", "note": "nearest" })),
        ("POST", "/real-time/update-order-status/{id}") => {
            write(Thing::Order, json!({ "status": "cancelled", "reason": "other" }))
        }
        ("POST", "/reviews") => write(Thing::Delivered, json!({ "order_id": "{id}", "rating": 5, "text": "Crisp." })),
        ("DELETE", "/reviews/{id}") => read(Thing::Review),
        _ => return None,
    })
}

fn couriers(endpoint: (&str, &str)) -> Option<Sample> {
    Some(match endpoint {
        ("GET", "/couriers") => list("?on_shift=true"),
        ("POST", "/couriers") => {
            write(Thing::Nothing, json!({ "city_id": "{city}", "name": "Nila", "vehicle": "bicycle" }))
        }
        ("GET", "/couriers/applications") => list("?state=applied"),
        ("GET", "/couriers/documents") => list(""),
        ("POST", "/couriers/applications") => write(
            Thing::Code,
            json!({ "phone": "{phone}", "code": "{code}", "name": "Devi", "city_id": "{city}", "vehicle": "bicycle",
                "languages": ["kn", "en"], "documents": [
                    { "kind": "pan", "number": "AAZPZ0001A" }, { "kind": "identity", "number": "7058" }] }),
        ),
        ("POST", "/couriers/applications/status") => {
            write(Thing::OwnApplication, json!({ "phone": "{phone}", "code": "{code}" }))
        }
        ("GET", "/couriers/applications/{id}") => read(Thing::Application),
        ("POST", "/couriers/applications/{id}/review") => {
            write(Thing::Application, json!({ "state": "under_review", "version": 0 }))
        }
        ("GET", "/couriers/applications/{id}/documents/{document_id}/picture") => read(Thing::AppliedDocument),
        ("PUT", "/couriers/applications/{id}/documents/{document_id}/picture") => picture(Thing::AppliedDocument),
        ("GET", "/couriers/documents/{id}/picture") => read(Thing::Document),
        ("GET", "/couriers/{id}/documents/{document_id}/picture") => read(Thing::CourierDocument),
        ("PUT", "/couriers/{id}/documents/{document_id}/picture") => picture(Thing::CourierDocument),
        ("POST", "/couriers/documents/{id}/review") => write(Thing::Document, json!({ "accept": true })),
        ("POST", "/couriers/{id}/break") => write(Thing::Courier, json!({ "minutes": 15 })),
        ("POST", "/couriers/{id}/documents") => write(Thing::Courier, json!({ "kind": "pan", "number": "AAZPZ0001A" })),
        ("POST", "/couriers/{id}/shifts") => write(Thing::OpenShift, json!({ "shift_id": "{shift_id}" })),
        ("DELETE", "/couriers/{id}/shifts/{shift_id}") => read(Thing::TakenShift),
        ("GET", "/shifts") => list("?city_id={city}&from=2026-11-20T00:00:00Z&to=2026-11-27T00:00:00Z"),
        ("POST", "/shifts") => write(
            Thing::Nothing,
            json!({ "city_id": "{city}", "starts_at": "2026-11-21T06:00:00Z", "ends_at": "2026-11-21T10:00:00Z" }),
        ),
        ("DELETE", "/shifts/{id}") => read(Thing::Shift),
        ("POST", "/shifts/{id}/assign") => write(Thing::Shift, json!({ "courier_id": "{kiran}" })),
        (
            "GET",
            "/couriers/{id}"
            | "/couriers/{id}/offers"
            | "/couriers/{id}/earnings"
            | "/couriers/{id}/acceptance"
            | "/couriers/{id}/documents"
            | "/couriers/{id}/demand"
            | "/couriers/{id}/trace"
            | "/couriers/{id}/shifts",
        )
        | ("DELETE", "/couriers/{id}") => read(Thing::Courier),
        ("PATCH", "/couriers/{id}") => write(Thing::Courier, json!({ "vehicle": "e_bike" })),
        ("POST", "/couriers/{id}/suspend") => write(Thing::Newcomer, json!({ "reason": "Two complaints." })),
        ("POST", "/couriers/{id}/shift") => write(Thing::Courier, json!({ "on": true })),
        ("POST", "/couriers/{id}/locations") => write(
            Thing::Courier,
            json!({ "fixes": [{ "lat": 12.97, "lng": 77.6, "accuracy_m": 10.0, "at": "{now}" }] }),
        ),
        ("POST", "/offers/{id}/accept" | "/offers/{id}/decline") => write(Thing::Offer, json!({})),
        _ => return None,
    })
}

fn records(endpoint: (&str, &str)) -> Option<Sample> {
    Some(match endpoint {
        ("GET", "/products") => list("?vendor_id={vendor}"),
        ("POST", "/products") => write(
            Thing::Nothing,
            json!({ "vendor_id": "{vendor}", "name": "Water 20 l", "unit": "can", "price_paise": 9000,
                "deposit_paise": 15_000, "returnable": true, "attributes": { "size": "20 l" } }),
        ),
        ("GET" | "DELETE", "/products/{id}") => read(Thing::Product),
        ("PATCH", "/products/{id}") => write(Thing::Product, json!({ "price_paise": 9500 })),
        ("GET", "/routes") => list("?day=2026-11-21"),
        ("POST", "/routes") => write(
            Thing::Nothing,
            json!({ "city_id": "{city}", "name": "Morning", "day": "2026-11-21", "depot_lat": 12.97,
                "depot_lng": 77.6, "stops": [{ "lat": 12.98, "lng": 77.61, "name": "Asha" }] }),
        ),
        ("GET" | "DELETE", "/routes/{id}") => read(Thing::Route),
        ("PATCH", "/routes/{id}") => write(Thing::Route, json!({ "name": "Early morning" })),
        _ => return None,
    })
}
