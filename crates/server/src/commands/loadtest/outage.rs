//! Redis lost under load: a `redis-server` of our own is killed while requests run, and started again later.
//!
//! Three equal parts: with Redis, without it, with it again. The kill and the new start happen half a second into their
//! parts, so that the moments themselves are within what is measured.

use std::{
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::net::TcpStream;

use super::{
    LoadtestArgs, Measured,
    client::{Call, Client},
    drive::{self, Plan},
    own::{Own, free_address},
    report::{self, Outcome},
    tally::Tally,
    town::Town,
};
use crate::commands::measure::{
    histogram::float,
    machine::{Busy, Machine},
};

/// From the beginning of a part to what happens in it.
const LEAD: Duration = Duration::from_millis(500);
/// How often the server is asked which tiers it has.
const ASK: Duration = Duration::from_millis(20);
/// A server or a Redis that has not come by then does not come.
const PATIENCE: Duration = Duration::from_secs(10);

/// A Redis server of our own, ended with this value.
struct Redis {
    address: SocketAddr,
    child: Option<Child>,
}

impl Redis {
    async fn start() -> Result<Self, String> {
        let mut redis = Self { address: free_address().map_err(|error| error.to_string())?, child: None };
        redis.begin().await?;
        Ok(redis)
    }

    /// Starts it, empty, where it was before.
    async fn begin(&mut self) -> Result<(), String> {
        let (host, port) = (self.address.ip().to_string(), self.address.port().to_string());
        let mut command = Command::new("redis-server");
        command.args(["--bind", &host, "--port", &port, "--save", "", "--appendonly", "no"]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.spawn().map_err(|error| format!("redis-server cannot be started: {error}"))?;
        self.child = Some(child);
        let begun = Instant::now();
        while TcpStream::connect(self.address).await.is_err() {
            if begun.elapsed() > PATIENCE {
                return Err("redis-server does not answer".to_owned());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// Ends it as a power failure would.
    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Measures the three parts on a server of our own.
pub(super) async fn measure(args: &LoadtestArgs, machine: Machine) -> Result<Measured, String> {
    let mut redis = Redis::start().await?;
    let url = format!("redis://{}", redis.address);
    let own = Own::start(args.database.as_deref(), args.data.as_ref(), args.seed, Some(&url)).await?;
    let measured = parts(args, machine, &own, &mut redis).await;
    own.end().await?;
    measured
}

async fn parts(args: &LoadtestArgs, machine: Machine, own: &Own, redis: &mut Redis) -> Result<Measured, String> {
    let town = Arc::new(Town::explore(own.address, args.customers, args.scenario).await?);
    let plan = || Plan::new(args, own.address, Arc::clone(&town));
    until_tiers(own.address, true).await?;
    let busy = Busy::watch(&[std::process::id(), own.pid()]);
    let before = drive::run(plan(), args.threads).await?;
    let (during, noticed) = tokio::join!(drive::run(plan(), args.threads), async {
        tokio::time::sleep(LEAD).await;
        redis.kill();
        until_tiers(own.address, false).await
    });
    let (after, back) = tokio::join!(drive::run(plan(), args.threads), async {
        tokio::time::sleep(LEAD).await;
        redis.begin().await?;
        until_tiers(own.address, true).await
    });
    let (during, after) = (during?, after?);
    let mut tally = before.clone();
    tally.merge(&during);
    tally.merge(&after);
    tally.lasted = before.lasted + during.lasted + after.lasted;
    let (server, started) = (Some(own.pid()), Some(own.started.clone()));
    let outcome = Outcome { tally, spent: busy.spent(), server, started };
    let mut document = report::document(args, machine, &own.instance(), &outcome);
    for (name, part) in [("with_redis", &before), ("redis_killed", &during), ("redis_back", &after)] {
        document.add(format!("{name}_per_second"), rate(part), "1/s");
        document.add(format!("{name}_p50"), part.operations.quantile_ms(0.5), "ms");
        document.add(format!("{name}_p99"), part.operations.quantile_ms(0.99), "ms");
        document.add(format!("{name}_failed"), float(part.failures()), "requests");
    }
    let usual = before.operations.quantile_ms(0.99).max(0.001);
    document.add("p99_killed_to_usual", during.operations.quantile_ms(0.99) / usual, "times");
    document.add("memory_only_after", noticed?.as_secs_f64() * 1e3, "ms");
    document.add("two_tiers_again_after", back?.as_secs_f64() * 1e3, "ms");
    Ok(Measured { document, operations: outcome.tally.operations })
}

fn rate(part: &Tally) -> f64 {
    float(part.operations.count()) / part.lasted.as_secs_f64().max(0.001)
}

/// Waits until the server says that it has two tiers, or one; answers how long that took.
async fn until_tiers(address: SocketAddr, two: bool) -> Result<Duration, String> {
    let begun = Instant::now();
    let mut client = Client::new(address);
    while begun.elapsed() < PATIENCE {
        let reply = client.send(Call { path: "/health", ..Call::default() }).await?;
        let health: Value = serde_json::from_slice(&reply.body).map_err(|error| error.to_string())?;
        if (health["status"] == "pass") == two {
            return Ok(begun.elapsed());
        }
        tokio::time::sleep(ASK).await;
    }
    Err(format!(
        "the cache {} after {} s",
        if two { "has no second tier" } else { "did not notice" },
        PATIENCE.as_secs()
    ))
}
