//! How an order finds its courier.

use serde_json::{Value, json};
use testkit::city::ANNAPURNA;

use super::story::{id, items, typed};
use crate::support::{Client, Web};

/// A city in which both couriers stand near Annapurna, Kiran nearer, and food waits at its counter.
struct Counter {
    web: Web,
    kitchen: Client,
    kiran: Client,
    lata: Client,
    order: Value,
}

impl Counter {
    async fn new() -> Self {
        let web = Web::new().await;
        // Three minutes are enough for Lata to come over.
        web.city.wait(180);
        web.city.courier("kiran").is_at(ANNAPURNA).await;
        let corner = domain::geo::Point { lat: ANNAPURNA.lat + 0.004, lng: ANNAPURNA.lng };
        web.city.courier("lata").is_at(corner).await;
        let (asha, kitchen) = (web.user("asha").await, web.user("annapurna").await);
        let order = asha.orders(&web.city, "masala dosa", "cod").await;
        kitchen.accepts(&order).await;
        kitchen.readies(&order).await;
        let (kiran, lata) = (web.user("kiran").await, web.user("lata").await);
        Self { web, kitchen, kiran, lata, order }
    }

    /// One round of the dispatcher; answers the open offers of Kiran and Lata.
    async fn round(&self) -> (Vec<Value>, Vec<Value>) {
        self.web.city.app.reconcile_once(true).await.unwrap();
        (self.kiran.offers(&self.web, "kiran").await, self.lata.offers(&self.web, "lata").await)
    }

    async fn courier(&self) -> Value {
        self.kitchen.sees(&self.order).await["courier"]["name"].clone()
    }
}

#[tokio::test]
async fn the_nearer_courier_is_asked_first_and_alone() {
    let counter = Counter::new().await;
    let (kiran, lata) = counter.round().await;
    assert_eq!((kiran.len(), lata.len()), (1, 0));
    let offer = &kiran[0];
    assert_eq!(offer["order_id"], counter.order["id"]);
    assert_eq!(offer["cash_to_collect_paise"], counter.order["total_paise"]);
    let parts = offer["pay_parts"].as_array().unwrap().iter().map(|part| part["amount_paise"].as_i64().unwrap());
    assert_eq!(offer["pay_paise"].as_i64().unwrap(), parts.sum::<i64>());
    // The food stands there already, sooner than the kitchen promised.
    let ready_at: jiff::Timestamp = offer["pickup"]["ready_at"].as_str().unwrap().parse().unwrap();
    assert!(ready_at <= counter.web.city.system().now, "{offer}");
    // Another round asks nobody else while Kiran is looking.
    let (kiran, lata) = counter.round().await;
    assert_eq!((kiran.len(), lata.len()), (1, 0));
}

#[tokio::test]
async fn an_offer_can_be_taken_only_by_whom_it_was_made_to() {
    let counter = Counter::new().await;
    let (kiran, _) = counter.round().await;
    counter.lata.takes(&kiran[0]).await.refused(404, "not-found");
    counter.kiran.takes(&kiran[0]).await.ok();
    assert_eq!(counter.courier().await, "Kiran");
    // Again is fine; leaving it to others is not any more.
    counter.kiran.takes(&kiran[0]).await.ok();
    let decline = format!("/offers/{}/decline", id(&kiran[0]));
    counter.kiran.post(&decline, &json!({})).await.refused(409, "offer-gone");
}

