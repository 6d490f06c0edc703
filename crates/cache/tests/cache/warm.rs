use std::time::Duration;

use cache::{Cache, Loaded, Policy, State, Warmed};

use crate::support::{Closed, Kitchen, MENU, body, memory_cache, plain_policy};

const SECOND: Duration = Duration::from_secs(1);

async fn warm(cache: &Cache, key: &str, answer: Result<Option<Loaded>, Closed>) -> Result<Warmed, Closed> {
    cache.warm(MENU, key, || async move { answer }).await
}

#[tokio::test]
async fn a_warmed_key_is_a_hit_for_the_first_who_asks() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    assert_eq!(warm(&cache, "dosa", Ok(Some("warm".to_owned().into()))).await, Ok(Warmed::Loaded));
    assert_eq!(warm(&cache, "dosa", Err(Closed)).await, Ok(Warmed::Fresh));
    let first = kitchen.cooks(&cache, "dosa", "never").await.unwrap();
    assert_eq!((first.state, body(Some(&first))), (State::Hit, "warm"));
    let stats = cache.namespace_stats(MENU);
    assert_eq!((stats.warmed, stats.misses, stats.memory_hits, stats.loads), (1, 0, 1, 1));
    clock.advance(11 * SECOND);
    assert_eq!(warm(&cache, "dosa", Ok(Some("warmer".to_owned().into()))).await, Ok(Warmed::Loaded));
    assert_eq!(body(kitchen.cooks(&cache, "dosa", "never").await.as_ref()), "warmer", "stale is not warm");
}

#[tokio::test]
async fn warming_says_why_nothing_is_warm() {
    let (cache, clock) = memory_cache();
    assert_eq!(warm(&cache, "pizza", Ok(None)).await, Ok(Warmed::Nothing));
    assert_eq!(warm(&cache, "order", Ok(Some(Loaded::unstored("under way")))).await, Ok(Warmed::Nothing));
    assert_eq!(warm(&cache, "dosa", Err(Closed)).await, Err(Closed));
    Kitchen::default().cooks(&cache, "dosa", "old").await;
    clock.advance(15 * SECOND);
    assert_eq!(warm(&cache, "dosa", Err(Closed)).await, Ok(Warmed::Covered));
    cache.set_policy(MENU, Policy { enabled: false, ..plain_policy() });
    assert_eq!(warm(&cache, "dosa", Ok(None)).await, Ok(Warmed::Off));
    assert_eq!(cache.namespace_stats(MENU).warmed, 0);
}
