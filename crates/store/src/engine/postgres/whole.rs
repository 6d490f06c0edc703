//! A whole transaction as one statement.
//!
//! Each step of a flight is a command of its own for the server: parsed arguments, a plan started and ended, an answer.
//! Where no step depends on another ([`Tx::at_once`](crate::Tx::at_once)), all of them become the WITH queries of one
//! statement, prepared once per shape, and there is nothing to begin or to commit:
//!
//! ```sql
//! WITH s0 AS (INSERT ... RETURNING 1), s1 AS (INSERT ...)
//! SELECT CASE WHEN (SELECT COUNT(*) FROM s0) <> 1 THEN CAST('guard 0 ' || (SELECT COUNT(*) FROM s0) AS BIGINT) ELSE 0 END
//! ```
//!
//! A missed guard has to undo everything, and only an error does that: the cast cannot succeed, and the message of its
//! error quotes the text, which says which step met how many rows. The server runs the guards in order, then the rest.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use deadpool_postgres::Pool;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use super::error;
use crate::dialect::{Dialect, rewrite_parameters};
use crate::error::CommitError;
use crate::tx::Step;

/// What a shape consists of: the statement's name and the guard of each step.
type Shape = Vec<(&'static str, Option<u64>)>;

/// The texts that were composed so far. The program has few transactions, and each has few shapes.
static TEXTS: LazyLock<Mutex<HashMap<Shape, Arc<str>>>> = LazyLock::new(Mutex::default);

/// Shapes to remember; beyond that a text is composed each time.
const MOST_TEXTS: usize = 256;

/// Commits all steps or none.
pub(super) async fn commit(pool: &Pool, steps: &[Step]) -> Result<(), CommitError> {
    let client = pool.get().await.map_err(|error| error::of_pool(&error))?;
    let text = text(steps);
    let name = steps.first().map_or("", |step| step.statement.name);
    let prepared = client.prepare_cached(&text).await.map_err(|error| error::of_statement(&error, name))?;
    let args = steps.iter().flat_map(|step| &step.args);
    let outcome = client.execute_raw(&prepared, args.collect::<Vec<_>>()).await;
    outcome.map(drop).map_err(|error| missed_guard(&error, steps).unwrap_or_else(|| error::of_lone(&error, name)))
}

fn text(steps: &[Step]) -> Arc<str> {
    let shape: Shape = steps.iter().map(|step| (step.statement.name, step.expected_rows)).collect();
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(text) = texts.get(&shape) {
        return Arc::clone(text);
    }
    let text: Arc<str> = compose(steps).into();
    if texts.len() < MOST_TEXTS {
        texts.insert(shape, Arc::clone(&text));
    }
    text
}

fn compose(steps: &[Step]) -> String {
    let (mut queries, mut guards) = (String::new(), String::new());
    let mut parameters = 0;
    for (index, step) in steps.iter().enumerate() {
        let sql =
            rewrite_parameters(step.statement.text(Dialect::Postgres), |number| format!("${}", number + parameters));
        parameters += step.args.len();
        let separator = if index == 0 { "WITH" } else { "," };
        // Writing to a String cannot fail.
        let _ = match step.expected_rows {
            None => write!(queries, "{separator} s{index} AS ({sql}{})", returning(&sql)),
            Some(expected) => write!(queries, "{separator} s{index} AS ({sql}{})", returning(&sql)).and_then(|()| {
                let count = format!("(SELECT COUNT(*) FROM s{index})");
                write!(guards, " WHEN {count} <> {expected} THEN CAST('guard {index} ' || {count} AS BIGINT)")
            }),
        };
    }
    if guards.is_empty() { format!("{queries} SELECT 0") } else { format!("{queries} SELECT CASE{guards} ELSE 0 END") }
}

/// A changing statement must return rows so that they can be counted; a query does.
fn returning(sql: &str) -> &'static str {
    let plain = !sql.contains("RETURNING") && !sql.trim_start().starts_with("SELECT");
    if plain { " RETURNING 1" } else { "" }
}

/// The guard that an error tells of, if it is one of ours.
fn missed_guard(error: &Error, steps: &[Step]) -> Option<CommitError> {
    let answer = error.as_db_error().filter(|answer| *answer.code() == SqlState::INVALID_TEXT_REPRESENTATION)?;
    let (step, rows) = guard(answer.message())?;
    let label = steps.get(step)?.label;
    Some(CommitError::Guard { step, label, rows })
}

/// Step and rows out of `invalid input syntax for type bigint: "guard 3 0"`, in whatever language.
fn guard(message: &str) -> Option<(usize, u64)> {
    let (_, facts) = message.split_once("guard ")?;
    let mut numbers = facts.split(|character: char| !character.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Statement;
    use crate::args;
    use crate::tx::Tx;

    static INSERT: Statement = Statement::new("things.INSERT", "INSERT INTO things (a, b) VALUES ($1, '$2' || $2)");
    static EXISTS: Statement = Statement::new("things.EXISTS", "SELECT a FROM things WHERE a = $1");

    #[test]
    fn steps_become_queries_of_one_statement_with_parameters_of_their_own() {
        let tx = Tx::new("two").run(&INSERT, args![1_i64, "b"]).guard(1, &EXISTS, args![2_i64]);
        assert_eq!(
            compose(tx.steps()),
            "WITH s0 AS (INSERT INTO things (a, b) VALUES ($1, '$2' || $2) RETURNING 1), \
             s1 AS (SELECT a FROM things WHERE a = $3) \
             SELECT CASE WHEN (SELECT COUNT(*) FROM s1) <> 1 \
             THEN CAST('guard 1 ' || (SELECT COUNT(*) FROM s1) AS BIGINT) ELSE 0 END"
        );
    }

    #[test]
    fn a_missed_guard_is_read_out_of_the_message() {
        assert_eq!(guard("invalid input syntax for type bigint: \"guard 3 0\""), Some((3, 0)));
        assert_eq!(guard("ungültige Eingabesyntax für Typ bigint: »guard 12 2«"), Some((12, 2)));
        assert_eq!(guard("invalid input syntax for type bigint: \"x\""), None);
    }
}
