//! Records as values: one feature for each column, and those that take several columns to compute.

use domain::geo::Point;

use super::{
    Schema, Table, TableError, cell,
    schema::{Column, Coordinate, Kind},
};

/// Which features a model may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Features {
    /// All columns of the file.
    All,
    /// Those that are known when the customer is promised a time.
    Checkout,
}

/// The values of a feature, from the top.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Numbers; NaN is unknown.
    Numbers(Vec<f64>),
    /// Words; none is unknown.
    Words(Vec<Option<String>>),
}

/// Something to learn from.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// The column's name, or what was computed.
    pub name: String,
    /// Whether it is known only after the order was picked up.
    pub after_checkout: bool,
    /// Its values.
    pub values: Values,
}

/// The rows of a file as values.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// How many rows.
    pub rows: usize,
    /// Texts that name the rows, if the file has such a column.
    pub ids: Option<Vec<String>>,
    /// Minutes; NaN where they are missing.
    pub targets: Vec<f64>,
    /// What is learned from.
    pub features: Vec<Feature>,
    /// Columns of the schema that this file does not have; their values are unknown.
    pub absent: Vec<String>,
}

impl Frame {
    /// Reads a table by a schema, that of another file too. Only the target may stand for nothing at all.
    pub fn read(table: &Table, schema: &Schema) -> Result<Self, TableError> {
        let mut frame = Self {
            rows: table.rows(),
            ids: schema.id.as_ref().and_then(|id| table.position(id)).map(|position| texts(table, position)),
            targets: vec![f64::NAN; table.rows()],
            features: Vec::new(),
            absent: Vec::new(),
        };
        if let Some(position) = table.position(&schema.target) {
            frame.targets = numbers(table, position, &schema.target, Kind::Minutes)?;
        }
        let mut parts = Parts::default();
        for column in &schema.columns {
            let position = table.position(&column.name);
            if position.is_none() {
                frame.absent.push(column.name.clone());
            }
            frame.add(table, position, column, &mut parts)?;
        }
        frame.features.extend(parts.computed());
        Ok(frame)
    }

    /// The rows whose minutes are known.
    pub fn known(&self) -> Vec<u32> {
        let known = self.targets.iter().zip(0..).filter(|(target, _)| !target.is_nan());
        known.map(|(_, row)| row).collect()
    }

    fn add(
        &mut self,
        table: &Table,
        position: Option<usize>,
        column: &Column,
        parts: &mut Parts,
    ) -> Result<(), TableError> {
        let Column { name, kind, after_checkout, coordinate } = column;
        let values = match (kind, position) {
            (Kind::Word, position) => Values::Words(position.map_or_else(
                || vec![None; table.rows()],
                |position| texts(table, position).into_iter().map(|text| word(&text)).collect(),
            )),
            (_, None) => Values::Numbers(vec![f64::NAN; table.rows()]),
            (kind, Some(position)) => Values::Numbers(numbers(table, position, name, *kind)?),
        };
        if let Values::Numbers(numbers) = &values {
            parts.note(numbers, *kind, *after_checkout, *coordinate);
        }
        // A day as such does not come again; its weekday does.
        let name = if *kind == Kind::Day { format!("weekday of {name}") } else { name.clone() };
        self.features.push(Feature { name, after_checkout: *after_checkout, values });
        Ok(())
    }
}

fn texts(table: &Table, position: usize) -> Vec<String> {
    table.column(position).map(|(_, text)| text.to_owned()).collect()
}

fn word(text: &str) -> Option<String> {
    (!cell::is_missing(text)).then(|| cell::word(text))
}

fn numbers(table: &Table, position: usize, name: &str, kind: Kind) -> Result<Vec<f64>, TableError> {
    let value = |(line, text): (u64, &str)| {
        if cell::is_missing(text) {
            return Ok(f64::NAN);
        }
        let value = match kind {
            Kind::Number | Kind::Word => cell::number(text),
            Kind::Clock => cell::clock(text),
            Kind::Day => cell::date(text).map(|date| f64::from(date.weekday().to_monday_zero_offset())),
            Kind::Minutes => cell::minutes(text),
        };
        value.ok_or_else(|| TableError::Value { line, column: name.to_owned(), text: text.to_owned(), kind })
    };
    table.column(position).map(value).collect()
}

/// What takes several columns.
#[derive(Debug, Default)]
struct Parts {
    from: (Option<Vec<f64>>, Option<Vec<f64>>),
    to: (Option<Vec<f64>>, Option<Vec<f64>>),
    ordered: Option<Vec<f64>>,
    picked: Option<Vec<f64>>,
}

impl Parts {
    fn note(&mut self, numbers: &[f64], kind: Kind, after_checkout: bool, coordinate: Option<Coordinate>) {
        let place = match (coordinate, kind, after_checkout) {
            (Some(Coordinate::FromLatitude), ..) => &mut self.from.0,
            (Some(Coordinate::FromLongitude), ..) => &mut self.from.1,
            (Some(Coordinate::ToLatitude), ..) => &mut self.to.0,
            (Some(Coordinate::ToLongitude), ..) => &mut self.to.1,
            (None, Kind::Clock, false) => &mut self.ordered,
            (None, Kind::Clock, true) => &mut self.picked,
            _ => return,
        };
        place.get_or_insert_with(|| numbers.to_vec());
    }

    fn computed(self) -> Vec<Feature> {
        let mut computed = Vec::new();
        let feature = |name: &str, after_checkout, numbers| Feature {
            name: name.to_owned(),
            after_checkout,
            values: Values::Numbers(numbers),
        };
        if let (Some(from_lat), Some(from_lng), Some(to_lat), Some(to_lng)) =
            (&self.from.0, &self.from.1, &self.to.0, &self.to.1)
        {
            let from = from_lat.iter().zip(from_lng);
            let ends = from.zip(to_lat.iter().zip(to_lng));
            let apart = ends.map(|((a, b), (c, d))| distance_km((*a, *b), (*c, *d))).collect();
            computed.push(feature("great-circle distance", false, apart));
        }
        if let (Some(ordered), Some(picked)) = (self.ordered, self.picked) {
            let waited = ordered.iter().zip(picked).map(|(ordered, picked)| (picked - ordered).rem_euclid(1_440.0));
            computed.push(feature("minutes until pickup", true, waited.collect()));
        }
        computed
    }
}

/// Kilometres between two points; unknown where one is not on the globe or is the origin of the map.
fn distance_km(from: (f64, f64), to: (f64, f64)) -> f64 {
    let point = |(lat, lng): (f64, f64)| {
        let is_origin = lat.abs() < 0.1 && lng.abs() < 0.1;
        if is_origin { None } else { Point::new(lat, lng) }
    };
    match (point(from), point(to)) {
        (Some(from), Some(to)) => from.distance_m(to) / 1_000.0,
        _ => f64::NAN,
    }
}
