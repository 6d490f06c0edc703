//! The same request again: one effect, one answer.

use axum::http::Method;
use futures_util::future::join_all;
use serde_json::json;

use super::story::{basket, id, items};
use crate::support::Web;

#[tokio::test]
async fn a_repeated_order_is_one_order_and_answers_byte_for_byte() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let quote = asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await;
    let first = asha.submits(&quote, "once", "cod").await;
    web.city.wait(5);
    let second = asha.submits(&quote, "once", "cod").await;
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.body, second.body);
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!((first.header("idempotency-replayed"), second.header("idempotency-replayed")), (None, Some("true")));
    assert_eq!(items(&asha.get("/orders").await.ok()).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_at_once_one_places_the_order() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let quote = asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await;
    let answers = join_all((0..16).map(|_| asha.submits(&quote, "impatient", "sandbox"))).await;
    let fresh = answers.iter().filter(|answer| answer.header("idempotency-replayed").is_none()).count();
    assert_eq!(fresh, 1);
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (201, &answers[0].body), "{}", answer.text());
    }
    assert_eq!(items(&asha.get("/orders").await.ok()).len(), 1);
}

#[tokio::test]
async fn a_key_belongs_to_one_request() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let (dosa, coffee) = (
        asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await,
        asha.is_quoted(&basket(&web.city, "mysore pak", &[]).await).await,
    );
    asha.submits(&dosa, "one", "cod").await.ok();
    asha.submits(&coffee, "one", "cod").await.refused(422, "idempotency-key-reused");
    asha.submits(&dosa, "one", "sandbox").await.refused(422, "idempotency-key-reused");
    assert_eq!(items(&asha.get("/orders").await.ok()).len(), 1);
    // Somebody else's key of the same letters is another key.
    let ravi = web.user("ravi").await;
    let curry = ravi.is_quoted(&basket(&web.city, "mutton curry", &[]).await).await;
    assert_eq!(ravi.submits(&curry, "one", "cod").await.status, 201);
}

#[tokio::test]
async fn a_quote_is_ordered_once() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let quote = asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await;
    asha.submits(&quote, "first", "cod").await.ok();
    let refused = asha.submits(&quote, "second", "cod").await.refused(409, "quote-used");
    assert_eq!(refused["errors"][0]["pointer"], "/quote_id");
}

#[tokio::test]
async fn without_a_key_nothing_is_ordered() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let quote = asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await;
    let body = json!({ "quote_id": id(&quote), "payment": { "method": "cod" } });
    asha.post("/orders", &body).await.refused(400, "idempotency-key-missing");
    for key in ["", "with space", &"k".repeat(256)] {
        let answer = asha.ask(Method::POST, "/orders", &[("idempotency-key", key)], Some(&body)).await;
        answer.refused(400, "idempotency-key-missing");
    }
    assert!(items(&asha.get("/orders").await.ok()).is_empty());
}

#[tokio::test]
async fn a_step_that_is_said_twice_is_taken_once() {
    let web = Web::new().await;
    let (asha, kitchen) = (web.user("asha").await, web.user("annapurna").await);
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    let (first, second) = (kitchen.accepts(&order).await, kitchen.accepts(&order).await);
    assert_eq!((&first["version"], &second["version"]), (&json!(1), &json!(1)));
    let stale = kitchen.moves(&order, json!({ "status": "ready", "version": 0 })).await;
    stale.refused(409, "version-conflict");
}
