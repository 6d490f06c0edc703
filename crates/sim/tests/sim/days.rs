//! Whole days: repeated exactly, the same on both databases, with right books.

use std::time::Duration;

use dispatch::Strategy;
use sim::{SimSpec, run};
use store::{Db, Options, Statement, args};
use uuid::Uuid;

use crate::support::{postgres_schema, scarce_day, short_day, without_wall_time};

static TOGETHER: Statement = Statement::new(
    "test.TOGETHER",
    "SELECT courier_at, delivered_at FROM orders WHERE stop IS NOT NULL AND courier_at IS NOT NULL \
     AND delivered_at IS NOT NULL ORDER BY courier_id, courier_at, stop",
);

static ORDERED: Statement =
    Statement::new("test.ORDERED", "SELECT restaurant_id, placed_at, food_paise FROM orders ORDER BY placed_at, id");

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

/// Who ordered what, and when, on a day under a policy.
async fn ordered(dispatch: Strategy) -> Vec<(Uuid, i64, i64)> {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/day.db", directory.path().display()).parse().unwrap();
    run(Some(&url), &SimSpec { dispatch, ..short_day(5) }).await.unwrap();
    let db = Db::open(&url, Options::default()).await.unwrap();
    let orders = db.all(&ORDERED, args![]).await.unwrap();
    db.close().await;
    orders
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_policies_live_one_day() {
    let (rolling, nearest) = (ordered(Strategy::Rolling).await, ordered(Strategy::Nearest).await);
    assert_eq!(rolling.len(), 30);
    let alike = rolling.iter().zip(&nearest).filter(|(one, other)| one == other).count();
    // Who waits for an order cannot order again, and that depends on who brings it.
    assert!(alike >= 27, "{alike} of 30 are alike");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_couriers_are_few_orders_ride_together_and_come_door_after_door() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/day.db", directory.path().display()).parse().unwrap();
    let report = run(Some(&url), &scarce_day(13)).await.unwrap();
    assert!(report.books.are_right(), "{:?}", report.books);
    assert_eq!(report.delivered + report.rejected + report.cancelled + report.failed, report.placed);
    assert!(report.orders_per_trip > 1.2, "{report:?}");

    let db = Db::open(&url, Options::default()).await.unwrap();
    let doors: Vec<(i64, i64)> = db.all(&TOGETHER, args![]).await.unwrap();
    db.close().await;
    let after_each_other: Vec<_> = doors.windows(2).filter(|pair| pair[0].0 == pair[1].0).collect();
    assert!(after_each_other.len() >= 2, "{doors:?}");
    assert!(after_each_other.iter().all(|pair| pair[0].1 < pair[1].1), "{doors:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_lives_the_same_day_as_sqlite() {
    let Some((url, client, schema)) = postgres_schema("lived").await else { return };
    let on_postgres = without_wall_time(run(Some(&url.parse().unwrap()), &scarce_day(13)).await.unwrap());
    let on_sqlite = without_wall_time(run(None, &scarce_day(13)).await.unwrap());
    assert_eq!(on_postgres, on_sqlite);
    assert!(on_sqlite.orders_per_trip > 1.0, "bundles are lived as well");
    tokio::time::timeout(
        Duration::from_secs(20),
        client.batch_execute(&format!("SET client_min_messages = warning; DROP SCHEMA {schema} CASCADE")),
    )
    .await
    .unwrap()
    .unwrap();
}
