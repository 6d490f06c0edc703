//! Invented towns, and who lives in which zone.

use super::{MARGIN_M, Site, Spot, ZoneDraft, divide, letters};
use domain::geo::{Point, contains};
use proptest::prelude::*;

fn any_town() -> impl Strategy<Value = Vec<Point>> {
    let point = (-0.15..0.15, -0.15..0.15).prop_map(|(lat, lng)| Point { lat: 12.97 + lat, lng: 77.59 + lng });
    proptest::collection::vec(point, 1..60)
}

fn sites(points: &[Point]) -> Vec<Site<'_>> {
    points.iter().map(|point| Site { point: *point, locality: "Jayanagar" }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_place_near_a_restaurant_is_in_exactly_one_zone(
        points in any_town(), other in any_town(), turn in 0.0..std::f64::consts::TAU, out in 0.0..0.99_f64
    ) {
        // The second town overlaps the first.
        let towns = [sites(&points), sites(&other)];
        let zones = divide(&towns);
        let all: Vec<_> = zones.iter().flatten().collect();
        for point in points.iter().chain(&other) {
            let spot = Spot::of(*point);
            let place = Spot { x: spot.x + out * MARGIN_M * turn.cos(), y: spot.y + out * MARGIN_M * turn.sin() };
            let holding = all.iter().filter(|zone| contains(&zone.polygon, place.to_point())).count();
            prop_assert_eq!(holding, 1);
        }
    }

    #[test]
    fn every_restaurant_of_a_lone_town_lies_in_its_own_zone(points in any_town()) {
        let zones = divide(&[sites(&points)]).remove(0);
        let mut housed = 0;
        for zone in &zones {
            prop_assert!(zone.sites.iter().all(|at| contains(&zone.polygon, points[*at])));
            housed += zone.sites.len();
        }
        prop_assert_eq!(housed, points.len());
        let mut names: Vec<_> = zones.iter().map(|zone| &zone.name).collect();
        names.sort_unstable();
        names.dedup();
        prop_assert_eq!(names.len(), zones.len());
    }
}

/// A block of restaurants, 200 m apart: its south-west corner, columns and rows.
fn block(lat: f64, lng: f64, columns: u32, rows: u32) -> Vec<Point> {
    let at = |column: u32, row: u32| Point { lat: lat + f64::from(row) * 0.002, lng: lng + f64::from(column) * 0.002 };
    (0..columns).flat_map(|column| (0..rows).map(move |row| at(column, row))).collect()
}

/// How many of the points lie in zones of a town.
fn inside(points: &[Point], zones: &[ZoneDraft]) -> usize {
    points.iter().filter(|point| zones.iter().any(|zone| contains(&zone.polygon, **point))).count()
}

#[test]
fn the_border_of_two_towns_runs_between_their_restaurants() {
    let (large, small) = (block(12.90, 77.50, 35, 15), block(12.91, 77.574, 4, 4));
    let zones = divide(&[sites(&large), sites(&small)]);
    let (astray, strays) = (inside(&large, &zones[1]), inside(&small, &zones[0]));
    assert!(astray <= 15 && strays <= 4, "{astray} {strays}");
}

#[test]
fn a_few_wrong_coordinates_found_no_zone_in_the_next_town() {
    let (large, mut small) = (block(12.90, 77.50, 30, 30), block(12.90, 77.65, 8, 8));
    small.extend(block(12.93, 77.53, 3, 3));
    let zones = divide(&[sites(&large), sites(&small)]);
    assert_eq!(inside(&large, &zones[1]), 0);
    let housed: usize = zones[1].iter().map(|zone| zone.sites.len()).sum();
    assert_eq!(housed, small.len(), "they still belong to a zone of their town");
}

#[test]
fn a_hamlet_is_one_zone_and_nothing_is_none() {
    let points = [Point { lat: 12.97, lng: 77.59 }; 3];
    let zones = divide(&[sites(&points), Vec::new()]);
    assert_eq!((zones[0].len(), zones[1].len()), (1, 0));
    assert_eq!(zones[0][0].name, "Jayanagar");
}

#[test]
fn letters_are_enough_and_spoken() {
    let letters: Vec<String> = letters().take(30).collect();
    assert_eq!((letters[0].as_str(), letters[8].as_str(), letters[24].as_str()), ("A", "J", "AA"));
}
