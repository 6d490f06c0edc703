//! The embedded engine: one writer thread with group commit, a few reader threads, one file.
//!
//! SQLite has one writer at a time whatever one does, so there is exactly one here and nobody ever waits for a lock:
//! transactions queue up, and the writer commits all that wait with one sync of the disk (see `writer`). Readers have
//! their own read-only connections and see the state of the last commit.

mod codec;
mod connection;
mod error;
mod queue;
mod schema;
mod writer;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::oneshot;

use self::queue::{Queue, Refused};
use self::writer::{Change, Unit, Writer};
use crate::dialect::Dialect;
use crate::engine::wake::Wake;
use crate::engine::{Description, Options};
use crate::error::{CommitError, MigrateError, OpenError, ReadError};
use crate::row::FromRow;
use crate::statement::Statement;
use crate::tx::Tx;
use crate::value::Value;

pub(crate) use self::codec::cell;

type Read = Box<dyn FnOnce(&Connection) + Send>;

/// An open SQLite file with its threads. Dropping it lets the threads finish what was queued and end.
pub(crate) struct Sqlite {
    path: PathBuf,
    writes: Arc<Queue<Box<dyn Unit>>>,
    reads: Arc<Queue<Read>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Sqlite {
    pub(crate) async fn open(path: &Path, options: &Options, wake: &Wake) -> Result<Self, OpenError> {
        let (path, options, wake) = (path.to_owned(), options.clone(), wake.clone());
        in_background(move || Self::start(path, &options, wake))
            .await
            .unwrap_or_else(|reason| Err(OpenError::Other(reason)))
    }

    fn start(path: PathBuf, options: &Options, wake: Wake) -> Result<Self, OpenError> {
        let writer = connection::open_writer(&path)?;
        schema::refuse_newer(&writer)?;
        let readers: Vec<Connection> =
            (0..options.readers.max(1)).map(|_| connection::open_reader(&path)).collect::<Result<_, _>>()?;

        let engine = Self {
            path,
            writes: Arc::new(Queue::new(options.queue)),
            reads: Arc::new(Queue::new(options.queue)),
            threads: Mutex::default(),
        };
        let queue = Arc::clone(&engine.writes);
        let batch = options.batch.max(1);
        engine.spawn("store-writer", move || Writer::new(writer, wake).serve(&queue, batch))?;
        for reader in readers {
            let queue = Arc::clone(&engine.reads);
            engine.spawn("store-reader", move || serve_reads(&reader, &queue))?;
        }
        Ok(engine)
    }

    fn spawn(&self, name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), OpenError> {
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(work);
        let thread = thread.map_err(|error| OpenError::Other(error.to_string()))?;
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }

    pub(crate) async fn migrate(&self) -> Result<Vec<&'static str>, MigrateError> {
        let path = self.path.clone();
        in_background(move || schema::migrate(&path))
            .await
            .unwrap_or_else(|reason| Err(MigrateError::Unavailable(reason)))
    }

    pub(crate) async fn commit(&self, tx: Tx) -> Result<(), CommitError> {
        let tells = tx.has_events();
        self.write(tells, move |connection| writer::run(connection, &tx)).await
    }

    pub(crate) async fn returning<R: FromRow + Send + 'static>(
        &self,
        statement: &'static Statement,
        args: Vec<Value>,
    ) -> Result<Vec<R>, CommitError> {
        self.write(false, move |connection| {
            codec::all(connection, statement, &args).map_err(|failure| failure.of_commit(statement))
        })
        .await
    }

    async fn write<T: Send + 'static>(
        &self,
        tells: bool,
        work: impl FnMut(&Connection) -> Result<T, CommitError> + Send + 'static,
    ) -> Result<T, CommitError> {
        let (reply, answer) = oneshot::channel();
        self.writes.push(Box::new(Change::new(tells, work, reply))).map_err(|refused| match refused {
            Refused::Full => CommitError::Busy,
            Refused::Closed => CommitError::Unavailable(CLOSED.to_owned()),
        })?;
        answer.await.unwrap_or_else(|_| Err(CommitError::Uncertain("the writer has stopped".to_owned())))
    }

    pub(crate) async fn all<R: FromRow + Send + 'static>(
        &self,
        statement: &'static Statement,
        args: Vec<Value>,
    ) -> Result<Vec<R>, ReadError> {
        self.read(move |connection| {
            codec::all(connection, statement, &args).map_err(|failure| failure.of_read(statement))
        })
        .await
    }

    pub(crate) async fn describe(&self, statement: &'static Statement) -> Result<Description, ReadError> {
        self.read(move |connection| codec::describe(connection, statement)).await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<T, ReadError> {
        let (reply, answer) = oneshot::channel();
        let read: Read = Box::new(move |connection| {
            // Nobody waits any more: spare the work.
            if !reply.is_closed() {
                let _ = reply.send(work(connection));
            }
        });
        self.reads.push(read).map_err(|refused| match refused {
            Refused::Full => ReadError::Busy,
            Refused::Closed => ReadError::Unavailable(CLOSED.to_owned()),
        })?;
        answer.await.unwrap_or_else(|_| Err(ReadError::Unavailable("a reader failed".to_owned())))
    }

    pub(crate) async fn close(&self) {
        self.writes.close();
        self.reads.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let join = move || threads.into_iter().for_each(|thread| drop(thread.join()));
        if let Err(reason) = in_background(join).await {
            tracing::error!(reason, "closing the database failed");
        }
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.writes.close();
        self.reads.close();
    }
}

const CLOSED: &str = "it has been closed";

fn serve_reads(connection: &Connection, queue: &Queue<Read>) {
    while let Some(read) = queue.next() {
        // A reader outlives a query that panics; the caller is told because the reply was dropped.
        if catch_unwind(AssertUnwindSafe(|| read(connection))).is_err() {
            tracing::error!("a query panicked");
        }
    }
}

/// Opening and migrating wait for the disk, so they leave the async threads alone.
async fn in_background<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
    tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())
}

/// The text of a statement for this engine.
fn text(statement: &'static Statement) -> &'static str {
    statement.text(Dialect::Sqlite)
}
