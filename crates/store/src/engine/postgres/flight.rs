//! One transaction, one flight: BEGIN and all statements are sent at once, the answers are read together, and COMMIT or
//! ROLLBACK follows once every row count is known. Two round trips whatever the number of statements.
//!
//! The statements behind a failed one are refused by the server, and the statements behind a missed guard are undone.
//! A connection returns to its pool only after the server has confirmed COMMIT or ROLLBACK; in every other case,
//! cancellation and panic included, it is closed, and the server rolls back.

use std::future::{Future as _, poll_fn};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::task::Poll;
use std::time::Duration;

use deadpool_postgres::{Object, Pool};
use futures_util::future::maybe_done;
use tokio_postgres::{Error, Statement as Prepared};

use super::error;
use crate::dialect::Dialect;
use crate::error::CommitError;
use crate::measure;
use crate::tx::{Step, Tx};

/// How often a transaction is tried when others get in the way.
const ATTEMPTS: u32 = 5;

/// Commits `tx`, again if other transactions get in the way.
pub(super) async fn commit(flights: &Pool, singles: &Pool, tx: &Tx) -> Result<(), CommitError> {
    persist(tx.name(), || async {
        match tx.steps() {
            [] => Ok(()),
            [step] if stands_alone(step) => lone(singles, step).await,
            steps => fly(flights, steps).await,
        }
    })
    .await
}

/// Tries again while others get in the way.
pub(super) async fn persist<F>(tx: &'static str, mut attempt: impl FnMut() -> F) -> Result<(), CommitError>
where
    F: Future<Output = Result<(), CommitError>>,
{
    for number in 1..=ATTEMPTS {
        let outcome = attempt().await;
        if outcome != Err(CommitError::Conflict) {
            return outcome;
        }
        measure::retry(tx);
        tokio::time::sleep(jitter(number)).await;
    }
    Err(CommitError::Conflict)
}

/// Up to 2, 4, 8 ... milliseconds, so that two transactions that collided do not meet again.
fn jitter(attempt: u32) -> Duration {
    let random = RandomState::new().build_hasher().finish();
    Duration::from_micros(random % (1000 << attempt))
}

/// Whether a transaction of this step alone needs no BEGIN and COMMIT. Without a guard, or when it can touch one row at
/// most: a guard that meets too many rows has to undo them.
fn stands_alone(step: &Step) -> bool {
    step.expected_rows.is_none() || inserts_one_row(step.statement.sql)
}

/// Whether the text is an INSERT with a single list of values.
fn inserts_one_row(sql: &str) -> bool {
    let sql = sql.trim_start().to_ascii_uppercase();
    let Some((_, values)) = sql.split_once("VALUES") else { return false };
    let mut depth = 0_u32;
    for character in values.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => return false,
            'O' if depth == 0 => break, // ON CONFLICT
            _ => {}
        }
    }
    sql.starts_with("INSERT") && !sql.contains("SELECT")
}

async fn lone(pool: &Pool, step: &Step) -> Result<(), CommitError> {
    let client = pool.get().await.map_err(|error| error::of_pool(&error))?;
    let prepared = prepare(&client, step).await?;
    let rows = client.execute_raw(&prepared, &step.args).await;
    check(0, step, rows.map_err(|error| error::of_lone(&error, step.statement.name)))
}

async fn fly(pool: &Pool, steps: &[Step]) -> Result<(), CommitError> {
    let client = pool.get().await.map_err(|error| error::of_pool(&error))?;
    let mut prepared = Vec::with_capacity(steps.len());
    for step in steps {
        prepared.push(prepare(&client, step).await?);
    }
    let client = Airborne(Some(client));
    let outcome = match send(client.connection()?, steps, &prepared).await {
        Ok(()) => client.connection()?.batch_execute("COMMIT").await.map_err(|error| error::of_commit(&error)),
        Err(reason) => {
            if client.connection()?.batch_execute("ROLLBACK").await.is_ok() {
                client.land();
            }
            return Err(reason);
        }
    };
    // A COMMIT that was answered, even with an error, has ended the transaction.
    if !matches!(outcome, Err(CommitError::Uncertain(_))) {
        client.land();
    }
    outcome
}

/// A connection that may be inside a transaction. Dropped in the air, it is closed instead of returned to its pool.
struct Airborne(Option<Object>);

impl Airborne {
    fn connection(&self) -> Result<&Object, CommitError> {
        self.0.as_ref().ok_or_else(|| CommitError::Unavailable("the connection is gone".to_owned()))
    }

    fn land(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Airborne {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(Object::take(connection));
        }
    }
}

/// Sends BEGIN and all steps before reading any answer, then reports the first step that failed or missed its guard:
/// what follows such a step fails for that reason alone.
async fn send(client: &Object, steps: &[Step], prepared: &[Prepared]) -> Result<(), CommitError> {
    let mut begin = std::pin::pin!(maybe_done(client.batch_execute("BEGIN READ WRITE")));
    let mut answers: Vec<_> = steps
        .iter()
        .zip(prepared)
        .map(|(step, prepared)| Box::pin(maybe_done(client.execute_raw(prepared, &step.args))))
        .collect();

    // The first poll of each future puts its message on the wire, in this order.
    poll_fn(|context| {
        let _ = begin.as_mut().poll(context);
        for answer in &mut answers {
            let _ = answer.as_mut().poll(context);
        }
        Poll::Ready(())
    })
    .await;

    begin.as_mut().await;
    let opened = begin.as_mut().take_output().unwrap_or(Ok(()));
    let mut outcome = opened.map_err(|error| error::of_statement(&error, "BEGIN"));
    for (index, (step, mut answer)) in steps.iter().zip(answers).enumerate() {
        answer.as_mut().await;
        let rows: Result<u64, Error> = answer.as_mut().take_output().unwrap_or(Ok(0));
        if outcome.is_ok() {
            let rows = rows.map_err(|error| error::of_statement(&error, step.statement.name));
            outcome = check(index, step, rows);
        }
    }
    outcome
}

async fn prepare(client: &Object, step: &Step) -> Result<Prepared, CommitError> {
    let text = step.statement.text(Dialect::Postgres);
    client.prepare_cached(text).await.map_err(|error| error::of_statement(&error, step.statement.name))
}

fn check(index: usize, step: &Step, rows: Result<u64, CommitError>) -> Result<(), CommitError> {
    let rows = rows?;
    match step.expected_rows {
        Some(expected) if expected != rows => Err(CommitError::Guard { step: index, label: step.label, rows }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_insert_of_one_row_is_guarded_without_a_transaction() {
        assert!(inserts_one_row("INSERT INTO t (a, b) VALUES ($1, coalesce($2, 0)) ON CONFLICT (a, b) DO NOTHING"));
        assert!(!inserts_one_row("INSERT INTO t (a) VALUES ($1), ($2)"));
        assert!(!inserts_one_row("INSERT INTO t (a) SELECT a FROM u WHERE b IN (VALUES (1))"));
        assert!(!inserts_one_row("UPDATE t SET a = $1 WHERE b = $2"));
    }
}
