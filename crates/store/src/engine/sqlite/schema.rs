//! Migrations of the embedded database, on a connection of their own.

use std::path::Path;

use rusqlite::{Connection, params};

use super::connection;
use crate::dialect::Dialect;
use crate::error::{MigrateError, NewerDatabase, OpenError};
use crate::migrate::{self, Applied, MIGRATIONS, Migration, PROGRAM};

/// Refuses a file that a newer program has migrated. A file without history is fine: it is new.
pub(super) fn refuse_newer(connection: &Connection) -> Result<(), OpenError> {
    let other = |error: rusqlite::Error| OpenError::Other(error.to_string());
    if !connection.table_exists(None, "schema_migrations").map_err(other)? {
        return Ok(());
    }
    let applied = history(connection).map_err(other)?;
    migrate::refuse_newer(MIGRATIONS, &applied).map_err(NewerDatabase::into)
}

/// Applies what is missing, each migration in a transaction of its own.
pub(super) fn migrate(path: &Path) -> Result<Vec<&'static str>, MigrateError> {
    let unavailable = |error: rusqlite::Error| MigrateError::Unavailable(error.to_string());
    let connection = connection::open_writer(path).map_err(|error| MigrateError::Unavailable(error.to_string()))?;
    // Rebuilding a table drops it, which would cascade; references are checked as a whole before each commit instead.
    connection.execute_batch("PRAGMA foreign_keys = OFF").map_err(unavailable)?;
    connection.execute_batch(migrate::CREATE_HISTORY).map_err(unavailable)?;

    let mut names = Vec::new();
    loop {
        // The plan is made again under the write lock: two processes may start at once.
        connection.execute_batch("BEGIN IMMEDIATE").map_err(unavailable)?;
        let applied = history(&connection).map_err(unavailable)?;
        let pending = migrate::plan(MIGRATIONS, &applied, Dialect::Sqlite)?;
        let Some(migration) = pending.first() else { return Ok(names) };
        apply(&connection, migration)
            .map_err(|reason| MigrateError::Failed { name: migration.name.to_owned(), reason })?;
        tracing::info!(migration = migration.name, "schema migrated");
        names.push(migration.name);
    }
}

fn apply(connection: &Connection, migration: &Migration) -> Result<(), String> {
    let text = |error: rusqlite::Error| error.to_string();
    connection.execute_batch(&migration.script(Dialect::Sqlite)).map_err(text)?;
    if let Some(table) = dangling_reference(connection).map_err(text)? {
        return Err(format!("rows of {table} refer to rows that do not exist"));
    }
    let record = Dialect::Sqlite.render(migrate::RECORD);
    let checksum = migration.checksum(Dialect::Sqlite);
    connection.execute(&record, params![migration.version(), migration.name, checksum, PROGRAM]).map_err(text)?;
    connection.execute_batch("COMMIT").map_err(text)
}

fn dangling_reference(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let mut check = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = check.query([])?;
    rows.next()?.map(|row| row.get(0)).transpose()
}

fn history(connection: &Connection) -> rusqlite::Result<Vec<Applied>> {
    let mut query = connection.prepare(migrate::READ_HISTORY)?;
    let rows = query.query_map([], |row| {
        Ok(Applied { version: row.get(0)?, name: row.get(1)?, checksum: row.get(2)?, program: row.get(3)? })
    })?;
    rows.collect()
}
