//! `dabba simulate`: a day of a city, as fast as the machine allows, repeatable from its seed.

use clap::Args;
use sim::{CitySpec, SimReport, SimSpec};

/// What to simulate.
#[derive(Debug, Args)]
pub(super) struct SimulateArgs {
    /// Everything follows from it: the same seed gives the same event log
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// How many orders are placed
    #[arg(long, default_value_t = 200)]
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
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// `dabba simulate`.
pub(super) async fn simulate(args: &SimulateArgs) -> Result<(), String> {
    let database = args.database.as_deref().map(str::parse).transpose().map_err(|error| format!("{error}"))?;
    let spec = SimSpec {
        seed: args.seed,
        orders: args.orders,
        orders_per_hour: args.orders_per_hour,
        city: CitySpec {
            seed: args.seed,
            restaurants: args.restaurants,
            couriers: args.couriers,
            customers: args.customers,
            ..CitySpec::default()
        },
        ..SimSpec::default()
    };
    let report = sim::run(database.as_ref(), &spec).await.map_err(|error| error.to_string())?;
    print(&report, args.json)
}

#[expect(clippy::print_stdout, reason = "the command's result")]
fn print(report: &SimReport, json: bool) -> Result<(), String> {
    let value = serde_json::to_value(report).map_err(|error| error.to_string())?;
    if json {
        println!("{value:#}");
        return Ok(());
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        println!("{:<24} {value}", name.replace('_', " "));
    }
    Ok(())
}
