//! The records around orders: made, found again page by page, changed field by field, taken away.

use axum::http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use testkit::eventually;

use crate::{
    orders::story::{id, items},
    support::{Client, Web},
};

impl Client {
    /// Makes something, and finds it where the answer says it is.
    async fn makes(&self, path: &str, body: &Value) -> Value {
        let made = self.post(path, body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let location = made.header("location").unwrap_or_else(|| panic!("{path} does not say where"));
        assert_eq!(location, format!("{path}/{}", id(&made.json())));
        made.json()
    }

    async fn changes_to(&self, path: &str, change: &Value) -> Value {
        self.ask(Method::PATCH, path, &[], Some(change)).await.ok()
    }

    /// The ids of a list, read two at a time.
    async fn pages(&self, path: &str) -> Vec<String> {
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("{path}limit=2{cursor}")).await.ok();
            assert!(items(&page).len() <= 2);
            ids.extend(items(&page).iter().map(id));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return ids,
            }
        }
    }
}

#[tokio::test]
async fn what_is_made_is_found_where_the_answer_says() {
    let web = Web::new().await;
    let anand = web.user("anand").await;
    let (city, vendor) = (web.city.id.to_string(), web.city.vendor.to_string());
    let product = json!({ "vendor_id": vendor, "name": "Water", "unit": "can", "price_paise": 9_000 });
    let route =
        json!({ "city_id": city, "name": "Morning", "day": "2026-11-21", "depot_lat": 12.97, "depot_lng": 77.6 });
    let all = [
        ("/customers", json!({ "name": "Nila", "phone": "90000 00001" })),
        ("/vendors", json!({ "name": "Idli Foods" })),
        ("/products", product),
        ("/routes", route),
        ("/users", json!({ "role": "dispatcher", "name": "Nila", "phone": "90000 00002" })),
        ("/couriers", json!({ "city_id": city, "name": "Nila", "vehicle": "foot" })),
    ];
    for (path, body) in all {
        let made = anand.makes(path, &body).await;
        let found = anand.get(&format!("{path}/{}", id(&made))).await.ok();
        assert_eq!((&found["id"], &found["version"]), (&made["id"], &json!(1)));
    }
}

#[tokio::test]
async fn lists_are_read_page_by_page() {
    let web = Web::new().await;
    let anand = web.user("anand").await;
    for number in 0..5 {
        web.city.tick();
        anand.makes("/vendors", &json!({ "name": format!("Vendor {number}") })).await;
        anand.makes("/customers", &json!({ "name": "Nila", "phone": format!("90000 0000{number}") })).await;
    }
    assert_eq!(anand.pages("/vendors?").await.len(), 7);
    assert_eq!(anand.pages("/customers?q=nila&").await.len(), 5);
    assert_eq!(anand.pages("/users?").await.len(), 8);
    let dishes = format!("/menu-items?restaurant_id={}&", web.city.restaurant("biryani"));
    let dishes = anand.pages(&dishes).await;
    assert_eq!(dishes.len(), 3);
    assert!(dishes.contains(&web.city.dish("mutton curry").await.item.to_string()));
}

#[tokio::test]
async fn what_is_left_out_stays_and_null_goes() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let own = format!("/customers/{}", web.city.customer("asha").id);
    let with_mail = asha.changes_to(&own, &json!({ "email": "asha@example.in" })).await;
    assert_eq!((&with_mail["email"], &with_mail["name"]), (&json!("asha@example.in"), &json!("Asha")));
    let renamed = asha.changes_to(&own, &json!({ "name": "Asha Rao" })).await;
    assert_eq!(renamed["email"], "asha@example.in");
    assert_eq!(asha.changes_to(&own, &json!({ "email": null })).await["email"], Value::Null);
    let stale = json!({ "name": "Asha R", "version": 1 });
    asha.ask(Method::PATCH, &own, &[], Some(&stale)).await.refused(409, "version-conflict");
    let address = format!("{own}/addresses/{}", web.city.person("asha").address.unwrap());
    let moved = asha.changes_to(&address, &json!({ "landmark": null, "line2": "Second floor" })).await;
    assert_eq!(
        (&moved["landmark"], &moved["line2"], &moved["pin"]),
        (&Value::Null, &json!("Second floor"), &json!("560001"))
    );
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    let web = Web::new().await;
    let anand = web.user("anand").await;
    let (city, vendor) = (web.city.id.to_string(), web.city.vendor.to_string());
    let user = |change: Value| {
        let mut user = json!({ "role": "dispatcher", "name": "Nila", "phone": "90000 00001" });
        user.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        user
    };
    let cases = [
        ("/customers", json!({ "name": "Nila", "phone": "12345" }), "/phone"),
        ("/customers", json!({ "name": " ", "phone": "90000 00001" }), "/name"),
        ("/customers", json!({ "name": "Nila", "phone": "90000 00001", "language": "english" }), "/language"),
        ("/vendors", json!({ "name": "Idli Foods", "gstin": "29AAZPZ0001A1ZX" }), "/gstin"),
        ("/products", json!({ "vendor_id": city, "name": "Gas", "unit": "kg", "price_paise": 1 }), "/vendor_id"),
        ("/products", json!({ "vendor_id": vendor, "name": "Gas", "unit": "kg", "price_paise": -1 }), "/price_paise"),
        ("/users", user(json!({ "role": "king" })), "/role"),
        ("/users", user(json!({ "role": "courier" })), "/courier_id"),
        ("/users", user(json!({ "login": "nila", "password": "password" })), "/password"),
    ];
    for (path, body, pointer) in cases {
        let refused = anand.post(path, &body).await;
        assert_eq!(refused.status, 422, "{path} {body}: {}", refused.text());
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{path} {body}");
    }
}

