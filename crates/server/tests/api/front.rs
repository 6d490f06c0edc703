//! What every answer has, whatever was asked.

use axum::http::Method;

use crate::support::Web;

#[tokio::test]
async fn a_request_goes_by_its_own_id_or_is_given_one_that_no_other_has() {
    let web = Web::new().await;
    let stranger = web.stranger();
    let given = stranger.ask(Method::GET, "/cities", &[("x-request-id", "from-the-proxy-7")], None).await;
    assert_eq!(given.header("x-request-id"), Some("from-the-proxy-7"));
    let too_long = "a".repeat(65);
    let mut ids = Vec::new();
    for (path, said) in [("/cities", ""), ("/nowhere", "no spaces"), ("/users", &too_long), ("/metrics", "<b>")] {
        let answer = stranger.ask(Method::GET, path, &[("x-request-id", said)], None).await;
        let id = answer.header("x-request-id").unwrap().to_owned();
        assert!(id != said && !ids.contains(&id), "{path} {id}");
        ids.push(id);
    }
}

#[tokio::test]
async fn what_is_not_sent_again_has_no_length() {
    let web = Web::new().await;
    let stranger = web.stranger();
    let known = stranger.ask(Method::GET, "/restaurants", &[], None).await.header("etag").unwrap().to_owned();
    for method in [Method::GET, Method::HEAD] {
        let whole = stranger.ask(method.clone(), "/restaurants", &[], None).await;
        assert_eq!(whole.status, 200, "{method}");
        let answer = stranger.ask(method.clone(), "/restaurants", &[("if-none-match", &known)], None).await;
        assert_eq!((answer.status, answer.header("content-length")), (304, None), "{method}");
        assert_eq!(answer.header("etag"), Some(known.as_str()), "{method}");
    }
}
