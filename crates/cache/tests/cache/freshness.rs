use std::time::Duration;

use cache::{Loaded, Namespace, Policy, State, Tier};
use proptest::prelude::*;

use crate::support::{Closed, Kitchen, MENU, body, eventually, memory_cache, plain_policy};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn an_answer_says_its_age_tag_tier_and_state() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    let first = kitchen.cooks(&cache, "dosa", "90 rupees").await.unwrap();
    assert_eq!((first.state, first.tier, first.age), (State::Miss, Tier::Loaded, Duration::ZERO));
    clock.advance(3 * SECOND);
    let second = kitchen.cooks(&cache, "dosa", "95 rupees").await.unwrap();
    assert_eq!((second.state, second.tier), (State::Hit, Tier::Memory));
    assert_eq!((second.age, second.fresh_for), (3 * SECOND, 7 * SECOND));
    assert_eq!((&second.etag, body(Some(&second))), (&first.etag, "90 rupees"));
    assert_eq!(kitchen.runs(), 1);
}

#[tokio::test]
async fn a_stale_answer_is_sent_at_once_while_one_load_renews_it() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    kitchen.cooks(&cache, "dosa", "old").await;
    clock.advance(11 * SECOND);
    let stale = kitchen.cooks(&cache, "dosa", "new").await.unwrap();
    assert_eq!((stale.state, body(Some(&stale))), (State::Stale, "old"));
    assert_eq!(stale.fresh_for, Duration::ZERO);
    eventually("renewed", || cache.namespace_stats(MENU).loads == 2).await;
    let renewed = kitchen.cooks(&cache, "dosa", "never").await.unwrap();
    assert_eq!((renewed.state, body(Some(&renewed))), (State::Hit, "new"));
    assert_eq!(kitchen.runs(), 2);
}

#[tokio::test]
async fn in_real_time_nothing_is_sent_that_is_older_than_promised() {
    let (cache, clock) = memory_cache();
    let asked = || {
        cache.get_or_load(Namespace::OrderStatus, "7", || async {
            Ok::<_, Closed>(Some(Loaded::new("on the way").with_ttl(30 * SECOND)))
        })
    };
    for second in 0..300 {
        let answer = asked().await.unwrap().unwrap();
        assert!(answer.age <= 30 * SECOND && answer.state != State::Stale, "{second}: {answer:?}");
        clock.advance(SECOND);
    }
    clock.advance(30 * SECOND);
    for _ in 0..20 {
        assert_eq!(asked().await.unwrap().unwrap().state, State::Miss, "who asks every thirty seconds hears news");
        clock.advance(30 * SECOND);
    }
}

#[tokio::test]
async fn past_renewal_the_caller_waits_for_the_truth() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    kitchen.cooks(&cache, "dosa", "old").await;
    clock.advance(13 * SECOND);
    let loaded = kitchen.cooks(&cache, "dosa", "new").await.unwrap();
    assert_eq!((loaded.state, body(Some(&loaded))), (State::Miss, "new"));
}

#[tokio::test]
async fn an_expired_answer_covers_for_a_closed_kitchen_but_not_for_ever() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    kitchen.cooks(&cache, "dosa", "old").await;
    clock.advance(15 * SECOND);
    for _ in 0..5 {
        let covered = kitchen.answers(&cache, "dosa", Err(Closed)).await.unwrap().unwrap();
        assert_eq!((covered.state, body(Some(&covered))), (State::Stale, "old"));
    }
    assert_eq!(kitchen.runs(), 2, "after a failure the kitchen is left alone for a second");
    clock.advance(SECOND);
    kitchen.answers(&cache, "dosa", Err(Closed)).await.unwrap();
    assert_eq!(kitchen.runs(), 3);
    clock.advance(14 * SECOND);
    assert_eq!(kitchen.answers(&cache, "dosa", Err(Closed)).await, Err(Closed));
    assert_eq!(cache.namespace_stats(MENU).load_failures, 3);
}

