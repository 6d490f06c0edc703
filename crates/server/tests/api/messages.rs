//! `/messages`: the built-in mailbox, page by page.

use serde_json::{Value, json};

use crate::support::Web;

#[tokio::test]
async fn the_mailbox_is_read_page_by_page_to_its_end() {
    let web = Web::new().await;
    for last in 1..=5 {
        let phone = format!("+91980000010{last}");
        web.stranger().post("/auth/otp", &json!({ "phone": phone })).await.ok();
        web.city.wait(1);
    }
    web.city.app.consume_all().await.unwrap();
    let admin = web.user("anand").await;
    let whole = admin.get("/messages?limit=100").await.ok();
    assert_eq!(whole["next_cursor"], Value::Null);
    let all = whole["items"].as_array().unwrap().clone();
    assert!(all.len() >= 5, "{all:?}");
    let (mut read, mut address) = (Vec::new(), "/messages?limit=2".to_owned());
    loop {
        let page = admin.get(&address).await.ok();
        let items = page["items"].as_array().unwrap();
        assert!((1..=2).contains(&items.len()));
        read.extend(items.iter().cloned());
        match page["next_cursor"].as_str() {
            Some(cursor) => address = format!("/messages?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(read, all);
    let times: Vec<&str> = all.iter().map(|message| message["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|newer, older| newer >= older), "{times:?}");
}

#[tokio::test]
async fn a_page_of_no_size_or_an_unknown_parameter_is_refused_by_name() {
    let web = Web::new().await;
    let admin = web.user("anand").await;
    for (query, pointer) in [
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("limit=abc", "/limit"),
        ("page=2", "/page"),
        ("cursor=x", "/cursor"),
    ] {
        let answer = admin.get(&format!("/messages?{query}")).await;
        answer.refused(422, "invalid-parameter");
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{query}");
    }
}
