//! How the server is reached: in plain text, or, where the address says `sslmode=require`, over TLS with a certificate that
//! the system trusts and that names the server. Nothing in between: what falls back to plain text protects nobody.

use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::{Client, Config, Connection, Error, Socket, config::SslMode, tls::MakeTlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::OpenError;
use crate::url::address;

/// Where the server is, and how to speak to it.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
}

/// What speaks over a connection.
type Stream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

impl Server {
    pub(super) fn new(mut config: Config) -> Result<Self, OpenError> {
        if config.get_ssl_mode() != SslMode::Require {
            config.ssl_mode(SslMode::Disable);
            let nobody = ClientConfig::builder().with_root_certificates(RootCertStore::empty());
            return Ok(Self { config, tls: MakeRustlsConnect::new(nobody.with_no_client_auth()) });
        }
        match MakeRustlsConnect::with_native_certs() {
            Ok((tls, _)) => Ok(Self { config, tls }),
            Err(errors) => {
                let reason = errors.first().map_or_else(|| "there are none".to_owned(), ToString::to_string);
                let reason = format!("the system's certificates cannot be read: {reason}");
                Err(OpenError::CannotConnect { address: address(&config), reason })
            }
        }
    }

    pub(super) async fn connect(&self) -> Result<(Client, Connection<Socket, Stream>), Error> {
        self.config.connect(self.tls.clone()).await
    }
}
