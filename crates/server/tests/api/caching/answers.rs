//! What an answer says of itself, and that nobody gets another's.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::json;
use server::surface::{Access, SURFACE};

use crate::support::Web;

/// A public read that may be kept for everybody. The probes ask how it goes at this moment, and who has a link to an order or
/// a pass to their pictures is told alone.
fn is_shared((method, path, access): &(&str, &str, Access)) -> bool {
    let told_alone = ["/health", "/track/", "/couriers/applications/"].iter().any(|start| path.starts_with(start));
    *access == Access::Public && *method == "GET" && !told_alone
}

#[tokio::test]
async fn a_public_answer_says_its_age_and_is_not_sent_twice() {
    let web = Web::new().await;
    let anybody = web.stranger();
    let kitchen = web.city.restaurant("annapurna");
    let (dish, city) = (web.city.dish("masala dosa").await.item, web.city.id);
    let kept = ("MISS", "HIT");
    let unkept = ("BYPASS", "BYPASS");
    let reads = [
        ("/restaurants/{id}", format!("/restaurants/{kitchen}"), kept),
        ("/restaurants/{id}/menu", format!("/restaurants/{kitchen}/menu"), kept),
        ("/menu-items/{id}", format!("/menu-items/{dish}"), kept),
        ("/menu-items", format!("/menu-items?restaurant_id={kitchen}"), unkept),
        ("/restaurants", "/restaurants?city=bengaluru".to_owned(), kept),
        ("/reviews", format!("/reviews?restaurant_id={kitchen}"), kept),
        ("/cities", "/cities".to_owned(), unkept),
        ("/cities/{id}/zones", format!("/cities/{city}/zones"), unkept),
        ("/cities/{id}/map", format!("/cities/{city}/map"), kept),
        ("/serviceability", "/serviceability?lat=12.9751&lng=77.605".to_owned(), unkept),
        ("/analytics/popular-items", "/analytics/popular-items?city=bengaluru".to_owned(), kept),
        ("/real-time/restaurant-availability/{id}", format!("/real-time/restaurant-availability/{kitchen}"), kept),
        (
            "/real-time/delivery-slots",
            format!("/real-time/delivery-slots?restaurant_id={kitchen}&lat=12.9751&lng=77.605"),
            kept,
        ),
    ];
    let all: BTreeSet<_> = SURFACE.iter().filter(|endpoint| is_shared(endpoint)).map(|endpoint| endpoint.1).collect();
    assert_eq!(reads.iter().map(|read| read.0).collect::<BTreeSet<_>>(), all, "every public read is asked for here");
    for (_, path, states) in reads {
        let first = anybody.get(&path).await;
        assert_eq!((first.status, first.header("x-cache")), (200, Some(states.0)), "{path}: {}", first.text());
        let second = anybody.get(&path).await;
        assert_eq!(second.header("x-cache"), Some(states.1), "{path}");
        assert_eq!(second.body, first.body, "{path}");
        assert!(second.header("age").is_some(), "{path}");
        assert_eq!(second.header("cache-control"), Some("no-cache"), "{path}");
        let etag = second.header("etag").unwrap();
        let known = anybody.ask(Method::GET, &path, &[("if-none-match", etag)], None).await;
        assert_eq!((known.status, known.body.len(), known.header("etag")), (304, 0, Some(etag)), "{path}");
    }
}

#[tokio::test]
async fn figures_of_the_platform_are_kept_to_the_one_who_asked() {
    let web = Web::new().await;
    let path = "/analytics/popular-items?city=bengaluru";
    for (name, control) in [("meena", "private, no-cache"), ("asha", "no-cache"), ("meena", "private, no-cache")] {
        let answer = web.user(name).await.get(path).await;
        assert_eq!(answer.header("cache-control"), Some(control), "{name}: {}", answer.text());
    }
}

#[tokio::test]
async fn only_spans_of_the_same_local_hours_share_their_figures() {
    let web = Web::new().await;
    let meena = web.user("meena").await;
    web.city.customer("asha").orders("masala dosa").await;
    web.city.app.consume_all().await.unwrap();
    // It is 12:48 in the city. What begins at noon is no part of what ends at noon.
    for (query, found, orders) in [
        ("from=2026-11-19T18:30:00Z&to=2026-11-20T06:30:00Z", "MISS", 0),
        ("from=2026-11-19T18:30:00Z&to=2026-11-20T06:30:01Z", "MISS", 1),
        ("from=2026-11-19T19:00:00Z&to=2026-11-20T07:18:00Z", "HIT", 1),
        ("to=2026-11-20T07:18:00Z", "MISS", 1),
        ("to=2026-11-20T07:30:00Z", "MISS", 1),
    ] {
        let (cached, figures) = meena.gets(&format!("/analytics/revenue-analytics?{query}")).await;
        assert_eq!((cached.as_str(), &figures["totals"]["orders"]), (found, &json!(orders)), "{query}");
        assert!(
            figures["items"].as_array().unwrap().iter().all(|hour| hour["hour"] == "2026-11-20T06:30:00Z"),
            "{figures}"
        );
    }
}

