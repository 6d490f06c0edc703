use std::io::Read;

use cache::Loaded;

use crate::support::{Kitchen, MENU, eventually, memory_cache};

#[tokio::test]
async fn a_large_answer_is_compressed_once_and_counted_in_both_forms() {
    let (cache, _clock) = memory_cache();
    let kitchen = Kitchen::default();
    let menu = "masala dosa, plain dosa, ".repeat(400);
    let first = kitchen.answers(&cache, "r7", Ok(Some(Loaded::new(menu.clone())))).await.unwrap().unwrap();
    assert_eq!((&first.body[..], first.encoded), (menu.as_bytes(), None), "the load does not wait");
    eventually("compressed", || cache.namespace_stats(MENU).bytes > menu.len() as u64 + 100).await;

    let hit = kitchen.cooks(&cache, "r7", "never").await.unwrap();
    let encoded = hit.encoded.unwrap();
    assert_eq!(encoded.coding, "gzip");
    assert_ne!(encoded.etag, hit.etag);
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(&encoded.body[..]).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, menu);
    let parts = ["r7".len(), menu.len(), hit.etag.len(), encoded.body.len(), encoded.etag.len()];
    let stats = cache.namespace_stats(MENU);
    assert_eq!((stats.entries, stats.bytes), (1, parts.iter().sum::<usize>() as u64));
    assert_eq!(kitchen.cooks(&cache, "r7", "never").await.unwrap().encoded, Some(encoded), "the same bytes again");
    cache.invalidate(MENU, "r7").await;
    drop(hit.body);
    let stats = cache.namespace_stats(MENU);
    assert_eq!((stats.entries, stats.bytes), (0, 0));
}

#[tokio::test]
async fn small_answers_stay_as_they_are() {
    let (cache, _clock) = memory_cache();
    let kitchen = Kitchen::default();
    kitchen.cooks(&cache, "dosa", "a small dosa").await;
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(kitchen.cooks(&cache, "dosa", "never").await.unwrap().encoded, None);
}
