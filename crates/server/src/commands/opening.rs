//! Opening the application as it is configured: database and cache.

use std::sync::Arc;

use app::{App, Entropy, Settings, SystemClock};
use cache::{BuildError, Cache, Radio, RedisSettings};
use store::{DatabaseUrl, Db, Options};

use crate::config::Config;

/// Opens the database and brings it up to date.
pub(super) async fn database(config: &Config) -> Result<Db, String> {
    let url: DatabaseUrl = config.database().parse().map_err(|error| format!("{error}"))?;
    let options = Options { connections: config.database_connections, ..Options::default() };
    let db = Db::open(&url, options).await.map_err(|error| error.to_string())?;
    db.migrate().await.map_err(|error| error.to_string())?;
    Ok(db)
}

/// Opens the application.
pub(super) async fn application(config: &Config, settings: Settings) -> Result<App, String> {
    let entropy = Arc::new(Entropy::from_system());
    // A wrong setting is refused before the database is touched.
    let redis = config.redis();
    redis.as_ref().map_or(Ok(()), RedisSettings::check).map_err(|error| format!("redis_url: {error}"))?;
    let routing = config.routing()?;
    let db = database(config).await?;
    let seed = u64::from_le_bytes(entropy.bytes());
    let app = App::open(db, settings, Arc::new(SystemClock), entropy).await.map_err(|error| error.to_string())?;
    if let Some(routing) = routing {
        app.set_travel(Arc::new(routing));
    }
    let redis = redis.map(|redis| RedisSettings { installation: app.installation().to_owned(), ..redis });
    with_cache(app, config, redis, seed).map_err(|error| format!("redis_url: {error}"))
}

/// The application with the tiers of its cache, and with what its nodes tell each other.
fn with_cache(app: App, config: &Config, redis: Option<RedisSettings>, seed: u64) -> Result<App, BuildError> {
    let clock = Arc::new(cache::SystemClock::default());
    let builder = Cache::builder(clock, seed).memory_budget(config.cache_bytes);
    let Some(redis) = redis else { return Ok(app.with_answers(builder.build()?)) };
    let radio = Radio::new(&redis, "positions", Arc::new(cache::SystemClock::default()))?;
    Ok(app.with_answers(builder.redis(redis).build()?).with_radio(radio))
}

/// `dabba migrate`.
#[expect(clippy::print_stdout, reason = "the command's result")]
pub(super) async fn migrate(config: &Config) -> Result<(), String> {
    let db = database(config).await?;
    db.close().await;
    println!("The database is up to date.");
    Ok(())
}