#[tokio::test]
async fn a_paused_kitchen_seen_from_a_door_is_fresh_for_a_minute() {
    let web = Web::new().await;
    let kitchen = web.city.restaurant("annapurna");
    let pause = json!({ "minutes": 30 });
    web.user("annapurna").await.post(&format!("/restaurants/{kitchen}/pause"), &pause).await.ok();
    let anand = web.user("anand").await;
    for (path, namespace, longest_s) in [
        (format!("/restaurants/{kitchen}?lat=12.9751&lng=77.605"), "restaurant_availability", 66),
        (format!("/restaurants/{kitchen}"), "restaurants", 30 * 60),
    ] {
        web.stranger().gets(&path).await;
        let listed = anand.get(&format!("/cache/keys/{namespace}")).await.ok();
        let fresh_for = listed["items"][0]["fresh_for_s"].as_u64().unwrap();
        assert!((longest_s / 2..=longest_s).contains(&fresh_for), "{namespace}: {listed}");
    }
}

#[tokio::test]
async fn neighbours_share_their_slots() {
    let web = Web::new().await;
    let kitchen = web.city.restaurant("biryani");
    let at = |lat: f64| format!("/real-time/delivery-slots?restaurant_id={kitchen}&lat={lat}&lng=77.625");
    let (_, slots) = web.stranger().gets(&at(12.930_1)).await;
    assert_eq!((&slots["deliverable"], &slots["items"][0]["left"]), (&json!(true), &json!(null)));
    let first = slots["items"][0]["from"].as_str().unwrap();
    assert!(first >= "2026-11-20T07:30:00Z" && first.ends_with(":00Z"), "{first}");
    // It closes at eleven in the evening, 17:30 UTC, and opens at half past five in the morning.
    let late = slots["items"].as_array().unwrap().iter().map(|slot| slot["from"].as_str().unwrap());
    assert!(late.clone().all(|from| from <= "2026-11-20T18:30:00Z" || from >= "2026-11-21T05:30:00Z"), "{slots}");
    assert_eq!(web.stranger().gets(&at(12.930_4)).await.0, "HIT");
    assert_eq!(web.stranger().gets(&at(12.941)).await.0, "MISS");
}

#[tokio::test]
async fn who_asks_the_same_shares_an_answer_and_no_key_says_who_lives_where() {
    let web = Web::new().await;
    let (anybody, kitchen, city) = (web.stranger(), web.city.restaurant("annapurna"), web.city.id);
    for (one, other) in [
        (
            format!("/restaurants/{kitchen}?lat=12.97512&lng=77.60493"),
            format!("/restaurants/{kitchen}?lng=77.60507&lat=12.97487"),
        ),
        (
            "/restaurants?city=bengaluru&sort=soonest&lat=12.97512&lng=77.60493".to_owned(),
            format!("/restaurants?lng=77.60507&limit=20&sort=soonest&lat=12.97487&city={city}"),
        ),
        (
            "/restaurants?city=bengaluru&veg=true&open_now=false".to_owned(),
            "/restaurants?sort=rating&veg=true&city=bengaluru".to_owned(),
        ),
        ("/restaurants?q=annapurna".to_owned(), "/restaurants?limit=20&q=annapurna".to_owned()),
    ] {
        let (state, first) = anybody.gets(&one).await;
        assert_eq!(state, "MISS", "{one}");
        assert_eq!(anybody.gets(&other).await, ("HIT".to_owned(), first), "{other}");
    }
    for path in [
        "/restaurants?city=bengaluru&sort=soonest&lat=12.9766&lng=77.605",
        "/restaurants?q=annapurna&veg=true",
        "/restaurants?q=annapurna%26veg%3Dtrue",
        "/restaurants?q=annapurna%22%26veg%3Dtrue",
        "/restaurants?city=bengaluru&sort=price",
    ] {
        assert_eq!(anybody.gets(path).await.0, "MISS", "{path}");
    }
    let listed = web.user("anand").await.get("/cache/keys/restaurant_availability?limit=100").await.ok();
    let keys: Vec<_> = listed["items"].as_array().unwrap().iter().map(|key| key["key"].as_str().unwrap()).collect();
    assert!(keys.contains(&format!("{kitchen}:12.975,77.605").as_str()), "{keys:?}");
    assert!(keys.contains(&"city=bengaluru&sort=soonest&lat=12.975&lng=77.605"), "{keys:?}");
    assert!(keys.iter().all(|key| !key.contains("12.97512") && !key.contains("77.60493")), "{keys:?}");
}

