//! Migrating: once, by one process at a time, and never over a history that does not fit.

use futures_util::future::join_all;
use store::{Db, MigrateError, OpenError, Options};

use crate::support::{Schema, on_both_engines};

on_both_engines! {
    async fn a_migrated_database_has_nothing_left_to_do(database: TestDatabase) {
        assert_eq!(database.db.migrate().await.unwrap(), Vec::<&str>::new());
    }
}

on_both_engines! {
    async fn an_edited_migration_is_refused_by_name(database: TestDatabase) {
        database.raw("UPDATE schema_migrations SET checksum = 'edited' WHERE version = 1").await;
        let error = database.db.migrate().await.unwrap_err();
        assert!(matches!(&error, MigrateError::Changed(name) if name == "001_outbox"), "{error}");
        assert!(error.to_string().contains("applied migrations are never edited"), "{error}");
    }
}

on_both_engines! {
    async fn a_newer_database_is_neither_migrated_nor_opened(database: TestDatabase) {
        database
            .raw("INSERT INTO schema_migrations (version, name, checksum, program) VALUES (900, '900_future', '', '7.3.1')")
            .await;
        let refused = database.db.migrate().await.unwrap_err();
        assert!(matches!(refused, MigrateError::Newer(_)), "{refused}");

        let refused = Db::open(&database.url.parse().unwrap(), Options::default()).await.err().unwrap();
        assert!(matches!(refused, OpenError::Newer(_)), "{refused}");
        let message = refused.to_string();
        for part in ["900_future", "dabba 7.3.1", concat!("this is dabba ", env!("CARGO_PKG_VERSION"))] {
            assert!(message.contains(part), "{message}");
        }
    }
}

#[tokio::test]
async fn processes_that_start_together_migrate_sqlite_once() {
    let directory = tempfile::tempdir().unwrap();
    migrate_together(&format!("sqlite:{}/dabba.db", directory.path().display())).await;
}

#[tokio::test]
async fn nodes_that_start_together_migrate_postgres_once() {
    if let Some(schema) = Schema::create().await {
        migrate_together(&schema.url).await;
    }
}

async fn migrate_together(url: &str) {
    let nodes =
        join_all((0..3).map(|_| async { Db::open(&url.parse().unwrap(), Options::default()).await.unwrap() })).await;
    let mut applied: Vec<&str> =
        join_all(nodes.iter().map(Db::migrate)).await.into_iter().flat_map(Result::unwrap).collect();
    let count = applied.len();
    applied.sort_unstable();
    applied.dedup();
    assert_eq!(applied.len(), count, "no migration was applied twice");
    assert_eq!(applied.first(), Some(&"001_outbox"));
}
