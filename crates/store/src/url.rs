//! Where the database is: `sqlite:PATH` or `postgres://user:password@host:port/name`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::error::OpenError;

/// A parsed database address. Its text form leaves out user and password, so it may be logged.
#[derive(Clone, Debug)]
pub struct DatabaseUrl(pub(crate) Place);

#[derive(Clone)]
pub(crate) enum Place {
    Sqlite(PathBuf),
    Postgres(Box<tokio_postgres::Config>),
}

impl FromStr for DatabaseUrl {
    type Err = OpenError;

    fn from_str(text: &str) -> Result<Self, OpenError> {
        if let Some(path) = text.strip_prefix("sqlite:").filter(|path| !path.is_empty() && *path != ":memory:") {
            return Ok(Self(Place::Sqlite(PathBuf::from(path))));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            // The parser's own message could repeat the text, password included.
            let config = text.parse().map_err(|_| OpenError::Address("postgres://...".to_owned()))?;
            return Ok(Self(Place::Postgres(Box::new(config))));
        }
        let scheme: String = text.split("//").next().unwrap_or_default().chars().take(40).collect();
        Err(OpenError::Address(scheme))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(formatter, "sqlite:{}", path.display()),
            Self::Postgres(config) => {
                write!(formatter, "postgres://{}/{}", address(config), config.get_dbname().unwrap_or_default())
            }
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Host and port of the first server, for messages.
pub(crate) fn address(config: &tokio_postgres::Config) -> String {
    let host = match config.get_hosts().first() {
        Some(tokio_postgres::config::Host::Tcp(name)) => name.clone(),
        #[cfg(unix)]
        Some(tokio_postgres::config::Host::Unix(path)) => path.display().to_string(),
        None => "localhost".to_owned(),
    };
    format!("{host}:{}", config.get_ports().first().copied().unwrap_or(5432))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_shows_where_but_never_who() {
        let url: DatabaseUrl = "postgres://asha:s3cret@db.example:6000/dabba".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://db.example:6000/dabba");
        assert!(!format!("{url:?}").contains("s3cret"));
        let url: DatabaseUrl = "sqlite:/var/lib/dabba/dabba.db".parse().unwrap();
        assert_eq!(url.to_string(), "sqlite:/var/lib/dabba/dabba.db");
    }

    #[test]
    fn anything_else_is_refused_without_repeating_it() {
        for text in ["mysql://root:s3cret@host/x", "postgres://u:s3cret@host:notaport/x", "sqlite:", "sqlite::memory:"]
        {
            let message = text.parse::<DatabaseUrl>().unwrap_err().to_string();
            assert!(message.contains("write sqlite:PATH or"), "{message}");
            assert!(!message.contains("s3cret"), "{message}");
        }
    }
}
