//! Too much at once is refused at once, and passes.

use std::time::Duration;

use store::{CommitError, Options, ReadError, Statement, Tx, args};

use crate::support::TestDatabase;

static ADD: Statement = Statement::new("things.ADD", "UPDATE things SET amount = amount + $1 WHERE id = $2");
static SLOW: Statement = Statement::new(
    "things.SLOW",
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT MAX(i) FROM n",
);
static SLEEP: Statement = Statement::new("test.SLEEP", "SELECT CAST(1 AS BIGINT) FROM pg_sleep(0.5)");

#[tokio::test]
async fn a_full_queue_of_writes_is_busy() {
    let database = TestDatabase::sqlite().await;
    let db = database.open(Options { queue: 2, ..Options::default() }).await;
    let lock = rusqlite::Connection::open(database.file().unwrap()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();

    let mut waiting = Vec::new();
    for _ in 0..8 {
        let db = db.clone();
        waiting.push(tokio::spawn(async move { db.commit(Tx::new("add").run(&ADD, args![1_i64, 1_i64])).await }));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    lock.execute_batch("COMMIT").unwrap();
    let mut busy = 0;
    for commit in waiting {
        match commit.await.unwrap() {
            Ok(()) => {}
            Err(error) => {
                assert_eq!(error, CommitError::Busy);
                busy += 1;
            }
        }
    }
    assert_eq!(busy, 5, "one is being committed, two wait, the others are refused");
    db.commit(Tx::new("after").run(&ADD, args![1_i64, 1_i64])).await.unwrap();
}

#[tokio::test]
async fn a_full_queue_of_reads_is_busy() {
    let database = TestDatabase::sqlite().await;
    let db = database.open(Options { queue: 1, readers: 1, ..Options::default() }).await;
    let slow = {
        let db = db.clone();
        tokio::spawn(async move { db.one::<(i64,)>(&SLOW, Vec::new()).await })
    };
    tokio::time::sleep(Duration::from_millis(20)).await;
    let (one, other) = tokio::join!(db.ping(), db.ping());
    assert_eq!((one, other), (Ok(()), Err(ReadError::Busy)));
    assert_eq!(slow.await.unwrap(), Ok((3_000_000,)));
}

#[tokio::test]
async fn a_pool_without_a_free_connection_is_busy() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let options = Options { connections: 1, patience: Duration::from_millis(100), ..Options::default() };
    let db = database.open(options).await;
    let (slow, refused) = tokio::join!(db.one::<(i64,)>(&SLEEP, Vec::new()), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        db.ping().await
    });
    assert_eq!(refused, Err(ReadError::Busy));
    assert_eq!(slow, Ok((1,)));
    db.ping().await.unwrap();
}

#[tokio::test]
async fn closing_waits_for_transactions_under_way_and_refuses_others() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let db = database.open(Options::default()).await;
    let slow = {
        let db = db.clone();
        tokio::spawn(async move { db.commit(Tx::new("slow").run(&SLEEP, Vec::new()).run(&SLEEP, Vec::new())).await })
    };
    tokio::time::sleep(Duration::from_millis(100)).await;
    let (late, ()) = tokio::join!(
        async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            db.commit(Tx::new("late").run(&ADD, args![1_i64, 1_i64])).await
        },
        db.close()
    );
    assert_eq!(slow.await.unwrap(), Ok(()));
    assert!(matches!(late, Err(CommitError::Busy | CommitError::Unavailable(_))), "{late:?}");
}
