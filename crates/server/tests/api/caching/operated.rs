//! The operator's hand: clears with a name and a reason, rules and the kill switch, keys, and what is refused.

use app::caching::Owner;
use axum::http::Method;
use cache::Namespace;
use serde_json::{Value, json};

use crate::{orders::story::items, support::Web};

#[tokio::test]
async fn a_clear_counts_and_is_recorded_with_who_and_why() {
    let web = Web::new().await;
    let (anand, anybody) = (web.user("anand").await, web.stranger());
    let menu = |name: &str| format!("/restaurants/{}/menu", web.city.restaurant(name));
    for name in ["annapurna", "biryani"] {
        anybody.gets(&menu(name)).await;
    }
    let cleared = anand.deletes("/cache/clear/menu-items?why=price%20import").await.ok();
    assert_eq!((&cleared["removed"], &cleared["removed_redis"]), (&json!(2), &Value::Null));
    assert_eq!(cleared["namespaces"][0]["namespace"], "menu_items");
    assert_eq!(anybody.gets(&menu("biryani")).await.0, "MISS");
    let stored = anand.get("/cache/clears").await.ok();
    let stored = &items(&stored)[0];
    assert_eq!((&stored["by"], &stored["why"]), (&json!("Anand"), &json!("price import")));
    assert_eq!((&stored["clear_id"], &stored["removed"]), (&cleared["clear_id"], &json!(2)));
    let log = anand.get("/cache/invalidations").await.ok();
    assert_eq!((&items(&log)[0]["cause"], &items(&log)[0]["by"]), (&json!("cleared"), &json!("Anand")));
    assert_eq!(anand.deletes("/cache/clear/expired").await.ok()["removed"], 0);
    for name in ["meena", "asha", "annapurna", "kiran"] {
        web.user(name).await.deletes("/cache/clear/menu-items").await.refused(403, "forbidden");
    }
    anybody.deletes("/cache/clear/menu-items").await.refused(401, "unauthenticated");
    assert_eq!(items(&anand.get("/cache/clears").await.ok()).len(), 1, "what is refused is not recorded");
}

