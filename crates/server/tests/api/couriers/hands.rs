//! Orders change hands: of two who would have one, one gets it; a rider who falls silent loses it before the counter and
//! is called behind it; and many can be moved at once.

use app::live::ExceptionKind;
use domain::id::OrderId;
use serde_json::json;
use testkit::city::{ANNAPURNA, BIRYANI};

use super::patient;
use crate::{
    orders::story::items,
    support::{Answer, Web},
};

/// Food on the counter of Annapurna that nobody has.
async fn waiting(web: &Web) -> OrderId {
    let order = web.city.customer("asha").orders("masala dosa").await;
    web.city.kitchen("annapurna").accepts(order).await;
    web.city.kitchen("annapurna").readies(order).await;
    order
}

/// Who has an order, as staff see it.
async fn holder(web: &Web, order: OrderId) -> serde_json::Value {
    let seen = web.user("meena").await.get(&format!("/orders/{order}")).await.ok();
    seen["courier"]["id"].clone()
}

async fn dispatched(web: &Web) -> usize {
    web.city.app.dispatch_city(&web.city.system(), web.city.id).await.unwrap()
}

fn one_won(first: &Answer, second: &Answer) {
    let won = [first, second].into_iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1, "{} / {}", first.text(), second.text());
}

#[tokio::test]
async fn an_offer_that_two_accept_goes_to_one() {
    let web = patient().await;
    let order = waiting(&web).await;
    let (kiran, lata) = (web.user("kiran").await, web.user("lata").await);
    web.city.wait(700);
    web.city.courier("kiran").is_at(ANNAPURNA).await;
    web.city.courier("lata").is_at(ANNAPURNA).await;
    assert_eq!(dispatched(&web).await, 1);
    let (first, second) = match web.city.courier("kiran").offers().await.as_slice() {
        [_] => ("kiran", "lata"),
        _ => ("lata", "kiran"),
    };
    let old = web.city.courier(first).offers().await[0];
    // The first one does not answer; the offer has run out, and the next courier is asked.
    web.city.wait(50);
    web.city.courier("kiran").is_at(ANNAPURNA).await;
    web.city.courier("lata").is_at(ANNAPURNA).await;
    web.city.app.reconcile_once(true).await.unwrap();
    let new = web.city.courier(second).offers().await[0];
    let paths = [format!("/offers/{old}/accept"), format!("/offers/{new}/accept")];
    let (loser, next) = if first == "kiran" { (&kiran, &lata) } else { (&lata, &kiran) };
    let (body_one, body_two) = (json!({}), json!({}));
    let (one, two) = tokio::join!(loser.post(&paths[0], &body_one), next.post(&paths[1], &body_two));
    one_won(&one, &two);
    one.refused(409, "offer-gone");
    assert_eq!(holder(&web, order).await, json!(web.city.courier(second).id));
}

#[tokio::test]
async fn of_a_rider_and_a_dispatcher_who_are_as_fast_one_wins() {
    for _ in 0..3 {
        let web = patient().await;
        let order = waiting(&web).await;
        assert_eq!(dispatched(&web).await, 1);
        let offer = web.city.courier("kiran").offers().await[0];
        let (kiran, meena) = (web.user("kiran").await, web.user("meena").await);
        let lata = web.city.courier("lata").id;
        let (accept, assign) = (format!("/offers/{offer}/accept"), format!("/orders/{order}/assign"));
        let (nothing, to_lata) = (json!({}), json!({ "courier_id": lata, "note": "she stands there" }));
        let (accepted, assigned) = tokio::join!(kiran.post(&accept, &nothing), meena.post(&assign, &to_lata));
        // A dispatcher may take an order from a rider on purpose, but not by having looked too early.
        let holder = holder(&web, order).await;
        assert!(accepted.status == 200 || assigned.status == 200);
        assert_eq!(holder == json!(lata), assigned.status == 200, "{} / {}", accepted.text(), assigned.text());
        // One who took it and lost it again on purpose is not told that it is theirs.
        let twice = kiran.post(&accept, &nothing).await;
        assert_eq!(twice.status == 200, holder != json!(lata), "{}", twice.text());
    }
}

