//! Values and rows in the words of rusqlite.

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection};

use super::error::Failure;
use super::text;
use crate::engine::{ColumnDescription, Description};
use crate::error::ReadError;
use crate::row::{Cell, FromRow, Row};
use crate::statement::Statement;
use crate::value::Value;

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Bytes(value) => ValueRef::Blob(value),
            Self::Id(value) => ValueRef::Blob(value),
        }))
    }
}

/// The value of a column, or why there is none.
pub(crate) fn cell<'a>(row: &'a rusqlite::Row<'_>, index: usize) -> Result<Cell<'a>, String> {
    match row.get_ref(index).map_err(|error| error.to_string())? {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(value) => Ok(Cell::Int(value)),
        ValueRef::Real(value) => Ok(Cell::Real(value)),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).map(Cell::Text).map_err(|error| error.to_string()),
        ValueRef::Blob(bytes) => Ok(Cell::Bytes(bytes)),
    }
}

/// Runs a statement and reads all its rows.
pub(super) fn all<R: FromRow>(
    connection: &Connection,
    statement: &'static Statement,
    args: &[Value],
) -> Result<Vec<R>, Failure> {
    let mut prepared = bound(connection, statement, args)?;
    let mut rows = prepared.raw_query();
    let mut values = Vec::new();
    while let Some(row) = rows.next()? {
        values.push(Row::sqlite(row).read()?);
    }
    Ok(values)
}

/// Runs a statement and counts the rows that it touched, or answered if it is a query.
pub(super) fn execute(
    connection: &Connection,
    statement: &'static Statement,
    args: &[Value],
) -> Result<u64, rusqlite::Error> {
    let mut prepared = bound(connection, statement, args)?;
    if prepared.column_count() == 0 {
        return Ok(prepared.raw_execute()? as u64);
    }
    let mut rows = prepared.raw_query();
    let mut count = 0;
    while rows.next()?.is_some() {
        count += 1;
    }
    Ok(count)
}

fn bound<'a>(
    connection: &'a Connection,
    statement: &'static Statement,
    args: &[Value],
) -> rusqlite::Result<CachedStatement<'a>> {
    let mut prepared = connection.prepare_cached(text(statement))?;
    // SQLite takes a parameter without a value for NULL.
    if prepared.parameter_count() != args.len() {
        return Err(rusqlite::Error::InvalidParameterCount(args.len(), prepared.parameter_count()));
    }
    for (index, value) in args.iter().enumerate() {
        prepared.raw_bind_parameter(index + 1, value)?;
    }
    Ok(prepared)
}

/// What SQLite says of a statement.
pub(super) fn describe(connection: &Connection, statement: &'static Statement) -> Result<Description, ReadError> {
    let prepared = connection.prepare(text(statement)).map_err(|error| Failure::from(error).of_read(statement))?;
    let columns = prepared
        .columns()
        .map(|column| ColumnDescription { name: column.name().to_owned(), kind: column.decl_type().map(short_name) });
    Ok(Description { parameters: prepared.parameter_count(), columns: columns.collect() })
}

/// The type of a table's column under PostgreSQL's short name.
fn short_name(declared: &str) -> String {
    match declared.to_ascii_uppercase().as_str() {
        "BIGINT" | "INTEGER" => "int8".to_owned(),
        "DOUBLE PRECISION" => "float8".to_owned(),
        other => other.to_ascii_lowercase(),
    }
}
