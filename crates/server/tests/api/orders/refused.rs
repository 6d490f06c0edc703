//! Requests that are no requests: the refusal names what is wrong, in the one format.

use axum::http::Method;
use serde_json::json;

use super::story::basket;
use crate::support::{Answer, Client, Web};

impl Client {
    /// Sends words as they are.
    async fn says(&self, path: &str, kind: &str, words: &str) -> Answer {
        let response = self.open(Method::POST, path, &[("content-type", kind)], Some(words.to_owned().into())).await;
        Answer::of(response).await
    }
}

#[tokio::test]
async fn a_field_that_is_unknown_missing_or_wrong_is_named() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let dosa = basket(&web.city, "masala dosa", &[]).await;
    let mut unknown = dosa.clone();
    unknown["lines"][0]["qty"] = json!(1);
    let mut missing = dosa.clone();
    missing["lines"][0].as_object_mut().unwrap().remove("quantity");
    let mut wrong = dosa.clone();
    wrong["lines"][0]["quantity"] = json!("two");
    let mut no_id = dosa;
    no_id["restaurant_id"] = json!("annapurna");
    let cases = [
        (unknown, "/lines/0/qty", "unknown-field"),
        (missing, "/lines/0/quantity", "missing"),
        (wrong, "/lines/0/quantity", "wrong-type"),
        (no_id, "/restaurant_id", "wrong-type"),
    ];
    for (body, pointer, code) in cases {
        let refused = asha.post("/quotes", &body).await.refused(422, "invalid-body");
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!(pointer), &json!(code)));
    }
}

#[tokio::test]
async fn what_is_no_json_or_too_much_is_refused() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let basket = basket(&web.city, "masala dosa", &[]).await.to_string();
    let trailing = format!("{basket} {{}}");
    for words in ["", "{", "{\"restaurant_id\": }", &basket[..basket.len() - 1], &trailing] {
        asha.says("/quotes", "application/json", words).await.refused(400, "invalid-json");
    }
    asha.says("/quotes", "text/plain", &basket).await.refused(415, "unsupported-media-type");
    let padded = |bytes: usize| format!("{}{basket}", " ".repeat(bytes - basket.len()));
    asha.says("/quotes", "application/json", &padded(1_048_577)).await.refused(413, "body-too-large");
    assert_eq!(asha.says("/quotes", "application/json", &padded(1_048_576)).await.status, 201);
}

#[tokio::test]
async fn addresses_that_do_not_exist_are_problems_too() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let json = [("accept", "application/json")];
    asha.ask(Method::GET, "/ordres", &json, None).await.refused(404, "not-found");
    asha.ask(Method::POST, "/ordres", &json, Some(&json!({}))).await.refused(404, "not-found");
    asha.ask(Method::GET, "/orders/24", &json, None).await.refused(404, "not-found");
    asha.ask(Method::DELETE, "/orders", &json, None).await.refused(405, "method-not-allowed");
    asha.ask(Method::GET, "/quotes", &json, None).await.refused(405, "method-not-allowed");
}

#[tokio::test]
async fn a_parameter_that_is_wrong_is_named() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    for (query, pointer) in [
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("limit=ten", "/limit"),
        ("status=eaten", "/status"),
        ("cursor=24", "/cursor"),
        ("colour=red", "/colour"),
    ] {
        let answer = asha.get(&format!("/orders?{query}")).await;
        assert_eq!(answer.status, 422, "{query}: {}", answer.text());
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{query}");
    }
}

#[tokio::test]
async fn a_token_is_asked_for_read_and_runs_out() {
    let web = Web::around(testkit::TestCity::with(app::Settings::default()).await);
    let stranger = web.stranger();
    let refused = stranger.get("/orders").await;
    refused.refused(401, "unauthenticated");
    assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
    stranger.with_token("nonsense").get("/orders").await.refused(401, "token-invalid");
    let asha = web.user("asha").await;
    asha.get("/orders").await.ok();
    web.city.wait(600);
    asha.get("/orders").await.refused(401, "token-expired");
    // What is open to all stays so.
    asha.get("/restaurants").await.ok();
}
