//! Transactions of one shape as one statement.
//!
//! Each step of a flight is a command of its own for the server: arguments are parsed, a plan is started and ended, the
//! checks and indexes of the table are prepared. Where no step depends on another ([`Tx::at_once`](crate::Tx::at_once)),
//! the steps of any number of transactions become the WITH queries of one statement, one for each kind of step, which
//! takes its arguments by the column:
//!
//! ```sql
//! WITH s0 AS (INSERT INTO t (a, b) SELECT given.c1, given.c2 FROM unnest($1::int8[], $2::text[]) AS given (c1, c2) RETURNING 1)
//! SELECT CASE WHEN (SELECT COUNT(*) FROM s0) <> cardinality($1) THEN CAST('guard 0 ' || .. AS BIGINT) ELSE 0 END
//! ```
//!
//! It is prepared once per shape, however many rows there are. A missed guard has to undo everything, and only an error
//! does that: the cast cannot succeed, and the message of its error quotes the text, which says which kind of step met how
//! many rows. The server runs the guards in order, then the rest.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use deadpool_postgres::{Object, Pool};
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

use super::error;
use crate::dialect::{Dialect, rewrite_parameters};
use crate::error::CommitError;
use crate::tx::{Step, Tx};
use crate::value::Value;

/// What transactions that go together have in common: the kinds of their steps, in order, and whether the commit waits
/// for the disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    kinds: Vec<(&'static str, bool)>,
    unhurried: bool,
}

/// Steps of one kind.
type Kind<'a> = &'a [Step];

/// The texts that were composed so far. The program has few transactions, and each has few shapes.
static TEXTS: LazyLock<Mutex<HashMap<Shape, Arc<str>>>> = LazyLock::new(Mutex::default);

/// The shape of a transaction, if its steps can be taken by the column.
pub(super) fn shape(tx: &Tx) -> Option<Shape> {
    let fits = |step: &Step| step.expected_rows.is_none_or(|rows| rows == 1) && Form::of(step).is_some();
    let fits = tx.is_at_once() && !tx.steps().is_empty() && tx.steps().iter().all(fits);
    fits.then(|| Shape {
        kinds: kinds(tx.steps()).map(|kind| (kind[0].statement.name, kind[0].expected_rows.is_some())).collect(),
        unhurried: tx.is_unhurried(),
    })
}

/// Neighbouring steps without a guard that run one statement are of one kind; a guard is a kind of its own.
fn kinds(steps: &[Step]) -> impl Iterator<Item = Kind<'_>> {
    let free = |step: &Step| step.expected_rows.is_none();
    steps.chunk_by(move |step, next| free(step) && free(next) && step.statement.name == next.statement.name)
}

/// Commits transactions of one shape: all of them or none. A guard that one of them missed is named by its step in the
/// first of them.
pub(super) async fn commit(pool: &Pool, shape: &Shape, txs: &[&Tx]) -> Result<(), CommitError> {
    let Some(first) = txs.first() else { return Ok(()) };
    let client = pool.get().await.map_err(|error| error::of_pool(&error))?;
    let of_statement = |error: Error| error::of_statement(&error, first.name());
    let text = text(&client, shape, first).await.map_err(of_statement)?;
    let prepared = client.prepare_cached(&text).await.map_err(of_statement)?;
    let columns = columns(txs);
    let arguments = columns.iter().map(|column| column as &(dyn ToSql + Sync));
    let outcome = client.execute_raw(&prepared, arguments).await;
    outcome
        .map(drop)
        .map_err(|error| missed_guard(&error, first.steps()).unwrap_or_else(|| error::of_lone(&error, first.name())))
}

/// The arguments by kind of step and parameter, those of all transactions together.
fn columns<'a>(txs: &[&'a Tx]) -> Vec<Vec<&'a Value>> {
    let mut columns: Vec<Vec<&Value>> = Vec::new();
    for tx in txs {
        let mut start = 0;
        for kind in kinds(tx.steps()) {
            let width = kind[0].args.len();
            columns.resize_with(columns.len().max(start + width), Vec::new);
            for step in kind {
                for (column, value) in columns[start..].iter_mut().zip(&step.args) {
                    column.push(value);
                }
            }
            start += width;
        }
    }
    columns
}

async fn text(client: &Object, shape: &Shape, tx: &Tx) -> Result<Arc<str>, Error> {
    if let Some(text) = TEXTS.lock().unwrap_or_else(PoisonError::into_inner).get(shape) {
        return Ok(Arc::clone(text));
    }
    let mut types = Vec::new();
    for kind in kinds(tx.steps()) {
        let prepared = client.prepare_cached(kind[0].statement.text(Dialect::Postgres)).await?;
        types.push(prepared.params().to_vec());
    }
    let text: Arc<str> = compose(tx, &types).into();
    TEXTS.lock().unwrap_or_else(PoisonError::into_inner).insert(shape.clone(), Arc::clone(&text));
    Ok(text)
}

