//! `dabba bench eta`: how well arrival times are learned from a public file of deliveries.
//!
//! Each row is predicted by an estimator of the other folds, once with all columns of the file, as published figures for
//! such files do, and once with those that are known at checkout. `--predict` trains on the whole file instead and writes
//! what it says of the rows of another. What the learner does is told in docs/eta.md.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Read as _, Write},
    path::{Path, PathBuf},
    time::Instant,
};

use clap::Args;
use eta::{
    learn::{Estimate, Plan},
    study::{Fold, Scores, Study},
    table::{Features, Frame, Schema, Table},
};
use lzma_rust2::XzReader;
use serde::Serialize;
use serde_json::json;

use crate::commands::measure::{
    Document,
    histogram::{Histogram, float},
    machine::Machine,
};

/// How a file that is packed by `xz` begins.
const XZ: &[u8] = &[0xFD, b'7', b'z', b'X', b'Z', 0];

/// What is learned from, and how.
#[derive(Debug, Args)]
pub(in crate::commands) struct EtaArgs {
    /// Deliveries with their minutes: CSV, plain or packed by xz; `-` reads standard input
    file: PathBuf,
    /// Train on the whole file and write predictions for the rows of this one; its minutes are not looked at
    #[arg(long)]
    predict: Option<PathBuf>,
    /// Where the predictions go; without it standard output, with --json as `predictions` of the document
    #[arg(long, requires = "predict")]
    output: Option<PathBuf>,
    /// Name of the column with the minutes, if it is not found by itself
    #[arg(long)]
    target: Option<String>,
    /// Everything random follows from it
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Parts of the file, each predicted by an estimator of the others
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(2..=50))]
    folds: u8,
    /// Print one JSON document; with --predict, measure as well
    #[arg(long)]
    json: bool,
}

/// `dabba bench eta`.
pub(super) fn eta(args: &EtaArgs) -> Result<(), String> {
    let machine = Machine::now();
    let bench = Bench::read(args, machine.cores)?;
    let Some(other) = &args.predict else { return bench.measure(machine)?.print(args.json) };
    let predictions = bench.predict(other)?;
    let unwritten = |error: io::Error| format!("the predictions cannot be written: {error}");
    match &args.output {
        Some(path) => File::create(path).and_then(|file| predictions.write(BufWriter::new(file))).map_err(unwritten)?,
        None if args.json => return bench.measure(machine)?.print_with("predictions", json!(predictions.rows)),
        None => predictions.write(io::stdout().lock()).map_err(unwritten)?,
    }
    if args.json { bench.measure(machine)?.print(true) } else { Ok(()) }
}

/// What is said of the rows of a file.
struct Predictions {
    /// The column of the file that names its rows.
    id: Option<String>,
    rows: Vec<Prediction>,
}

/// What is said of one of them.
#[derive(Debug, Serialize)]
struct Prediction {
    /// Counted from 1.
    row: usize,
    /// Its own name, if the file has one.
    id: Option<String>,
    minutes: f64,
    p10: f64,
    p90: f64,
}

impl Predictions {
    /// As a table: by id, or by row where there are none.
    fn write(&self, output: impl Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(output);
        writer.write_record([self.id.as_deref().unwrap_or("row"), "minutes", "p10", "p90"])?;
        for Prediction { row, id, minutes, p10, p90 } in &self.rows {
            let [minutes, p10, p90] = [minutes, p10, p90].map(|minutes| format!("{minutes:.3}"));
            writer.write_record([id.clone().unwrap_or_else(|| row.to_string()), minutes, p10, p90])?;
        }
        writer.flush()
    }
}

struct Bench<'a> {
    args: &'a EtaArgs,
    frame: Frame,
    schema: Schema,
    plan: Plan,
    threads: usize,
}

impl<'a> Bench<'a> {
    fn read(args: &'a EtaArgs, threads: usize) -> Result<Self, String> {
        let table = read(&args.file)?;
        let schema = Schema::detect(&table, args.target.as_deref()).map_err(|error| in_file(&args.file, &error))?;
        let frame = Frame::read(&table, &schema).map_err(|error| in_file(&args.file, &error))?;
        Ok(Self { args, frame, schema, plan: Plan::default(), threads })
    }

