//! One Redis server or a cluster of them, behind the same few calls.
//!
//! An address is `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS with a
//! certificate that the system trusts. Several of them, separated by commas, or one that begins
//! with `redis-cluster://` or `rediss-cluster://`, are entrances to a cluster; scheme, user and
//! password of the first hold for those that are given as `host:port` alone.

use std::time::Duration;

use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig, PubSub};
use redis::cluster::{ClusterClient, ClusterConfig};
use redis::cluster_async::ClusterConnection;
use redis::{Client, Cmd, IntoConnectionInfo, Pipeline, RedisFuture, RedisResult, Value};

use crate::BuildError;

/// What an address of a cluster begins with, and how its servers are spoken to.
const CLUSTERS: [(&str, &str); 2] = [("redis-cluster://", "redis://"), ("rediss-cluster://", "rediss://")];

/// How to reach Redis. Connects to nothing by itself.
pub(crate) struct Connector {
    /// Every entrance, for what any server can do.
    entrances: Vec<Client>,
    cluster: Option<ClusterClient>,
}

impl Connector {
    pub(crate) fn new(address: &str) -> Result<Self, BuildError> {
        // Refused where the process has one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // The parser's message may quote the address, password included, so it is not passed on.
        let open = |address: &String| {
            let connection = address.as_str().into_connection_info().map_err(|_| BuildError::RedisAddress)?;
            Client::open(connection).map_err(|_| BuildError::RedisAddress)
        };
        let addresses = entrances(address);
        let entrances = addresses.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let clustered = CLUSTERS.iter().any(|(cluster, _)| address.starts_with(cluster)) || entrances.len() > 1;
        let cluster = clustered.then(|| ClusterClient::builder(addresses).retries(1).build());
        Ok(Self { entrances, cluster: cluster.transpose().map_err(|_| BuildError::RedisAddress)? })
    }

    /// A connection that is made on first use. One attempt: the breaker decides when the next is
    /// due.
    pub(crate) fn connect(&self, timeout: Duration) -> RedisResult<Connection> {
        if let Some(cluster) = &self.cluster {
            let config = ClusterConfig::new().set_connection_timeout(timeout).set_response_timeout(timeout);
            return Ok(Connection::Cluster(cluster.get_pending_async_connection_with_config(config)));
        }
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(timeout))
            .set_response_timeout(Some(timeout));
        ConnectionManager::new_lazy_with_config(self.entrances[0].clone(), config).map(Connection::Single)
    }

    /// A connection that hears messages. In a cluster all servers hear all of them, so it leads
    /// to one entrance, another with each `attempt`.
    pub(crate) async fn hear(&self, attempt: usize) -> RedisResult<PubSub> {
        self.entrances[attempt % self.entrances.len()].get_async_pubsub().await
    }

    pub(crate) fn clustered(&self) -> bool {
        self.cluster.is_some()
    }

    /// Hosts and ports, without user or password.
    pub(crate) fn address(&self) -> String {
        let addresses = self.entrances.iter().map(|client| client.get_connection_info().addr().to_string());
        addresses.collect::<Vec<_>>().join(",")
    }

    /// `text` without passwords.
    pub(crate) fn without_secrets(&self, text: String) -> String {
        self.entrances.iter().fold(text, |text, client| {
            match client.get_connection_info().redis_settings().password() {
                Some(password) if !password.is_empty() => text.replace(password, "***"),
                _ => text,
            }
        })
    }
}

/// The addresses of all entrances, complete.
fn entrances(address: &str) -> Vec<String> {
    let cluster = CLUSTERS.iter().find_map(|(cluster, scheme)| Some((*scheme, address.strip_prefix(cluster)?)));
    let server = || CLUSTERS.iter().find_map(|(_, scheme)| Some((*scheme, address.strip_prefix(scheme)?)));
    let Some((scheme, rest)) = cluster.or_else(server) else { return parts(address, "redis://", "") };
    let login = rest.split(',').next().and_then(|first| first.rsplit_once('@'));
    parts(rest, scheme, &login.map(|(login, _)| format!("{login}@")).unwrap_or_default())
}

/// Addresses separated by commas; those that say no scheme get this one, and the login unless they have their own.
fn parts(addresses: &str, scheme: &str, login: &str) -> Vec<String> {
    let whole = |part: &str| match part {
        part if part.contains("://") => part.to_owned(),
        part if part.contains('@') => format!("{scheme}{part}"),
        part => format!("{scheme}{login}{part}"),
    };
    addresses.split(',').map(str::trim).map(whole).collect()
}

/// Clones share what is below.
#[derive(Clone)]
pub(crate) enum Connection {
    Single(ConnectionManager),
    Cluster(ClusterConnection),
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::Single(single) => single.req_packed_command(command),
            Self::Cluster(cluster) => cluster.req_packed_command(command),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::Single(single) => single.req_packed_commands(pipeline, offset, count),
            Self::Cluster(cluster) => cluster.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Single(single) => single.get_db(),
            Self::Cluster(cluster) => cluster.get_db(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entrances_of_a_cluster_share_what_the_first_says() {
        assert_eq!(entrances("redis://h:1/2"), ["redis://h:1/2"]);
        let login = ["redis://u:p@a:1", "redis://u:p@b:2", "redis://c:3"];
        assert_eq!(entrances("redis-cluster://u:p@a:1, b:2,redis://c:3"), login);
        assert_eq!(entrances("a:1,b:2"), ["redis://a:1", "redis://b:2"]);
        assert_eq!(entrances("rediss://u:p@h:1"), ["rediss://u:p@h:1"]);
        let tls = ["rediss://u:p@a:1", "rediss://u:p@b:2", "rediss://v:q@c:3"];
        assert_eq!(entrances("rediss-cluster://u:p@a:1,b:2,v:q@c:3"), tls);
    }

    #[test]
    fn several_addresses_or_the_scheme_mean_a_cluster() {
        for (address, clustered) in [
            ("redis://a:1", false),
            ("redis-cluster://a:1", true),
            ("redis://a:1,b:2", true),
            ("a:1,b:2", true),
            ("rediss://a:1", false),
            ("rediss-cluster://a:1", true),
        ] {
            assert_eq!(Connector::new(address).map(|it| it.clustered()), Ok(clustered), "{address}");
        }
        for bad in ["", "http://a:1", "redis://u:s3cret@[bad", "redis://a:1,,b:2"] {
            assert_eq!(Connector::new(bad).map(|_| ()), Err(BuildError::RedisAddress), "{bad:?}");
        }
    }

    #[test]
    fn what_is_shown_has_no_passwords() {
        let connector = Connector::new("redis-cluster://u:s3cret@a:1,b:2");
        let shown = connector.map(|it| (it.address(), it.without_secrets("wrong s3cret".into())));
        assert_eq!(shown, Ok(("a:1,b:2".into(), "wrong ***".into())));
    }
}
