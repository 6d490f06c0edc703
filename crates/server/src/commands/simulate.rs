//! `dabba simulate`: a day of a city, invented or recorded, as fast as the machine allows, repeatable from its seed.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::Args;
use dispatch::Strategy;
use serde_json::{Value, json};
use sim::{CitySpec, ReplaySpec, SimReport, SimSpec, day::Day};
use store::DatabaseUrl;

/// What to simulate.
#[derive(Debug, Args)]
pub(super) struct SimulateArgs {
    /// Everything follows from it: the same seed gives the same event log
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Live this recorded day again (`dabba record-day`); only what is not recorded follows from the seed; `-` reads
    /// standard input
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["orders", "orders_per_hour", "restaurants", "couriers", "customers"]
    )]
    day: Option<PathBuf>,
    /// How many orders are placed
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..))]
    orders: u64,
    /// Orders an hour at the busiest time
    #[arg(long, default_value_t = 150.0)]
    orders_per_hour: f64,
    /// How many kitchens
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..))]
    restaurants: u32,
    /// How many couriers
    #[arg(long, default_value_t = 34, value_parser = clap::value_parser!(u32).range(1..))]
    couriers: u32,
    /// How many customers
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..))]
    customers: u32,
    /// Keep the result in this database (`sqlite:FILE` or `postgres://..`) instead of a temporary one
    #[arg(long)]
    database: Option<String>,
    /// Which policy chooses couriers: nearest, batched or rolling
    #[arg(long, default_value_t)]
    policy: Strategy,
    /// Live the same day again, in another temporary database, with this policy and print both
    #[arg(long)]
    compare: Option<Strategy>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// `dabba simulate`.
#[expect(clippy::print_stderr, reason = "a day may take a minute, and the person at the terminal wants to know")]
pub(super) async fn simulate(args: &SimulateArgs) -> Result<(), String> {
    let day = args.day.as_deref().map(read).transpose()?;
    let database = args.database.as_deref().map(str::parse).transpose().map_err(|error| format!("{error}"))?;
    match &day {
        Some(day) => eprintln!("{} in {} passes again, with {} orders ..", day.date, day.city.name, day.orders.len()),
        None => eprintln!("A day of {} orders passes ..", args.orders),
    }
    let first = value(&live(args, day.as_ref(), database.as_ref(), args.policy).await?)?;
    let Some(other) = args.compare else {
        print(&first, None, args.json);
        return Ok(());
    };
    let compared = live(args, day.as_ref(), None, other).await?;
    print(&first, Some((args.policy, other, &value(&compared)?)), args.json);
    Ok(())
}

/// Reads a recorded day.
pub(super) fn read(path: &Path) -> Result<Day, String> {
    let in_file = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let json = if path.as_os_str() == "-" { io::read_to_string(io::stdin()) } else { fs::read_to_string(path) };
    Day::parse(&json.map_err(|error| in_file(&error))?).map_err(|error| in_file(&error))
}

/// Lets the day pass under a policy.
async fn live(
    args: &SimulateArgs,
    day: Option<&Day>,
    database: Option<&DatabaseUrl>,
    policy: Strategy,
) -> Result<SimReport, String> {
    let report = match day {
        Some(day) => sim::replay(database, &ReplaySpec { day: day.clone(), seed: args.seed, dispatch: policy }).await,
        None => sim::run(database, &spec(args, policy)).await,
    };
    report.map_err(|error| error.to_string())
}

fn spec(args: &SimulateArgs, dispatch: Strategy) -> SimSpec {
    SimSpec {
        seed: args.seed,
        orders: args.orders,
        orders_per_hour: args.orders_per_hour,
        dispatch,
        city: CitySpec {
            seed: args.seed,
            restaurants: args.restaurants,
            couriers: args.couriers,
            customers: args.customers,
            ..CitySpec::default()
        },
        ..SimSpec::default()
    }
}

fn value(report: &SimReport) -> Result<Value, String> {
    serde_json::to_value(report).map_err(|error| error.to_string())
}

/// One report as it is, or two side by side with their policies.
#[expect(clippy::print_stdout, reason = "the command's result")]
fn print(first: &Value, compared: Option<(Strategy, Strategy, &Value)>, json: bool) {
    match (json, compared) {
        (true, None) => println!("{first:#}"),
        (true, Some((policy, other, second))) => {
            let both = json!([{ "policy": policy, "report": first }, { "policy": other, "report": second }]);
            println!("{both:#}");
        }
        (false, compared) => println!("{}", lines(first, compared).join("\n")),
    }
}

fn lines(first: &Value, compared: Option<(Strategy, Strategy, &Value)>) -> Vec<String> {
    let row = |name: &str, value: String, other: String| {
        format!("{:<24} {value:<64} {other}", name.replace('_', " ")).trim_end().to_owned()
    };
    let head = compared.map(|(policy, other, _)| row("policy", policy.to_string(), other.to_string()));
    let second = compared.map(|(_, _, report)| rows(report)).unwrap_or_default();
    let values = rows(first).into_iter().enumerate().map(|(place, (name, value))| {
        // The same report: what stands in the same place has the same name.
        row(&name, value, second.get(place).map(|(_, value)| value.clone()).unwrap_or_default())
    });
    head.into_iter().chain(values).collect()
}

/// A report by its parts, each list of parts spread out.
fn rows(report: &Value) -> Vec<(String, String)> {
    let fields = report.as_object().into_iter().flatten();
    let spread = |(name, value): (&String, &Value)| match value {
        Value::Array(parts) => parts.iter().map(|part| (name.clone(), words(part))).collect(),
        value => vec![(name.clone(), words(value))],
    };
    fields.flat_map(spread).collect()
}

/// A value as people read it.
fn words(value: &Value) -> String {
    match value {
        Value::Number(number) if number.is_f64() => format!("{:.2}", number.as_f64().unwrap_or_default()),
        Value::String(text) => text.clone(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{} {}", name.replace('_', " "), words(value)));
            fields.collect::<Vec<_>>().join(", ")
        }
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::SimulateArgs;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: SimulateArgs,
    }

    #[test]
    fn a_recorded_day_has_its_own_orders_and_people() {
        let day = ["simulate", "--day", "saturday.json", "--seed", "3", "--policy", "nearest"];
        assert!(Line::try_parse_from(day).unwrap().args.day.is_some());
        for option in ["--orders", "--orders-per-hour", "--restaurants", "--couriers", "--customers"] {
            let refused = Line::try_parse_from(day.into_iter().chain([option, "5"])).unwrap_err().to_string();
            assert!(refused.contains("--day") && refused.contains(option), "{refused}");
        }
    }
}
