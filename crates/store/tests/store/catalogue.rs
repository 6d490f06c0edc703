//! Both engines have the same tables, columns and indexes after the migrations.

use std::collections::BTreeSet;

use store::{Db, FromRow, Statement};

use crate::support::TestDatabase;

static SQLITE_COLUMNS: Statement = Statement::new(
    "test.SQLITE_COLUMNS",
    "SELECT t.name || '.' || c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
);
static POSTGRES_COLUMNS: Statement = Statement::new(
    "test.POSTGRES_COLUMNS",
    "SELECT c.table_name || '.' || c.column_name FROM information_schema.columns c \
     JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
     WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'",
);
static SQLITE_NOT_NULL: Statement = Statement::new(
    "test.SQLITE_NOT_NULL",
    "SELECT t.name || '.' || c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND (c.\"notnull\" = 1 OR c.pk > 0)",
);
static POSTGRES_NOT_NULL: Statement = Statement::new(
    "test.POSTGRES_NOT_NULL",
    "SELECT table_name || '.' || column_name FROM information_schema.columns \
     WHERE table_schema = current_schema() AND is_nullable = 'NO'",
);
static SQLITE_INDEXES: Statement = Statement::new(
    "test.SQLITE_INDEXES",
    "SELECT name FROM sqlite_schema WHERE type = 'index' AND name NOT LIKE 'sqlite_autoindex_%'",
);
static POSTGRES_INDEXES: Statement = Statement::new(
    "test.POSTGRES_INDEXES",
    "SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid \
     JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() \
     AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid AND k.contype <> 'f')",
);
static DEFERRABLE: Statement = Statement::new(
    "test.DEFERRABLE",
    "SELECT CAST(conname AS TEXT) FROM pg_constraint WHERE condeferrable AND connamespace = current_schema()::regnamespace",
);

#[tokio::test]
async fn both_engines_have_the_same_catalogue() {
    let Some(postgres) = TestDatabase::postgres().await else { return };
    let sqlite = TestDatabase::sqlite().await;
    let pairs = [
        (&SQLITE_COLUMNS, &POSTGRES_COLUMNS),
        (&SQLITE_NOT_NULL, &POSTGRES_NOT_NULL),
        (&SQLITE_INDEXES, &POSTGRES_INDEXES),
    ];
    for (one, other) in pairs {
        let (one, other) = (names(&sqlite.db, one).await, names(&postgres.db, other).await);
        assert!(!one.is_empty());
        let differences: Vec<_> = one.symmetric_difference(&other).collect();
        assert!(differences.is_empty(), "on one engine only: {differences:?}");
    }
}

#[tokio::test]
async fn no_constraint_waits_for_the_commit() {
    // It would fail the neighbours in a group commit, and a COMMIT where only conflicts are expected.
    let Some(postgres) = TestDatabase::postgres().await else { return };
    assert_eq!(names(&postgres.db, &DEFERRABLE).await, BTreeSet::new());
}

async fn names(db: &Db, statement: &'static Statement) -> BTreeSet<String> {
    let rows: Vec<Name> = db.all(statement, Vec::new()).await.unwrap();
    rows.into_iter().map(|row| row.0).collect()
}

struct Name(String);

impl FromRow for Name {
    fn from_row(row: &store::Row<'_>) -> Result<Self, store::RowError> {
        Ok(Self(row.get(0)?))
    }
}
