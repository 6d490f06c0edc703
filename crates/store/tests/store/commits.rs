//! Many transactions at once: group commit on SQLite, row locks and retries on PostgreSQL.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use store::{CommitError, ConstraintKind, Statement, Tx, args};

use crate::support::{TestDatabase, on_both_engines};

static INSERT: Statement = Statement::new("things.INSERT", "INSERT INTO things (id, code, amount) VALUES ($1, $2, $3)");
static ADD: Statement = Statement::new("things.ADD", "UPDATE things SET amount = amount + $1 WHERE id = $2");
static TAKE: Statement =
    Statement::new("things.TAKE", "UPDATE things SET amount = amount - $1 WHERE id = $2 AND amount >= $1");
static AMOUNT: Statement = Statement::new("things.AMOUNT", "SELECT amount FROM things WHERE id = $1");
static TOTAL: Statement =
    Statement::new("things.TOTAL", "SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM things");
static NEXT: Statement =
    Statement::new("things.NEXT", "UPDATE things SET amount = amount + 1 WHERE id = $1 RETURNING amount");

async fn stock(database: &TestDatabase, things: &[(i64, i64)]) {
    let rows = things.iter().map(|(id, amount)| args![*id, format!("thing {id}"), *amount]);
    database.db.commit(Tx::new("stock").run_each(&INSERT, rows)).await.unwrap();
}

async fn total(database: &TestDatabase) -> (i64, i64) {
    database.db.one(&TOTAL, Vec::new()).await.unwrap()
}

async fn amount(database: &TestDatabase, id: i64) -> i64 {
    let (amount,) = database.db.one(&AMOUNT, args![id]).await.unwrap();
    amount
}

#[tokio::test]
async fn neighbours_in_a_batch_do_not_notice_a_failure() {
    let database = TestDatabase::sqlite().await;
    stock(&database, &[(1, 5)]).await;

    // While somebody else holds the write lock, everything below gathers into one batch.
    let lock = rusqlite::Connection::open(database.file().unwrap()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let commit = |tx: Tx| {
        let db = database.db.clone();
        tokio::spawn(async move { db.commit(tx).await })
    };
    let first = commit(Tx::new("first").run(&ADD, args![0_i64, 1_i64]));
    tokio::time::sleep(Duration::from_millis(50)).await;
    let good = commit(Tx::new("good").run(&ADD, args![10_i64, 1_i64]).run(&INSERT, args![2_i64, "a", 1_i64]));
    let duplicate =
        commit(Tx::new("duplicate").run(&ADD, args![100_i64, 1_i64]).run(&INSERT, args![3_i64, "a", 1_i64]));
    let missed = commit(Tx::new("missed").run(&ADD, args![1000_i64, 1_i64]).guard(1, &TAKE, args![1_i64, 99_i64]));
    let foreign = commit(Tx::new("other").run(&ADD, args![20_i64, 1_i64]).guard(1, &TAKE, args![1_i64, 2_i64]));
    tokio::time::sleep(Duration::from_millis(50)).await;
    lock.execute_batch("COMMIT").unwrap();

    assert_eq!(first.await.unwrap(), Ok(()));
    assert_eq!(good.await.unwrap(), Ok(()));
    let duplicate = duplicate.await.unwrap();
    assert!(matches!(duplicate, Err(CommitError::Constraint { kind: ConstraintKind::Unique, .. })), "{duplicate:?}");
    assert!(matches!(missed.await.unwrap(), Err(CommitError::Guard { step: 1, rows: 0, .. })));
    assert_eq!(foreign.await.unwrap(), Ok(()));
    assert_eq!(amount(&database, 1).await, 5 + 10 + 20);
    assert_eq!(total(&database).await, (2, 35));
}

on_both_engines! {
    async fn one_of_many_with_the_same_key_wins(database: TestDatabase) {
        stock(&database, &[(1, 0)]).await;
        let orders = (0..64).map(|order| {
            let tx = Tx::new("order").run(&ADD, args![1_i64, 1_i64]).run(&INSERT, args![100_i64 + order, "same key", 0_i64]);
            database.db.commit(tx)
        });
        let outcomes = join_all(orders).await;

        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let refused = |outcome: &&Result<(), CommitError>| {
            matches!(outcome, Err(CommitError::Constraint { kind: ConstraintKind::Unique, .. }))
        };
        assert_eq!(outcomes.iter().filter(refused).count(), 63);
        assert_eq!(amount(&database, 1).await, 1);
    }
}

on_both_engines! {
    async fn as_many_are_sold_as_there_were(database: TestDatabase) {
        stock(&database, &[(1, 7), (2, 0)]).await;
        let buyers = (0..200).map(|_| {
            let tx = Tx::new("buy").guard(1, &TAKE, args![1_i64, 1_i64]).run(&ADD, args![1_i64, 2_i64]);
            database.db.commit(tx)
        });
        let sold = join_all(buyers).await.into_iter().flatten().count();
        assert_eq!(sold, 7);
        assert_eq!((amount(&database, 1).await, amount(&database, 2).await), (0, 7));
    }
}

on_both_engines! {
    async fn counters_count_every_increment_once(database: TestDatabase) {
        stock(&database, &[(1, 0)]).await;
        let claims = join_all((0..100).map(|_| database.db.returning::<(i64,)>(&NEXT, args![1_i64]))).await;
        let mut numbers: Vec<i64> = claims.into_iter().flat_map(Result::unwrap).map(|row| row.0).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=100).collect::<Vec<_>>());
    }
}

on_both_engines! {
    async fn transactions_that_lock_in_opposite_order_all_succeed(database: TestDatabase) {
        stock(&database, &[(1, 1000), (2, 1000)]).await;
        let database = Arc::new(database);
        // Few, because PostgreSQL takes a second to notice each deadlock.
        let movers = (0..4).map(|mover: i64| {
            let database = Arc::clone(&database);
            tokio::spawn(async move {
                let (from, to) = if mover % 2 == 0 { (1_i64, 2_i64) } else { (2, 1) };
                for _ in 0..3 {
                    let tx = Tx::new("move").guard(1, &TAKE, args![1_i64, from]).guard(1, &ADD, args![1_i64, to]);
                    // Five tries are enough almost always; whoever loses five times in a row is told and asks again.
                    while let Err(error) = database.db.commit(tx_again(&tx)).await {
                        assert_eq!(error, CommitError::Conflict);
                    }
                }
            })
        });
        join_all(movers).await.into_iter().for_each(|mover| mover.unwrap());
        assert_eq!(total(&database).await, (2, 2000));
        assert_eq!((amount(&database, 1).await, amount(&database, 2).await), (1000, 1000));
    }
}

on_both_engines! {
    async fn what_was_answered_survives_closing(database: TestDatabase) {
        stock(&database, &[(1, 5)]).await;
        let commits = (0..50_i64).map(|_| database.db.commit(Tx::new("add").run(&ADD, args![1_i64, 1_i64])));
        join_all(commits).await.into_iter().for_each(|outcome| outcome.unwrap());
        database.db.close().await;

        let refused = database.db.commit(Tx::new("late").run(&ADD, args![1_i64, 1_i64])).await;
        assert!(matches!(refused, Err(CommitError::Unavailable(_))), "{refused:?}");
        let reopened = database.open(store::Options::default()).await;
        assert_eq!(reopened.one::<(i64,)>(&AMOUNT, args![1_i64]).await.unwrap(), (55,));
    }
}

fn tx_again(tx: &Tx) -> Tx {
    let mut again = Tx::new(tx.name());
    for step in tx.steps() {
        again = again.guard(1, step.statement(), step.args().to_vec());
    }
    again
}
