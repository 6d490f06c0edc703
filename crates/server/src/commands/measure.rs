//! What measuring commands share: a histogram of durations, what the machine says about itself, a database to throw
//! away, and the document in which figures are handed over.

pub(super) mod histogram;
pub(super) mod machine;
pub(super) mod place;

use std::io::{ErrorKind, Write as _};

use serde::Serialize;
use serde_json::Value;

use machine::Machine;

/// The result of a measurement, as `--json` prints it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Document {
    /// What was measured.
    pub(super) benchmark: &'static str,
    /// On what: the engine and where it keeps its files.
    pub(super) instance: String,
    /// With which parameters.
    pub(super) parameters: Value,
    /// From which everything random followed.
    pub(super) seed: u64,
    /// How long was measured.
    pub(super) seconds: f64,
    /// The machine before it began.
    pub(super) machine: Machine,
    /// The figures.
    pub(super) figures: Vec<Figure>,
    /// What a reader has to know besides.
    pub(super) notes: Vec<String>,
}

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Figure {
    /// What it tells.
    pub(super) metric: String,
    /// How much.
    pub(super) value: f64,
    /// Of what.
    pub(super) unit: &'static str,
}

impl Document {
    /// Adds a figure.
    pub(super) fn add(&mut self, metric: impl Into<String>, value: f64, unit: &'static str) {
        self.figures.push(Figure { metric: metric.into(), value: rounded(value), unit });
    }

    /// A figure by its name; 0 where there is none.
    pub(super) fn value(&self, metric: &str) -> f64 {
        self.figures.iter().find(|figure| figure.metric == metric).map_or(0.0, |figure| figure.value)
    }

    /// Prints it, as JSON or as lines.
    pub(super) fn print(&self, json: bool) -> Result<(), String> {
        let text = if json { self.json().and_then(|whole| pretty(&whole)) } else { Ok(self.lines().join("\n")) };
        print_text(text.map_err(|error| error.to_string())?)
    }

    /// Prints it as JSON with something of another kind beside it.
    pub(super) fn print_with(&self, name: &str, value: Value) -> Result<(), String> {
        let text = self.json().and_then(|mut whole| {
            whole[name] = value;
            pretty(&whole)
        });
        print_text(text.map_err(|error| error.to_string())?)
    }

    /// The document, with each figure also under its name beside it: easier to ask for.
    fn json(&self) -> serde_json::Result<Value> {
        let mut whole = serde_json::to_value(self)?;
        if let Some(fields) = whole.as_object_mut() {
            for figure in &self.figures {
                fields.entry(&figure.metric).or_insert_with(|| figure.value.into());
            }
        }
        Ok(whole)
    }

    fn lines(&self) -> Vec<String> {
        let head = [format!("{} on {}, {}", self.benchmark, self.instance, self.machine), self.parameters.to_string()];
        let figures = self.figures.iter().map(|figure| {
            let name = figure.metric.replace('_', " ");
            format!("  {name:<34} {:>12} {}", figure.value, figure.unit)
        });
        let notes = self.notes.iter().map(|note| format!("  {note}"));
        head.into_iter().chain(figures).chain(notes).collect()
    }
}

fn pretty(whole: &Value) -> serde_json::Result<String> {
    serde_json::to_string_pretty(whole)
}

fn print_text(mut text: String) -> Result<(), String> {
    text.push('\n');
    match std::io::stdout().write_all(text.as_bytes()) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|error| error.to_string()),
    }
}

/// Three decimals for small values, none for large ones: no figure is better than that.
fn rounded(value: f64) -> f64 {
    if value.abs() >= 1_000.0 { value.round() } else { (value * 1_000.0).round() / 1_000.0 }
}

#[cfg(test)]
mod tests {
    use super::{Document, Machine};

    #[test]
    fn each_figure_also_stands_under_its_own_name() {
        let mut document = Document {
            benchmark: "store",
            instance: "sqlite".to_owned(),
            parameters: serde_json::Value::Null,
            seed: 7,
            seconds: 2.0,
            machine: Machine::now(),
            figures: Vec::new(),
            notes: Vec::new(),
        };
        document.add("hit_ratio", 0.983_44, "of 1");
        document.add("seconds", 9.0, "s");
        let json = document.json().unwrap();
        assert_eq!(json["hit_ratio"], 0.983);
        assert_eq!(json["figures"][0]["unit"], "of 1");
        assert_eq!(json["seconds"], 2.0, "what the document says itself stays");
    }
}
