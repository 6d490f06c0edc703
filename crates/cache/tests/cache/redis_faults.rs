//! Redis absent, cut off or silent: loads, never errors, and a full recovery.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cache::{BreakerState, Cache, ManualClock, Mode, RedisSettings, State, Tier};
use tokio::time::sleep;

use crate::road::Proxy;
use crate::support::{Kitchen, MENU, OwnRedis, body, connected_node, eventually, node, plain_policy, redis_url};

const NOBODY_LISTENS: &str = "redis://asha:s3cret@127.0.0.1:1";

#[tokio::test]
async fn without_redis_everything_works_and_health_says_so() {
    let cache = node(NOBODY_LISTENS, "absent", 1);
    let kitchen = Kitchen::default();
    for number in 0..20 {
        let key = number.to_string();
        assert_eq!(kitchen.cooks(&cache, &key, "dosa").await.unwrap().state, State::Miss);
        assert_eq!(kitchen.cooks(&cache, &key, "dosa").await.unwrap().tier, Tier::Memory);
    }
    cache.invalidate(MENU, "3").await;
    let health = cache.health();
    assert_eq!(health.mode, Mode::MemoryOnly);
    let redis = health.redis.unwrap();
    assert_ne!(redis.breaker, BreakerState::Closed);
    assert_eq!((redis.bus_connected, redis.pending_invalidations), (false, 1));
    assert!(redis.last_error.is_some());
    assert!(!format!("{:?}", cache.health()).contains("s3cret"));
}

#[tokio::test]
async fn while_the_bus_is_lost_memory_is_trusted_for_five_seconds() {
    let clock = Arc::new(ManualClock::new());
    let settings = RedisSettings::new(NOBODY_LISTENS);
    let builder = Cache::builder(clock.clone(), 1).policy(MENU, plain_policy());
    let cache = builder.redis(settings).build().unwrap();
    let kitchen = Kitchen::default();
    kitchen.cooks(&cache, "dosa", "old").await;
    clock.advance(Duration::from_millis(4_999));
    assert_eq!(body(kitchen.cooks(&cache, "dosa", "new").await.as_ref()), "old");
    clock.advance(Duration::from_millis(1));
    assert_eq!(body(kitchen.cooks(&cache, "dosa", "new").await.as_ref()), "new");
}

#[tokio::test]
async fn a_cut_road_is_survived_and_healed() {
    let Some(url) = redis_url() else { return };
    let proxy = Proxy::to(&url).await;
    let asha = connected_node(&proxy.url, "cut", 1).await;
    let ravi = connected_node(&url, "cut", 2).await;
    let kitchen = Kitchen::default();
    kitchen.cooks(&asha, "dosa", "old").await;
    kitchen.cooks(&asha, "idli", "old").await;
    sleep(Duration::from_millis(100)).await;
    kitchen.cooks(&ravi, "dosa", "never").await;

    proxy.cut();
    eventually("the loss is noticed", || !asha.health().redis.unwrap().bus_connected).await;
    ravi.invalidate(MENU, "idli").await;
    for number in 0..10 {
        let key = format!("dish {number}");
        assert_eq!(body(kitchen.cooks(&asha, &key, "fresh").await.as_ref()), "fresh");
    }
    assert_eq!(asha.health().mode, Mode::MemoryOnly);
    asha.invalidate(MENU, "dosa").await;
    assert_eq!(asha.health().redis.unwrap().pending_invalidations, 1);
    assert_eq!(body(kitchen.cooks(&asha, "dosa", "new").await.as_ref()), "new");

    proxy.open();
    let healed = || {
        let health = asha.health();
        let redis = health.redis.unwrap();
        health.mode == Mode::TwoTier && redis.bus_connected && redis.pending_invalidations == 0
    };
    eventually("two tiers again", healed).await;
    assert_eq!(body(kitchen.cooks(&asha, "idli", "new").await.as_ref()), "new", "asha missed a message");
    eventually("ravi heard at last", || ravi.namespace_stats(MENU).entries == 0).await;
    assert_eq!(body(kitchen.cooks(&ravi, "dosa", "new").await.as_ref()), "new");
}

#[tokio::test]
async fn a_silent_redis_costs_a_few_timeouts_and_then_nothing() {
    let Some(url) = redis_url() else { return };
    let proxy = Proxy::to(&url).await;
    let asha = connected_node(&proxy.url, "silent", 1).await;
    let kitchen = Kitchen::default();
    proxy.fall_silent();
    eventually("the silence is noticed", || !asha.health().redis.unwrap().bus_connected).await;
    let mut number = 0;
    while asha.health().redis.unwrap().breaker != BreakerState::Open {
        number += 1;
        assert!(number < 20, "the breaker never opened");
        kitchen.cooks(&asha, &format!("slow {number}"), "fresh").await;
    }
    let started = Instant::now();
    for number in 0..100 {
        kitchen.cooks(&asha, &format!("fast {number}"), "fresh").await;
    }
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    proxy.open();
    eventually("two tiers again", || asha.health().mode == Mode::TwoTier).await;
}

