//! A node that starts finds what others kept true in Redis, and reads what nobody followed.

use std::sync::Arc;

use app::App;
use cache::{Cache, Namespace, RedisSettings, SystemClock};
use serde_json::json;
use server::Server;

use crate::{
    live::listening::Following,
    support::{Client, Web},
};

/// Another node of the installation, with the tier that they share. `None` where tests have no Redis.
async fn node(web: &Web, seed: u64) -> Option<Arc<App>> {
    let url = std::env::var("TEST_REDIS_URL").ok().filter(|url| !url.is_empty())?;
    let app = web.city.another_node().await;
    let installation = app.installation().to_owned();
    // Cities of tests are all alike, and so are the names of their installations.
    let prefix = format!("test-restart-{}", std::process::id());
    let settings = RedisSettings { installation, prefix, ..RedisSettings::new(url) };
    let answers = Cache::builder(Arc::new(SystemClock::new()), seed).redis(settings).build().unwrap();
    testkit::eventually("the nodes hear each other", || async {
        answers.health().redis.is_some_and(|redis| redis.bus_connected).then_some(())
    })
    .await;
    Some(Arc::new(app.with_answers(answers)))
}

#[tokio::test]
async fn a_restart_loses_nothing_of_redis_and_misses_no_change() {
    let web = Web::new().await;
    if !web.city.shared() {
        return;
    }
    let Some(first) = node(&web, 1).await else { return };
    let menu = format!("/restaurants/{}/menu", web.city.restaurant("biryani"));
    let dish = format!("/menu-items/{}", web.city.dish("chicken biryani").await.item);
    let (cook, guest) =
        (web.user("biryani").await, |app: &Arc<App>| Client::of(&Arc::new(Server::new(Arc::clone(app), None, None))));
    let kitchen = format!("/restaurants/{}", web.city.restaurant("biryani"));
    let following = Following::start(&first, &web).await;
    guest(&first).gets(&kitchen).await;
    testkit::eventually("the place is written down", || async { first.answers.bookmarked().await.map(drop) }).await;

    // Beside the first, a second starts: it finds the answer, and the first keeps all it has.
    let second = node(&web, 2).await.unwrap();
    let joined = Following::start(&second, &web).await;
    assert_eq!(guest(&second).gets(&kitchen).await.0, "HIT");
    assert_eq!(first.answers.namespace_stats(Namespace::Restaurants).entries, 1);
    let started = second.caching.audit.newest(None, 1_000).pop().unwrap();
    assert_eq!(started.cause, "started");
    guest(&first).gets(&menu).await;

    // Both are gone while a price changes; who starts then sees it.
    drop((following, joined));
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    cook.alters(&dish, &json!({ "price_paise": 12_300 })).await.ok();
    let third = node(&web, 3).await.unwrap();
    let _rejoined = Following::start(&third, &web).await;
    let (_, shown) = guest(&third).gets(&menu).await;
    assert!(shown.to_string().contains("12300"), "{shown}");
}
