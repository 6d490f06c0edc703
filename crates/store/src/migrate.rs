//! The schema's history: numbered files, applied once, in order, and never edited afterwards.
//!
//! A migration is `migrations/NNN_name.sql`, one text for both engines with the placeholders of `dialect`. Where an
//! engine needs more, `NNN_name.pg.sql` and `NNN_name.sqlite.sql` stand beside it and follow it. Each is applied in a
//! transaction together with its row in `schema_migrations`, which keeps a checksum and the version of the program that
//! applied it. Expand first, contract in a later release: the program of the previous version still runs meanwhile.

use sha2::{Digest as _, Sha256};

use crate::dialect::Dialect;
use crate::error::{MigrateError, NewerDatabase};

/// The program's version, written beside every migration that it applies.
pub(crate) const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// Creates the table of applied migrations.
pub(crate) const CREATE_HISTORY: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (\
    version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, program TEXT NOT NULL)";

/// Reads the table of applied migrations.
pub(crate) const READ_HISTORY: &str = "SELECT version, name, checksum, program FROM schema_migrations ORDER BY version";

/// Records one migration.
pub(crate) const RECORD: &str =
    "INSERT INTO schema_migrations (version, name, checksum, program) VALUES ($1, $2, $3, $4)";

/// One step of the schema.
#[derive(Debug)]
pub(crate) struct Migration {
    /// The file name without its ending: `001_outbox`.
    pub(crate) name: &'static str,
    shared: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// A row of `schema_migrations`.
#[derive(Clone, Debug)]
pub(crate) struct Applied {
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) checksum: String,
    pub(crate) program: String,
}

/// `migration!("001_outbox")`, or `migration!("004_search", per_engine)` when `.pg.sql` and `.sqlite.sql` exist as well.
macro_rules! migration {
    ($name:literal) => {
        Migration {
            name: $name,
            shared: include_str!(concat!("../migrations/", $name, ".sql")),
            sqlite: "",
            postgres: "",
        }
    };
    ($name:literal, per_engine) => {
        Migration {
            name: $name,
            shared: include_str!(concat!("../migrations/", $name, ".sql")),
            sqlite: include_str!(concat!("../migrations/", $name, ".sqlite.sql")),
            postgres: include_str!(concat!("../migrations/", $name, ".pg.sql")),
        }
    };
}

/// All migrations, in order. A test compares the list with the folder.
pub(crate) static MIGRATIONS: &[Migration] = &[
    migration!("001_outbox"),
    migration!("002_places"),
    migration!("003_vendors"),
    migration!("004_people"),
    migration!("005_orders"),
    migration!("006_ledger", per_engine),
    migration!("007_dispatch"),
    migration!("008_consumers"),
    migration!("009_distributors"),
    migration!("010_caching"),
    migration!("011_positions"),
    migration!("012_arrivals"),
    migration!("013_couriers"),
    migration!("014_carts"),
    migration!("015_bundles"),
    migration!("016_pictures"),
    migration!("017_forgetting"),
    migration!("018_queues"),
];

impl Migration {
    /// The number at the start of the name.
    pub(crate) fn version(&self) -> i64 {
        self.name.split('_').next().and_then(|number| number.parse().ok()).unwrap_or_default()
    }

    /// The script for one engine.
    pub(crate) fn script(&self, dialect: Dialect) -> String {
        dialect.render(&format!("{}\n{}", self.shared, self.own(dialect)))
    }

    /// A hash of the files that make up the script.
    pub(crate) fn checksum(&self, dialect: Dialect) -> String {
        let text = format!("{}\n{}", self.shared, self.own(dialect)).replace("\r\n", "\n");
        let hash = Sha256::digest(text);
        hash.iter().fold(String::with_capacity(64), |text, byte| text + &format!("{byte:02x}"))
    }

    fn own(&self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
        }
    }
}

