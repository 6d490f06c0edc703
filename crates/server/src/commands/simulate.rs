//! `dabba simulate`: a day of a city, as fast as the machine allows, repeatable from its seed.

use clap::Args;
use dispatch::Strategy;
use serde_json::{Value, json};
use sim::{CitySpec, SimReport, SimSpec};

/// What to simulate.
#[derive(Debug, Args)]
pub(super) struct SimulateArgs {
    /// Everything follows from it: the same seed gives the same event log
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// How many orders are placed
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..))]
    orders: u64,
    /// Orders an hour at the busiest time
    #[arg(long, default_value_t = 150.0)]
    orders_per_hour: f64,
    /// How many kitchens
    #[arg(long, default_value_t = 40)]
    restaurants: u32,
    /// How many couriers
    #[arg(long, default_value_t = 34)]
    couriers: u32,
    /// How many customers
    #[arg(long, default_value_t = 120)]
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
    eprintln!("A day of {} orders passes ..", args.orders);
    let database = args.database.as_deref().map(str::parse).transpose().map_err(|error| format!("{error}"))?;
    let report = sim::run(database.as_ref(), &spec(args, args.policy)).await.map_err(|error| error.to_string())?;
    let first = value(&report)?;
    let Some(other) = args.compare else {
        print(&first, None, args.json);
        return Ok(());
    };
    let compared = sim::run(None, &spec(args, other)).await.map_err(|error| error.to_string())?;
    print(&first, Some((args.policy, other, &value(&compared)?)), args.json);
    Ok(())
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
