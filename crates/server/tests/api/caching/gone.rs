//! Names that changed, people who left and restaurants that closed for good: nothing cached tells of them as before.

use cache::Namespace;
use serde_json::{Value, json};

use crate::support::{Client, Web};

/// Reads until it comes from the cache; answers what it says.
async fn cached(client: &Client, path: &str) -> String {
    client.gets(path).await;
    let (state, said) = client.gets(path).await;
    assert_eq!(state, "HIT", "{path}");
    said.to_string()
}

#[tokio::test]
async fn a_new_name_is_in_what_was_delivered_and_reviewed_and_a_deleted_one_is_not() {
    let web = Web::new().await;
    let (asha, cook, anybody) = (web.user("asha").await, web.user("annapurna").await, web.stranger());
    let customer = web.city.customer("asha").id;
    let order = web.city.customer("asha").orders("masala dosa").await;
    web.city.deliver(order, "annapurna", "kiran").await;
    web.city.customer("asha").reviews(order, 4).await;
    let order = format!("/orders/{order}");
    let reviews = format!("/reviews?restaurant_id={}", web.city.restaurant("annapurna"));
    for (client, path) in [(&asha, &order), (&anybody, &reviews)] {
        assert!(cached(client, path).await.contains("Asha"), "{path}");
    }
    cached(&cook, &order).await;
    let own = format!("/customers/{customer}");
    asha.alters(&own, &json!({ "name": "Usha Hegde" })).await.ok();
    for (client, path) in [(&asha, &order), (&anybody, &reviews)] {
        let (state, said) = client.gets(path).await;
        assert_eq!(state, "MISS", "{path}");
        assert!(said.to_string().contains("Usha") && !said.to_string().contains("Asha"), "{said}");
    }
    let anand = web.user("anand").await;
    for (client, path) in [(&anand, &order), (&cook, &order), (&anybody, &reviews)] {
        cached(client, path).await;
    }
    anand.deletes(&own).await.ok();
    for (client, path) in [(&anand, &order), (&cook, &order), (&anybody, &reviews)] {
        let said = client.gets(path).await.1.to_string();
        assert!(!said.contains("Usha"), "{path}: {said}");
    }
}

#[tokio::test]
async fn another_name_of_the_courier_is_in_what_they_delivered() {
    let web = Web::new().await;
    let (asha, anand) = (web.user("asha").await, web.user("anand").await);
    let order = web.city.customer("asha").orders("masala dosa").await;
    web.city.deliver(order, "annapurna", "kiran").await;
    let order = format!("/orders/{order}");
    assert!(cached(&asha, &order).await.contains("Kiran"));
    anand.alters(&format!("/couriers/{}", web.city.courier("kiran").id), &json!({ "name": "Karan Rao" })).await.ok();
    let (state, said) = asha.gets(&order).await;
    assert_eq!(state, "MISS");
    assert!(said.to_string().contains("Karan") && !said.to_string().contains("Kiran"), "{said}");
}

#[tokio::test]
async fn a_restaurant_takes_its_dishes_and_reviews_along() {
    let web = Web::new().await;
    let (anybody, anand) = (web.stranger(), web.user("anand").await);
    let kitchen = web.city.restaurant("annapurna");
    let dish = format!("/menu-items/{}", web.city.dish("masala dosa").await.item);
    let (own, reviews) = (format!("/restaurants/{kitchen}"), format!("/reviews?restaurant_id={kitchen}"));
    for path in [&own, &dish, &reviews] {
        cached(&anybody, path).await;
    }
    anand.deletes(&own).await.ok();
    for path in [&own, &dish, &reviews] {
        anybody.get(path).await.refused(404, "not-found");
    }
}

#[tokio::test]
async fn the_version_of_a_menu_is_everywhere_the_same() {
    let web = Web::new().await;
    let (anybody, cook) = (web.stranger(), web.user("annapurna").await);
    let own = format!("/restaurants/{}", web.city.restaurant("annapurna"));
    let dish = format!("/menu-items/{}", web.city.dish("masala dosa").await.item);
    let version = async |path: &str| -> Value { anybody.gets(path).await.1["menu_version"].clone() };
    let before = version(&own).await;
    assert_eq!(version(&dish).await, before);
    cook.alters(&dish, &json!({ "price_paise": 12_300 })).await.ok();
    let after = version(&dish).await;
    assert_ne!(after, before);
    assert_eq!(version(&own).await, after);
}

#[tokio::test]
async fn a_review_is_among_the_habits_of_who_wrote_it() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let order = web.city.customer("asha").orders("masala dosa").await;
    web.city.deliver(order, "annapurna", "kiran").await;
    let habits = format!("/analytics/customer-insights/{}", web.city.customer("asha").id);
    cached(&asha, &habits).await;
    asha.post("/reviews", &json!({ "order_id": order.to_string(), "rating": 5 })).await.ok();
    let (state, known) = asha.gets(&habits).await;
    assert_eq!((state.as_str(), &known["reviews"]), ("MISS", &json!(1)));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_whatever_is_cached_and_is_no_failed_load() {
    let web = Web::new().await;
    let (anybody, meena) = (web.stranger(), web.user("meena").await);
    let span = |from: &str, to: &str| format!("/analytics/revenue-analytics?from={from}&to={to}");
    let (early, late) = ("2026-11-20T07:10:00Z", "2026-11-20T07:20:00Z");
    cached(&meena, &span(early, late)).await;
    meena.get(&span(late, early)).await.refused(422, "out-of-range");
    for number in 0..3 {
        anybody.get(&format!("/restaurants?cursor=xx{number}")).await.refused(422, "wrong-format");
    }
    let stats = web.city.app.answers.namespace_stats(Namespace::RestaurantAvailability);
    assert_eq!(stats.load_failures, 0);
}