#[tokio::test]
async fn a_review_adds_its_stars_once() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let kitchen = web.city.restaurant("annapurna");
    let order = web.city.customer("asha").orders("masala dosa").await;
    let review = json!({ "order_id": order.to_string(), "rating": 4, "text": "Crisp.", "courier_rating": 5 });
    asha.post("/reviews", &review).await.refused(409, "illegal-transition");
    web.city.deliver(order, "annapurna", "kiran").await;
    let made = asha.post("/reviews", &review).await.ok();
    asha.post("/reviews", &review).await.refused(409, "already-reviewed");
    let public = web.stranger().get(&format!("/reviews?restaurant_id={kitchen}")).await.ok();
    let shown = &items(&public)[0];
    assert_eq!(
        (&shown["author"], &shown["rating"], &shown["courier_rating"]),
        (&json!("Asha"), &json!(4), &Value::Null)
    );
    let courier = format!("/couriers/{}", web.city.courier("kiran").id);
    let anand = web.user("anand").await;
    assert_eq!(anand.get(&courier).await.ok()["rating"], 5.0);
    let removed = anand.ask(Method::DELETE, &format!("/reviews/{}", id(&made)), &[], None).await;
    assert_eq!(removed.status, 204);
    assert_eq!(anand.get(&courier).await.ok()["rating"], Value::Null);
}

#[tokio::test]
async fn the_live_board_shows_what_waits() {
    let web = Web::new().await;
    let meena = web.user("meena").await;
    let order = web.city.customer("asha").orders("masala dosa").await;
    web.city.wait(130);
    let board = meena.get("/real-time/live-orders?city=bengaluru").await.ok();
    assert_eq!((&board["figures"]["open_orders"], &board["city"]["slug"]), (&json!(1), &json!("bengaluru")));
    assert_eq!(board["orders"][0]["id"], order.to_string());
    assert_eq!(board["orders"][0]["drop_locality"], "Halasuru");
    let trouble = &board["exceptions"][0];
    assert_eq!((&trouble["kind"], &trouble["order_id"]), (&json!("not_accepted"), &json!(order.to_string())));
    assert_eq!(board["couriers"].as_array().unwrap().len(), 2);
    assert_eq!(board["restaurants"].as_array().unwrap().len(), 2);
    let unknown = meena.get("/real-time/live-orders?city=atlantis").await.refused(422, "invalid-parameter");
    assert_eq!(unknown["errors"][0]["pointer"], "/city");
}

#[tokio::test]
async fn the_board_is_not_kept_beyond_the_next_trouble() {
    let web = Web::new().await;
    let meena = web.user("meena").await;
    web.city.customer("asha").orders("masala dosa").await;
    web.city.wait(119);
    let path = "/real-time/live-orders?city=bengaluru";
    let calm = meena.get(path).await.ok();
    assert_eq!(calm["exceptions"], json!([]));
    let next: Timestamp = calm["next_exception_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(next, web.city.system().now + SignedDuration::from_secs(1));
    web.city.wait(2);
    eventually("the board tells of the trouble", || async {
        let board = meena.get(path).await.ok();
        (board["exceptions"][0]["kind"] == "not_accepted").then_some(())
    })
    .await;
}
