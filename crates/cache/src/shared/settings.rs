//! How the shared tier is reached, and the names it uses in Redis.

use std::fmt;
use std::time::Duration;

use super::connection::Connector;
use crate::{BuildError, Namespace, memory::KeyRef};

const DEFAULT_PREFIX: &str = "dabba";
const DEFAULT_TIMEOUT: Duration = Duration::from_millis(250);
const LONGEST_PREFIX: usize = 64;
const LONGEST_INSTALLATION: usize = 32;

/// Where Redis is and how long to wait for it.
#[derive(Clone)]
pub struct RedisSettings {
    /// `redis://[user:password@]host[:port][/database]`; several separated by commas, or one
    /// that begins with `redis-cluster://`, lead to a cluster. Never shown.
    pub address: String,
    /// First part of every key and channel name: letters, digits, `-`, `_`, `.` and `:`.
    pub prefix: String,
    /// Second part, of the same letters: whoever shares a server and a prefix by mistake shares
    /// nothing else. Empty where there is only one.
    pub installation: String,
    /// The longest wait for one answer of Redis.
    pub timeout: Duration,
}

impl RedisSettings {
    /// The prefix `dabba` and a quarter of a second of patience.
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            prefix: DEFAULT_PREFIX.into(),
            installation: String::new(),
            timeout: DEFAULT_TIMEOUT,
        }
    }

    /// Whether a cache can be built with these; Redis is not asked.
    ///
    /// # Errors
    /// Says what of them makes no sense.
    pub fn check(&self) -> Result<(), BuildError> {
        Connector::new(&self.address)?;
        self.names().map(drop)
    }

    pub(crate) fn names(&self) -> Result<Names, BuildError> {
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_.:".contains(letter);
        let fits = (1..=LONGEST_PREFIX).contains(&self.prefix.len())
            && self.installation.len() <= LONGEST_INSTALLATION
            && self.prefix.chars().chain(self.installation.chars()).all(allowed);
        if !fits {
            return Err(BuildError::RedisPrefix);
        }
        let parts = [self.prefix.as_str(), self.installation.as_str()];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Ok(Names { prefix: parts.join(":") })
    }
}

impl fmt::Debug for RedisSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("RedisSettings");
        shown.field("prefix", &self.prefix).field("installation", &self.installation);
        shown.field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// Names of keys and channels. The braces put all keys of a namespace into one slot of a Redis
/// cluster, because one command reads a value together with its generations.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    prefix: String,
}

impl Names {
    pub(crate) fn value(&self, key: KeyRef<'_>) -> String {
        format!("{}:{{{}}}:value:{}", self.prefix, key.namespace, key.name)
    }

    /// A pattern that all values of a namespace match.
    pub(crate) fn values(&self, namespace: Namespace) -> String {
        format!("{}:{{{namespace}}}:value:*", self.prefix)
    }

    pub(crate) fn key_change(&self, key: KeyRef<'_>) -> String {
        format!("{}:{{{}}}:changed:{}", self.prefix, key.namespace, key.name)
    }

    pub(crate) fn generation(&self, namespace: Namespace) -> String {
        format!("{}:{{{namespace}}}:generation", self.prefix)
    }

    /// A name under which nothing ever is.
    pub(crate) fn probe(&self) -> String {
        format!("{}:probe", self.prefix)
    }

    /// Where it is written down how far the log of changes was followed.
    pub(crate) fn bookmark(&self) -> String {
        format!("{}:bookmark", self.prefix)
    }

    /// A channel for other news than invalidations.
    pub(crate) fn radio(&self, channel: &str) -> String {
        format!("{}:radio:{channel}", self.prefix)
    }

    pub(crate) fn channel(&self) -> String {
        format!("{}:invalidations", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::connection::Connector;

    #[test]
    fn passwords_show_neither_in_debug_nor_in_errors() {
        let settings = RedisSettings::new("redis://asha:s3cret@[bad/0");
        assert!(!format!("{settings:?}").contains("s3cret"));
        let error = Connector::new(&settings.address).map(|_| ()).map_err(|error| error.to_string());
        assert!(error.is_err_and(|text| !text.contains("s3cret")));
    }

    #[test]
    fn an_installation_has_names_of_its_own() {
        let settings = RedisSettings::new("redis://localhost");
        let names = |installation: &str| {
            RedisSettings { installation: installation.into(), ..settings.clone() }.names().map(|names| names.channel())
        };
        assert_eq!(names("").as_deref(), Ok("dabba:invalidations"));
        assert_eq!(names("k7").as_deref(), Ok("dabba:k7:invalidations"));
        assert_eq!(names("k 7"), Err(BuildError::RedisPrefix));
    }

    #[test]
    fn prefixes_that_could_break_a_name_are_refused() {
        for (prefix, fits) in
            [("dabba", true), ("zomato-enterprise-cache", true), ("", false), ("a{b}", false), ("a b", false)]
        {
            let settings = RedisSettings { prefix: prefix.into(), ..RedisSettings::new("redis://localhost") };
            assert_eq!(settings.names().is_ok(), fits, "{prefix:?}");
        }
    }
}
