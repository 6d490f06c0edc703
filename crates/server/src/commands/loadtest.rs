//! `dabba loadtest`: what a running server bears, seen from outside.
//!
//! Requests go over real connections, authenticated, to this machine only. Closed loop: each connection sends as soon
//! as it was answered, which shows the capacity. Open loop (`--rate`): operations are due at random moments whether or not
//! the server keeps up, and each latency counts from the moment it was due, so that a stall is seen by all who would
//! have met it (coordinated omission). Without an address it starts a server of its own on a small city and ends it
//! afterwards.

mod bare;
pub(super) mod client;
mod drive;
mod html;
mod outage;
pub(super) mod own;
mod report;
mod tally;
mod town;

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use clap::{Args, ValueEnum};
use hyper::Uri;
use serde::Serialize;

pub(super) use self::bare::{BareArgs, bare};
use self::{bare::Bare, drive::Plan, own::Own, town::Town};
use super::measure::{
    Document,
    histogram::{Histogram, float},
    machine::{Busy, Machine},
};

/// What to load, and how.
#[derive(Debug, Args)]
pub(super) struct LoadtestArgs {
    /// A running server on this machine, such as http://127.0.0.1:8000. Without it, one is started
    #[arg(long)]
    url: Option<String>,
    /// The process of that server, to see its processor time and memory
    #[arg(long, requires = "url")]
    server_pid: Option<u32>,
    /// A PostgreSQL server for the started server (`postgres://..`). Without it, a temporary SQLite file
    #[arg(long, conflicts_with = "url")]
    database: Option<String>,
    /// Directory of the temporary SQLite file, if not the system's
    #[arg(long, conflicts_with = "url")]
    data: Option<PathBuf>,
    /// What is done
    #[arg(long, value_enum, default_value_t = Scenario::Orders)]
    scenario: Scenario,
    /// Connections, each with one request at a time
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    connections: u16,
    /// Operations a second, whether or not the server keeps up. Without it, as many as it bears
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rate: Option<u32>,
    /// Seconds
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..))]
    seconds: u16,
    /// Customers that are registered and share the connections
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
    customers: u8,
    /// Threads of this tool
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=16))]
    threads: u8,
    /// What is done when follows from it
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Start a Redis too (`redis-server` must be installed), kill it after a third of the run and start it again after
    /// two; each third takes the whole time
    #[arg(long, conflicts_with = "url")]
    lose_redis: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
    /// Write a report that a browser shows
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(super) enum Scenario {
    /// A quote and an order each
    Orders,
    /// Lists, restaurants and menus
    Browse,
    /// 90 % browsing, 5 % quotes, 3 % orders, 2 % tracking
    Mixed,
    /// An order is tracked
    Track,
}

/// `dabba loadtest`.
pub(super) async fn loadtest(args: &LoadtestArgs) -> Result<(), String> {
    let machine = Machine::now();
    let address = args.url.as_deref().map(loopback).transpose()?;
    let measured = match address {
        Some(address) => {
            let instance = format!("the server at {address}");
            measure(args, machine, address, args.server_pid, &instance, None).await?
        }
        None if args.lose_redis => outage::measure(args, machine).await?,
        None => with_own(args, machine).await?,
    };
    if let Some(path) = &args.report {
        let html = html::page(&measured.document, &measured.operations, &report::hints(args, &measured.document));
        std::fs::write(path, html).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    measured.document.print(args.json)
}

/// What a run showed.
struct Measured {
    document: Document,
    /// Latencies of whole operations, for the picture of the report.
    operations: Histogram,
}

async fn with_own(args: &LoadtestArgs, machine: Machine) -> Result<Measured, String> {
    let own = Own::start(args.database.as_deref(), args.data.as_ref(), args.seed, None).await?;
    let started = own.started.clone();
    let measured = measure(args, machine, own.address, Some(own.pid()), &own.instance(), Some(started)).await;
    own.end().await?;
    let mut measured = measured?;
    if args.scenario == Scenario::Browse {
        beside_bare(args, &mut measured.document).await?;
    }
    Ok(measured)
}

/// The same load on a handler that sends 10 KB from memory, to compare with what is read from the cache.
async fn beside_bare(args: &LoadtestArgs, document: &mut Document) -> Result<(), String> {
    let bare = Bare::start().await?;
    let busy = Busy::watch(&[std::process::id(), bare.pid()]);
    let tally = drive::run(Plan::new(args, bare.address, Arc::new(Town::bare())), args.threads).await?;
    let requests = float(tally.requests()).max(1.0);
    let rate = requests / tally.lasted.as_secs_f64().max(0.001);
    let cpu_s = busy.spent().own.get(1).copied().unwrap_or_default();
    document.add("bare_requests_per_second", rate, "1/s");
    document.add("bare_cpu_per_request", cpu_s / requests * 1e6, "us");
    document.add("share_of_bare", document.value("requests_per_second") / rate, "of 1");
    Ok(())
}

async fn measure(
    args: &LoadtestArgs,
    machine: Machine,
    address: SocketAddr,
    server: Option<u32>,
    instance: &str,
    started: Option<own::Started>,
) -> Result<Measured, String> {
    let town = Arc::new(Town::explore(address, args.customers, args.scenario).await?);
    let plan = Plan::new(args, address, town);
    let watched: Vec<u32> = [std::process::id()].into_iter().chain(server).collect();
    let busy = Busy::watch(&watched);
    let tally = drive::run(plan, args.threads).await?;
    let spent = busy.spent();
    let outcome = report::Outcome { tally, spent, server, started };
    let document = report::document(args, machine, instance, &outcome);
    Ok(Measured { document, operations: outcome.tally.operations })
}

/// The address behind a URL, if it is this machine: nobody is loaded from afar by mistake.
fn loopback(url: &str) -> Result<SocketAddr, String> {
    let wrong = || format!("{url} is not an address such as http://127.0.0.1:8000");
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let authority = uri.authority().ok_or_else(wrong)?;
    let port = authority.port_u16().unwrap_or(80);
    let host = match authority.host() {
        "localhost" => "127.0.0.1",
        host => host.trim_matches(['[', ']']),
    };
    let address = SocketAddr::new(host.parse().map_err(|_| wrong())?, port);
    if uri.scheme_str() != Some("http") {
        return Err(wrong());
    }
    if !address.ip().is_loopback() {
        return Err(format!("{url} is another machine; load is put on this one only"));
    }
    Ok(address)
}

/// How long a run may take beyond its time before it is given up.
const GRACE: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::loopback;

    #[test]
    fn only_this_machine_is_loaded() {
        assert_eq!(loopback("http://127.0.0.1:8000").unwrap().to_string(), "127.0.0.1:8000");
        assert_eq!(loopback("http://localhost:8000/").unwrap().port(), 8_000);
        assert_eq!(loopback("http://[::1]:9000").unwrap().to_string(), "[::1]:9000");
        for url in
            ["http://10.0.0.7:8000", "http://example.org", "https://127.0.0.1", "127.0.0.1:8000", "ftp://127.0.0.1"]
        {
            assert!(loopback(url).is_err(), "{url}");
        }
    }
}
