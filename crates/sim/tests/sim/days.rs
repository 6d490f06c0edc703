//! Whole days: repeated exactly, the same on both databases, with right books.

use std::time::Duration;

use sim::{SimReport, run};

use crate::support::{postgres_schema, short_day};

/// What must be the same whatever the machine was doing meanwhile.
fn without_wall_time(report: SimReport) -> SimReport {
    SimReport { wall_s: 0.0, orders_per_s: 0.0, ..report }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_lives_the_same_day_and_the_books_are_right() {
    let first = without_wall_time(run(None, &short_day(11)).await.unwrap());
    assert!(first.books.are_right(), "{:?}", first.books);
    assert_eq!(first.placed, 30);
    assert_eq!(first.delivered + first.rejected + first.cancelled + first.failed, first.placed);
    assert!(first.delivered >= 20, "{first:?}");
    assert!((12.0..60.0).contains(&first.click_to_door_min.mean), "{first:?}");
    assert_eq!(first, without_wall_time(run(None, &short_day(11)).await.unwrap()));

    let other = run(None, &short_day(12)).await.unwrap();
    assert_ne!(other.event_log_hash, first.event_log_hash);
    assert!(other.books.are_right(), "{:?}", other.books);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_lives_the_same_day_as_sqlite() {
    let Some((url, client, schema)) = postgres_schema().await else { return };
    let on_postgres = without_wall_time(run(Some(&url.parse().unwrap()), &short_day(13)).await.unwrap());
    let on_sqlite = without_wall_time(run(None, &short_day(13)).await.unwrap());
    assert_eq!(on_postgres, on_sqlite);
    tokio::time::timeout(
        Duration::from_secs(20),
        client.batch_execute(&format!("SET client_min_messages = warning; DROP SCHEMA {schema} CASCADE")),
    )
    .await
    .unwrap()
    .unwrap();
}
