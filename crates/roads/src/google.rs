//! Google's Routes API: `computeRouteMatrix` and `computeRoutes`. Two wheels are a mode of their own there, with traffic.

use domain::{courier::Vehicle, geo::Point};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Failure, Matrix, Question, Route, Table, Way, polyline};

const MATRIX_FIELDS: &str = "originIndex,destinationIndex,duration,distanceMeters,condition";
const ROUTE_FIELDS: &str = "routes.duration,routes.distanceMeters,routes.polyline.encodedPolyline";

const fn mode(vehicle: Vehicle) -> &'static str {
    match vehicle {
        Vehicle::Foot => "WALK",
        Vehicle::Bicycle | Vehicle::EBike => "BICYCLE",
        Vehicle::Scooter | Vehicle::Motorcycle => "TWO_WHEELER",
        Vehicle::Car | Vehicle::Van => "DRIVE",
    }
}

/// Mode and, where the API takes one, the wish for traffic.
fn wishes(vehicle: Vehicle, mut body: Value) -> Value {
    body["travelMode"] = mode(vehicle).into();
    if matches!(mode(vehicle), "DRIVE" | "TWO_WHEELER") {
        body["routingPreference"] = "TRAFFIC_AWARE".into();
    }
    body
}

fn place(point: &Point) -> Value {
    json!({ "location": { "latLng": { "latitude": point.lat, "longitude": point.lng } } })
}

pub(crate) fn ask_table(table: &Table) -> Question {
    let of = |points: &[Point]| points.iter().map(|point| json!({ "waypoint": place(point) })).collect::<Vec<_>>();
    let body = json!({ "origins": of(&table.sources), "destinations": of(&table.targets) });
    let question = Question::post("/distanceMatrix/v2:computeRouteMatrix", wishes(table.vehicle, body));
    Question { fields: Some(MATRIX_FIELDS), ..question }
}

pub(crate) fn ask_route(from: Point, to: Point, vehicle: Vehicle) -> Question {
    let body = json!({ "origin": place(&from), "destination": place(&to) });
    let question = Question::post("/directions/v2:computeRoutes", wishes(vehicle, body));
    Question { fields: Some(ROUTE_FIELDS), ..question }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Element {
    #[serde(default)]
    origin_index: usize,
    #[serde(default)]
    destination_index: usize,
    #[serde(default)]
    condition: String,
    duration: Option<String>,
    #[serde(default)]
    distance_meters: f64,
}

#[derive(Deserialize)]
struct RouteAnswer {
    #[serde(default)]
    routes: Vec<OneRoute>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OneRoute {
    #[serde(default)]
    distance_meters: f64,
    duration: String,
    polyline: Polyline,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Polyline {
    encoded_polyline: String,
}

/// `165s` or `165.5s`.
fn seconds(text: &str) -> Result<f64, Failure> {
    let number = text.strip_suffix('s').and_then(|number| number.parse().ok());
    number.ok_or(Failure::Nonsense("a duration that cannot be read"))
}

/// The elements come in any order; each must come once.
pub(crate) fn read_table(bytes: &[u8], table: &Table) -> Result<Matrix, Failure> {
    let elements: Vec<Element> =
        serde_json::from_slice(bytes).map_err(|_| Failure::Nonsense("not a matrix of Google Routes"))?;
    if elements.len() != table.sources.len() * table.targets.len() {
        return Err(Failure::Nonsense("a table of another size"));
    }
    let mut matrix = vec![vec![None; table.targets.len()]; table.sources.len()];
    let mut seen = vec![vec![false; table.targets.len()]; table.sources.len()];
    for element in elements {
        let (row, column) = (element.origin_index, element.destination_index);
        let place = seen.get_mut(row).and_then(|row| row.get_mut(column));
        if std::mem::replace(place.ok_or(Failure::Nonsense("a place outside the table"))?, true) {
            return Err(Failure::Nonsense("a place said twice"));
        }
        if element.condition == "ROUTE_EXISTS" {
            let duration = element.duration.ok_or(Failure::Nonsense("a way without duration"))?;
            matrix[row][column] = Some(Way { distance_m: element.distance_meters, duration_s: seconds(&duration)? });
        }
    }
    Ok(matrix)
}

pub(crate) fn read_route(bytes: &[u8]) -> Result<Route, Failure> {
    let answer: RouteAnswer =
        serde_json::from_slice(bytes).map_err(|_| Failure::Nonsense("not a route of Google Routes"))?;
    let first = answer.routes.into_iter().next().ok_or(Failure::NoWay)?;
    let points = polyline::decode(&first.polyline.encoded_polyline, 1e5)?;
    let way = Way { distance_m: first.distance_meters, duration_s: seconds(&first.duration)? };
    Ok(Route { way, points })
}

#[cfg(test)]
mod tests {
    use super::{ask_route, read_table};
    use crate::{Failure, Table, Way};
    use domain::{courier::Vehicle, geo::Point};

    const POINT: Point = Point { lat: 12.97, lng: 77.59 };

    fn two_targets() -> Table {
        Table { sources: vec![POINT], targets: vec![POINT, POINT], vehicle: Vehicle::Scooter }
    }

    #[test]
    fn elements_come_in_any_order_and_zero_may_be_left_out() {
        let answer = br#"[{"destinationIndex":1,"condition":"ROUTE_NOT_FOUND"},
            {"originIndex":0,"destinationIndex":0,"duration":"240s","distanceMeters":1500,"condition":"ROUTE_EXISTS"}]"#;
        let read = read_table(answer, &two_targets()).unwrap();
        assert_eq!(read, [[Some(Way { distance_m: 1_500.0, duration_s: 240.0 }), None]]);
    }

    #[test]
    fn places_outside_or_twice_are_refused() {
        for odd in [
            &br#"[{"destinationIndex":1},{"destinationIndex":1}]"#[..],
            br#"[{"destinationIndex":0},{"destinationIndex":7}]"#,
            br#"[{"destinationIndex":0}]"#,
            br#"{"error":{"code":403}}"#,
            br#"[{"duration":"soon","condition":"ROUTE_EXISTS"},{"destinationIndex":1}]"#,
        ] {
            assert!(matches!(read_table(odd, &two_targets()), Err(Failure::Nonsense(_))));
        }
    }

    #[test]
    fn only_motors_are_asked_with_traffic() {
        let body = |vehicle| ask_route(POINT, POINT, vehicle).body.unwrap();
        assert_eq!(body(Vehicle::Scooter)["routingPreference"], "TRAFFIC_AWARE");
        assert_eq!(body(Vehicle::Bicycle).get("routingPreference"), None);
    }
}
