//! Every statement of the store, prepared on both engines.

use std::collections::HashSet;

use store::{Description, registry};

use crate::support::TestDatabase;

#[test]
fn every_statement_has_a_name_of_its_own() {
    let names: HashSet<_> = registry().iter().map(|statement| statement.name).collect();
    assert_eq!(names.len(), registry().len());
}

#[tokio::test]
async fn sqlite_prepares_every_statement() {
    let database = TestDatabase::sqlite().await;
    let mut refused = Vec::new();
    for statement in registry() {
        match database.db.describe(statement).await {
            Ok(description) => assert_eq!(description.parameters, highest_parameter(statement.sql), "{statement:?}"),
            Err(error) => refused.push(error.to_string()),
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[tokio::test]
async fn both_engines_understand_every_statement_alike() {
    let Some(postgres) = TestDatabase::postgres().await else { return };
    let sqlite = TestDatabase::sqlite().await;
    let mut differences = Vec::new();
    for statement in registry() {
        match (sqlite.db.describe(statement).await, postgres.db.describe(statement).await) {
            (Ok(one), Ok(other)) => {
                differences.extend(compare(&one, &other).map(|text| format!("{statement:?}: {text}")));
            }
            (one, other) => differences.extend([one.err(), other.err()].into_iter().flatten().map(|e| e.to_string())),
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn compare(sqlite: &Description, postgres: &Description) -> Option<String> {
    if sqlite.parameters != postgres.parameters {
        return Some(format!("{} and {} parameters", sqlite.parameters, postgres.parameters));
    }
    if sqlite.columns.len() != postgres.columns.len() {
        return Some(format!("{} and {} columns", sqlite.columns.len(), postgres.columns.len()));
    }
    sqlite.columns.iter().zip(&postgres.columns).find_map(|(one, other)| {
        // An expression without a name is called by its text or by its function; it can only be read into a tuple.
        let named = one.name.chars().all(|character| character.is_alphanumeric() || character == '_');
        if named && one.name != other.name {
            return Some(format!("columns {} and {}", one.name, other.name));
        }
        let readable = ["int8", "int4", "bool", "float8", "text", "bytea"].contains(&other.kind.as_deref()?);
        if !readable {
            return Some(format!("column {} is {:?}: cast it", other.name, other.kind));
        }
        let differs = one.kind.is_some() && one.kind != other.kind;
        differs.then(|| format!("column {} is {:?} and {:?}", one.name, one.kind, other.kind))
    })
}

/// The largest `$n` in a text without literals that contain one.
fn highest_parameter(sql: &str) -> usize {
    let numbers = sql.split('$').skip(1).map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    });
    numbers.max().unwrap_or(0)
}
