//! Devi applies with her phone, her scooter and her papers; Anand looks and decides.

use std::collections::BTreeSet;

use axum::http::Method;
use domain::event::{Event, OfferState};
use serde_json::{Value, json};
use store::{messages::MessageRow, outbox::Position};
use testkit::eventually;

use super::{
    patient,
    pictures::{PICTURE, sends_picture},
};
use crate::{
    orders::story::{id, items},
    support::{Answer, Web},
};

pub(super) const DEVI: &str = "+919876511111";

/// Devi's application with a scooter, as of 20 November 2026.
pub(super) fn scooter(web: &Web, code: &str) -> Value {
    json!({
        "phone": DEVI, "code": code, "name": " Devi Rao ", "city_id": web.city.id, "vehicle": "scooter",
        "languages": ["kn", "en", "kn"],
        "documents": [
            { "kind": "driving_licence", "number": "KA01 20190001234", "expires_on": "2030-05-31" },
            { "kind": "vehicle_registration", "number": "KA-01-AB-1234", "expires_on": "2034-01-15" },
            { "kind": "insurance", "number": "pol/2026-77", "expires_on": "2026-12-31" },
            { "kind": "pan", "number": "aazpz0001a" },
            { "kind": "identity", "number": "7058" },
        ],
    })
}

/// Devi applies, and sends a picture of each paper.
pub(super) async fn applied(web: &Web) -> Value {
    let application = applied_without_pictures(web).await;
    for document in items_of(&application["documents"]) {
        sends_picture(web, &application, &document, PICTURE).await.ok();
    }
    application
}

