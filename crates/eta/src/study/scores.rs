//! How good estimates were.

use crate::learn::{Estimate, boost::count};

/// Errors in minutes, shares between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// Rows.
    pub rows: usize,
    /// Mean absolute error of the point.
    pub mae: f64,
    /// Root of its mean squared error.
    pub rmse: f64,
    /// Share of the targets' variance that it explains; 0 where all targets are one.
    pub r2: f64,
    /// How often the target lay inside the range.
    pub coverage: f64,
    /// Mean width of the range.
    pub width: f64,
}

impl Scores {
    /// Compares targets with what was estimated; `None` without any.
    pub fn of(pairs: &[(f64, Estimate)]) -> Option<Self> {
        let rows = pairs.len();
        if rows == 0 {
            return None;
        }
        let mean = |value: &dyn Fn(&(f64, Estimate)) -> f64| pairs.iter().map(value).sum::<f64>() / count(rows);
        let average = mean(&|(target, _)| *target);
        let variance = mean(&|(target, _)| (target - average).powi(2));
        let squared = mean(&|(target, estimate)| (target - estimate.point).powi(2));
        let inside = |target: f64, estimate: &Estimate| (estimate.low..=estimate.high).contains(&target);
        Some(Self {
            rows,
            mae: mean(&|(target, estimate)| (target - estimate.point).abs()),
            rmse: squared.sqrt(),
            r2: if variance > 0.0 { 1.0 - squared / variance } else { 0.0 },
            coverage: mean(&|(target, estimate)| f64::from(u8::from(inside(*target, estimate)))),
            width: mean(&|(_, estimate)| estimate.high - estimate.low),
        })
    }
}