fn compose(tx: &Tx, types: &[Vec<Type>]) -> String {
    let (mut queries, mut guards) = (String::new(), String::new());
    let mut parameters = 0;
    for (index, (kind, types)) in kinds(tx.steps()).zip(types).enumerate() {
        let Some(form) = Form::of(&kind[0]) else { continue };
        let arrays = types.iter().enumerate().map(|(at, kind)| format!("${}::{}[]", parameters + at + 1, kind.name()));
        let arrays = arrays.collect::<Vec<_>>().join(", ");
        let names = (1..=types.len()).map(|at| format!("c{at}")).collect::<Vec<_>>().join(", ");
        let query = form.over(&format!("unnest({arrays}) AS given ({names})"));
        let separator = if index == 0 { "WITH" } else { "," };
        // Writing to a String cannot fail.
        let _ = write!(queries, "{separator} s{index} AS ({query})");
        if kind[0].expected_rows.is_some() {
            let count = format!("(SELECT COUNT(*) FROM s{index})");
            let first = parameters + 1;
            let _ = write!(
                guards,
                " WHEN {count} <> cardinality(${first}) THEN CAST('guard {index} ' || {count} AS BIGINT)"
            );
        }
        parameters += types.len();
    }
    let answer = if guards.is_empty() { "0".to_owned() } else { format!("CASE{guards} ELSE 0 END") };
    let from = if tx.is_unhurried() {
        " FROM (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried"
    } else {
        ""
    };
    format!("{queries} SELECT {answer}{from}")
}

