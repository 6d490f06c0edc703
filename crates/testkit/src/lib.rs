//! What tests share: a database of their own, on the engine that `TEST_DATABASE_URL` names, and a city to live in.
//!
//! Without that variable it is a temporary SQLite file; with it, a schema on that PostgreSQL server. Either is migrated,
//! empty, and gone when the value is dropped. On PostgreSQL events can be read only once no older transaction of the
//! whole server runs: `App::consume_all` and `App::learn` wait for that, and a test that reads the log itself asks with
//! [`eventually`]. For tests only, hence the plain unwraps.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "tests")]

pub mod city;
pub mod people;

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use store::{Db, Options};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_postgres::NoTls;

pub use city::{Dish, TestCity};

/// An open, migrated, empty database.
pub struct TestDatabase {
    /// The open database.
    pub db: Db,
    /// Where it is.
    pub url: String,
    _place: Place,
}

/// What is removed at the end of the test.
#[expect(dead_code, reason = "held until the test ends")]
enum Place {
    Directory(TempDir),
    Schema(Schema),
}

/// A schema on a PostgreSQL server, dropped with this value.
struct Schema {
    name: String,
    server: String,
}

/// A database for one test.
pub async fn database() -> TestDatabase {
    let server = std::env::var("TEST_DATABASE_URL").ok().filter(|url| url.starts_with("postgres"));
    let (url, place) = if let Some(server) = server {
        Schema::create(server).await
    } else {
        let directory = tempfile::tempdir().unwrap();
        (format!("sqlite:{}/dabba.db", directory.path().display()), Place::Directory(directory))
    };
    let db = open(&url).await;
    db.migrate().await.unwrap();
    TestDatabase { db, url, _place: place }
}

/// Asks again until the answer is `Some`, for what becomes true soon.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    for _ in 0..1_000 {
        if let Some(answer) = ask().await {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what} did not happen within ten seconds");
}

impl TestDatabase {
    /// Another handle on the same database, as another node would have.
    pub async fn open(&self) -> Db {
        open(&self.url).await
    }

    /// Somebody else's transaction that has begun when this answers, and ends after `time`. On PostgreSQL no event that is
    /// committed meanwhile can be read before its end; nothing on SQLite.
    pub async fn held_up(&self, time: Duration) -> JoinHandle<()> {
        if self.url.starts_with("sqlite:") {
            return tokio::spawn(async {});
        }
        let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute("BEGIN; SELECT pg_current_xact_id()").await.unwrap();
        tokio::spawn(async move {
            tokio::time::sleep(time).await;
            client.batch_execute("COMMIT").await.unwrap();
        })
    }
}

impl Schema {
    async fn create(server: String) -> (String, Place) {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("testkit_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        run(&server, &format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}")).await;
        let separator = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{separator}options=-csearch_path%3D{name}");
        (url, Place::Schema(Self { name, server }))
    }
}

impl Drop for Schema {
    /// On a thread of its own: a destructor cannot wait inside the test's runtime.
    fn drop(&mut self) {
        let script =
            format!("SET lock_timeout = '2s'; SET client_min_messages = warning; DROP SCHEMA {} CASCADE", self.name);
        let server = self.server.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let dropped = std::thread::spawn(move || runtime.block_on(run(&server, &script))).join();
        assert!(dropped.is_ok() || std::thread::panicking(), "the schema {} cannot be dropped", self.name);
    }
}

async fn open(url: &str) -> Db {
    Db::open(&url.parse().unwrap(), Options::default()).await.unwrap()
}

/// Runs a script on a connection of its own, past the store.
async fn run(url: &str, script: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute(script).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
}
