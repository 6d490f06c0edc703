//! A table of numbers, row by row. What is unknown is NaN.

/// Rows of equally many numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    columns: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// No rows yet, of so many columns.
    pub const fn new(columns: usize) -> Self {
        Self { columns, values: Vec::new() }
    }

    /// Adds a row; what it has too few is unknown, what it has too many is dropped. Infinities are unknown too.
    pub fn push(&mut self, row: &[f64]) {
        let known = |value: &f64| if value.is_finite() { *value } else { f64::NAN };
        let missing = self.columns.saturating_sub(row.len());
        self.values.extend(row.iter().take(self.columns).map(known));
        self.values.extend(std::iter::repeat_n(f64::NAN, missing));
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.columns).unwrap_or(0)
    }

    /// How many columns.
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// One row. Panics if there is none of that number.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// The numbers of a column, from the top.
    pub fn column(&self, column: usize) -> impl Iterator<Item = f64> {
        self.values.iter().skip(column).step_by(self.columns.max(1)).copied()
    }
}
