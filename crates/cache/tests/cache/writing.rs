//! Write-through and answers that are not to be kept.

use std::time::Duration;

use cache::{Loaded, Policy, State, Tier};
use tokio::time::sleep;

use crate::support::{Kitchen, MENU, body, connected_node, eventually, memory_cache, plain_policy, redis_url};

#[tokio::test]
async fn what_is_put_is_what_the_next_caller_gets() {
    let (cache, _clock) = memory_cache();
    let kitchen = Kitchen::default();
    kitchen.cooks(&cache, "order 7", "placed").await;
    let writing = cache.writing(MENU, "order 7").await;
    assert_eq!(body(kitchen.cooks(&cache, "order 7", "never").await.as_ref()), "placed", "readers do not wait");
    assert!(writing.put("accepted".to_owned()).await);
    let seen = kitchen.cooks(&cache, "order 7", "never").await.unwrap();
    assert_eq!((seen.state, body(Some(&seen))), (State::Hit, "accepted"));
    assert_eq!((kitchen.runs(), cache.namespace_stats(MENU).written), (1, 1));
}

#[tokio::test]
async fn a_change_that_came_between_is_never_overwritten() {
    let (cache, _clock) = memory_cache();
    let kitchen = Kitchen::default();
    let first = cache.writing(MENU, "order 7").await;
    let second = cache.writing(MENU, "order 7").await;
    assert!(second.put("cancelled".to_owned()).await);
    assert!(!first.put("accepted".to_owned()).await, "which of the two was committed last nobody can say");
    assert_eq!(body(kitchen.cooks(&cache, "order 7", "cancelled").await.as_ref()), "cancelled");

    let late = cache.writing(MENU, "order 7").await;
    cache.invalidate(MENU, "order 7").await;
    assert!(!late.put("accepted".to_owned()).await);
    let seen = kitchen.cooks(&cache, "order 7", "delivered").await.unwrap();
    assert_eq!((seen.state, body(Some(&seen))), (State::Miss, "delivered"));
}

fn version(number: i64, body: &'static str) -> Loaded {
    Loaded::new(body).with_version(number)
}

#[tokio::test]
async fn the_news_of_a_change_does_no_harm_to_its_own_answer() {
    let (cache, _clock) = memory_cache();
    let kitchen = Kitchen::default();
    kitchen.cooks(&cache, "order 7", "placed").await;
    let writing = cache.writing(MENU, "order 7").await;
    // Faster than the writer; and what was there did not say its version.
    let removed = cache.invalidate_older(MENU, "order 7", 1).await;
    assert_eq!((removed.memory, removed.kept), (1, false));
    assert!(writing.put(version(1, "accepted")).await);
    // Slower than the writer, and slower than a later one.
    for late in [1, 0] {
        let removed = cache.invalidate_older(MENU, "order 7", late).await;
        assert_eq!((removed.memory, removed.kept), (0, true));
    }
    assert_eq!(body(kitchen.cooks(&cache, "order 7", "never").await.as_ref()), "accepted");
    assert_eq!(cache.invalidate_older(MENU, "order 7", 2).await.memory, 1);
}

#[tokio::test]
async fn a_later_change_or_one_without_a_version_overtakes_a_writer() {
    let (cache, _clock) = memory_cache();
    let late = cache.writing(MENU, "order 7").await;
    cache.invalidate_older(MENU, "order 7", 2).await;
    assert!(!late.put(version(1, "accepted")).await);
    let late = cache.writing(MENU, "order 7").await;
    cache.invalidate(MENU, "order 7").await;
    assert!(!late.put(version(2, "cooking")).await);
    let (first, second) = (cache.writing(MENU, "order 7").await, cache.writing(MENU, "order 7").await);
    assert!(second.put(version(2, "cooking")).await);
    assert!(!first.put(version(1, "accepted")).await);
    // Somebody has loaded the later one by the time the news of it comes.
    let late = cache.writing(MENU, "order 7").await;
    cache.invalidate(MENU, "order 7").await;
    let (kitchen, loaded) = (Kitchen::default(), Ok(Some(version(6, "picked up"))));
    drop(late);
    let late = cache.writing(MENU, "order 7").await;
    kitchen.answers(&cache, "order 7", loaded).await.unwrap();
    assert!(cache.invalidate_older(MENU, "order 7", 6).await.kept);
    assert!(!late.put(version(5, "ready")).await);
    // What happens to other keys is nothing to this one.
    let writing = cache.writing(MENU, "order 7").await;
    for other in 0..200 {
        cache.invalidate(MENU, &format!("order 7{other}")).await;
    }
    assert!(writing.put("delivered".to_owned()).await);
}

#[tokio::test]
async fn a_load_under_way_does_not_overwrite_what_is_put() {
    let (cache, _clock) = memory_cache();
    let (reader, gate) = (cache.clone(), std::sync::Arc::new(tokio::sync::Semaphore::new(0)));
    let gated = gate.clone();
    let load = || async move {
        gated.acquire().await.unwrap().forget();
        Ok::<_, crate::support::Closed>(Some(Loaded::new("placed")))
    };
    let reading = tokio::spawn(async move { reader.get_or_load(MENU, "order 7", load).await });
    sleep(Duration::from_millis(20)).await;
    assert!(cache.writing(MENU, "order 7").await.put("accepted".to_owned()).await);
    gate.add_permits(1);
    reading.await.unwrap().unwrap();
    assert_eq!(body(Kitchen::default().cooks(&cache, "order 7", "never").await.as_ref()), "accepted");
}