/// A statement that can be run for many rows of arguments at once.
#[derive(Debug, PartialEq, Eq)]
enum Form<'a> {
    /// `INSERT INTO t (..) VALUES (..) ..`: what stands before VALUES, in the brackets, and behind them.
    Insert { into: &'a str, values: &'a str, conflict: &'a str },
    /// A query: the rows of arguments with one answer each are counted.
    Query(&'a str),
}

impl<'a> Form<'a> {
    fn of(step: &'a Step) -> Option<Self> {
        if step.args.is_empty() { None } else { Self::read(step.statement.text(Dialect::Postgres)) }
    }

    fn read(sql: &'a str) -> Option<Self> {
        if sql.starts_with("SELECT") {
            return Some(Self::Query(sql));
        }
        let (into, rest) = sql.split_once(" VALUES (")?;
        let close = closing(rest)?;
        let (values, conflict) = (&rest[..close], &rest[close + 1..]);
        let plain = into.starts_with("INSERT INTO") && (conflict.is_empty() || conflict.starts_with(" ON CONFLICT"));
        (plain && !conflict.contains(['$', ';'])).then_some(Self::Insert { into, values, conflict })
    }

    /// The query over rows `given` with the columns `c1`, `c2` ..
    fn over(&self, rows: &str) -> String {
        let by_row = |sql: &str| rewrite_parameters(sql, |number| format!("given.c{number}"));
        match self {
            Self::Insert { into, values, conflict } => {
                format!("{into} SELECT {} FROM {rows}{conflict} RETURNING 1", by_row(values))
            }
            Self::Query(sql) => {
                format!("SELECT 1 FROM {rows} WHERE (SELECT COUNT(*) FROM ({}) AS answer) = 1", by_row(sql))
            }
        }
    }
}

/// Where the bracket closes that was opened before the text.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quoted) = (0_u32, false);
    for (at, character) in text.char_indices() {
        match character {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth == 0 => return Some(at),
            ')' if !quoted => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The guard that an error tells of, if it is one of ours.
fn missed_guard(error: &Error, steps: &[Step]) -> Option<CommitError> {
    let answer = error.as_db_error().filter(|answer| *answer.code() == SqlState::INVALID_TEXT_REPRESENTATION)?;
    let (kind, rows) = guard(answer.message())?;
    let step = step_of(kind, steps);
    let label = steps.get(step)?.label;
    Some(CommitError::Guard { step, label, rows })
}

/// The first step of a kind. How many steps come before it, each transaction says for itself.
fn step_of(kind: usize, steps: &[Step]) -> usize {
    kinds(steps).take(kind).map(<[Step]>::len).sum()
}

/// Kind and rows out of `invalid input syntax for type bigint: "guard 3 0"`, in whatever language.
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

    static INSERT: Statement =
        Statement::new("things.INSERT", "INSERT INTO things (a, b, c) VALUES ($1, '$2)' || $2, (1 + $1))");
    static CLAIM: Statement =
        Statement::new("things.CLAIM", "INSERT INTO things (a) VALUES ($1) ON CONFLICT (a) DO NOTHING");
    static EXISTS: Statement = Statement::new("things.EXISTS", "SELECT a FROM things WHERE a = $1");

    fn all(one: i64) -> Tx {
        let rows = [args![one, "b"], args![one + 1, "c"]];
        Tx::new("all").at_once().guard(1, &CLAIM, args![one]).guard(1, &EXISTS, args![one]).run_each(&INSERT, rows)
    }

    #[test]
    fn steps_become_queries_of_one_statement_over_rows_of_arguments() {
        let types = [vec![Type::INT8], vec![Type::INT8], vec![Type::INT8, Type::TEXT]];
        assert_eq!(
            compose(&all(1), &types),
            "WITH s0 AS (INSERT INTO things (a) SELECT given.c1 FROM unnest($1::int8[]) AS given (c1) \
             ON CONFLICT (a) DO NOTHING RETURNING 1), \
             s1 AS (SELECT 1 FROM unnest($2::int8[]) AS given (c1) \
             WHERE (SELECT COUNT(*) FROM (SELECT a FROM things WHERE a = given.c1) AS answer) = 1), \
             s2 AS (INSERT INTO things (a, b, c) SELECT given.c1, '$2)' || given.c2, (1 + given.c1) \
             FROM unnest($3::int8[], $4::text[]) AS given (c1, c2) RETURNING 1) \
             SELECT CASE WHEN (SELECT COUNT(*) FROM s0) <> cardinality($1) \
             THEN CAST('guard 0 ' || (SELECT COUNT(*) FROM s0) AS BIGINT) \
             WHEN (SELECT COUNT(*) FROM s1) <> cardinality($2) \
             THEN CAST('guard 1 ' || (SELECT COUNT(*) FROM s1) AS BIGINT) ELSE 0 END"
        );
        let unhurried = Tx::new("one").at_once().unhurried().run(&CLAIM, args![1_i64]);
        assert!(
            compose(&unhurried, &types)
                .ends_with("SELECT 0 FROM (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried")
        );
    }

    #[test]
    fn arguments_of_many_transactions_are_put_together_by_parameter() {
        let (one, other) = (all(1), all(5));
        let (one_value, other_value) = (Value::Int(1), Value::Int(5));
        let columns = columns(&[&one, &other]);
        assert_eq!(columns[0], [&one_value, &other_value]);
        assert_eq!(columns[2].len(), 4, "two rows of each");
        assert_eq!(columns[3], [&Value::from("b"), &Value::from("c"), &Value::from("b"), &Value::from("c")]);
    }

    #[test]
    fn transactions_of_one_shape_may_differ_in_the_number_of_rows() {
        let (two, one) =
            (all(1), Tx::new("all").at_once().guard(1, &CLAIM, args![1_i64]).guard(1, &EXISTS, args![1_i64]));
        assert_eq!(shape(&two), shape(&all(7)));
        assert_eq!(shape(&two), shape(&one.run(&INSERT, args![1_i64, "b"])));
        assert_ne!(shape(&two), shape(&all(7).unhurried()));
        assert_eq!(shape(&Tx::new("apart").run(&INSERT, args![1_i64, "b"])), None, "it promised nothing");
    }

    #[test]
    fn what_depends_on_a_row_in_another_way_is_not_taken_by_the_column() {
        for sql in [
            "UPDATE things SET a = $1",
            "DELETE FROM things WHERE a = $1",
            "INSERT INTO t (a) SELECT $1",
            "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = $1",
            "INSERT INTO t (a) VALUES ($1), ($1)",
        ] {
            assert_eq!(Form::read(sql), None, "{sql}");
        }
    }

    #[test]
    fn a_guard_behind_rows_is_found_however_many_there_are() {
        let behind = |rows: usize| {
            let tx = Tx::new("behind").at_once().guard(1, &EXISTS, args![1_i64]);
            tx.run_each(&INSERT, vec![args![1_i64, "b"]; rows]).guard_as("last", 1, &CLAIM, args![1_i64])
        };
        assert_eq!(shape(&behind(1)), shape(&behind(3)));
        for rows in 1..4 {
            let tx = behind(rows);
            assert_eq!(tx.steps()[step_of(2, tx.steps())].label, "last");
        }
    }

    #[test]
    fn a_missed_guard_is_read_out_of_the_message() {
        assert_eq!(guard("invalid input syntax for type bigint: \"guard 3 0\""), Some((3, 0)));
        assert_eq!(guard("ungültige Eingabesyntax für Typ bigint: »guard 12 2«"), Some((12, 2)));
        assert_eq!(guard("invalid input syntax for type bigint: \"x\""), None);
    }
}
