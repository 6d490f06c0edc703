//! OSRM's HTTP API, version 1: `/table/v1/{profile}` and `/route/v1/{profile}`.

use std::fmt::Write as _;

use domain::{courier::Vehicle, geo::Point};
use serde::Deserialize;

use crate::{Failure, Matrix, Question, Route, Table, Way, polyline};

/// The profiles that its own tools prepare maps for.
const fn profile(vehicle: Vehicle) -> &'static str {
    match vehicle {
        Vehicle::Foot => "foot",
        Vehicle::Bicycle | Vehicle::EBike => "bike",
        Vehicle::Scooter | Vehicle::Motorcycle | Vehicle::Car | Vehicle::Van => "driving",
    }
}

/// `lng,lat` with a semicolon in between.
fn places<'a>(points: impl IntoIterator<Item = &'a Point>) -> String {
    let mut text = String::new();
    for point in points {
        let separator = if text.is_empty() { "" } else { ";" };
        // Writing to a string does not fail.
        let _ = write!(text, "{separator}{:.6},{:.6}", point.lng, point.lat);
    }
    text
}

fn numbers(range: std::ops::Range<usize>) -> String {
    range.map(|number| number.to_string()).collect::<Vec<_>>().join(";")
}

pub(crate) fn ask_table(table: &Table) -> Question {
    let places = places(table.sources.iter().chain(&table.targets));
    let sources = numbers(0..table.sources.len());
    let targets = numbers(table.sources.len()..table.sources.len() + table.targets.len());
    let profile = profile(table.vehicle);
    Question::get(format!(
        "/table/v1/{profile}/{places}?sources={sources}&destinations={targets}&annotations=duration,distance"
    ))
}

pub(crate) fn ask_route(from: Point, to: Point, vehicle: Vehicle) -> Question {
    let (profile, places) = (profile(vehicle), places([&from, &to]));
    Question::get(format!("/route/v1/{profile}/{places}?overview=full&geometries=polyline6"))
}

#[derive(Deserialize)]
struct TableAnswer {
    code: String,
    #[serde(default)]
    durations: Vec<Vec<Option<f64>>>,
    #[serde(default)]
    distances: Vec<Vec<Option<f64>>>,
}

#[derive(Deserialize)]
struct RouteAnswer {
    code: String,
    #[serde(default)]
    routes: Vec<OneRoute>,
}

#[derive(Deserialize)]
struct OneRoute {
    distance: f64,
    duration: f64,
    geometry: String,
}

fn judged(code: &str) -> Result<(), Failure> {
    match code {
        "Ok" => Ok(()),
        "NoRoute" | "NoSegment" | "NoTable" => Err(Failure::NoWay),
        _ => Err(Failure::Nonsense("a code that is not Ok")),
    }
}

pub(crate) fn read_table(bytes: &[u8]) -> Result<Matrix, Failure> {
    let answer: TableAnswer = serde_json::from_slice(bytes).map_err(|_| Failure::Nonsense("not a table of OSRM"))?;
    judged(&answer.code)?;
    if answer.durations.len() != answer.distances.len() {
        return Err(Failure::Nonsense("durations and distances of different sizes"));
    }
    let rows = answer.durations.into_iter().zip(answer.distances);
    rows.map(|(durations, distances)| {
        if durations.len() != distances.len() {
            return Err(Failure::Nonsense("durations and distances of different sizes"));
        }
        let way = |(duration_s, distance_m): (Option<f64>, Option<f64>)| {
            Some(Way { distance_m: distance_m?, duration_s: duration_s? })
        };
        Ok(durations.into_iter().zip(distances).map(way).collect())
    })
    .collect()
}

pub(crate) fn read_route(bytes: &[u8]) -> Result<Route, Failure> {
    let answer: RouteAnswer = serde_json::from_slice(bytes).map_err(|_| Failure::Nonsense("not a route of OSRM"))?;
    judged(&answer.code)?;
    let first = answer.routes.into_iter().next().ok_or(Failure::NoWay)?;
    let points = polyline::decode(&first.geometry, 1e6)?;
    Ok(Route { way: Way { distance_m: first.distance, duration_s: first.duration }, points })
}

#[cfg(test)]
mod tests {
    use super::{ask_route, ask_table, read_table};
    use crate::{Failure, Table, Way};
    use domain::{courier::Vehicle, geo::Point};

    const KITCHEN: Point = Point { lat: 12.9716, lng: 77.5946 };
    const DOOR: Point = Point { lat: 12.98, lng: 77.6 };

    #[test]
    fn questions_are_worded_as_osrm_wants_them() {
        let table = Table { sources: vec![KITCHEN], targets: vec![DOOR, KITCHEN], vehicle: Vehicle::Scooter };
        assert_eq!(
            ask_table(&table).path,
            "/table/v1/driving/77.594600,12.971600;77.600000,12.980000;77.594600,12.971600\
             ?sources=0&destinations=1;2&annotations=duration,distance"
        );
        let route = ask_route(KITCHEN, DOOR, Vehicle::EBike).path;
        assert!(route.starts_with("/route/v1/bike/77.594600,12.971600;77.600000,12.980000?"), "{route}");
    }

    #[test]
    fn a_place_without_way_is_none_and_other_answers_are_refused() {
        let read = read_table(br#"{"code":"Ok","durations":[[240.5,null]],"distances":[[1500,null]]}"#).unwrap();
        assert_eq!(read, [[Some(Way { distance_m: 1_500.0, duration_s: 240.5 }), None]]);
        assert_eq!(read_table(br#"{"code":"NoTable"}"#), Err(Failure::NoWay));
        for odd in [&b"<html>"[..], br#"{"code":"Ok","durations":[[1]],"distances":[]}"#, br#"{"code":"InvalidQuery"}"#]
        {
            assert!(matches!(read_table(odd), Err(Failure::Nonsense(_))));
        }
    }
}