#[tokio::test]
async fn nothing_is_put_into_a_namespace_that_is_off() {
    let (cache, _clock) = memory_cache();
    cache.set_policy(MENU, Policy { enabled: false, ..plain_policy() });
    assert!(!cache.writing(MENU, "order 7").await.put("accepted".to_owned()).await);
    assert_eq!(cache.namespace_stats(MENU).entries, 0);
}

#[tokio::test]
async fn an_answer_that_is_not_to_be_kept_is_sent_and_forgotten() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    kitchen.cooks(&cache, "order 7", "old").await;
    clock.advance(Duration::from_secs(13));
    for _ in 0..2 {
        let seen = kitchen.answers(&cache, "order 7", Ok(Some(Loaded::unstored("under way")))).await.unwrap().unwrap();
        assert_eq!((seen.state, seen.tier, seen.fresh_for), (State::Bypass, Tier::Loaded, Duration::ZERO));
        assert_eq!(body(Some(&seen)), "under way");
    }
    assert_eq!(cache.namespace_stats(MENU).entries, 0, "the older answer is gone as well");
    kitchen.cooks(&cache, "order 7", "delivered").await;
    assert_eq!(kitchen.cooks(&cache, "order 7", "never").await.unwrap().state, State::Hit);
    assert_eq!((kitchen.runs(), cache.namespace_stats(MENU).bypassed), (4, 2));
}

#[tokio::test]
async fn what_one_node_puts_the_others_see() {
    let Some(url) = redis_url() else { return };
    let asha = connected_node(&url, "put", 1).await;
    let ravi = connected_node(&url, "put", 2).await;
    let kitchen = Kitchen::default();
    kitchen.cooks(&ravi, "order 7", "placed").await;
    sleep(Duration::from_millis(100)).await;
    assert!(asha.writing(MENU, "order 7").await.put("accepted".to_owned()).await);
    eventually("heard", || ravi.namespace_stats(MENU).entries == 0).await;
    let seen = kitchen.cooks(&ravi, "order 7", "never").await.unwrap();
    assert_eq!((seen.tier, body(Some(&seen))), (Tier::Redis, "accepted"));
    assert_eq!(asha.health().redis.unwrap().pending_invalidations, 0);
}

#[tokio::test]
async fn nodes_hear_of_a_change_before_and_after_its_answer_is_put() {
    let Some(url) = redis_url() else { return };
    let asha = connected_node(&url, "put-version", 1).await;
    let ravi = connected_node(&url, "put-version", 2).await;
    let kitchen = Kitchen::default();
    kitchen.cooks(&asha, "order 7", "placed").await;
    for (number, shown) in [(1, "accepted"), (2, "cooking")] {
        let writing = asha.writing(MENU, "order 7").await;
        if number == 1 {
            ravi.invalidate_older(MENU, "order 7", number).await;
        }
        assert!(writing.put(version(number, shown)).await, "{shown}");
        // Each node follows the log by itself.
        for node in [&ravi, &asha] {
            node.invalidate_older(MENU, "order 7", number).await;
        }
        let seen = kitchen.cooks(&ravi, "order 7", "never").await.unwrap();
        assert_eq!((seen.tier, body(Some(&seen))), (Tier::Redis, shown));
        eventually("asha heard of it", || asha.health().redis.unwrap().pending_invalidations == 0).await;
        let seen = kitchen.cooks(&asha, "order 7", "never").await.unwrap();
        assert_eq!((seen.state, body(Some(&seen))), (State::Hit, shown));
    }
    let late = asha.writing(MENU, "order 7").await;
    ravi.invalidate_older(MENU, "order 7", 4).await;
    assert!(!late.put(version(3, "ready")).await);
    assert_eq!(body(kitchen.cooks(&ravi, "order 7", "picked up").await.as_ref()), "picked up");
}

#[tokio::test]
async fn redis_refuses_to_put_over_a_change_of_another_node() {
    let Some(url) = redis_url() else { return };
    let asha = connected_node(&url, "put-late", 1).await;
    let ravi = connected_node(&url, "put-late", 2).await;
    let kitchen = Kitchen::default();
    let late = asha.writing(MENU, "order 7").await;
    assert!(ravi.writing(MENU, "order 7").await.put("cancelled".to_owned()).await);
    assert!(!late.put("accepted".to_owned()).await);
    for node in [&asha, &ravi] {
        eventually("both forgot or know", || node.health().redis.unwrap().pending_invalidations == 0).await;
    }
    eventually("ravi heard of the second change", || ravi.namespace_stats(MENU).entries == 0).await;
    assert_eq!(body(kitchen.cooks(&asha, "order 7", "cancelled").await.as_ref()), "cancelled");
}
