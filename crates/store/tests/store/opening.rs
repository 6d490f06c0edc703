//! Databases that cannot be opened say why, and never name a password.

use store::{Db, OpenError, Options};

async fn refused(url: &str) -> OpenError {
    Db::open(&url.parse().unwrap(), Options::default()).await.err().unwrap()
}

#[tokio::test]
async fn a_missing_data_directory_is_made() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/var/lib/dabba.db", directory.path().display());
    let db = Db::open(&url.parse().unwrap(), Options::default()).await.unwrap();
    db.ping().await.unwrap();
}

#[tokio::test]
async fn a_data_directory_that_cannot_be_written_to_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "not a directory").unwrap();
    let error = refused(&format!("sqlite:{}/dabba.db", file.display())).await;
    assert!(matches!(error, OpenError::DirectoryNotWritable { .. }), "{error}");
    assert!(error.to_string().starts_with(&format!("the data directory {}", file.display())), "{error}");
}

#[tokio::test]
async fn another_kind_of_file_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("notes.txt");
    std::fs::write(&file, "these are my notes, and there are many of them. ".repeat(100)).unwrap();
    let error = refused(&format!("sqlite:{}", file.display())).await;
    assert!(matches!(error, OpenError::NotADatabase { .. }), "{error}");
    assert!(error.to_string().contains("notes.txt"), "{error}");
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_named_without_its_password() {
    let error = refused("postgres://asha:s3cret@127.0.0.1:1/dabba").await;
    let message = error.to_string();
    assert!(matches!(error, OpenError::CannotConnect { .. }), "{message}");
    assert!(message.contains("127.0.0.1:1") && message.contains("refused"), "{message}");
    assert!(!message.contains("s3cret") && !message.contains("asha"), "{message}");
}
