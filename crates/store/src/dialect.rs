//! The one place where the two databases differ.
//!
//! Statements and migrations are written once. What cannot be written once stands in the text as a placeholder in
//! braces, and this file says what it becomes; the list is short on purpose and a test keeps it below eight entries.
//! Parameters are written `$1`, `$2` everywhere; SQLite reads them as `?1`, `?2`, because a bare `$1` is a *named*
//! parameter there and would be numbered by first appearance.

/// The SQL engine that a text is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Embedded, one file, one writer.
    Sqlite,
    /// A PostgreSQL server, version 13 or later (`pg_current_xact_id`).
    Postgres,
}

/// One placeholder and what it becomes.
struct Difference {
    placeholder: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

const DIFFERENCES: [Difference; 4] = [
    // The type of a key that the database numbers itself. SQLite gives the newest row's number plus one: that row must
    // not be deleted, because consumers remember its number.
    Difference {
        placeholder: "{sequence_key}",
        sqlite: "INTEGER PRIMARY KEY",
        postgres: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    },
    // The writer's transaction, stored with an outbox row. SQLite has one writer, so its rows become visible in the
    // order of their numbers and one constant serves for all.
    Difference { placeholder: "{transaction_id}", sqlite: "0", postgres: "(pg_current_xact_id()::text::bigint)" },
    // True for outbox rows that no running transaction can still precede.
    Difference {
        placeholder: "{settled}",
        sqlite: "1 = 1",
        postgres: "xid < (pg_snapshot_xmin(pg_current_snapshot())::text::bigint)",
    },
    // Ends a sub-select that claims rows, so that two claimers do not wait for each other.
    Difference { placeholder: "{skip_locked}", sqlite: "", postgres: "FOR UPDATE SKIP LOCKED" },
];

impl Dialect {
    /// The engine's name, as it is logged.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// The text as this engine wants it.
    pub fn render(self, sql: &str) -> String {
        let mut text = sql.to_owned();
        for difference in &DIFFERENCES {
            if text.contains(difference.placeholder) {
                let replacement = match self {
                    Self::Sqlite => difference.sqlite,
                    Self::Postgres => difference.postgres,
                };
                text = text.replace(difference.placeholder, replacement);
            }
        }
        match self {
            Self::Sqlite => rewrite_parameters(&text, |number| format!("?{number}")),
            Self::Postgres => text,
        }
    }
}

/// Writes each parameter `$n` anew, leaving string literals, quoted names and line comments as they are.
pub(crate) fn rewrite_parameters(sql: &str, write: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(sql.len() + 16);
    let mut quote = None;
    let mut characters = sql.chars().peekable();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None, '$') => {
                let mut digits = String::new();
                while let Some(digit) = characters.next_if(char::is_ascii_digit) {
                    digits.push(digit);
                }
                text.push_str(&digits.parse().map_or_else(|_| format!("${digits}"), &write));
                continue;
            }
            (None, '\'' | '"') => quote = Some(character),
            (None, '-') if characters.peek() == Some(&'-') => quote = Some('\n'),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
        text.push(character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_for_sqlite_and_left_alone_for_postgres() {
        let sql = "SELECT a FROM t WHERE a = $1 AND b = $12 OR c = $1";
        assert_eq!(Dialect::Sqlite.render(sql), "SELECT a FROM t WHERE a = ?1 AND b = ?12 OR c = ?1");
        assert_eq!(Dialect::Postgres.render(sql), sql);
    }

    #[test]
    fn dollars_in_literals_names_comments_and_words_are_not_parameters() {
        let sql = "SELECT '$1 it''s $2', \"$3\", $4 -- costs $5, isn't it\n, $6, $x FROM t";
        assert_eq!(
            Dialect::Sqlite.render(sql),
            "SELECT '$1 it''s $2', \"$3\", ?4 -- costs $5, isn't it\n, ?6, $x FROM t"
        );
    }

    #[test]
    fn placeholders_become_what_each_engine_wants() {
        let sql = "SELECT seq FROM outbox WHERE {settled}";
        assert_eq!(Dialect::Sqlite.render(sql), "SELECT seq FROM outbox WHERE 1 = 1");
        assert!(Dialect::Postgres.render(sql).contains("pg_snapshot_xmin"));
    }

    #[test]
    fn the_engines_differ_in_fewer_than_eight_places() {
        assert!(DIFFERENCES.len() < 8);
    }
}
