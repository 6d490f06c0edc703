//! Where and when orders can be placed.

use serde_json::{Value, json};
use testkit::city::{FAR, OUTSIDE};

use super::story::basket;
use crate::support::Web;

#[tokio::test]
async fn a_closed_kitchen_says_when_it_opens() {
    let web = Web::new().await;
    let ravi = web.user("ravi").await;
    let wanted = basket(&web.city, "mutton curry", &[]).await;
    let quote = ravi.is_quoted(&wanted).await;
    // From 12:48 to 22:59:59, and then to eleven.
    web.city.wait(10 * 3_600 + 11 * 60 + 59);
    let last = ravi.is_quoted(&wanted).await;
    web.city.wait(1);
    let refused = ravi.post("/quotes", &wanted).await.refused(409, "restaurant-closed");
    assert_eq!(refused["errors"][0]["params"]["opens_at"], "2026-11-21T05:30:00Z");
    ravi.submits(&last, "late", "cod").await.refused(409, "restaurant-closed");
    ravi.submits(&quote, "much-too-late", "cod").await.refused(409, "quote-expired");
}

#[tokio::test]
async fn a_paused_kitchen_takes_no_orders_until_it_resumes() {
    let web = Web::new().await;
    let (asha, kitchen) = (web.user("asha").await, web.user("annapurna").await);
    let wanted = basket(&web.city, "masala dosa", &[]).await;
    let quote = asha.is_quoted(&wanted).await;
    let place = format!("/restaurants/{}", web.city.restaurant("annapurna"));
    kitchen.post(&format!("{place}/pause"), &json!({ "minutes": 5 })).await.ok();
    asha.post("/quotes", &wanted).await.refused(409, "restaurant-closed");
    asha.submits(&quote, "lunch", "cod").await.refused(409, "restaurant-closed");
    kitchen.post(&format!("{place}/resume"), &json!({})).await.ok();
    assert_eq!(asha.submits(&quote, "lunch", "cod").await.status, 201);
}

#[tokio::test]
async fn a_pause_ends_by_itself() {
    let web = Web::new().await;
    let (asha, kitchen) = (web.user("asha").await, web.user("annapurna").await);
    let wanted = basket(&web.city, "masala dosa", &[]).await;
    let place = format!("/restaurants/{}/pause", web.city.restaurant("annapurna"));
    kitchen.post(&place, &json!({ "minutes": 5 })).await.ok();
    web.city.wait(299);
    asha.post("/quotes", &wanted).await.refused(409, "restaurant-closed");
    web.city.wait(1);
    asha.is_quoted(&wanted).await;
}

#[tokio::test]
async fn an_address_must_be_ours_and_near() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let at = async |point: domain::geo::Point| {
        let mut wanted = basket(&web.city, "masala dosa", &[]).await;
        wanted["address"]["lat"] = json!(point.lat);
        wanted["address"]["lng"] = json!(point.lng);
        asha.post("/quotes", &wanted).await
    };
    assert_eq!(at(OUTSIDE).await.refused(422, "outside-zone")["errors"][0]["pointer"], "/address");
    let far = at(FAR).await.refused(422, "too-far");
    let limits = &far["errors"][0]["params"];
    assert!(limits["distance_m"].as_i64().unwrap() > limits["max_m"].as_i64().unwrap(), "{far}");
}

#[tokio::test]
async fn too_little_and_too_much_name_the_field() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let coffee = basket(&web.city, "filter coffee", &["small"]).await;
    let refused = asha.post("/quotes", &coffee).await.refused(422, "below-minimum");
    assert_eq!(refused["errors"][0]["params"]["minimum_paise"], 5_000);
    let dosa = basket(&web.city, "masala dosa", &[]).await;
    let changed = |pointer: &str, value: Value| {
        let mut wanted = dosa.clone();
        *wanted.pointer_mut(pointer).unwrap() = value;
        wanted
    };
    let cases = [
        (changed("/lines", json!([])), "empty-order", "/lines"),
        (changed("/lines/0/quantity", json!(0)), "out-of-range", "/lines/0/quantity"),
        (changed("/lines/0/quantity", json!(51)), "out-of-range", "/lines/0/quantity"),
        (changed("/lines/0/item_id", json!(uuid::Uuid::nil())), "unknown-item", "/lines/0/item_id"),
        (changed("/lines/0/option_ids", json!([uuid::Uuid::nil()])), "unknown-option", "/lines/0/option_ids"),
        (changed("/restaurant_id", json!(uuid::Uuid::nil())), "unknown-reference", "/restaurant_id"),
        (changed("/address/pin", json!("5600")), "wrong-format", "/address/pin"),
        (changed("/address/lat", json!(91)), "invalid-body", "/address/lat"),
    ];
    for (wanted, code, pointer) in cases {
        let refused = asha.post("/quotes", &wanted).await.refused(422, code);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    let without_size = basket(&web.city, "filter coffee", &[]).await;
    asha.post("/quotes", &without_size).await.refused(422, "option-count");
}
