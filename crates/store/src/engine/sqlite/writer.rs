//! The writer thread: group commit.
//!
//! A durable commit costs a sync of the disk, milliseconds, while the statements of an order cost microseconds. So the
//! writer takes all transactions that wait, runs each in a savepoint of its own inside one SQLite transaction, commits
//! once, and only then answers them all. A transaction that fails is rolled back to its savepoint: its neighbours do not
//! notice. While the disk syncs, the next batch gathers by itself; nothing waits on purpose.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::codec;
use super::error::{of_batch, of_statement};
use super::queue::Queue;
use crate::engine::wake::Wake;
use crate::error::CommitError;
use crate::measure;
use crate::tx::Tx;

/// After this time a batch is committed even if more transactions wait: it bounds how long the first one waits.
const LONGEST_BATCH: Duration = Duration::from_millis(50);

/// Something that happens within a batch and is answered after the commit.
pub(super) trait Unit: Send {
    /// Runs the statements. An error undoes this unit alone.
    fn run(&mut self, connection: &Connection) -> Result<(), CommitError>;
    /// Whether readers of the outbox should wake.
    fn tells(&self) -> bool;
    /// Answers the caller: `Ok` once it is durable.
    fn answer(self: Box<Self>, outcome: Result<(), CommitError>);
}

/// A unit made of a closure, its result and the caller who waits for it.
pub(super) struct Change<T, W> {
    tells: bool,
    work: W,
    result: Option<T>,
    reply: oneshot::Sender<Result<T, CommitError>>,
}

impl<T, W> Change<T, W> {
    pub(super) fn new(tells: bool, work: W, reply: oneshot::Sender<Result<T, CommitError>>) -> Self {
        Self { tells, work, result: None, reply }
    }
}

impl<T: Send, W: FnMut(&Connection) -> Result<T, CommitError> + Send> Unit for Change<T, W> {
    fn run(&mut self, connection: &Connection) -> Result<(), CommitError> {
        self.result = Some((self.work)(connection)?);
        Ok(())
    }

    fn tells(&self) -> bool {
        self.tells
    }

    fn answer(self: Box<Self>, outcome: Result<(), CommitError>) {
        // A unit without a result has failed and its outcome says how. The caller may have gone, which is no error.
        let Self { result, reply, .. } = *self;
        let _ = reply.send(outcome.and_then(|()| result.ok_or(CommitError::Unavailable("no result".to_owned()))));
    }
}

/// Runs the steps of a transaction, up to the first that fails or misses its guard.
pub(super) fn run(connection: &Connection, tx: &Tx) -> Result<(), CommitError> {
    for (index, step) in tx.steps().iter().enumerate() {
        let rows = codec::execute(connection, step.statement, &step.args)
            .map_err(|error| of_statement(&error, step.statement.name))?;
        if step.expected_rows.is_some_and(|expected| expected != rows) {
            return Err(CommitError::Guard { step: index, label: step.label, rows });
        }
    }
    Ok(())
}

/// The connection that writes, and what it does with a batch.
pub(super) struct Writer {
    connection: Connection,
    wake: Wake,
}

type Answered = (Box<dyn Unit>, Result<(), CommitError>);

impl Writer {
    pub(super) fn new(connection: Connection, wake: Wake) -> Self {
        Self { connection, wake }
    }

    /// Works until the queue is closed and empty.
    pub(super) fn serve(&self, queue: &Queue<Box<dyn Unit>>, most: usize) {
        loop {
            let mut waiting = queue.next_batch(most);
            if waiting.is_empty() {
                break;
            }
            while !waiting.is_empty() {
                self.commit_batch(&mut waiting);
            }
        }
        // Leaves one file behind instead of a file and a log; both are complete, so a failure does not matter.
        let _ = self.connection.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// Commits as many of the waiting units as fit in the time, at least one, and answers them.
    fn commit_batch(&self, waiting: &mut VecDeque<Box<dyn Unit>>) {
        if let Err(error) = self.command("BEGIN IMMEDIATE") {
            let outcome = of_batch(&error);
            waiting.drain(..).for_each(|unit| unit.answer(Err(outcome.clone())));
            return;
        }
        let mut answered: Vec<Answered> = Vec::with_capacity(waiting.len());
        let started = Instant::now();
        let mut fate = Ok(());
        while let Some(mut unit) = waiting.pop_front() {
            let outcome = self.in_savepoint(unit.as_mut());
            // A full disk or an I/O error makes SQLite roll the whole transaction back, neighbours included.
            if self.connection.is_autocommit() {
                fate = Err(lost(outcome.as_ref().err()));
            }
            answered.push((unit, outcome));
            if fate.is_err() || started.elapsed() > LONGEST_BATCH {
                break;
            }
        }
        if fate.is_ok() {
            fate = self.command("COMMIT").map_err(|error| of_batch(&error));
        }
        if !self.connection.is_autocommit() {
            let _ = self.command("ROLLBACK");
        }
        self.answer(answered, &fate);
    }

    fn answer(&self, answered: Vec<Answered>, fate: &Result<(), CommitError>) {
        measure::batch(answered.len());
        let tells = |(unit, outcome): &Answered| outcome.is_ok() && unit.tells();
        let told = fate.is_ok() && answered.iter().any(tells);
        for (unit, outcome) in answered {
            unit.answer(outcome.and_then(|()| fate.clone()));
        }
        if told {
            self.wake.nudge();
        }
    }

    fn in_savepoint(&self, unit: &mut dyn Unit) -> Result<(), CommitError> {
        self.command("SAVEPOINT unit").map_err(|error| of_batch(&error))?;
        // The writer outlives a row reader that panics.
        let run = catch_unwind(AssertUnwindSafe(|| unit.run(&self.connection)));
        let outcome = run.unwrap_or_else(|_| Err(CommitError::Unavailable("the transaction panicked".to_owned())));
        let undone = if outcome.is_err() { self.command("ROLLBACK TO unit") } else { Ok(()) };
        if let Err(error) = undone.and_then(|()| self.command("RELEASE unit")) {
            // What the unit did cannot be told from its neighbours' work any more: nothing of the batch may stay.
            let _ = self.command("ROLLBACK");
            return Err(outcome.err().unwrap_or_else(|| of_batch(&error)));
        }
        outcome
    }

    fn command(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.raw_execute().map(drop)
    }
}

fn lost(cause: Option<&CommitError>) -> CommitError {
    let reason = cause.map_or_else(|| "the transaction was rolled back".to_owned(), ToString::to_string);
    CommitError::Unavailable(reason)
}
