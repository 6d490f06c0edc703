//! Configuration: built-in values, then `dabba.toml`, then the environment. Nothing is required.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use app::Routed;
use cache::RedisSettings;
use figment::{
    Figment,
    providers::{Env, Format as _, Serialized, Toml},
};
use roads::{Access, Engine, Kind};
use serde::{Deserialize, Serialize};
use store::DatabaseUrl;
use tracing_subscriber::EnvFilter;

/// Where Google Routes is.
const GOOGLE: &str = "https://routes.googleapis.com";

/// Everything that may be configured. Environment variables are the names in capitals after `DABBA_`; `DATABASE_URL` and
/// `REDIS_URL` are read as well.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address to listen on.
    pub host: String,
    /// The port to listen on.
    pub port: u16,
    /// Directory of the embedded database.
    pub data: PathBuf,
    /// `postgres://user@host/name`; without it the embedded database is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// `redis://host:port`; without it answers are kept in this process only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redis_url: Option<String>,
    /// Before every key in Redis, so that several platforms can share one.
    pub redis_prefix: String,
    /// What is logged: `error`, `warn`, `info`, `debug`, or a filter such as `info,store=debug`.
    pub log: String,
    /// Connections to PostgreSQL for each of the two large pools; batches have four of their own.
    pub database_connections: usize,
    /// Bytes of answers kept in this process.
    pub cache_bytes: u64,
    /// Seconds that a kitchen may take to answer.
    pub accept_within_s: u64,
    /// Seconds that a courier may look at an offer.
    pub offer_for_s: u64,
    /// Days that the ways of couriers are kept.
    pub traces_for_days: u64,
    /// Days that it is kept what was offered to whom, and why; at least one.
    pub decisions_for_days: u64,
    /// Who knows the ways: `osrm`, `valhalla` or `google`; the built-in ways without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing: Option<String>,
    /// The routing engine's address; Google's own unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing_url: Option<String>,
    /// The key that the routing engine wants. It is never logged nor printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing_key: Option<String>,
    /// Milliseconds that the routing engine may take; then the built-in ways hold.
    pub routing_patience_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 8_000,
            data: PathBuf::from("data"),
            database_url: None,
            redis_url: None,
            redis_prefix: "dabba".to_owned(),
            log: "info".to_owned(),
            database_connections: 16,
            cache_bytes: 64 << 20,
            accept_within_s: 180,
            offer_for_s: 45,
            traces_for_days: 30,
            decisions_for_days: 180,
            routing: None,
            routing_url: None,
            routing_key: None,
            routing_patience_ms: 400,
        }
    }
}

impl Config {
    /// Reads the configuration; the error says which source holds the wrong value.
    pub fn load() -> Result<Self, String> {
        let config: Self = Self::figment().extract().map_err(|error| format!("configuration: {error}"))?;
        // An empty variable means the same as none.
        let given = |url: Option<String>| url.filter(|url| !url.trim().is_empty());
        Ok(Self {
            database_url: given(config.database_url),
            redis_url: given(config.redis_url),
            routing: given(config.routing),
            routing_url: given(config.routing_url),
            routing_key: given(config.routing_key),
            ..config
        })
    }

