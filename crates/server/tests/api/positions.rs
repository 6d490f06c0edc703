//! Positions over HTTP and WebSocket, and links by which others may follow an order.

use axum::http::Method;
use domain::geo::Point;
use serde_json::{Value, json};
use testkit::{city::ANNAPURNA, people::ASHA_HOME};

use crate::{
    live::listening::Following,
    orders::story::{basket, id, items, typed},
    support::{Client, Web},
};

fn fix(web: &Web, lat: f64) -> Value {
    json!({ "lat": lat, "lng": ANNAPURNA.lng, "accuracy_m": 8.0, "at": web.city.system().now.to_string() })
}

/// Asha's dosa, in Kiran's hand.
async fn assigned(web: &Web) -> Value {
    let order = web.user("asha").await.orders(&web.city, "masala dosa", "cod").await;
    web.city.kitchen("annapurna").accepts(typed(&order)).await;
    web.city.dispatcher().assigns(typed(&order), "kiran").await;
    order
}

async fn shared(asha: &Client, order: &Value) -> String {
    let link = asha.post(&format!("/orders/{}/tracking-links", id(order)), &json!({})).await.ok();
    assert_eq!(link["path"], format!("/t/{}", link["token"].as_str().unwrap()));
    link["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_phone_reports_for_its_owner_only() {
    let web = Web::new().await;
    let (kiran, lata) = (web.user("kiran").await, web.user("lata").await);
    let path = format!("/couriers/{}/locations", web.city.courier("kiran").id);
    web.city.wait(10);
    let fixes = [
        fix(&web, ANNAPURNA.lat),
        json!({ "lat": 12.9, "lng": 77.6, "accuracy_m": 1e9, "at": "2026-11-20T07:18:00Z" }),
    ];
    let taken = kiran.post(&path, &json!({ "fixes": fixes })).await;
    assert_eq!(taken.status, 202);
    assert_eq!(taken.json(), json!({ "accepted": 1, "refused": [{ "index": 1, "code": "inaccurate" }] }));
    web.city.wait(10);
    let mocked = json!({ "lat": 12.97, "lng": 77.6, "accuracy_m": 5.0, "at": web.city.system().now.to_string(), "mocked": true });
    let refused = kiran.post(&path, &json!({ "fixes": [mocked] })).await.ok();
    assert_eq!(refused["refused"][0]["code"], "mocked");
    web.city.app.write_positions().await.unwrap();
    let seen = web.user("meena").await.get(&format!("/couriers/{}", web.city.courier("kiran").id)).await.ok();
    assert_eq!((&seen["mocked_fixes"], &seen["implausible_fixes"]), (&json!(1), &json!(0)));
    lata.post(&path, &json!({ "fixes": fixes })).await.refused(404, "not-found");
    web.stranger().post(&path, &json!({ "fixes": fixes })).await.refused(401, "unauthenticated");
    let none = kiran.post(&path, &json!({ "fixes": [] })).await.refused(422, "out-of-range");
    assert_eq!(none["errors"][0]["pointer"], "/fixes");
    let typo = kiran.post(&path, &json!({ "fixes": [{ "lat": "north" }] })).await;
    assert_eq!(typo.refused(422, "invalid-body")["errors"][0]["pointer"], "/fixes/0/lat");
}

#[tokio::test]
async fn a_way_is_told_to_staff() {
    let web = Web::new().await;
    assigned(&web).await;
    web.city.wait(20);
    web.city.courier("kiran").is_at(ASHA_HOME).await;
    web.city.app.write_positions().await.unwrap();
    let path = format!("/couriers/{}/trace", web.city.courier("kiran").id);
    let later = "2026-11-20T08:00:00Z";
    let way = web.user("meena").await.get(&format!("{path}?from=2026-11-20T07:00:00Z&to={later}")).await.ok();
    assert_eq!((items(&way).len(), &items(&way)[0]["lat"]), (1, &json!(ASHA_HOME.lat)));
    let wrong = web.user("meena").await.get(&format!("{path}?from={later}&to={later}")).await;
    assert_eq!(wrong.refused(422, "out-of-range")["errors"][0]["pointer"], "/to");
    web.user("asha").await.get(&path).await.refused(403, "forbidden");
}

#[tokio::test]
async fn a_link_shows_the_way_and_nothing_of_the_people() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let order = assigned(&web).await;
    web.city.wait(20);
    web.city.courier("kiran").is_at(ANNAPURNA).await;
    let token = shared(&asha, &order).await;
    let friend = web.stranger();
    let path = format!("/track/{token}");
    let before = friend.get(&path).await;
    assert_eq!(before.header("cache-control"), Some("no-store"));
    for secret in ["98765", "Church", "banyan", "delivery_code", "total", "customer"] {
        assert!(!before.text().contains(secret), "{secret} in {}", before.text());
    }
    let before = before.ok();
    assert_eq!((&before["number"], &before["status"]), (&order["number"], &json!("accepted")));
    assert_eq!(
        (&before["courier"]["first_name"], &before["courier"]["position"]["within_m"]),
        (&json!("Kiran"), &json!(300))
    );
    web.city.kitchen("annapurna").readies(typed(&order)).await;
    web.city.courier("kiran").picks_up(typed(&order)).await;
    let carried = friend.get(&path).await.ok();
    let at = &carried["courier"]["position"];
    assert_eq!(at["within_m"], 10);
    assert!((at["lat"].as_f64().unwrap() - ANNAPURNA.lat).abs() < 0.000_1);
    web.city.courier("kiran").delivers(typed(&order)).await;
    let over = friend.get(&path).await.ok();
    assert_eq!((&over["status"], &over["courier"]), (&json!("delivered"), &Value::Null));
}

