//! What a SQLite error means for a transaction or a query.

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::error::{CommitError, ConstraintKind, ReadError};
use crate::row::RowError;
use crate::statement::Statement;

/// A statement failed, or its row could not be read.
pub(super) enum Failure {
    Engine(rusqlite::Error),
    Row(RowError),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Engine(error)
    }
}

impl From<RowError> for Failure {
    fn from(error: RowError) -> Self {
        Self::Row(error)
    }
}

impl Failure {
    pub(super) fn of_commit(self, statement: &'static Statement) -> CommitError {
        match self {
            Self::Engine(error) => of_statement(&error, statement.name),
            Self::Row(error) => CommitError::Database { statement: statement.name, reason: error.to_string() },
        }
    }

    pub(super) fn of_read(self, statement: &'static Statement) -> ReadError {
        let statement = statement.name;
        match self {
            Self::Row(source) => ReadError::Row { statement, source },
            Self::Engine(error) if is_storage(&error) => ReadError::Unavailable(error.to_string()),
            Self::Engine(error) => ReadError::Database { statement, reason: error.to_string() },
        }
    }
}

/// What a failed statement means.
pub(super) fn of_statement(error: &rusqlite::Error, statement: &'static str) -> CommitError {
    if let rusqlite::Error::SqliteFailure(code, message) = error
        && let Some(kind) = constraint(code.extended_code)
    {
        return CommitError::Constraint { kind, name: message.as_deref().and_then(constraint_name), statement };
    }
    if is_storage(error) {
        return of_batch(error);
    }
    CommitError::Database { statement, reason: error.to_string() }
}

/// What a failed BEGIN or COMMIT means: nothing of the batch happened.
pub(super) fn of_batch(error: &rusqlite::Error) -> CommitError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => CommitError::Busy,
        _ => CommitError::Unavailable(error.to_string()),
    }
}

/// Whether the trouble lies with the file or the disk rather than with the statement.
fn is_storage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::DiskFull
                | ErrorCode::CannotOpen
                | ErrorCode::NotADatabase
                | ErrorCode::OutOfMemory
                | ErrorCode::PermissionDenied
                | ErrorCode::SystemIoFailure
                | ErrorCode::FileLockingProtocolFailed
        )
    )
}

fn constraint(extended_code: i32) -> Option<ConstraintKind> {
    match extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            Some(ConstraintKind::Unique)
        }
        ffi::SQLITE_CONSTRAINT_CHECK => Some(ConstraintKind::Check),
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Some(ConstraintKind::ForeignKey),
        ffi::SQLITE_CONSTRAINT_NOTNULL => Some(ConstraintKind::NotNull),
        _ => None,
    }
}

/// The name out of "UNIQUE constraint failed: orders.key" or "UNIQUE constraint failed: index 'users_email'".
fn constraint_name(message: &str) -> Option<String> {
    let (_, name) = message.split_once("constraint failed: ")?;
    let index = name.strip_prefix("index '").and_then(|rest| rest.strip_suffix('\''));
    Some(index.unwrap_or(name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_constraints_are_found_in_messages() {
        let name = |message| constraint_name(message);
        assert_eq!(
            name("UNIQUE constraint failed: orders.city_id, orders.key").as_deref(),
            Some("orders.city_id, orders.key")
        );
        assert_eq!(name("UNIQUE constraint failed: index 'users_email'").as_deref(), Some("users_email"));
        assert_eq!(name("CHECK constraint failed: stock_not_negative").as_deref(), Some("stock_not_negative"));
        assert_eq!(name("FOREIGN KEY constraint failed"), None);
    }
}
