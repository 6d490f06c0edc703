//! What a committed change makes old is forgotten, here and on other nodes, and it is written down why.

use std::sync::Arc;

use axum::http::Method;
use serde_json::json;
use server::Server;
use store::outbox::Position;

use crate::{
    orders::story::items,
    support::{Client, Web},
};

#[tokio::test]
async fn a_new_price_is_in_the_menu_and_in_the_dish_at_once() {
    let web = Web::new().await;
    let (cook, anybody) = (web.user("annapurna").await, web.stranger());
    let dish = format!("/menu-items/{}", web.city.dish("masala dosa").await.item);
    let menu = format!("/restaurants/{}/menu", web.city.restaurant("annapurna"));
    for path in [&dish, &menu] {
        anybody.gets(path).await;
        assert_eq!(anybody.gets(path).await.0, "HIT");
    }
    cook.alters(&dish, &json!({ "price_paise": 12_300 })).await.ok();
    let (state, shown) = anybody.gets(&dish).await;
    assert_eq!((state.as_str(), &shown["price_paise"]), ("MISS", &json!(12_300)));
    let (state, shown) = anybody.gets(&menu).await;
    assert_eq!(state, "MISS");
    assert!(shown.to_string().contains("12300"));
    let log = web.user("anand").await.get("/cache/invalidations?namespace=menu_items").await.ok();
    let newest = &items(&log)[0];
    assert_eq!((&newest["cause"], &newest["removed"]), (&json!("menu_changed"), &json!(2)), "{newest}");
    assert_eq!(newest["subject"], web.city.restaurant("annapurna").to_string());
    assert!(newest["took_ms"].as_f64().is_some_and(|took| took > 0.0));
}

#[tokio::test]
async fn a_sold_out_dish_a_pause_and_a_review_are_seen_at_once() {
    let web = Web::new().await;
    let (cook, anybody) = (web.user("annapurna").await, web.stranger());
    let (kitchen, dish) = (web.city.restaurant("annapurna"), web.city.dish("masala dosa").await.item);
    let (single, restaurant) = (format!("/menu-items/{dish}"), format!("/restaurants/{kitchen}"));
    let (live, list) = (format!("/real-time/restaurant-availability/{kitchen}"), "/restaurants?open_now=true");
    for path in [single.as_str(), &restaurant, &live, list] {
        anybody.gets(path).await;
    }
    cook.post(&format!("{single}/availability"), &json!({ "available": false })).await.ok();
    assert_eq!(anybody.gets(&single).await.1["available"], false);
    cook.post(&format!("{restaurant}/pause"), &json!({ "minutes": 30 })).await.ok();
    for path in [&restaurant, &live] {
        let (state, _) = anybody.gets(path).await;
        assert_eq!(state, "MISS", "{path}");
    }
    assert_eq!(anybody.gets(&live).await.1["open"], false);
    assert!(!anybody.gets(list).await.1.to_string().contains(&kitchen.to_string()));
    let reviews = format!("/reviews?restaurant_id={kitchen}");
    cook.post(&format!("{restaurant}/resume"), &json!({})).await.ok();
    cook.post(&format!("{single}/availability"), &json!({ "available": true })).await.ok();
    assert_eq!(items(&anybody.gets(&reviews).await.1).len(), 0);
    let order = web.city.customer("asha").orders("masala dosa").await;
    web.city.deliver(order, "annapurna", "kiran").await;
    let review = json!({ "order_id": order.to_string(), "rating": 5 });
    web.user("asha").await.post("/reviews", &review).await.ok();
    assert_eq!(items(&anybody.gets(&reviews).await.1).len(), 1);
}

