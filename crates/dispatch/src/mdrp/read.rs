//! Reads a day from its folder, and says of what is wrong in which file, line and column.
//!
//! The files are separated by tabs; their first line names the columns. Columns are found by place, as in the published
//! files; their names differ in nothing but spelling.

use std::{collections::HashMap, fs, path::Path, str::FromStr};

use super::instance::{Courier, Instance, Order, Parameters, Restaurant, Spot};
use crate::planner::Time;

/// No moment of a day is later: two days of minutes.
const LATEST: f64 = 2_880.0;
/// No coordinate is farther from the origin, in metres.
const FARTHEST: f64 = 1e7;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The file.
    pub file: String,
    /// The line, counted from 1 with the header; 0 for the file as a whole.
    pub line: usize,
    /// The column's name; empty for the line as a whole.
    pub column: &'static str,
    /// What is wrong there.
    pub reason: String,
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { file, line, column, reason } = self;
        write!(formatter, "{file}")?;
        if *line > 0 {
            write!(formatter, ", line {line}")?;
        }
        if !column.is_empty() {
            write!(formatter, ", column {column}")?;
        }
        write!(formatter, ": {reason}")
    }
}

impl std::error::Error for Malformed {}

/// Reads the four files of a folder.
pub fn read(folder: &Path) -> Result<Instance, Malformed> {
    let name = folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let text = |file: &str| {
        let path = folder.join(file);
        fs::read_to_string(&path).map_err(|error| wrong(&path.display().to_string(), 0, "", error.to_string()))
    };
    let parameters = parameters(&text("instance_parameters.txt")?)?;
    let (restaurants, numbers) = restaurants(&text("restaurants.txt")?)?;
    let orders = orders(&text("orders.txt")?, &numbers)?;
    let couriers = couriers(&text("couriers.txt")?)?;
    let instance = Instance { name: name.unwrap_or_default(), orders, restaurants, couriers, parameters };
    within_a_day(&instance)?;
    Ok(instance)
}

fn parameters(text: &str) -> Result<Parameters, Malformed> {
    const COLUMNS: [&str; 7] = [
        "meters_per_minute",
        "pickup service minutes",
        "dropoff service minutes",
        "target click-to-door",
        "maximum click-to-door",
        "pay per order",
        "guaranteed pay per hour",
    ];
    let file = "instance_parameters.txt";
    let rows = rows(file, text, &COLUMNS)?;
    let [row] = rows.as_slice() else {
        return Err(wrong(file, 0, "", format!("expected one line below the header, found {}", rows.len())));
    };
    let metres_per_minute = row.number(0, 0.0..=FARTHEST)?;
    if metres_per_minute < 1.0 {
        return Err(row.wrong(0, "must be at least 1"));
    }
    let pay_per_order = row.number(5, 0.0..=1e6)?;
    Ok(Parameters {
        metres_per_minute,
        pickup_service: row.minutes(1)?,
        dropoff_service: row.minutes(2)?,
        target_click_to_door: row.minutes(3)?,
        most_click_to_door: row.minutes(4)?,
        pay_per_order,
        guaranteed_hourly: row.number(6, 0.0..=1e6)?,
    })
}

fn restaurants(text: &str) -> Result<(Vec<Restaurant>, HashMap<String, usize>), Malformed> {
    let rows = rows("restaurants.txt", text, &["restaurant", "x", "y"])?;
    let mut numbers = HashMap::new();
    let mut restaurants = Vec::new();
    for row in &rows {
        let restaurant = Restaurant { name: row.new_name(&mut numbers)?, spot: row.spot(1)? };
        restaurants.push(restaurant);
    }
    Ok((restaurants, numbers))
}

fn orders(text: &str, restaurants: &HashMap<String, usize>) -> Result<Vec<Order>, Malformed> {
    let rows = rows("orders.txt", text, &["order", "x", "y", "placement_time", "restaurant", "ready_time"])?;
    let mut numbers = HashMap::new();
    let mut orders = Vec::new();
    for row in &rows {
        let name = row.new_name(&mut numbers)?;
        let (placed_at, ready_at) = (row.minutes(3)?, row.minutes(5)?);
        let restaurant = restaurants.get(row.fields[4]).copied();
        let restaurant = restaurant.ok_or_else(|| row.wrong(4, "is not in restaurants.txt"))?;
        if ready_at < placed_at {
            return Err(row.wrong(5, "is before the order is placed"));
        }
        orders.push(Order { name, spot: row.spot(1)?, placed_at, restaurant, ready_at });
    }
    Ok(orders)
}

