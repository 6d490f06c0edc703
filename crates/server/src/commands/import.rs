//! `dabba import`: lists that somebody else made. Restaurants so far.
//!
//! Exit codes: 0 when the import ran, also with rejected rows; 1 when the database failed; 2 when the file or the
//! mapping is not usable. The result goes to standard output, progress and errors to standard error.

mod progress;
mod rejected;
mod source;

use std::{fmt::Write as _, path::PathBuf, process::ExitCode};

use app::{
    App,
    imports::{ImportError, ImportReport, ImportSpec},
};
use catalogue::{atlas::state_called, columns::Field};
use clap::{Args, Subcommand};
use domain::permission::Actor;
use india::StateCode;

/// The file, or what was said about it, is not usable.
const UNUSABLE: u8 = 2;

/// `dabba import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Restaurants from a CSV file, with a starter menu by cuisine
    Restaurants(RestaurantsArgs),
}

/// `dabba import restaurants`.
#[derive(Debug, Args)]
pub struct RestaurantsArgs {
    /// The CSV file; `.xz` is unpacked by the installed `xz`; `-` reads standard input
    file: PathBuf,
    /// Take a column for a field, such as `cost_for_two="Price (2 people)"`; may be repeated
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = mapping)]
    map: Vec<(Field, String)>,
    /// The city of rows that name none
    #[arg(long, value_name = "NAME")]
    city: Option<String>,
    /// The State of cities that nobody knows: name, letters or number
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Option<StateCode>,
    /// What the source is called in the restaurants' keys [default: the file's name]
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Say what would happen, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Write rows that cannot be used to this file, with the reasons
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,
}

impl ImportArgs {
    /// Whether nothing is to be changed.
    pub(super) const fn only_tries(&self) -> bool {
        let What::Restaurants(args) = &self.what;
        args.dry_run
    }
}

/// Runs an import on an open application.
pub async fn run(args: ImportArgs, app: &App) -> ExitCode {
    let What::Restaurants(args) = args.what;
    match restaurants(args, app).await {
        Ok(()) => ExitCode::SUCCESS,
        Err((code, message)) => {
            complain(&message);
            ExitCode::from(code)
        }
    }
}

async fn restaurants(args: RestaurantsArgs, app: &App) -> Result<(), (u8, String)> {
    let unusable = |message: String| (UNUSABLE, message);
    let bytes = source::read(&args.file).map_err(unusable)?;
    let name = source::name(&args.file);
    let city = args.city.or_else(|| source::city_in(&name));
    let spec = ImportSpec {
        bytes,
        source: args.source.unwrap_or(name),
        mapping: args.map,
        city,
        state: args.state,
        dry_run: args.dry_run,
    };
    let meter = progress::Meter::start();
    let report = app.import_restaurants(&app.ctx(Actor::System), &spec, &|progress| meter.show(progress)).await;
    meter.finish();
    let report = report.map_err(|error| match error {
        ImportError::App(error) => (1, error.to_string()),
        error => (UNUSABLE, format!("{}: {error}", args.file.display())),
    })?;
    if let Some(path) = &args.rejected {
        rejected::write(path, &report).map_err(|error| (1, format!("{}: {error}", path.display())))?;
    }
    say(&summary(&spec, &report, args.rejected.as_ref()));
    Ok(())
}

/// What an import did, for people.
fn summary(spec: &ImportSpec, report: &ImportReport, rejected: Option<&PathBuf>) -> String {
    let mut text = String::new();
    let columns: Vec<String> = report.columns.iter().map(|(field, column)| format!("{field} = {column}")).collect();
    let _ = writeln!(text, "Columns: {}", columns.join(", "));
    if let Some(city) = &spec.city {
        let _ = writeln!(text, "City of rows that name none: {city}");
    }
    for city in &report.cities_created {
        let _ = writeln!(
            text,
            "City {}: {} (State {}), restaurants {}, zones {}",
            if spec.dry_run { "to be added" } else { "added" },
            city.name,
            city.state_code,
            city.restaurants,
            city.zones
        );
    }
    if report.zones_added > 0 {
        let _ = writeln!(text, "Zones for cities that were here: {}", report.zones_added);
    }
    let seconds = report.duration_ms / 1_000;
    let tenths = report.duration_ms % 1_000 / 100;
    let done = if spec.dry_run { "Dry run, nothing was changed" } else { "Imported" };
    let _ = writeln!(
        text,
        "{done}: {} rows read, {} new, {} here already, {} rejected, in {seconds}.{tenths} s",
        report.read,
        report.new,
        report.same,
        report.rejected.len()
    );
    if report.differing > 0 {
        let _ = writeln!(text, "  {} of those here differ from the file and were left as they are", report.differing);
    }
    let placed = [
        (report.placed_by_neighbourhood, "near their neighbourhood"),
        (report.placed_by_city, "somewhere in their city"),
    ];
    for (count, how) in placed.into_iter().filter(|(count, _)| *count > 0) {
        let _ = writeln!(text, "  {count} new ones without usable coordinates were placed {how}");
    }
    if report.new > 0 {
        text.push_str(
            "  New ones are open 10:00 to 23:00 every day, with a starter menu that their owners should change\n",
        );
    }
    text.push_str(&rejected::reasons(report));
    if let (Some(path), false) = (rejected, report.rejected.is_empty()) {
        let _ = writeln!(text, "Rejected rows are in {}", path.display());
    }
    text
}

fn mapping(text: &str) -> Result<(Field, String), String> {
    let (field, column) = text.split_once('=').ok_or("write it as FIELD=COLUMN")?;
    let field = Field::parse(field).ok_or_else(|| {
        let known: Vec<&str> = Field::ALL.iter().map(|field| field.key()).collect();
        format!("there is no field `{field}`; fields are {}", known.join(", "))
    })?;
    Ok((field, column.to_owned()))
}

fn state(text: &str) -> Result<StateCode, String> {
    state_called(text).ok_or_else(|| "no State or Union territory is called that".to_owned())
}

#[expect(clippy::print_stdout, reason = "the command's result")]
fn say(text: &str) {
    print!("{text}");
}

#[expect(clippy::print_stderr, reason = "this is what standard error is for")]
fn complain(message: &str) {
    eprintln!("dabba: {message}");
}

#[cfg(test)]
mod tests {
    use super::{StateCode, mapping, state};
    use catalogue::columns::Field;

    #[test]
    fn a_mapping_names_a_field_and_a_column() {
        assert_eq!(mapping("cost-for-two=Price (2)=x"), Ok((Field::CostForTwo, "Price (2)=x".to_owned())));
        assert!(mapping("name").is_err());
        assert!(mapping("colour=Red").unwrap_err().contains("cost_for_two"));
    }

    #[test]
    fn a_state_has_several_names() {
        assert_eq!(state("KA").map(StateCode::number), Ok(29));
        assert!(state("Atlantis").is_err());
    }
}
