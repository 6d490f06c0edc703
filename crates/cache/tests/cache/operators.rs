//! What an operator sees and does: keys, trends, memory, clearing.

use std::sync::Arc;
use std::time::Duration;

use cache::{Cache, Loaded, ManualClock, Namespace, Removed};

use crate::support::{Closed, Kitchen, MENU, connected_node, memory_cache, plain_policy, redis_url};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn keys_are_listed_page_by_page_in_the_order_of_their_names() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    for number in (0..25).rev() {
        kitchen.cooks(&cache, &format!("dish {number:02}"), "food").await;
    }
    let order = || async { Ok::<_, Closed>(Some(Loaded::new("order"))) };
    cache.get_or_load(Namespace::Orders, "dish 03", order).await.unwrap();
    clock.advance(3 * SECOND);

    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let page = cache.keys(MENU, "", after.as_deref(), 10);
        assert_eq!(page.total, 25);
        assert!(page.keys.len() <= 10);
        names.extend(page.keys.iter().map(|key| key.name.to_string()));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let expected: Vec<_> = (0..25).map(|number| format!("dish {number:02}")).collect();
    assert_eq!(names, expected);
}

#[tokio::test]
async fn keys_are_searched_over_all_pages() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    for name in ["Masala Dosa", "dosa plain", "idli", "rava dosa"] {
        kitchen.cooks(&cache, name, "food").await;
    }
    let first = cache.keys(MENU, "DOSA", None, 2);
    assert_eq!((first.keys.len(), first.matching, first.total), (2, 3, 4));
    let rest = cache.keys(MENU, "DOSA", first.next.as_deref(), 2);
    assert_eq!((&*rest.keys[0].name, rest.keys.len(), rest.matching, rest.next), ("rava dosa", 1, 3, None));
    assert_eq!(cache.keys(MENU, "pizza", None, 2).matching, 0);
    clock.advance(40 * SECOND);
    assert_eq!(cache.keys(MENU, "dosa", None, 2).matching, 0, "the dead are not found");
}

#[tokio::test]
async fn looking_at_a_key_shows_its_answer_and_is_no_use_of_it() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    let cooked = kitchen.cooks(&cache, "dosa", "food").await.unwrap();
    kitchen.answers(&cache, "pizza", Ok(None)).await.unwrap();
    for _ in 0..3 {
        let look = cache.look_at(MENU, "dosa").unwrap();
        assert_eq!(look.answer, Some((cooked.etag.clone(), cooked.body.clone())));
        assert_eq!((&*look.facts.name, look.facts.hits), ("dosa", 0));
    }
    assert_eq!(cache.namespace_stats(MENU).hits(), 0);
    assert!(cache.look_at(MENU, "pizza").is_some_and(|look| look.facts.absent && look.answer.is_none()));
    assert_eq!(cache.look_at(MENU, "vada"), None);
    clock.advance(40 * SECOND);
    assert_eq!(cache.look_at(MENU, "dosa"), None, "it is dead");
}

#[tokio::test]
async fn a_listed_key_tells_its_age_size_and_use() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    for _ in 0..4 {
        kitchen.cooks(&cache, "dosa", "food").await;
    }
    kitchen.answers(&cache, "pizza", Ok(None)).await.unwrap();
    clock.advance(3 * SECOND);
    let page = cache.keys(MENU, "", None, 0);
    assert_eq!((page.keys.len(), page.next.as_deref()), (1, Some("dosa")), "a page has a key at least");
    let dosa = &page.keys[0];
    assert_eq!((dosa.age, dosa.fresh_for, dosa.hits), (3 * SECOND, 7 * SECOND, 3));
    assert!(!dosa.stale && !dosa.absent && dosa.bytes > 8, "{dosa:?}");
    let pizza = cache.keys(MENU, "", Some("dosa"), 5).keys.remove(0);
    assert!(pizza.absent && !pizza.stale, "{pizza:?}");
    clock.advance(8 * SECOND);
    let left = cache.keys(MENU, "", None, 5).keys;
    assert_eq!(left.len(), 1, "the negative answer is dead");
    assert!(left[0].stale && left[0].fresh_for == Duration::ZERO, "{left:?}");
}

#[tokio::test]
async fn the_trend_shows_the_minutes_apart() {
    let (cache, clock) = memory_cache();
    let kitchen = Kitchen::default();
    clock.advance(Duration::from_mins(10));
    for _ in 0..4 {
        kitchen.cooks(&cache, "dosa", "food").await;
    }
    clock.advance(Duration::from_mins(2));
    kitchen.cooks(&cache, "dosa", "food").await;
    let trend = cache.trend(MENU);
    assert_eq!(trend.len(), 13, "the clock is twelve minutes old");
    let used: Vec<_> = trend.iter().filter(|minute| minute.hits + minute.misses > 0).collect();
    let figures = used.iter().map(|minute| (minute.minutes_ago, minute.hits, minute.misses));
    assert_eq!(figures.collect::<Vec<_>>(), [(2, 3, 1), (0, 0, 1)]);
    assert_eq!((used[0].hit_ratio(), trend[0].hit_ratio()), (Some(0.75), None));
}

#[tokio::test]
async fn full_memory_shows_in_its_facts() {
    let clock = Arc::new(ManualClock::new());
    let budget = 256 * 1024;
    let cache = Cache::builder(clock.clone(), 1).memory_budget(budget).policy(MENU, plain_policy()).build().unwrap();
    let feast = || async { Ok::<_, Closed>(Some(Loaded::new(vec![b'x'; 1_000]))) };
    for number in 0..1_000 {
        cache.get_or_load(MENU, &format!("dish {number}"), feast).await.unwrap();
    }
    clock.advance(Duration::from_mins(1));
    cache.get_or_load(MENU, "dish 1", feast).await.unwrap();
    let usage = cache.memory_usage();
    assert!(usage.share() > 0.8 && usage.share() <= 1.0, "{usage:?}");
    assert!(usage.evictions_last_minute > 500, "{usage:?}");
    assert!(usage.evictions_last_hour >= usage.evictions_last_minute);
    assert_eq!(usage.namespaces.len(), 1);
    assert_eq!(usage.namespaces[0].entries, cache.namespace_stats(MENU).entries);
}

#[tokio::test]
async fn an_invalidation_says_what_it_removed_where() {
    let (alone, _clock) = memory_cache();
    Kitchen::default().cooks(&alone, "dosa", "food").await;
    let removed = alone.invalidate(MENU, "dosa").await;
    assert_eq!(removed, Removed { memory: 1, kept: false, redis: None, took: Duration::ZERO });

    let Some(url) = redis_url() else { return };
    let node = connected_node(&url, "removed", 1).await;
    let kitchen = Kitchen::default();
    for number in 0..1_500 {
        kitchen.cooks(&node, &format!("dish {number}"), "food").await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let dosa = node.invalidate(MENU, "dish 7").await;
    assert_eq!((dosa.memory, dosa.redis), (1, Some(1)));
    assert!(dosa.took > Duration::ZERO);
    assert_eq!(node.invalidate(MENU, "dish 7").await.redis, Some(0));
    assert_eq!(node.invalidate_prefix(MENU, "dish 1").await.redis, None);
    let cleared = node.clear_namespace(MENU).await;
    assert_eq!(cleared.redis, Some(1_499), "given up values are freed too");
    assert!(cleared.memory < 1_499);
}