#[tokio::test]
async fn who_moves_an_order_writes_what_its_followers_read() {
    let web = Web::new().await;
    let (asha, ravi, cook) = (web.user("asha").await, web.user("ravi").await, web.user("annapurna").await);
    let order = web.city.customer("asha").orders("masala dosa").await;
    let path = format!("/real-time/order-tracking/{order}");
    let (state, placed) = asha.gets(&path).await;
    assert_eq!((state.as_str(), &placed["status"]), ("MISS", &json!("placed")));
    let accept = json!({ "status": "accepted", "prep_minutes": 15 });
    cook.post(&format!("/real-time/update-order-status/{order}"), &accept).await.ok();
    let (state, accepted) = asha.gets(&path).await;
    assert_eq!((state.as_str(), &accepted["status"], &accepted["version"]), ("HIT", &json!("accepted"), &json!(1)));
    // The event that follows finds that its answer is there already.
    web.city.app.catch_up(Position::default()).await.unwrap();
    assert_eq!(asha.gets(&path).await.0, "HIT");
    // A courier is given by hand: that is another change, and nobody wrote it through.
    web.city.dispatcher().assigns(order, "kiran").await;
    testkit::eventually("the change", || async {
        web.city.app.catch_up(Position::default()).await.unwrap();
        let (_, tracked) = asha.gets(&path).await;
        tracked["courier"]["name"].is_string().then_some(())
    })
    .await;
    ravi.get(&path).await.refused(404, "not-found");
    asha.get("/real-time/order-tracking/x").await.refused(404, "not-found");
}

#[tokio::test]
async fn what_a_customer_writes_they_read() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let own = format!("/customers/{}", web.city.customer("asha").id);
    asha.gets(&own).await;
    asha.gets("/auth/me").await;
    asha.alters(&own, &json!({ "name": "Asha Rao" })).await.ok();
    assert_eq!(asha.gets(&own).await.1["name"], "Asha Rao");
    asha.gets(&format!("{own}/addresses")).await;
    let address = json!({ "label": "Work", "line1": "1 Residency Road", "pin": "560025", "lat": 12.97, "lng": 77.6 });
    asha.post(&format!("{own}/addresses"), &address).await.ok();
    assert_eq!(items(&asha.gets(&format!("{own}/addresses")).await.1).len(), 2);
    // The account is renamed with the customer; whoever follows the events forgets it.
    testkit::eventually("the new name", || async {
        web.city.app.catch_up(Position::default()).await.unwrap();
        (asha.gets("/auth/me").await.1["name"] == "Asha Rao").then_some(())
    })
    .await;
}

#[tokio::test]
async fn another_node_forgets_what_it_reads_has_changed() {
    let web = Web::new().await;
    if !web.city.shared() {
        return;
    }
    let owner = web.user("annapurna").await;
    let node = Arc::new(web.city.another_node().await);
    let far = Client::of(&Arc::new(Server::new(Arc::clone(&node), None, None)));
    let menu = format!("/restaurants/{}/menu", web.city.restaurant("annapurna"));
    far.gets(&menu).await;
    let dish = format!("/menu-items/{}", web.city.dish("masala dosa").await.item);
    owner.alters(&dish, &json!({ "price_paise": 12_300 })).await.ok();
    testkit::eventually("the new price on the other node", || async {
        node.catch_up(Position::default()).await.unwrap();
        far.gets(&menu).await.1.to_string().contains("12300").then_some(())
    })
    .await;
    // A clear and a change of rules reach it the same way.
    let anand = web.user("anand").await;
    far.gets(&menu).await;
    anand.ask(Method::DELETE, "/cache/clear/menu-items", &[], None).await.ok();
    let off = json!({ "enabled": false, "why": "looking for a fault" });
    anand.ask(Method::PATCH, "/cache/namespaces/restaurants", &[], Some(&off)).await.ok();
    testkit::eventually("the clear and the switch on the other node", || async {
        node.catch_up(Position::default()).await.unwrap();
        let switched = !node.answers.policy(cache::Namespace::Restaurants).enabled;
        (switched && far.gets(&menu).await.0 == "MISS").then_some(())
    })
    .await;
}
