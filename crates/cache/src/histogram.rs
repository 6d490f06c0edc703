//! Durations counted in buckets that grow by an eighth to a quarter, from 1 ns to over four hours.
//!
//! Recording is one atomic addition; a quantile is read from the counts and is the upper edge of
//! its bucket, so it is never reported better than it was, and at most 25 % worse.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const PARTS_PER_DOUBLING: usize = 4;
const DOUBLINGS: usize = 44;

pub(crate) struct Histogram {
    buckets: [AtomicU64; PARTS_PER_DOUBLING * DOUBLINGS],
}

impl Histogram {
    pub(crate) fn new() -> Self {
        Self { buckets: [const { AtomicU64::new(0) }; PARTS_PER_DOUBLING * DOUBLINGS] }
    }

    pub(crate) fn record(&self, duration: Duration) {
        let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        self.buckets[bucket_of(nanoseconds)].fetch_add(1, Ordering::Relaxed);
    }

    /// The duration that `per_mille` of a thousand records do not exceed; `None` without records.
    pub(crate) fn quantile(&self, per_mille: u64) -> Option<Duration> {
        let counts: Vec<u64> = self.buckets.iter().map(|count| count.load(Ordering::Relaxed)).collect();
        let total: u64 = counts.iter().sum();
        let rank = (total * per_mille).div_ceil(1_000).max(1);
        let mut seen = 0;
        for (bucket, count) in counts.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return Some(Duration::from_nanos(upper_edge(bucket)));
            }
        }
        None
    }
}

/// The doubling is the position of the highest bit; the next two bits choose the part.
fn bucket_of(nanoseconds: u64) -> usize {
    let value = nanoseconds.clamp(1, (1 << DOUBLINGS) - 1);
    let doubling = value.ilog2() as usize;
    let below = value - (1 << doubling);
    let part = usize::try_from((below << 2) >> doubling).unwrap_or(0);
    doubling * PARTS_PER_DOUBLING + part
}

fn upper_edge(bucket: usize) -> u64 {
    let doubling = bucket / PARTS_PER_DOUBLING;
    let parts = bucket % PARTS_PER_DOUBLING + 1;
    (1_u64 << doubling) + ((parts as u64) << doubling).div_ceil(PARTS_PER_DOUBLING as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_edge_is_above_the_value_and_near_it(nanoseconds in 4_u64..16_000_000_000_000) {
            let edge = upper_edge(bucket_of(nanoseconds));
            prop_assert!(edge > nanoseconds);
            prop_assert!(edge <= nanoseconds + nanoseconds / 4 + 1);
        }
    }

    #[test]
    fn quantiles_follow_the_ranks() {
        let histogram = Histogram::new();
        assert_eq!(histogram.quantile(500), None);
        for milliseconds in 1..=100 {
            histogram.record(Duration::from_millis(milliseconds));
        }
        let half = histogram.quantile(500).map(|duration| duration.as_millis());
        let most = histogram.quantile(990).map(|duration| duration.as_millis());
        assert!(half.is_some_and(|half| (50..=63).contains(&half)), "{half:?}");
        assert!(most.is_some_and(|most| (99..=124).contains(&most)), "{most:?}");
        histogram.record(Duration::from_hours(100));
        histogram.record(Duration::ZERO);
    }
}
