//! `dabba serve`: listens until it is told to stop, then lets everybody finish.

use std::{
    fs::{File, TryLockError},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{net::TcpListener, signal::unix};

use super::{log, opening};
use crate::{Server, config::Config, front, http::connections};

/// How long open requests may take once the server stops.
const DRAIN: Duration = Duration::from_secs(25);
/// How often recorded durations are sorted into buckets.
const TIDY: Duration = Duration::from_secs(5);
/// Seconds that requests and statements are sorted into.
const BUCKETS: &[f64] =
    &[0.000_1, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// `dabba serve`.
#[expect(clippy::print_stdout, reason = "the person at the terminal wants the address")]
pub(super) async fn serve(config: &Config) -> Result<(), String> {
    log::start(&config.log)?;
    let metrics = metrics()?;
    let listener = listen(config).await?;
    let _held = keep_others_away(config)?;
    let app = Arc::new(opening::application(config, config.settings()).await?);
    app.start();
    println!("Dabba listens on http://{}:{}", config.host, config.port);
    run(Arc::new(Server::new(app, Some(metrics), None)), listener).await
}

/// Starts to count.
pub(super) fn metrics() -> Result<PrometheusHandle, String> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| format!("metrics: {error}"))
}

/// Raises the limit of open files to what the system allows: each stream that is held takes one.
pub(super) fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

/// Takes the port, or says who might have it.
pub(super) async fn listen(config: &Config) -> Result<TcpListener, String> {
    let address = format!("{}:{}", config.host, config.port);
    connections::listen(&address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("port {} is taken by another program; choose one with DABBA_PORT", config.port)
        }
        _ => format!("cannot listen on {address}: {error}"),
    })
}

/// Keeps other servers away from an embedded database: each would think that it knows what is in it. What only reads and
/// writes, such as an import, is welcome. Holds for as long as the file is open, however the process ends.
pub(super) fn keep_others_away(config: &Config) -> Result<Option<File>, String> {
    let Some(file) = config.database_file() else { return Ok(None) };
    // By whatever name it is reached, it is the same file.
    let file = file.canonicalize().unwrap_or(file);
    let mut place = file.clone().into_os_string();
    place.push(".serving");
    let place = PathBuf::from(place);
    let made = place.parent().map_or(Ok(()), std::fs::create_dir_all);
    let lock = match made.and_then(|()| File::options().create(true).append(true).open(&place)) {
        Ok(lock) => lock,
        // Another user's, for instance.
        Err(error) if place.exists() => return Err(format!("cannot open {}: {error}", place.display())),
        // The folder cannot be used; opening the database says so.
        Err(_) => return Ok(None),
    };
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => {
            Err(format!("another server works with {}; choose another folder with DABBA_DATA", file.display()))
        }
        Err(TryLockError::Error(error)) => {
            tracing::warn!(%error, "this file system has no locks; nothing keeps a second server away");
            Ok(None)
        }
    }
}

/// Serves until SIGINT or SIGTERM: streams are ended, open requests finish, the store is closed.
pub(super) async fn run(server: Arc<Server>, listener: TcpListener) -> Result<(), String> {
    allow_many_files();
    let stopping = Arc::clone(&server);
    let mut stop = server.stop();
    let tidying = server.metrics.clone().map(|metrics| tokio::spawn(tidy(metrics)));
    let serving = connections::serve(listener, front(&server), async move {
        asked_to_stop().await;
        stopping.drain();
    });
    let deadline = async move {
        let _ = stop.wait_for(|stop| *stop).await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        () = serving => {}
        () = deadline => {}
    }
    if let Some(tidying) = tidying {
        tidying.abort();
    }
    server.app.close().await;
    Ok(())
}

/// Durations are kept one by one until they are sorted into their buckets. Whoever reads `/metrics` sorts them; this does
/// it where nobody reads.
async fn tidy(metrics: PrometheusHandle) {
    loop {
        tokio::time::sleep(TIDY).await;
        metrics.run_upkeep();
    }
}

async fn asked_to_stop() {
    let terminate = async {
        match unix::signal(unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