    fn study(&self, features: Features) -> Study<'_> {
        let (folds, seed) = (self.args.folds.into(), self.args.seed);
        Study { frame: &self.frame, features, plan: &self.plan, folds, seed, threads: self.threads }
    }

    fn measure(&self, machine: Machine) -> Result<Document, String> {
        let started = Instant::now();
        let mut document = self.document(machine);
        let all = self.study(Features::All);
        let folds = all.held_out().map_err(|error| error.to_string())?;
        let scores = all.scores(&folds).ok_or("no row was estimated")?;
        describe(&mut document, "", &scores);
        let timed = folds.first().map(|fold| self.time(fold)).unwrap_or_default();
        document.add("prediction_p50", timed.quantile_ms(0.5), "ms");
        document.add("prediction_p99", timed.quantile_ms(0.99), "ms");
        document.add("seconds_all_columns", started.elapsed().as_secs_f64(), "s");
        let checkout = self.study(Features::Checkout);
        let folds = checkout.held_out().map_err(|error| error.to_string())?;
        let scores = checkout.scores(&folds).ok_or("no row was estimated")?;
        describe(&mut document, "checkout_", &scores);
        document.seconds = started.elapsed().as_secs_f64();
        Ok(document)
    }

    /// Estimates each row by itself once more, and takes the middle of three times: one may hold another program's turn.
    fn time(&self, fold: &Fold) -> Histogram {
        let matrix = fold.trained.encoder().matrix(&self.frame);
        let mut histogram = Histogram::default();
        for row in 0..matrix.rows() {
            let mut times = [(); 3].map(|()| {
                let started = Instant::now();
                std::hint::black_box(fold.trained.estimator().estimate(std::hint::black_box(matrix.row(row))));
                started.elapsed()
            });
            times.sort_unstable();
            histogram.record(times[1]);
        }
        histogram
    }

    fn document(&self, machine: Machine) -> Document {
        let after = self.frame.features.iter().filter(|feature| feature.after_checkout);
        let after: Vec<_> = after.map(|feature| feature.name.as_str()).collect();
        let known = self.frame.known().len();
        let mut notes = vec![
            "mae, rmse, r2, coverage: all columns of the file, as published figures; each row predicted out of fold"
                .to_owned(),
            format!("checkout_*: without what is known only after pickup: {}", list(&after)),
            "coverage: share of rows inside p10 to p90; prediction: point and range of one row, middle of three times"
                .to_owned(),
        ];
        if known < self.frame.rows {
            notes.push(format!("{} rows without minutes were left out", self.frame.rows - known));
        }
        if machine.build == "debug" {
            notes.push("a debug build: its seconds mean nothing".to_owned());
        }
        Document {
            benchmark: "eta",
            instance: self.args.file.display().to_string(),
            parameters: json!({ "rows": known, "columns": self.schema.columns.len(), "target": self.schema.target,
                "folds": self.args.folds, "threads": self.threads }),
            seed: self.args.seed,
            seconds: 0.0,
            machine,
            figures: Vec::new(),
            notes,
        }
    }

    fn predict(&self, other: &Path) -> Result<Predictions, String> {
        let frame = Frame::read(&read(other)?, &self.schema).map_err(|error| in_file(other, &error))?;
        if !frame.absent.is_empty() {
            tracing::warn!(columns = list(&frame.absent), "columns of the file learned from are not in the other");
        }
        let trained = self.study(Features::All).train().map_err(|error| error.to_string())?;
        let id = self.schema.id.clone().filter(|id| !id.is_empty() && frame.ids.is_some());
        let names = frame.ids.as_ref().filter(|_| id.is_some());
        let rows =
            trained.all(&frame).into_iter().enumerate().map(|(number, Estimate { low, point, high })| Prediction {
                row: number + 1,
                id: names.and_then(|names| names.get(number)).cloned(),
                minutes: thousandths(point),
                p10: thousandths(low),
                p90: thousandths(high),
            });
        Ok(Predictions { id, rows: rows.collect() })
    }
}

/// Minutes to three decimals: no prediction is better than that.
fn thousandths(minutes: f64) -> f64 {
    (minutes * 1_000.0).round() / 1_000.0
}

fn describe(document: &mut Document, prefix: &str, scores: &Scores) {
    let Scores { rows, mae, rmse, r2, coverage, width } = *scores;
    document.add(format!("{prefix}mae"), mae, "min");
    document.add(format!("{prefix}rmse"), rmse, "min");
    document.add(format!("{prefix}r2"), r2, "");
    document.add(format!("{prefix}coverage"), coverage, "share");
    document.add(format!("{prefix}range_width"), width, "min");
    document.add(format!("{prefix}rows"), float(rows as u64), "rows");
}

