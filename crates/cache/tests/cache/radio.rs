//! News between nodes. Without `TEST_REDIS_URL` the story of two nodes is not told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cache::{Radio, RedisSettings, SystemClock};

use crate::support::{eventually, redis_url};

fn radio(url: &str, prefix: &str) -> Radio {
    let settings = RedisSettings { prefix: prefix.into(), ..RedisSettings::new(url) };
    Radio::new(&settings, "positions", Arc::new(SystemClock::default())).unwrap()
}

#[tokio::test]
async fn what_is_said_is_heard_by_whoever_listens_and_by_nobody_else() {
    let Some(url) = redis_url() else { return };
    let heard = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&heard);
    let listening = tokio::spawn(async move {
        radio(&url, "radio-a").listen(|news| noted.lock().unwrap().push(news.to_vec())).await;
    });
    let (speaker, stranger) = (redis_url().unwrap(), redis_url().unwrap());
    let (speaker, stranger) = (radio(&speaker, "radio-a"), radio(&stranger, "radio-b"));
    for _ in 0..100 {
        assert!(stranger.say(b"lata".to_vec()).await);
        assert!(speaker.say(b"kiran".to_vec()).await);
        if !heard.lock().unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    eventually("news", || !heard.lock().unwrap().is_empty()).await;
    assert!(heard.lock().unwrap().iter().all(|news| news == b"kiran"));
    listening.abort();
}

#[tokio::test]
async fn without_redis_nothing_is_said_and_nobody_waits() {
    let radio = radio("redis://127.0.0.1:1", "radio-c");
    let begun = std::time::Instant::now();
    for _ in 0..50 {
        assert!(!radio.say(b"kiran".to_vec()).await);
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "the breaker opens");
}