#[tokio::test]
async fn a_link_ends_by_time_by_its_owner_and_by_forgery() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let order = assigned(&web).await;
    let links = format!("/orders/{}/tracking-links", id(&order));
    web.user("ravi").await.post(&links, &json!({})).await.refused(404, "not-found");
    web.user("kiran").await.post(&links, &json!({})).await.refused(403, "forbidden");
    let short = asha.post(&links, &json!({ "expires_in_s": 299 })).await.refused(422, "out-of-range");
    assert_eq!(short["errors"][0]["pointer"], "/expires_in_s");
    let link = asha.post(&links, &json!({ "expires_in_s": 300 })).await.ok();
    let token = link["token"].as_str().unwrap();
    let friend = web.stranger();
    friend.get(&format!("/track/{token}")).await.ok();
    let forged = format!("{}A{}", &token[..20], &token[21..]);
    let forged = if forged == token { token.replace('A', "B") } else { forged };
    for wrong in [forged.as_str(), "x", "%ff", &token[1..]] {
        friend.get(&format!("/track/{wrong}")).await.refused(404, "not-found");
    }
    web.city.wait(300);
    friend.get(&format!("/track/{token}")).await.refused(404, "not-found");
    let again = shared(&asha, &order).await;
    asha.ask(Method::DELETE, &links, &[], None).await.ok();
    friend.get(&format!("/track/{again}")).await.refused(404, "not-found");
    friend.get(&format!("/track/{again}/events")).await.refused(404, "not-found");
    for _ in 0..20 {
        shared(&asha, &order).await;
        web.city.tick();
    }
    asha.post(&links, &json!({})).await.refused(429, "too-many-requests");
}

/// Ravi's office, a kilometre and a half beyond Asha's door.
const RAVI_OFFICE: Point = Point { lat: 12.985, lng: 77.614 };

/// Asha's and Ravi's dosas on Kiran's scooter, Asha's door first.
async fn both_on_board(web: &Web) -> (Value, Value) {
    let first = assigned(web).await;
    let mut wanted = basket(&web.city, "masala dosa", &[]).await;
    (wanted["address"]["lat"], wanted["address"]["lng"]) = (json!(RAVI_OFFICE.lat), json!(RAVI_OFFICE.lng));
    web.city.wait(60);
    let ravi = web.user("ravi").await;
    let quote = ravi.is_quoted(&wanted).await;
    let placed = ravi.submits(&quote, &id(&quote), "cod").await.ok();
    web.city.kitchen("annapurna").accepts(typed(&placed)).await;
    web.city.dispatcher().assigns(typed(&placed), "kiran").await;
    for order in [&first, &placed] {
        web.city.kitchen("annapurna").readies(typed(order)).await;
        web.city.courier("kiran").picks_up(typed(order)).await;
    }
    (first, placed)
}

/// A place that is read of Kiran is his own, or one of the same square.
fn is_near(told: &Value, place: Point, exact: bool) {
    let lat = told["lat"].as_f64().unwrap_or_else(|| panic!("no place in {told}"));
    assert_eq!((lat - place.lat).abs() < 1e-9, exact, "{told}");
    assert!((lat - place.lat).abs() < 0.001_4, "{told}");
}

/// What Ravi reads of where Kiran is, in every answer there is, and what his friend reads.
async fn ravi_sees_kiran(web: &Web, order: &Value, link: &str, place: Point, exact: bool) {
    let ravi = web.user("ravi").await;
    is_near(&ravi.sees(order).await["courier"], place, exact);
    let mut stream = ravi.listens(&format!("/orders/{}/events", id(order)), None).await;
    is_near(&stream.next_of("position").await.data, place, exact);
    web.city.wait(5);
    web.city.courier("kiran").is_at(place).await;
    is_near(&stream.next_of("position").await.data, place, exact);
    let shared = web.stranger().get(link).await.ok();
    assert_eq!(shared["courier"]["position"]["within_m"], if exact { 10 } else { 300 }, "{shared}");
}

