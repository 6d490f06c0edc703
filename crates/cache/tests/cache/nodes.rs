//! Several nodes around one Redis. Without `TEST_REDIS_URL` these stories are not told.

use std::sync::Arc;
use std::time::Duration;

use cache::{Loaded, Mode, Policy, State, Tier};
use redis::AsyncCommands;
use tokio::sync::Semaphore;
use tokio::time::sleep;

use crate::support::{Closed, Kitchen, MENU, body, connected_node, eventually, plain_policy, redis_url};

#[tokio::test]
async fn what_one_node_loaded_the_other_finds() {
    let Some(url) = redis_url() else { return };
    let asha = connected_node(&url, "shared", 1).await;
    let ravi = connected_node(&url, "shared", 2).await;
    let kitchen = Kitchen::default();
    let loaded = kitchen.cooks(&asha, "dosa", "90 rupees").await.unwrap();
    sleep(Duration::from_millis(200)).await;
    let found = kitchen.cooks(&ravi, "dosa", "never").await.unwrap();
    assert_eq!((found.state, found.tier), (State::Hit, Tier::Redis));
    assert_eq!((&found.body, &found.etag), (&loaded.body, &loaded.etag));
    assert!(found.age >= Duration::from_millis(190) && found.age < Duration::from_secs(5), "{:?}", found.age);
    assert_eq!(kitchen.cooks(&ravi, "dosa", "never").await.unwrap().tier, Tier::Memory);
    assert_eq!(kitchen.answers(&asha, "pizza", Ok(None)).await, Ok(None));
    sleep(Duration::from_millis(50)).await;
    assert_eq!(kitchen.answers(&ravi, "pizza", Err(Closed)).await, Ok(None), "absence is shared too");
    assert_eq!(kitchen.runs(), 2);
    let health = asha.health();
    assert_eq!(health.mode, Mode::TwoTier);
    assert_eq!(health.redis.unwrap().last_error, None);
}

#[tokio::test]
async fn what_is_kept_on_one_node_the_other_does_not_find() {
    let Some(url) = redis_url() else { return };
    let asha = connected_node(&url, "alone", 1).await;
    let ravi = connected_node(&url, "alone", 2).await;
    let kitchen = Kitchen::default();
    let perhaps_old = Loaded::new("old").kept_here(Duration::from_secs(8));
    let kept = kitchen.answers(&asha, "dosa", Ok(Some(perhaps_old))).await.unwrap().unwrap();
    assert!(kept.fresh_for <= Duration::from_secs(8), "{kept:?}");
    sleep(Duration::from_millis(100)).await;
    assert_eq!(body(kitchen.cooks(&ravi, "dosa", "new").await.as_ref()), "new");
    assert_eq!(body(kitchen.cooks(&asha, "dosa", "never").await.as_ref()), "old");
}

#[tokio::test]
async fn every_kind_of_invalidation_reaches_the_other_node() {
    let Some(url) = redis_url() else { return };
    let asha = connected_node(&url, "told", 1).await;
    let ravi = connected_node(&url, "told", 2).await;
    let kitchen = Kitchen::default();
    for (round, scope) in ["key", "prefix", "namespace"].into_iter().enumerate() {
        kitchen.cooks(&asha, "r7:dosa", "old").await;
        sleep(Duration::from_millis(50)).await;
        kitchen.cooks(&ravi, "r7:dosa", "never").await;
        assert_eq!(ravi.namespace_stats(MENU).entries, 1, "{scope}");
        match scope {
            "key" => asha.invalidate(MENU, "r7:dosa").await,
            "prefix" => asha.invalidate_prefix(MENU, "r7:").await,
            _ => asha.invalidate_namespace(MENU).await,
        };
        eventually(scope, || ravi.namespace_stats(MENU).entries == 0).await;
        let reloaded = kitchen.cooks(&ravi, "r7:dosa", "new").await.unwrap();
        assert_eq!((reloaded.state, body(Some(&reloaded))), (State::Miss, "new"), "{scope}");
        assert_eq!(kitchen.runs(), 2 * (round + 1));
        ravi.invalidate_namespace(MENU).await;
    }
}

#[tokio::test]
async fn a_load_overtaken_by_another_nodes_change_reaches_neither_tier() {
    let Some(url) = redis_url() else { return };
    let asha = connected_node(&url, "late", 1).await;
    let ravi = connected_node(&url, "late", 2).await;
    let gate = Arc::new(Semaphore::new(0));
    let (reader_cache, gated) = (ravi.clone(), gate.clone());
    let reader = tokio::spawn(async move {
        let load = || async move {
            gated.acquire().await.unwrap().forget();
            Ok::<_, Closed>(Some(Loaded::new("old")))
        };
        reader_cache.get_or_load(MENU, "dosa", load).await
    });
    sleep(Duration::from_millis(100)).await;
    asha.invalidate(MENU, "dosa").await;
    eventually("heard", || ravi.namespace_stats(MENU).invalidations == 1).await;
    gate.add_permits(1);
    reader.await.unwrap().unwrap();
    sleep(Duration::from_millis(100)).await;
    let kitchen = Kitchen::default();
    assert_eq!(body(kitchen.cooks(&asha, "dosa", "new").await.as_ref()), "new");
    sleep(Duration::from_millis(100)).await;
    assert_eq!(body(kitchen.cooks(&ravi, "dosa", "newer").await.as_ref()), "new");
}