#[tokio::test]
async fn what_does_not_exist_is_remembered_briefly() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    for _ in 0..3 {
        assert_eq!(kitchen.answers(&cache, "pizza", Ok(None)).await, Ok(None));
    }
    assert_eq!(kitchen.runs(), 1);
    clock.advance(5 * SECOND);
    let cached = kitchen.cooks(&cache, "pizza", "now we do").await;
    assert_eq!(body(cached.as_ref()), "now we do");
}

#[tokio::test]
async fn an_answer_may_bring_its_own_time_to_live() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    let closing = Loaded::new("open").with_ttl(2 * SECOND);
    let open = kitchen.answers(&cache, "r7", Ok(Some(closing))).await.unwrap().unwrap();
    assert_eq!(open.fresh_for, 2 * SECOND);
    // Others would be sent once more while they are renewed; of this one it is known that it is wrong from now on.
    clock.advance(2 * SECOND);
    assert_eq!(body(kitchen.cooks(&cache, "r7", "closed").await.as_ref()), "closed");
}

#[tokio::test]
async fn the_kill_switch_works_at_once_and_can_be_undone() {
    let (cache, _clock) = memory_cache();
    let kitchen = Kitchen::default();
    kitchen.cooks(&cache, "dosa", "cached").await;
    cache.set_policy(MENU, Policy { enabled: false, ..plain_policy() });
    assert_eq!(cache.namespace_stats(MENU).entries, 0);
    for _ in 0..2 {
        let direct = kitchen.cooks(&cache, "dosa", "direct").await.unwrap();
        assert_eq!((direct.state, direct.tier), (State::Bypass, Tier::Loaded));
        assert_eq!(body(Some(&direct)), "direct");
    }
    cache.set_policy(MENU, plain_policy());
    assert_eq!(kitchen.cooks(&cache, "dosa", "back").await.unwrap().state, State::Miss);
    assert_eq!(kitchen.cooks(&cache, "dosa", "back").await.unwrap().state, State::Hit);
    assert_eq!((kitchen.runs(), cache.namespace_stats(MENU).bypassed), (4, 2));
}

#[tokio::test]
async fn policies_change_for_what_is_loaded_next() {
    let (cache, _clock) = memory_cache();
    let kitchen = Kitchen::default();
    assert_eq!(cache.policy(Namespace::Realtime).ttl, 30 * SECOND);
    cache.set_policy(MENU, Policy { ttl: 60 * SECOND, ..plain_policy() });
    assert_eq!(kitchen.cooks(&cache, "dosa", "dosa").await.unwrap().fresh_for, 60 * SECOND);
}

#[tokio::test]
async fn slow_answers_are_renewed_before_they_expire() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    let (slow_kitchen, slow_clock) = (kitchen.clone(), clock.clone());
    let slow = || async move {
        slow_kitchen.run();
        slow_clock.advance(2 * SECOND);
        Ok::<_, Closed>(Some(Loaded::new("slow")))
    };
    cache.get_or_load(MENU, "biryani", slow).await.unwrap();
    clock.advance(9 * SECOND + SECOND / 2);
    for _ in 0..100 {
        let cached = kitchen.cooks(&cache, "biryani", "renewed").await.unwrap();
        assert_eq!(cached.state, State::Hit);
    }
    eventually("renewed early", || kitchen.runs() == 2).await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn jitter_spreads_expiry_within_its_bounds(jitter in 0.0_f64..0.5, key in "[a-z]{1,8}") {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let cached = runtime.block_on(async {
            let (cache, _clock) = memory_cache();
            cache.set_policy(MENU, Policy { jitter, ..plain_policy() });
            Kitchen::default().cooks(&cache, &key, "dosa").await.unwrap()
        });
        let drift = (cached.fresh_for.as_secs_f64() - 10.0).abs();
        prop_assert!(drift <= 10.0 * jitter + 1e-6);
    }
}
