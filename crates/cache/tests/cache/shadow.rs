//! Hits that are loaded again to measure staleness.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cache::{Cache, Loaded, Policy, State};
use tokio::sync::Semaphore;

use crate::support::{Closed, Kitchen, MENU, body, eventually, memory_cache, plain_policy};

/// After so long the next hit may be drawn.
const REST: Duration = Duration::from_millis(200);

fn sample(cache: &Cache, share: f64) {
    cache.set_policy(MENU, Policy { shadow_share: share, ..plain_policy() });
}

#[tokio::test]
async fn what_is_out_of_date_is_counted_with_its_age_and_nobody_notices() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    sample(&cache, 1.0);
    kitchen.cooks(&cache, "dosa", "90").await;
    clock.advance(Duration::from_secs(4));
    for (dish, expected) in [("90", (1, 0)), ("95", (2, 1))] {
        let cached = kitchen.cooks(&cache, "dosa", dish).await.unwrap();
        assert_eq!((cached.state, body(Some(&cached))), (State::Hit, "90"));
        let checked = || {
            let stats = cache.namespace_stats(MENU);
            (stats.shadow_checks, stats.shadow_stale) == expected
        };
        eventually("compared", checked).await;
        clock.advance(REST);
    }
    let stats = cache.namespace_stats(MENU);
    assert_eq!((stats.measured_staleness(), stats.loads, stats.misses), (Some(0.5), 1, 1));
    let age = stats.shadow_stale_age_p50.unwrap().as_secs_f64();
    assert!((4.0..=5.0).contains(&age), "{age}");
}

#[tokio::test]
async fn what_tells_the_same_in_other_bytes_is_not_out_of_date() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    cache.compare_with(|namespace, sent, fresh| namespace == MENU && sent[..2] == fresh[..2]);
    sample(&cache, 1.0);
    kitchen.cooks(&cache, "dosa", "90 at noon").await;
    for (dish, expected) in [("90 at one", (1, 0)), ("95 at noon", (2, 1))] {
        kitchen.cooks(&cache, "dosa", dish).await;
        let checked = || {
            let stats = cache.namespace_stats(MENU);
            (stats.shadow_checks, stats.shadow_stale) == expected
        };
        eventually("compared", checked).await;
        clock.advance(REST);
    }
}

#[tokio::test]
async fn failures_and_late_comparisons_do_not_count() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    sample(&cache, 1.0);
    kitchen.cooks(&cache, "dosa", "90").await;
    assert!(kitchen.answers(&cache, "dosa", Err(Closed)).await.unwrap().is_some());
    let (gate, runs) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
    for _ in 0..20 {
        clock.advance(REST);
        let (gate, runs) = (gate.clone(), runs.clone());
        let load = || async move {
            runs.fetch_add(1, Ordering::SeqCst);
            gate.acquire().await.unwrap().forget();
            Ok::<_, Closed>(Some(Loaded::new("95")))
        };
        cache.get_or_load(MENU, "dosa", load).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(runs.load(Ordering::SeqCst), 2, "few at a time");
    cache.invalidate(MENU, "dosa").await;
    gate.add_permits(100);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(cache.namespace_stats(MENU).shadow_checks, 0, "the change came between");
}

#[tokio::test]
async fn a_share_is_a_share_and_none_is_drawn_unless_asked() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    cache.set_policy(MENU, Policy { ttl: Duration::from_hours(1), ..plain_policy() });
    kitchen.cooks(&cache, "dosa", "90").await;
    for _ in 0..500 {
        clock.advance(REST);
        kitchen.cooks(&cache, "dosa", "90").await;
    }
    assert_eq!((kitchen.runs(), cache.policy(MENU).shadow_share), (1, 0.0));
    sample(&cache, 0.1);
    for _ in 0..1_000 {
        clock.advance(REST);
        kitchen.cooks(&cache, "dosa", "90").await;
        tokio::task::yield_now().await;
    }
    assert!((60..=140).contains(&(kitchen.runs() - 1)), "{}", kitchen.runs());
}

#[tokio::test]
async fn however_busy_a_node_is_few_are_drawn_in_a_second() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    sample(&cache, 1.0);
    kitchen.cooks(&cache, "dosa", "90").await;
    for _ in 0..1_000 {
        clock.advance(Duration::from_millis(1));
        kitchen.cooks(&cache, "dosa", "90").await;
        tokio::task::yield_now().await;
    }
    assert_eq!(kitchen.runs() - 1, 5);
}
