//! The PostgreSQL engine: prepared statements, one flight per transaction, or one statement for many of them.
//!
//! Transactions use connections whose default is read-only and say BEGIN READ WRITE: should that BEGIN ever fail, the
//! pipelined statements behind it are refused instead of committing one by one. Reads and single statements have
//! connections of their own, so that they never queue behind a commit that waits for the disk.

mod codec;
mod error;
mod flight;
mod gather;
mod notify;
mod rebase;
mod schema;
mod server;
mod whole;

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, Timeouts,
};
use futures_util::TryStreamExt as _;
use tokio::sync::{Semaphore, TryAcquireError};
use tokio_postgres::Config;

use self::gather::Gather;
use self::notify::Notifier;
use self::server::Server;
use crate::dialect::Dialect;
use crate::engine::wake::Wake;
use crate::engine::{ColumnDescription, Description, Options};
use crate::error::{CommitError, MigrateError, OpenError, ReadError};
use crate::row::{FromRow, Row, RowError};
use crate::statement::Statement;
use crate::tx::Tx;
use crate::url::address;
use crate::value::Value;

pub(crate) use self::codec::cell;

/// The pools of one PostgreSQL database.
pub(crate) struct Postgres {
    server: Server,
    /// For transactions: read-only unless BEGIN says otherwise.
    flights: Pool,
    /// For reads and for writing statements that stand alone.
    singles: Pool,
    /// For transactions that go together with others.
    gather: Arc<Gather>,
    notifier: Arc<Notifier>,
    /// One permit for each transaction under way; bounds their number, and lets `close` wait for them.
    places: Arc<Semaphore>,
    all_places: u32,
}

/// How long a server may leave packets unanswered.
const SILENCE: Duration = Duration::from_secs(30);

/// How long `close` waits for the transactions that are under way.
const LAST_ORDERS: Duration = Duration::from_secs(30);

impl Postgres {
    pub(crate) async fn open(config: &Config, options: &Options, wake: &Wake) -> Result<Self, OpenError> {
        let mut config = config.clone();
        if config.get_application_name().is_none() {
            config.application_name("dabba");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(options.patience);
        }
        // A server that vanished without a word is noticed within half a minute, not after hours.
        config.keepalives_idle(SILENCE);
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE);
        }
        let server = Server::new(config)?;
        let flights = pool(&server, options, "SET default_transaction_read_only = on")?;
        let singles = pool(&server, options, "SET default_transaction_read_only = off")?;
        let few = Options { connections: gather::LANES.min(options.connections), ..options.clone() };
        let gather = Gather::new(pool(&server, &few, gather::LOCK_TIMEOUT)?, singles.clone());
        let first = singles.get().await.map_err(|error| cannot_connect(&server.config, &error))?;
        schema::refuse_newer(&first).await?;
        let notifier = Notifier::start(server.clone(), singles.clone(), wake.clone());
        let all_places = u32::try_from(options.queue).unwrap_or(u32::MAX).clamp(1, 1 << 20);
        let places = Arc::new(Semaphore::new(all_places as usize));
        Ok(Self { server, flights, singles, gather, notifier, places, all_places })
    }

    pub(crate) async fn migrate(&self) -> Result<Vec<&'static str>, MigrateError> {
        let names = schema::migrate(&self.server).await?;
        if !names.is_empty() {
            // Plans made against the old schema.
            for pool in [&self.flights, self.gather.pool(), &self.singles] {
                pool.manager().statement_caches.clear();
            }
        }
        Ok(names)
    }

    /// Commits in a task of its own, so that a caller who goes away does not leave a transaction half-way.
    pub(crate) async fn commit(&self, tx: Tx) -> Result<(), CommitError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|refused| match refused {
            TryAcquireError::NoPermits => CommitError::Busy,
            TryAcquireError::Closed => CommitError::Unavailable("it has been closed".to_owned()),
        })?;
        let (flights, singles) = (self.flights.clone(), self.singles.clone());
        let (gather, notifier) = (Arc::clone(&self.gather), Arc::clone(&self.notifier));
        let task = tokio::spawn(async move {
            let _place = place;
            let tells = tx.has_events();
            let outcome = match whole::shape(&tx) {
                Some(shape) => gather.commit(tx, shape).await,
                None => flight::commit(&flights, &singles, &tx).await,
            };
            if outcome.is_ok() && tells {
                notifier.tell();
            }
            outcome
        });
        task.await.unwrap_or_else(|error| Err(CommitError::Uncertain(error.to_string())))
    }

    pub(crate) async fn returning<R: FromRow>(
        &self,
        statement: &'static Statement,
        args: &[Value],
    ) -> Result<Vec<R>, CommitError> {
        let client = self.singles.get().await.map_err(|error| error::of_pool(&error))?;
        let reason = |error: Failure| match error {
            Failure::Engine(error) => error::of_lone(&error, statement.name),
            Failure::Row(error) => CommitError::Database { statement: statement.name, reason: error.to_string() },
        };
        rows(&client, statement, args).await.map_err(reason)
    }

    pub(crate) async fn all<R: FromRow>(
        &self,
        statement: &'static Statement,
        args: &[Value],
    ) -> Result<Vec<R>, ReadError> {
        let client = self.singles.get().await.map_err(|error| error::of_pool_read(&error))?;
        rows(&client, statement, args).await.map_err(|error| match error {
            Failure::Engine(error) => error::of_read(&error, statement.name),
            Failure::Row(source) => ReadError::Row { statement: statement.name, source },
        })
    }

    pub(crate) async fn describe(&self, statement: &'static Statement) -> Result<Description, ReadError> {
        let client = self.singles.get().await.map_err(|error| error::of_pool_read(&error))?;
        let prepared = client.prepare(statement.text(Dialect::Postgres)).await;
        let prepared = prepared.map_err(|error| error::of_read(&error, statement.name))?;
        let columns = prepared.columns().iter().map(|column| ColumnDescription {
            name: column.name().to_owned(),
            kind: Some(column.type_().name().to_owned()),
        });
        Ok(Description { parameters: prepared.params().len(), columns: columns.collect() })
    }

    pub(crate) async fn close(&self) {
        // Once all places are taken, nothing is under way any more.
        let landed = tokio::time::timeout(LAST_ORDERS, self.places.acquire_many(self.all_places)).await;
        if landed.is_err() {
            tracing::error!("transactions are still under way; they are cut off and rolled back");
        }
        self.places.close();
        self.notifier.stop();
        self.flights.close();
        self.gather.pool().close();
        self.singles.close();
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.notifier.stop();
    }
}