/// The migrations that are still to be applied, in order; refuses a history that this program cannot continue.
pub(crate) fn plan<'a>(
    known: &'a [Migration],
    applied: &[Applied],
    dialect: Dialect,
) -> Result<Vec<&'a Migration>, MigrateError> {
    refuse_newer(known, applied)?;
    let newest = applied.last().map_or(0, |last| last.version);
    let mut pending = Vec::new();
    for migration in known {
        match applied.iter().find(|row| row.version == migration.version()) {
            Some(row) if row.checksum != migration.checksum(dialect) => {
                return Err(MigrateError::Changed(migration.name.to_owned()));
            }
            Some(_) => {}
            None if migration.version() < newest => return Err(MigrateError::Skipped(migration.name.to_owned())),
            None => pending.push(migration),
        }
    }
    Ok(pending)
}

/// Refuses a database that a newer program has migrated.
pub(crate) fn refuse_newer(known: &[Migration], applied: &[Applied]) -> Result<(), NewerDatabase> {
    let newest_known = known.last().map_or(0, Migration::version);
    match applied.last() {
        Some(last) if last.version > newest_known => Err(NewerDatabase {
            found: last.name.clone(),
            found_by: last.program.clone(),
            known: known.last().map_or("none", |migration| migration.name).to_owned(),
            known_by: PROGRAM,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn migration(name: &'static str, shared: &'static str) -> Migration {
        Migration { name, shared, sqlite: "", postgres: "" }
    }

    fn applied(migration: &Migration) -> Applied {
        Applied {
            version: migration.version(),
            name: migration.name.to_owned(),
            checksum: migration.checksum(Dialect::Sqlite),
            program: "9.9.9".to_owned(),
        }
    }

    #[test]
    fn the_list_is_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|file| !file.ends_with(".pg.sql") && !file.ends_with(".sqlite.sql"))
            .collect();
        files.sort();
        let listed: Vec<String> = MIGRATIONS.iter().map(|migration| format!("{}.sql", migration.name)).collect();
        assert_eq!(listed, files);
    }

    #[test]
    fn versions_count_up_from_one() {
        let versions: Vec<i64> = MIGRATIONS.iter().map(Migration::version).collect();
        let expected: Vec<i64> = (1..).take(MIGRATIONS.len()).collect();
        assert_eq!(versions, expected);
    }

    #[test]
    fn constraints_are_checked_at_once() {
        // A constraint checked only at COMMIT would fail the neighbours in a group commit.
        for migration in MIGRATIONS {
            for dialect in [Dialect::Sqlite, Dialect::Postgres] {
                assert!(!migration.script(dialect).to_uppercase().contains("DEFERR"), "{}", migration.name);
            }
        }
    }

    #[test]
    fn what_is_missing_is_applied() {
        let known = [migration("001_a", "A"), migration("002_b", "B")];
        let pending = plan(&known, &[applied(&known[0])], Dialect::Sqlite).unwrap();
        assert_eq!(pending.iter().map(|migration| migration.name).collect::<Vec<_>>(), ["002_b"]);
    }

    #[test]
    fn an_edited_migration_is_refused() {
        let known = [migration("001_a", "A")];
        let edited = [migration("001_a", "A, edited")];
        let error = plan(&edited, &[applied(&known[0])], Dialect::Sqlite).unwrap_err();
        assert!(matches!(error, MigrateError::Changed(name) if name == "001_a"));
    }

    #[test]
    fn a_gap_is_refused() {
        let known = [migration("001_a", "A"), migration("002_b", "B")];
        let error = plan(&known, &[applied(&known[1])], Dialect::Sqlite).unwrap_err();
        assert!(matches!(error, MigrateError::Skipped(name) if name == "001_a"));
    }

    #[test]
    fn a_newer_database_is_refused_and_both_versions_are_named() {
        let known = [migration("001_a", "A")];
        let newer = migration("002_b", "B");
        let error = plan(&known, &[applied(&known[0]), applied(&newer)], Dialect::Sqlite).unwrap_err();
        let message = error.to_string();
        for part in ["002_b", "9.9.9", "001_a", PROGRAM] {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn windows_line_ends_do_not_change_a_checksum() {
        let unix = migration("001_a", "A\nB");
        let windows = migration("001_a", "A\r\nB");
        assert_eq!(unix.checksum(Dialect::Sqlite), windows.checksum(Dialect::Sqlite));
    }
}
