//! `dabba bench ingest`: how fast positions of couriers are taken, and how fast the nearest are found.
//!
//! The index is measured alone, on one core: couriers who move about a city, searches among them, and searches in a crowd
//! that stands in one cell. Reports go over real loopback connections to a server in a process of its own, in
//! batches, each with the courier's own token; only fixes that the server says it took are counted.

mod index;
mod reports;
pub(in crate::commands::bench) mod riders;

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use self::{index::Indexed, reports::Plan, riders::Rider};
use crate::commands::{
    loadtest::own::Own,
    measure::{
        Document,
        machine::{Busy, Machine},
        place::Place,
    },
};

/// How ingestion is measured.
#[derive(Debug, Args)]
pub(in crate::commands) struct IngestArgs {
    /// A PostgreSQL server (`postgres://..`); a schema is made there and dropped. Without it, a temporary SQLite file
    #[arg(long)]
    database: Option<String>,
    /// Directory of the temporary SQLite file, if not the system's
    #[arg(long)]
    data: Option<PathBuf>,
    /// Seconds that reports are sent
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Couriers whose phones report
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..=4096))]
    couriers: u16,
    /// Fixes in a report
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u16).range(1..=500))]
    batch: u16,
    /// Connections, each with one report at a time
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    connections: u16,
    /// Everything random follows from it
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// `dabba bench ingest`.
pub(super) async fn ingest(args: &IngestArgs) -> Result<(), String> {
    let machine = Machine::now();
    let indexed = Indexed::measure(args.seed, index::Size::FULL);
    let place = Place::make(args.database.as_deref(), args.data.as_ref()).await?;
    let riders = match riders::hire(&place, args.seed, args.couriers).await {
        Ok(riders) => riders,
        Err(error) => return place.remove().await.and(Err(error)),
    };
    let own = Own::on(place, None).await?;
    let instance = own.instance();
    let measured = send(args, &own, riders).await;
    own.end().await?;
    let mut document = args.document(machine, instance);
    indexed.describe(&mut document);
    measured?.describe(&mut document);
    document.print(args.json)
}

async fn send(args: &IngestArgs, own: &Own, riders: Vec<Rider>) -> Result<reports::Sent, String> {
    let plan = Plan {
        address: own.address,
        connections: args.connections.into(),
        batch: args.batch.into(),
        lasts: std::time::Duration::from_secs(args.seconds),
        now: app::Clock::now(&app::SystemClock),
    };
    let busy = Busy::watch(&[own.pid(), std::process::id()]);
    let mut sent = reports::send(&plan, riders).await?;
    sent.spent = busy.spent();
    Ok(sent)
}

impl IngestArgs {
    fn document(&self, machine: Machine, instance: String) -> Document {
        let Self { couriers, batch, connections, .. } = self;
        let mut notes = vec![
            "index: one core; updates move each of 50,000 couriers by some 20 m; nearest20 among them within 5 km; dense: 90,000 in one cell".to_owned(),
            "fixes_per_s: fixes that the server said it took, over HTTP with each courier's token; batch: from sending a report to its answer, as many under way as there are connections".to_owned(),
            "cpu_us_per_fix: of the server's process, by the kernel; the client shares the cores".to_owned(),
        ];
        if machine.build == "debug" {
            notes.push("a debug build: these figures mean nothing".to_owned());
        }
        Document {
            benchmark: "ingest",
            instance,
            parameters: json!({ "couriers": couriers, "batch": batch, "connections": connections }),
            seed: self.seed,
            seconds: 0.0,
            machine,
            figures: Vec::new(),
            notes,
        }
    }
}
