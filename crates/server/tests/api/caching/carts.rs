//! A customer's cart and preferences: cached for them alone, forgotten by what changes them, complete at every reading.

use app::caching::Owner;
use axum::http::Method;
use cache::{Loaded, Namespace};
use serde_json::{Value, json};
use store::outbox::Position;

use crate::{orders::story::items, support::Web};

async fn dosas(web: &Web, quantity: i64, version: &Value) -> Value {
    let dish = web.city.dish("masala dosa").await;
    let line = json!({ "item_id": dish.item, "quantity": quantity });
    json!({ "restaurant_id": dish.restaurant, "lines": [line], "version": version })
}

fn cart_of(web: &Web, name: &'static str) -> String {
    format!("/customers/{}/cart", web.city.customer(name).id)
}

#[tokio::test]
async fn a_cart_is_cached_for_its_owner_and_read_back_as_written() {
    let web = Web::new().await;
    let (asha, ravi) = (web.user("asha").await, web.user("ravi").await);
    let path = cart_of(&web, "asha");
    let empty = json!({ "restaurant_id": null, "lines": [], "version": 0, "changed_at": null });
    assert_eq!(asha.gets(&path).await, ("MISS".to_owned(), empty.clone()));
    assert_eq!(asha.gets(&path).await.0, "HIT");
    let kept = asha.puts(&path, &dosas(&web, 2, &json!(0)).await).await.ok();
    assert_eq!((&kept["lines"][0]["name"], &kept["lines"][0]["unavailable"]), (&json!("Masala dosa"), &Value::Null));
    assert!(!kept.to_string().contains("paise"), "a cart knows no price: {kept}");
    assert_eq!(asha.gets(&path).await, ("MISS".to_owned(), kept.clone()));
    let again = asha.get(&path).await;
    assert_eq!((again.header("x-cache"), again.header("cache-control")), (Some("HIT"), Some("private, no-cache")));
    let etag = again.header("etag").unwrap();
    let known = asha.ask(Method::GET, &path, &[("if-none-match", etag)], None).await;
    assert_eq!((known.status, known.body.len()), (304, 0));
    ravi.get(&path).await.refused(404, "not-found");
    ravi.puts(&path, &dosas(&web, 1, &kept["version"]).await).await.refused(404, "not-found");
    web.stranger().get(&path).await.refused(401, "unauthenticated");
    web.user("meena").await.get(&path).await.refused(403, "forbidden");
    let listed = web.user("anand").await.get("/cache/keys/sessions").await.ok();
    assert!(items(&listed).iter().any(|key| key["key"].as_str().unwrap().ends_with(":cart")), "{listed}");
    assert!(!listed.to_string().contains(&web.city.customer("asha").id.to_string()), "{listed}");
    asha.deletes(&path).await.ok();
    assert_eq!(asha.gets(&path).await, ("MISS".to_owned(), empty));
}

#[tokio::test]
async fn a_kept_cart_that_nobody_can_read_is_loaded_anew() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let path = cart_of(&web, "asha");
    let key = web.city.app.own_key(Namespace::Sessions, Owner::Customer(web.city.customer("asha").id), "cart");
    let load = || async { Ok::<_, ()>(Some(Loaded::new("[]"))) };
    web.city.app.answers.get_or_load(Namespace::Sessions, &key, load).await.unwrap();
    assert_eq!((asha.gets(&path).await.0, asha.gets(&path).await.0), ("MISS".to_owned(), "HIT".to_owned()));
}

#[tokio::test]
async fn the_slower_of_two_devices_reads_what_is_there() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let path = cart_of(&web, "asha");
    let kept = asha.puts(&path, &dosas(&web, 2, &json!(0)).await).await.ok();
    asha.gets(&path).await;
    let refused = asha.puts(&path, &dosas(&web, 3, &json!(0)).await).await.refused(409, "version-conflict");
    assert_eq!(refused["errors"][0]["pointer"], "/version");
    assert_eq!(asha.gets(&path).await, ("MISS".to_owned(), kept.clone()));
    asha.deletes(&format!("{path}?version=1")).await.refused(409, "version-conflict");
    let seen = kept["version"].to_string();
    assert_eq!(asha.deletes(&format!("{path}?version={seen}")).await.status, 204);
    assert_eq!(asha.deletes(&format!("{path}?version={seen}")).await.status, 204, "an empty cart stays empty");
    for (body, pointer) in [
        (json!({ "restaurant_id": "x", "lines": [], "version": 0 }), "/restaurant_id"),
        (json!({ "restaurant_id": web.city.restaurant("annapurna"), "lines": [] }), "/version"),
        (json!({ "restaurant_id": web.city.restaurant("annapurna"), "lines": [], "version": 0 }), "/lines"),
        (
            json!({ "restaurant_id": web.city.restaurant("annapurna"), "version": 0,
                "lines": [{ "item_id": "dosa", "quantity": 1 }] }),
            "/lines/0/item_id",
        ),
        (
            json!({ "restaurant_id": web.city.restaurant("annapurna"), "version": 0,
                "lines": [{ "item_id": web.city.dish("masala dosa").await.item, "quantity": 1, "price_paise": 1 }] }),
            "/lines/0/price_paise",
        ),
    ] {
        let refused = asha.puts(&path, &body).await;
        assert_eq!((refused.status, &refused.json()["errors"][0]["pointer"]), (422, &json!(pointer)), "{body}");
    }
}

