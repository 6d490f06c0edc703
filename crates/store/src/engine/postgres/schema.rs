//! Migrations of a PostgreSQL database, on a connection of their own, one node at a time.

use deadpool_postgres::Object;
use tokio_postgres::Client;

use super::error::describe;
use super::rebase::rebase;
use super::server::Server;
use crate::dialect::Dialect;
use crate::error::{MigrateError, NewerDatabase, OpenError};
use crate::migrate::{self, Applied, MIGRATIONS, Migration, PROGRAM};

/// Held until the connection ends. Each schema of a database has its own lock.
const LOCK: &str = "SELECT pg_advisory_lock(hashtext('dabba migrations of ' || current_schema()))";

/// Refuses a database that a newer program has migrated. A database without history is fine: it is new.
pub(super) async fn refuse_newer(client: &Object) -> Result<(), OpenError> {
    let other = |error: tokio_postgres::Error| OpenError::Other(describe(&error));
    let exists = client.query_one("SELECT to_regclass('schema_migrations') IS NOT NULL", &[]).await.map_err(other)?;
    if !exists.get::<_, bool>(0) {
        return Ok(());
    }
    let applied = history(client).await.map_err(other)?;
    migrate::refuse_newer(MIGRATIONS, &applied).map_err(NewerDatabase::into)
}

/// Applies what is missing, each migration in a transaction of its own.
pub(super) async fn migrate(server: &Server) -> Result<Vec<&'static str>, MigrateError> {
    let unavailable = |error: tokio_postgres::Error| MigrateError::Unavailable(describe(&error));
    let (client, connection) = server.connect().await.map_err(unavailable)?;
    let serve = tokio::spawn(connection);
    let outcome = apply_all(&client).await;
    // Ends the connection, and with it the lock.
    drop(client);
    let _ = serve.await;
    outcome
}

async fn apply_all(client: &Client) -> Result<Vec<&'static str>, MigrateError> {
    let unavailable = |error: tokio_postgres::Error| MigrateError::Unavailable(describe(&error));
    client.batch_execute(LOCK).await.map_err(unavailable)?;
    client.batch_execute(migrate::CREATE_HISTORY).await.map_err(unavailable)?;
    let applied = history(client).await.map_err(unavailable)?;
    let mut names = Vec::new();
    for migration in migrate::plan(MIGRATIONS, &applied, Dialect::Postgres)? {
        if let Err(error) = apply(client, migration).await {
            return Err(MigrateError::Failed { name: migration.name.to_owned(), reason: describe(&error) });
        }
        tracing::info!(migration = migration.name, "schema migrated");
        names.push(migration.name);
    }
    rebase(client).await.map_err(unavailable)?;
    Ok(names)
}

async fn apply(client: &Client, migration: &Migration) -> Result<(), tokio_postgres::Error> {
    client.batch_execute("BEGIN").await?;
    client.batch_execute(&migration.script(Dialect::Postgres)).await?;
    let checksum = migration.checksum(Dialect::Postgres);
    client.execute(migrate::RECORD, &[&migration.version(), &migration.name, &checksum, &PROGRAM]).await?;
    client.batch_execute("COMMIT").await
}

async fn history(client: &Client) -> Result<Vec<Applied>, tokio_postgres::Error> {
    let rows = client.query(migrate::READ_HISTORY, &[]).await?;
    let applied = rows.iter().map(|row| {
        Ok(Applied {
            version: row.try_get(0)?,
            name: row.try_get(1)?,
            checksum: row.try_get(2)?,
            program: row.try_get(3)?,
        })
    });
    applied.collect()
}
