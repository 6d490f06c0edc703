//! Cuts: numbers as few whole numbers: each column is cut into at most 254 intervals of about equally many rows.
//!
//! A split can then only fall on a cut, and the best one is found by adding up a histogram instead of sorting rows (Ke et
//! al., LightGBM, 2017). Interval 0 is what is unknown.

use super::Matrix;

/// More intervals than this do not fit a byte beside the unknown.
pub(super) const MOST: usize = 254;

/// Where each column is cut, ascending. A number belongs to the first interval whose cut is not below it.
#[derive(Clone, Debug, PartialEq)]
pub struct Bins {
    cuts: Vec<Vec<f64>>,
}

/// The rows of a matrix as intervals.
#[derive(Clone, Debug)]
pub(super) struct Binned {
    columns: usize,
    bins: Vec<u8>,
    /// Where the intervals of each column begin in one long histogram; one more at the end.
    pub(super) offsets: Vec<usize>,
}

impl Bins {
    /// Cuts for the given rows of a matrix.
    pub fn fit(matrix: &Matrix, rows: &[u32], most: usize) -> Self {
        let most = most.clamp(2, MOST);
        let cuts = (0..matrix.columns()).map(|column| {
            let mut values: Vec<f64> = rows.iter().map(|row| matrix.row(*row as usize)[column]).collect();
            values.retain(|value| !value.is_nan());
            values.sort_unstable_by(f64::total_cmp);
            let mut cuts = cuts(&values, most - 1);
            if !values.is_empty() && values.len() < rows.len() {
                // Everything known is below it: it parts the known from the unknown.
                cuts.push(f64::MAX);
            }
            cuts
        });
        Self { cuts: cuts.collect() }
    }

    /// The interval of a number.
    fn bin(&self, column: usize, value: f64) -> u8 {
        if value.is_nan() {
            return 0;
        }
        let below = self.cuts[column].partition_point(|cut| *cut < value);
        u8::try_from(below + 1).unwrap_or(u8::MAX)
    }

    /// The cuts of a column.
    pub fn cuts(&self, column: usize) -> &[f64] {
        &self.cuts[column]
    }

    /// Only those cuts that `keep` wants, asked by column and interval below the cut.
    pub(super) fn retain(&mut self, keep: impl Fn(usize, usize) -> bool) {
        for (column, cuts) in self.cuts.iter_mut().enumerate() {
            let mut bin = 0;
            cuts.retain(|_| {
                bin += 1;
                keep(column, bin)
            });
        }
    }

    /// The columns that are cut at all.
    pub(super) fn columns(&self) -> Vec<usize> {
        (0..self.cuts.len()).filter(|column| !self.cuts[*column].is_empty()).collect()
    }

    /// The number that separates interval `bin` from the next one.
    pub(super) fn cut(&self, column: usize, bin: usize) -> f64 {
        self.cuts[column][bin - 1]
    }

    /// All rows as intervals.
    pub(super) fn apply(&self, matrix: &Matrix) -> Binned {
        let columns = matrix.columns();
        let mut bins = Vec::with_capacity(matrix.rows() * columns);
        for row in 0..matrix.rows() {
            bins.extend(matrix.row(row).iter().enumerate().map(|(column, value)| self.bin(column, *value)));
        }
        let mut offsets = vec![0];
        for cuts in &self.cuts {
            // The unknown, one below each cut, one above the last.
            offsets.push(offsets.last().copied().unwrap_or(0) + cuts.len() + 2);
        }
        Binned { columns, bins, offsets }
    }
}

impl Binned {
    /// The intervals of one row.
    pub(super) fn row(&self, row: u32) -> &[u8] {
        let row = row as usize;
        &self.bins[row * self.columns..(row + 1) * self.columns]
    }
}

/// Cuts between sorted values: between all that differ if there are few, else after about equally many values.
fn cuts(sorted: &[f64], most: usize) -> Vec<f64> {
    let mut runs: Vec<(f64, usize)> = Vec::new();
    for value in sorted {
        match runs.last_mut() {
            Some(run) if run.0 >= *value => run.1 += 1,
            _ => runs.push((*value, 1)),
        }
    }
    let full = if runs.len() <= most { 1 } else { sorted.len().div_ceil(most) };
    let mut cuts = Vec::new();
    let mut held = 0;
    for pair in runs.windows(2) {
        held += pair[0].1;
        if held >= full {
            cuts.push(between(pair[0].0, pair[1].0));
            held = 0;
        }
    }
    cuts
}

/// A number that is not below `low` and is below `high`.
fn between(low: f64, high: f64) -> f64 {
    let middle = f64::midpoint(low, high);
    if middle < high { middle } else { low }
}
