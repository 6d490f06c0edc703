//! A server of our own: a small city in a database to throw away, this very program serving it in a process of its own.

use std::{
    fs::File,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use app::{App, Entropy, Settings, SystemClock};
use domain::permission::Actor;
use rustix::process::{Pid, Signal, kill_process};
use sim::CitySpec;
use store::Options;
use tempfile::TempDir;

use super::client::{Call, Client};
use crate::commands::measure::{machine::memory_mb, place::Place};

/// A server that is not ready by then never will be.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is asked.
const ASK: Duration = Duration::from_millis(2);
/// How long it rests before its memory is read.
const REST: Duration = Duration::from_secs(2);
/// How long it may take to end.
const FAREWELL: Duration = Duration::from_secs(30);

/// Its log in its working directory.
const LOG: &str = "log";

/// A started server, ended with this value at the latest.
pub(in crate::commands) struct Own {
    /// Where it listens.
    pub(in crate::commands) address: SocketAddr,
    /// How it started.
    pub(in crate::commands) started: Started,
    child: Child,
    place: Option<Place>,
    scratch: TempDir,
}

/// How a server started.
#[derive(Clone, Debug)]
pub(in crate::commands) struct Started {
    /// From the start of the process to the first "ready".
    pub(in crate::commands) ready_ms: f64,
    /// Resident memory a moment later, before the first request.
    pub(in crate::commands) idle_mb: f64,
}

impl Own {
    /// Fills a database and starts the server on it, with a Redis where one is given.
    pub(in crate::commands) async fn start(
        database: Option<&str>,
        data: Option<&PathBuf>,
        seed: u64,
        redis: Option<&str>,
    ) -> Result<Self, String> {
        let place = Place::make(database, data).await?;
        match fill(&place, seed).await {
            Ok(()) => Self::on(place, redis).await,
            Err(error) => place.remove().await.and(Err(error)),
        }
    }

    /// Starts the server on a database that has been filled.
    pub(in crate::commands) async fn on(place: Place, redis: Option<&str>) -> Result<Self, String> {
        match serve(&place, redis) {
            Ok((child, scratch, address, begun)) => {
                let started = Started { ready_ms: 0.0, idle_mb: 0.0 };
                let mut own = Self { address, started, child, place: Some(place), scratch };
                match own.wait_until_ready(begun).await {
                    Ok(()) => Ok(own),
                    Err(error) => own.end().await.and(Err(error)),
                }
            }
            Err(error) => place.remove().await.and(Err(error)),
        }
    }

    /// Which engine it has, and on what.
    pub(in crate::commands) fn instance(&self) -> String {
        self.place.as_ref().map_or_else(String::new, |place| format!("a server of its own, {}", place.instance))
    }

    /// Its process.
    pub(in crate::commands) fn pid(&self) -> u32 {
        self.child.id()
    }

    async fn wait_until_ready(&mut self, begun: Instant) -> Result<(), String> {
        let mut client = Client::new(self.address);
        loop {
            let call = Call { path: "/health/ready", ..Call::default() };
            if client.send(call).await.is_ok_and(|reply| (200..300).contains(&reply.status)) {
                break;
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("the server ended at once ({status}): {}", self.last_words()));
            }
            if begun.elapsed() > PATIENCE {
                return Err("the server did not become ready".to_owned());
            }
            tokio::time::sleep(ASK).await;
        }
        self.started.ready_ms = begun.elapsed().as_secs_f64() * 1_000.0;
        tokio::time::sleep(REST).await;
        self.started.idle_mb = memory_mb(self.pid(), "VmRSS").unwrap_or_default();
        Ok(())
    }

    /// The last line of its log.
    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.scratch.path().join(LOG)).unwrap_or_default();
        log.lines().next_back().unwrap_or_default().to_owned()
    }

    /// Asks the server to end, waits for it, and removes its database.
    pub(in crate::commands) async fn end(mut self) -> Result<(), String> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(pid) = pid {
            // It may have ended by itself.
            let _ = kill_process(pid, Signal::TERM);
        }
        let begun = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && begun.elapsed() < FAREWELL {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let ended = self.child.try_wait().ok().flatten();
        self.stop();
        if let Some(place) = self.place.take() {
            place.remove().await?;
        }
        match ended {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(format!("the server ended with {status}")),
            None => Err("the server did not end when it was asked to".to_owned()),
        }
    }

    /// Ends the process whatever it does, and lets the system forget it.
    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        self.stop();
    }
}

fn serve(place: &Place, redis: Option<&str>) -> Result<(Child, TempDir, SocketAddr, Instant), String> {
    let text = |error: std::io::Error| error.to_string();
    let scratch = TempDir::with_prefix("dabba-loadtest-").map_err(text)?;
    let log = File::create(scratch.path().join(LOG)).map_err(text)?;
    let address = free_address().map_err(text)?;
    let program = std::env::current_exe().map_err(text)?;
    let mut command = Command::new(program);
    // Its places are ours; what else the environment says, such as DABBA_LOG, holds for it too.
    for place in ["DABBA_DATA", "DABBA_DATABASE_URL", "DABBA_REDIS_URL", "REDIS_URL"] {
        command.env_remove(place);
    }
    command
        .arg("serve")
        .current_dir(scratch.path())
        .env("DABBA_HOST", address.ip().to_string())
        .env("DABBA_PORT", address.port().to_string())
        .env("DATABASE_URL", &place.url)
        .envs(redis.map(|url| ("REDIS_URL", url)))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log);
    let begun = Instant::now();
    let child = command.spawn().map_err(|error| format!("the server cannot be started: {error}"))?;
    Ok((child, scratch, address, begun))
}

/// A small city whose kitchens are mostly open, through the use cases.
async fn fill(place: &Place, seed: u64) -> Result<(), String> {
    let db = place.open(Options::default()).await?;
    let entropy = Arc::new(Entropy::from_system());
    let app = App::open(db, Settings::default(), Arc::new(SystemClock), entropy).await;
    let app = app.map_err(|error| error.to_string())?;
    let spec = CitySpec { seed, couriers: 8, customers: 8, demo: true, ..CitySpec::default() };
    let seeded = sim::seed_city(&app, &app.ctx(Actor::System), &spec).await;
    app.close().await;
    seeded.map(drop).map_err(|error| error.to_string())
}

/// An address that is free now; whoever is faster may take it, and then the start fails and says so.
pub(super) fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}
