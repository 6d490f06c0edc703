//! A statement is a named constant.
//!
//! The name labels metrics, slow-query logs and guard failures; the text is written once for both engines and rendered
//! per engine on first use (see `dialect`). Every module of statements declares them with [`statements!`], which also
//! lists them, so that a test can prepare each one on both engines.

use std::fmt;
use std::sync::OnceLock;

use crate::dialect::Dialect;

/// One SQL statement with a name, such as `orders.INSERT`.
pub struct Statement {
    /// The name without the crate, such as `orders.INSERT`.
    pub name: &'static str,
    /// The text as written, with `$n` parameters and dialect placeholders.
    pub sql: &'static str,
    sqlite: OnceLock<String>,
    postgres: OnceLock<String>,
}

impl Statement {
    /// Names a text. A leading `crate_name::` is dropped from the name.
    pub const fn new(name: &'static str, sql: &'static str) -> Self {
        Self { name: without_crate(name), sql, sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    /// The text as `dialect` wants it.
    pub fn text(&self, dialect: Dialect) -> &str {
        let rendered = match dialect {
            Dialect::Sqlite => &self.sqlite,
            Dialect::Postgres => &self.postgres,
        };
        rendered.get_or_init(|| dialect.render(self.sql))
    }
}

impl fmt::Debug for Statement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

const fn without_crate(path: &'static str) -> &'static str {
    let bytes = path.as_bytes();
    let mut at = 0;
    while at + 1 < bytes.len() {
        if bytes[at] == b':' && bytes[at + 1] == b':' {
            return path.split_at(at + 2).1;
        }
        at += 1;
    }
    path
}

/// Declares the statements of a module, and `ALL`, the list of them for `store::registry`.
///
/// ```
/// mod stock {
///     store::statements! {
///         /// Takes portions of a dish, if enough are left.
///         TAKE = "UPDATE stock SET portions = portions - $1 WHERE id = $2 AND portions >= $1";
///     }
/// }
/// assert!(stock::TAKE.name.ends_with("stock.TAKE"));
/// ```
#[macro_export]
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $sql:expr;)*) => {
        $(
            $(#[$meta])*
            pub static $name: $crate::Statement =
                $crate::Statement::new(concat!(module_path!(), ".", stringify!($name)), $sql);
        )*

        pub(crate) static ALL: &[&$crate::Statement] = &[$(&$name),*];
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crate_is_not_part_of_a_name() {
        assert_eq!(Statement::new("store::orders.INSERT", "SELECT 1").name, "orders.INSERT");
        assert_eq!(Statement::new("store::orders::lines.INSERT", "SELECT 1").name, "orders::lines.INSERT");
        assert_eq!(Statement::new("plain", "SELECT 1").name, "plain");
    }
}
