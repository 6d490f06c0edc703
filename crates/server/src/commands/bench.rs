//! `dabba bench`: figures of one part at a time, measured here and now.

mod accounts;
mod cache;
mod dispatch;
mod eta;
mod guests;
mod ingest;
mod round;
mod store;
mod streams;

use clap::Subcommand;

/// What to measure.
#[derive(Debug, Subcommand)]
pub(super) enum BenchCommand {
    /// What the cache of answers saves, and how fast it answers
    Cache(cache::CacheArgs),
    /// A day of the meal delivery routing problem: how well couriers are dispatched
    Dispatch(dispatch::DispatchArgs),
    /// Arrival times on a public file of deliveries: learned on four parts, measured on the fifth
    Eta(eta::EtaArgs),
    /// One round of dispatch over a busy city, again and again
    Round(round::RoundArgs),
    /// Positions of couriers: how fast they are taken, and the nearest found
    Ingest(ingest::IngestArgs),
    /// Durable orders a second: the store alone, and through the use cases
    Store(store::StoreArgs),
    /// What held WebSockets and server-sent events cost, and how soon a position reaches them
    Streams(streams::StreamsArgs),
}

pub(super) async fn bench(command: &BenchCommand) -> Result<(), String> {
    match command {
        BenchCommand::Cache(args) => cache::cache(args).await,
        BenchCommand::Dispatch(args) => dispatch::dispatch(args),
        BenchCommand::Eta(args) => eta::eta(args),
        BenchCommand::Round(args) => round::round(args),
        BenchCommand::Ingest(args) => ingest::ingest(args).await,
        BenchCommand::Store(args) => store::store(args).await,
        BenchCommand::Streams(args) => streams::streams(args).await,
    }
}