fn couriers(text: &str) -> Result<Vec<Courier>, Malformed> {
    let rows = rows("couriers.txt", text, &["courier", "x", "y", "on_time", "off_time"])?;
    let mut numbers = HashMap::new();
    let mut couriers = Vec::new();
    for row in &rows {
        let courier = Courier {
            name: row.new_name(&mut numbers)?,
            spot: row.spot(1)?,
            on_at: row.minutes(3)?,
            off_at: row.minutes(4)?,
        };
        if courier.off_at < courier.on_at {
            return Err(row.wrong(4, "is before on_time"));
        }
        couriers.push(courier);
    }
    Ok(couriers)
}

/// Places that are days apart at the given speed are a mistake in the coordinates or in the speed.
fn within_a_day(instance: &Instance) -> Result<(), Malformed> {
    let spots = || {
        let doors = instance.orders.iter().map(|order| order.spot);
        let kitchens = instance.restaurants.iter().map(|restaurant| restaurant.spot);
        doors.chain(kitchens).chain(instance.couriers.iter().map(|courier| courier.spot))
    };
    let span = |of: fn(Spot) -> f64| {
        let (low, high) = spots().map(of).fold((f64::MAX, f64::MIN), |(low, high), it| (low.min(it), high.max(it)));
        (high - low).max(0.0)
    };
    let minutes = (span(|spot| spot.x) + span(|spot| spot.y)) / instance.parameters.metres_per_minute;
    if minutes > 10.0 * LATEST {
        let reason = format!("at this speed some places are {minutes:.0} minutes apart");
        return Err(wrong("instance_parameters.txt", 2, "meters_per_minute", reason));
    }
    Ok(())
}

/// One line below the header.
struct Row<'a> {
    file: &'static str,
    line: usize,
    columns: &'static [&'static str],
    fields: Vec<&'a str>,
}

fn rows<'a>(file: &'static str, text: &'a str, columns: &'static [&'static str]) -> Result<Vec<Row<'a>>, Malformed> {
    let mut rows = Vec::new();
    for (line, content) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        if content.trim().is_empty() {
            continue;
        }
        let fields: Vec<&str> = content.split('\t').map(str::trim).collect();
        if fields.len() < columns.len() {
            let reason = format!("expected {} columns separated by tabs, found {}", columns.len(), fields.len());
            return Err(wrong(file, line, "", reason));
        }
        rows.push(Row { file, line, columns, fields });
    }
    if rows.is_empty() {
        return Err(wrong(file, 0, "", "is empty: the first line must name the columns".to_owned()));
    }
    let header = rows.remove(0);
    // A file without header would lose its first line without a word.
    if !header.fields[0].eq_ignore_ascii_case(columns[0]) {
        return Err(header.wrong(0, &format!("expected the header, which begins with `{}`", columns[0])));
    }
    Ok(rows)
}

impl Row<'_> {
    fn wrong(&self, column: usize, reason: &str) -> Malformed {
        wrong(self.file, self.line, self.columns[column], format!("`{}` {reason}", self.fields[column]))
    }

    fn number(&self, column: usize, range: std::ops::RangeInclusive<f64>) -> Result<f64, Malformed> {
        let number = f64::from_str(self.fields[column]).map_err(|_| self.wrong(column, "is not a number"))?;
        if !range.contains(&number) {
            return Err(self.wrong(column, &format!("is not between {} and {}", range.start(), range.end())));
        }
        Ok(number)
    }

    #[expect(clippy::cast_possible_truncation, reason = "whole and at most two days")]
    fn minutes(&self, column: usize) -> Result<Time, Malformed> {
        let number = self.number(column, 0.0..=LATEST)?;
        if number.fract() > 0.0 {
            return Err(self.wrong(column, "is not a whole number of minutes"));
        }
        Ok(number as Time)
    }

    fn spot(&self, column: usize) -> Result<Spot, Malformed> {
        let range = -FARTHEST..=FARTHEST;
        Ok(Spot { x: self.number(column, range.clone())?, y: self.number(column + 1, range)? })
    }

    /// The name in the first column, which must not have occurred before.
    fn new_name(&self, numbers: &mut HashMap<String, usize>) -> Result<String, Malformed> {
        let name = self.fields[0].to_owned();
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(self.wrong(0, "is no name: it must be one word"));
        }
        if numbers.insert(name.clone(), numbers.len()).is_some() {
            return Err(self.wrong(0, "occurs twice"));
        }
        Ok(name)
    }
}

fn wrong(file: &str, line: usize, column: &'static str, reason: String) -> Malformed {
    Malformed { file: file.to_owned(), line, column, reason }
}
