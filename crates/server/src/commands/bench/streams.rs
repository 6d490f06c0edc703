//! `dabba bench streams`: what a held stream costs the server, and how soon a position reaches who follows.
//!
//! Twice a server in a process of its own, once for WebSockets and once for server-sent events. Customers follow their
//! orders over as many connections as asked for; then couriers report, one after the other, and each frame that comes
//! says when it was sent. Connections leave from several loopback addresses, because one has 28,000 ports only.

mod audience;
mod held;

use std::{path::PathBuf, time::Duration};

use clap::Args;
use serde_json::json;

use self::{
    audience::Audience,
    held::{Held, Kind},
};
use crate::commands::{
    loadtest::own::Own,
    measure::{
        Document,
        histogram::{Histogram, float},
        machine::{Busy, Machine, memory_mb},
        place::Place,
    },
    serve,
};

/// How streams are measured.
#[derive(Debug, Args)]
pub(in crate::commands) struct StreamsArgs {
    /// Streams that are held at once
    #[arg(long, default_value_t = 15_000, value_parser = clap::value_parser!(u16).range(1..=19_000))]
    streams: u16,
    /// Orders that are followed
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..=2_000))]
    orders: u16,
    /// Positions reported a second
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pings: u16,
    /// Seconds that positions are reported, for each kind of stream
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..))]
    seconds: u16,
    /// Directory of the temporary SQLite file, if not the system's
    #[arg(long)]
    data: Option<PathBuf>,
    /// Everything random follows from it
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// What one kind of stream did.
struct Measured {
    bytes_each: f64,
    opened_s: f64,
    frames: Histogram,
    lost: usize,
    server_cores: f64,
    instance: String,
}

/// `dabba bench streams`.
pub(super) async fn streams(args: &StreamsArgs) -> Result<(), String> {
    let machine = Machine::now();
    serve::allow_many_files();
    let begun = std::time::Instant::now();
    let sockets = measure(args, Kind::WebSocket).await?;
    let events = measure(args, Kind::ServerSent).await?;
    let mut document = args.document(machine, sockets.instance.clone());
    document.add("streams", f64::from(args.streams), "streams");
    let mut frames = sockets.frames.clone();
    frames.merge(&events.frames);
    for (name, measured) in [("websocket", &sockets), ("sse", &events)] {
        document.add(format!("{name}_bytes_each"), measured.bytes_each, "bytes");
        document.add(format!("{name}_opened_per_s"), f64::from(args.streams) / measured.opened_s, "streams");
        document.add(format!("{name}_lost"), float(measured.lost as u64), "streams");
        document.add(format!("{name}_frames"), float(measured.frames.count()), "frames");
        document.add(format!("{name}_ping_to_frame_p99_ms"), measured.frames.quantile_ms(0.99), "ms");
        document.add(format!("{name}_server_cores"), measured.server_cores, "cores");
    }
    document.add("ping_to_frame_p50_ms", frames.quantile_ms(0.5), "ms");
    document.add("ping_to_frame_p99_ms", frames.quantile_ms(0.99), "ms");
    document.seconds = begun.elapsed().as_secs_f64();
    document.print(args.json)
}

async fn measure(args: &StreamsArgs, kind: Kind) -> Result<Measured, String> {
    let place = Place::make(None, args.data.as_ref()).await?;
    let audience = match Audience::gather(&place, args.seed, args.orders).await {
        Ok(audience) => audience,
        Err(error) => return place.remove().await.and(Err(error)),
    };
    let own = Own::on(place, None).await?;
    let measured = hold(args, kind, &own, &audience).await;
    own.end().await?;
    measured
}

async fn hold(args: &StreamsArgs, kind: Kind, own: &Own, audience: &Audience) -> Result<Measured, String> {
    let memory = || memory_mb(own.pid(), "VmRSS").ok_or("the memory of the server cannot be read");
    // What every server needs before it has served anybody does not belong to the streams.
    let few = Held::open(kind, own.address, audience, 64).await?;
    drop(few);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = memory()?;
    let begun = std::time::Instant::now();
    let held = Held::open(kind, own.address, audience, args.streams.into()).await?;
    let opened_s = begun.elapsed().as_secs_f64();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let bytes_each = (memory()? - before) * 1_048_576.0 / f64::from(args.streams);
    let busy = Busy::watch(&[own.pid()]);
    audience.ping(own.address, args.pings, Duration::from_secs(args.seconds.into())).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let spent = busy.spent();
    let (frames, lost) = held.close();
    Ok(Measured {
        bytes_each,
        opened_s,
        frames,
        lost,
        server_cores: spent.own.first().copied().unwrap_or_default() / spent.seconds,
        instance: own.instance(),
    })
}

impl StreamsArgs {
    fn document(&self, machine: Machine, instance: String) -> Document {
        let Self { streams, orders, pings, .. } = self;
        let mut notes = vec![
            "bytes_each: growth of the server's resident memory from before the streams to two seconds after, for each"
                .to_owned(),
            "ping_to_frame: from sending a courier's position to its frame at a client that holds all streams"
                .to_owned(),
            "lost: streams that had ended when the measurement did".to_owned(),
        ];
        if machine.build == "debug" {
            notes.push("a debug build: these figures mean nothing".to_owned());
        }
        Document {
            benchmark: "streams",
            instance,
            parameters: json!({ "streams": streams, "orders": orders, "pings_per_s": pings }),
            seed: self.seed,
            seconds: 0.0,
            machine,
            figures: Vec::new(),
            notes,
        }
    }
}
