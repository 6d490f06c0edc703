//! One handle for both engines.
//!
//! [`Db`] is cheap to clone and shared by the whole process. Reads answer values, never connections; a write is a
//! [`Tx`](crate::Tx) or one statement with RETURNING, durable when the call answers `Ok`. A write whose future is dropped
//! is not undone: it was handed over, and it happens or fails as a whole.

pub(crate) mod postgres;
pub(crate) mod sqlite;
mod wake;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::dialect::Dialect;
use crate::error::{CommitError, MigrateError, OpenError, ReadError};
use crate::measure;
use crate::row::FromRow;
use crate::statement::Statement;
use crate::tx::Tx;
use crate::url::{DatabaseUrl, Place};
use crate::value::Value;

pub use wake::Committed;

/// How much the store may use. The defaults suit a node with two to eight cores.
#[derive(Clone, Debug)]
pub struct Options {
    /// Threads that read the embedded database.
    pub readers: usize,
    /// Connections to PostgreSQL for transactions, and as many again for reads and single statements.
    pub connections: usize,
    /// Transactions that may wait before callers are told `Busy`; on the embedded database as many reads as well.
    pub queue: usize,
    /// Transactions that may share one commit of the embedded database.
    pub batch: usize,
    /// How long a caller waits for a connection to PostgreSQL before it is told `Busy`.
    pub patience: Duration,
    /// How long PostgreSQL may work on one statement.
    pub statement_timeout: Duration,
    /// From which duration on a query or transaction is logged.
    pub slow: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: 2,
            connections: 16,
            queue: 4096,
            batch: 512,
            patience: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            slow: Duration::from_millis(100),
        }
    }
}

/// An open database.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    wake: wake::Wake,
    slow: Duration,
}

#[derive(Clone)]
enum Engine {
    Sqlite(Arc<sqlite::Sqlite>),
    Postgres(Arc<postgres::Postgres>),
}

/// What an engine says of a statement, without running it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// The number of parameters.
    pub parameters: usize,
    /// The columns of its answer.
    pub columns: Vec<ColumnDescription>,
}

/// A column of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDescription {
    /// The name that the statement gives it.
    pub name: String,
    /// The type, in PostgreSQL's short names (`int8`, `text`, `bytea`, `float8`); SQLite knows it for plain columns only.
    pub kind: Option<String>,
}

impl Db {
    /// Opens the database: creates the file of an embedded one, connects to a PostgreSQL server. Does not migrate, but
    /// refuses a database that a newer program has migrated.
    pub async fn open(url: &DatabaseUrl, options: Options) -> Result<Self, OpenError> {
        let wake = wake::Wake::new();
        let slow = options.slow;
        let engine = match &url.0 {
            Place::Sqlite(path) => Engine::Sqlite(Arc::new(sqlite::Sqlite::open(path, &options, &wake).await?)),
            Place::Postgres(config) => {
                Engine::Postgres(Arc::new(postgres::Postgres::open(config, &options, &wake).await?))
            }
        };
        Ok(Self { engine, wake, slow })
    }

    /// Brings the schema up to date and returns the names of the migrations that were applied now.
    pub async fn migrate(&self) -> Result<Vec<&'static str>, MigrateError> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.migrate().await,
            Engine::Postgres(engine) => engine.migrate().await,
        }
    }

    /// Which engine this is.
    pub fn dialect(&self) -> Dialect {
        match self.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Commits a transaction. `Ok` means that it is durable; except for `Uncertain`, an error means that nothing of it
    /// happened.
    pub async fn commit(&self, tx: Tx) -> Result<(), CommitError> {
        let (name, started) = (tx.name(), Instant::now());
        let outcome = match &self.engine {
            Engine::Sqlite(engine) => engine.commit(tx).await,
            Engine::Postgres(engine) => engine.commit(tx).await,
        };
        measure::commit(name, started, self.slow, &outcome);
        outcome
    }

    /// Runs one writing statement with RETURNING and answers its rows once they are durable. For counters and claims.
    pub async fn returning<R: FromRow + Send + 'static>(
        &self,
        statement: &'static Statement,
        args: Vec<Value>,
    ) -> Result<Vec<R>, CommitError> {
        let started = Instant::now();
        let answer = match &self.engine {
            Engine::Sqlite(engine) => engine.returning(statement, args).await,
            Engine::Postgres(engine) => engine.returning(statement, &args).await,
        };
        measure::query(statement.name, started, self.slow);
        answer
    }

    /// All rows that a query answers.
    pub async fn all<R: FromRow + Send + 'static>(
        &self,
        statement: &'static Statement,
        args: Vec<Value>,
    ) -> Result<Vec<R>, ReadError> {
        let started = Instant::now();
        let answer = match &self.engine {
            Engine::Sqlite(engine) => engine.all(statement, args).await,
            Engine::Postgres(engine) => engine.all(statement, &args).await,
        };
        measure::query(statement.name, started, self.slow);
        answer
    }

    /// The first row that a query answers, if there is one. Let the statement answer one row at most.
    pub async fn optional<R: FromRow + Send + 'static>(
        &self,
        statement: &'static Statement,
        args: Vec<Value>,
    ) -> Result<Option<R>, ReadError> {
        Ok(self.all(statement, args).await?.into_iter().next())
    }

    /// The row that a query answers; an error if there is none.
    pub async fn one<R: FromRow + Send + 'static>(
        &self,
        statement: &'static Statement,
        args: Vec<Value>,
    ) -> Result<R, ReadError> {
        self.optional(statement, args).await?.ok_or(ReadError::Missing { statement: statement.name })
    }

    /// What the engine says of a statement, without running it.
    pub async fn describe(&self, statement: &'static Statement) -> Result<Description, ReadError> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.describe(statement).await,
            Engine::Postgres(engine) => engine.describe(statement).await,
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), ReadError> {
        static PING: Statement = Statement::new("store.PING", "SELECT CAST(1 AS BIGINT) AS one");
        self.one::<(i64,)>(&PING, Vec::new()).await.map(drop)
    }

    /// Wakes when a transaction with an event has committed, here or (on PostgreSQL) on another node. Waking up is a
    /// hint: a consumer also looks from time to time without it.
    pub fn committed(&self) -> Committed {
        self.wake.subscribe()
    }

    /// Finishes what was handed over, refuses anything further and lets go of the database.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(engine) => engine.close().await,
            Engine::Postgres(engine) => engine.close().await,
        }
    }
}