#[tokio::test]
async fn an_offer_whose_order_was_given_to_somebody_else_since_is_gone() {
    let counter = Counter::new().await;
    let (kiran, _) = counter.round().await;
    counter.kiran.takes(&kiran[0]).await.ok();
    let lata = json!({ "courier_id": counter.web.city.courier("lata").id.to_string(), "note": "nearer" });
    let assign_to = format!("/orders/{}/assign", id(&counter.order));
    counter.web.user("meena").await.post(&assign_to, &lata).await.ok();
    counter.kiran.takes(&kiran[0]).await.refused(409, "offer-gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_an_offer_taken_and_an_assignment_by_hand_one_wins() {
    let counter = Counter::new().await;
    let (kiran, _) = counter.round().await;
    let meena = counter.web.user("meena").await;
    let assign = json!({ "courier_id": counter.web.city.courier("lata").id.to_string(), "note": "nearer" });
    let assign_to = format!("/orders/{}/assign", id(&counter.order));
    let (taken, assigned) = tokio::join!(counter.kiran.takes(&kiran[0]), meena.post(&assign_to, &assign));
    let holder = counter.courier().await;
    match (taken.status, assigned.status) {
        (200, 409) => assert_eq!(holder, "Kiran"),
        // By hand last: it took the order from Kiran, or Kiran came too late.
        (200 | 409, 200) => assert_eq!(holder, "Lata"),
        (taken, assigned) => panic!("accepting answered {taken}, assigning {assigned}"),
    }
    if taken.status == 409 {
        taken.refused(409, "offer-gone");
    }
}

#[tokio::test]
async fn who_says_nothing_is_passed_over() {
    let counter = Counter::new().await;
    let (kiran, _) = counter.round().await;
    counter.web.city.wait(45);
    let (none, lata) = counter.round().await;
    assert_eq!((none.len(), lata.len()), (0, 1));
    counter.kiran.takes(&kiran[0]).await.refused(409, "offer-gone");
    counter.lata.takes(&lata[0]).await.ok();
    assert_eq!(counter.courier().await, "Lata");
}

#[tokio::test]
async fn who_declines_is_not_asked_again_at_once() {
    let counter = Counter::new().await;
    let (kiran, _) = counter.round().await;
    let declined = counter.kiran.post(&format!("/offers/{}/decline", id(&kiran[0])), &json!({})).await;
    assert_eq!(declined.status, 204);
    let (none, lata) = counter.round().await;
    assert_eq!((none.len(), lata.len()), (0, 1));
    counter.lata.takes(&lata[0]).await.ok();
    assert_eq!(counter.courier().await, "Lata");
}

#[tokio::test]
async fn a_dispatcher_chooses_by_hand_and_says_why() {
    let counter = Counter::new().await;
    let (kiran, _) = counter.round().await;
    let (meena, path) = (counter.web.user("meena").await, format!("/orders/{}", id(&counter.order)));
    let ranking = meena.get(&format!("{path}/candidates")).await.ok();
    let names: Vec<_> = items(&ranking).iter().map(|one| one["name"].clone()).collect();
    assert!(names.contains(&json!("Lata")), "{ranking}");
    let lata = counter.web.city.courier("lata").id.to_string();
    let silent = meena.post(&format!("{path}/assign"), &json!({ "courier_id": lata, "note": " " })).await;
    assert_eq!(silent.refused(422, "wrong-format")["errors"][0]["pointer"], "/note");
    let assigned =
        meena.post(&format!("{path}/assign"), &json!({ "courier_id": lata, "note": "knows the gate" })).await;
    assert_eq!(assigned.ok()["courier"]["name"], "Lata");
    counter.kiran.takes(&kiran[0]).await.refused(409, "offer-gone");
    // With the food on board nobody else can have it.
    counter.lata.moves(&counter.order, json!({ "status": "picked_up" })).await.ok();
    let kiran = counter.web.city.courier("kiran").id.to_string();
    let refused = meena.post(&format!("{path}/assign"), &json!({ "courier_id": kiran, "note": "nearer" })).await;
    refused.refused(409, "illegal-transition");
}

#[tokio::test]
async fn a_shift_does_not_end_with_food_in_hand() {
    let counter = Counter::new().await;
    counter.web.city.dispatcher().assigns(typed(&counter.order), "kiran").await;
    let shift = |courier| format!("/couriers/{}/shift", counter.web.city.courier(courier).id);
    let off = json!({ "on": false });
    counter.kiran.post(&shift("kiran"), &off).await.refused(409, "courier-busy");
    assert_eq!(counter.lata.post(&shift("lata"), &off).await.ok()["state"], "off");
}