#[tokio::test]
async fn redis_says_how_full_it_is_until_it_does_not_answer() {
    assert_eq!(node(NOBODY_LISTENS, "unasked", 1).redis_memory().await, None);
    let Some(server) = OwnRedis::start().await else { return };
    let asha = connected_node(&server.url, "memory", 1).await;
    let unlimited = asha.redis_memory().await.unwrap();
    assert!(unlimited.used > 100_000 && unlimited.limit.is_none(), "{unlimited:?}");
    server.set("maxmemory", "100mb").await;
    assert_eq!(asha.redis_memory().await.unwrap().limit, Some(100 * 1_024 * 1_024));
    drop(server);
    assert_eq!(asha.redis_memory().await, None);
}

#[tokio::test]
async fn a_full_redis_still_forgets() {
    let Some(server) = OwnRedis::start().await else { return };
    let asha = connected_node(&server.url, "full", 1).await;
    let ravi = connected_node(&server.url, "full", 2).await;
    let kitchen = Kitchen::default();
    kitchen.cooks(&asha, "dosa", "old").await;
    sleep(Duration::from_millis(100)).await;
    assert_eq!(kitchen.cooks(&ravi, "dosa", "never").await.unwrap().tier, Tier::Redis);
    assert_eq!(asha.health().warning(), None);
    server.set("maxmemory", "1").await;
    kitchen.cooks(&asha, "idli", "unstored").await;
    eventually("the refusal is noticed", || asha.health().redis.unwrap().writes_refused.is_some()).await;
    // Whatever is read meanwhile succeeds, and says nothing about writing.
    for number in 0..5 {
        kitchen.cooks(&asha, &format!("vada {number}"), "unstored").await;
    }
    sleep(Duration::from_millis(1_500)).await;
    let health = asha.health();
    assert_eq!((health.mode, health.redis.as_ref().unwrap().breaker), (Mode::TwoTier, BreakerState::Closed));
    assert!(health.warning().unwrap().starts_with("Redis is full and stores nothing: "), "{health:?}");
    asha.invalidate(MENU, "dosa").await;
    assert_eq!(asha.health().redis.unwrap().pending_invalidations, 0);
    eventually("heard", || ravi.namespace_stats(MENU).entries == 0).await;
    assert_eq!(body(kitchen.cooks(&ravi, "dosa", "new").await.as_ref()), "new");
    server.set("maxmemory", "0").await;
    eventually("there is room again", || asha.health().warning().is_none()).await;
    kitchen.cooks(&asha, "poha", "poha").await;
    sleep(Duration::from_millis(100)).await;
    assert_eq!(kitchen.cooks(&ravi, "poha", "never").await.unwrap().tier, Tier::Redis);
}

#[tokio::test]
async fn a_killed_and_restarted_redis_is_used_again() {
    let Some(server) = OwnRedis::start().await else { return };
    let asha = connected_node(&server.url, "killed", 1).await;
    let kitchen = Kitchen::default();
    kitchen.cooks(&asha, "dosa", "dosa").await;
    let port = server.port;
    drop(server);
    eventually("the loss is noticed", || !asha.health().redis.unwrap().bus_connected).await;
    for number in 0..10 {
        assert!(kitchen.cooks(&asha, &number.to_string(), "dosa").await.is_some());
    }
    assert_eq!(asha.health().mode, Mode::MemoryOnly);
    let _server = OwnRedis::on(port).await.unwrap();
    eventually("two tiers again", || {
        let health = asha.health();
        health.mode == Mode::TwoTier && health.redis.unwrap().bus_connected
    })
    .await;
}

#[tokio::test]
async fn a_refused_greeting_is_not_refused_for_ever() {
    let Some(server) = OwnRedis::start().await else { return };
    let url = server.url.replace("redis://", "redis://:s3cret@");
    let asha = node(&url, "refused-greeting", 1);
    let kitchen = Kitchen::default();
    for number in 0..10 {
        assert!(kitchen.cooks(&asha, &number.to_string(), "dosa").await.is_some());
    }
    let health = asha.health();
    assert_eq!(health.mode, Mode::MemoryOnly);
    assert!(!format!("{health:?}").contains("s3cret"));
    server.set("requirepass", "s3cret").await;
    eventually("two tiers", || asha.health().mode == Mode::TwoTier).await;
}

#[tokio::test]
async fn a_lost_or_unreadable_message_makes_a_node_forget_everything() {
    let Some(url) = redis_url() else { return };
    let asha = connected_node(&url, "gaps", 1).await;
    let kitchen = Kitchen::default();
    let client = redis::Client::open(url).unwrap();
    let mut raw = client.get_multiplexed_async_connection().await.unwrap();
    let channel = format!("test-gaps-{}:invalidations", std::process::id());
    let stories: [(&str, &[&str]); 2] =
        [("a gap", &["1 f00 0 beat", "1 f00 2 beat"]), ("another version", &["2 {\"forget\":\"something\"}"])];
    for (story, messages) in stories {
        kitchen.cooks(&asha, "dosa", "dosa").await;
        assert_eq!(asha.namespace_stats(MENU).entries, 1);
        for message in messages {
            let mut publish = redis::cmd("PUBLISH");
            publish.arg(&channel).arg(*message).exec_async(&mut raw).await.unwrap();
        }
        eventually(story, || asha.namespace_stats(MENU).entries == 0).await;
    }
}
