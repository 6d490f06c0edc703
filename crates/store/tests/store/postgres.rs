//! What only a server does: it goes away, restarts connections and runs several nodes.

use std::time::Duration;

use store::{CommitError, Options, ReadError, Statement, Tx, args};

use crate::support::{TestDatabase, eventually};

static INSERT: Statement = Statement::new("things.INSERT", "INSERT INTO things (id, code, amount) VALUES ($1, $2, $3)");
static COUNT: Statement = Statement::new("things.COUNT", "SELECT COUNT(*) FROM things");
static READ_ONLY: Statement = Statement::new(
    "test.READ_ONLY",
    "SELECT 1 WHERE current_setting('default_transaction_read_only') = 'on' AND current_setting('transaction_read_only') = 'off'",
);
static END_OWN_CONNECTION: Statement =
    Statement::new("test.END_OWN_CONNECTION", "SELECT 1 FROM pg_terminate_backend(pg_backend_pid())");
static SLEEP: Statement = Statement::new("test.SLEEP", "SELECT CAST(1 AS BIGINT) FROM pg_sleep(5)");
static SYNCHRONOUS: Statement = Statement::new("test.SYNCHRONOUS", "SELECT current_setting('synchronous_commit')");

#[tokio::test]
async fn pipelined_statements_are_refused_outside_their_transaction() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let tx = Tx::new("settings").guard(1, &READ_ONLY, Vec::new()).run(&INSERT, args![1_i64, "a", 1_i64]);
    database.db.commit(tx).await.unwrap();
}

#[tokio::test]
async fn a_connection_lost_before_the_commit_leaves_nothing() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let db = database.open(Options { connections: 1, ..Options::default() }).await;
    let tx = Tx::new("cut").run(&INSERT, args![1_i64, "a", 1_i64]).run(&END_OWN_CONNECTION, Vec::new());
    let error = db.commit(tx).await.unwrap_err();
    assert!(matches!(error, CommitError::Unavailable(_)), "{error}");

    db.commit(Tx::new("next").run(&INSERT, args![1_i64, "a", 1_i64])).await.unwrap();
    assert_eq!(db.one::<(i64,)>(&COUNT, Vec::new()).await.unwrap(), (1,));
}

#[tokio::test]
async fn a_lone_statement_without_an_answer_is_uncertain() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let error = database.db.commit(Tx::new("cut").run(&END_OWN_CONNECTION, Vec::new())).await.unwrap_err();
    assert!(matches!(error, CommitError::Uncertain(_)), "{error}");
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_stopped() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let db = database.open(Options { statement_timeout: Duration::from_millis(50), ..Options::default() }).await;
    let error = db.one::<(i64,)>(&SLEEP, Vec::new()).await.unwrap_err();
    assert!(matches!(error, ReadError::Unavailable(_)), "{error}");
    db.ping().await.unwrap();
}

#[tokio::test]
async fn a_commit_is_on_disk_whatever_the_server_defaults_to() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let url = format!("{}%20-csynchronous_commit%3Doff", database.url);
    let db = store::Db::open(&url.parse().unwrap(), Options::default()).await.unwrap();
    let (setting,): (String,) = db.one(&SYNCHRONOUS, Vec::new()).await.unwrap();
    assert_eq!(setting, "on");
}

#[tokio::test]
async fn no_connection_is_left_inside_a_transaction() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let insert =
        |id: i64| Tx::new("pair").run(&INSERT, args![id, format!("{id}"), 1_i64]).run(&INSERT, args![id, "x", 1_i64]);
    for id in 0..20 {
        assert!(database.db.commit(insert(id)).await.is_err());
    }
    let client = database.client().await;
    let idle = "SELECT count(*) FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid \
                WHERE a.state LIKE 'idle in transaction%' AND l.relation = 'things'::regclass";
    let count: i64 = client.query_one(idle, &[]).await.unwrap().get(0);
    assert_eq!(count, 0);
}

#[tokio::test]
async fn other_nodes_are_woken_again_after_their_connection_was_lost() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let name = format!("listener {}", std::process::id());
    let url = format!("{}&application_name={}", database.url, name.replace(' ', "%20"));
    let other = store::Db::open(&url.parse().unwrap(), Options::default()).await.unwrap();
    let mut committed = other.committed();
    let client = database.client().await;
    // A listening connection says LISTEN and then nothing.
    eventually("listening", || async {
        let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                   WHERE application_name = $1 AND query LIKE 'LISTEN dabba%'";
        (client.query_one(cut, &[&name]).await.unwrap().get::<_, i64>(0) > 0).then_some(())
    })
    .await;
    let event = store::NewEvent {
        city_id: uuid::Uuid::from_u128(1),
        kind: "test.happened",
        subject: uuid::Uuid::from_u128(2),
        payload: "{}".to_owned(),
        at_us: 1,
    };
    // Reconnecting nudges, then the event does: wait until a wake-up comes after the event.
    tokio::time::sleep(Duration::from_millis(500)).await;
    while tokio::time::timeout(Duration::from_millis(50), committed.wait()).await.is_ok() {}
    database.db.commit(Tx::new("tell").event(event)).await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), committed.wait()).await.expect("the other node wakes");
}
