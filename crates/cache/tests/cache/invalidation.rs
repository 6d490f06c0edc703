use std::sync::Arc;
use std::time::Duration;

use cache::{Cache, Cached, Loaded, Namespace, State};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::support::{Closed, Kitchen, MENU, body, memory_cache};

/// A load that has read `dish` and hands it over only when the gate opens.
async fn slow_load(
    cache: &Cache,
    key: &'static str,
    dish: &'static str,
) -> (Arc<Semaphore>, JoinHandle<Option<Cached>>) {
    let gate = Arc::new(Semaphore::new(0));
    let (cache, gated) = (cache.clone(), gate.clone());
    let reader = tokio::spawn(async move {
        let load = move || async move {
            gated.acquire().await.unwrap().forget();
            Ok::<_, Closed>(Some(Loaded::new(dish)))
        };
        cache.get_or_load(MENU, key, load).await.unwrap()
    });
    sleep(Duration::from_millis(20)).await;
    (gate, reader)
}

#[tokio::test]
async fn a_changed_price_is_seen_by_the_next_caller() {
    let (cache, _clock) = memory_cache();
    let kitchen = Kitchen::default();
    kitchen.cooks(&cache, "dosa", "90").await;
    assert_eq!(cache.invalidate(MENU, "dosa").await.memory, 1);
    assert_eq!(cache.invalidate(MENU, "dosa").await.memory, 0);
    let cached = kitchen.cooks(&cache, "dosa", "95").await.unwrap();
    assert_eq!((cached.state, body(Some(&cached))), (State::Miss, "95"));
}

#[tokio::test]
async fn a_load_begun_before_the_change_is_never_stored() {
    for scope in ["key", "prefix", "namespace"] {
        let (cache, _clock) = memory_cache();
        let (gate, reader) = slow_load(&cache, "r7:dosa", "90").await;
        match scope {
            "key" => cache.invalidate(MENU, "r7:dosa").await,
            "prefix" => cache.invalidate_prefix(MENU, "r7:").await,
            _ => cache.invalidate_namespace(MENU).await,
        };
        gate.add_permits(1);
        assert_eq!(body(reader.await.unwrap().as_ref()), "90", "it asked before the change");
        let after = Kitchen::default().cooks(&cache, "r7:dosa", "95").await;
        assert_eq!(body(after.as_ref()), "95", "{scope}");
        assert_eq!(cache.namespace_stats(MENU).late_loads, 1);
    }
}

#[tokio::test]
async fn whoever_asks_after_the_change_does_not_wait_for_the_older_load() {
    let (cache, _clock) = memory_cache();
    let (gate, reader) = slow_load(&cache, "dosa", "90").await;
    cache.invalidate(MENU, "dosa").await;
    let after = Kitchen::default().cooks(&cache, "dosa", "95").await;
    assert_eq!(body(after.as_ref()), "95");
    gate.add_permits(1);
    reader.await.unwrap();
    let later = Kitchen::default().cooks(&cache, "dosa", "99").await;
    assert_eq!(body(later.as_ref()), "95", "the older load came last and changed nothing");
}

#[tokio::test]
async fn prefixes_and_namespaces_forget_what_they_name_and_nothing_else() {
    let (cache, _clock) = memory_cache();
    let kitchen = Kitchen::default();
    for key in ["r7:dosa", "r7:idli", "r8:dosa"] {
        kitchen.cooks(&cache, key, "food").await;
    }
    let order = || async { Ok::<_, Closed>(Some(Loaded::new("order"))) };
    cache.get_or_load(Namespace::Orders, "r7:dosa", order).await.unwrap();
    assert_eq!(cache.invalidate_prefix(MENU, "r7:").await.memory, 2);
    assert_eq!(cache.namespace_stats(MENU).entries, 1);
    assert_eq!(cache.invalidate_namespace(MENU).await.memory, 1);
    assert_eq!(cache.namespace_stats(Namespace::Orders).entries, 1);
    assert_eq!(cache.namespace_stats(MENU).invalidations, 2);
}

/// A price that only rises, readers and a writer that never wait for each other: no reader may
/// see a price older than the one that was committed and invalidated before it asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_never_see_a_price_older_than_the_last_invalidation() {
    use std::sync::atomic::{AtomicU64, Ordering};
    let (cache, _clock) = memory_cache();
    let price = Arc::new(AtomicU64::new(0));
    let announced = Arc::new(AtomicU64::new(0));
    let mut readers = Vec::new();
    for _ in 0..8 {
        let (cache, price, announced) = (cache.clone(), price.clone(), announced.clone());
        readers.push(tokio::spawn(async move {
            for _ in 0..2_000 {
                let floor = announced.load(Ordering::SeqCst);
                let price = price.clone();
                let load = || async move {
                    let read = price.load(Ordering::SeqCst);
                    tokio::task::yield_now().await;
                    Ok::<_, Closed>(Some(Loaded::new(read.to_string())))
                };
                let cached = cache.get_or_load(MENU, "dosa", load).await.unwrap();
                let seen: u64 = body(cached.as_ref()).parse().unwrap();
                assert!(seen >= floor, "saw {seen} after {floor} was announced");
                tokio::task::yield_now().await;
            }
        }));
    }
    for next in 1..=2_000 {
        price.store(next, Ordering::SeqCst);
        cache.invalidate(MENU, "dosa").await;
        announced.store(next, Ordering::SeqCst);
        tokio::task::yield_now().await;
    }
    for reader in readers {
        reader.await.unwrap();
    }
}
