//! Rows as structs: the fields are the statement's columns, by name and in order.

/// Declares structs whose fields are read from the columns of a row.
macro_rules! records {
    ($($(#[$about:meta])* $name:ident { $($(#[$field_about:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $($(#[$field_about])* pub $field: $kind,)*
        }

        $crate::from_row!($name { $($field),* });
    )*};
}
pub(crate) use records;
