//! A caller who goes away leaves neither half a transaction nor a spoilt connection behind.

use std::time::Duration;

use futures_util::future::join_all;
use store::{Options, Statement, Tx, args};

use crate::support::{eventually, on_both_engines};

static INSERT: Statement = Statement::new("things.INSERT", "INSERT INTO things (id, code, amount) VALUES ($1, $2, $3)");
static ADD: Statement = Statement::new("things.ADD", "UPDATE things SET amount = amount + $1 WHERE id = $2");
static AMOUNTS: Statement = Statement::new("things.AMOUNTS", "SELECT id, amount FROM things ORDER BY id");

on_both_engines! {
    async fn a_dropped_commit_happens_as_a_whole_or_not_at_all(database: TestDatabase) {
        let db = &database.db;
        let stock = Tx::new("stock").run(&INSERT, args![1_i64, "a", 0_i64]).run(&INSERT, args![2_i64, "b", 0_i64]);
        db.commit(stock).await.unwrap();

        let commits = (0..200_u64).map(|number| async move {
            let tx = Tx::new("both").guard(1, &ADD, args![1_i64, 1_i64]).guard(1, &ADD, args![1_i64, 2_i64]);
            let commit = db.commit(tx);
            tokio::time::timeout(Duration::from_micros(number * 97 % 8000), commit).await
        });
        let answered = join_all(commits).await.iter().filter(|outcome| matches!(outcome, Ok(Ok(())))).count();

        // A transaction in the air may land after its caller left: wait until the numbers rest.
        let amounts = || async { db.all::<(i64, i64)>(&AMOUNTS, Vec::new()).await.unwrap() };
        let settled = eventually("rest", || async {
            let before = amounts().await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            (before == amounts().await).then_some(before)
        })
        .await;
        assert_eq!(settled[0].1, settled[1].1, "both or none");
        assert!(settled[0].1 >= i64::try_from(answered).unwrap(), "what was answered has happened");
        assert!(settled[0].1 <= 200);
    }
}

on_both_engines! {
    async fn the_only_connection_is_clean_after_its_user_left(database: TestDatabase) {
        let db = database.open(Options { connections: 1, readers: 1, ..Options::default() }).await;
        for number in 0..40_i64 {
            let tx = Tx::new("pair")
                .run(&INSERT, args![number * 2, format!("even {number}"), 0_i64])
                .run(&INSERT, args![number * 2 + 1, format!("odd {number}"), 0_i64]);
            let patience = Duration::from_micros(number.unsigned_abs() * 100);
            let _ = tokio::time::timeout(patience, db.commit(tx)).await;
            let _ = tokio::time::timeout(patience / 4, db.all::<(i64, i64)>(&AMOUNTS, Vec::new())).await;
        }
        db.commit(Tx::new("last").run(&INSERT, args![1000_i64, "last", 0_i64])).await.unwrap();
        // A second handle sees it: it was not left inside somebody's open transaction.
        let rows: Vec<(i64, i64)> = database.db.all(&AMOUNTS, Vec::new()).await.unwrap();
        assert_eq!(rows.last(), Some(&(1000, 0)));
        assert_eq!(rows.len() % 2, 1, "pairs and the last one");
    }
}
