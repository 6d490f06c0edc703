//! Honest cuts: only those stay that also help on rows they were not learned from.
//!
//! Every column offers up to 254 cuts, most of which separate nothing. A tree that may choose among all of them finds some
//! that look good by chance, and boosting does so round after round. Pilots are therefore trained on parts of the rows,
//! and for each split of each tree the rows that were kept away say how much their squared error falls from node to child
//! (the idea of honest trees, Athey and Imbens 2016, applied to cuts). A cut whose sum of such gains is not well above its
//! own noise is taken away from all later trees; a column without cuts is no longer asked about. In this way a wide table
//! of weak columns costs little, which is what a young platform has.

use super::{
    Bins, LearnError, Settings,
    boost::{Sample, Split, Training, count},
    grow::Grown,
};

/// How cuts are chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Honest {
    /// How the pilots are trained: all rounds, whatever the watched rows say.
    pub pilot: Settings,
    /// A cut stays if its gain is so many times its noise, times the fourth root of the number of rows that judge it. True
    /// gains grow as the square root of the rows and chance does not grow, so a bound in between tells them apart ever
    /// better, and is mild where there are few rows. Gains of successive rounds are not independent: it is no probability.
    pub strictness: f64,
}

/// Gain of a cut on rows that were kept away, and the sum of its squares.
#[derive(Clone, Copy, Debug, Default)]
struct Gain {
    sum: f64,
    squares: f64,
}

impl Honest {
    /// Of the given cuts those that hold, judged by a pilot for each split of the rows; all, where no row is watched.
    pub fn choose(&self, sample: &Sample<'_>, bins: &Bins, splits: &[Split], seed: u64) -> Result<Bins, LearnError> {
        if splits.iter().all(|split| split.watch.is_empty()) {
            return Ok(bins.clone());
        }
        let mut gains = nothing(sample, bins);
        for (split, number) in splits.iter().zip(seed..) {
            let mut training = Training::new(&self.pilot, sample, bins, split, number)?;
            for _ in 0..self.pilot.rounds {
                let grown = training.grow();
                judge(&mut gains, &training, &grown, sample, split);
                training.add(&grown);
            }
        }
        let judges = count(splits.iter().map(|split| split.watch.len()).sum());
        let bound = self.strictness * judges.powf(0.25);
        let holds = |gain: Gain| gain.sum > bound * gain.squares.sqrt();
        let mut chosen = bins.clone();
        chosen.retain(|column, bin| holds(gains[column][bin]));
        Ok(chosen)
    }
}

fn nothing(sample: &Sample<'_>, bins: &Bins) -> Vec<Vec<Gain>> {
    let columns = 0..sample.matrix().columns();
    columns.map(|column| vec![Gain::default(); bins.cuts(column).len() + 1]).collect()
}

/// Sends the watched rows down a tree and adds up what each split brings them.
fn judge(gains: &mut [Vec<Gain>], training: &Training<'_>, grown: &Grown, sample: &Sample<'_>, split: &Split) {
    for row in &split.watch {
        let lacks = training.residual(*row);
        let mut at = 0;
        while let Some((column, bin)) = grown.origins[at].split {
            let next = grown.tree.next(at, sample.row(*row));
            let error = |node: usize| (lacks - grown.origins[node].value).powi(2);
            let gain = error(at) - error(next);
            let total = &mut gains[column][bin];
            total.sum += gain;
            total.squares += gain * gain;
            at = next;
        }
    }
}
