//! Several orders in one offer, as a courier and the desk see them.

use serde_json::{Value, json};
use testkit::city::ANNAPURNA;

use super::story::{id, typed};
use crate::{
    live::listening::{Following, Stream},
    support::{Client, Web},
};

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
        let orders = vec![on_the_counter(&web, "cod").await, on_the_counter(&web, "sandbox").await];
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

/// Food for Asha on Annapurna's counter.
async fn on_the_counter(web: &Web, method: &str) -> Value {
    let kitchen = web.user("annapurna").await;
    let order = web.user("asha").await.orders(&web.city, "masala dosa", method).await;
    kitchen.accepts(&order).await;
    kitchen.readies(&order).await;
    order
}

/// A trip of two of Asha's orders, the first and the second, and how each is followed.
struct Trip {
    counter: Counter,
    asha: Client,
    first: Value,
    second: Value,
    link: String,
}

impl Trip {
    async fn new() -> Self {
        let counter = Counter::new().await;
        let offer = counter.offer().await;
        counter.kiran.takes(&offer).await.ok();
        let asha = counter.web.user("asha").await;
        let (first, second) = (offer["orders"][0].clone(), offer["orders"][1].clone());
        let link = asha.post(&format!("/orders/{}/tracking-links", id(&second)), &json!({})).await.ok();
        let link = format!("/track/{}", link["token"].as_str().unwrap());
        Self { counter, asha, first, second, link }
    }

    async fn picks_up(&self, order: &Value) {
        self.counter.kiran.moves(order, json!({ "status": "picked_up" })).await.ok();
    }

    async fn delivers(&self, order: &Value) {
        self.counter.web.city.courier("kiran").delivers(typed(order)).await;
    }

    /// What is read of the second order, until all who can be asked say the same.
    async fn second_has(&self, ahead: &Value) {
        testkit::eventually("every answer with the same number of doors", || async {
            let order = self.asha.sees(&self.second).await;
            let tracked = self.asha.get(&format!("/real-time/order-tracking/{}", id(&self.second))).await.ok();
            let shared = self.counter.web.stranger().get(&self.link).await.ok();
            [&order, &tracked, &shared].iter().all(|told| told["courier"]["doors_ahead"] == *ahead).then_some(())
        })
        .await;
    }

    async fn ahead_of(&self, order: &Value) -> Value {
        self.asha.sees(order).await["courier"]["doors_ahead"].clone()
    }
}

/// Waits until a stream tells so many doors; what it told before is passed over.
async fn tells(stream: &mut Stream, event: &str, ahead: i64) {
    while stream.next_of(event).await.data["courier"]["doors_ahead"] != json!(ahead) {}
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
async fn what_waits_beside_an_order_in_hand_is_offered_for_what_it_adds() {
    let web = Web::new().await;
    web.city.courier("kiran").is_at(ANNAPURNA).await;
    let (kiran, meena) = (web.user("kiran").await, web.user("meena").await);
    let mut offers = Vec::new();
    for method in ["cod", "sandbox"] {
        on_the_counter(&web, method).await;
        web.city.app.reconcile_once(true).await.unwrap();
        let offer = kiran.offers(&web, "kiran").await.remove(0);
        kiran.takes(&offer).await.ok();
        offers.push(offer);
    }
    let [first, second] = &offers[..] else { panic!("{offers:?}") };
    assert_eq!((&first["joins"], &first["orders"][0]["door"]), (&json!([]), &json!(1)));
    assert_eq!((&second["joins"], &second["orders"].as_array().unwrap().len()), (&json!([first["number"]]), &1));
    assert_eq!(second["pay_paise"], second["orders"][0]["pay_paise"]);
    assert_eq!((&second["first_mile_m"], &second["distance_m"]), (&json!(0), &second["last_mile_m"]));
    let seen = [kiran.sees(&first["orders"][0]).await, kiran.sees(&second["orders"][0]).await];
    assert_eq!(seen[0]["courier"]["taken_at"], seen[1]["courier"]["taken_at"]);
    assert_eq!(seen[1]["courier"]["stop"], second["orders"][0]["door"]);
    let decisions = meena.get(&format!("/orders/{}/decisions", second["order_id"].as_str().unwrap())).await.ok();
    assert_eq!(decisions["items"][0]["joins"], json!([first["order_id"]]));
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

#[tokio::test]
async fn the_doors_before_an_order_are_those_that_are_still_in_hand() {
    let trip = Box::pin(Trip::new()).await;
    let _following = Following::start(&trip.counter.web.city.app, &trip.counter.web).await;
    trip.second_has(&Value::Null).await;
    let mut own = trip.asha.listens(&format!("/orders/{}/events", id(&trip.second)), None).await;
    let mut friend = trip.counter.web.stranger().listens(&format!("{}/events", trip.link), None).await;
    assert_eq!(own.next_of("eta").await.data["courier"]["doors_ahead"], Value::Null, "it is not on board");
    // The bag of the first door is still being packed.
    trip.picks_up(&trip.second).await;
    assert_eq!(trip.ahead_of(&trip.first).await, Value::Null);
    trip.second_has(&json!(1)).await;
    trip.picks_up(&trip.first).await;
    assert_eq!(trip.ahead_of(&trip.first).await, json!(0));
    trip.second_has(&json!(1)).await;
    tells(&mut own, "eta", 1).await;
    tells(&mut friend, "tracking", 1).await;
    trip.delivers(&trip.first).await;
    tells(&mut own, "eta", 0).await;
    tells(&mut friend, "tracking", 0).await;
    trip.second_has(&json!(0)).await;
    assert_eq!(trip.asha.sees(&trip.second).await["courier"]["stop"], json!(2), "the place in the offer stays");
    assert_eq!(trip.ahead_of(&trip.first).await, Value::Null, "it has ended");
}

#[tokio::test]
async fn a_door_that_is_called_off_comes_before_nobody_any_more() {
    let trip = Box::pin(Trip::new()).await;
    let _following = Following::start(&trip.counter.web.city.app, &trip.counter.web).await;
    trip.picks_up(&trip.second).await;
    let mut own = trip.asha.listens(&format!("/orders/{}/events", id(&trip.second)), None).await;
    tells(&mut own, "eta", 1).await;
    trip.second_has(&json!(1)).await;
    let meena = trip.counter.web.user("meena").await;
    meena.moves(&trip.first, json!({ "status": "cancelled", "reason": "other" })).await.ok();
    tells(&mut own, "eta", 0).await;
    trip.second_has(&json!(0)).await;
}
