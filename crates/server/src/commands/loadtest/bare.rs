//! What the hardware can send at most: a handler that answers 10 KB from memory and does nothing else, in a process of its
//! own, under the same load.

use std::{
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, routing::get};
use clap::Args;

use super::{
    client::{Call, Client},
    own::free_address,
};
use crate::http::connections;

/// Bytes of its answer.
const BODY: usize = 10_000;
/// A server that does not answer by then never will.
const PATIENCE: Duration = Duration::from_secs(10);

/// The handler as a command, for [`Bare::start`].
#[derive(Debug, Args)]
pub(in crate::commands) struct BareArgs {
    /// The port of the loopback address that it listens on
    port: u16,
}

/// Serves until it is killed.
pub(in crate::commands) async fn bare(args: &BareArgs) -> Result<(), String> {
    let listener = connections::listen(&format!("127.0.0.1:{}", args.port)).await.map_err(|error| error.to_string())?;
    let body = Bytes::from(vec![b'x'; BODY]);
    let router = Router::new().route("/", get(move || std::future::ready(body.clone())));
    axum::serve(listener, router).await.map_err(|error| error.to_string())
}

/// A running one, ended with this value.
pub(super) struct Bare {
    pub(super) address: SocketAddr,
    child: Child,
}

impl Bare {
    pub(super) async fn start() -> Result<Self, String> {
        let text = |error: std::io::Error| error.to_string();
        let address = free_address().map_err(text)?;
        let mut command = Command::new(std::env::current_exe().map_err(text)?);
        command.arg("bare").arg(address.port().to_string()).stdin(Stdio::null()).stdout(Stdio::null());
        let started = Self { address, child: command.spawn().map_err(text)? };
        let begun = Instant::now();
        let mut client = Client::new(address);
        while client.send(Call { path: "/", ..Call::default() }).await.is_err() {
            if begun.elapsed() > PATIENCE {
                return Err("the bare handler does not answer".to_owned());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(started)
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
