//! Bytes to records: commas, quoted fields, any line ending, a byte-order mark.

use std::io::Read;

use csv::StringRecord;

use super::TableError;

/// A header and its records, with the line on which each begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    header: Vec<String>,
    records: Vec<(u64, StringRecord)>,
}

impl Table {
    /// Reads everything. Blank lines are passed over; a record that is shorter or longer than the header is an error.
    pub fn read(mut source: impl Read) -> Result<Self, TableError> {
        let mut bytes = Vec::new();
        let failed = |error: std::io::Error| TableError::Unreadable { line: 1, reason: error.to_string() };
        source.read_to_end(&mut bytes).map_err(failed)?;
        let mut lines = Lines { bytes: &bytes, at: 0, line: 1 };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes.as_slice());
        let header = reader.headers().map_err(|error| unreadable(&error, &mut lines))?;
        let header: Vec<String> = header.iter().map(tidy).collect();
        check_names(&header)?;
        let mut records = Vec::new();
        for record in reader.into_records() {
            let record = record.map_err(|error| unreadable(&error, &mut lines))?;
            records.push((lines.of(record.position()), record));
        }
        if records.is_empty() { Err(TableError::Empty) } else { Ok(Self { header, records }) }
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// How many records.
    pub const fn rows(&self) -> usize {
        self.records.len()
    }

    /// Where a column stands.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// The texts of a column and the lines they begin on, from the top.
    pub fn column(&self, position: usize) -> impl Iterator<Item = (u64, &str)> {
        self.records.iter().map(move |(line, record)| (*line, record.get(position).unwrap_or_default()))
    }
}

fn tidy(name: &str) -> String {
    name.trim_start_matches('\u{feff}').trim().to_owned()
}

fn check_names(header: &[String]) -> Result<(), TableError> {
    let mut names: Vec<&String> = header.iter().collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(TableError::Twice(pair[0].clone())),
        None => Ok(()),
    }
}

/// Counts lines. The reader's own count is that before blank lines and before the second byte of a `\r\n`.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which a record begins; positions may only grow.
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
        while let Some(byte) = self.bytes.get(self.at) {
            if self.at >= start && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.line += u64::from(*byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}

fn unreadable(error: &csv::Error, lines: &mut Lines<'_>) -> TableError {
    let line = lines.of(error.position());
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => TableError::Width {
            line,
            found: usize::try_from(*len).unwrap_or(usize::MAX),
            expected: usize::try_from(*expected_len).unwrap_or(usize::MAX),
        },
        csv::ErrorKind::Utf8 { .. } => TableError::Unreadable { line, reason: "not UTF-8".to_owned() },
        _ => TableError::Unreadable { line, reason: error.to_string() },
    }
}
