//! Pictures of papers: who sends them, who sees them, what is no picture, and when they are forgotten.

use axum::http::Method;
use serde_json::{Value, json};

use super::{
    applications::{DEVI, applied, applied_without_pictures, approved, items_of, review},
    patient,
};
use crate::{
    orders::story::id,
    support::{Answer, Client, Web},
};

/// The beginning of a PNG of 1600 x 900 pixels: more of it is never read.
pub(crate) const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x06\x40\0\0\x03\x84\x08\x02\0\0\0";
/// Another one, a JPEG of 800 x 600.
const ANOTHER: &[u8] = b"\xff\xd8\xff\xc0\0\x11\x08\x02\x58\x03\x20\x03";

const DAY_S: i64 = 86_400;

/// Sends the picture of a document that came with an application.
pub(super) async fn sends_picture(web: &Web, application: &Value, document: &Value, bytes: &[u8]) -> Answer {
    let path = format!("/couriers/applications/{}/documents/{}/picture", id(application), id(document));
    let pass = application["picture_pass"].as_str().unwrap();
    web.stranger().sends(&path, &[("application-pass", pass)], bytes).await
}

/// Asks for the picture of a document that came with an application.
async fn looks_at_picture(web: &Web, application: &Value, document: &Value) -> Answer {
    let path = format!("/couriers/applications/{}/documents/{}/picture", id(application), id(document));
    let pass = application["picture_pass"].as_str().unwrap();
    web.stranger().ask(Method::GET, &path, &[("application-pass", pass)], None).await
}

/// Hands a document in for the courier at `path`, without a picture: the document.
async fn hands_in_without(client: &Client, path: &str, document: &Value) -> Value {
    let papers = client.post(&format!("{path}/documents"), document).await.ok();
    items_of(&papers["items"]).into_iter().find(|one| one["state"] == "submitted").unwrap()
}

/// Hands a document in for the courier at `path`, with a picture: the document.
pub(super) async fn hands_in(client: &Client, path: &str, document: &Value) -> Value {
    let waiting = hands_in_without(client, path, document).await;
    client.sends(&format!("{path}/documents/{}/picture", id(&waiting)), &[], PICTURE).await.ok();
    waiting
}

fn pan() -> Value {
    json!({ "kind": "pan", "number": "AAZPZ0001A" })
}

/// Kiran has handed in a PAN without a picture: Kiran, the address of the picture, and that of the document for staff.
async fn kirans_pan(web: &Web) -> (Client, String, String) {
    let kiran = web.user("kiran").await;
    let path = format!("/couriers/{}", web.city.courier("kiran").id);
    let waiting = hands_in_without(&kiran, &path, &pan()).await;
    let picture = format!("{path}/documents/{}/picture", id(&waiting));
    (kiran, picture, format!("/couriers/documents/{}", id(&waiting)))
}

#[tokio::test]
async fn a_courier_sends_a_picture_that_who_decides_sees_and_nobody_else() {
    let web = patient().await;
    let (kiran, picture, document) = kirans_pan(&web).await;
    let papers = kiran.sends(&picture, &[("content-type", "text/html")], PICTURE).await.ok();
    let shown = &items_of(&papers["items"])[0];
    let facts = json!({ "media_type": "image/png", "size_bytes": PICTURE.len(), "width_px": 1600, "height_px": 900,
        "received_at": shown["picture"]["received_at"] });
    assert_eq!((&shown["picture"], &shown["picture_required"]), (&facts, &json!(true)));
    for (name, address) in
        [("kiran", picture.clone()), ("anand", picture.clone()), ("anand", format!("{document}/picture"))]
    {
        let answer = web.user(name).await.get(&address).await;
        assert_eq!((answer.status, &answer.body[..]), (200, PICTURE), "{name}");
        let headers = ["content-type", "cache-control", "x-content-type-options", "content-disposition"];
        let told = headers.map(|header| answer.header(header).unwrap_or_default());
        assert_eq!(told, ["image/png", "private, no-store", "nosniff", "inline"]);
        assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; sandbox"));
        assert_eq!(answer.header("etag").map(str::len), Some(66));
    }
    web.user("meena").await.get(&picture).await.refused(403, "forbidden");
    web.user("meena").await.get(&format!("{document}/picture")).await.refused(403, "forbidden");
    web.user("lata").await.get(&picture).await.refused(404, "not-found");
    web.user("lata").await.sends(&picture, &[], ANOTHER).await.refused(404, "not-found");
    assert_eq!(&kiran.get(&picture).await.body[..], PICTURE, "a foreign courier changed nothing");
}

