//! Loading ahead: jobs with progress, the forecast they rest on, the patterns, and what a demo measures.

use cache::{Namespace, State};
use serde_json::{Value, json};

use crate::{
    orders::story::{id, items},
    support::{Client, Web},
};

/// A job once it has ended.
async fn ended(anand: &Client, job: &Value) -> Value {
    let path = format!("/cache/warm/jobs/{}", id(job));
    testkit::eventually("the end of the job", || async {
        let job = anand.get(&path).await.ok();
        job["ended_at"].is_string().then_some(job)
    })
    .await
}

#[tokio::test]
async fn a_job_says_how_far_it_is_and_nobody_waits_afterwards() {
    let web = Web::new().await;
    let (anand, anybody) = (web.user("anand").await, web.stranger());
    for path in ["/cache/warm/menu-items", "/cache/warm/restaurants", "/cache/warm/popular_items"] {
        let begun = anand.post(path, &json!({})).await;
        assert_eq!(begun.status, 202, "{path}: {}", begun.text());
        let job = ended(&anand, &begun.json()).await;
        assert_eq!((&job["done"], &job["progress"], &job["failed"]), (&job["total"], &json!(1.0), &json!(0)), "{path}");
        assert_eq!((&job["loaded"], &job["purpose"]), (&job["total"], &json!("operator")));
    }
    let kitchen = web.city.restaurant("annapurna");
    for path in [
        format!("/restaurants/{kitchen}/menu"),
        format!("/restaurants/{kitchen}"),
        "/analytics/popular-items?city=bengaluru".to_owned(),
    ] {
        assert_eq!(anybody.gets(&path).await.0, "HIT", "{path}");
    }
    // The operations console opens the same list with its figures.
    let city = web.city.id;
    for path in ["/analytics/popular-items?city=bengaluru".to_owned(), format!("/analytics/popular-items?city={city}")]
    {
        assert_eq!(web.user("meena").await.gets(&path).await.0, "HIT", "{path}");
    }
    let again = ended(&anand, &anand.post("/cache/warm/menu-items", &json!({})).await.ok()).await;
    assert_eq!((&again["fresh"], &again["loaded"]), (&json!(2), &json!(0)));
    assert_eq!(items(&anand.get("/cache/warm/jobs").await.ok()).len(), 4);
    for namespace in ["sessions", "orders", "live_orders", "customer_profiles"] {
        let refused = anand.post(&format!("/cache/warm/{namespace}"), &json!({})).await;
        refused.refused(422, "not-warmable");
    }
    let patterns = anand.get("/enterprise/analytics/patterns").await.ok();
    let benefit = &patterns["benefit"];
    assert_eq!((&benefit["warmed"], &benefit["used"]), (&json!(6), &json!(4)), "{patterns}");
    assert_eq!((&benefit["requests_loaded_ahead"], &benefit["hit_ratio_loaded_ahead"]), (&json!(5), &json!(1.0)));
    assert_eq!((&benefit["requests_others"], &benefit["hit_ratio_others"]), (&json!(0), &Value::Null));
    assert_eq!((&benefit["hit_ratio_with"], &benefit["hit_ratio_without"]), (&json!(1.0), &json!(0.2)));
}

