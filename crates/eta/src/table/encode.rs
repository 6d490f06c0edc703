//! Values to the learner's matrix.
//!
//! Words become the mean target of the training rows that have them, drawn towards the mean of all (Micci-Barreca 2001). What
//! the training rows do not have is unknown. A column of very many words (names of couriers, say) is left out: each word
//! has too few rows to say anything that would hold.

use std::collections::BTreeMap;

use super::{
    Features, Frame,
    frame::{Feature, Values},
};
use crate::learn::Matrix;

/// More different words than this are names and not categories.
const MOST_WORDS: usize = 64;
/// How many rows of the overall mean each word is given besides its own.
const PRIOR_ROWS: f64 = 10.0;

/// How each feature is written into the matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoder {
    columns: Vec<(String, Option<BTreeMap<String, f64>>)>,
    /// Features of too many different words.
    pub left_out: Vec<String>,
}

impl Encoder {
    /// Learns the codes of words from some rows of a frame and from no other.
    pub fn fit(frame: &Frame, features: Features, rows: &[u32]) -> Self {
        let mut encoder = Self { columns: Vec::new(), left_out: Vec::new() };
        for feature in &frame.features {
            if features == Features::Checkout && feature.after_checkout {
                continue;
            }
            match &feature.values {
                Values::Numbers(_) => encoder.columns.push((feature.name.clone(), None)),
                Values::Words(words) => match codes(words, &frame.targets, rows) {
                    Some(codes) => encoder.columns.push((feature.name.clone(), Some(codes))),
                    None => encoder.left_out.push(feature.name.clone()),
                },
            }
        }
        encoder
    }

    /// The rows of a frame as numbers.
    pub fn matrix(&self, frame: &Frame) -> Matrix {
        let find = |name: &str| frame.features.iter().find(|feature| feature.name == name);
        let columns: Vec<_> = self.columns.iter().map(|(name, codes)| (find(name), codes.as_ref())).collect();
        let mut matrix = Matrix::new(columns.len());
        let mut numbers = Vec::with_capacity(columns.len());
        for row in 0..frame.rows {
            numbers.clear();
            numbers.extend(columns.iter().map(|(feature, codes)| number(*feature, *codes, row)));
            matrix.push(&numbers);
        }
        matrix
    }

    /// The names of the matrix's columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }
}

fn number(feature: Option<&Feature>, codes: Option<&BTreeMap<String, f64>>, row: usize) -> f64 {
    let value = match (feature.map(|feature| &feature.values), codes) {
        (Some(Values::Numbers(numbers)), None) => numbers.get(row).copied(),
        (Some(Values::Words(words)), Some(codes)) => {
            words.get(row).and_then(Option::as_ref).and_then(|word| codes.get(word)).copied()
        }
        _ => None,
    };
    value.unwrap_or(f64::NAN)
}

fn codes(words: &[Option<String>], targets: &[f64], rows: &[u32]) -> Option<BTreeMap<String, f64>> {
    let mut sums: BTreeMap<&String, (f64, f64)> = BTreeMap::new();
    let (mut all, mut known) = (0.0, 0.0);
    for row in rows {
        let Some(word) = &words[*row as usize] else { continue };
        let target = targets[*row as usize];
        let sum = sums.entry(word).or_default();
        (sum.0, sum.1) = (sum.0 + target, sum.1 + 1.0);
        (all, known) = (all + target, known + 1.0);
    }
    if sums.len() > MOST_WORDS {
        return None;
    }
    let mean = if known > 0.0 { all / known } else { 0.0 };
    let code = |(sum, rows): (f64, f64)| (sum + PRIOR_ROWS * mean) / (rows + PRIOR_ROWS);
    Some(sums.into_iter().map(|(word, sum)| (word.clone(), code(sum))).collect())
}
