//! A point and a range around it that holds as often as it says.
//!
//! The point comes from a committee for one objective, the range from committees for two quantiles. Both ends of the range
//! are moved by one number, so that it held for the wanted share of rows that the members had not seen: conformalized
//! quantile regression (Romano, Patterson and Candès 2019).

use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::{
    Bins, Committee, Honest, LearnError, Matrix, Objective, Settings,
    bins::MOST,
    boost::{Sample, Split, count},
    objective::quantile,
};

/// How an estimator is trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Parts of the rows: members of a committee, each trained without one part.
    pub parts: usize,
    /// How cuts are chosen; without it, all stay.
    pub honest: Option<Honest>,
    /// How the committee for the point is trained.
    pub point: Settings,
    /// How the committees for the two quantiles are trained, apart from their objective.
    pub range: Settings,
    /// The quantiles at which the range ends.
    pub levels: (f64, f64),
}

impl Default for Plan {
    fn default() -> Self {
        let pilot = Settings { rounds: 15, learning_rate: 0.2, row_share: 0.7, ..Settings::default() };
        Self {
            parts: 5,
            honest: Some(Honest { pilot, strictness: 0.4 }),
            point: Settings::default(),
            range: Settings { rounds: 60, learning_rate: 0.2, leaves: 31, leaf_rows: 20, ..Settings::default() },
            levels: (0.1, 0.9),
        }
    }
}

/// A trained estimator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimator {
    point: Committee,
    low: Committee,
    high: Committee,
    /// How far both ends of the range are moved outwards.
    widened: f64,
}

/// What it says of a row.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The lower end of the range.
    pub low: f64,
    /// The value to expect.
    pub point: f64,
    /// The upper end of the range.
    pub high: f64,
}

impl Estimator {
    /// Trains on some rows of a matrix; one target for each row of it.
    pub fn train(plan: &Plan, matrix: &Matrix, targets: &[f64], rows: &[u32], seed: u64) -> Result<Self, LearnError> {
        let sample = Sample::new(matrix, targets)?;
        let splits = parts(rows, plan.parts, seed);
        let all = Bins::fit(matrix, rows, MOST);
        let bins = match &plan.honest {
            Some(honest) => honest.choose(&sample, &all, &splits, seed)?,
            None => all,
        };
        let train = |settings: &Settings| Committee::train(settings, &sample, &bins, &splits, seed);
        let at = |level| train(&Settings { objective: Objective::Quantile { level }, ..plan.range.clone() });
        let (point, _) = train(&plan.point)?;
        let ((low, below), (high, above)) = (at(plan.levels.0)?, at(plan.levels.1)?);
        let watched = splits.iter().flat_map(|split| &split.watch).map(|row| sample.target(*row));
        let ends = below.into_iter().zip(above);
        let outside = watched.zip(ends).map(|(target, (low, high))| (low - target).max(target - high));
        let widened = conformal(outside.collect(), plan.levels.1 - plan.levels.0);
        Ok(Self { point, low, high, widened })
    }

    /// The estimate for a row.
    pub fn estimate(&self, row: &[f64]) -> Estimate {
        let point = self.point.predict(row);
        let low = self.low.predict(row) - self.widened;
        let high = self.high.predict(row) + self.widened;
        Estimate { low: low.min(point), point, high: high.max(point) }
    }

    /// Trees of all its models together.
    pub fn trees(&self) -> usize {
        [&self.point, &self.low, &self.high].into_iter().map(Committee::trees).sum()
    }
}

/// Splits of some rows: each part is once kept away from the others. With fewer than two rows nothing is.
pub fn parts(rows: &[u32], count: usize, seed: u64) -> Vec<Split> {
    let mut mixed = rows.to_vec();
    mixed.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let count = count.min(mixed.len());
    if count < 2 {
        return vec![Split { learn: mixed, watch: Vec::new() }];
    }
    let part = |number: usize| {
        let (watch, learn): (Vec<_>, Vec<_>) = mixed.iter().enumerate().partition(|(place, _)| place % count == number);
        let rows = |part: Vec<(usize, &u32)>| part.into_iter().map(|(_, row)| *row).collect();
        Split { learn: rows(learn), watch: rows(watch) }
    };
    (0..count).map(part).collect()
}

/// How far a range must be widened so that it holds with probability `share` for one more row like these.
fn conformal(mut outside: Vec<f64>, share: f64) -> f64 {
    let rows = count(outside.len());
    quantile(&mut outside, share * (rows + 1.0) / rows.max(1.0))
}
