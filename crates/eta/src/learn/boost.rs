//! Gradient boosting (Friedman 2001, 2002): each tree corrects what those before it left over.
//!
//! Trees see a random part of rows and columns. Training ends when the loss on rows that are only watched has not fallen
//! for a while, and the model keeps the trees up to the best round.

use rand::{Rng as _, SeedableRng as _, seq::index};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::{
    Matrix, Objective, Tree,
    bins::{Binned, Bins},
    grow::{Grower, Grown},
    objective::{Gradient, quantile},
    tree::Node,
};

/// How a model is trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// What it is to get right.
    pub objective: Objective,
    /// Trees at most.
    pub rounds: usize,
    /// How much of its correction each tree may make, above 0 and at most 1.
    pub learning_rate: f64,
    /// Leaves of a tree at most.
    pub leaves: usize,
    /// Questions from root to leaf at most.
    pub depth: u32,
    /// Rows that a leaf has at least.
    pub leaf_rows: u32,
    /// Ridge on the values of leaves, in rows.
    pub lambda: f64,
    /// What a split must gain at least.
    pub least_gain: f64,
    /// Share of the rows that each tree sees.
    pub row_share: f64,
    /// Share of the columns that each tree sees.
    pub column_share: f64,
    /// Rounds without improvement on the watched rows after which training ends.
    pub patience: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            objective: Objective::Squared,
            rounds: 1_000,
            learning_rate: 0.1,
            leaves: 63,
            depth: 14,
            leaf_rows: 10,
            lambda: 1.0,
            least_gain: 0.0,
            row_share: 0.8,
            column_share: 1.0,
            patience: 20,
        }
    }
}

/// Why nothing was learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LearnError {
    /// There are no rows or no columns.
    #[error("there is nothing to learn from")]
    Nothing,
    /// As many targets as rows are needed.
    #[error("{rows} rows have {targets} targets")]
    Targets {
        /// Rows of the matrix.
        rows: usize,
        /// Targets given.
        targets: usize,
    },
    /// A target is not a number.
    #[error("the target of row {0} is not a number")]
    NotANumber(u32),
}

/// A trained model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    columns: usize,
    base: f64,
    trees: Vec<Tree>,
}

impl Model {
    /// The prediction for a row of as many numbers as it was trained on; missing ones are unknown.
    pub fn predict(&self, row: &[f64]) -> f64 {
        if row.len() < self.columns {
            let mut full = row.to_vec();
            full.resize(self.columns, f64::NAN);
            return self.predict(&full);
        }
        self.base + self.trees.iter().map(|tree| tree.predict(row)).sum::<f64>()
    }

    /// How many trees it has.
    pub const fn trees(&self) -> usize {
        self.trees.len()
    }
}

/// What is learned from: one target for each row.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    matrix: &'a Matrix,
    targets: &'a [f64],
}

impl<'a> Sample<'a> {
    /// A matrix and its targets. A target that is not a number may only be that of a row which is not learned from.
    pub fn new(matrix: &'a Matrix, targets: &'a [f64]) -> Result<Self, LearnError> {
        let (rows, columns) = (matrix.rows(), matrix.columns());
        if rows == 0 || columns == 0 {
            return Err(LearnError::Nothing);
        }
        if rows != targets.len() {
            return Err(LearnError::Targets { rows, targets: targets.len() });
        }
        Ok(Self { matrix, targets })
    }

    /// The rows of numbers.
    pub const fn matrix(&self) -> &'a Matrix {
        self.matrix
    }

    /// The target of a row.
    pub fn target(&self, row: u32) -> f64 {
        self.targets[row as usize]
    }

    /// The numbers of a row.
    pub fn row(&self, row: u32) -> &'a [f64] {
        self.matrix.row(row as usize)
    }
}

/// Rows to learn from, and rows that are only watched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// To learn from.
    pub learn: Vec<u32>,
    /// To end by; without any, all rounds are run.
    pub watch: Vec<u32>,
}

impl Settings {
    /// Trains on one part of a sample and ends by another. A split can only fall on the given cuts.
    pub fn train(&self, sample: &Sample<'_>, bins: &Bins, split: &Split, seed: u64) -> Result<Model, LearnError> {
        let mut training = Training::new(self, sample, bins, split, seed)?;
        Ok(Model { columns: sample.matrix.columns(), base: training.base, trees: training.run() })
    }
}

/// A model under way.
pub(super) struct Training<'a> {
    settings: &'a Settings,
    sample: &'a Sample<'a>,
    split: &'a Split,
    bins: &'a Bins,
    binned: Binned,
    columns: Vec<usize>,
    base: f64,
    /// The prediction so far of every row.
    scores: Vec<f64>,
    random: ChaCha8Rng,
}

