//! Papers run out: a warning a month and a week ahead, no new offers at the end, and new ones once a renewed one is accepted.

use domain::id::CourierId;
use serde_json::json;
use testkit::city::ANNAPURNA;

use super::{
    applications::{DEVI, approved},
    patient,
    pictures::hands_in,
};
use crate::{orders::story::id, support::Web};

const DAY_S: i64 = 86_400;

async fn warnings(web: &Web) -> Vec<String> {
    web.city.app.consume_all().await.unwrap();
    let messages = web.city.app.mailbox(None, 100).await.unwrap();
    let own = messages.into_iter().filter(|message| message.recipient == DEVI);
    let mut own: Vec<String> = own.map(|message| message.body).filter(|body| body.contains("insurance")).collect();
    own.reverse();
    own
}

#[tokio::test]
async fn a_document_that_runs_out_is_warned_of_and_ends_the_offers() {
    let web = patient().await;
    let courier = approved(&web).await;
    let devi = web.stranger().with_token(&web.city.log_in_by_phone(DEVI).await.access_token);
    let path = format!("/couriers/{courier}");
    devi.post(&format!("{path}/shift"), &json!({ "on": true })).await.ok();
    web.city.app.watch_documents().await.unwrap();
    assert_eq!(warnings(&web).await.len(), 0, "the insurance holds for 41 days");
    for (days, told) in [(11, 1), (1, 1), (23, 2), (7, 3), (1, 3)] {
        web.city.wait(days * DAY_S);
        web.city.app.watch_documents().await.unwrap();
        web.city.app.watch_documents().await.unwrap();
        assert_eq!(warnings(&web).await.len(), told, "{days} more days");
    }
    let me = devi.get(&path).await.ok();
    assert_eq!((&me["papers_lapsed"], &me["on_shift"]), (&json!(true), &json!(true)));
    let papers = devi.get(&format!("{path}/documents")).await.ok();
    assert_eq!(papers["missing"], json!(["insurance"]));
    let devi_id = CourierId(courier.parse().unwrap());
    let order = web.city.customer("asha").orders("masala dosa").await;
    web.city.kitchen("annapurna").accepts(order).await;
    let body = json!({ "courier_id": courier, "note": "nearest" });
    let assign = format!("/orders/{order}/assign");
    web.user("meena").await.post(&assign, &body).await.refused(409, "courier-unavailable");
    let renewed = json!({ "kind": "insurance", "number": "POL/2027-78", "expires_on": "2027-12-31" });
    let waiting = hands_in(&devi, &path, &renewed).await;
    let decide = format!("/couriers/documents/{}/review", id(&waiting));
    let anand = web.user("anand").await;
    anand.post(&decide, &json!({ "accept": false })).await.refused(422, "wrong-format");
    let papers = anand.post(&decide, &json!({ "accept": true })).await.ok();
    assert_eq!(papers["missing"], json!([]));
    anand.post(&decide, &json!({ "accept": true })).await.refused(409, "illegal-step");
    assert_eq!(devi.get(&path).await.ok()["papers_lapsed"], false);
    let fix = app::positions::Fix {
        lat: ANNAPURNA.lat,
        lng: ANNAPURNA.lng,
        accuracy_m: 9.0,
        at: web.city.system().now,
        mocked: false,
    };
    let actor = domain::permission::Actor::System;
    web.city.app.report_positions(&web.city.app.ctx(actor), devi_id, &[fix]).await.unwrap();
    web.user("meena").await.post(&assign, &body).await.ok();
}

#[tokio::test]
async fn a_document_that_ran_out_while_it_waited_is_not_accepted() {
    let web = patient().await;
    let courier = approved(&web).await;
    let anand = web.user("anand").await;
    let renewed = json!({ "kind": "insurance", "number": "POL/2026-78", "expires_on": "2026-11-21" });
    let waiting = hands_in(&anand, &format!("/couriers/{courier}"), &renewed).await;
    let decide = format!("/couriers/documents/{}/review", id(&waiting));
    web.city.wait(2 * DAY_S);
    let refused = anand.post(&decide, &json!({ "accept": true })).await.refused(409, "document-expired");
    assert_eq!(refused["errors"][0]["pointer"], "/accept");
    anand.post(&decide, &json!({ "accept": false, "reason": "It ran out." })).await.ok();
}

