//! A distribution of durations as equally likely values: sums, maxima and what is left of it are taken value by value.
//!
//! Of all pairs of two spreads the sorted results are averaged in groups, which keeps the mean exact. Each price that a
//! customer is told takes a few of these, so they are made cheaply: sums are sorted as whole numbers of the same order, the
//! later of two takes no sort.

/// Values of a spread. Its quantiles lie in the middle of twentieths.
const ATOMS: usize = 20;
/// Of something that has lasted longer than it ever did, so much of what it lasted is still to be expected.
const OVERDUE: f64 = 0.2;

/// A distribution of seconds, or of ratios.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread([f64; ATOMS]);

impl Spread {
    /// Certainty.
    pub const fn of(value: f64) -> Self {
        Self([value; ATOMS])
    }

    /// From the quantile function, asked in the middle of each twentieth in rising order.
    pub fn from_quantiles(mut quantile: impl FnMut(f64) -> f64) -> Self {
        let mut atoms = [0.0; ATOMS];
        for (place, atom) in atoms.iter_mut().enumerate() {
            *atom = quantile(middle(place));
        }
        atoms.sort_unstable_by(f64::total_cmp);
        Self(atoms)
    }

    /// The value below which a share of the distribution lies.
    pub fn quantile(&self, share: f64) -> f64 {
        interpolated(&self.0, share)
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / float(ATOMS)
    }

    /// Both, one after the other.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut sums = [0; ATOMS * ATOMS];
        for (row, one) in sums.chunks_exact_mut(ATOMS).zip(&self.0) {
            for (sum, two) in row.iter_mut().zip(&other.0) {
                *sum = rank(one + two);
            }
        }
        sums.sort_unstable();
        Self::averaged(&sums.map(ranked))
    }

    /// Both at once: whichever takes longer.
    #[must_use]
    pub fn later_of(&self, other: &Self) -> Self {
        let mut all = [0.0; ATOMS * ATOMS];
        let (mut one, mut two, mut filled) = (0, 0, 0);
        // In rising order, each value as often as it is the later one: with all of the other spread that came before it.
        while one < ATOMS || two < ATOMS {
            let mine = two == ATOMS || (one < ATOMS && self.0[one] <= other.0[two]);
            let (value, pairs) = if mine { (self.0[one], two) } else { (other.0[two], one) };
            all[filled..filled + pairs].fill(value);
            filled += pairs;
            if mine { one += 1 } else { two += 1 }
        }
        Self::averaged(&all)
    }

    /// Each value times a factor, which is not negative.
    #[must_use]
    pub fn times(&self, factor: f64) -> Self {
        Self(self.0.map(|value| value * factor))
    }

    /// Each value with something added, never below nothing.
    #[must_use]
    pub fn shifted(&self, by: f64) -> Self {
        Self(self.0.map(|value| (value + by).max(0.0)))
    }

    /// Each value, but no less than the same value of the other: never sooner than either.
    #[must_use]
    pub fn at_least(&self, other: &Self) -> Self {
        let mut atoms = self.0;
        for (atom, least) in atoms.iter_mut().zip(&other.0) {
            *atom = atom.max(*least);
        }
        Self(atoms)
    }

    /// What is left to expect after `elapsed` have passed without an end.
    #[must_use]
    pub fn left_after(&self, elapsed: f64) -> Self {
        if elapsed <= 0.0 {
            return self.clone();
        }
        let left: Vec<f64> = self.0.iter().filter(|value| **value > elapsed).map(|value| value - elapsed).collect();
        if left.is_empty() {
            let typical = elapsed * OVERDUE;
            return Self::from_quantiles(|share| typical * -(1.0 - share).ln());
        }
        Self::from_quantiles(|share| interpolated(&left, share))
    }

    /// From the sorted values of all pairs.
    fn averaged(all: &[f64; ATOMS * ATOMS]) -> Self {
        let mut atoms = [0.0; ATOMS];
        for (atom, group) in atoms.iter_mut().zip(all.chunks_exact(ATOMS)) {
            *atom = group.iter().sum::<f64>() / float(ATOMS);
        }
        Self(atoms)
    }
}

