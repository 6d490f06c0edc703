//! A guard that is missed undoes everything, wherever it stands.

use std::collections::HashSet;

use futures_util::future::join_all;
use store::{CommitError, ConstraintKind, Statement, Tx, args};

use crate::support::{TestDatabase, on_both_engines};

static INSERT: Statement = Statement::new(
    "things.INSERT",
    "INSERT INTO things (id, code, amount) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING",
);
static TAKE: Statement =
    Statement::new("things.TAKE", "UPDATE things SET amount = amount - $1 WHERE id = $2 AND amount >= $1");
static TAKE_FROM_ALL: Statement = Statement::new("things.TAKE_FROM_ALL", "UPDATE things SET amount = amount - $1");
static EXISTS: Statement = Statement::new("things.EXISTS", "SELECT id FROM things WHERE id = $1");
static ALL: Statement = Statement::new("things.ALL", "SELECT id, amount FROM things ORDER BY id");

async fn contents(database: &TestDatabase) -> Vec<(i64, i64)> {
    database.db.all(&ALL, Vec::new()).await.unwrap()
}

on_both_engines! {
    async fn a_later_guard_undoes_the_earlier_steps(database: TestDatabase) {
        let db = &database.db;
        db.commit(Tx::new("stock").guard(1, &INSERT, args![1_i64, "dosa", 5_i64])).await.unwrap();

        let tx = Tx::new("order")
            .guard(1, &TAKE, args![2_i64, 1_i64])
            .guard(1, &INSERT, args![2_i64, "idli", 1_i64])
            .guard_as("sold-out", 1, &TAKE, args![9_i64, 1_i64])
            .run(&INSERT, args![3_i64, "vada", 1_i64]);
        let error = db.commit(tx).await.unwrap_err();

        assert_eq!(error, CommitError::Guard { step: 2, label: "sold-out", rows: 0 });
        assert_eq!(contents(&database).await, [(1, 5)]);
    }
}

on_both_engines! {
    async fn the_first_missed_guard_is_reported_even_if_later_steps_fail_as_well(database: TestDatabase) {
        let tx = Tx::new("order")
            .guard(1, &TAKE, args![1_i64, 77_i64])
            .run(&INSERT, args![1_i64, "dosa", -1_i64])
            .guard(1, &TAKE, args![1_i64, 78_i64]);
        let error = database.db.commit(tx).await.unwrap_err();
        assert_eq!(error, CommitError::Guard { step: 0, label: "things.TAKE", rows: 0 });
    }
}

on_both_engines! {
    async fn a_lone_guard_says_that_nothing_happened_only_if_nothing_happened(database: TestDatabase) {
        let db = &database.db;
        let stock = Tx::new("stock").run(&INSERT, args![1_i64, "dosa", 5_i64]).run(&INSERT, args![2_i64, "idli", 5_i64]);
        db.commit(stock).await.unwrap();

        let again = db.commit(Tx::new("again").guard(1, &INSERT, args![3_i64, "dosa", 5_i64])).await;
        assert_eq!(again, Err(CommitError::Guard { step: 0, label: "things.INSERT", rows: 0 }));
        let too_many = db.commit(Tx::new("too many").guard(1, &TAKE_FROM_ALL, args![1_i64])).await;
        assert_eq!(too_many, Err(CommitError::Guard { step: 0, label: "things.TAKE_FROM_ALL", rows: 2 }));

        assert_eq!(contents(&database).await, [(1, 5), (2, 5)]);
    }
}

on_both_engines! {
    async fn a_query_can_be_a_guard(database: TestDatabase) {
        let db = &database.db;
        db.commit(Tx::new("stock").run(&INSERT, args![1_i64, "dosa", 5_i64])).await.unwrap();
        let known = Tx::new("known").guard(1, &EXISTS, args![1_i64]).run(&INSERT, args![2_i64, "idli", 1_i64]);
        db.commit(known).await.unwrap();
        let unknown = Tx::new("unknown").guard(1, &EXISTS, args![9_i64]).run(&INSERT, args![3_i64, "vada", 1_i64]);
        assert!(matches!(db.commit(unknown).await, Err(CommitError::Guard { rows: 0, .. })));
        assert_eq!(contents(&database).await, [(1, 5), (2, 1)]);
    }
}