#[tokio::test]
async fn redis_itself_refuses_a_late_value_when_the_bus_says_nothing() {
    let Some(url) = redis_url() else { return };
    let asha = connected_node(&url, "refused", 1).await;
    let mut raw = raw_connection(&url).await;
    let prefix = format!("test-refused-{}:{{menu_items}}", std::process::id());
    let (mut meddler, prefix_inside) = (raw.clone(), prefix.clone());
    let load = || async move {
        // Another node changed the dish, and its message was lost.
        let () = meddler.set(format!("{prefix_inside}:changed:dosa"), "token").await.unwrap();
        Ok::<_, Closed>(Some(Loaded::new("old")))
    };
    asha.get_or_load(MENU, "dosa", load).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    let stored: bool = raw.exists(format!("{prefix}:value:dosa")).await.unwrap();
    assert!(!stored);
    Kitchen::default().cooks(&asha, "idli", "idli").await;
    eventually("idli is stored", || asha.health().redis.unwrap().pending_invalidations == 0).await;
    sleep(Duration::from_millis(100)).await;
    let stored: bool = raw.exists(format!("{prefix}:value:idli")).await.unwrap();
    assert!(stored);
}

#[tokio::test]
async fn poisoned_values_are_misses() {
    let Some(url) = redis_url() else { return };
    let asha = connected_node(&url, "poison", 1).await;
    let mut raw = raw_connection(&url).await;
    let kitchen = Kitchen::default();
    let name = |dish: &str| format!("test-poison-{}:{{menu_items}}:value:{dish}", std::process::id());
    kitchen.cooks(&asha, "dosa", "a good dosa").await;
    sleep(Duration::from_millis(100)).await;
    let good: Vec<u8> = raw.get(name("dosa")).await.unwrap();
    let ttl = 10_000;
    let () = raw.pset_ex(name("truncated"), &good[..good.len() - 3], ttl).await.unwrap();
    let () = raw.pset_ex(name("elsewhere"), &good[..], ttl).await.unwrap();
    let () = raw.pset_ex(name("noise"), "DBC1 and nonsense", ttl).await.unwrap();
    let () = raw.set(name("eternal"), &good[..]).await.unwrap();
    let () = raw.rpush(name("list"), "not even a string").await.unwrap();
    for dish in ["truncated", "elsewhere", "noise", "eternal", "list"] {
        let cached = kitchen.cooks(&asha, dish, "fresh").await.unwrap();
        assert_eq!((cached.state, body(Some(&cached))), (State::Miss, "fresh"), "{dish}");
    }
    sleep(Duration::from_millis(100)).await;
    let ravi = connected_node(&url, "poison", 2).await;
    let healed = kitchen.cooks(&ravi, "list", "never").await.unwrap();
    assert_eq!((healed.tier, body(Some(&healed))), (Tier::Redis, "fresh"));
    assert_eq!(asha.health().redis.unwrap().errors, 0);
}

#[tokio::test]
async fn installations_with_other_prefixes_share_nothing() {
    let Some(url) = redis_url() else { return };
    let asha = connected_node(&url, "one-city", 1).await;
    let ravi = connected_node(&url, "other-city", 2).await;
    let kitchen = Kitchen::default();
    kitchen.cooks(&asha, "dosa", "90").await;
    sleep(Duration::from_millis(100)).await;
    let other = kitchen.cooks(&ravi, "dosa", "120").await.unwrap();
    assert_eq!((other.state, body(Some(&other))), (State::Miss, "120"));
    asha.invalidate_namespace(MENU).await;
    sleep(Duration::from_millis(100)).await;
    assert_eq!(ravi.namespace_stats(MENU).entries, 1);
}

#[tokio::test]
async fn losing_all_of_redis_loses_no_correctness() {
    let Some(url) = redis_url() else { return };
    let asha = connected_node(&url, "flushed", 1).await;
    let kitchen = Kitchen::default();
    asha.set_policy(MENU, Policy { ttl: Duration::from_mins(1), ..plain_policy() });
    kitchen.cooks(&asha, "dosa", "old").await;
    let mut raw = raw_connection(&url).await;
    let pattern = format!("test-flushed-{}:*", std::process::id());
    let names: Vec<String> = redis::cmd("KEYS").arg(pattern).query_async(&mut raw).await.unwrap();
    let saved: Vec<u8> = raw.get(names.iter().find(|name| name.contains(":value:")).unwrap()).await.unwrap();
    let () = raw.del(&names).await.unwrap();
    let value = names.iter().find(|name| name.contains(":value:")).unwrap();
    let () = raw.pset_ex(value, saved, 60_000).await.unwrap();
    kitchen.cooks(&asha, "idli", "starts a generation").await;
    let ravi = connected_node(&url, "flushed", 2).await;
    let reloaded = kitchen.cooks(&ravi, "dosa", "new").await.unwrap();
    assert_eq!(body(Some(&reloaded)), "new", "a value of a forgotten generation is a miss");
}

async fn raw_connection(url: &str) -> redis::aio::MultiplexedConnection {
    let client = redis::Client::open(url).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}
