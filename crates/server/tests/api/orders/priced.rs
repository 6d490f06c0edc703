//! Prices: what a quote says, and what happens when the menu moves on before it is ordered.

use axum::http::Method;
use serde_json::{Value, json};

use super::story::{basket, id};
use crate::support::{Client, Web};

impl Client {
    /// The kitchen changes a dish.
    async fn changes(&self, web: &Web, dish: &str, change: Value) {
        let item = web.city.dish(dish).await.item;
        self.ask(Method::PATCH, &format!("/menu-items/{item}"), &[], Some(&change)).await.ok();
    }
}

#[tokio::test]
async fn a_stale_price_comes_back_with_the_new_one_which_can_be_ordered() {
    let web = Web::new().await;
    let (asha, kitchen) = (web.user("asha").await, web.user("annapurna").await);
    let quote = asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await;
    kitchen.changes(&web, "masala dosa", json!({ "price_paise": 9_900 })).await;
    let refused = asha.submits(&quote, "lunch", "cod").await.refused(409, "quote-changed");
    let changes = refused["changes"].as_array().unwrap();
    assert_eq!(changes[0], json!({ "code": "Masala dosa", "from_paise": 9_000, "to_paise": 9_900 }));
    let total = changes.last().unwrap();
    let new = &refused["quote"];
    assert_eq!(
        (&total["code"], &total["from_paise"], &total["to_paise"]),
        (&json!("total"), &quote["total_paise"], &new["total_paise"])
    );
    assert_ne!(id(new), id(&quote));
    // Nothing was kept under the key, so the new price may be ordered under it.
    let placed = asha.submits(new, "lunch", "cod").await.ok();
    assert_eq!(placed["total_paise"], new["total_paise"]);
}

#[tokio::test]
async fn a_menu_that_changed_elsewhere_does_not_matter() {
    let web = Web::new().await;
    let (asha, kitchen) = (web.user("asha").await, web.user("annapurna").await);
    let quote = asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await;
    kitchen.changes(&web, "masala dosa", json!({ "description": "Crisp, with potato." })).await;
    kitchen.changes(&web, "filter coffee", json!({ "price_paise": 4_500 })).await;
    let placed = asha.submits(&quote, "lunch", "cod").await;
    assert_eq!((placed.status, &placed.json()["total_paise"]), (201, &quote["total_paise"]), "{}", placed.text());
}

#[tokio::test]
async fn a_quote_holds_ten_minutes() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let (slow, quick) = (
        asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await,
        asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await,
    );
    web.city.wait(599);
    asha.submits(&quick, "quick", "cod").await.ok();
    web.city.wait(1);
    let refused = asha.submits(&slow, "slow", "cod").await.refused(409, "quote-expired");
    assert_eq!(refused["errors"][0]["pointer"], "/quote_id");
}

#[tokio::test]
async fn a_quote_is_nobody_elses() {
    let web = Web::new().await;
    let (asha, ravi) = (web.user("asha").await, web.user("ravi").await);
    let quote = asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await;
    ravi.submits(&quote, "mine", "cod").await.refused(404, "not-found");
    let saved = web.city.person("asha").address.unwrap();
    let mut stolen = basket(&web.city, "masala dosa", &[]).await;
    stolen.as_object_mut().unwrap().remove("address");
    stolen["address_id"] = json!(saved.to_string());
    assert_eq!(asha.post("/quotes", &stolen).await.status, 201);
    let refused = ravi.post("/quotes", &stolen).await.refused(422, "unknown-reference");
    assert_eq!(refused["errors"][0]["pointer"], "/address_id");
}

#[tokio::test]
async fn no_amount_is_taken_from_the_customer() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let mut cheap = basket(&web.city, "masala dosa", &[]).await;
    cheap["lines"][0]["unit_paise"] = json!(1);
    let refused = asha.post("/quotes", &cheap).await.refused(422, "invalid-body");
    assert_eq!(refused["errors"][0]["pointer"], "/lines/0/unit_paise");
    let quote = asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await;
    let body = json!({ "quote_id": id(&quote), "payment": { "method": "cod" }, "total_paise": 1 });
    let answer = asha.ask(Method::POST, "/orders", &[("idempotency-key", "cheap")], Some(&body)).await;
    assert_eq!(answer.refused(422, "invalid-body")["errors"][0]["pointer"], "/total_paise");
}

#[tokio::test]
async fn a_payment_that_is_declined_places_nothing() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let quote = asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await;
    let body = json!({ "quote_id": id(&quote), "payment": { "method": "sandbox", "token": "decline" } });
    let answer = asha.ask(Method::POST, "/orders", &[("idempotency-key", "card")], Some(&body)).await;
    answer.refused(402, "payment-failed");
    assert_eq!(asha.submits(&quote, "card", "sandbox").await.status, 201);
}