#[tokio::test]
async fn an_order_is_tracked_by_those_whose_it_is_and_by_its_courier_while_they_have_it() {
    let web = Web::new().await;
    let order = web.city.customer("asha").orders("masala dosa").await;
    let path = format!("/real-time/order-tracking/{order}");
    let (kiran, lata) = (web.user("kiran").await, web.user("lata").await);
    web.city.dispatcher().assigns(order, "kiran").await;
    // Twice, because whose it is is remembered.
    for _ in 0..2 {
        for name in ["asha", "annapurna", "kiran", "meena", "anand"] {
            web.user(name).await.get(&path).await.ok();
        }
        for name in ["ravi", "biryani", "lata"] {
            web.user(name).await.get(&path).await.refused(404, "not-found");
        }
    }
    web.city.dispatcher().assigns(order, "lata").await;
    kiran.get(&path).await.refused(404, "not-found");
    lata.get(&path).await.ok();
    let nowhere = format!("/real-time/order-tracking/{}", web.city.customer("asha").id);
    for name in ["asha", "lata", "anand"] {
        web.user(name).await.get(&nowhere).await.refused(404, "not-found");
    }
}

#[tokio::test]
async fn a_profile_is_given_to_its_owner_alone() {
    let web = Web::new().await;
    let (asha, ravi, meena) = (web.user("asha").await, web.user("ravi").await, web.user("meena").await);
    let path = |name: &'static str| format!("/customers/{}", web.city.customer(name).id);
    for suffix in ["", "/addresses"] {
        let (hers, his) = (path("asha") + suffix, path("ravi") + suffix);
        assert_eq!(asha.gets(&hers).await.0, "MISS");
        let again = asha.get(&hers).await;
        assert_eq!((again.header("x-cache"), again.header("cache-control")), (Some("HIT"), Some("private, no-cache")));
        // It is cached now, and still nobody else's.
        ravi.get(&hers).await.refused(404, "not-found");
        web.stranger().get(&hers).await.refused(401, "unauthenticated");
        let (state, other) = ravi.gets(&his).await;
        assert_eq!(state, "MISS");
        assert_ne!(other, asha.gets(&hers).await.1);
        // Who works here reads the database.
        assert_eq!(meena.gets(&hers).await.0, "BYPASS");
    }
    assert_eq!(asha.gets("/auth/me").await.1["name"], "Asha");
    let (state, me) = ravi.gets("/auth/me").await;
    assert_eq!((state.as_str(), &me["name"]), ("MISS", &json!("Ravi")));
    assert_eq!(ravi.gets("/auth/me").await.0, "HIT");
}

#[tokio::test]
async fn an_order_is_kept_once_it_is_delivered_and_each_part_sees_its_own_side() {
    let web = Web::new().await;
    let (asha, ravi, cook) = (web.user("asha").await, web.user("ravi").await, web.user("annapurna").await);
    let order = web.city.customer("asha").orders("masala dosa").await;
    let path = format!("/orders/{order}");
    for _ in 0..2 {
        assert_eq!(asha.gets(&path).await.0, "BYPASS");
    }
    web.city.deliver(order, "annapurna", "kiran").await;
    assert_eq!(asha.gets(&path).await.0, "MISS");
    let (state, hers) = asha.gets(&path).await;
    assert_eq!((state.as_str(), &hers["status"]), ("HIT", &json!("delivered")));
    assert!(hers["delivery_code"].is_string());
    let (state, theirs) = cook.gets(&path).await;
    assert_eq!((state.as_str(), &theirs["delivery_code"]), ("MISS", &json!(null)));
    ravi.get(&path).await.refused(404, "not-found");
}

#[tokio::test]
async fn figures_of_one_are_for_those_who_may_read_them() {
    let web = Web::new().await;
    let order = web.city.customer("asha").orders("masala dosa").await;
    web.city.deliver(order, "annapurna", "kiran").await;
    web.city.customer("asha").reviews(order, 4).await;
    web.city.app.consume_all().await.unwrap();
    let asha = web.user("asha").await;
    let path = format!("/analytics/customer-insights/{}", web.city.customer("asha").id);
    let (_, known) = asha.gets(&path).await;
    assert_eq!((&known["orders"], &known["delivered"], &known["mean_rating"]), (&json!(1), &json!(1), &json!(4.0)));
    assert_eq!((&known["by_hour"][12], &known["by_weekday"][4]), (&json!(1), &json!(1)), "Friday, 12:48");
    assert_eq!(known["dishes"][0]["name"], "Masala dosa");
    web.user("ravi").await.get(&path).await.refused(404, "not-found");
    let path = format!("/analytics/restaurant-performance/{}", web.city.restaurant("annapurna"));
    let (_, known) = web.user("annapurna").await.gets(&path).await;
    assert_eq!((&known["orders"], &known["delivered"], &known["timed_orders"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!((&known["rating"], &known["on_time_pct"]), (&json!(4.0), &json!(100.0)));
    web.user("biryani").await.get(&path).await.refused(404, "not-found");
    asha.get(&path).await.refused(403, "forbidden");
}
