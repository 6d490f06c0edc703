//! `dabba record-day`: writes a day of a city down, as it is in the database, for `dabba simulate --day`. Nothing is changed.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use clap::Args;
use jiff::civil::Date;
use sim::day::{Day, record};
use store::{DatabaseUrl, Db, Options};

use crate::config::Config;

/// Connections to PostgreSQL: questions are asked one after the other.
const CONNECTIONS: usize = 1;

/// Which day.
#[derive(Debug, Args)]
pub(super) struct RecordDayArgs {
    /// The local date, such as 2026-11-21
    date: Date,
    /// The city's short name; needed where there are several
    #[arg(long, value_name = "NAME")]
    city: Option<String>,
    /// Where the day is written [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// `dabba record-day`.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the command's result, and what it is")]
pub(super) async fn record_day(config: &Config, args: &RecordDayArgs) -> Result<(), String> {
    let day = recorded(config, args).await?;
    let json = serde_json::to_string_pretty(&day).map_err(|error| error.to_string())?;
    match &args.output {
        Some(path) => write(path, &(json + "\n")).map_err(|error| format!("{}: {error}", path.display()))?,
        None => println!("{json}"),
    }
    let (orders, kitchens, couriers) = (day.orders.len(), day.kitchens.len(), day.couriers.len());
    eprintln!("{} in {}: {orders} orders, {kitchens} kitchens, {couriers} couriers", day.date, day.city.name);
    Ok(())
}

/// Writes a file that nobody else on the machine may read: doors are personal data.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::File::options();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

async fn recorded(config: &Config, args: &RecordDayArgs) -> Result<Day, String> {
    // Opening would make the file.
    if let Some(file) = config.database_file().filter(|file| !file.exists()) {
        return Err(format!("{}: there is no database", file.display()));
    }
    let url: DatabaseUrl = config.database().parse().map_err(|error| format!("{error}"))?;
    let options = Options { connections: CONNECTIONS, ..Options::default() };
    let db = Db::open(&url, options).await.map_err(|error| error.to_string())?;
    let day = record(&db, args.city.as_deref(), args.date).await;
    db.close().await;
    day.map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{RecordDayArgs, record_day};
    use crate::{commands::simulate, config::Config};
    use sim::{CitySpec, SimSpec};
    use std::fs;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_day_goes_into_a_file_that_can_be_lived_again() {
        let directory = tempfile::tempdir().unwrap();
        let config = Config::default().in_folder(directory.path());
        let file = directory.path().join("friday.json");
        let date = "2026-11-20".parse().unwrap();
        let args = RecordDayArgs { date, city: None, output: Some(file.clone()) };
        let absent = record_day(&config, &args).await.unwrap_err();
        assert!(absent.ends_with("there is no database") && !config.database_file().unwrap().exists(), "{absent}");

        let city = CitySpec { restaurants: 6, couriers: 4, customers: 8, ..CitySpec::default() };
        let spec = SimSpec { orders: 3, city, ..SimSpec::default() };
        sim::run(Some(&config.database().parse().unwrap()), &spec).await.unwrap();
        record_day(&config, &args).await.unwrap();
        assert_eq!(simulate::read(&file).unwrap().orders.len(), 3);

        let other = fs::read_to_string(&file).unwrap().replace("\"version\": 1", "\"version\": 9");
        fs::write(&file, other).unwrap();
        let refused = simulate::read(&file).unwrap_err();
        assert!(refused.ends_with("friday.json: /version: 9 is not known; this program reads 1"), "{refused}");
    }
}