/// Devi applies, and it is taken.
pub(super) async fn applied_without_pictures(web: &Web) -> Value {
    let code = web.city.code_for(DEVI).await;
    let made = web.stranger().post("/couriers/applications", &scooter(web, &code)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()
}

/// Anand moves an application on.
pub(super) async fn review(web: &Web, application: &Value, state: &str, reason: Option<&str>) -> Answer {
    let body = json!({ "state": state, "version": application["version"], "reason": reason });
    let path = format!("/couriers/applications/{}/review", id(application));
    web.user("anand").await.post(&path, &body).await
}

/// Devi is a courier: her id.
pub(super) async fn approved(web: &Web) -> String {
    let looked_at = review(web, &applied(web).await, "under_review", None).await.ok();
    let approved = review(web, &looked_at, "approved", None).await.ok();
    approved["courier_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn somebody_applies_is_looked_at_and_rides() {
    let web = patient().await;
    let application = applied(&web).await;
    assert_eq!((&application["state"], &application["name"]), (&json!("applied"), &json!("Devi Rao")));
    assert_eq!(application["languages"], json!(["en", "kn"]));
    assert_eq!(application["history"], json!([]), "who decides is not told outside");
    let looked_at = review(&web, &application, "under_review", None).await.ok();
    let done = review(&web, &looked_at, "approved", Some("papers seen")).await.ok();
    let steps: Vec<_> =
        items_of(&done["history"]).iter().map(|step| (step["to"].clone(), step["by"].clone())).collect();
    let anand = json!("Anand");
    let wanted = [("applied", Value::Null), ("under_review", anand.clone()), ("approved", anand)];
    assert_eq!(steps, wanted.map(|(to, by)| (json!(to), by)));
    let session = web.city.log_in_by_phone(DEVI).await;
    let devi = web.stranger().with_token(&session.access_token);
    let me = devi.get("/auth/me").await.ok();
    assert_eq!((&me["role"], &me["courier_id"]), (&json!("courier"), &done["courier_id"]));
    let courier = format!("/couriers/{}", done["courier_id"].as_str().unwrap());
    assert_eq!(devi.get(&courier).await.ok()["vehicle"], "scooter");
    assert_eq!(devi.post(&format!("{courier}/shift"), &json!({ "on": true })).await.ok()["state"], "free");
}

pub(super) fn items_of(list: &Value) -> Vec<Value> {
    list.as_array().unwrap().clone()
}

#[tokio::test]
async fn the_numbers_are_whole_only_for_who_decides() {
    let web = patient().await;
    let application = applied(&web).await;
    let path = format!("/couriers/applications/{}", id(&application));
    let numbers = |answer: &Value| {
        let documents = items_of(&answer["documents"]);
        documents.iter().map(|document| document["number"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let masked = ["XXXXXXXXXXX1234", "XXXX XXXX 7058", "XXXXXXX6-77", "XXXXXX001A", "XXXXXX1234"];
    let whole = ["KA0120190001234", "XXXX XXXX 7058", "POL/2026-77", "AAZPZ0001A", "KA01AB1234"];
    let sorted = |wanted: [&str; 5]| {
        let mut wanted = wanted.map(str::to_owned).to_vec();
        wanted.sort();
        wanted
    };
    let shown = |answer: &Value| {
        let mut numbers = numbers(answer);
        numbers.sort();
        numbers
    };
    assert_eq!(shown(&application), sorted(masked));
    assert_eq!(shown(&web.user("meena").await.get(&path).await.ok()), sorted(masked));
    // Of an Aadhaar there is nothing more to show.
    assert_eq!(shown(&web.user("anand").await.get(&path).await.ok()), sorted(whole));
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_named() {
    let web = patient().await;
    let code = web.city.code_for(DEVI).await;
    let with = |pointer: &str, value: Value| {
        let mut body = scooter(&web, &code);
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let aadhaar = json!("2341 2341 2346");
    let cases = [
        (with("/documents/4/number", aadhaar), "wrong-format", "/documents/4/number"),
        (with("/documents/0/number", json!("KA01")), "wrong-format", "/documents/0/number"),
        (with("/documents/2/expires_on", json!("2026-11-19")), "out-of-range", "/documents/2/expires_on"),
        (with("/documents/2/expires_on", Value::Null), "wrong-format", "/documents/2/expires_on"),
        (with("/documents/3/kind", json!("identity")), "wrong-format", "/documents/3/number"),
        (with("/documents/3", json!({ "kind": "identity", "number": "1234" })), "already-exists", "/documents/4/kind"),
        (with("/languages", json!(["kn", "tlh"])), "unknown-reference", "/languages/1"),
        (with("/languages", json!([])), "wrong-format", "/languages"),
        (with("/code", json!("000000")), "wrong-code", "/code"),
    ];
    for (body, problem, pointer) in cases {
        let answer = web.stranger().post("/couriers/applications", &body).await;
        let status = if problem == "already-exists" { 409 } else { answer.status };
        assert_eq!(answer.refused(status, problem)["errors"][0]["pointer"], pointer, "{}", answer.text());
        assert!(!answer.text().contains("2341"), "nobody is told an Aadhaar number");
    }
    let mut few = scooter(&web, &code);
    few["documents"].as_array_mut().unwrap().remove(2);
    let answer = web.stranger().post("/couriers/applications", &few).await;
    let problem = answer.refused(answer.status, "document-missing");
    assert_eq!(problem["errors"][0]["params"]["kind"], "insurance", "{problem}");
}

#[tokio::test]
async fn a_phone_applies_once_at_a_time() {
    let web = patient().await;
    let application = applied(&web).await;
    let code = web.city.code_for(DEVI).await;
    let again = web.stranger().post("/couriers/applications", &scooter(&web, &code)).await;
    assert_eq!(again.refused(409, "already-exists")["errors"][0]["pointer"], "/phone");
    let looked_at = review(&web, &application, "under_review", None).await.ok();
    assert_eq!(
        review(&web, &looked_at, "rejected", None).await.refused(422, "wrong-format")["errors"][0]["pointer"],
        "/reason"
    );
    review(&web, &looked_at, "rejected", Some("The licence is of somebody else.")).await.ok();
    let code = web.city.code_for(DEVI).await;
    let own = json!({ "phone": DEVI, "code": code });
    let told = web.stranger().post("/couriers/applications/status", &own).await.ok();
    assert_eq!((&told["state"], &told["reason"]), (&json!("rejected"), &json!("The licence is of somebody else.")));
    web.stranger().post("/couriers/applications/status", &own).await.refused(422, "wrong-code");
    assert_ne!(id(&applied(&web).await), id(&application), "after a rejection the next may follow");
}

#[tokio::test]
async fn whoever_has_an_account_applies_with_another_number() {
    let web = patient().await;
    let asha = web.city.person("asha").phone.clone();
    let code = web.city.code_for(&asha).await;
    let mut body = scooter(&web, &code);
    body["phone"] = json!(asha);
    let answer = web.stranger().post("/couriers/applications", &body).await;
    assert_eq!(answer.refused(409, "already-exists")["errors"][0]["pointer"], "/phone");
}

#[tokio::test]
async fn logging_in_before_the_decision_does_not_take_the_number_away() {
    let web = patient().await;
    let looked_at = review(&web, &applied(&web).await, "under_review", None).await.ok();
    let code = web.city.code_for(DEVI).await;
    let by_code = json!({ "phone": DEVI, "code": code });
    let refused = web.stranger().post("/auth/otp/verify", &by_code).await.refused(409, "application-waiting");
    assert_eq!(refused["errors"][0]["pointer"], "/phone");
    let by_password = json!({ "name": "Devi", "phone": DEVI, "login": "devi", "password": "a long enough one" });
    web.stranger().post("/auth/register", &by_password).await.refused(409, "application-waiting");
    let told = web.stranger().post("/couriers/applications/status", &by_code).await.ok();
    assert_eq!(told["state"], "under_review", "the code is still good");
    review(&web, &looked_at, "approved", None).await.ok();
    assert_eq!(web.city.log_in_by_phone(DEVI).await.user.role, domain::permission::Role::Courier);
}

#[tokio::test]
async fn an_application_whose_papers_ran_out_meanwhile_is_not_approved() {
    let web = patient().await;
    let looked_at = review(&web, &applied(&web).await, "under_review", None).await.ok();
    web.city.wait(42 * 86_400);
    let refused = review(&web, &looked_at, "approved", None).await.refused(409, "document-expired");
    let blamed = &refused["errors"][0];
    assert_eq!((&blamed["pointer"], &blamed["params"]["kind"]), (&json!("/state"), &json!("insurance")));
    review(&web, &looked_at, "rejected", Some("The insurance ran out.")).await.ok();
}

#[tokio::test]
async fn of_a_removed_courier_nothing_is_left_that_names_the_person() {
    let web = patient().await;
    let courier = approved(&web).await;
    let session = web.city.log_in_by_phone(DEVI).await;
    let anand = web.user("anand").await;
    let list = anand.get("/couriers/applications?state=approved").await.ok();
    let path = format!("/couriers/applications/{}", id(&items(&list)[0]));
    assert_eq!(anand.ask(Method::DELETE, &format!("/couriers/{courier}"), &[], None).await.status, 204);
    let left = anand.get(&path).await.ok();
    assert_eq!(
        (&left["name"], &left["phone"], &left["documents"]),
        (&json!("Deleted courier"), &json!(""), &json!([]))
    );
    let refresh = json!({ "refresh_token": session.refresh_token });
    assert_eq!(web.stranger().post("/auth/refresh", &refresh).await.status, 401);
    let users = anand.get("/users?limit=100").await.ok();
    let closed = items(&users).iter().find(|user| user["courier_id"] == courier.as_str()).unwrap().clone();
    assert_eq!((&closed["name"], &closed["disabled"]), (&json!("Deleted courier"), &json!(true)));
    assert_ne!(approved(&web).await, courier, "the person may apply again");
}

#[tokio::test]
async fn numbers_of_a_rejected_application_are_forgotten_after_ninety_days() {
    let web = patient().await;
    let looked_at = review(&web, &applied(&web).await, "under_review", None).await.ok();
    review(&web, &looked_at, "rejected", Some("The licence is of somebody else.")).await.ok();
    let path = format!("/couriers/applications/{}", id(&looked_at));
    let anand = web.user("anand").await;
    for (days, kept) in [(89, 5), (2, 0)] {
        web.city.wait(days * 86_400);
        web.city.app.tidy().await.unwrap();
        assert_eq!(items_of(&anand.get(&path).await.ok()["documents"]).len(), kept);
    }
}

#[tokio::test]
async fn no_step_is_jumped_or_taken_twice() {
    let web = patient().await;
    let application = applied(&web).await;
    for state in ["approved", "rejected", "suspended", "applied"] {
        review(&web, &application, state, Some("why not")).await.refused(409, "illegal-step");
    }
    review(&web, &application, "under_review", None).await.ok();
    // Somebody else opened the same page before.
    let late = review(&web, &application, "under_review", None).await;
    assert_eq!(late.status, 409, "{}", late.text());
    let web_path = format!("/couriers/applications/{}", id(&application));
    assert_eq!(items_of(&web.user("meena").await.get(&web_path).await.ok()["history"]).len(), 2);
    let body = json!({ "state": "approved", "version": 1 });
    let path = format!("{web_path}/review");
    web.user("meena").await.post(&path, &body).await.refused(403, "forbidden");
}

#[tokio::test]
async fn of_two_who_approve_at_once_one_makes_the_courier() {
    let web = patient().await;
    let looked_at = review(&web, &applied(&web).await, "under_review", None).await.ok();
    let anand = web.user("anand").await;
    let path = format!("/couriers/applications/{}/review", id(&looked_at));
    let body = json!({ "state": "approved", "version": looked_at["version"] });
    let (one, other) = tokio::join!(anand.post(&path, &body), anand.post(&path, &body));
    let late = if one.status == 200 { &other } else { &one };
    late.refused(409, "version-conflict");
    assert_eq!(one.status.min(other.status), 200);
    let couriers = web.user("anand").await.get("/couriers?limit=100").await.ok();
    let called = items(&couriers).iter().filter(|courier| courier["name"] == "Devi Rao").count();
    assert_eq!(called, 1);
}

#[tokio::test]
async fn a_suspended_courier_begins_no_shift_until_it_is_taken_back() {
    let web = patient().await;
    let courier = approved(&web).await;
    let list = web.user("anand").await.get("/couriers/applications?state=approved").await.ok();
    let application = items(&list)[0].clone();
    let suspended = review(&web, &application, "suspended", Some("Two complaints; we look into them.")).await.ok();
    let devi = web.stranger().with_token(&web.city.log_in_by_phone(DEVI).await.access_token);
    let shift = format!("/couriers/{courier}/shift");
    devi.post(&shift, &json!({ "on": true })).await.refused(409, "courier-barred");
    review(&web, &suspended, "approved", None).await.ok();
    devi.post(&shift, &json!({ "on": true })).await.ok();
}

#[tokio::test]
async fn whom_staff_registered_is_suspended_once_told_why_and_let_back() {
    let web = Web::new().await;
    let (anand, kiran) = (web.user("anand").await, web.user("kiran").await);
    let courier = format!("/couriers/{}", web.city.courier("kiran").id);
    let reason = json!({ "reason": "Two complaints." });
    let path = format!("{courier}/suspend");
    let wordless = anand.post(&path, &json!({ "reason": " " })).await.refused(422, "wrong-format");
    assert_eq!(wordless["errors"][0]["pointer"], "/reason");
    web.user("meena").await.post(&path, &reason).await.refused(403, "forbidden");
    let (one, other) = tokio::join!(anand.post(&path, &reason), anand.post(&path, &reason));
    let (done, late) = if one.status == 200 { (one, other) } else { (other, one) };
    assert_eq!(late.status, 409, "{}", late.text());
    let record = done.ok();
    assert_eq!((&record["state"], &record["reason"]), (&json!("suspended"), &json!("Two complaints.")));
    assert_eq!(record["history"].as_array().unwrap().len(), 4);
    assert_eq!(kiran.get(&courier).await.ok()["suspended"], true);
    let shift = format!("{courier}/shift");
    kiran.post(&shift, &json!({ "on": false })).await.ok();
    kiran.post(&shift, &json!({ "on": true })).await.refused(409, "courier-barred");
    web.city.app.consume_all().await.unwrap();
    let messages = web.city.app.mailbox(None, 50).await.unwrap();
    assert!(messages.iter().any(|message| message.body.contains("Two complaints.")));
    review(&web, &record, "approved", None).await.ok();
    kiran.post(&shift, &json!({ "on": true })).await.ok();
    anand.post(&path, &reason).await.ok();
    let listed = anand.get("/couriers/applications?state=suspended").await.ok();
    assert_eq!((items(&listed).len(), &items(&listed)[0]["id"]), (1, &record["id"]), "the record is the same");
}

#[tokio::test]
async fn a_courier_is_suspended_whoever_else_applied_with_the_same_number() {
    let web = patient().await;
    applied(&web).await;
    let anand = web.user("anand").await;
    let registers = async |name: &str, phone: Option<&str>| {
        let new = json!({ "city_id": web.city.id, "name": name, "phone": phone, "vehicle": "bicycle" });
        anand.post("/couriers", &new).await.json()
    };
    let couriers =
        [registers("Farah", Some(DEVI)).await, registers("Gopal", None).await, registers("Hema", None).await];
    for courier in &couriers {
        let path = format!("/couriers/{}/suspend", id(courier));
        anand.post(&path, &json!({ "reason": "Two complaints." })).await.ok();
    }
    anand.ask(Method::DELETE, &format!("/couriers/{}", id(&couriers[1])), &[], None).await;
    let listed = anand.get("/couriers/applications?state=suspended").await.ok();
    let known = items(&listed).iter().map(|one| (one["name"].as_str().unwrap(), one["phone"].as_str().unwrap()));
    assert_eq!(known.collect::<BTreeSet<_>>(), [("Farah", DEVI), ("Deleted courier", ""), ("Hema", "")].into());
}

#[tokio::test]
async fn what_is_on_offer_is_withdrawn_and_told_when_a_courier_is_suspended() {
    let web = Web::new().await;
    let order = web.city.customer("asha").orders("masala dosa").await;
    web.city.kitchen("annapurna").accepts(order).await;
    web.city.kitchen("annapurna").readies(order).await;
    web.city.app.reconcile_once(true).await.unwrap();
    let kiran = web.city.courier("kiran").id;
    let anand = web.user("anand").await;
    anand.post(&format!("/couriers/{kiran}/suspend"), &json!({ "reason": "Two complaints." })).await.ok();
    eventually("the offer is told to be withdrawn", || async {
        let told = web.city.app.events_after(Position::default(), 10_000).await.unwrap().into_iter();
        let mut moves = told.filter_map(|recorded| match recorded.event {
            Event::OfferMoved(moved) if moved.state == OfferState::Withdrawn => Some(moved),
            _ => None,
        });
        moves.find(|moved| moved.courier_id == kiran && moved.order_ids == [order])
    })
    .await;
}

#[tokio::test]
async fn couriers_change_neither_their_name_nor_their_vehicle() {
    let web = Web::new().await;
    let courier = format!("/couriers/{}", web.city.courier("kiran").id);
    let change = json!({ "vehicle": "car" });
    web.user("kiran").await.ask(Method::PATCH, &courier, &[], Some(&change)).await.refused(403, "forbidden");
    assert_eq!(web.user("anand").await.ask(Method::PATCH, &courier, &[], Some(&change)).await.ok()["vehicle"], "car");
}

#[tokio::test]
async fn the_applicant_is_told_by_message() {
    let web = patient().await;
    approved(&web).await;
    web.city.app.consume_all().await.unwrap();
    let messages = web.city.app.mailbox(None, 50).await.unwrap();
    let told = |message: &MessageRow| message.recipient == DEVI && message.body.contains("courier now");
    assert!(messages.iter().any(told), "{messages:?}");
    web.user("kiran").await.ask(Method::GET, "/couriers/applications", &[], None).await.refused(403, "forbidden");
}
