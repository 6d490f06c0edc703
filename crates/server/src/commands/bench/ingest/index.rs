//! The index alone: moves, searches, and searches in a crowd.

use std::{hint::black_box, time::Instant};

use app::Entropy;
use domain::geo::{Point, nearby::Nearby};

use crate::commands::measure::{
    Document,
    histogram::{Histogram, float},
};

/// Couriers that are asked for,
const MOST: usize = 20;
/// within so many metres.
const WITHIN_M: f64 = 5_000.0;
const CITY_CORNER: Point = Point { lat: 12.84, lng: 77.46 };
/// Side of the city in degrees: some 30 km.
const CITY: f64 = 0.27;
const CROWD_CORNER: Point = Point { lat: 12.970_6, lng: 77.589_1 };
/// Side of the crowd in degrees: some 100 m, within one cell of the index.
const CROWD: f64 = 0.001;
/// How far a courier moves between two updates, degrees.
const STEP: f64 = 0.000_2;

/// How many of everything.
#[derive(Clone, Copy)]
pub(super) struct Size {
    couriers: u32,
    crowd: u32,
    updates: u32,
    searches: u32,
}

impl Size {
    /// What the figures are about.
    pub(super) const FULL: Self = Self { couriers: 50_000, crowd: 90_000, updates: 4_000_000, searches: 4_000 };
}

/// What was measured.
pub(super) struct Indexed {
    updates_per_s: f64,
    nearest: Histogram,
    dense: Histogram,
    seconds: f64,
}

impl Indexed {
    /// Measures on the calling thread.
    pub(super) fn measure(seed: u64, size: Size) -> Self {
        let begun = Instant::now();
        let dice = Entropy::from_seed(seed);
        let mut index = crowd(&dice, size.couriers, CITY_CORNER, CITY);
        // The moves are thrown before they are timed; there are enough of them that none is like the one before.
        let moves: Vec<(u32, Point)> =
            (0..1 << 16).map(|_| (dice.below(size.couriers), anywhere(&dice, CITY_CORNER, CITY))).collect();
        for (courier, point) in &moves {
            index.put(*courier, *point);
        }
        let started = Instant::now();
        for update in 0..size.updates {
            let (courier, point) = moves[update as usize % moves.len()];
            // Round after round each of them walks on, and crosses into other cells as couriers do.
            let walked = f64::from(update / (1 << 16)) * STEP;
            index.put(courier, Point { lat: point.lat + walked, lng: point.lng });
        }
        let updates_per_s = f64::from(size.updates) / started.elapsed().as_secs_f64().max(1e-9);
        let nearest = search(&index, &dice, CITY_CORNER, CITY, size.searches);
        let dense = search(&crowd(&dice, size.crowd, CROWD_CORNER, CROWD), &dice, CROWD_CORNER, CROWD, size.searches);
        Self { updates_per_s, nearest, dense, seconds: begun.elapsed().as_secs_f64() }
    }

    /// Adds the figures.
    pub(super) fn describe(&self, document: &mut Document) {
        document.add("index_updates_per_s", self.updates_per_s, "updates");
        document.add("nearest20_p50_ms", self.nearest.quantile_ms(0.5), "ms");
        document.add("nearest20_p99_ms", self.nearest.quantile_ms(0.99), "ms");
        document.add("dense_nearest20_p50_ms", self.dense.quantile_ms(0.5), "ms");
        document.add("dense_nearest20_p99_ms", self.dense.quantile_ms(0.99), "ms");
        document.add("searches", float(self.nearest.count() + self.dense.count()), "searches");
        document.seconds += self.seconds;
    }
}

fn crowd(dice: &Entropy, count: u32, corner: Point, side: f64) -> Nearby<u32> {
    let mut index = Nearby::default();
    for courier in 0..count {
        index.put(courier, anywhere(dice, corner, side));
    }
    index
}

fn search(index: &Nearby<u32>, dice: &Entropy, corner: Point, side: f64, searches: u32) -> Histogram {
    let mut took = Histogram::default();
    for _ in 0..searches {
        let to = anywhere(dice, corner, side);
        let started = Instant::now();
        black_box(index.nearest(to, MOST, WITHIN_M, |_| true));
        took.record(started.elapsed());
    }
    took
}

/// A point in the square of this side to the north-east of a corner.
fn anywhere(dice: &Entropy, corner: Point, side: f64) -> Point {
    let share = || f64::from(dice.below(1_000_000)) / 1_000_000.0;
    Point { lat: share().mul_add(side, corner.lat), lng: share().mul_add(side, corner.lng) }
}

#[cfg(test)]
mod tests {
    use super::{Indexed, Size};

    #[test]
    fn a_small_city_is_measured() {
        let indexed = Indexed::measure(7, Size { couriers: 200, crowd: 300, updates: 2_000, searches: 20 });
        assert!(indexed.updates_per_s > 0.0);
        assert_eq!((indexed.nearest.count(), indexed.dense.count()), (20, 20));
    }
}