#[tokio::test]
async fn replaced_documents_are_forgotten_after_ninety_days() {
    let web = patient().await;
    let courier = approved(&web).await;
    let anand = web.user("anand").await;
    let path = format!("/couriers/{courier}/documents");
    for number in ["POL/2027-78", "POL/2027-79", "POL/2027-80"] {
        // Ids are in the order of time, by the millisecond.
        web.city.wait(1);
        let renewed = json!({ "kind": "insurance", "number": number, "expires_on": "2027-12-31" });
        let waiting = hands_in(&anand, &format!("/couriers/{courier}"), &renewed).await;
        anand.post(&format!("/couriers/documents/{}/review", id(&waiting)), &json!({ "accept": true })).await.ok();
    }
    let replaced = async || {
        let papers = anand.get(&path).await.ok();
        let replaced = papers["items"].as_array().unwrap().iter().filter(|it| it["state"] == "replaced");
        replaced.map(|it| it["number"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let all = ["POL/2027-79", "POL/2027-78", "POL/2026-77"];
    web.city.wait(89 * DAY_S);
    web.city.app.tidy().await.unwrap();
    assert_eq!(replaced().await, all);
    web.city.wait(2 * DAY_S);
    web.city.app.tidy().await.unwrap();
    // The first one came with the application: that there was one is still known, so the papers are still asked for.
    assert_eq!(replaced().await, ["XXXX"]);
    assert_eq!(anand.get(&path).await.ok()["missing"], json!([]));
}

#[tokio::test]
async fn food_in_hand_stays_in_hand_when_papers_run_out() {
    let web = patient().await;
    let courier = approved(&web).await;
    let devi = web.stranger().with_token(&web.city.log_in_by_phone(DEVI).await.access_token);
    devi.post(&format!("/couriers/{courier}/shift"), &json!({ "on": true })).await.ok();
    web.city.wait(41 * DAY_S);
    let order = web.city.customer("asha").orders("masala dosa").await;
    web.city.kitchen("annapurna").accepts(order).await;
    let body = json!({ "courier_id": courier, "note": "nearest" });
    web.user("meena").await.post(&format!("/orders/{order}/assign"), &body).await.ok();
    web.city.wait(DAY_S);
    web.city.app.watch_documents().await.unwrap();
    let seen = devi.get(&format!("/orders/{order}")).await.ok();
    assert_eq!(seen["courier"]["id"], courier.as_str(), "{seen}");
    let move_on = format!("/real-time/update-order-status/{order}");
    web.city.kitchen("annapurna").readies(order).await;
    devi.post(&move_on, &json!({ "status": "picked_up" })).await.ok();
}

#[tokio::test]
async fn a_faster_vehicle_needs_its_papers_first() {
    let web = patient().await;
    let anand = web.user("anand").await;
    let courier = approved(&web).await;
    let path = format!("/couriers/{courier}");
    web.city.wait(42 * DAY_S);
    web.city.app.watch_documents().await.unwrap();
    assert_eq!(anand.get(&path).await.ok()["papers_lapsed"], true, "the insurance of the scooter ran out");
    let rides = async |vehicle: &str| {
        let change = json!({ "vehicle": vehicle });
        anand.ask(axum::http::Method::PATCH, &path, &[], Some(&change)).await.ok()["papers_lapsed"].clone()
    };
    assert_eq!(rides("bicycle").await, false);
    assert_eq!(rides("van").await, true);
}

#[tokio::test]
async fn who_was_registered_by_staff_is_not_barred_by_the_first_paper_shown() {
    let web = patient().await;
    let anand = web.user("anand").await;
    let path = format!("/couriers/{}", web.city.courier("kiran").id);
    let pan = json!({ "kind": "pan", "number": "AAZPZ0001A" });
    let waiting = hands_in(&anand, &path, &pan).await;
    let decide = format!("/couriers/documents/{}/review", id(&waiting));
    assert_eq!(anand.post(&decide, &json!({ "accept": true })).await.ok()["missing"], json!([]));
    assert_eq!(anand.get(&path).await.ok()["papers_lapsed"], false);
}