fn read(path: &Path) -> Result<Table, String> {
    let failed = |error: io::Error| format!("{}: {error}", path.display());
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        io::stdin().lock().read_to_end(&mut bytes).map_err(failed)?;
    } else {
        bytes = fs::read(path).map_err(failed)?;
    }
    if bytes.starts_with(XZ) {
        let mut plain = Vec::new();
        XzReader::new(bytes.as_slice(), true).read_to_end(&mut plain).map_err(failed)?;
        bytes = plain;
    }
    Table::read(bytes.as_slice()).map_err(|error| in_file(path, &error))
}

fn in_file(path: &Path, error: &impl std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

fn list(names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::{EtaArgs, eta, read};
    use std::{fs, path::Path};

    /// `age,minutes` and one row, packed by `xz -C crc32`.
    const PACKED: [u8; 72] = [
        253, 55, 122, 88, 90, 0, 0, 1, 105, 34, 222, 54, 2, 0, 33, 1, 22, 0, 0, 0, 116, 47, 229, 163, 1, 0, 17, 97,
        103, 101, 44, 109, 105, 110, 117, 116, 101, 115, 10, 51, 48, 44, 50, 52, 10, 0, 0, 0, 17, 237, 72, 148, 0, 1,
        38, 18, 71, 71, 225, 16, 144, 66, 153, 13, 1, 0, 0, 0, 0, 1, 89, 90,
    ];

    fn args(directory: &Path) -> EtaArgs {
        EtaArgs {
            file: directory.join("known.csv"),
            predict: Some(directory.join("other.csv")),
            output: Some(directory.join("minutes.csv")),
            target: None,
            seed: 7,
            folds: 2,
            json: false,
        }
    }

    #[test]
    fn rows_without_minutes_are_given_some() {
        let directory = tempfile::tempdir().unwrap();
        let row =
            |row: u32| format!("d{row},{},{}\n", ["low", "jam"][row as usize % 2], 20 + row % 2 * 15 + row / 2 % 3);
        let rows = (0..90).map(row).collect::<Vec<_>>().concat();
        fs::write(directory.path().join("known.csv"), format!("ID,traffic,time_taken(min)\n{rows}")).unwrap();
        fs::write(directory.path().join("other.csv"), "traffic,ID\njam,x\nlow,\"y,z\"\n").unwrap();
        eta(&args(directory.path())).unwrap();
        let written = fs::read_to_string(directory.path().join("minutes.csv")).unwrap();
        let mut records = csv::Reader::from_reader(written.as_bytes());
        assert_eq!(records.headers().unwrap(), vec!["ID", "minutes", "p10", "p90"]);
        let records: Vec<(String, f64, f64, f64)> = records.deserialize().map(Result::unwrap).collect();
        assert_eq!(records.len(), 2);
        let ((jam, slow, ..), (low, fast, from, to)) = (&records[0], &records[1]);
        assert_eq!((jam.as_str(), low.as_str()), ("x", "y,z"));
        assert!((slow - 36.0).abs() < 1.0 && (fast - 21.0).abs() < 1.0, "{written}");
        assert!(from <= fast && fast <= to, "{written}");
    }

    #[test]
    fn packed_files_are_read_and_broken_ones_named() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("deliveries.csv.xz");
        fs::write(&path, PACKED).unwrap();
        assert_eq!(read(&path).unwrap().header(), ["age", "minutes"]);
        fs::write(&path, &PACKED[..40]).unwrap();
        assert!(read(&path).unwrap_err().contains("deliveries.csv.xz: "));
    }

    #[test]
    fn the_document_holds_predictions_that_go_nowhere_else() {
        let directory = tempfile::tempdir().unwrap();
        let rows = (0..90_u32).map(|row| format!("{},{}\n", row % 9, 20 + row % 9)).collect::<Vec<_>>().concat();
        fs::write(directory.path().join("known.csv"), format!("km,minutes\n{rows}")).unwrap();
        fs::write(directory.path().join("other.csv"), "km\n2\n8\n").unwrap();
        let args = EtaArgs { json: true, output: None, ..args(directory.path()) };
        eta(&args).unwrap();
        let predictions = super::Bench::read(&args, 1).unwrap().predict(&directory.path().join("other.csv")).unwrap();
        let [near, far] = &predictions.rows[..] else { panic!("{:?}", predictions.rows) };
        assert_eq!((near.row, near.id.as_deref(), far.row), (1, None, 2));
        assert!(near.minutes < far.minutes && near.p10 <= near.minutes && far.minutes <= far.p90);
    }
}