#[tokio::test]
async fn nobody_is_shown_the_door_before_theirs_not_even_once_it_is_done() {
    let web = Web::new().await;
    let (first, second) = Box::pin(both_on_board(&web)).await;
    let ravi = web.user("ravi").await;
    let link = format!("/track/{}", shared(&ravi, &second).await);
    let (tracking, way) =
        (format!("/real-time/order-tracking/{}", id(&second)), format!("/orders/{}/route", id(&second)));
    web.city.wait(120);
    web.city.courier("kiran").is_at(ASHA_HOME).await;
    assert_eq!(ravi.sees(&second).await["courier"]["doors_ahead"], 1);
    ravi_sees_kiran(&web, &second, &link, ASHA_HOME, false).await;
    // What is kept of it may be half a minute old; this is what is kept next.
    let kept = web.city.app.tracking_answer(typed(&second)).await.unwrap().body;
    is_near(&serde_json::from_slice::<Value>(&kept).unwrap()["courier"], ASHA_HOME, false);
    is_near(&web.user("asha").await.sees(&first).await["courier"], ASHA_HOME, true);

    web.city.courier("kiran").delivers(typed(&first)).await;
    assert_eq!(ravi.sees(&second).await["courier"]["doors_ahead"], 0);
    ravi_sees_kiran(&web, &second, &link, ASHA_HOME, false).await;
    testkit::eventually("the answer after the first door", || async {
        web.city.app.catch_up(store::outbox::Position::default()).await.unwrap();
        (ravi.get(&tracking).await.ok()["courier"]["doors_ahead"] == 0).then_some(())
    })
    .await;
    is_near(&ravi.get(&tracking).await.ok()["courier"], ASHA_HOME, false);
    let drawn = ravi.get(&way).await.ok()["legs"][0]["points"][0].clone();
    assert!((drawn[0].as_f64().unwrap() - ASHA_HOME.lat).abs() > 1e-5, "the line begins in the square: {drawn}");

    // Two hundred metres on.
    let on = Point { lat: ASHA_HOME.lat + 0.001_8, ..ASHA_HOME };
    web.city.wait(60);
    web.city.courier("kiran").is_at(on).await;
    ravi_sees_kiran(&web, &second, &link, on, true).await;
    let drawn = ravi.get(&way).await.ok()["legs"][0]["points"][0].clone();
    assert!((drawn[0].as_f64().unwrap() - on.lat).abs() < 1e-3, "the way goes on from there: {drawn}");
}

#[tokio::test]
async fn a_link_never_shows_who_no_longer_has_the_order() {
    let web = Web::new().await;
    let _following = Following::start(&web.city.app, &web).await;
    let asha = web.user("asha").await;
    let order = assigned(&web).await;
    let token = shared(&asha, &order).await;
    let mut stream = web.stranger().listens(&format!("/track/{token}/events"), None).await;
    let first = stream.next_of("tracking").await.data;
    assert_eq!(first["courier"]["first_name"], "Kiran");
    web.city.dispatcher().assigns(typed(&order), "lata").await;
    let second = stream.next_of("tracking").await.data;
    let second =
        if second["courier"]["first_name"] == "Kiran" { stream.next_of("tracking").await.data } else { second };
    assert_eq!(second["courier"]["first_name"], "Lata");
    web.city.wait(200);
    web.city.courier("kiran").is_at(ASHA_HOME).await;
    web.city.courier("lata").is_at(ANNAPURNA).await;
    // Had Kiran been shown, that would have come first, near Asha's door.
    let position = stream.next_of("position").await.data;
    assert_eq!(position["within_m"], 300);
    assert!((position["lat"].as_f64().unwrap() - ANNAPURNA.lat).abs() < 0.002, "{position}");
    asha.ask(Method::DELETE, &format!("/orders/{}/tracking-links", id(&order)), &[], None).await.ok();
    while let Some(event) = stream.next().await {
        assert_ne!(event.name, "end", "the link ends, not the order");
    }
}

#[tokio::test]
async fn the_way_before_the_first_of_all_times_is_out_of_range() {
    let web = Web::new().await;
    let path = format!("/couriers/{}/trace?to=-009999-01-02T01:59:59Z", web.city.courier("kiran").id);
    let refused = web.user("kiran").await.get(&path).await.refused(422, "out-of-range");
    assert_eq!(refused["errors"][0]["pointer"], "/to");
}
