//! A database for one measurement: a SQLite file in a directory of its own, or a schema of its own on a PostgreSQL
//! server. Both are gone afterwards.

use std::path::{Path, PathBuf};

use store::{Db, Options, Statement, Tx, args};
use tempfile::TempDir;

use super::machine::file_system;

/// A database to throw away.
pub(in crate::commands) struct Place {
    /// Where it is.
    pub(in crate::commands) url: String,
    /// Which engine, and on what; never a password.
    pub(in crate::commands) instance: String,
    kind: Kind,
}

enum Kind {
    Directory(TempDir),
    Schema { server: String, name: String },
}

impl Place {
    /// Makes one: on the server of `database`, or below `data` (the system's temporary directory without it).
    pub(in crate::commands) async fn make(database: Option<&str>, data: Option<&PathBuf>) -> Result<Self, String> {
        match database {
            Some(url) if url.starts_with("postgres") => Self::schema(url).await,
            Some(_) => {
                Err("--database takes a postgres:// address; for SQLite give a directory with --data".to_owned())
            }
            None => Self::directory(data.map(PathBuf::as_path)),
        }
    }

    fn directory(data: Option<&Path>) -> Result<Self, String> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("dabba-measure-");
        let made = data.map_or_else(|| builder.tempdir(), |data| builder.tempdir_in(data));
        let directory = made.map_err(|error| format!("a temporary directory cannot be made: {error}"))?;
        let url = format!("sqlite:{}", directory.path().join("dabba.sqlite").display());
        let instance = format!("sqlite on {} (synchronous=FULL)", file_system(directory.path()));
        Ok(Self { url, instance, kind: Kind::Directory(directory) })
    }

    async fn schema(server: &str) -> Result<Self, String> {
        let name = format!("dabba_measure_{}", std::process::id());
        command(server, format!("CREATE SCHEMA {name}")).await.map_err(|error| {
            format!("a schema for the measurement cannot be made, give an address whose user may do so: {error}")
        })?;
        let separator = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{separator}options=-csearch_path%3D{name}");
        let kind = Kind::Schema { server: server.to_owned(), name };
        let place = Self { url, instance: String::new(), kind };
        match waits_for_disk(server).await {
            Ok(true) => Ok(Self { instance: "postgres (fsync=on) in a schema of its own".to_owned(), ..place }),
            Ok(false) => {
                let instance = "postgres (fsync=off: NOT durable) in a schema of its own".to_owned();
                Ok(Self { instance, ..place })
            }
            Err(error) => place.remove().await.and(Err(error)),
        }
    }

    /// Opens it and brings it up to date.
    pub(in crate::commands) async fn open(&self, options: Options) -> Result<Db, String> {
        let url = self.url.parse().map_err(|error| format!("{error}"))?;
        let db = Db::open(&url, options).await.map_err(|error| error.to_string())?;
        db.migrate().await.map_err(|error| error.to_string())?;
        Ok(db)
    }

    /// Removes it. Everything that had it open must be closed.
    pub(in crate::commands) async fn remove(self) -> Result<(), String> {
        match self.kind {
            Kind::Directory(directory) => directory.close().map_err(|error| error.to_string()),
            Kind::Schema { server, name } => command(&server, format!("DROP SCHEMA {name} CASCADE")).await,
        }
    }
}

/// Whether what the server has committed is on its disk; the store itself sees to `synchronous_commit`.
async fn waits_for_disk(server: &str) -> Result<bool, String> {
    static FSYNC: Statement = Statement::new("measure.FSYNC", "SELECT current_setting('fsync')");
    let url = server.parse().map_err(|error| format!("{error}"))?;
    let options = Options { connections: 1, ..Options::default() };
    let db = Db::open(&url, options).await.map_err(|error| error.to_string())?;
    let answer = db.one::<(String,)>(&FSYNC, args![]).await;
    db.close().await;
    answer.map(|(fsync,)| fsync == "on").map_err(|error| error.to_string())
}

/// Runs one command on a server.
async fn command(server: &str, sql: String) -> Result<(), String> {
    // A statement is a constant of the program; this one has a name in it that is known only now, and lives as long.
    let sql: &'static str = Box::leak(sql.into_boxed_str());
    let statement: &'static Statement = Box::leak(Box::new(Statement::new("measure.SCHEMA", sql)));
    let url = server.parse().map_err(|error| format!("{error}"))?;
    let options = Options { connections: 1, ..Options::default() };
    let db = Db::open(&url, options).await.map_err(|error| error.to_string())?;
    let done = db.commit(Tx::new("schema for a measurement").run(statement, args![])).await;
    db.close().await;
    done.map_err(|error| error.to_string())
}
