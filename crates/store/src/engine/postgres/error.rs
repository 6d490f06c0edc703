//! What a PostgreSQL error means for a transaction or a query.

use std::error::Error as _;

use deadpool_postgres::PoolError;
use tokio_postgres::Error;
use tokio_postgres::error::{DbError, SqlState};

use crate::error::{CommitError, ConstraintKind, ReadError};

/// Whether the same transaction may succeed when it is tried again at once.
pub(super) fn is_conflict(error: &Error) -> bool {
    let conflicts =
        [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::LOCK_NOT_AVAILABLE];
    error.code().is_some_and(|code| conflicts.contains(code))
}

/// What a statement that failed before the COMMIT means: the transaction did not happen.
pub(super) fn of_statement(error: &Error, statement: &'static str) -> CommitError {
    if is_conflict(error) {
        return CommitError::Conflict;
    }
    if let Some(answer) = error.as_db_error()
        && let Some(kind) = constraint(answer.code())
    {
        return CommitError::Constraint { kind, name: constraint_name(answer, kind), statement };
    }
    if is_unavailable(error) {
        return CommitError::Unavailable(describe(error));
    }
    CommitError::Database { statement, reason: describe(error) }
}

/// What a failed COMMIT means. Only an answer that names a conflict or a constraint is an answer.
pub(super) fn of_commit(error: &Error) -> CommitError {
    let answered = error.as_db_error().is_some_and(|answer| constraint(answer.code()).is_some());
    if answered || is_conflict(error) {
        return of_statement(error, "COMMIT");
    }
    CommitError::Uncertain(describe(error))
}

/// What the failure of a writing statement without BEGIN and COMMIT means: without an answer, it may have happened.
pub(super) fn of_lone(error: &Error, statement: &'static str) -> CommitError {
    // 57P: the server is shutting down, which can come between the commit and its answer.
    let shutdown = error.code().is_some_and(|code| code.code().starts_with("57P"));
    if shutdown || (error.code().is_none() && is_unavailable(error)) {
        return CommitError::Uncertain(describe(error));
    }
    of_statement(error, statement)
}

/// What a failed query means.
pub(super) fn of_read(error: &Error, statement: &'static str) -> ReadError {
    if is_unavailable(error) {
        return ReadError::Unavailable(describe(error));
    }
    ReadError::Database { statement, reason: describe(error) }
}

/// No connection for a write.
pub(super) fn of_pool(error: &PoolError) -> CommitError {
    match no_connection(error) {
        None => CommitError::Busy,
        Some(reason) => CommitError::Unavailable(reason),
    }
}

/// No connection for a read.
pub(super) fn of_pool_read(error: &PoolError) -> ReadError {
    match no_connection(error) {
        None => ReadError::Busy,
        Some(reason) => ReadError::Unavailable(reason),
    }
}

/// Why there is no connection, or `None` when all of them are in use.
fn no_connection(error: &PoolError) -> Option<String> {
    match error {
        PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => None,
        PoolError::Backend(error) => Some(describe(error)),
        other => Some(other.to_string()),
    }
}

/// The error with its cause, in one line and without parameters or passwords.
pub(super) fn describe(error: &Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(answer), _) => format!("{} ({})", answer.message(), answer.code().code()),
        (None, Some(cause)) => {
            format!("{error}: {cause}").replacen(&format!("{cause}: {cause}"), &cause.to_string(), 1)
        }
        (None, None) => error.to_string(),
    }
}

/// Whether the trouble lies with the server or the way to it rather than with the statement.
fn is_unavailable(error: &Error) -> bool {
    let Some(code) = error.code() else {
        // Not from the server: a broken connection, or an argument that does not fit its parameter.
        let io = error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
        return error.is_closed() || io;
    };
    // 08 connection, 53 resources, 57 operator intervention (shutdown, time-out), 58 system; 25006: a standby.
    let class = code.code().get(..2).unwrap_or_default();
    ["08", "53", "57", "58"].contains(&class) || *code == SqlState::READ_ONLY_SQL_TRANSACTION
}

fn constraint(code: &SqlState) -> Option<ConstraintKind> {
    let kinds = [
        (SqlState::UNIQUE_VIOLATION, ConstraintKind::Unique),
        (SqlState::CHECK_VIOLATION, ConstraintKind::Check),
        (SqlState::FOREIGN_KEY_VIOLATION, ConstraintKind::ForeignKey),
        (SqlState::NOT_NULL_VIOLATION, ConstraintKind::NotNull),
    ];
    kinds.into_iter().find(|(state, _)| state == code).map(|(_, kind)| kind)
}

/// The name in the form that both engines can give: see [`CommitError::Constraint`].
fn constraint_name(answer: &DbError, kind: ConstraintKind) -> Option<String> {
    let columns = match kind {
        ConstraintKind::Unique => answer.detail().and_then(key_columns).map(str::to_owned),
        ConstraintKind::NotNull => answer.column().map(str::to_owned),
        ConstraintKind::Check | ConstraintKind::ForeignKey => None,
    };
    match (columns, answer.table()) {
        (Some(columns), Some(table)) => {
            let qualified: Vec<String> = columns.split(", ").map(|column| format!("{table}.{column}")).collect();
            Some(qualified.join(", "))
        }
        _ => answer.constraint().map(str::to_owned),
    }
}

/// The columns out of "Key (city_id, key)=(...) already exists.", in whatever language; nothing for an expression.
fn key_columns(detail: &str) -> Option<&str> {
    let (_, rest) = detail.split_once('(')?;
    let (columns, _) = rest.split_once(")=(")?;
    (!columns.contains('(')).then_some(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_a_key_are_found_in_any_language() {
        assert_eq!(key_columns("Key (city_id, key)=(1, a(b)=(c)) already exists."), Some("city_id, key"));
        assert_eq!(key_columns("Schlüssel »(name)=(x)« existiert bereits."), Some("name"));
        assert_eq!(key_columns("Key (lower(email))=(a@b) already exists."), None);
    }
}
