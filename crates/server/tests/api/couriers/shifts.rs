//! Shifts: planned by Meena, taken by Kiran or Lata, worked until their end; and breaks.

use axum::http::Method;
use serde_json::{Value, json};
use testkit::city::ANNAPURNA;

use super::patient;
use crate::{
    orders::story::{id, items},
    support::{Answer, Client, Web},
};

async fn planned(web: &Web, from: &str, to: &str, places: i64) -> Vec<Value> {
    let body = json!({ "city_id": web.city.id, "starts_at": from, "ends_at": to, "places": places });
    let made = web.user("meena").await.post("/shifts", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    items(&made.json()).to_vec()
}

async fn takes(client: &Client, courier: impl std::fmt::Display, shift: &Value) -> Answer {
    client.post(&format!("/couriers/{courier}/shifts"), &json!({ "shift_id": shift["id"] })).await
}

#[tokio::test]
async fn of_two_who_take_a_shift_one_has_it() {
    let web = patient().await;
    let shift = planned(&web, "2026-11-20T12:00:00Z", "2026-11-20T16:00:00Z", 1).await[0].clone();
    let (kiran, lata) = (web.user("kiran").await, web.user("lata").await);
    let (one, two) = (web.city.courier("kiran").id, web.city.courier("lata").id);
    let (first, second) = tokio::join!(takes(&kiran, one, &shift), takes(&lata, two, &shift));
    let mut answers = [first.status, second.status];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    let (winner, who) = if first.status == 200 { (&kiran, one) } else { (&lata, two) };
    takes(winner, who, &shift).await.ok();
    let mine = format!("/couriers/{who}/shifts/{}", id(&shift));
    assert_eq!(winner.ask(Method::DELETE, &mine, &[], None).await.status, 204);
    let (loser, whose) = if who == one { (&lata, two) } else { (&kiran, one) };
    takes(loser, whose, &shift).await.ok();
}

#[tokio::test]
async fn nobody_has_two_shifts_at_a_time() {
    let web = patient().await;
    let early = planned(&web, "2026-11-20T12:00:00Z", "2026-11-20T16:00:00Z", 2).await;
    let late = planned(&web, "2026-11-20T16:00:00Z", "2026-11-20T20:00:00Z", 1).await;
    let kiran = web.user("kiran").await;
    let who = web.city.courier("kiran").id;
    let (one, other) = tokio::join!(takes(&kiran, who, &early[0]), takes(&kiran, who, &early[1]));
    let mut answers = [one.status, other.status];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    takes(&kiran, who, &late[0]).await.ok();
    let left = if one.status == 200 { &early[1] } else { &early[0] };
    let body = json!({ "courier_id": who });
    let assign = format!("/shifts/{}/assign", id(left));
    web.user("meena").await.post(&assign, &body).await.refused(409, "shift-overlaps");
}

#[tokio::test]
async fn a_begun_shift_is_not_given_back_and_a_wrong_one_not_planned() {
    let web = patient().await;
    let shift = planned(&web, "2026-11-20T07:00:00Z", "2026-11-20T09:00:00Z", 1).await[0].clone();
    let kiran = web.user("kiran").await;
    let who = web.city.courier("kiran").id;
    takes(&kiran, who, &shift).await.ok();
    let mine = format!("/couriers/{who}/shifts/{}", id(&shift));
    kiran.ask(Method::DELETE, &mine, &[], None).await.refused(409, "shift-gone");
    let meena = web.user("meena").await;
    let wrong = [
        ("2026-11-21T07:00:00Z", "2026-11-21T07:10:00Z", "/ends_at", "max_minutes"),
        ("2026-11-19T07:00:00Z", "2026-11-19T09:00:00Z", "/ends_at", "min"),
        ("2036-11-21T07:00:00Z", "2036-11-21T09:00:00Z", "/starts_at", "max"),
    ];
    for (from, to, pointer, limit) in wrong {
        let body = json!({ "city_id": web.city.id, "starts_at": from, "ends_at": to });
        let refused = meena.post("/shifts", &body).await.refused(422, "out-of-range");
        assert_eq!(refused["errors"][0]["pointer"], pointer);
        assert!(!refused["errors"][0]["params"][limit].is_null(), "{refused}");
    }
}

#[tokio::test]
async fn a_planned_shift_ends_by_itself_and_nothing_is_offered_that_would_be_later() {
    let web = patient().await;
    let shift = planned(&web, "2026-11-20T07:00:00Z", "2026-11-20T07:50:00Z", 1).await[0].clone();
    let kiran = web.user("kiran").await;
    let who = web.city.courier("kiran").id;
    takes(&kiran, who, &shift).await.ok();
    let path = format!("/couriers/{who}/shift");
    kiran.post(&path, &json!({ "on": false })).await.ok();
    let begun = kiran.post(&path, &json!({ "on": true })).await.ok();
    assert_eq!(begun["shift_ends_at"], "2026-11-20T07:50:00Z");
    // 31 minutes are left; the food is ready in fifteen, and then there is time.
    let order = web.city.customer("asha").orders("masala dosa").await;
    web.city.kitchen("annapurna").accepts(order).await;
    let candidates = format!("/orders/{order}/candidates");
    let meena = web.user("meena").await;
    assert_eq!(meena.get(&candidates).await.ok()["items"][0]["courier_id"], json!(who));
    web.city.wait(28 * 60);
    let late = web.city.customer("ravi").orders("masala dosa").await;
    web.city.kitchen("annapurna").accepts(late).await;
    web.city.courier("kiran").is_at(ANNAPURNA).await;
    let ranked = meena.get(&format!("/orders/{late}/candidates")).await.ok();
    let reasons: Vec<_> = ranked["impossible"].as_array().unwrap().iter().map(|it| it["reason"].clone()).collect();
    assert!(reasons.contains(&json!("shift-over")), "{ranked}");
    web.city.wait(10 * 60);
    web.city.app.reconcile_once(false).await.unwrap();
    assert_eq!(kiran.get(&format!("/couriers/{who}")).await.ok()["on_shift"], false);
}

#[tokio::test]
async fn a_shift_that_is_cancelled_or_taken_away_ends_nothing_and_is_told() {
    let web = patient().await;
    let (kiran, meena) = (web.user("kiran").await, web.user("meena").await);
    let (who, lata) = (web.city.courier("kiran").id, web.city.courier("lata").id);
    let me = format!("/couriers/{who}");
    for by in ["cancelled", "opened", "given to lata"] {
        let shift = planned(&web, "2026-11-20T07:00:00Z", "2026-11-20T07:50:00Z", 1).await[0].clone();
        takes(&kiran, who, &shift).await.ok();
        kiran.post(&format!("{me}/shift"), &json!({ "on": false })).await.ok();
        let begun = kiran.post(&format!("{me}/shift"), &json!({ "on": true })).await.ok();
        assert_eq!(begun["shift_ends_at"], "2026-11-20T07:50:00Z");
        let path = format!("/shifts/{}", id(&shift));
        let assign = format!("{path}/assign");
        match by {
            "cancelled" => assert_eq!(meena.ask(Method::DELETE, &path, &[], None).await.status, 204),
            "opened" => drop(meena.post(&assign, &json!({ "courier_id": null })).await.ok()),
            _ => drop(meena.post(&assign, &json!({ "courier_id": lata })).await.ok()),
        }
        assert_eq!(kiran.get(&me).await.ok()["shift_ends_at"], json!(null), "{by}");
    }
    web.city.wait(3_600);
    web.city.app.reconcile_once(false).await.unwrap();
    assert_eq!(kiran.get(&me).await.ok()["on_shift"], true);
    web.city.app.consume_all().await.unwrap();
    let told = web.city.app.mailbox(None, 50).await.unwrap();
    let told: Vec<_> = told.into_iter().filter(|message| message.body.starts_with("Your shift of")).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    let phone = &web.city.person("kiran").phone;
    let text = "Your shift of 20 November, 12:30 is not yours any more. The app shows which ones are.";
    assert!(told.iter().all(|message| message.recipient == *phone && message.body == text), "{told:?}");
}

#[tokio::test]
async fn who_gives_a_shift_back_is_not_told_that_it_is_gone() {
    let web = patient().await;
    let shift = planned(&web, "2026-11-20T12:00:00Z", "2026-11-20T16:00:00Z", 1).await[0].clone();
    let kiran = web.user("kiran").await;
    let who = web.city.courier("kiran").id;
    takes(&kiran, who, &shift).await.ok();
    let mine = format!("/couriers/{who}/shifts/{}", id(&shift));
    assert_eq!(kiran.ask(Method::DELETE, &mine, &[], None).await.status, 204);
    web.city.app.consume_all().await.unwrap();
    let told = web.city.app.mailbox(None, 50).await.unwrap();
    assert!(told.iter().all(|message| !message.body.starts_with("Your shift of")), "{told:?}");
}

#[tokio::test]
async fn shifts_without_a_gap_are_worked_as_one() {
    let web = patient().await;
    let first = planned(&web, "2026-11-20T07:00:00Z", "2026-11-20T07:50:00Z", 1).await[0].clone();
    let next = planned(&web, "2026-11-20T07:50:00Z", "2026-11-20T09:00:00Z", 1).await[0].clone();
    let third = planned(&web, "2026-11-20T09:00:00Z", "2026-11-20T10:00:00Z", 1).await[0].clone();
    let later = planned(&web, "2026-11-20T10:30:00Z", "2026-11-20T12:00:00Z", 1).await[0].clone();
    let kiran = web.user("kiran").await;
    let who = web.city.courier("kiran").id;
    let me = format!("/couriers/{who}");
    for shift in [&first, &next, &later] {
        takes(&kiran, who, shift).await.ok();
    }
    kiran.post(&format!("{me}/shift"), &json!({ "on": false })).await.ok();
    let begun = kiran.post(&format!("{me}/shift"), &json!({ "on": true })).await.ok();
    assert_eq!(begun["shift_ends_at"], "2026-11-20T09:00:00Z", "the one after a gap is another");
    web.city.wait(40 * 60);
    web.city.app.reconcile_once(false).await.unwrap();
    assert_eq!(kiran.get(&me).await.ok()["on_shift"], true);
    takes(&kiran, who, &third).await.ok();
    assert_eq!(kiran.get(&me).await.ok()["shift_ends_at"], "2026-11-20T10:00:00Z", "taken at work");
    let mine = format!("{me}/shifts/{}", id(&third));
    assert_eq!(kiran.ask(Method::DELETE, &mine, &[], None).await.status, 204);
    assert_eq!(kiran.get(&me).await.ok()["shift_ends_at"], "2026-11-20T09:00:00Z");
}

#[tokio::test]
async fn a_break_keeps_offers_away_and_ends_by_itself() {
    let web = patient().await;
    let kiran = web.user("kiran").await;
    let who = web.city.courier("kiran").id;
    let path = format!("/couriers/{who}/break");
    kiran.post(&path, &json!({ "minutes": 0 })).await.refused(422, "out-of-range");
    assert_eq!(kiran.post(&path, &json!({ "minutes": 10 })).await.ok()["state"], "on_break");
    let order = web.city.customer("asha").orders("masala dosa").await;
    web.city.kitchen("annapurna").accepts(order).await;
    web.city.kitchen("annapurna").readies(order).await;
    web.city.app.dispatch_city(&web.city.system(), web.city.id).await.unwrap();
    assert_eq!(web.city.courier("kiran").offers().await, []);
    web.city.wait(601);
    web.city.courier("kiran").is_at(ANNAPURNA).await;
    assert_eq!(kiran.get(&format!("/couriers/{who}")).await.ok()["state"], "free");
    web.city.app.dispatch_city(&web.city.system(), web.city.id).await.unwrap();
    assert_eq!(web.city.courier("kiran").offers().await.len(), 1);
    let counted = kiran.get(&format!("/couriers/{who}/acceptance")).await.ok();
    assert_eq!(counted, json!({ "offered": 0, "accepted": 0 }));
    let offer = web.city.courier("kiran").offers().await[0];
    kiran.post(&format!("/offers/{offer}/accept"), &json!({})).await.ok();
    let counted = kiran.get(&format!("/couriers/{who}/acceptance")).await.ok();
    assert_eq!(counted, json!({ "offered": 1, "accepted": 1 }));
    web.city.wait(10);
    kiran.post(&path, &json!({ "minutes": null })).await.ok();
}