#[tokio::test]
async fn what_is_no_picture_is_refused_and_the_one_before_stays() {
    let web = patient().await;
    let (kiran, picture, _) = kirans_pan(&web).await;
    kiran.get(&picture).await.refused(404, "not-found");
    kiran.sends(&picture, &[], PICTURE).await.ok();
    let large = |bytes: usize| [PICTURE, &vec![0; bytes - PICTURE.len()]].concat();
    let small = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01".to_vec();
    let cases = [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), 422, "picture-format"),
        (b"%PDF-1.7".to_vec(), 422, "picture-format"),
        (Vec::new(), 422, "picture-empty"),
        (small, 422, "picture-dimensions"),
        (large(512 * 1024 + 1), 413, "picture-too-large"),
        (large(2_000_000), 413, "picture-too-large"),
    ];
    for (bytes, status, code) in cases {
        let refused = kiran.sends(&picture, &[("content-type", "image/png")], &bytes).await.refused(status, code);
        assert_eq!(refused["errors"][0]["pointer"], "/picture", "{refused}");
    }
    assert_eq!(&kiran.get(&picture).await.body[..], PICTURE);
    kiran.sends(&picture, &[], &large(512 * 1024)).await.ok();
}

#[tokio::test]
async fn a_picture_is_replaced_until_the_document_is_accepted() {
    let web = patient().await;
    let (kiran, picture, document) = kirans_pan(&web).await;
    let anand = web.user("anand").await;
    let decide = format!("{document}/review");
    let refused = anand.post(&decide, &json!({ "accept": true })).await.refused(409, "picture-missing");
    let blamed = &refused["errors"][0];
    assert_eq!((&blamed["pointer"], &blamed["params"]["kind"]), (&json!("/accept"), &json!("pan")));
    let seen = kiran.sends(&picture, &[], PICTURE).await.ok()["items"][0]["picture"]["received_at"].clone();
    web.city.wait(1);
    let newer = kiran.sends(&picture, &[], ANOTHER).await.ok()["items"][0]["picture"]["received_at"].clone();
    let with = |until: &Value| json!({ "accept": true, "pictures_until": until });
    anand.post(&decide, &with(&seen)).await.refused(409, "version-conflict");
    assert_eq!(&anand.get(&picture).await.body[..], ANOTHER);
    anand.post(&decide, &with(&newer)).await.ok();
    let refused = kiran.sends(&picture, &[], PICTURE).await.refused(409, "document-decided");
    assert_eq!(refused["errors"][0]["pointer"], "/document_id");
    assert_eq!(&kiran.get(&picture).await.body[..], ANOTHER);
}

#[tokio::test]
async fn an_identity_is_accepted_without_a_picture() {
    let web = patient().await;
    let path = format!("/couriers/{}", web.city.courier("kiran").id);
    let identity = json!({ "kind": "identity", "number": "7058" });
    let waiting = hands_in_without(&web.user("kiran").await, &path, &identity).await;
    assert_eq!((&waiting["picture"], &waiting["picture_required"]), (&Value::Null, &json!(false)));
    let decide = format!("/couriers/documents/{}/review", id(&waiting));
    web.user("anand").await.post(&decide, &json!({ "accept": true })).await.ok();
}

#[tokio::test]
async fn a_rejected_application_takes_no_picture() {
    let web = patient().await;
    let application = applied_without_pictures(&web).await;
    let documents = items_of(&application["documents"]);
    let looked_at = review(&web, &application, "under_review", None).await.ok();
    sends_picture(&web, &application, &documents[0], PICTURE).await.ok();
    review(&web, &looked_at, "rejected", Some("The licence is somebody else's.")).await.ok();
    sends_picture(&web, &application, &documents[1], PICTURE).await.refused(409, "document-decided");
}

#[tokio::test]
async fn an_applicant_sends_pictures_with_the_pass_that_the_proof_of_the_phone_gave() {
    let web = patient().await;
    let application = applied_without_pictures(&web).await;
    let documents = items_of(&application["documents"]);
    let looked_at = review(&web, &application, "under_review", None).await.ok();
    assert_eq!(looked_at["picture_pass"], Value::Null, "staff get none");
    let refused = review(&web, &looked_at, "approved", None).await.refused(409, "picture-missing");
    assert_eq!(refused["errors"][0]["pointer"], "/state");
    let shown = sends_picture(&web, &application, &documents[0], PICTURE).await.ok();
    assert_eq!(shown["picture"]["media_type"], "image/png");
    sends_picture(&web, &application, &documents[0], b"%PDF").await.refused(422, "picture-format");
    web.city.wait(31 * 60);
    sends_picture(&web, &application, &documents[1], PICTURE).await.refused(422, "pass-ended");
    let code = web.city.code_for(DEVI).await;
    let own = json!({ "phone": DEVI, "code": code });
    let again = web.stranger().post("/couriers/applications/status", &own).await.ok();
    for document in &documents[1..] {
        sends_picture(&web, &again, document, PICTURE).await.ok();
    }
    review(&web, &looked_at, "approved", None).await.ok();
    sends_picture(&web, &again, &documents[0], ANOTHER).await.refused(409, "document-decided");
    let code = web.city.code_for(DEVI).await;
    let own = json!({ "phone": DEVI, "code": code });
    let told = web.stranger().post("/couriers/applications/status", &own).await.ok();
    assert_eq!((&told["state"], &told["picture_pass"]), (&json!("approved"), &Value::Null));
}

