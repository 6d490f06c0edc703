//! Several orders in one offer, as a courier and the desk see them.

use serde_json::{Value, json};
use testkit::city::ANNAPURNA;

use super::story::id;
use crate::support::{Client, Web};

/// Food for Asha on Annapurna's counter, twice, and Kiran beside it with an offer of both.
struct Counter {
    web: Web,
    kiran: Client,
    orders: Vec<Value>,
}

impl Counter {
    async fn new() -> Self {
        let web = Web::new().await;
        web.city.courier("kiran").is_at(ANNAPURNA).await;
        let (asha, kitchen) = (web.user("asha").await, web.user("annapurna").await);
        let mut orders = Vec::new();
        for method in ["cod", "sandbox"] {
            let order = asha.orders(&web.city, "masala dosa", method).await;
            kitchen.accepts(&order).await;
            kitchen.readies(&order).await;
            orders.push(order);
        }
        web.city.app.reconcile_once(true).await.unwrap();
        let kiran = web.user("kiran").await;
        Self { web, kiran, orders }
    }

    async fn offer(&self) -> Value {
        let offers = self.kiran.offers(&self.web, "kiran").await;
        assert_eq!(offers.len(), 1, "{offers:?}");
        offers[0].clone()
    }
}

fn sum(orders: &[Value], field: &str) -> i64 {
    orders.iter().map(|order| order[field].as_i64().unwrap()).sum()
}

#[tokio::test]
async fn the_offer_lists_its_orders_and_adds_them_up() {
    let counter = Counter::new().await;
    let offer = counter.offer().await;
    let orders = offer["orders"].as_array().unwrap();
    assert_eq!(orders.len(), 2);
    for order in orders {
        let placed = counter.orders.iter().find(|placed| placed["id"] == order["id"]).unwrap();
        assert_eq!(order["number"], placed["number"]);
        assert_eq!(order["restaurant"]["name"], "Annapurna Tiffin Room");
        assert_eq!(order["payment_method"], placed["payment"]["method"]);
        assert_eq!(order["drop"]["locality"], offer["drop"]["locality"]);
    }
    assert_eq!(offer["order_id"], orders[0]["id"]);
    assert_eq!(offer["drop"], orders[0]["drop"]);
    assert_eq!(offer["pay_paise"], sum(orders, "pay_paise"));
    assert_eq!(offer["cash_to_collect_paise"], sum(orders, "cash_to_collect_paise"));
    assert_eq!(offer["cash_to_collect_paise"], counter.orders[0]["total_paise"], "the other is paid");
    assert_eq!(offer["payment_method"], "cod");
    assert_eq!(offer["last_mile_m"], sum(orders, "distance_m"));
    let parts = offer["pay_parts"].as_array().unwrap();
    assert_eq!(offer["pay_paise"], sum(parts, "amount_paise"));
}

#[tokio::test]
async fn whoever_takes_it_has_both_and_knows_the_sequence() {
    let counter = Counter::new().await;
    let offer = counter.offer().await;
    let answered = counter.kiran.takes(&offer).await.ok();
    assert_eq!(answered["id"], offer["order_id"]);
    for (place, order) in (1..).zip(offer["orders"].as_array().unwrap()) {
        let seen = counter.kiran.sees(order).await;
        assert_eq!((&seen["courier"]["name"], &seen["courier"]["stop"]), (&json!("Kiran"), &json!(place)));
        assert_eq!(seen["courier"]["taken_at"], answered["courier"]["taken_at"]);
    }
}

#[tokio::test]
async fn an_order_that_was_called_off_is_not_taken_unseen() {
    let counter = Counter::new().await;
    let offer = counter.offer().await;
    let meena = counter.web.user("meena").await;
    let gone = &offer["orders"][0];
    meena.moves(gone, json!({ "status": "cancelled", "reason": "other" })).await.ok();
    let accept = |paise: &Value| format!("/offers/{}/accept?pay_paise={paise}", id(&offer));
    let unclear = format!("/offers/{}/accept?pay_paise=much", id(&offer));
    counter.kiran.post(&accept(&offer["pay_paise"]), &json!({})).await.refused(409, "offer-changed");
    let rest = counter.offer().await;
    assert_eq!(rest["orders"], json!([rest["orders"][0]]));
    assert_eq!(rest["order_id"], offer["orders"][1]["id"]);
    assert_eq!(rest["pay_paise"], offer["orders"][1]["pay_paise"]);
    counter.kiran.post(&accept(&rest["pay_paise"]), &json!({})).await.ok();
    counter.kiran.post(&unclear, &json!({})).await.refused(422, "invalid-parameter");
}

#[tokio::test]
async fn the_desk_sees_to_whom_an_order_is_offered_and_with_what() {
    let counter = Counter::new().await;
    let offer = counter.offer().await;
    let meena = counter.web.user("meena").await;
    let numbers: Vec<&Value> = offer["orders"].as_array().unwrap().iter().map(|order| &order["number"]).collect();
    for order in &counter.orders {
        let ranking = meena.get(&format!("/orders/{}/candidates", id(order))).await.ok();
        assert_eq!(ranking["offer"]["name"], "Kiran");
        assert_eq!(ranking["offer"]["numbers"], json!(numbers));
        assert_eq!(ranking["offer"]["expires_at"], offer["expires_at"]);
    }
    counter.kiran.takes(&offer).await.ok();
    let ranking = meena.get(&format!("/orders/{}/candidates", id(&counter.orders[0]))).await.ok();
    assert_eq!(ranking["offer"], Value::Null);
}
