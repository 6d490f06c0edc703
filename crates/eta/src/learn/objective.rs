//! What a model is to get right: the mean, the median or another quantile.

use serde::{Deserialize, Serialize};

/// A loss of prediction and target.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// Half the squared error; its best constant is the mean.
    Squared,
    /// The absolute error; its best constant is the median.
    Absolute,
    /// Squared up to `delta`, absolute beyond (Huber 1964), so that a few strange rows do not pull.
    Huber {
        /// Where it changes, in units of the target.
        delta: f64,
    },
    /// The pinball loss (Koenker and Bassett 1978); its best constant is the quantile `level`.
    Quantile {
        /// Between 0 and 1: the share of targets that should lie below.
        level: f64,
    },
}

/// First and second derivative of the loss by the prediction.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gradient {
    pub(super) slope: f64,
    pub(super) curvature: f64,
}

impl Objective {
    /// The loss of one prediction.
    pub fn loss(self, prediction: f64, target: f64) -> f64 {
        let error = prediction - target;
        match self {
            Self::Squared => 0.5 * error * error,
            Self::Absolute => error.abs(),
            Self::Huber { delta } if error.abs() <= delta => 0.5 * error * error,
            Self::Huber { delta } => delta * (error.abs() - 0.5 * delta),
            Self::Quantile { level } => (-level * error).max((1.0 - level) * error),
        }
    }

    pub(super) fn gradient(self, prediction: f64, target: f64) -> Gradient {
        let error = prediction - target;
        let slope = match self {
            Self::Squared => error,
            Self::Absolute => sign(error),
            Self::Huber { delta } => error.clamp(-delta, delta),
            Self::Quantile { level } if error < 0.0 => -level,
            Self::Quantile { level } => 1.0 - level,
        };
        Gradient { slope, curvature: 1.0 }
    }

    /// The quantile of the residuals that is a leaf's best value, where the loss has no curvature to find it by.
    pub(super) const fn leaf_quantile(self) -> Option<f64> {
        match self {
            Self::Squared | Self::Huber { .. } => None,
            Self::Absolute => Some(0.5),
            Self::Quantile { level } => Some(level),
        }
    }

    /// The best constant for some targets.
    pub(super) fn constant(self, targets: &mut [f64]) -> f64 {
        match self.leaf_quantile() {
            Some(level) => quantile(targets, level),
            None => targets.iter().sum::<f64>() / super::boost::count(targets.len()).max(1.0),
        }
    }
}

fn sign(error: f64) -> f64 {
    if error > 0.0 {
        1.0
    } else if error < 0.0 {
        -1.0
    } else {
        0.0
    }
}

/// The quantile of some values, interpolated between two; 0 of none. Reorders them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place among the values")]
pub fn quantile(values: &mut [f64], level: f64) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let place = level.clamp(0.0, 1.0) * super::boost::count(values.len() - 1);
    let below = place.floor() as usize;
    let (_, low, above) = values.select_nth_unstable_by(below, f64::total_cmp);
    let low = *low;
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
    low + (high - low) * place.fract()
}
