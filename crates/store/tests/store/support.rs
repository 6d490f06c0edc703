//! A database for each test, on each engine.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use store::{Db, Options};
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

/// Runs the body once on each engine, as two tests named `<name>::sqlite` and `<name>::postgres`.
macro_rules! on_both_engines {
    ($(#[$meta:meta])* async fn $name:ident($database:ident: TestDatabase) $body:block) => {
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(crate::support::TestDatabase::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(database) = crate::support::TestDatabase::postgres().await {
                    super::$name(database).await;
                }
            }
        }

        $(#[$meta])*
        async fn $name($database: crate::support::TestDatabase) $body
    };
}
pub(crate) use on_both_engines;

/// A table with every kind of constraint, used by most tests.
const THINGS: &str = "CREATE TABLE things (\
    id BIGINT NOT NULL PRIMARY KEY, \
    code TEXT NOT NULL UNIQUE, \
    amount BIGINT NOT NULL CONSTRAINT amount_not_negative CHECK (amount >= 0), \
    label TEXT, \
    parent BIGINT REFERENCES things (id)); \
    CREATE UNIQUE INDEX things_label_folded ON things (lower(label));";

/// An open, migrated database with the table `things`.
pub(crate) struct TestDatabase {
    pub(crate) db: Db,
    pub(crate) url: String,
    _place: Place,
}

/// What is removed at the end of the test.
#[expect(dead_code, reason = "held until the test ends")]
enum Place {
    Directory(TempDir),
    Schema(Schema),
}

/// An empty schema on the server of `TEST_DATABASE_URL`, dropped with this value.
pub(crate) struct Schema {
    pub(crate) url: String,
    name: String,
    server: String,
}

impl TestDatabase {
    pub(crate) async fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/dabba.db", directory.path().display());
        Self::prepare(url, Place::Directory(directory)).await
    }

    /// `None` when no PostgreSQL is named.
    pub(crate) async fn postgres() -> Option<Self> {
        let schema = Schema::create().await?;
        Some(Self::prepare(schema.url.clone(), Place::Schema(schema)).await)
    }

    async fn prepare(url: String, place: Place) -> Self {
        let db = Db::open(&url.parse().unwrap(), Options::default()).await.unwrap();
        db.migrate().await.unwrap();
        let database = Self { db, url, _place: place };
        database.raw(THINGS).await;
        database
    }

    /// Another handle on the same database, as another node would have.
    pub(crate) async fn open(&self, options: Options) -> Db {
        Db::open(&self.url.parse().unwrap(), options).await.unwrap()
    }

    /// Runs a script on a connection of its own, past the store.
    pub(crate) async fn raw(&self, script: &str) {
        match self.file() {
            Some(path) => rusqlite::Connection::open(path).unwrap().execute_batch(script).unwrap(),
            None => self.client().await.batch_execute(script).await.unwrap(),
        }
    }

    /// The SQLite file, if this is one.
    pub(crate) fn file(&self) -> Option<&str> {
        self.url.strip_prefix("sqlite:")
    }

    /// A plain connection to PostgreSQL.
    pub(crate) async fn client(&self) -> Client {
        connect(&self.url).await
    }
}

impl Schema {
    /// `None` when no PostgreSQL is named.
    pub(crate) async fn create() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var("TEST_DATABASE_URL").ok().filter(|url| url.starts_with("postgres"))?;
        let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let script = format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}");
        connect(&server).await.batch_execute(&script).await.unwrap();
        let separator = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{separator}options=-csearch_path%3D{name}");
        Some(Self { url, name, server })
    }
}

impl Drop for Schema {
    /// On a thread of its own: a destructor cannot wait inside the test's runtime.
    fn drop(&mut self) {
        let script =
            format!("SET lock_timeout = '2s'; SET client_min_messages = warning; DROP SCHEMA {} CASCADE", self.name);
        let server = self.server.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let drop_schema = move || runtime.block_on(async { connect(&server).await.batch_execute(&script).await });
        if let Err(error) = std::thread::spawn(drop_schema).join().unwrap() {
            assert!(std::thread::panicking(), "the schema cannot be dropped: {error}");
        }
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Asks again until the answer is `Some`, for what becomes true soon.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    for _ in 0..500 {
        if let Some(answer) = ask().await {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what} did not happen within five seconds");
}
