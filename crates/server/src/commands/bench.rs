//! `dabba bench`: figures of one part at a time, measured here and now.

mod dispatch;
mod guests;
mod store;

use clap::Subcommand;

/// What to measure.
#[derive(Debug, Subcommand)]
pub(super) enum BenchCommand {
    /// A day of the meal delivery routing problem: how well couriers are dispatched
    Dispatch(dispatch::DispatchArgs),
    /// Durable orders a second: the store alone, and through the use cases
    Store(store::StoreArgs),
}

pub(super) async fn bench(command: &BenchCommand) -> Result<(), String> {
    match command {
        BenchCommand::Dispatch(args) => dispatch::dispatch(args),
        BenchCommand::Store(args) => store::store(args).await,
    }
}
