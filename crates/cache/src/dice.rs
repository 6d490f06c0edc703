//! The cache's only randomness: SplitMix64 (Steele, Lea, Flood 2014) from one seed.
//!
//! It decides jitter and early refreshes, nothing secret. The state is one atomic counter, so
//! concurrent callers neither lock nor share a number, and one seed gives one sequence.

use std::sync::atomic::{AtomicU64, Ordering};

const GOLDEN_GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

pub(crate) struct Dice {
    state: AtomicU64,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: AtomicU64::new(seed) }
    }

    pub(crate) fn number(&self) -> u64 {
        let state = self.state.fetch_add(GOLDEN_GAMMA, Ordering::Relaxed).wrapping_add(GOLDEN_GAMMA);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `(0, 1]`, so that its logarithm is finite.
    pub(crate) fn fraction(&self) -> f64 {
        let upper = u32::try_from(self.number() >> 32).unwrap_or(u32::MAX);
        (f64::from(upper) + 1.0) / (f64::from(u32::MAX) + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_stay_in_bounds_and_centre_on_a_half() {
        let dice = Dice::new(7);
        let draws: Vec<f64> = (0..10_000).map(|_| dice.fraction()).collect();
        assert!(draws.iter().all(|draw| *draw > 0.0 && *draw <= 1.0));
        let mean = draws.iter().sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "mean {mean}");
        assert_eq!(Dice::new(7).number(), Dice::new(7).number());
    }
}
