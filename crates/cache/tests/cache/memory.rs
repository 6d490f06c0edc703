use std::sync::Arc;
use std::time::Duration;

use cache::{BuildError, Cache, Loaded, ManualClock, RedisSettings};

use crate::support::{Closed, Kitchen, MENU, memory_cache, plain_policy};

const BUDGET: u64 = 1024 * 1024;

#[tokio::test]
async fn memory_stays_within_its_budget() {
    let clock = Arc::new(ManualClock::new());
    let cache = Cache::builder(clock, 1).memory_budget(BUDGET).policy(MENU, plain_policy()).build().unwrap();
    for number in 0..2_000 {
        let load = || async { Ok::<_, Closed>(Some(Loaded::new(vec![b'x'; 4_096]))) };
        cache.get_or_load(MENU, &format!("dish {number}"), load).await.unwrap();
        assert!(cache.stats().memory_bytes <= BUDGET);
    }
    let stats = cache.namespace_stats(MENU);
    assert!(stats.bytes <= BUDGET && stats.bytes > BUDGET / 2, "{stats:?}");
    assert_eq!(stats.entries + stats.evictions, 2_000);
    assert_eq!(cache.stats().memory_budget, BUDGET);
}

#[tokio::test]
async fn an_answer_larger_than_the_budget_is_sent_and_not_kept() {
    let clock = Arc::new(ManualClock::new());
    let cache = Cache::builder(clock, 1).memory_budget(10_000).build().unwrap();
    let load = || async { Ok::<_, Closed>(Some(Loaded::new(vec![b'x'; 50_000]))) };
    let cached = cache.get_or_load(MENU, "feast", load).await.unwrap().unwrap();
    assert_eq!(cached.body.len(), 50_000);
    assert_eq!(cache.namespace_stats(MENU).entries, 0);
}

#[tokio::test]
async fn a_renewed_answer_is_no_eviction() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    for _ in 0..5 {
        kitchen.cooks(&cache, "dosa", "dosa").await;
        clock.advance(Duration::from_secs(15));
    }
    let stats = cache.namespace_stats(MENU);
    assert_eq!((stats.loads, stats.entries, stats.evictions), (5, 1, 0));
}

#[tokio::test]
async fn figures_add_up() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    for _ in 0..4 {
        kitchen.cooks(&cache, "dosa", "dosa").await;
    }
    kitchen.answers(&cache, "pizza", Ok(None)).await.unwrap();
    let stats = cache.namespace_stats(MENU);
    assert_eq!((stats.memory_hits, stats.misses, stats.loads, stats.entries), (3, 2, 2, 2));
    assert_eq!(stats.hit_ratio(), Some(0.6));
    assert_eq!(cache.stats().hit_ratio(), Some(0.6));
    assert!(stats.load_p50.is_some() && stats.load_p99 >= stats.load_p50);
    assert!(stats.hit_p50.is_some() && stats.hit_p99 >= stats.hit_p50);
    clock.advance(Duration::from_secs(6));
    assert_eq!(cache.clear_expired(), [(MENU, 1)], "the negative entry is over");
    assert_eq!(cache.namespace_stats(MENU).entries, 1);
}

#[test]
fn a_cache_says_why_it_cannot_be_built() {
    let builder = || Cache::builder(Arc::new(ManualClock::new()), 1);
    assert_eq!(builder().build().err(), Some(BuildError::NoRuntime));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let _inside = runtime.enter();
    let bad = builder().redis(RedisSettings::new("http://localhost")).build();
    assert_eq!(bad.err(), Some(BuildError::RedisAddress));
    let prefix = "two words".to_owned();
    let settings = RedisSettings { prefix, ..RedisSettings::new("redis://localhost") };
    assert_eq!(builder().redis(settings).build().err(), Some(BuildError::RedisPrefix));
}
