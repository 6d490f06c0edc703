//! Measuring the learner on a file: every row is predicted by an estimator that was trained without it.
//!
//! Codes of words, cuts, early stopping and calibration all happen inside the training rows of a fold, so nothing of a
//! held-out row can leak into its prediction.

mod scores;

use std::thread;

pub use scores::Scores;

use crate::{
    learn::{Estimate, Estimator, LearnError, Plan, Split, estimator::parts},
    table::{Encoder, Features, Frame, TableError},
};

/// Fewer rows than this in a fold say nothing.
const LEAST_ROWS: usize = 20;

/// Why a study cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StudyError {
    /// The file does not suffice.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The learner has nothing to learn from.
    #[error(transparent)]
    Learn(#[from] LearnError),
}

/// What is studied and how.
#[derive(Clone, Debug)]
pub struct Study<'a> {
    /// The deliveries.
    pub frame: &'a Frame,
    /// Which features may be used.
    pub features: Features,
    /// How estimators are trained.
    pub plan: &'a Plan,
    /// Into how many parts the rows are cut; each is predicted by an estimator of the others.
    pub folds: usize,
    /// Everything random follows from it.
    pub seed: u64,
    /// How many folds are worked on at once. It changes nothing but the time.
    pub threads: usize,
}

/// One part of the rows, and what an estimator of the others says of them.
#[derive(Clone, Debug)]
pub struct Fold {
    /// Who says so.
    pub trained: Trained,
    /// The rows and their estimates.
    pub estimates: Vec<(u32, Estimate)>,
}

/// An estimator and how rows become its numbers.
#[derive(Clone, Debug)]
pub struct Trained {
    encoder: Encoder,
    estimator: Estimator,
}

impl Study<'_> {
    /// Estimates of all rows whose minutes are known, by estimators that never saw them.
    pub fn held_out(&self) -> Result<Vec<Fold>, StudyError> {
        let known = self.known(self.folds * LEAST_ROWS)?;
        let splits = parts(&known, self.folds, self.seed);
        let threads = self.threads.clamp(1, splits.len());
        let work = &|worker: usize| -> Vec<_> {
            splits.iter().skip(worker).step_by(threads).map(|split| self.fold(split)).collect()
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|worker| scope.spawn(move || work(worker))).collect();
            workers.into_iter().flat_map(joined).collect()
        })
    }

    /// How good the estimates of folds were.
    pub fn scores(&self, folds: &[Fold]) -> Option<Scores> {
        let estimates = folds.iter().flat_map(|fold| &fold.estimates);
        let pairs: Vec<_> = estimates.map(|(row, estimate)| (self.frame.targets[*row as usize], *estimate)).collect();
        Scores::of(&pairs)
    }

    /// An estimator of all rows whose minutes are known.
    pub fn train(&self) -> Result<Trained, StudyError> {
        self.train_on(&self.known(LEAST_ROWS)?)
    }

    fn fold(&self, split: &Split) -> Result<Fold, StudyError> {
        let trained = self.train_on(&split.learn)?;
        let matrix = trained.encoder.matrix(self.frame);
        let estimate = |row: &u32| (*row, trained.estimator.estimate(matrix.row(*row as usize)));
        let estimates = split.watch.iter().map(estimate).collect();
        Ok(Fold { trained, estimates })
    }

    fn known(&self, needed: usize) -> Result<Vec<u32>, StudyError> {
        let known = self.frame.known();
        if known.len() < needed {
            return Err(TableError::TooFew { found: known.len(), needed }.into());
        }
        Ok(known)
    }

    fn train_on(&self, rows: &[u32]) -> Result<Trained, StudyError> {
        let encoder = Encoder::fit(self.frame, self.features, rows);
        if encoder.names().next().is_none() {
            return Err(TableError::NoFeatures.into());
        }
        let matrix = encoder.matrix(self.frame);
        let estimator = Estimator::train(self.plan, &matrix, &self.frame.targets, rows, self.seed)?;
        Ok(Trained { encoder, estimator })
    }
}

impl Trained {
    /// The estimate of every row of a frame.
    pub fn all(&self, frame: &Frame) -> Vec<Estimate> {
        let matrix = self.encoder.matrix(frame);
        (0..matrix.rows()).map(|row| self.estimator.estimate(matrix.row(row))).collect()
    }

    /// How rows become numbers.
    pub const fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    /// What estimates.
    pub const fn estimator(&self) -> &Estimator {
        &self.estimator
    }
}

/// What a thread has done; its panic goes on here.
fn joined<T>(worker: thread::ScopedJoinHandle<'_, T>) -> T {
    worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