    fn figment() -> Figment {
        let plain = Env::raw().only(&["database_url", "redis_url"]);
        Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file("dabba.toml"))
            .merge(plain)
            .merge(Env::prefixed("DABBA_"))
    }

    /// Where the database is.
    pub fn database(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| format!("sqlite:{}", self.data.join("dabba.sqlite").display()))
    }

    /// The file of the database, if it is one.
    pub fn database_file(&self) -> Option<PathBuf> {
        let database = self.database();
        database.strip_prefix("sqlite:").filter(|file| !file.is_empty() && *file != ":memory:").map(PathBuf::from)
    }

    /// The same with a database of its own in another folder.
    #[must_use]
    pub fn in_folder(&self, folder: &Path) -> Self {
        Self { data: folder.to_owned(), database_url: None, ..self.clone() }
    }

    /// The second tier of the cache, if there is one.
    pub fn redis(&self) -> Option<RedisSettings> {
        let url = self.redis_url.as_ref()?;
        Some(RedisSettings { prefix: self.redis_prefix.clone(), ..RedisSettings::new(url) })
    }

    /// The configuration, if it makes sense; neither database nor Redis is asked. The error names the setting.
    ///
    /// # Errors
    /// If an address or a name is none that the server knows.
    pub fn checked(self) -> Result<Self, String> {
        self.database().parse::<DatabaseUrl>().map_err(|error| format!("database_url: {error}"))?;
        self.redis().map_or(Ok(()), |redis| redis.check()).map_err(|error| format!("redis_url: {error}"))?;
        EnvFilter::try_new(&self.log).map_err(|error| format!("log: {error}"))?;
        self.routing()?;
        Ok(self)
    }

    /// The routing engine, if one is configured. The error names the setting.
    pub fn routing(&self) -> Result<Option<Routed>, String> {
        let Some(name) = &self.routing else { return Ok(None) };
        let known = || Kind::ALL.map(Kind::as_str).join(", ");
        let kind = Kind::parse(name).ok_or_else(|| format!("routing: `{name}` is none of {}", known()))?;
        let google = (kind == Kind::Google).then(|| GOOGLE.to_owned());
        let url =
            self.routing_url.clone().or(google).ok_or("routing_url: the address of the routing engine is missing")?;
        let patience = Duration::from_millis(self.routing_patience_ms);
        let access = Access { kind, url, key: self.routing_key.clone(), patience };
        Ok(Some(Routed::new(Engine::new(access).map_err(|error| format!("routing: {error}"))?, patience)))
    }

    /// How the use cases behave.
    pub fn settings(&self) -> app::Settings {
        app::Settings {
            accept_within: Duration::from_secs(self.accept_within_s),
            offer_for: Duration::from_secs(self.offer_for_s),
            traces_for: Duration::from_secs(self.traces_for_days.saturating_mul(86_400)),
            // Who refused an order that is still open must not be asked again.
            decisions_for: Duration::from_secs(self.decisions_for_days.max(1).saturating_mul(86_400)),
            ..app::Settings::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Config;
    use figment::Jail;

    #[test]
    #[expect(clippy::result_large_err, reason = "the jail's own error")]
    fn the_environment_wins_over_the_file() {
        Jail::expect_with(|jail| {
            jail.create_file("dabba.toml", "port = 9000\nlog = \"warn\"")?;
            jail.set_env("DABBA_PORT", "9001");
            jail.set_env("DATABASE_URL", "postgres://dabba@localhost/dabba");
            let config = Config::load().unwrap();
            assert_eq!((config.port, config.log.as_str()), (9_001, "warn"));
            assert!(config.database().starts_with("postgres://"));
            Ok(())
        });
    }

    #[test]
    fn a_routing_engine_that_cannot_be_is_named() {
        let with = |routing: &str, url: Option<&str>, key: Option<&str>| {
            let given = |text: Option<&str>| text.map(str::to_owned);
            let (routing, routing_url, routing_key) = (given(Some(routing)), given(url), given(key));
            Config { routing, routing_url, routing_key, ..Config::default() }.routing().map(|found| found.is_some())
        };
        assert_eq!(Config::default().routing().map(|found| found.is_some()), Ok(false));
        assert_eq!(with("osrm", Some("http://127.0.0.1:5000"), None), Ok(true));
        assert_eq!(with("google", None, Some("secret")), Ok(true));
        for (wrong, named) in [
            (with("here", None, None), "osrm, valhalla, google"),
            (with("osrm", None, None), "routing_url"),
            (with("valhalla", Some("ftp://engine"), None), "http://"),
            (with("google", None, None), "key"),
        ] {
            assert!(wrong.clone().is_err_and(|message| message.contains(named)), "{wrong:?}");
        }
    }

    #[test]
    #[expect(clippy::result_large_err, reason = "the jail's own error")]
    fn a_wrong_value_is_named() {
        Jail::expect_with(|jail| {
            jail.set_env("DABBA_PORT", "lots");
            let error = Config::load().unwrap_err();
            assert!(error.contains("PORT") || error.contains("port"), "{error}");
            Ok(())
        });
    }
}
