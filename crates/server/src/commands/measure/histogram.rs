//! Durations in microseconds, sorted into buckets that are at most 1.6 % wide, so that millions of them cost 30 kB.
//!
//! Below 128 each value has its own bucket; above, every power of two is split into 64 (the layout of HdrHistogram).

/// Buckets of one power of two.
const SPLIT: u64 = 64;
/// Enough for all 64 bits.
const BUCKETS: usize = 59 * 64;

/// A histogram of durations.
#[derive(Clone, Debug)]
pub(in crate::commands) struct Histogram {
    counts: Vec<u64>,
    count: u64,
    sum_us: u64,
    most_us: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: vec![0; BUCKETS], count: 0, sum_us: 0, most_us: 0 }
    }
}

impl Histogram {
    /// Adds a duration.
    pub(in crate::commands) fn record(&mut self, duration: std::time::Duration) {
        let us = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        if let Some(count) = self.counts.get_mut(bucket(us)) {
            *count += 1;
        }
        self.count += 1;
        self.sum_us = self.sum_us.saturating_add(us);
        self.most_us = self.most_us.max(us);
    }

    /// Adds all of another one.
    pub(in crate::commands) fn merge(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.count += other.count;
        self.sum_us = self.sum_us.saturating_add(other.sum_us);
        self.most_us = self.most_us.max(other.most_us);
    }

    /// How many.
    pub(in crate::commands) const fn count(&self) -> u64 {
        self.count
    }

    /// The duration, in milliseconds, that a share of all does not exceed; 0 if there is none.
    pub(in crate::commands) fn quantile_ms(&self, share: f64) -> f64 {
        let wanted = (float(self.count) * share).ceil().max(1.0);
        let mut seen = 0.0;
        for (index, count) in self.counts.iter().enumerate() {
            seen += float(*count);
            if seen >= wanted {
                return float(highest(index).min(self.most_us)) / 1_000.0;
            }
        }
        float(self.most_us) / 1_000.0
    }

    /// The mean in milliseconds; 0 if there is none.
    pub(in crate::commands) fn mean_ms(&self) -> f64 {
        if self.count == 0 { 0.0 } else { float(self.sum_us) / float(self.count) / 1_000.0 }
    }

    /// The longest in milliseconds.
    pub(in crate::commands) fn most_ms(&self) -> f64 {
        float(self.most_us) / 1_000.0
    }

    /// Counts by powers of two, from the first to the last that holds any: upper bound in milliseconds and count.
    pub(in crate::commands) fn by_powers(&self) -> Vec<(f64, u64)> {
        let mut powers: Vec<(f64, u64)> = Vec::new();
        // Half powers draw a smoother picture.
        for (index, counts) in self.counts.chunks(32).enumerate() {
            powers.push((float(highest(index * 32 + 31)) / 1_000.0, counts.iter().sum()));
        }
        let first = powers.iter().position(|power| power.1 > 0).unwrap_or(0);
        let last = powers.iter().rposition(|power| power.1 > 0).unwrap_or(0);
        powers.drain(..).skip(first).take(last + 1 - first).collect()
    }
}

/// The bucket of a value.
fn bucket(us: u64) -> usize {
    let shift = u64::from(us.max(1).ilog2()).saturating_sub(6);
    usize::try_from(shift * SPLIT + (us >> shift)).unwrap_or(usize::MAX)
}

/// The highest value of a bucket.
fn highest(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < 2 * SPLIT {
        return bucket;
    }
    let shift = bucket / SPLIT - 1;
    ((bucket - shift * SPLIT + 1) << shift).wrapping_sub(1)
}

/// A count as a figure.
#[expect(clippy::cast_precision_loss, reason = "counts and microseconds stay far below 2^53")]
pub(in crate::commands) const fn float(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::{Histogram, bucket, highest};
    use proptest::prelude::*;
    use std::time::Duration;

    proptest! {
        #[test]
        fn a_bucket_holds_its_values_and_is_narrow(us in 0..u64::MAX >> 1) {
            let index = bucket(us);
            let most = highest(index);
            prop_assert!(us <= most);
            prop_assert!(index == 0 || highest(index - 1) < us);
            prop_assert!(most - us <= us / 60 + 1);
        }
    }

    #[test]
    fn quantiles_are_within_the_width_of_a_bucket() {
        let mut histogram = Histogram::default();
        for us in 1..=10_000_u64 {
            histogram.record(Duration::from_micros(us));
        }
        assert_eq!(histogram.count(), 10_000);
        assert!((histogram.quantile_ms(0.5) - 5.0).abs() < 0.08, "{}", histogram.quantile_ms(0.5));
        assert!((histogram.quantile_ms(0.99) - 9.9).abs() < 0.16);
        assert!((histogram.mean_ms() - 5.0).abs() < 0.01);
        assert!((histogram.most_ms() - 10.0).abs() < f64::EPSILON);
        assert_eq!(histogram.by_powers().iter().map(|power| power.1).sum::<u64>(), 10_000);
    }

    #[test]
    fn an_empty_one_says_nothing() {
        let histogram = Histogram::default();
        assert!(histogram.quantile_ms(0.99).abs() < f64::EPSILON);
        assert!(histogram.mean_ms().abs() < f64::EPSILON);
    }
}