#[tokio::test]
async fn dishes_of_a_city_that_begins_are_asked_for_again_within_a_minute() {
    let web = Web::new().await;
    let (meena, anybody) = (web.user("meena").await, web.stranger());
    let path = "/analytics/popular-items?city=bengaluru";
    for client in [&anybody, &meena] {
        assert_eq!(client.gets(path).await.1["items"], json!([]));
    }
    let listed = web.user("anand").await.get("/cache/keys/popular_items").await.ok();
    let keys: Vec<_> = items(&listed).iter().map(|key| key["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["city=bengaluru", "city=bengaluru#figures"]);
    for key in items(&listed) {
        assert!(key["fresh_for_s"].as_u64().is_some_and(|left| left <= 66), "{key}");
    }
}

#[tokio::test]
async fn what_was_asked_for_last_friday_is_loaded_before_this_one() {
    let web = Web::new().await;
    let anybody = web.stranger();
    let menu = format!("/restaurants/{}/menu", web.city.restaurant("annapurna"));
    // From half past eight in the evening; the hour of the week is kept in UTC.
    web.city.wait(60 * 60 * 7 + 60 * 42);
    for _ in 0..5 {
        anybody.gets(&menu).await;
    }
    assert_eq!(web.city.app.keep_cache_usage(&web.city.system()).await.unwrap(), 1);
    assert_eq!(web.city.app.keep_cache_usage(&web.city.system()).await.unwrap(), 0, "nothing is counted twice");
    // A week later, an hour before; the node has restarted, as far as this is concerned.
    web.city.wait(60 * 60 * (7 * 24 - 1));
    let anand = web.user("anand").await;
    web.city.app.answers.clear_namespace(Namespace::MenuItems).await;
    let patterns = anand.get("/enterprise/analytics/patterns").await.ok();
    assert_eq!((&patterns["week"][0]["keys"], &patterns["week"][0]["uses"]), (&json!(1), &json!(5)));
    let begun = anand.post("/enterprise/warming/predictive", &json!({})).await.ok();
    assert_eq!(begun["forecast"]["known"], 1);
    let predicted = &begun["forecast"]["predictions"][0];
    assert_eq!((&predicted["namespace"], &predicted["basis"]), (&json!("menu_items"), &json!("season")));
    assert_eq!(predicted["expected"], 5.0);
    let job = ended(&anand, &begun["job"]).await;
    assert_eq!((&job["loaded"], &job["purpose"]), (&json!(1), &json!("forecast")));
    assert_eq!(anybody.gets(&menu).await.0, "HIT");
    // And the week after next, when nobody came, half as much is expected.
    web.city.wait(60 * 60 * 7 * 24);
    let later = web.city.app.cache_forecast(&web.city.system(), 10).await.unwrap();
    assert!((later.predictions[0].expected - 2.5).abs() < 1e-9, "{later:?}");
}

#[tokio::test]
async fn what_rose_in_the_last_day_is_expected_more_than_what_fell() {
    let web = Web::new().await;
    let (app, week) = (&web.city.app, 60 * 60 * 7 * 24);
    let reads = |name: &'static str, times: usize| {
        for _ in 0..times {
            app.caching.usage.note(Namespace::MenuItems, name, State::Hit, app.now());
        }
    };
    let keep = || async { app.keep_cache_usage(&web.city.system()).await.unwrap() };
    // A known Friday: both are asked for in one hour, and again two hours later.
    reads("rises", 40);
    reads("falls", 40);
    assert_eq!(keep().await, 2);
    web.city.wait(2 * 60 * 60);
    reads("rises", 10);
    reads("falls", 10);
    keep().await;
    // This week one doubles and the other halves.
    web.city.wait(week - 2 * 60 * 60);
    reads("rises", 80);
    reads("falls", 20);
    keep().await;
    web.city.wait(60 * 60);
    let patterns = web.user("anand").await.get("/enterprise/analytics/patterns").await.ok();
    assert_eq!(patterns["forecast"]["trend"], 1.2, "(100 + 20) / (80 + 20): {patterns}");
    let told = items_of(&patterns["forecast"]["predictions"], ["key", "expected", "trend"]);
    assert_eq!(told, [json!(["rises", 17.33, 1.73]), json!(["falls", 7.33, 0.73])]);
}

/// Some members of each thing in a list.
fn items_of(list: &Value, names: [&str; 3]) -> Vec<Value> {
    list.as_array().unwrap().iter().map(|item| names.map(|name| item[name].clone()).into_iter().collect()).collect()
}

#[tokio::test]
async fn the_patterns_run_on_real_answers() {
    let web = Web::new().await;
    let anand = web.user("anand").await;
    let empty = anand.get("/enterprise/patterns/write-through").await.ok();
    assert_eq!((&empty["key"], &empty["steps"]), (&Value::Null, &json!([])), "there is no order yet");
    web.city.customer("asha").orders("masala dosa").await;
    let outcomes = |pattern: &Value| {
        let steps = pattern["steps"].as_array().unwrap().iter();
        steps.map(|step| format!("{} {}", step["step"], step["outcome"]).replace('"', "")).collect::<Vec<_>>()
    };
    let through = anand.get("/enterprise/patterns/write-through").await.ok();
    assert_eq!(outcomes(&through), ["announce announced", "load current", "put stored", "read HIT"]);
    assert_eq!(through["consistent"], true);
    let aside = anand.get("/enterprise/patterns/cache-aside").await.ok();
    assert_eq!(outcomes(&aside), ["forget gone", "read MISS", "read HIT"]);
    assert_eq!((&aside["consistent"], &aside["namespace"]), (&json!(true), &json!("menu_items")));
}

#[tokio::test]
async fn a_demo_measures_itself_within_bounds() {
    let web = Web::demo().await;
    let anand = web.user("anand").await;
    let measured = anand.get("/demo/load-test/menu?requests=40&concurrency=4").await.ok();
    assert_eq!((&measured["uncached"]["requests"], &measured["uncached"]["hits"]), (&json!(40), &json!(0)));
    assert_eq!((&measured["cached"]["requests"], &measured["cached"]["hits"]), (&json!(40), &json!(40)));
    assert_eq!((&measured["cached"]["errors"], &measured["uncached"]["errors"]), (&json!(0), &json!(0)));
    for query in ["requests=0", "requests=2001", "concurrency=0", "concurrency=17"] {
        anand.get(&format!("/demo/load-test/menu?{query}")).await.refused(422, "invalid-parameter");
    }
    anand.get("/demo/load-test/orders").await.refused(404, "not-found");
    web.user("meena").await.get("/demo/load-test/menu").await.refused(403, "forbidden");
    let made = anand.post("/demo/create-sample-enterprise-data", &json!({ "customers": 2, "orders_each": 1 })).await;
    assert_eq!((made.status, made.json()["customers"].as_array().unwrap().len()), (201, 2), "{}", made.text());
    assert_eq!(made.json()["orders"].as_array().unwrap().len(), 2, "{}", made.text());
    let shown = anand.get("/demo/enterprise-features-showcase").await.ok();
    assert!(shown["features"].as_array().unwrap().len() >= 9);
    let plain = Web::new().await;
    let anand = plain.user("anand").await;
    anand.get("/demo/load-test/menu").await.refused(404, "not-found");
    anand.get("/demo/enterprise-features-showcase").await.refused(404, "not-found");
    let body = json!({ "customers": 1 });
    anand.post("/demo/create-sample-enterprise-data", &body).await.refused(404, "not-found");
}
