use std::sync::Arc;
use std::time::Duration;

use cache::{Loaded, State, Tier};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use crate::support::{Closed, Kitchen, MENU, body, memory_cache};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_hungry_customers_cause_one_load() {
    let (cache, _clock) = memory_cache();
    let kitchen = Kitchen::default();
    let mut customers = Vec::new();
    for _ in 0..1_000 {
        let (cache, kitchen) = (cache.clone(), kitchen.clone());
        customers.push(tokio::spawn(async move {
            let load = || async move {
                kitchen.run();
                sleep(Duration::from_millis(200)).await;
                Ok::<_, Closed>(Some(Loaded::new("masala dosa")))
            };
            cache.get_or_load(MENU, "dosa", load).await.unwrap().unwrap()
        }));
    }
    for customer in customers {
        let cached = customer.await.unwrap();
        assert_eq!(body(Some(&cached)), "masala dosa");
    }
    let stats = cache.namespace_stats(MENU);
    assert_eq!((kitchen.runs(), stats.loads), (1, 1));
    assert_eq!(stats.misses + stats.memory_hits, 1_000);
}

/// Callers who looked just before a quick load landed must find its answer, not load again.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn quick_loads_are_not_repeated_either() {
    let (cache, _clock) = memory_cache();
    let kitchen = Kitchen::default();
    let mut customers = Vec::new();
    for _ in 0..8 {
        let (cache, kitchen) = (cache.clone(), kitchen.clone());
        customers.push(tokio::spawn(async move {
            for dish in 0..5_000 {
                kitchen.cooks(&cache, &dish.to_string(), "quick").await.unwrap();
            }
        }));
    }
    for customer in customers {
        customer.await.unwrap();
    }
    assert_eq!(kitchen.runs(), 5_000);
}

#[tokio::test]
async fn a_load_survives_the_caller_who_started_it() {
    let (cache, _clock) = memory_cache();
    let kitchen = Kitchen::default();
    let gate = Arc::new(Semaphore::new(0));
    let (gated_kitchen, gated) = (kitchen.clone(), gate.clone());
    let load = || async move {
        gated_kitchen.run();
        gated.acquire().await.unwrap().forget();
        Ok::<_, Closed>(Some(Loaded::new("first")))
    };
    let impatient = timeout(Duration::from_millis(20), cache.get_or_load(MENU, "dosa", load)).await;
    assert!(impatient.is_err());

    let (follower_cache, follower_kitchen) = (cache.clone(), kitchen.clone());
    let follower = tokio::spawn(async move { follower_kitchen.cooks(&follower_cache, "dosa", "second").await });
    sleep(Duration::from_millis(20)).await;
    gate.add_permits(1);
    let cached = follower.await.unwrap();
    assert_eq!(body(cached.as_ref()), "first");
    assert_eq!(kitchen.runs(), 1);
}

#[tokio::test]
async fn a_hung_load_is_given_up_by_those_who_come_later() {
    let (cache, clock) = memory_cache();
    let hung = || std::future::pending::<Result<Option<Loaded>, Closed>>();
    let impatient = timeout(Duration::from_millis(20), cache.get_or_load(MENU, "dosa", hung)).await;
    assert!(impatient.is_err());
    clock.advance(Duration::from_secs(30));
    let cached = Kitchen::default().cooks(&cache, "dosa", "dosa").await;
    assert_eq!(body(cached.as_ref()), "dosa");
}

#[tokio::test]
async fn a_panicking_load_hangs_nobody() {
    let (cache, _clock) = memory_cache();
    let kitchen = Kitchen::default();
    let gate = Arc::new(Semaphore::new(0));
    let (leader_cache, gated) = (cache.clone(), gate.clone());
    let leader = tokio::spawn(async move {
        let load = || async move {
            gated.acquire().await.unwrap().forget();
            panic!("the gas ran out");
        };
        leader_cache.get_or_load::<_, _, Closed>(MENU, "dosa", load).await
    });
    sleep(Duration::from_millis(20)).await;
    let (follower_cache, follower_kitchen) = (cache.clone(), kitchen.clone());
    let follower = tokio::spawn(async move { follower_kitchen.cooks(&follower_cache, "dosa", "dosa").await });
    sleep(Duration::from_millis(20)).await;
    gate.add_permits(1);
    assert!(leader.await.unwrap_err().is_panic());
    assert_eq!(body(follower.await.unwrap().as_ref()), "dosa");
}

#[tokio::test]
async fn everybody_who_waited_hears_the_error_and_nobody_later_does() {
    let (cache, _clock) = memory_cache();
    let kitchen = Kitchen::default();
    let mut customers = Vec::new();
    for _ in 0..50 {
        let (cache, kitchen) = (cache.clone(), kitchen.clone());
        customers.push(tokio::spawn(async move {
            let load = || async move {
                kitchen.run();
                sleep(Duration::from_millis(50)).await;
                Err(Closed)
            };
            cache.get_or_load(MENU, "dosa", load).await
        }));
    }
    for customer in customers {
        assert_eq!(customer.await.unwrap(), Err(Closed));
    }
    assert_eq!(kitchen.runs(), 1);
    let cached = kitchen.cooks(&cache, "dosa", "dosa").await.unwrap();
    assert_eq!((cached.state, cached.tier), (State::Miss, Tier::Loaded));
}

#[tokio::test]
async fn callers_with_another_error_type_load_for_themselves() {
    let (cache, _clock) = memory_cache();
    let other_cache = cache.clone();
    let other = tokio::spawn(async move {
        let load = || async {
            sleep(Duration::from_millis(50)).await;
            Err("closed")
        };
        other_cache.get_or_load(MENU, "dosa", load).await
    });
    sleep(Duration::from_millis(10)).await;
    let cached = Kitchen::default().cooks(&cache, "dosa", "dosa").await;
    assert_eq!(body(cached.as_ref()), "dosa");
    assert_eq!(other.await.unwrap(), Err("closed"));
}