enum Failure {
    Engine(tokio_postgres::Error),
    Row(RowError),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Engine(error)
    }
}

async fn rows<R: FromRow>(client: &Object, statement: &'static Statement, args: &[Value]) -> Result<Vec<R>, Failure> {
    let prepared = client.prepare_cached(statement.text(Dialect::Postgres)).await?;
    let mut stream = std::pin::pin!(client.query_raw(&prepared, args).await?);
    let mut values = Vec::new();
    while let Some(row) = stream.try_next().await? {
        values.push(Row::postgres(&row).read().map_err(Failure::Row)?);
    }
    Ok(values)
}

/// Connections that are not checked when they are taken (the check costs a round trip; a closed one is noticed without).
fn pool(server: &Server, options: &Options, session: &'static str) -> Result<Pool, OpenError> {
    let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(server.config.clone(), server.tls.clone(), manager);
    let settings = settings(session, options.statement_timeout);
    let hook = Hook::async_fn(move |client: &mut deadpool_postgres::ClientWrapper, _| {
        let settings = settings.clone();
        Box::pin(async move { client.batch_execute(&settings).await.map_err(HookError::Backend) })
    });
    let patience = Some(options.patience);
    Pool::builder(manager)
        .max_size(options.connections.max(1))
        .timeouts(Timeouts { wait: patience, create: patience, recycle: patience })
        .runtime(Runtime::Tokio1)
        .post_create(hook)
        .build()
        .map_err(|error| OpenError::Other(error.to_string()))
}

/// What every connection starts with. A commit that the server reports is on its disk, whatever the server's default.
fn settings(session: &str, statement_timeout: Duration) -> String {
    format!(
        "{session}; SET statement_timeout = {}; SET idle_in_transaction_session_timeout = '60s'; \
         SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
        statement_timeout.as_millis()
    )
}

fn cannot_connect(config: &Config, error: &PoolError) -> OpenError {
    let reason = match error {
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => error::describe(error),
        PoolError::Timeout(_) => "no answer in time".to_owned(),
        other => other.to_string(),
    };
    OpenError::CannotConnect { address: address(config), reason }
}
