//! `dabba bench store`: how many durable orders a second the store commits.
//!
//! Two figures. *Through the use cases*: each task asks for a quote and places the order, as the server does for a
//! customer. *The store alone*: the very transactions that the use case composes, made beforehand in rounds, are handed
//! to the store as fast as it takes them; only that is timed. Nothing listens to the events meanwhile.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use app::{App, Entropy, Settings, SystemClock};
use clap::Args;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use store::{Options, Tx};
use tokio::task::JoinSet;

use super::guests::{Guests, cash};
use crate::commands::{
    measure::{
        Document,
        histogram::{Histogram, float},
        machine::{Busy, Machine},
        place::Place,
    },
    serve,
};

/// Transactions that are made before they are timed.
const ROUND: usize = 8_192;
/// Guests that order.
const GUESTS: u32 = 64;

/// How the store is measured.
#[derive(Debug, Args)]
pub(in crate::commands) struct StoreArgs {
    /// A PostgreSQL server (`postgres://..`); a schema is made there and dropped. Without it, a temporary SQLite file
    #[arg(long)]
    database: Option<String>,
    /// Directory of the temporary SQLite file, if not the system's
    #[arg(long)]
    data: Option<PathBuf>,
    /// Seconds that each of the two figures is measured
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Orders under way at once
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    tasks: u16,
    /// Lines of an order
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=20))]
    lines: u8,
    /// Connections to PostgreSQL for each of the two large pools; batches have four of their own
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Everything random follows from it
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// `dabba bench store`.
pub(super) async fn store(args: &StoreArgs) -> Result<(), String> {
    let place = Place::make(args.database.as_deref(), args.data.as_ref()).await?;
    let measured = measure(args, &place).await;
    place.remove().await?;
    measured?.print(args.json)
}

async fn measure(args: &StoreArgs, place: &Place) -> Result<Document, String> {
    let machine = Machine::now();
    let metrics = serve::metrics()?;
    let db = place.open(Options { connections: args.connections, ..Options::default() }).await?;
    let entropy = Arc::new(Entropy::from_seed(args.seed));
    let app = App::open(db, Settings::default(), Arc::new(SystemClock), entropy).await;
    let app = Arc::new(app.map_err(|error| error.to_string())?);
    let guests = Arc::new(Guests::invite(&app, args.seed, GUESTS, args.lines.into()).await?);
    let bench = Bench { app: Arc::clone(&app), guests, metrics, args };
    let mut document = bench.document(place, machine);
    let outcome = bench.run(&mut document).await;
    app.db.close().await;
    outcome.map(|()| document)
}

struct Bench<'a> {
    app: Arc<App>,
    guests: Arc<Guests>,
    metrics: PrometheusHandle,
    args: &'a StoreArgs,
}

/// What was timed.
#[derive(Default)]
struct Timed {
    orders: Histogram,
    quotes: Histogram,
    seconds: f64,
    cpu_s: f64,
    others_s: f64,
    batches: (f64, f64),
}

