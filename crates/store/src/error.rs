//! Why the store could not do as asked. These errors stay inside the server: the application translates guards and
//! constraints into business errors, and the rest becomes "try again" or one log line.

use crate::row::RowError;

/// A transaction that was not committed. Except for [`CommitError::Uncertain`], nothing of it happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// A guarded statement touched another number of rows than it had to.
    #[error("guard {label} (step {step}) met {rows} rows")]
    Guard {
        /// The position of the step, from 0.
        step: usize,
        /// The guard's label.
        label: &'static str,
        /// The number of rows it met.
        rows: u64,
    },
    /// A constraint of the schema refused a statement.
    #[error("{statement} broke a {kind:?} constraint ({})", name.as_deref().unwrap_or("unnamed"))]
    Constraint {
        /// What kind of constraint.
        kind: ConstraintKind,
        /// Unique and not-null: `table.column, table.column`, or the name of an index on an expression. Check: the
        /// constraint's name. Foreign key: its name on PostgreSQL, nothing on SQLite.
        name: Option<String>,
        /// The statement's name.
        statement: &'static str,
    },
    /// Other transactions kept getting in the way, and the retries are used up.
    #[error("gave way to other transactions too often")]
    Conflict,
    /// Too many transactions are waiting already.
    #[error("too many transactions are waiting")]
    Busy,
    /// The database cannot be reached or cannot write.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The connection was lost while the commit was on its way: it may have happened or not. A repetition is safe only
    /// under an idempotency key.
    #[error("the outcome is unknown: {0}")]
    Uncertain(String),
    /// The database refused the statement for another reason: a mistake in the program.
    #[error("{statement}: {reason}")]
    Database {
        /// The statement's name.
        statement: &'static str,
        /// What the database said.
        reason: String,
    },
}

/// What kind of constraint was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// UNIQUE or PRIMARY KEY.
    Unique,
    /// CHECK.
    Check,
    /// FOREIGN KEY.
    ForeignKey,
    /// NOT NULL.
    NotNull,
}

/// A query that gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// One row was asked for and there is none.
    #[error("{statement}: no such row")]
    Missing {
        /// The statement's name.
        statement: &'static str,
    },
    /// A row did not fit its struct.
    #[error("{statement}: {source}")]
    Row {
        /// The statement's name.
        statement: &'static str,
        /// The column and what was wrong with it.
        source: RowError,
    },
    /// Too many queries are waiting already.
    #[error("too many queries are waiting")]
    Busy,
    /// The database cannot be reached or cannot read.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The database refused the statement: a mistake in the program.
    #[error("{statement}: {reason}")]
    Database {
        /// The statement's name.
        statement: &'static str,
        /// What the database said.
        reason: String,
    },
}

/// The store could not be opened. The messages are for the person who starts the server; none names a password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The text is no database address.
    #[error("'{0}' is not a database address; write sqlite:PATH or postgres://user@host:port/name")]
    Address(String),
    /// The directory of the SQLite file cannot be created or written to.
    #[error("the data directory {directory} cannot be written to: {reason}")]
    DirectoryNotWritable {
        /// The directory.
        directory: String,
        /// What the system said.
        reason: String,
    },
    /// The file exists and is something else.
    #[error("{path} is not a SQLite database: {reason}")]
    NotADatabase {
        /// The file.
        path: String,
        /// What SQLite said.
        reason: String,
    },
    /// PostgreSQL does not answer, or not to us.
    #[error("cannot connect to PostgreSQL at {address}: {reason}")]
    CannotConnect {
        /// Host and port.
        address: String,
        /// What went wrong.
        reason: String,
    },
    /// The database is ahead of this program.
    #[error(transparent)]
    Newer(#[from] NewerDatabase),
    /// Anything else.
    #[error("cannot open the database: {0}")]
    Other(String),
}

/// The database was migrated by a newer program, whose data this one may not understand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the database was migrated to {found} by dabba {found_by}, and this is dabba {known_by}, which knows migrations up \
     to {known}; start the newer program or restore an older copy"
)]
pub struct NewerDatabase {
    /// The newest migration in the database.
    pub found: String,
    /// The version of the program that applied it.
    pub found_by: String,
    /// The newest migration that this program knows.
    pub known: String,
    /// The version of this program.
    pub known_by: &'static str,
}

/// The schema could not be brought up to date. A migration that failed left nothing behind.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database is ahead of this program.
    #[error(transparent)]
    Newer(#[from] NewerDatabase),
    /// A migration was edited after it had been applied.
    #[error(
        "migration {0} was changed after it had been applied to this database; applied migrations are never edited"
    )]
    Changed(String),
    /// The database has a gap: a later migration was applied and this one was not.
    #[error("migration {0} is missing from this database although later ones were applied")]
    Skipped(String),
    /// A migration failed.
    #[error("migration {name} failed: {reason}")]
    Failed {
        /// The migration.
        name: String,
        /// What the database said.
        reason: String,
    },
    /// The database cannot be reached or cannot write.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
}
