//! `dabba bench dispatch`: a day of the meal delivery routing problem, served by the planner that the product uses.
//!
//! The figures are those of `dispatch::mdrp::evaluate`, which checks every rule of the benchmark and knows nothing of the
//! planner.

use std::{path::PathBuf, time::Instant};

use clap::Args;
use dispatch::mdrp::{self, Day, Instance, Manner, Metrics, Solution};
use serde_json::json;

use crate::commands::measure::{
    Document,
    histogram::{Histogram, float},
    machine::Machine,
};

/// Which day, and how it is served.
#[derive(Debug, Args)]
pub(in crate::commands) struct DispatchArgs {
    /// Folder with orders.txt, restaurants.txt, couriers.txt and instance_parameters.txt
    folder: PathBuf,
    /// Write the solution in the benchmark's own format: a folder for its three files, or a file name with an ending
    /// for the assignments, beside which the other two are put
    #[arg(long, value_name = "FILE")]
    solution: Option<PathBuf>,
    /// Everything random follows from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Let couriers be sent to a restaurant before it is decided what they pick up
    #[arg(long)]
    prepositioning: bool,
    /// Search steps for each open order in each minute
    #[arg(long, default_value_t = 20)]
    iterations: usize,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// `dabba bench dispatch`.
pub(super) fn dispatch(args: &DispatchArgs) -> Result<(), String> {
    let instance = mdrp::read(&args.folder).map_err(|error| error.to_string())?;
    let machine = Machine::now();
    let started = Instant::now();
    let (solution, rounds) = live(&instance, args);
    let seconds = started.elapsed().as_secs_f64();
    let metrics = mdrp::evaluate(&instance, &solution).map_err(|error| format!("a rule was broken: {error}"))?;
    let solution_files = match &args.solution {
        Some(path) => write(&instance, &solution, path)?,
        None => Vec::new(),
    };
    let mut document = document(&instance, args, machine, &solution_files);
    document.seconds = seconds;
    describe(&mut document, &metrics, &rounds);
    document.print(args.json)
}

fn live(instance: &Instance, args: &DispatchArgs) -> (Solution, Histogram) {
    let DispatchArgs { seed, prepositioning, iterations, .. } = *args;
    let mut day = Day::new(instance, Manner { seed, prepositioning, iterations });
    let mut rounds = Histogram::default();
    loop {
        let started = Instant::now();
        if !day.minute() {
            return (day.solution(), rounds);
        }
        rounds.record(started.elapsed());
    }
}

fn write(instance: &Instance, solution: &Solution, path: &std::path::Path) -> Result<Vec<PathBuf>, String> {
    let written = mdrp::write(instance, solution, path);
    written.map(Vec::from).map_err(|error| format!("{}: {error}", path.display()))
}

fn document(instance: &Instance, args: &DispatchArgs, machine: Machine, solution_files: &[PathBuf]) -> Document {
    let mut notes = vec!["whole minutes, no look-ahead, no diversion; a round is one minute of the day".to_owned()];
    if machine.build == "debug" {
        notes.push("a debug build: its times mean nothing".to_owned());
    }
    Document {
        benchmark: "dispatch",
        instance: instance.name.clone(),
        parameters: json!({ "iterations": args.iterations, "prepositioning": args.prepositioning,
            "solution_files": solution_files }),
        seed: args.seed,
        seconds: 0.0,
        machine,
        figures: Vec::new(),
        notes,
    }
}

fn describe(document: &mut Document, metrics: &Metrics, rounds: &Histogram) {
    document.add("orders", float(metrics.orders as u64), "orders");
    document.add("undelivered_pct", metrics.undelivered_pct, "%");
    document.add("click_to_door_mean_min", metrics.click_to_door_mean, "min");
    document.add("click_to_door_p90_min", metrics.click_to_door_p90, "min");
    document.add("ready_to_pickup_mean_min", metrics.ready_to_pickup_mean, "min");
    document.add("overage_mean_min", metrics.overage_mean, "min");
    document.add("orders_beyond_most", float(metrics.beyond_most as u64), "orders");
    document.add("cost_per_order", metrics.cost_per_order, "pay");
    document.add("courier_utilisation", metrics.courier_utilisation, "of the shift");
    document.add("orders_per_bundle", metrics.orders_per_bundle, "orders");
    document.add("decided_at_the_restaurant", float(metrics.moved_ahead as u64), "assignments");
    document.add("round_ms_p50", rounds.quantile_ms(0.5), "ms");
    document.add("round_ms_p99", rounds.quantile_ms(0.99), "ms");
}