/// A whole number for each value, in the order of [`f64::total_cmp`].
const fn rank(value: f64) -> i64 {
    turned(value.to_bits().cast_signed())
}

/// The value of a rank.
const fn ranked(rank: i64) -> f64 {
    f64::from_bits(turned(rank).cast_unsigned())
}

/// Turns the order of what is below nought around, or back again.
const fn turned(bits: i64) -> i64 {
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

/// The quantile in the middle of a place.
fn middle(place: usize) -> f64 {
    (float(place) + 0.5) / float(ATOMS)
}

/// Between neighbours of sorted values that stand in the middle of equal shares.
fn interpolated(values: &[f64], share: f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    let place = (share * float(values.len()) - 0.5).clamp(0.0, float(last));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the places there are")]
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    values[below] + (values[above] - values[below]) * (place - place.floor())
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred at most")]
const fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Spread, rank, ranked};

    /// Evenly between two values.
    fn between(low: f64, high: f64) -> Spread {
        Spread::from_quantiles(|share| low + (high - low) * share)
    }

    #[test]
    fn sums_keep_the_mean_and_narrow_relative_to_it() {
        let (one, two) = (between(0.0, 600.0), between(300.0, 900.0));
        let sum = one.plus(&two);
        assert!((sum.mean() - 900.0).abs() < 1e-9);
        // The sum of two uniform spreads is triangular: its p90 lies at 1500 - sqrt(0.2) * 600.
        assert!((sum.quantile(0.9) - 1_231.7).abs() < 12.0, "{}", sum.quantile(0.9));
    }

    #[test]
    fn the_later_of_two_equals_is_later_than_either() {
        let one = between(0.0, 600.0);
        let later = one.later_of(&one);
        assert!((later.mean() - 400.0).abs() < 5.0, "{}", later.mean());
        assert_eq!(one.later_of(&Spread::of(700.0)), Spread::of(700.0));
    }

    fn any_spread() -> impl Strategy<Value = Spread> {
        proptest::array::uniform20(0_u32..50).prop_map(|mut values| {
            values.sort_unstable();
            Spread(values.map(f64::from))
        })
    }

    /// Of all pairs, sorted and averaged as it stands above.
    fn paired(one: &Spread, two: &Spread, join: impl Fn(f64, f64) -> f64) -> Spread {
        let mut all: Vec<f64> = one.0.iter().flat_map(|one| two.0.iter().map(|two| join(*one, *two))).collect();
        all.sort_by(f64::total_cmp);
        Spread::averaged(&all.try_into().unwrap())
    }

    proptest! {
        #[test]
        fn sums_and_the_later_are_those_of_all_pairs(one in any_spread(), two in any_spread()) {
            prop_assert_eq!(one.plus(&two), paired(&one, &two, |one, two| one + two));
            prop_assert_eq!(one.later_of(&two), paired(&one, &two, f64::max));
        }

        #[test]
        fn ranks_are_in_the_order_of_their_values(one in any::<f64>(), two in any::<f64>()) {
            prop_assert_eq!(rank(one).cmp(&rank(two)), one.total_cmp(&two));
            prop_assert_eq!(ranked(rank(one)).to_bits(), one.to_bits());
        }
    }

    #[test]
    fn what_is_left_is_what_was_longer() {
        let left = between(0.0, 600.0).left_after(300.0);
        assert!((left.mean() - 150.0).abs() < 5.0, "{}", left.mean());
        let overdue = between(0.0, 600.0).left_after(1_000.0);
        assert!(overdue.quantile(0.5) > 60.0 && overdue.quantile(0.9) < 600.0);
        assert_eq!(between(0.0, 600.0).left_after(-5.0), between(0.0, 600.0));
    }
}
