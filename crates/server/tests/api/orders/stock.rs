//! What is sold out cannot be ordered, however many try.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::story::basket;
use crate::support::{Client, Web};

impl Client {
    /// The kitchen takes a dish or an option off sale.
    async fn takes_off(&self, kind: &str, id: impl std::fmt::Display) {
        self.post(&format!("/{kind}/{id}/availability"), &json!({ "available": false })).await.ok();
    }
}

#[track_caller]
fn names_the_line(refused: &Value) {
    let pointer = refused["errors"][0]["pointer"].as_str().unwrap();
    assert!(pointer.starts_with("/lines/0"), "{refused}");
}

#[tokio::test]
async fn a_sold_out_dish_has_no_price_and_an_old_price_does_not_help() {
    let web = Web::new().await;
    let (asha, kitchen) = (web.user("asha").await, web.user("annapurna").await);
    let wanted = basket(&web.city, "masala dosa", &[]).await;
    let quote = asha.is_quoted(&wanted).await;
    kitchen.takes_off("menu-items", web.city.dish("masala dosa").await.item).await;
    names_the_line(&asha.submits(&quote, "late", "cod").await.refused(409, "item-unavailable"));
    names_the_line(&asha.post("/quotes", &wanted).await.refused(409, "item-unavailable"));
}

#[tokio::test]
async fn a_sold_out_option_is_refused_alike() {
    let web = Web::new().await;
    let (asha, kitchen) = (web.user("asha").await, web.user("annapurna").await);
    let mut wanted = basket(&web.city, "filter coffee", &["large"]).await;
    wanted["lines"][0]["quantity"] = json!(2);
    let quote = asha.is_quoted(&wanted).await;
    kitchen.takes_off("menu-options", web.city.dish("filter coffee").await.option("large")).await;
    names_the_line(&asha.submits(&quote, "late", "cod").await.refused(409, "item-unavailable"));
    names_the_line(&asha.post("/quotes", &wanted).await.refused(409, "item-unavailable"));
    let mut small = basket(&web.city, "filter coffee", &["small"]).await;
    small["lines"][0]["quantity"] = json!(2);
    asha.is_quoted(&small).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_pieces_are_sold_three_times_to_twenty_buyers() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let wanted = basket(&web.city, "mysore pak", &[]).await;
    let mut quotes = Vec::new();
    for _ in 0..20 {
        quotes.push(asha.is_quoted(&wanted).await);
    }
    let keys: Vec<_> = (0..20).map(|number| format!("buyer-{number}")).collect();
    let tries = quotes.iter().zip(&keys).map(|(quote, key)| asha.submits(quote, key, "cod"));
    let answers = join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 3);
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        names_the_line(&refused.refused(409, "item-unavailable"));
    }
    let item = web.city.dish("mysore pak").await.item;
    assert_eq!(asha.get(&format!("/menu-items/{item}")).await.ok()["stock_left"], 0);
}

#[tokio::test]
async fn what_is_called_off_can_be_sold_again() {
    let web = Web::new().await;
    let (asha, kitchen) = (web.user("asha").await, web.user("annapurna").await);
    // Looking the dish up reads the menu anew, as every node does when it hears of the order.
    let left = async || {
        let item = web.city.dish("mysore pak").await.item;
        asha.get(&format!("/menu-items/{item}")).await.ok()["stock_left"].clone()
    };
    let order = asha.orders(&web.city, "mysore pak", "cod").await;
    assert_eq!(left().await, 2);
    kitchen.moves(&order, json!({ "status": "rejected", "reason": "too-busy" })).await.ok();
    assert_eq!(left().await, 3);
}