#[tokio::test]
async fn a_namespace_is_cleared_with_its_family_or_alone() {
    let web = Web::new().await;
    let (anand, anybody) = (web.user("anand").await, web.stranger());
    let single = format!("/restaurants/{}", web.city.restaurant("annapurna"));
    let names = |cleared: &Value| {
        let parts = cleared["namespaces"].as_array().unwrap().iter();
        parts.map(|part| part["namespace"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for path in [single.as_str(), "/restaurants"] {
        anybody.gets(path).await;
    }
    let alone = anand.deletes("/cache/clear/restaurants?only=true&why=one").await.ok();
    assert_eq!((names(&alone), &alone["removed"]), (vec!["restaurants".to_owned()], &json!(1)));
    assert_eq!(anybody.gets(&single).await.0, "MISS");
    assert_eq!(anybody.gets("/restaurants").await.0, "HIT");
    let family = anand.deletes("/cache/clear/restaurants?why=all").await.ok();
    assert_eq!(names(&family), ["restaurants", "restaurant_capacity", "restaurant_availability"]);
    assert_eq!(anybody.gets("/restaurants").await.0, "MISS");
    let wrong = anand.deletes("/cache/clear/restaurants?only=perhaps").await.refused(422, "invalid-parameter");
    assert!(wrong["errors"][0]["pointer"].is_string(), "{wrong}");
}

#[tokio::test]
async fn what_says_it_can_be_warmed_can_and_nothing_else() {
    let web = Web::new().await;
    let anand = web.user("anand").await;
    let rules = anand.get("/cache/namespaces").await.ok();
    let mut warmable = Vec::new();
    for one in items(&rules) {
        let name = one["namespace"].as_str().unwrap();
        let answer = anand.post(&format!("/cache/warm/{name}"), &json!({})).await;
        if one["warmable"] == true {
            assert_eq!(answer.status, 202, "{name}: {}", answer.text());
            warmable.push(name.to_owned());
        } else {
            answer.refused(422, "not-warmable");
        }
    }
    assert_eq!(warmable, ["restaurants", "menu_items", "restaurant_availability", "popular_items"]);
}

#[tokio::test]
async fn a_cascade_forgets_what_follows_from_one_thing() {
    let web = Web::new().await;
    let (anand, anybody) = (web.user("anand").await, web.stranger());
    let (one, other) = (web.city.restaurant("annapurna"), web.city.restaurant("biryani"));
    for id in [one, other] {
        anybody.gets(&format!("/restaurants/{id}")).await;
        anybody.gets(&format!("/restaurants/{id}/menu")).await;
    }
    let body = json!({ "entity": "restaurant", "id": one.to_string(), "why": "wrong name shown" });
    let cleared = anand.post("/enterprise/invalidation/cascade", &body).await.ok();
    assert_eq!(cleared["removed"], 2, "{cleared}");
    assert_eq!(anybody.gets(&format!("/restaurants/{one}/menu")).await.0, "MISS");
    assert_eq!(anybody.gets(&format!("/restaurants/{other}/menu")).await.0, "HIT");
    let unknown = json!({ "entity": "cart", "id": one.to_string() });
    let refused = anand.post("/enterprise/invalidation/cascade", &unknown).await.refused(422, "wrong-format");
    assert_eq!(refused["errors"][0]["pointer"], "/entity");
    let absent = json!({ "entity": "order", "id": one.to_string() });
    anand.post("/enterprise/invalidation/cascade", &absent).await.refused(404, "not-found");
}

#[tokio::test]
async fn rules_change_at_run_time_and_the_switch_works_at_once() {
    let web = Web::new().await;
    let (anand, anybody) = (web.user("anand").await, web.stranger());
    let menu = format!("/restaurants/{}/menu", web.city.restaurant("annapurna"));
    let policy = "/cache/namespaces/menu_items";
    anybody.gets(&menu).await;
    let off = anand.alters(policy, &json!({ "enabled": false, "why": "looking for a fault" })).await.ok();
    assert_eq!((&off["policy"]["enabled"], &off["changed"]["by"]), (&json!(false), &json!("Anand")));
    for _ in 0..2 {
        assert_eq!(anybody.gets(&menu).await.0, "BYPASS");
    }
    let stats = anand.get("/cache/stats/namespaces").await.ok();
    let shown = items(&stats).iter().find(|one| one["namespace"] == "menu_items").unwrap();
    assert_eq!((&shown["policy"]["enabled"], &shown["entries"]), (&json!(false), &json!(0)));
    let on = json!({ "enabled": true, "ttl_s": 120, "shadow_pct": 5, "why": "found it" });
    let on = anand.alters(policy, &on).await.ok();
    assert_eq!((&on["policy"]["ttl_s"], &on["default_ttl_s"]), (&json!(120), &json!(3_600)));
    assert_eq!(anybody.gets(&menu).await.0, "MISS");
    assert_eq!(anybody.gets(&menu).await.0, "HIT");
    assert_eq!((&off["policy"]["shadow_pct"], &on["policy"]["shadow_pct"]), (&json!(0.1), &json!(5.0)));
    let rare = anand.alters(policy, &json!({ "shadow_pct": 0.25, "why": "quiet days" })).await.ok();
    assert_eq!((&rare["policy"]["shadow_pct"], &rare["policy"]["ttl_s"]), (&json!(0.25), &json!(120)));
    for (change, pointer) in [
        (json!({ "shadow_pct": 100.5, "why": "x" }), "/shadow_pct"),
        (json!({ "ttl_s": 0, "why": "x" }), "/ttl_s"),
        (json!({ "jitter_pct": 51, "why": "x" }), "/jitter_pct"),
        (json!({ "ttl_s": 60, "why": " " }), "/why"),
        (json!({ "ttl_s": 60 }), "/why"),
    ] {
        let refused = anand.alters(policy, &change).await;
        assert_eq!((refused.status, &refused.json()["errors"][0]["pointer"]), (422, &json!(pointer)), "{change}");
    }
    web.user("meena").await.alters(policy, &json!({ "enabled": false, "why": "x" })).await.refused(403, "forbidden");
}

#[tokio::test]
async fn one_key_is_searched_and_looked_at_and_a_personal_one_shows_no_body() {
    let web = Web::new().await;
    let (anand, asha) = (web.user("anand").await, web.user("asha").await);
    for name in ["annapurna", "biryani"] {
        asha.gets(&format!("/restaurants/{}/menu", web.city.restaurant(name))).await;
    }
    let kitchen = web.city.restaurant("annapurna").to_string();
    let found = anand.get(&format!("/cache/keys/menu_items?q={}", kitchen[4..].to_uppercase())).await.ok();
    assert_eq!((&found["matching"], &found["total"], items(&found).len()), (&json!(1), &json!(2), 1));
    assert_eq!(items(&found)[0]["key"], json!(kitchen));
    let long = anand.get(&format!("/cache/keys/menu_items?q={}", "a".repeat(201))).await;
    long.refused(422, "invalid-parameter");
    let menu = anand.get(&format!("/cache/values/menu_items?key={kitchen}")).await.ok();
    assert_eq!(
        (&menu["sharing"], &menu["held"]["hits"], &menu["held"]["cut"]),
        (&json!("public"), &json!(0), &json!(false))
    );
    let shown: Value = serde_json::from_str(menu["held"]["body"].as_str().unwrap()).unwrap();
    assert_eq!(shown, anand.get(&format!("/restaurants/{kitchen}/menu")).await.ok());
    assert!(menu["held"]["etag"].as_str().is_some_and(|etag| etag.starts_with('"')));
    assert_eq!(anand.get("/cache/values/menu_items?key=nothing").await.ok()["held"], Value::Null);
    anand.get("/cache/values/menu_items").await.refused(422, "invalid-parameter");
    let customer = web.city.customer("asha").id.to_string();
    asha.gets(&format!("/customers/{customer}")).await;
    let listed = anand.get("/cache/keys/customer_profiles").await.ok();
    let key = items(&listed)[0]["key"].as_str().unwrap();
    let profile = anand.get(&format!("/cache/values/customer_profiles?key={key}")).await.ok();
    assert_eq!((&profile["sharing"], &profile["held"]["body"]), (&json!("personal"), &Value::Null));
    assert!(profile["held"]["bytes"].as_u64().is_some_and(|bytes| bytes > 100) && profile["held"]["etag"].is_string());
    asha.get(&format!("/cache/values/menu_items?key={kitchen}")).await.refused(403, "forbidden");
}

#[tokio::test]
async fn keys_are_listed_page_by_page_and_personal_ones_name_nobody() {
    let web = Web::new().await;
    let (anand, asha) = (web.user("anand").await, web.user("asha").await);
    for name in ["annapurna", "biryani"] {
        asha.gets(&format!("/restaurants/{}/menu", web.city.restaurant(name))).await;
    }
    let page = anand.get("/cache/keys/menu_items?limit=1").await.ok();
    assert_eq!((items(&page).len(), &page["total"]), (1, &json!(2)));
    let next = page["next_cursor"].as_str().unwrap();
    let rest = anand.get(&format!("/cache/keys/menu_items?limit=1&cursor={next}")).await.ok();
    assert_eq!((items(&rest).len(), &rest["next_cursor"]), (1, &Value::Null));
    assert_ne!(items(&rest)[0]["key"], items(&page)[0]["key"]);
    assert!(items(&rest)[0]["bytes"].as_u64().is_some_and(|bytes| bytes > 100));
    let customer = web.city.customer("asha").id.to_string();
    asha.gets(&format!("/customers/{customer}")).await;
    let listed = anand.get("/cache/keys/customer_profiles").await.ok();
    let key = items(&listed)[0]["key"].as_str().unwrap().to_owned();
    assert!(!listed.to_string().contains(&customer), "{listed}");
    let account = |name: &str| web.city.person(name).user.id.to_string();
    let ask = |namespace: &str, name: &str, key: &str| {
        format!("/enterprise/security/validate/{namespace}?user_id={}&key={key}", account(name))
    };
    for (namespace, name, key, allowed, reason) in [
        ("customer_profiles", "asha", key.as_str(), true, "own-key"),
        ("customer_profiles", "ravi", &key, false, "foreign-key"),
        ("sessions", "asha", &key, false, "foreign-key"),
        ("menu_items", "ravi", "", true, "public"),
        ("live_orders", "ravi", "", false, "role-may-not"),
        ("live_orders", "meena", "", true, "role"),
        ("orders", "ravi", "", true, "own-only"),
    ] {
        let found = anand.get(&ask(namespace, name, key)).await.ok();
        assert_eq!((&found["allowed"], &found["reason"]), (&json!(allowed), &json!(reason)), "{namespace} {name}");
    }
    let nobody = "/enterprise/security/validate/orders?user_id=00000000-0000-0000-0000-000000000007";
    anand.get(nobody).await.refused(404, "not-found");
}

#[tokio::test]
async fn a_key_of_somebody_elses_is_foreign() {
    let web = Web::new().await;
    let anand = web.user("anand").await;
    let order = web.city.customer("asha").orders("masala dosa").await;
    web.city.deliver(order, "annapurna", "kiran").await;
    let kitchen = web.city.restaurant("annapurna").to_string();
    let (status, nothing) = (order.to_string(), web.city.customer("asha").id.to_string());
    let side = |part: &str| format!("{order}:{part}");
    let figures = "city=bengaluru%23figures".to_owned();
    let owner = Owner::Customer(web.city.customer("asha").id);
    let insights = web.city.app.own_key(Namespace::CustomerInsights, owner, "insights");
    for (namespace, name, key, allowed, reach, reason) in [
        ("order_status", "asha", status.clone(), true, "own", "own-key"),
        ("order_status", "ravi", status.clone(), false, "own", "foreign-key"),
        ("order_status", "annapurna", status.clone(), true, "own", "own-key"),
        ("order_status", "biryani", status.clone(), false, "own", "foreign-key"),
        ("order_status", "kiran", status.clone(), true, "own", "own-key"),
        ("order_status", "lata", status.clone(), false, "own", "foreign-key"),
        ("order_status", "meena", status.clone(), true, "any", "role"),
        ("order_status", "asha", nothing, false, "own", "foreign-key"),
        ("orders", "asha", side("customer"), true, "own", "own-key"),
        ("orders", "ravi", side("customer"), false, "own", "foreign-key"),
        ("orders", "asha", side("restaurant"), false, "own", "foreign-key"),
        // The code for the door is on the customer's side.
        ("orders", "meena", side("customer"), false, "any", "foreign-key"),
        ("orders", "meena", side("dispatcher"), true, "any", "role"),
        ("orders", "asha", "anything".to_owned(), false, "own", "foreign-key"),
        ("restaurant_performance", "annapurna", kitchen.clone(), true, "own", "own-key"),
        ("restaurant_performance", "biryani", kitchen.clone(), false, "own", "foreign-key"),
        ("restaurant_performance", "asha", kitchen, false, "none", "role-may-not"),
        ("customer_insights", "asha", insights.clone(), true, "own", "own-key"),
        ("customer_insights", "ravi", insights.clone(), false, "own", "foreign-key"),
        ("customer_insights", "meena", insights, true, "any", "role"),
        ("popular_items", "asha", figures.clone(), false, "none", "foreign-key"),
        ("popular_items", "meena", figures, true, "any", "role"),
        ("popular_items", "asha", "city=bengaluru".to_owned(), true, "any", "public"),
    ] {
        let account = web.city.person(name).user.id;
        let path = format!("/enterprise/security/validate/{namespace}?user_id={account}&key={key}");
        let found = anand.get(&path).await.ok();
        let found = (&found["allowed"], &found["reach"], &found["reason"]);
        assert_eq!(found, (&json!(allowed), &json!(reach), &json!(reason)), "{namespace} {name} {key}");
    }
}

#[tokio::test]
async fn a_made_key_depends_on_namespace_name_and_person() {
    let web = Web::new().await;
    let anand = web.user("anand").await;
    let account = |name: &str| web.city.person(name).user.id.to_string();
    let mut made = std::collections::BTreeSet::new();
    for (namespace, name, person) in [
        ("customers", "cart", "asha"),
        ("customers", "cart", "ravi"),
        ("customers", "list", "asha"),
        ("sessions", "cart", "asha"),
        ("menu_items", "cart", "asha"),
    ] {
        let body = json!({ "namespace": namespace, "name": name, "user_id": account(person) });
        let key = anand.post("/enterprise/security/secure-key", &body).await.ok();
        assert_eq!(key["personal"], namespace != "menu_items");
        assert!(!key["key"].as_str().unwrap().contains(&account(person)));
        made.insert(key["key"].to_string());
        let path = format!("/enterprise/security/validate/{namespace}?user_id={}&key=", account("asha"));
        let found = anand.get(&(path + key["key"].as_str().unwrap())).await.ok();
        assert_eq!(found["allowed"], person == "asha", "{namespace} {name} {person}: {found}");
    }
    assert_eq!(made.len(), 5);
    let wrong = json!({ "namespace": "carts", "name": "x" });
    let refused = anand.post("/enterprise/security/secure-key", &wrong).await.refused(404, "unknown-namespace");
    assert_eq!(refused["errors"][0]["pointer"], "/namespace");
}

#[tokio::test]
async fn an_unknown_namespace_is_named_wherever_it_is_asked_for() {
    let web = Web::new().await;
    let anand = web.user("anand").await;
    let policy = json!({ "ttl_s": 60, "why": "x" });
    for (method, path, body) in [
        (Method::GET, "/cache/keys/carts", None),
        (Method::GET, "/cache/values/carts?key=a", None),
        (Method::GET, "/cache/performance/namespace/carts", None),
        (Method::GET, "/cache/invalidations?namespace=carts", None),
        (Method::DELETE, "/cache/clear/carts", None),
        (Method::POST, "/cache/warm/carts", None),
        (Method::PATCH, "/cache/namespaces/carts", Some(&policy)),
        (Method::GET, "/enterprise/security/validate/carts?user_id=00000000-0000-0000-0000-000000000007", None),
    ] {
        let refused = anand.ask(method, path, &[], body).await.refused(404, "unknown-namespace");
        assert_eq!(refused["errors"][0]["pointer"], "/namespace", "{path}");
    }
}

#[tokio::test]
async fn the_report_rests_on_figures_and_says_its_rules() {
    let web = Web::new().await;
    let (anand, anybody) = (web.user("anand").await, web.stranger());
    let absent = |number: u32| format!("/restaurants/00000000-0000-0000-0000-0000000{number:05}");
    for number in 0..120 {
        anybody.get(&absent(number)).await.refused(404, "not-found");
    }
    for path in ["/cache/performance-report", "/enterprise/performance/report"] {
        let report = anand.get(path).await.ok();
        assert_eq!(report["rules"].as_array().unwrap().len(), 10);
        let found = report["recommendations"].as_array().unwrap();
        let low = found.iter().find(|one| one["rule"] == "low-hit-ratio").unwrap();
        assert_eq!((&low["namespace"], &low["bound"]), (&json!("restaurants"), &json!(0.8)));
        assert_eq!(low["figures"][0], json!({ "name": "hit_ratio", "value": 0.0 }));
        assert_eq!(low["figures"][1], json!({ "name": "requests", "value": 120.0 }));
    }
    let own = anand.get("/cache/performance/namespace/menu_items").await.ok();
    assert_eq!(own["recommendations"], json!([]));
    let sums = anand.get("/analytics/cache-performance").await.ok();
    assert_eq!((&sums["hits"], &sums["misses"], &sums["mode"]), (&json!(0), &json!(120), &json!("memory-only")));
    let health = anand.get("/cache/health/detailed").await.ok();
    assert_eq!((&health["status"], &health["redis"]), (&json!("pass"), &Value::Null));
    let usage = anand.get("/cache/memory-usage").await.ok();
    assert_eq!((&usage["alerts"], &usage["namespaces"][0]["namespace"]), (&json!([]), &json!("restaurants")));
}
