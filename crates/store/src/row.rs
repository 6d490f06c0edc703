//! What a statement answers: rows, read by position into a struct.
//!
//! Columns come in the order in which the statement lists them. A row struct names its fields in that order with
//! [`from_row!`](crate::from_row); in debug builds every query then compares the column names with the field names, so
//! that two swapped columns of one type are an error in the first test that reads them.

use uuid::Uuid;

/// One row of an answer, alive while it is being read.
pub struct Row<'a> {
    source: Source<'a>,
}

enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

/// One value of a row, as the engine holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// SQL NULL.
    Null,
    /// A whole number, or a truth value as 0/1.
    Int(i64),
    /// A floating point number.
    Real(f64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl Cell<'_> {
    fn kind(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "a whole number",
            Self::Real(_) => "a floating point number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
        }
    }
}

/// A row did not hold what its struct expects: a mistake in a statement or in the data, never in a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {index} ({name}): expected {expected}, found {found}")]
pub struct RowError {
    /// The position, from 0.
    pub index: usize,
    /// The column's name, or empty when there is no such column.
    pub name: String,
    /// What the struct wants.
    pub expected: &'static str,
    /// What the engine answered.
    pub found: String,
}

/// A type that one column can be read as.
pub trait FromColumn: Sized {
    /// What is expected, for error messages: "a whole number".
    const EXPECTED: &'static str;

    /// Reads the value, or `None` when it is of another kind or out of range.
    fn from_cell(cell: Cell<'_>) -> Option<Self>;
}

/// A type that one row can be read as.
pub trait FromRow: Sized {
    /// The column names in order, or empty when any names will do.
    const COLUMNS: &'static [&'static str] = &[];

    /// Reads the row.
    fn from_row(row: &Row<'_>) -> Result<Self, RowError>;
}

impl<'a> Row<'a> {
    pub(crate) fn sqlite(row: &'a rusqlite::Row<'a>) -> Self {
        Self { source: Source::Sqlite(row) }
    }

    pub(crate) fn postgres(row: &'a tokio_postgres::Row) -> Self {
        Self { source: Source::Postgres(row) }
    }

    /// Reads the column at `index`, counted from 0.
    pub fn get<T: FromColumn>(&self, index: usize) -> Result<T, RowError> {
        let cell = match self.source {
            Source::Sqlite(row) => crate::engine::sqlite::cell(row, index),
            Source::Postgres(row) => crate::engine::postgres::cell(row, index),
        };
        let found = match cell {
            Ok(cell) => match T::from_cell(cell) {
                Some(value) => return Ok(value),
                None => cell.kind().to_owned(),
            },
            Err(found) => found,
        };
        Err(RowError { index, name: self.column_name(index).to_owned(), expected: T::EXPECTED, found })
    }

    fn column_name(&self, index: usize) -> &str {
        match self.source {
            Source::Sqlite(row) => row.as_ref().column_name(index).unwrap_or_default(),
            Source::Postgres(row) => row.columns().get(index).map_or("", tokio_postgres::Column::name),
        }
    }

    /// Reads the whole row; in debug builds, compares the column names with the struct's first.
    pub(crate) fn read<R: FromRow>(&self) -> Result<R, RowError> {
        if cfg!(debug_assertions) {
            for (index, expected) in R::COLUMNS.iter().enumerate() {
                let found = self.column_name(index);
                if found != *expected {
                    let found = format!("a column named '{found}'");
                    return Err(RowError { index, name: (*expected).to_owned(), expected: "that name", found });
                }
            }
        }
        R::from_row(self)
    }
}

macro_rules! from_column {
    ($($kind:ty, $expected:literal, $pattern:pat => $value:expr;)*) => {$(
        impl FromColumn for $kind {
            const EXPECTED: &'static str = $expected;

            fn from_cell(cell: Cell<'_>) -> Option<Self> {
                match cell {
                    $pattern => $value,
                    _ => None,
                }
            }
        }
    )*};
}

from_column! {
    i64, "a whole number", Cell::Int(value) => Some(value);
    i32, "a whole number of 32 bits", Cell::Int(value) => value.try_into().ok();
    u64, "a whole number from 0", Cell::Int(value) => value.try_into().ok();
    u32, "a whole number from 0 of 32 bits", Cell::Int(value) => value.try_into().ok();
    u16, "a whole number from 0 of 16 bits", Cell::Int(value) => value.try_into().ok();
    u8, "a whole number from 0 of 8 bits", Cell::Int(value) => value.try_into().ok();
    bool, "0 or 1", Cell::Int(value @ (0 | 1)) => Some(value == 1);
    String, "text", Cell::Text(value) => Some(value.to_owned());
    Vec<u8>, "bytes", Cell::Bytes(value) => Some(value.to_vec());
    Uuid, "an identifier of 16 bytes", Cell::Bytes(value) => Self::from_slice(value).ok();
}

impl FromColumn for f64 {
    const EXPECTED: &'static str = "a number";

    #[expect(clippy::cast_precision_loss, reason = "a computed column may come back whole from SQLite")]
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Real(value) => Some(value),
            Cell::Int(value) => Some(value as Self),
            _ => None,
        }
    }
}

impl<const LENGTH: usize> FromColumn for [u8; LENGTH] {
    const EXPECTED: &'static str = "bytes of a fixed length";

    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Bytes(value) => value.try_into().ok(),
            _ => None,
        }
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            cell => T::from_cell(cell).map(Some),
        }
    }
}

macro_rules! tuples {
    ($(($($kind:ident $index:literal),*);)*) => {$(
        impl<$($kind: FromColumn),*> FromRow for ($($kind,)*) {
            fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
                Ok(($(row.get::<$kind>($index)?,)*))
            }
        }
    )*};
}

tuples! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
    (A 0, B 1, C 2, D 3, E 4);
    (A 0, B 1, C 2, D 3, E 4, F 5);
}

/// Implements [`FromRow`] for a struct whose fields stand in the order of the columns and carry their names.
///
/// ```
/// pub struct StockRow {
///     pub item_id: uuid::Uuid,
///     pub portions_left: i64,
/// }
/// store::from_row!(StockRow { item_id, portions_left });
/// ```
#[macro_export]
macro_rules! from_row {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::FromRow for $name {
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];

            fn from_row(row: &$crate::Row<'_>) -> Result<Self, $crate::RowError> {
                let mut columns = 0..Self::COLUMNS.len();
                Ok(Self { $($field: row.get(columns.next().unwrap_or(usize::MAX))?),* })
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_another_kind_or_range_are_refused() {
        assert_eq!(u8::from_cell(Cell::Int(256)), None);
        assert_eq!(bool::from_cell(Cell::Int(2)), None);
        assert_eq!(String::from_cell(Cell::Null), None);
        assert_eq!(Uuid::from_cell(Cell::Bytes(&[0; 15])), None);
        assert_eq!(Option::<i64>::from_cell(Cell::Null), Some(None));
        assert_eq!(Option::<i64>::from_cell(Cell::Text("1")), None);
    }
}