impl<'a> Training<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        sample: &'a Sample<'a>,
        bins: &'a Bins,
        split: &'a Split,
        seed: u64,
    ) -> Result<Self, LearnError> {
        let mut known: Vec<f64> = split.learn.iter().map(|row| sample.target(*row)).collect();
        if known.is_empty() {
            return Err(LearnError::Nothing);
        }
        let odd = |row: &&u32| !sample.target(**row).is_finite();
        if let Some(row) = split.learn.iter().chain(&split.watch).find(odd) {
            return Err(LearnError::NotANumber(*row));
        }
        let base = settings.objective.constant(&mut known);
        let scores = vec![base; sample.matrix.rows()];
        let (binned, columns) = (bins.apply(sample.matrix), bins.columns());
        let random = ChaCha8Rng::seed_from_u64(seed);
        Ok(Self { settings, sample, split, bins, binned, columns, base, scores, random })
    }

    fn run(&mut self) -> Vec<Tree> {
        let mut trees = Vec::new();
        let (mut best, mut kept) = (self.watched_loss(), 0);
        for _ in 0..self.settings.rounds {
            let grown = self.grow();
            self.add(&grown);
            trees.push(grown.tree);
            if self.split.watch.is_empty() {
                kept = trees.len();
                continue;
            }
            let loss = self.watched_loss();
            if loss < best {
                (best, kept) = (loss, trees.len());
            } else if trees.len() >= kept + self.settings.patience {
                break;
            }
        }
        trees.truncate(kept);
        trees
    }

    /// One more tree, not yet part of the scores.
    pub(super) fn grow(&mut self) -> Grown {
        let mut gradients = vec![Gradient::default(); self.scores.len()];
        for row in &self.split.learn {
            let at = *row as usize;
            gradients[at] = self.settings.objective.gradient(self.scores[at], self.sample.target(*row));
        }
        let (rows, columns) = (self.some_rows(), self.some_columns());
        let (settings, bins, binned) = (self.settings, self.bins, &self.binned);
        let mut grown = Grower { settings, bins, binned, gradients: &gradients, columns }.grow(rows);
        self.settle(&mut grown);
        grown
    }

    /// Makes a tree part of the scores. Where the rows it was grown on ended is known; the others are sent down.
    pub(super) fn add(&mut self, grown: &Grown) {
        let mut settled = vec![false; self.scores.len()];
        for (node, rows) in &grown.leaves {
            let Node::Leaf { value } = grown.tree.nodes[*node] else { continue };
            for row in &grown.rows[rows.clone()] {
                self.scores[*row as usize] += value;
                settled[*row as usize] = true;
            }
        }
        for row in self.split.learn.iter().chain(&self.split.watch).filter(|row| !settled[**row as usize]) {
            self.scores[*row as usize] += grown.tree.predict(self.sample.row(*row));
        }
    }

    /// What the prediction of a row so far lacks.
    pub(super) fn residual(&self, row: u32) -> f64 {
        self.sample.target(row) - self.scores[row as usize]
    }

    /// Gives each leaf the quantile of what its rows lack, where the objective asks for one.
    fn settle(&self, grown: &mut Grown) {
        let Some(level) = self.settings.objective.leaf_quantile() else { return };
        for (node, rows) in &grown.leaves {
            let mut residuals: Vec<f64> = grown.rows[rows.clone()].iter().map(|row| self.residual(*row)).collect();
            let value = self.settings.learning_rate * quantile(&mut residuals, level);
            grown.tree.nodes[*node] = Node::Leaf { value };
        }
    }

    fn some_rows(&mut self) -> Vec<u32> {
        let (learn, share) = (&self.split.learn, self.settings.row_share);
        if share >= 1.0 {
            return learn.clone();
        }
        let chosen: Vec<u32> = learn.iter().copied().filter(|_| self.random.random_bool(share.max(0.0))).collect();
        if chosen.is_empty() { learn.clone() } else { chosen }
    }

    fn some_columns(&mut self) -> Vec<usize> {
        let (all, share) = (self.columns.len(), self.settings.column_share);
        if share >= 1.0 || all == 0 {
            return self.columns.clone();
        }
        let mut chosen = index::sample(&mut self.random, all, share_of(all, share)).into_vec();
        chosen.sort_unstable();
        chosen.into_iter().map(|place| self.columns[place]).collect()
    }

    fn watched_loss(&self) -> f64 {
        let loss = |row: &u32| self.settings.objective.loss(self.scores[*row as usize], self.sample.target(*row));
        self.split.watch.iter().map(loss).sum()
    }
}

/// A share of a number of things, at least one of them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded, and at most `all`")]
fn share_of(all: usize, share: f64) -> usize {
    ((count(all) * share.clamp(0.0, 1.0)).round() as usize).clamp(1, all.max(1))
}

/// A count as a real number.
#[expect(clippy::cast_precision_loss, reason = "no table has 2^52 rows")]
pub(crate) fn count(count: usize) -> f64 {
    count as f64
}