#[tokio::test]
async fn a_cached_cart_knows_what_is_sold_out_now() {
    let web = Web::new().await;
    let (asha, cook) = (web.user("asha").await, web.user("annapurna").await);
    let path = cart_of(&web, "asha");
    asha.puts(&path, &dosas(&web, 1, &json!(0)).await).await.ok();
    let (_, before) = asha.gets(&path).await;
    let dish = format!("/menu-items/{}", web.city.dish("masala dosa").await.item);
    cook.post(&format!("{dish}/availability"), &json!({ "available": false })).await.ok();
    let (state, shown) = asha.gets(&path).await;
    assert_eq!((state.as_str(), &shown["lines"][0]["unavailable"]), ("HIT", &json!("item-unavailable")));
    assert_eq!(shown["version"], before["version"], "the cart itself is the same");
    cook.deletes(&dish).await.ok();
    let (_, shown) = asha.gets(&path).await;
    let line = &shown["lines"][0];
    assert_eq!((&line["name"], &line["unavailable"]), (&json!("Masala dosa"), &json!("unknown-item")));
}

#[tokio::test]
async fn an_ordered_cart_is_forgotten_where_it_was_cached() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let path = cart_of(&web, "asha");
    let dish = web.city.dish("masala dosa").await;
    let line = dish.line(&[]);
    let lines = [json!({ "item_id": line.item_id, "quantity": line.quantity, "option_ids": line.option_ids })];
    let body = json!({ "restaurant_id": dish.restaurant, "lines": lines, "version": 0 });
    asha.puts(&path, &body).await.ok();
    web.city.customer("asha").orders("masala dosa").await;
    asha.gets(&path).await;
    web.city.app.consume_all().await.unwrap();
    testkit::eventually("an empty cart", || async {
        web.city.app.catch_up(Position::default()).await.unwrap();
        (asha.gets(&path).await.1["version"] == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn preferences_are_cached_for_their_owner_and_follow_the_customer() {
    let web = Web::new().await;
    let (asha, ravi, meena) = (web.user("asha").await, web.user("ravi").await, web.user("meena").await);
    let own = format!("/customers/{}", web.city.customer("asha").id);
    let path = format!("{own}/preferences");
    let (state, said) = asha.gets(&path).await;
    assert_eq!((state.as_str(), &said["version"], &said["diet"]), ("MISS", &json!(0), &json!("any")));
    assert_eq!(said["notifications"], json!({ "offers": false, "news": false }));
    assert_eq!(asha.gets(&path).await.0, "HIT");
    let home = web.city.person("asha").address.unwrap();
    let wanted = json!({ "language": "ta", "diet": "veg", "spice": "mild", "allergens": ["Peanut"],
        "notifications": { "offers": true }, "default_address_id": home, "default_tip_paise": 2000, "version": 0 });
    let kept = asha.puts(&path, &wanted).await.ok();
    assert_eq!((&kept["allergens"], &kept["default_address_id"]), (&json!(["peanut"]), &json!(home)));
    assert_eq!(asha.gets(&path).await, ("MISS".to_owned(), kept.clone()));
    assert_eq!(asha.gets(&own).await.1["language"], "ta");
    asha.puts(&path, &wanted).await.refused(409, "version-conflict");
    assert_eq!(asha.gets(&path).await, ("HIT".to_owned(), kept.clone()));
    // Changes that come another way are seen too.
    asha.alters(&own, &json!({ "language": "hi-IN" })).await.ok();
    assert_eq!(asha.gets(&path).await.1["language"], "hi");
    asha.deletes(&format!("{own}/addresses/{home}")).await.ok();
    assert_eq!(asha.gets(&path).await.1["default_address_id"], Value::Null);
    // It is cached now, and still nobody else's; who works here reads the database and changes nothing.
    assert_eq!(meena.gets(&path).await.0, "BYPASS");
    meena.puts(&path, &wanted).await.refused(403, "forbidden");
    ravi.get(&path).await.refused(404, "not-found");
    for (field, value, code) in [
        ("language", json!("kn"), "wrong-format"),
        ("diet", json!("non_veg"), "wrong-format"),
        ("spice", json!("lava"), "wrong-format"),
        ("default_tip_paise", json!(200_001), "out-of-range"),
    ] {
        let mut wrong = json!({ "language": "en", "diet": "any" });
        wrong[field] = value;
        let refused = asha.puts(&path, &wrong).await.refused(422, code);
        assert_eq!(refused["errors"][0]["pointer"], format!("/{field}"), "{refused}");
    }
}
