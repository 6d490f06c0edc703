//! What keeps the server from starting is said once, in words to act upon, with exit code 1.

use std::{net::TcpListener, path::Path};

use store::{Db, Options, Statement, Tx, args};

use crate::process::{LOG, Process};

static FUTURE: Statement = Statement::new(
    "kill.FUTURE",
    "INSERT INTO schema_migrations (version, name, checksum, program) VALUES ($1, $2, $3, $4)",
);

/// Starts a command that has to refuse; answers what it said.
pub(crate) async fn refusal(home: &Path, words: &[&str], settings: &[(&str, String)]) -> String {
    let _ = std::fs::remove_file(home.join(LOG));
    let mut process = Process::start(home, words, settings, 0);
    let status = process.ended().await;
    let said = process.log();
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.starts_with("dabba: ") && said.matches("dabba: ").count() == 1, "once is enough: {said}");
    said
}

pub(crate) fn says(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "'{part}' is missing in: {said}");
    }
}

fn data(path: &Path) -> (&'static str, String) {
    ("DABBA_DATA", path.display().to_string())
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let home = tempfile::tempdir().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    let said = refusal(home.path(), &["serve"], &[data(home.path()), ("DABBA_PORT", port.clone())]).await;
    says(&said, &[&format!("port {port} is taken"), "DABBA_PORT"]);
    assert!(!home.path().join("dabba.sqlite").exists(), "it touched the data before it had the port");
}

#[tokio::test]
async fn a_data_directory_that_cannot_be_written_is_named() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("not-a-directory");
    std::fs::write(&file, "a file").unwrap();
    let below = file.join("data");
    for words in [["serve"], ["migrate"]] {
        let said = refusal(home.path(), &words, &[data(&below), ("DABBA_PORT", "0".to_owned())]).await;
        says(&said, &["data directory", &below.display().to_string(), "cannot be written to"]);
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named_and_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("dabba.sqlite");
    let letter = "A letter to the municipality, written long before any database was made.\n".repeat(20);
    std::fs::write(&path, &letter).unwrap();
    let said = refusal(home.path(), &["serve"], &[data(home.path()), ("DABBA_PORT", "0".to_owned())]).await;
    says(&said, &[&path.display().to_string(), "not a SQLite database"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), letter);
}

/// Marks a database as migrated by a program of the future; both commands must refuse it and name both versions.
async fn a_newer_database_is_refused(db: &Db, setting: (&'static str, String)) {
    let row = args![9_999_i64, "9999_teleportation", "checksum", "99.0.1"];
    db.commit(Tx::new("future").guard(1, &FUTURE, row)).await.unwrap();
    db.close().await;
    let home = tempfile::tempdir().unwrap();
    for words in [["serve"], ["migrate"]] {
        let settings = [setting.clone(), ("DABBA_PORT", "0".to_owned())];
        let said = refusal(home.path(), &words, &settings).await;
        let own = format!("this is dabba {}", env!("CARGO_PKG_VERSION"));
        says(&said, &["9999_teleportation", "dabba 99.0.1", &own]);
    }
}

#[tokio::test]
async fn a_newer_database_is_refused_on_sqlite() {
    let home = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", home.path().join("dabba.sqlite").display());
    let db = Db::open(&url.parse().unwrap(), Options::default()).await.unwrap();
    db.migrate().await.unwrap();
    a_newer_database_is_refused(&db, data(home.path())).await;
}

#[tokio::test]
#[expect(clippy::print_stderr, reason = "says what was not tested")]
async fn a_newer_database_is_refused_on_postgres() {
    if std::env::var("TEST_DATABASE_URL").is_err() {
        eprintln!("TEST_DATABASE_URL is not set: PostgreSQL was not asked");
        return;
    }
    let database = testkit::database().await;
    a_newer_database_is_refused(&database.db, ("DATABASE_URL", database.url.clone())).await;
}

#[tokio::test]
async fn a_wrong_setting_is_named() {
    let home = tempfile::tempdir().unwrap();
    let wrong: [(&str, &str, &[&str]); 5] = [
        ("DABBA_PORT", "lots", &["PORT", "lots"]),
        ("DABBA_PROT", "8000", &["prot"]),
        ("DABBA_LOG", "store=loud", &["log"]),
        ("DATABASE_URL", "mysql://root:s3cret@localhost/dabba", &["mysql:", "postgres://"]),
        ("REDIS_URL", "memcached://root:s3cret@localhost", &["redis_url"]),
    ];
    for (name, value, parts) in wrong {
        let settings = [data(home.path()), ("DABBA_PORT", "0".to_owned()), (name, value.to_owned())];
        let said = refusal(home.path(), &["serve"], &settings).await;
        says(&said, parts);
        assert!(!said.contains("s3cret"), "a password was repeated: {said}");
    }
}

#[tokio::test]
async fn a_wrong_file_of_settings_is_named() {
    for (text, parts) in [("port = \"lots\"", ["dabba.toml", "port"]), ("port = ", ["dabba.toml", "line 1"])] {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("dabba.toml"), text).unwrap();
        let said = refusal(home.path(), &["serve"], &[data(home.path())]).await;
        says(&said, &parts);
    }
}

#[tokio::test]
async fn a_postgres_that_does_not_answer_is_named() {
    let home = tempfile::tempdir().unwrap();
    // Bound but not listening would hang; a port that was just closed refuses.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://asha:s3cret@127.0.0.1:{port}/dabba");
    let said = refusal(home.path(), &["serve"], &[("DATABASE_URL", url), ("DABBA_PORT", "0".to_owned())]).await;
    says(&said, &["cannot connect to PostgreSQL", &format!("127.0.0.1:{port}")]);
    assert!(!said.contains("s3cret"), "a password was repeated: {said}");
}
