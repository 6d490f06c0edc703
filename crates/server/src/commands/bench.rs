//! `dabba bench`: figures of one part at a time, measured here and now.

mod cache;
mod eta;
mod guests;
mod store;

use clap::Subcommand;

/// What to measure.
#[derive(Debug, Subcommand)]
pub(super) enum BenchCommand {
    /// What the cache of answers saves, and how fast it answers
    Cache(cache::CacheArgs),
    /// Durable orders a second: the store alone, and through the use cases
    Store(store::StoreArgs),
    /// Arrival times on a public file of deliveries: learned on four parts, measured on the fifth
    Eta(eta::EtaArgs),
}

pub(super) async fn bench(command: &BenchCommand) -> Result<(), String> {
    match command {
        BenchCommand::Cache(args) => cache::cache(args).await,
        BenchCommand::Store(args) => store::store(args).await,
        BenchCommand::Eta(args) => eta::eta(args),
    }
}
