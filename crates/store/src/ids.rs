//! Typed identifiers as arguments and columns: the sixteen bytes of their UUID.

use uuid::Uuid;

use crate::row::{Cell, FromColumn};
use crate::value::Value;

macro_rules! convert {
    ($($name:ident $noun:literal,)*) => {$(
        impl From<domain::id::$name> for Value {
            fn from(id: domain::id::$name) -> Self {
                Self::from(Uuid::from(id))
            }
        }

        impl FromColumn for domain::id::$name {
            const EXPECTED: &'static str = <Uuid as FromColumn>::EXPECTED;

            fn from_cell(cell: Cell<'_>) -> Option<Self> {
                Uuid::from_cell(cell).map(Self)
            }
        }
    )*};
}

domain::id_kinds!(convert);
