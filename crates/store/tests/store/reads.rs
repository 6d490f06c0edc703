//! Reads answer structs, and say clearly when a row does not fit.

use store::{FromRow, ReadError, Row, RowError, Statement, Tx, Value, args, from_row};
use uuid::Uuid;

use crate::support::{TestDatabase, on_both_engines};

static CREATE: &str = "CREATE TABLE kinds (id BYTEA NOT NULL PRIMARY KEY, number BIGINT, share DOUBLE PRECISION, words TEXT, flag BIGINT)";
static INSERT: Statement =
    Statement::new("kinds.INSERT", "INSERT INTO kinds (id, number, share, words, flag) VALUES ($1, $2, $3, $4, $5)");
static FIND: Statement = Statement::new("kinds.FIND", "SELECT id, number, share, words, flag FROM kinds WHERE id = $1");
static SWAPPED: Statement =
    Statement::new("kinds.SWAPPED", "SELECT id, flag, share, words, number FROM kinds WHERE id = $1");
static RETURNING: Statement = Statement::new("kinds.RETURNING", "INSERT INTO kinds (id) VALUES ($1) RETURNING id");
static ALL_IDS: Statement = Statement::new("kinds.ALL_IDS", "SELECT id FROM kinds ORDER BY id");

#[derive(Debug, PartialEq)]
struct KindRow {
    id: Uuid,
    number: Option<i64>,
    share: Option<f64>,
    words: Option<String>,
    flag: Option<bool>,
}

from_row!(KindRow { id, number, share, words, flag });

on_both_engines! {
    async fn every_kind_of_value_comes_back_as_it_was(database: TestDatabase) {
        database.raw(CREATE).await;
        let rows = [
            KindRow { id: Uuid::from_u128(1), number: Some(i64::MIN), share: Some(0.1), words: Some("मसाला दोसा '$1' \\ \"".to_owned()), flag: Some(true) },
            KindRow { id: Uuid::from_u128(u128::MAX), number: Some(i64::MAX), share: Some(-3.0), words: Some(String::new()), flag: Some(false) },
            KindRow { id: Uuid::nil(), number: None, share: None, words: None, flag: None },
        ];
        for row in &rows {
            let args = args![row.id, row.number, row.share, row.words.as_deref(), row.flag];
            database.db.commit(Tx::new("insert").guard(1, &INSERT, args)).await.unwrap();
        }
        for row in rows {
            assert_eq!(database.db.one::<KindRow>(&FIND, args![row.id]).await.unwrap(), row);
        }
        let ids: Vec<(Uuid,)> = database.db.all(&ALL_IDS, Vec::new()).await.unwrap();
        assert_eq!(ids, [(Uuid::nil(),), (Uuid::from_u128(1),), (Uuid::from_u128(u128::MAX),)]);
    }
}

on_both_engines! {
    async fn a_missing_row_is_none_or_an_error_as_asked(database: TestDatabase) {
        database.raw(CREATE).await;
        assert_eq!(database.db.optional::<KindRow>(&FIND, args![Uuid::nil()]).await, Ok(None));
        let missing = database.db.one::<KindRow>(&FIND, args![Uuid::nil()]).await;
        assert_eq!(missing, Err(ReadError::Missing { statement: "kinds.FIND" }));
    }
}

on_both_engines! {
    async fn rows_that_do_not_fit_name_the_column(database: TestDatabase) {
        database.raw(CREATE).await;
        let args: Vec<Value> = args![Uuid::nil(), 7_i64, 0.5, "x", 1_i64];
        database.db.commit(Tx::new("insert").run(&INSERT, args)).await.unwrap();

        let swapped = database.db.one::<KindRow>(&SWAPPED, args![Uuid::nil()]).await.unwrap_err().to_string();
        assert_eq!(swapped, "kinds.SWAPPED: column 1 (number): expected that name, found a column named 'flag'");
        let kind = database.db.one::<(String,)>(&FIND, args![Uuid::nil()]).await.unwrap_err().to_string();
        assert_eq!(kind, "kinds.FIND: column 0 (id): expected text, found bytes");
        let wide = database.db.one::<(Uuid, i64, f64, String, bool, i64)>(&FIND, args![Uuid::nil()]).await;
        assert!(matches!(wide, Err(ReadError::Row { .. })), "{wide:?}");
    }
}

#[derive(Debug)]
struct Panics;

impl FromRow for Panics {
    fn from_row(_: &Row<'_>) -> Result<Self, RowError> {
        panic!("a mistake in a row struct");
    }
}

#[tokio::test]
async fn the_threads_of_the_embedded_engine_outlive_a_panic() {
    let database = TestDatabase::sqlite().await;
    database.raw(CREATE).await;
    for _ in 0..4 {
        database.db.returning::<Panics>(&RETURNING, args![Uuid::nil()]).await.unwrap_err();
    }
    database.db.returning::<(Uuid,)>(&RETURNING, args![Uuid::nil()]).await.unwrap();
    for _ in 0..4 {
        database.db.all::<Panics>(&ALL_IDS, Vec::new()).await.unwrap_err();
    }
    database.db.ping().await.unwrap();
}
