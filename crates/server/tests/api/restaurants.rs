//! Restaurants and their menus in the hands of their own people, and what is refused to them.

use std::sync::Arc;

use axum::http::Method;
use serde_json::{Value, json};
use server::Server;

use crate::support::{Answer, Client, Web};

impl Client {
    async fn patches(&self, path: &str, change: &Value) -> Answer {
        self.ask(Method::PATCH, path, &[], Some(change)).await
    }
}

fn pointer(problem: &Value) -> &str {
    problem["errors"][0]["pointer"].as_str().unwrap_or_default()
}

fn menu(dish: &Value) -> Value {
    json!({ "sections": [{ "name": "Dosas", "items": [dish] }] })
}

#[tokio::test]
async fn a_change_keeps_what_was_said_elsewhere_a_moment_ago() {
    let web = Web::new().await;
    if !web.city.shared() {
        return;
    }
    let owner = web.user("annapurna").await;
    let node = Arc::new(web.city.another_node().await);
    let far = Client::of(&Arc::new(Server::new(node, None, None))).with_token(owner.token());
    let path = format!("/restaurants/{}", web.city.restaurant("annapurna"));
    let slower = owner.patches(&path, &json!({ "prep_minutes": 33 })).await.ok();
    // The other node has not heard of it, and its client has.
    let change = json!({ "name": "Annapurna Tiffin House", "version": slower["version"] });
    let renamed = far.patches(&path, &change).await.ok();
    assert_eq!((&renamed["name"], &renamed["prep_minutes"]), (&json!("Annapurna Tiffin House"), &json!(33)));
    // And the first node has not heard of that.
    owner.patches(&path, &change).await.refused(409, "version-conflict");
    let again = owner.patches(&path, &json!({ "packing_paise": 700 })).await.ok();
    assert_eq!((&again["name"], &again["packing_paise"]), (&json!("Annapurna Tiffin House"), &json!(700)));
}

#[tokio::test]
async fn a_profile_is_bounded_and_a_stale_change_refused() {
    let web = Web::new().await;
    let owner = web.user("annapurna").await;
    let path = format!("/restaurants/{}", web.city.restaurant("annapurna"));
    for (change, at) in [
        (json!({ "minimum_order_paise": -1 }), "/minimum_order_paise"),
        (json!({ "packing_paise": i64::MAX }), "/packing_paise"),
        (json!({ "phone": "a phone" }), "/phone"),
        (json!({ "pin": "1234" }), "/pin"),
        (json!({ "cuisines": [""] }), "/cuisines/0"),
    ] {
        let refused = owner.patches(&path, &change).await;
        assert_eq!((refused.status, pointer(&refused.json())), (422, at), "{}", refused.text());
    }
    let seen = owner.get(&path).await.ok()["version"].clone();
    owner.patches(&path, &json!({ "prep_minutes": 20, "version": seen })).await.ok();
    owner.patches(&path, &json!({ "prep_minutes": 25, "version": seen })).await.refused(409, "version-conflict");
}

#[tokio::test]
async fn a_whole_menu_obeys_the_rules_of_its_dishes() {
    let web = Web::new().await;
    let owner = web.user("annapurna").await;
    let path = format!("/restaurants/{}/menu", web.city.restaurant("annapurna"));
    let before = owner.get(&path).await.ok();
    let choice = |price: i64| {
        json!([{ "name": "Size", "kind": "variant", "min": 1, "max": 1,
            "options": [{ "name": "Half", "price_paise": price, "veg_mark": "veg" }] }])
    };
    let dish = |price: i64, groups: Value| json!({ "name": "Rava dosa", "price_paise": price, "veg_mark": "veg", "option_groups": groups });
    let group = "/sections/0/items/0/option_groups";
    for (dish, at) in [
        (dish(-1, json!([])), "/sections/0/items/0/price_paise".to_owned()),
        (dish(9_000, choice(-9_001)), group.to_owned()),
        (dish(9_000, choice(i64::MIN)), format!("{group}/0/options/0/price_paise")),
    ] {
        let refused = owner.puts(&path, &menu(&dish)).await;
        assert_eq!((refused.status, pointer(&refused.json())), (422, at.as_str()), "{}", refused.text());
    }
    assert_eq!(owner.get(&path).await.ok(), before);
    let put = owner.puts(&path, &menu(&dish(9_000, choice(-4_000)))).await.ok();
    assert_eq!(put["sections"][0]["items"][0]["option_groups"][0]["options"][0]["price_paise"], -4_000);
}
