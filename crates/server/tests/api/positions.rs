//! Positions over HTTP and WebSocket, and links by which others may follow an order.

use axum::http::Method;
use serde_json::{Value, json};
use testkit::{city::ANNAPURNA, people::ASHA_HOME};

use crate::{
    live::listening::Following,
    orders::story::{id, items, typed},
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