#[tokio::test]
async fn a_rider_who_falls_silent_before_the_counter_loses_the_order() {
    let web = patient().await;
    let order = waiting(&web).await;
    web.city.dispatcher().assigns(order, "lata").await;
    web.city.wait(9 * 60);
    web.city.app.reconcile_once(false).await.unwrap();
    assert_eq!(holder(&web, order).await, json!(web.city.courier("lata").id), "nine minutes may be a tunnel");
    web.city.wait(2 * 60);
    web.city.app.reconcile_once(false).await.unwrap();
    web.city.app.reconcile_once(false).await.unwrap();
    assert_eq!(holder(&web, order).await, json!(null));
    // Back again, she is not asked for the same order at once; Kiran is.
    web.city.courier("lata").is_at(ANNAPURNA).await;
    web.city.courier("kiran").is_at(ANNAPURNA).await;
    assert_eq!(dispatched(&web).await, 1);
    assert_eq!(web.city.courier("lata").offers().await, []);
    assert_eq!(web.city.courier("kiran").offers().await.len(), 1);
}

#[tokio::test]
async fn who_waits_at_the_counter_may_put_the_phone_away() {
    let web = patient().await;
    let order = waiting(&web).await;
    web.city.dispatcher().assigns(order, "kiran").await;
    web.user("kiran").await.post(&format!("/orders/{order}/arrive"), &json!({})).await.ok();
    web.city.wait(20 * 60);
    web.city.app.reconcile_once(false).await.unwrap();
    assert_eq!(holder(&web, order).await, json!(web.city.courier("kiran").id));
}

#[tokio::test]
async fn food_stays_with_a_silent_rider_who_is_called_once_and_shown_first() {
    let web = patient().await;
    let order = waiting(&web).await;
    web.city.dispatcher().assigns(order, "kiran").await;
    web.city.courier("kiran").picks_up(order).await;
    web.city.wait(6 * 60);
    for _ in 0..2 {
        web.city.app.reconcile_once(false).await.unwrap();
    }
    assert_eq!(holder(&web, order).await, json!(web.city.courier("kiran").id), "the leg is frozen");
    let live = web.city.app.live_city(&web.city.system(), web.city.id).await.unwrap();
    assert_eq!(live.exceptions.first().map(|it| it.kind), Some(ExceptionKind::CourierDark));
    web.city.app.consume_all().await.unwrap();
    let messages = web.city.app.mailbox(None, 50).await.unwrap();
    let calls = messages.iter().filter(|message| message.body.contains("said nothing for five minutes")).count();
    assert_eq!(calls, 1);
    let body = json!({ "courier_id": web.city.courier("lata").id, "note": "hers now" });
    web.user("meena").await.post(&format!("/orders/{order}/assign"), &body).await.refused(409, "illegal-transition");
    let bulk = json!({ "order_ids": [order], "reason": "hers now" });
    let answer = web.user("meena").await.post("/orders/reassign", &bulk).await.ok();
    assert_eq!(items(&answer)[0]["problem"]["code"], "illegal-transition");
    web.city.courier("kiran").is_at(ANNAPURNA).await;
    web.city.courier("kiran").delivers(order).await;
}

#[tokio::test]
async fn many_orders_change_hands_at_once_and_each_is_answered() {
    let web = patient().await;
    let (one, two) = (waiting(&web).await, waiting(&web).await);
    web.city.dispatcher().assigns(one, "kiran").await;
    web.city.dispatcher().assigns(two, "kiran").await;
    web.city.courier("kiran").picks_up(two).await;
    let unknown = uuid::Uuid::from_u128(7);
    let meena = web.user("meena").await;
    let lata = web.city.courier("lata").id;
    let body = json!({ "order_ids": [one, two, unknown], "courier_id": lata, "reason": "a flat tyre" });
    let answer = meena.post("/orders/reassign", &body).await.ok();
    let codes: Vec<_> = items(&answer).iter().map(|it| it["problem"]["code"].clone()).collect();
    assert_eq!(codes, [json!(null), json!("illegal-transition"), json!("not-found")]);
    assert_eq!(holder(&web, one).await, json!(lata));
    let back = json!({ "order_ids": [one], "reason": "she is too far" });
    let answer = meena.post("/orders/reassign", &back).await.ok();
    assert_eq!(items(&answer)[0]["order"]["courier"], json!(null));
    web.city.wait(700);
    web.city.courier("lata").is_at(BIRYANI).await;
    for (body, pointer) in [
        (json!({ "order_ids": [], "reason": "none" }), "/order_ids"),
        (json!({ "order_ids": [one], "reason": " " }), "/reason"),
        (json!({ "order_ids": [one], "courier_id": unknown, "reason": "who?" }), "/courier_id"),
    ] {
        let refused = meena.post("/orders/reassign", &body).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer);
    }
}
