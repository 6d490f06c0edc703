//! What a statement is given: one value for each parameter.
//!
//! There are as many kinds as both engines store alike: whole numbers (paise, counts, flags 0/1, epoch microseconds),
//! floating point, text, bytes and identifiers. A missing value has no type of its own.

use std::borrow::Cow;

use uuid::Uuid;

/// An argument of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL NULL, of whatever type the parameter has.
    Null,
    /// BIGINT.
    Int(i64),
    /// DOUBLE PRECISION.
    Real(f64),
    /// TEXT.
    Text(String),
    /// BYTEA.
    Bytes(Vec<u8>),
    /// An identifier: the sixteen bytes of a UUID, as BYTEA.
    Id([u8; 16]),
}

impl Value {
    /// The kind, as error messages name it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "a whole number",
            Self::Real(_) => "a floating point number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Id(_) => "an identifier",
        }
    }
}

/// The arguments of a statement, in order: `args![order_id, "placed", 5_i64]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => {
        ::std::vec![$($crate::Value::from($value)),*]
    };
}

macro_rules! from {
    ($($kind:ty => |$value:ident| $made:expr,)*) => {$(
        impl From<$kind> for Value {
            fn from($value: $kind) -> Self {
                $made
            }
        }
    )*};
}

from! {
    i64 => |value| Self::Int(value),
    i32 => |value| Self::Int(value.into()),
    u32 => |value| Self::Int(value.into()),
    u16 => |value| Self::Int(value.into()),
    u8 => |value| Self::Int(value.into()),
    bool => |value| Self::Int(value.into()),
    f64 => |value| Self::Real(value),
    &str => |value| Self::Text(value.to_owned()),
    &String => |value| Self::Text(value.clone()),
    String => |value| Self::Text(value),
    Cow<'_, str> => |value| Self::Text(value.into_owned()),
    &[u8] => |value| Self::Bytes(value.to_vec()),
    Vec<u8> => |value| Self::Bytes(value),
    Uuid => |value| Self::Id(value.into_bytes()),
}

impl<const LENGTH: usize> From<[u8; LENGTH]> for Value {
    fn from(value: [u8; LENGTH]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_take_the_kinds_that_both_engines_store() {
        let id = Uuid::from_u128(7);
        assert_eq!(
            args![id, "placed", 5_i64, true, 1.5, None::<i64>, Some("x"), vec![1_u8]],
            [
                Value::Id(id.into_bytes()),
                Value::Text("placed".to_owned()),
                Value::Int(5),
                Value::Int(1),
                Value::Real(1.5),
                Value::Null,
                Value::Text("x".to_owned()),
                Value::Bytes(vec![1]),
            ]
        );
    }
}
