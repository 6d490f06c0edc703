//! Opening the application as it is configured: database and cache.

use std::sync::Arc;

use app::{App, Entropy, Settings, SystemClock};
use cache::{Cache, Radio};
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
    let answers = answers(config, &entropy)?;
    let routing = config.routing()?;
    let db = database(config).await?;
    let app = App::open(db, settings, Arc::new(SystemClock), entropy).await;
    let app = app.map_err(|error| error.to_string())?.with_answers(answers);
    if let Some(routing) = routing {
        app.set_travel(Arc::new(routing));
    }
    match config.redis() {
        Some(settings) => {
            let radio = Radio::new(&settings, "positions", Arc::new(cache::SystemClock::default()));
            Ok(app.with_radio(radio.map_err(|error| format!("redis_url: {error}"))?))
        }
        None => Ok(app),
    }
}

fn answers(config: &Config, entropy: &Entropy) -> Result<Cache, String> {
    let seed = u64::from_le_bytes(entropy.bytes());
    let mut builder = Cache::builder(Arc::new(cache::SystemClock::default()), seed).memory_budget(config.cache_bytes);
    if let Some(settings) = config.redis() {
        builder = builder.redis(settings);
    }
    builder.build().map_err(|error| format!("redis_url: {error}"))
}

/// `dabba migrate`.
#[expect(clippy::print_stdout, reason = "the command's result")]
pub(super) async fn migrate(config: &Config) -> Result<(), String> {
    let db = database(config).await?;
    db.close().await;
    println!("The database is up to date.");
    Ok(())
}
