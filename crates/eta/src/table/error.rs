//! Why a file cannot be used, with the place.

use super::schema::Kind;

/// Why a file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Not even a header, or a header alone.
    #[error("the file has no rows")]
    Empty,
    /// A record has another number of fields than the header.
    #[error("line {line}: {found} fields, the header has {expected}")]
    Width {
        /// Counted from 1, the header included.
        line: u64,
        /// Fields of the record.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// The bytes are no table, such as a quoted field without end or text in another encoding than UTF-8.
    #[error("line {line}: {reason}")]
    Unreadable {
        /// Counted from 1.
        line: u64,
        /// What the reader says.
        reason: String,
    },
    /// Two columns have one name.
    #[error("two columns are called `{0}`")]
    Twice(String),
    /// No column looks like the minutes of a delivery.
    #[error("no column holds the minutes to learn; name it with --target. The file has {}", found.join(", "))]
    NoTarget {
        /// The columns there are.
        found: Vec<String>,
    },
    /// The named target is not there.
    #[error("there is no column `{name}`. The file has {}", found.join(", "))]
    NoColumn {
        /// The name asked for.
        name: String,
        /// The columns there are.
        found: Vec<String>,
    },
    /// A value is not of its column's kind.
    #[error("line {line}, column `{column}`: `{text}` is not {kind}")]
    Value {
        /// Counted from 1, the header included.
        line: u64,
        /// The column's name.
        column: String,
        /// What stands there.
        text: String,
        /// What the column holds.
        kind: Kind,
    },
    /// Too few rows have a target.
    #[error("{found} rows have minutes; at least {needed} are needed")]
    TooFew {
        /// Rows with a target.
        found: usize,
        /// Rows needed.
        needed: usize,
    },
    /// Nothing is left to learn from.
    #[error("no column can be learned from")]
    NoFeatures,
}
