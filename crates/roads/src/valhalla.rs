//! Valhalla's HTTP API: `/sources_to_targets` and `/route`, in kilometres.

use domain::{courier::Vehicle, geo::Point};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Failure, Matrix, Question, Route, Table, Way, polyline};

const fn costing(vehicle: Vehicle) -> &'static str {
    match vehicle {
        Vehicle::Foot => "pedestrian",
        Vehicle::Bicycle | Vehicle::EBike => "bicycle",
        Vehicle::Scooter => "motor_scooter",
        Vehicle::Motorcycle => "motorcycle",
        Vehicle::Car | Vehicle::Van => "auto",
    }
}

fn place(point: &Point) -> Value {
    json!({ "lat": point.lat, "lon": point.lng })
}

pub(crate) fn ask_table(table: &Table) -> Question {
    let of = |points: &[Point]| points.iter().map(place).collect::<Vec<_>>();
    let body = json!({
        "sources": of(&table.sources), "targets": of(&table.targets),
        "costing": costing(table.vehicle), "units": "kilometers",
    });
    Question::post("/sources_to_targets", body)
}

pub(crate) fn ask_route(from: Point, to: Point, vehicle: Vehicle) -> Question {
    let body = json!({
        "locations": [place(&from), place(&to)],
        "costing": costing(vehicle), "units": "kilometers", "directions_type": "none",
    });
    Question::post("/route", body)
}

#[derive(Deserialize)]
struct TableAnswer {
    sources_to_targets: Vec<Vec<Cell>>,
}

#[derive(Deserialize)]
struct Cell {
    time: Option<f64>,
    distance: Option<f64>,
}

#[derive(Deserialize)]
struct RouteAnswer {
    trip: Trip,
}

#[derive(Deserialize)]
struct Trip {
    #[serde(default)]
    status: i64,
    legs: Vec<Leg>,
    summary: Summary,
}

#[derive(Deserialize)]
struct Leg {
    shape: String,
}

#[derive(Deserialize)]
struct Summary {
    time: f64,
    length: f64,
}

pub(crate) fn read_table(bytes: &[u8]) -> Result<Matrix, Failure> {
    let answer: TableAnswer =
        serde_json::from_slice(bytes).map_err(|_| Failure::Nonsense("not a table of Valhalla"))?;
    let way = |cell: Cell| Some(Way { distance_m: cell.distance? * 1_000.0, duration_s: cell.time? });
    Ok(answer.sources_to_targets.into_iter().map(|row| row.into_iter().map(way).collect()).collect())
}

pub(crate) fn read_route(bytes: &[u8]) -> Result<Route, Failure> {
    let answer: RouteAnswer =
        serde_json::from_slice(bytes).map_err(|_| Failure::Nonsense("not a route of Valhalla"))?;
    let Trip { status, legs, summary } = answer.trip;
    if status != 0 {
        return Err(Failure::NoWay);
    }
    let mut points = Vec::new();
    for leg in &legs {
        points.extend(polyline::decode(&leg.shape, 1e6)?);
    }
    Ok(Route { way: Way { distance_m: summary.length * 1_000.0, duration_s: summary.time }, points })
}

#[cfg(test)]
mod tests {
    use super::{ask_table, read_route, read_table};
    use crate::{Failure, Table, Way};
    use domain::{courier::Vehicle, geo::Point};

    #[test]
    fn kilometres_become_metres_and_what_is_missing_is_none() {
        let read = read_table(
            br#"{"sources_to_targets":[[{"from_index":0,"to_index":0,"time":240,"distance":1.5},
                {"from_index":0,"to_index":1,"time":null,"distance":null}]],"units":"kilometers"}"#,
        );
        assert_eq!(read.unwrap(), [[Some(Way { distance_m: 1_500.0, duration_s: 240.0 }), None]]);
        assert_eq!(read_table(b"[]"), Err(Failure::Nonsense("not a table of Valhalla")));
    }

    #[test]
    fn a_trip_without_success_is_no_way() {
        let answer = br#"{"trip":{"status":442,"legs":[],"summary":{"time":0,"length":0}}}"#;
        assert_eq!(read_route(answer), Err(Failure::NoWay));
    }

    #[test]
    fn a_scooter_is_a_scooter() {
        let point = Point { lat: 12.97, lng: 77.59 };
        let asked = ask_table(&Table { sources: vec![point], targets: vec![point], vehicle: Vehicle::Scooter });
        let body = asked.body.unwrap();
        assert_eq!((asked.path.as_str(), &body["costing"]), ("/sources_to_targets", &"motor_scooter".into()));
        assert_eq!(body["sources"][0]["lon"], 77.59);
    }
}