#[tokio::test]
async fn an_applicant_sees_their_own_picture_with_the_pass_that_sent_it() {
    let web = patient().await;
    let application = applied_without_pictures(&web).await;
    let documents = items_of(&application["documents"]);
    looks_at_picture(&web, &application, &documents[0]).await.refused(404, "not-found");
    sends_picture(&web, &application, &documents[0], PICTURE).await.ok();
    sends_picture(&web, &application, &documents[0], ANOTHER).await.ok();
    let seen = looks_at_picture(&web, &application, &documents[0]).await;
    assert_eq!((seen.status, &seen.body[..]), (200, ANOTHER), "the newest");
    let told = ["content-type", "cache-control", "x-content-type-options"].map(|name| seen.header(name).unwrap());
    assert_eq!(told, ["image/jpeg", "private, no-store", "nosniff"]);
    looks_at_picture(&web, &application, &documents[1]).await.refused(404, "not-found");
    web.city.wait(31 * 60);
    looks_at_picture(&web, &application, &documents[0]).await.refused(422, "pass-ended");
}

#[tokio::test]
async fn a_pass_that_was_made_up_opens_nothing() {
    let web = patient().await;
    let application = applied_without_pictures(&web).await;
    let document = &items_of(&application["documents"])[0];
    let pass = application["picture_pass"].as_str().unwrap();
    let other = if pass.starts_with('A') { "B" } else { "A" };
    for made_up in [String::new(), "nonsense".to_owned(), format!("{other}{}", &pass[1..])] {
        let mut with = application.clone();
        with["picture_pass"] = json!(made_up);
        for answer in
            [sends_picture(&web, &with, document, PICTURE).await, looks_at_picture(&web, &with, document).await]
        {
            let refused = answer.refused(422, "pass-ended");
            assert_eq!(refused["errors"][0]["pointer"], "/application_pass");
        }
    }
}

#[tokio::test]
async fn an_application_is_not_approved_for_a_picture_that_nobody_saw() {
    let web = patient().await;
    let application = applied(&web).await;
    let looked_at = review(&web, &application, "under_review", None).await.ok();
    let seen = items_of(&looked_at["documents"]).iter().map(|one| one["picture"]["received_at"].to_string()).max();
    let seen: Value = serde_json::from_str(&seen.unwrap()).unwrap();
    web.city.wait(1);
    sends_picture(&web, &application, &items_of(&looked_at["documents"])[2], ANOTHER).await.ok();
    let path = format!("/couriers/applications/{}/review", id(&application));
    let body = json!({ "state": "approved", "version": looked_at["version"], "pictures_until": seen });
    web.user("anand").await.post(&path, &body).await.refused(409, "version-conflict");
    assert_eq!(review(&web, &looked_at, "approved", None).await.ok()["state"], "approved");
}

#[tokio::test]
async fn pictures_go_with_their_documents() {
    let web = patient().await;
    let courier = approved(&web).await;
    let anand = web.user("anand").await;
    let path = format!("/couriers/{courier}");
    let accepted = items_of(&anand.get(&format!("{path}/documents")).await.ok()["items"]);
    let renewed = json!({ "kind": "insurance", "number": "POL/2027-78", "expires_on": "2027-12-31" });
    let refused = hands_in(&anand, &path, &renewed).await;
    let decide = format!("/couriers/documents/{}/review", id(&refused));
    anand.post(&decide, &json!({ "accept": false, "reason": "It cannot be read." })).await.ok();
    let picture_of = |document: &Value| format!("/couriers/documents/{}/picture", id(document));
    for (days, status) in [(89, 200), (2, 404)] {
        web.city.wait(days * DAY_S);
        web.city.app.tidy().await.unwrap();
        assert_eq!(anand.get(&picture_of(&refused)).await.status, status);
    }
    assert_eq!(anand.get(&picture_of(&accepted[0])).await.status, 200, "what holds is kept");
    assert_eq!(anand.ask(Method::DELETE, &path, &[], None).await.status, 204);
    for document in &accepted {
        anand.get(&picture_of(document)).await.refused(404, "not-found");
    }
}
