//! The index against a plain list: whatever was put, moved and removed, both find the same.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::Nearby;
use crate::geo::Point;

const BENGALURU: Point = Point { lat: 12.975, lng: 77.605 };

/// What is done to a thing.
#[derive(Clone, Debug)]
enum Deed {
    Put(u8, Point),
    Remove(u8),
}

/// Points of a city that lies across the borders of cells, across the antimeridian, at a pole, and anywhere.
fn points() -> impl Strategy<Value = Point> {
    let around = |lat: f64, lng: f64| {
        (-0.03..0.03_f64, -0.03..0.03_f64).prop_map(move |(north, east)| {
            let east = lng + east;
            let lng = if east > 180.0 { east - 360.0 } else { east };
            Point { lat: (lat + north).clamp(-90.0, 90.0), lng }
        })
    };
    prop_oneof![
        4 => around(12.0, 77.604),
        2 => around(0.0, 0.0),
        2 => around(-17.0, 180.0),
        1 => around(89.99, -120.0),
        1 => (-90.0..=90.0, -180.0..=180.0).prop_map(|(lat, lng)| Point { lat, lng }),
    ]
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        5 => (any::<u8>(), points()).prop_map(|(key, point)| Deed::Put(key, point)),
        1 => any::<u8>().prop_map(Deed::Remove),
    ];
    prop::collection::vec(deed, 0..300)
}

/// The distances that a walk through everything finds.
fn walk(all: &BTreeMap<u8, Point>, to: Point, most: usize, within_m: f64, takes: impl Fn(u8) -> bool) -> Vec<f64> {
    let all = all.iter().filter(|(key, _)| takes(**key)).map(|(_, point)| to.distance_m(*point));
    let mut found: Vec<f64> = all.filter(|distance| *distance <= within_m).collect();
    found.sort_unstable_by(f64::total_cmp);
    found.truncate(most);
    found
}

proptest! {
    #[test]
    fn a_search_finds_what_a_walk_finds(
        deeds in deeds(),
        to in points(),
        most in 0..40_usize,
        within_m in prop_oneof![0.0..5_000.0, Just(f64::INFINITY), 0.0..30_000_000.0],
        odd in any::<bool>(),
    ) {
        let (mut index, mut all) = (Nearby::default(), BTreeMap::new());
        for deed in deeds {
            match deed {
                Deed::Put(key, point) => {
                    index.put(key, point);
                    all.insert(key, point);
                }
                Deed::Remove(key) => prop_assert_eq!(index.remove(key), all.remove(&key).is_some()),
            }
        }
        prop_assert_eq!(index.len(), all.len());
        let takes = |key: u8| !odd || key % 2 == 1;
        let found = index.nearest(to, most, within_m, takes);
        let walked = walk(&all, to, most, within_m, takes);
        prop_assert_eq!(found.len(), walked.len());
        for (found, walked) in found.iter().zip(walked) {
            // Of two that are equally far, either may come; the distances agree to a centimetre.
            prop_assert!((found.distance_m - walked).abs() < 0.01, "{} and {walked}", found.distance_m);
            prop_assert!((to.distance_m(all[&found.key]) - found.distance_m).abs() < 0.01);
            prop_assert!(takes(found.key));
        }
        let mut keys: Vec<u8> = found.iter().map(|found| found.key).collect();
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(keys.len(), found.len(), "nobody is found twice");
    }
}

#[test]
fn those_across_the_antimeridian_are_near() {
    let mut index = Nearby::default();
    index.put("west", Point { lat: -17.0, lng: 179.999 });
    index.put("far", Point { lat: -17.0, lng: 179.9 });
    let found = index.nearest(Point { lat: -17.0, lng: -179.999 }, 5, 1_000.0, |_| true);
    assert_eq!(found.iter().map(|found| found.key).collect::<Vec<_>>(), ["west"]);
    assert!((212.0..213.0).contains(&found[0].distance_m), "{}", found[0].distance_m);
}

#[test]
fn who_moved_is_found_only_where_they_are() {
    let mut index = Nearby::default();
    index.put(1, BENGALURU);
    index.put(1, Point { lat: 12.9, ..BENGALURU });
    assert!(index.nearest(BENGALURU, 1, 1_000.0, |_| true).is_empty());
    assert_eq!(index.len(), 1);
    assert!(index.remove(1) && !index.remove(1));
    assert!(index.is_empty() && index.large.is_empty(), "nothing is left of who went");
}

#[test]
fn a_radius_that_is_no_number_holds_nothing() {
    let mut index = Nearby::default();
    index.put(1, BENGALURU);
    assert!(index.nearest(BENGALURU, 1, f64::NAN, |_| true).is_empty());
    assert!(index.nearest(BENGALURU, 1, -1.0, |_| true).is_empty());
    assert_eq!(index.nearest(BENGALURU, 1, 0.0, |_| true).len(), 1);
}

#[test]
fn a_crowd_at_one_corner_is_told_apart() {
    let mut index = Nearby::default();
    for key in 0..5_000_u32 {
        index.put(key, Point { lat: BENGALURU.lat + f64::from(key) * 1e-7, ..BENGALURU });
    }
    let found = index.nearest(BENGALURU, 3, 500.0, |key| key >= 100);
    assert_eq!(found.iter().map(|found| found.key).collect::<Vec<_>>(), [100, 101, 102]);
}