impl Bench<'_> {
    fn document(&self, place: &Place, machine: Machine) -> Document {
        let StoreArgs { tasks, lines, connections, .. } = self.args;
        let mut notes = vec![
            "store_only: the transactions of place_order, made beforehand; use_cases: a quote and an order each"
                .to_owned(),
            "others_cores: cores kept busy by everything else, the PostgreSQL server included".to_owned(),
        ];
        if machine.build == "debug" {
            notes.push("a debug build: these figures mean nothing".to_owned());
        }
        Document {
            benchmark: "store",
            instance: place.instance.clone(),
            parameters: json!({ "tasks": tasks, "lines": lines, "connections": connections, "round": ROUND,
                "payment": "cod", "address": "saved" }),
            seed: self.args.seed,
            seconds: 0.0,
            machine,
            figures: Vec::new(),
            notes,
        }
    }

    async fn run(&self, document: &mut Document) -> Result<(), String> {
        let statements = self.prepare(1, 0).await?.first().map_or(0, |tx| tx.steps().len());
        document.add("statements_per_order", float(statements as u64), "statements");
        let alone = self.store_only().await?;
        describe(document, "store_only", &alone);
        let whole = self.use_cases().await?;
        describe(document, "use_cases", &whole);
        document.add("use_cases_quote_p50", whole.quotes.quantile_ms(0.5), "ms");
        document.add("use_cases_quote_p99", whole.quotes.quantile_ms(0.99), "ms");
        document.seconds = alone.seconds + whole.seconds;
        Ok(())
    }

    /// Commits prepared transactions in rounds until the timed parts fill the time.
    async fn store_only(&self) -> Result<Timed, String> {
        let mut timed = Timed::default();
        let mut made = 0;
        while timed.seconds < float(self.args.seconds) {
            let transactions = Mutex::new(self.prepare(ROUND, made).await?);
            made += ROUND;
            let transactions = Arc::new(transactions);
            let work = |app: Arc<App>| commit_all(app, Arc::clone(&transactions));
            self.time(&mut timed, work).await?;
        }
        Ok(timed)
    }

    /// Quotes and places until the time is over.
    async fn use_cases(&self) -> Result<Timed, String> {
        let mut timed = Timed::default();
        let next = Arc::new(AtomicUsize::new(0));
        let end = Instant::now() + Duration::from_secs(self.args.seconds);
        let work = |app: Arc<App>| order_until(app, Arc::clone(&self.guests), Arc::clone(&next), end);
        self.time(&mut timed, work).await?;
        Ok(timed)
    }

    /// Lets all tasks do a piece of work and times them together.
    async fn time<F>(&self, timed: &mut Timed, work: impl Fn(Arc<App>) -> F) -> Result<(), String>
    where
        F: Future<Output = Result<(Histogram, Histogram), String>> + Send + 'static,
    {
        let before = self.batches();
        let busy = Busy::watch(&[std::process::id()]);
        let mut tasks: JoinSet<_> = (0..self.args.tasks).map(|_| work(Arc::clone(&self.app))).collect();
        while let Some(done) = tasks.join_next().await {
            let (orders, quotes) = done.map_err(|error| error.to_string())??;
            timed.orders.merge(&orders);
            timed.quotes.merge(&quotes);
        }
        let spent = busy.spent();
        let after = self.batches();
        timed.seconds += spent.seconds;
        timed.cpu_s += spent.own.iter().sum::<f64>();
        timed.others_s += spent.others * spent.seconds;
        timed.batches = (timed.batches.0 + after.0 - before.0, timed.batches.1 + after.1 - before.1);
        Ok(())
    }

    /// Transactions with which `place_order` would place the orders of so many new quotes.
    async fn prepare(&self, count: usize, first: usize) -> Result<Vec<Tx>, String> {
        let next = Arc::new(AtomicUsize::new(0));
        let mut tasks: JoinSet<_> = (0..self.args.tasks.max(64))
            .map(|_| prepare_some(Arc::clone(&self.app), Arc::clone(&self.guests), Arc::clone(&next), count, first))
            .collect();
        let mut transactions = Vec::with_capacity(count);
        while let Some(done) = tasks.join_next().await {
            transactions.extend(done.map_err(|error| error.to_string())??);
        }
        Ok(transactions)
    }

    /// Transactions and commits of the embedded database so far.
    fn batches(&self) -> (f64, f64) {
        let text = self.metrics.render();
        let value =
            |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok()).unwrap_or_default();
        (value("dabba_store_batch_size_sum"), value("dabba_store_batch_size_count"))
    }
}

async fn prepare_some(
    app: Arc<App>,
    guests: Arc<Guests>,
    next: Arc<AtomicUsize>,
    count: usize,
    first: usize,
) -> Result<Vec<Tx>, String> {
    let mut transactions = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= count {
            return Ok(transactions);
        }
        let (ctx, wanted) = guests.guest(&app, number);
        let quote = app.quote(&ctx, wanted).await.map_err(|error| error.to_string())?;
        let key = format!("prepared-{}", first + number);
        let tx = app.order_transaction(&ctx, &key, &cash(quote.id), &quote).await;
        transactions.push(tx.map_err(|error| error.to_string())?);
    }
}

async fn commit_all(app: Arc<App>, transactions: Arc<Mutex<Vec<Tx>>>) -> Result<(Histogram, Histogram), String> {
    let mut orders = Histogram::default();
    loop {
        let tx = transactions.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let Some(tx) = tx else { return Ok((orders, Histogram::default())) };
        let started = Instant::now();
        app.db.commit(tx).await.map_err(|error| error.to_string())?;
        orders.record(started.elapsed());
    }
}

async fn order_until(
    app: Arc<App>,
    guests: Arc<Guests>,
    next: Arc<AtomicUsize>,
    end: Instant,
) -> Result<(Histogram, Histogram), String> {
    let (mut orders, mut quotes) = (Histogram::default(), Histogram::default());
    while Instant::now() < end {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let started = Instant::now();
        let (ctx, wanted) = guests.guest(&app, number);
        let quote = app.quote(&ctx, wanted).await.map_err(|error| error.to_string())?;
        quotes.record(started.elapsed());
        let started = Instant::now();
        let placed = app.place_order(&ctx, &format!("order-{number}"), &cash(quote.id)).await;
        placed.map_err(|error| error.to_string())?;
        orders.record(started.elapsed());
    }
    Ok((orders, quotes))
}

fn describe(document: &mut Document, name: &str, timed: &Timed) {
    let orders = float(timed.orders.count());
    let seconds = timed.seconds.max(0.001);
    document.add(format!("{name}_orders_per_second"), orders / seconds, "orders/s");
    document.add(format!("{name}_p50"), timed.orders.quantile_ms(0.5), "ms");
    document.add(format!("{name}_p99"), timed.orders.quantile_ms(0.99), "ms");
    document.add(format!("{name}_cpu_per_order"), timed.cpu_s / orders.max(1.0) * 1e6, "us");
    if timed.batches.1 > 0.0 {
        document.add(format!("{name}_batch"), timed.batches.0 / timed.batches.1, "transactions a commit");
    }
    document.add(format!("{name}_seconds"), timed.seconds, "s");
    document.add(format!("{name}_others_cores"), timed.others_s / seconds, "cores");
}
