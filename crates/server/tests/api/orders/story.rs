//! What people do with orders over HTTP, in their own words.

use axum::http::Method;
use serde_json::{Value, json};
use testkit::{
    TestCity,
    people::{ASHA_HOME, RAVI_HOME},
};
use uuid::Uuid;

use crate::support::{Answer, Client, Web};

/// What `POST /quotes` is sent for one of a dish, brought to Asha's door, or to Ravi's for Biryani House.
pub(crate) async fn basket(city: &TestCity, dish: &str, options: &[&str]) -> Value {
    let found = city.dish(dish).await;
    let door = if found.restaurant == city.restaurant("annapurna") { ASHA_HOME } else { RAVI_HOME };
    let options: Vec<_> = options.iter().map(|name| found.option(name).to_string()).collect();
    json!({
        "restaurant_id": found.restaurant.to_string(),
        "lines": [{ "item_id": found.item.to_string(), "quantity": 1, "option_ids": options }],
        "address": { "lat": door.lat, "lng": door.lng, "line1": "7 Church Street", "pin": "560001" },
    })
}

/// The id of something that was sent.
pub(crate) fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap_or_else(|| panic!("no id in {thing}")).to_owned()
}

/// The same as a typed id.
pub(crate) fn typed<T: From<Uuid>>(thing: &Value) -> T {
    T::from(id(thing).parse::<Uuid>().unwrap())
}

/// A list's items.
pub(crate) fn items(list: &Value) -> &[Value] {
    list["items"].as_array().unwrap_or_else(|| panic!("no items in {list}"))
}

impl Client {
    /// A price, which there must be.
    pub(crate) async fn is_quoted(&self, basket: &Value) -> Value {
        self.post("/quotes", basket).await.ok()
    }

    /// Orders a quote.
    pub(crate) async fn submits(&self, quote: &Value, key: &str, method: &str) -> Answer {
        let body = json!({ "quote_id": quote["id"], "payment": { "method": method } });
        self.ask(Method::POST, "/orders", &[("idempotency-key", key)], Some(&body)).await
    }

    /// Orders a dish and answers the order as it is seen afterwards.
    pub(crate) async fn orders(&self, city: &TestCity, dish: &str, method: &str) -> Value {
        city.tick();
        let quote = self.is_quoted(&basket(city, dish, &[]).await).await;
        let placed = self.submits(&quote, &id(&quote), method).await.ok();
        self.sees(&placed).await
    }

    /// The order as this user sees it now.
    pub(crate) async fn sees(&self, order: &Value) -> Value {
        self.get(&format!("/orders/{}", id(order))).await.ok()
    }

    /// Asks for another status.
    pub(crate) async fn moves(&self, order: &Value, change: Value) -> Answer {
        self.post(&format!("/real-time/update-order-status/{}", id(order)), &change).await
    }

    /// The kitchen promises the food in fifteen minutes.
    pub(crate) async fn accepts(&self, order: &Value) -> Value {
        self.moves(order, json!({ "status": "accepted", "prep_minutes": 15 })).await.ok()
    }

    /// The food is on the counter.
    pub(crate) async fn readies(&self, order: &Value) -> Value {
        self.moves(order, json!({ "status": "ready" })).await.ok()
    }

    /// A courier's open offers.
    pub(crate) async fn offers(&self, web: &Web, courier: &'static str) -> Vec<Value> {
        let list = self.get(&format!("/couriers/{}/offers", web.city.courier(courier).id)).await.ok();
        items(&list).to_vec()
    }

    /// Says yes to an offer.
    pub(crate) async fn takes(&self, offer: &Value) -> Answer {
        self.post(&format!("/offers/{}/accept", id(offer)), &json!({})).await
    }
}
