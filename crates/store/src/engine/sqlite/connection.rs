//! Opening the file: settings of writer and readers, and errors that a person can act upon.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::OpenError;

/// More than there are statements, so that each is prepared once per connection.
const CACHED_STATEMENTS: usize = 1024;

/// Other processes (a backup, a command-line tool) may hold the write lock for a moment.
const PATIENCE: Duration = Duration::from_secs(5);

/// Durable: FULL syncs the log on every commit, which group commit makes affordable. The log is moved into the file every
/// 32 MB instead of every 4, because that costs a sync of the whole file. No memory map: an I/O error should be an error,
/// not a signal.
const WRITER: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA wal_autocheckpoint = 8192;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -32768;
    PRAGMA temp_store = MEMORY;
";

const READER: &str = "
    PRAGMA query_only = ON;
    PRAGMA cache_size = -8192;
    PRAGMA temp_store = MEMORY;
";

pub(super) fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(directory).map_err(|error| not_writable(directory, &error))?;
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE, WRITER);
    // An empty transaction takes the write lock: a read-only file or directory shows now and not at the first order.
    let checked = connection.and_then(|connection| {
        connection.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
        Ok(connection)
    });
    checked.map_err(|error| explain(path, directory, &error))
}

pub(super) fn open_reader(path: &Path) -> Result<Connection, OpenError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY, READER);
    connection.map_err(|error| OpenError::Other(format!("{}: {error}", path.display())))
}

fn open(path: &Path, flags: OpenFlags, settings: &str) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    // A plan depends on the text alone. Otherwise SQLite parses and plans a cached statement anew whenever an argument
    // changes that is compared with a column of a partial index or used in LIKE: more work than running most of them.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(settings)?;
    Ok(connection)
}

fn explain(path: &Path, directory: &Path, error: &rusqlite::Error) -> OpenError {
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::DiskFull) => {
            not_writable(directory, error)
        }
        Some(ErrorCode::NotADatabase) => {
            OpenError::NotADatabase { path: path.display().to_string(), reason: error.to_string() }
        }
        _ => OpenError::Other(format!("{}: {error}", path.display())),
    }
}

fn not_writable(directory: &Path, reason: &dyn std::error::Error) -> OpenError {
    OpenError::DirectoryNotWritable { directory: directory.display().to_string(), reason: reason.to_string() }
}
