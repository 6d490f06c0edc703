//! Redis that answers, but late, broken, or with a refusal: right answers all the time, no error for anybody, and two
//! tiers again within five seconds of its return.

use std::time::{Duration, Instant};

use cache::{BreakerState, Cache, Mode, State, Tier};
use tokio::time::sleep;

use crate::road::{Proxy, Road};
use crate::support::{Kitchen, MENU, OwnRedis, body, connected_node, eventually, node, redis_url};

/// Nobody may wait longer for the breaker, nor for the return.
const OPENS_WITHIN: Duration = Duration::from_secs(1);
const RETURNS_WITHIN: Duration = Duration::from_secs(5);

/// Lets a node meet a fault and recover. Answers how long its breaker took to open.
async fn story(url: &str, name: &str, road: Road) -> Duration {
    let proxy = Proxy::to(url).await;
    let asha = connected_node(&proxy.url, name, 1).await;
    let kitchen = Kitchen::default();
    kitchen.cooks(&asha, "dosa", "dosa").await;
    proxy.becomes(road);
    let began = Instant::now();
    let mut number = 0;
    while asha.health().redis.unwrap().breaker == BreakerState::Closed {
        number += 1;
        assert!(number < 50, "{name}: the breaker never opened");
        let key = format!("{name} {number}");
        assert_eq!(body(kitchen.cooks(&asha, &key, "fresh").await.as_ref()), "fresh");
        asha.invalidate(MENU, &key).await;
        assert_eq!(body(kitchen.cooks(&asha, &key, "changed").await.as_ref()), "changed", "{name}");
    }
    let opened = began.elapsed();
    let served = Instant::now();
    for number in 0..200 {
        let key = format!("{name} alone {number}");
        assert_eq!(kitchen.cooks(&asha, &key, "fresh").await.unwrap().state, State::Miss);
    }
    assert!(served.elapsed() < Duration::from_millis(200), "{name}: {:?} for 200 loads", served.elapsed());
    proxy.open();
    recovers(name, &asha).await;
    opened
}

async fn recovers(name: &str, node: &Cache) {
    let began = Instant::now();
    let recovered = || {
        let health = node.health();
        let redis = health.redis.unwrap();
        health.mode == Mode::TwoTier && redis.bus_connected && redis.pending_invalidations == 0
    };
    eventually("two tiers again", recovered).await;
    assert!(began.elapsed() < RETURNS_WITHIN, "{name} took {:?} to recover", began.elapsed());
}

#[tokio::test]
async fn a_server_that_refuses_is_left_alone_at_once() {
    let Some(url) = redis_url() else { return };
    for (name, text) in [
        ("loading", "LOADING Redis is loading the dataset in memory"),
        ("readonly", "READONLY You can't write against a read only replica."),
        ("masterdown", "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."),
        ("oom", "OOM command not allowed when used memory > 'maxmemory'."),
        ("noauth", "NOAUTH Authentication required."),
        ("noise", "ERR what?"),
    ] {
        let opened = story(&url, name, Road::Says(text)).await;
        assert!(opened < OPENS_WITHIN, "{name}: {opened:?}");
    }
}

#[tokio::test]
async fn three_seconds_of_delay_and_silence_cost_less_than_one() {
    let Some(url) = redis_url() else { return };
    for (name, road) in [("late", Road::Late(Duration::from_secs(3))), ("half-open", Road::Silent)] {
        let opened = story(&url, name, road).await;
        assert!(opened < OPENS_WITHIN, "{name}: {opened:?}");
    }
}

#[tokio::test]
async fn replies_that_break_off_are_misses() {
    let Some(url) = redis_url() else { return };
    for bytes in [0, 1, 20] {
        let opened = story(&url, &format!("breaks-{bytes}"), Road::BreaksAfter(bytes)).await;
        assert!(opened < OPENS_WITHIN, "after {bytes} bytes: {opened:?}");
    }
}

#[tokio::test]
async fn a_replica_that_refuses_to_write_is_not_read_either() {
    let Some(server) = OwnRedis::start().await else { return };
    let asha = connected_node(&server.url, "demoted", 1).await;
    let kitchen = Kitchen::default();
    kitchen.cooks(&asha, "dosa", "old").await;
    sleep(Duration::from_millis(100)).await;
    server.run(&["REPLICAOF", "127.0.0.1", "1"]).await;
    asha.invalidate(MENU, "dosa").await;
    assert_eq!(body(kitchen.cooks(&asha, "dosa", "new").await.as_ref()), "new");
    assert_eq!(asha.health().mode, Mode::MemoryOnly);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(asha.health().mode, Mode::MemoryOnly, "a server that only reads does not serve");
    server.run(&["REPLICAOF", "NO", "ONE"]).await;
    recovers("demoted", &asha).await;
    let ravi = node(&server.url, "demoted", 2);
    assert_eq!(body(kitchen.cooks(&ravi, "dosa", "new").await.as_ref()), "new", "the old value is gone");
}

#[tokio::test]
async fn a_new_process_begins_with_what_redis_has() {
    let Some(url) = redis_url() else { return };
    let kitchen = Kitchen::default();
    let before = connected_node(&url, "restart", 1).await;
    for number in 0..50 {
        kitchen.cooks(&before, &number.to_string(), "dosa").await;
    }
    sleep(Duration::from_millis(200)).await;
    drop(before);
    let after = connected_node(&url, "restart", 2).await;
    for number in 0..50 {
        let answer = kitchen.cooks(&after, &number.to_string(), "never").await.unwrap();
        assert_eq!((answer.state, answer.tier, body(Some(&answer))), (State::Hit, Tier::Redis, "dosa"));
    }
    let stats = after.namespace_stats(MENU);
    assert_eq!((stats.loads, stats.redis_hits, kitchen.runs()), (0, 50, 50));
}