on_both_engines! {
    async fn steps_that_run_at_once_are_all_done_or_none(database: TestDatabase) {
        let db = &database.db;
        let rows = [(1_i64, "dosa"), (2, "idli"), (3, "vada")].map(|(id, code)| args![id, code, 5_i64]);
        db.commit(Tx::new("stock").at_once().run_each(&INSERT, rows)).await.unwrap();

        let guarded = |label: &'static str, dish: i64, new: i64, code: &'static str| {
            Tx::new("at once")
                .at_once()
                .guard(1, &EXISTS, args![1_i64])
                .guard_as(label, 1, &TAKE, args![2_i64, dish])
                .run(&INSERT, args![new, code, 1_i64])
        };
        assert_eq!(db.commit(guarded("sold-out", 9, 4, "puri")).await, Err(CommitError::Guard {
            step: 1,
            label: "sold-out",
            rows: 0
        }));
        let broken = guarded("sold-out", 1, 1, "chai");
        assert!(matches!(db.commit(broken).await, Err(CommitError::Constraint { kind: ConstraintKind::Unique, .. })));
        assert_eq!(contents(&database).await, [(1, 5), (2, 5), (3, 5)]);

        db.commit(guarded("sold-out", 1, 4, "puri")).await.unwrap();
        assert_eq!(contents(&database).await, [(1, 3), (2, 5), (3, 5), (4, 1)]);
    }
}

/// Commits all at the same time.
async fn commit_together(database: &TestDatabase, txs: Vec<Tx>) -> Vec<Result<(), CommitError>> {
    let commit = |tx| {
        let db = database.db.clone();
        tokio::spawn(async move { db.commit(tx).await })
    };
    let commits: Vec<_> = txs.into_iter().map(commit).collect();
    join_all(commits).await.into_iter().map(Result::unwrap).collect()
}

on_both_engines! {
    async fn transactions_that_come_together_fail_alone(database: TestDatabase) {
        database.db.commit(Tx::new("stock").run(&INSERT, args![0_i64, "dosa", 5_i64])).await.unwrap();
        // Every seventh wants a dish that does not exist, and two of ten want the same code.
        let hopeless = |number: i64| number % 7 == 0;
        let code = |number: i64| if number % 10 == 1 { number - 1 } else { number };
        let order = |number: i64| {
            Tx::new("together")
                .at_once()
                .guard_as("dish", 1, &EXISTS, args![if hopeless(number) { 9_999_i64 } else { 0 }])
                .guard_as("code", 1, &INSERT, args![number, format!("{}", code(number)), 1_i64])
                .run(&INSERT, args![-number, format!("of {number}"), 1_i64])
        };
        let outcomes = commit_together(&database, (10..210).map(order).collect()).await;
        let mut kept = HashSet::new();
        for (number, outcome) in (10..).zip(outcomes) {
            match outcome {
                Ok(()) => assert!(!hopeless(number) && kept.insert(code(number)), "{number}"),
                Err(CommitError::Guard { label: "dish", rows: 0, .. }) => assert!(hopeless(number), "{number}"),
                Err(CommitError::Guard { label: "code", rows: 0, .. }) => assert!(number % 10 < 2, "{number}"),
                Err(other) => panic!("{number}: {other}"),
            }
        }
        let possible: HashSet<i64> = (10..210).filter(|number| !hopeless(*number)).map(code).collect();
        assert_eq!(kept, possible, "one of each code");
        assert_eq!(contents(&database).await.len(), 1 + 2 * kept.len(), "both rows of each or none");
    }
}

on_both_engines! {
    async fn of_transactions_that_want_the_same_keys_in_different_order_one_wins(database: TestDatabase) {
        for round in 0..3_i64 {
            let keys = |number: i64| {
                let key = move |at: i64| 4 * round + if number % 2 == 0 { at } else { 3 - at };
                let rows = (0..4).map(move |at| args![key(at), format!("{round} {number} {at}"), 1_i64]);
                Tx::new("keys").at_once().run_each(&INSERT, rows)
            };
            let outcomes = commit_together(&database, (0..40).map(keys).collect()).await;
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        }
        assert_eq!(contents(&database).await.len(), 12);
    }
}

on_both_engines! {
    async fn an_empty_transaction_succeeds(database: TestDatabase) {
        database.db.commit(Tx::new("nothing to do")).await.unwrap();
    }
}
