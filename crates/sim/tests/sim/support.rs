//! Small cities and databases for them.

use std::sync::Arc;

use app::{App, Entropy, ManualClock, Settings};
use jiff::Timestamp;
use sim::{CitySpec, SimReport, SimSpec};
use store::{Db, Options};
use tempfile::TempDir;
use tokio_postgres::NoTls;

/// A town with few people, so that a day of it is short.
pub(crate) fn small_city() -> CitySpec {
    CitySpec { restaurants: 12, couriers: 10, customers: 30, ..CitySpec::default() }
}

/// A short lunch.
pub(crate) fn short_day(seed: u64) -> SimSpec {
    SimSpec { seed, orders: 30, orders_per_hour: 120.0, city: small_city(), ..SimSpec::default() }
}

/// A lunch in a town with so few couriers that orders of one kitchen ride together.
pub(crate) fn scarce_day(seed: u64) -> SimSpec {
    let city = CitySpec { restaurants: 3, couriers: 3, ..small_city() };
    SimSpec { orders: 20, orders_per_hour: 150.0, city, ..short_day(seed) }
}

/// What must be the same whatever the machine was doing meanwhile.
pub(crate) fn without_wall_time(report: SimReport) -> SimReport {
    SimReport { wall_s: 0.0, orders_per_s: 0.0, ..report }
}

/// An application on a temporary SQLite database, with a clock to be set by hand.
pub(crate) async fn app_at(start: Timestamp) -> (Arc<App>, Arc<ManualClock>, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/dabba.db", directory.path().display()).parse().unwrap();
    let db = Db::open(&url, Options::default()).await.unwrap();
    db.migrate().await.unwrap();
    let clock = Arc::new(ManualClock::new(start));
    let entropy = Arc::new(Entropy::from_seed(1));
    let settings = Settings { demo: true, ..Settings::default() };
    let app = App::open(db, settings, Arc::clone(&clock) as _, entropy).await.unwrap();
    (Arc::new(app), clock, directory)
}

/// An empty schema of a test on the server of `TEST_DATABASE_URL`; `None` when no PostgreSQL is named.
pub(crate) async fn postgres_schema(test: &str) -> Option<(String, tokio_postgres::Client, String)> {
    let server = std::env::var("TEST_DATABASE_URL").ok().filter(|url| url.starts_with("postgres"))?;
    let (client, connection) = tokio_postgres::connect(&server, NoTls).await.unwrap();
    tokio::spawn(connection);
    let name = format!("sim_{test}_{}", std::process::id());
    client.batch_execute(&format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}")).await.unwrap();
    let separator = if server.contains('?') { '&' } else { '?' };
    Some((format!("{server}{separator}options=-csearch_path%3D{name}"), client, name))
}
