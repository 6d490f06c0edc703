//! What the columns of a file hold: by name the target, the id and the four coordinates; all others by their content.
//!
//! Names are compared as plain words, so `time_taken(min)`, `Time Taken (min)` and `TimeTaken_Min` are one. A column is of
//! numbers, times of day or days if nine of ten of its values are; what then is not is an error and not a category.

use std::fmt;

use super::{Table, TableError, cell};

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Numbers.
    Number,
    /// Times of day.
    Clock,
    /// Days.
    Day,
    /// Words, compared as they stand.
    Word,
    /// The minutes to learn.
    Minutes,
}

/// Where a delivery begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coordinate {
    /// Latitude of the restaurant.
    FromLatitude,
    /// Longitude of the restaurant.
    FromLongitude,
    /// Latitude of the customer.
    ToLatitude,
    /// Longitude of the customer.
    ToLongitude,
}

/// A column that is learned from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the header.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it is known only after the order was picked up, and so of no use for a promise at checkout.
    pub after_checkout: bool,
    /// Whether it is one of the four coordinates.
    pub coordinate: Option<Coordinate>,
}

/// The columns of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// The name of the target.
    pub target: String,
    /// The name of the column that names rows, if there is one.
    pub id: Option<String>,
    /// What is learned from.
    pub columns: Vec<Column>,
}

/// Names of the target, best first.
const TARGETS: &[&str] = &[
    "time taken min",
    "time taken",
    "time taken minutes",
    "delivery time min",
    "delivery time minutes",
    "delivery time",
    "delivery duration",
    "delivery duration minutes",
    "duration min",
    "duration minutes",
    "duration",
    "total minutes",
    "actual minutes",
    "eta minutes",
    "eta",
    "minutes",
    "target",
];
/// Names of the column that names rows.
const IDS: &[&str] = &["id", "order id", "delivery id", "row id", "record id", "index", ""];
/// Words of a column that is known only when the food has been picked up.
const AFTER: &[&str] = &["pickup", "picked", "handover", "departed", "dispatched"];
const FROM: &[&str] = &["restaurant", "store", "pickup", "source", "origin", "vendor", "kitchen", "from"];
const TO: &[&str] = &["delivery", "customer", "drop", "dropoff", "destination", "to"];

impl Schema {
    /// The columns of a table; `target` is the operator's word on what to learn.
    pub fn detect(table: &Table, target: Option<&str>) -> Result<Self, TableError> {
        let target = find_target(table, target)?;
        let id = IDS.iter().find_map(|id| table.header().iter().find(|name| plain(name) == *id)).cloned();
        let id = id.filter(|id| *id != target);
        let mut columns = Vec::new();
        for (position, name) in table.header().iter().enumerate() {
            if *name != target && id.as_ref() != Some(name) {
                columns.push(column(table, position, name));
            }
        }
        Ok(Self { target, id, columns })
    }
}

fn find_target(table: &Table, wanted: Option<&str>) -> Result<String, TableError> {
    let header = table.header();
    let found = || header.to_vec();
    let Some(wanted) = wanted else {
        let named = TARGETS.iter().find_map(|target| header.iter().find(|name| plain(name) == *target));
        return named.cloned().ok_or_else(|| TableError::NoTarget { found: found() });
    };
    let named = header.iter().find(|name| *name == wanted || plain(name) == plain(wanted));
    named.cloned().ok_or_else(|| TableError::NoColumn { name: wanted.to_owned(), found: found() })
}

fn column(table: &Table, position: usize, name: &str) -> Column {
    let coordinate = coordinate(name);
    let kind = if coordinate.is_some() { Kind::Number } else { kind_of(table, position) };
    let after_checkout = coordinate.is_none() && plain(name).split(' ').any(|word| AFTER.contains(&word));
    Column { name: name.to_owned(), kind, after_checkout, coordinate }
}

fn coordinate(name: &str) -> Option<Coordinate> {
    let name = plain(name);
    let has = |words: &[&str]| name.split(' ').any(|word| words.contains(&word));
    match (has(&["latitude", "lat"]), has(&["longitude", "lng", "lon", "long"]), has(FROM), has(TO)) {
        (true, false, true, false) => Some(Coordinate::FromLatitude),
        (false, true, true, false) => Some(Coordinate::FromLongitude),
        (true, false, false, true) => Some(Coordinate::ToLatitude),
        (false, true, false, true) => Some(Coordinate::ToLongitude),
        _ => None,
    }
}

fn kind_of(table: &Table, position: usize) -> Kind {
    let known: Vec<&str> =
        table.column(position).map(|(_, text)| text).filter(|text| !cell::is_missing(text)).collect();
    let mostly = |fits: &dyn Fn(&str) -> bool| {
        !known.is_empty() && known.iter().filter(|text| fits(text)).count() * 10 >= known.len() * 9
    };
    if mostly(&|text| cell::number(text).is_some()) {
        Kind::Number
    } else if mostly(&|text| cell::clock(text).is_some()) {
        Kind::Clock
    } else if mostly(&|text| cell::date(text).is_some()) {
        Kind::Day
    } else {
        Kind::Word
    }
}

/// A name as plain words.
pub(super) fn plain(name: &str) -> String {
    let mut words = String::new();
    let mut small = false;
    for letter in name.chars() {
        if letter.is_uppercase() && small {
            words.push(' ');
        }
        small = letter.is_lowercase();
        words.extend(if letter.is_alphanumeric() { letter } else { ' ' }.to_lowercase());
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Number => "a number",
            Self::Clock => "a time of day",
            Self::Day => "a day",
            Self::Word => "a word",
            Self::Minutes => "a number of minutes between 0 and 1440",
        })
    }
}
