//! The figures of a run, and what they say about where the time goes.

use serde_json::json;

use super::{
    LoadtestArgs, Scenario,
    own::Started,
    tally::{Kind, Tally},
};
use crate::commands::measure::{
    Document,
    histogram::{Histogram, float},
    machine::{Machine, Spent, memory_mb},
};

/// What was seen.
pub(super) struct Outcome {
    pub(super) tally: Tally,
    /// Ours first, then the server's if it is known.
    pub(super) spent: Spent,
    pub(super) server: Option<u32>,
    pub(super) started: Option<Started>,
}

/// The document of a run.
pub(super) fn document(args: &LoadtestArgs, machine: Machine, instance: &str, outcome: &Outcome) -> Document {
    let LoadtestArgs { scenario, connections, rate, seconds, customers, threads, .. } = args;
    let mut document = Document {
        benchmark: "loadtest",
        instance: instance.to_owned(),
        parameters: json!({ "scenario": scenario, "connections": connections, "rate": rate, "seconds": seconds,
            "customers": customers, "threads": threads, "lines": 3, "authenticated": true }),
        seed: args.seed,
        seconds: outcome.tally.lasted.as_secs_f64(),
        machine,
        figures: Vec::new(),
        notes: Vec::new(),
    };
    add_rates(&mut document, args, &outcome.tally);
    add_processes(&mut document, outcome);
    document.notes = hints(args, &document);
    document.notes.extend(outcome.tally.errors.iter().map(|(what, count)| format!("{count} x {what}")));
    document
}

fn add_rates(document: &mut Document, args: &LoadtestArgs, tally: &Tally) {
    let seconds = document.seconds.max(0.001);
    let name = if args.scenario == Scenario::Orders { "orders" } else { "operations" };
    document.add(format!("{name}_per_second"), float(tally.operations.count()) / seconds, "1/s");
    document.add("requests_per_second", float(tally.requests()) / seconds, "1/s");
    add_latency(document, "operation", &tally.operations);
    document.add("operation_p90", tally.operations.quantile_ms(0.9), "ms");
    document.add("operation_p999", tally.operations.quantile_ms(0.999), "ms");
    document.add("operation_mean", tally.operations.mean_ms(), "ms");
    document.add("operation_longest", tally.operations.most_ms(), "ms");
    for kind in Kind::ALL {
        let latencies = &tally.kinds[kind as usize];
        if latencies.count() > 0 {
            document.add(format!("{}_per_second", kind.name()), float(latencies.count()) / seconds, "1/s");
            add_latency(document, kind.name(), latencies);
        }
    }
    document.add("failed_requests", float(tally.failures()), "requests");
    if args.rate.is_some() {
        document.add("operations_never_sent", float(tally.unsent), "operations");
    }
}

fn add_latency(document: &mut Document, name: &str, latencies: &Histogram) {
    document.add(format!("{name}_p50"), latencies.quantile_ms(0.5), "ms");
    document.add(format!("{name}_p99"), latencies.quantile_ms(0.99), "ms");
}

fn add_processes(document: &mut Document, outcome: &Outcome) {
    let spent = &outcome.spent;
    let seconds = spent.seconds.max(0.001);
    let requests = float(outcome.tally.requests() + outcome.tally.failures()).max(1.0);
    let mut process = |name: &str, cpu_s: f64| {
        document.add(format!("{name}_cpu_per_request"), cpu_s / requests * 1e6, "us");
        document.add(format!("{name}_cores"), cpu_s / seconds, "cores");
    };
    process("client", spent.own.first().copied().unwrap_or_default());
    if let Some(cpu_s) = spent.own.get(1) {
        process("server", *cpu_s);
    }
    document.add("others_cores", spent.others, "cores");
    if let Some(started) = &outcome.started {
        document.add("start_to_ready", started.ready_ms, "ms");
        document.add("idle_memory", started.idle_mb, "MB");
    }
    let memory = |name| outcome.server.and_then(|pid| memory_mb(pid, name));
    if let (Some(now), Some(most)) = (memory("VmRSS"), memory("VmHWM")) {
        document.add("memory_after", now, "MB");
        document.add("memory_peak", most, "MB");
    }
}

/// What the figures say about where the time goes, and how far they can be believed.
pub(super) fn hints(args: &LoadtestArgs, document: &Document) -> Vec<String> {
    let value = |name: &str| document.value(name);
    let cores = float(document.machine.cores as u64);
    let (client, server, others) = (value("client_cores"), value("server_cores"), value("others_cores"));
    let all = client + server + others;
    let mut hints = Vec::new();
    if document.machine.build == "debug" {
        hints.push("A debug build: these figures mean nothing.".to_owned());
    }
    if others > 0.5 {
        let what = "a database server counts as such; on a quiet machine the figures are better";
        hints.push(format!("Other work kept {others:.1} cores busy ({what})."));
    }
    if client > 0.9 * f64::from(args.threads) {
        hints.push("This tool is the limit: give it more --threads, or the machine more cores.".to_owned());
    }
    if all > 0.9 * cores && server > 0.5 * cores {
        let each = value("server_cpu_per_request");
        hints.push(format!(
            "The processor is the limit: the server uses {server:.1} of {cores} cores, {each:.0} us a request."
        ));
    }
    if server > 0.0 && all < 0.7 * cores && args.rate.is_none() {
        let what = "for the disk to confirm commits or for the database. More --connections share each wait";
        hints.push(format!("Nobody is busy: the time is spent waiting, {what}."));
    }
    hints.extend(latency_hints(args, document));
    hints
}

fn latency_hints(args: &LoadtestArgs, document: &Document) -> Vec<String> {
    let value = |name: &str| document.value(name);
    let mut hints = Vec::new();
    let done = value("operations_per_second").max(value("orders_per_second"));
    let wanted = args.rate.map_or(0.0, f64::from);
    if done < 0.95 * wanted {
        hints.push(format!("The server did not keep up: {done:.0} of {wanted:.0} operations a second."));
    }
    let (p50, p99) = (value("operation_p50"), value("operation_p99"));
    if p99 > 20.0 * p50.max(0.5) {
        let times = p99 / p50.max(0.001);
        let what = "look for pauses, such as a checkpoint of the database or other work";
        hints.push(format!("One in a hundred waits {times:.0} times as long as the median: {what}."));
    }
    let failed = value("failed_requests");
    if failed > 0.0 {
        hints.push(format!("{failed} requests failed; their latencies are not in the figures."));
    }
    hints
}
