//! Several models of one objective, each trained without another part of the rows.
//!
//! What a committee says is the mean of its members. Because each row was kept away from one member, that member's
//! prediction of it is one out of sample: such predictions for all rows are what ranges are calibrated on (cross-conformal
//! prediction, Vovk 2015; CV+, Barber et al. 2021), without giving up rows for it.

use serde::{Deserialize, Serialize};

use super::{
    Bins, LearnError, Model, Settings,
    boost::{Sample, Split, count},
};

/// The members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Committee {
    members: Vec<Model>,
}

impl Committee {
    /// One member for each split. Also the prediction of each watched row by a member that did not learn from it, in the
    /// order of the splits.
    pub fn train(
        settings: &Settings,
        sample: &Sample<'_>,
        bins: &Bins,
        splits: &[Split],
        seed: u64,
    ) -> Result<(Self, Vec<f64>), LearnError> {
        let mut members = Vec::new();
        let mut unseen = Vec::new();
        for (split, number) in splits.iter().zip(seed..) {
            let member = settings.train(sample, bins, split, number)?;
            unseen.extend(split.watch.iter().map(|row| member.predict(sample.row(*row))));
            members.push(member);
        }
        if members.is_empty() { Err(LearnError::Nothing) } else { Ok((Self { members }, unseen)) }
    }

    /// The mean of what its members say.
    pub fn predict(&self, row: &[f64]) -> f64 {
        self.members.iter().map(|member| member.predict(row)).sum::<f64>() / count(self.members.len())
    }

    /// Trees of all members together.
    pub fn trees(&self) -> usize {
        self.members.iter().map(Model::trees).sum()
    }
}
