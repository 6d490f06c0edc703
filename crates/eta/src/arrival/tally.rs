//! What was seen, as a histogram on a logarithmic scale whose old counts fade: it can be added to for ever, weighs a few
//! hundred bytes, and two sources of it can be mixed.
//!
//! Mixing is the mean of a Dirichlet process with the coarser source as its base: a cell that saw `n` deliveries counts
//! `n` times, its parent as often as [`Mixed::under`] says (Ferguson 1973). A cell without deliveries is its parent.

use std::collections::BTreeMap;

use super::Spread;

/// Width of a class: a tenth of a natural logarithm, so ten per cent.
const STEP: f64 = 0.1;
/// The classes from e⁻⁵ to e¹²: ratios and whole days of seconds alike.
const LOWEST: i16 = -50;
const HIGHEST: i16 = 120;
/// Seconds after which a count is worth half.
const HALF_LIFE_S: f64 = 28.0 * 86_400.0;
/// What faded below this is forgotten.
const NOTHING: f64 = 1e-3;

/// A fading histogram.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    classes: BTreeMap<i16, f64>,
    at_s: i64,
}

impl Tally {
    /// From how it was stored: class and count, and the second of its last change.
    pub fn stored(classes: Vec<(i16, f64)>, at_s: i64) -> Self {
        let sound = |(class, count): &(i16, f64)| (LOWEST..=HIGHEST).contains(class) && *count > 0.0;
        Self { classes: classes.into_iter().filter(sound).collect(), at_s }
    }

    /// As it is stored.
    pub fn classes(&self) -> Vec<(i16, f64)> {
        self.classes.iter().map(|(class, count)| (*class, *count)).collect()
    }

    /// The second of its last change.
    pub const fn at_s(&self) -> i64 {
        self.at_s
    }

    /// How many deliveries it is worth.
    pub fn weight(&self) -> f64 {
        self.classes.values().sum()
    }

    /// Adds something seen at a second. What comes late counts as if it came now.
    pub fn add(&mut self, value: f64, at_s: i64) {
        let passed = at_s - self.at_s;
        if passed > 0 && !self.classes.is_empty() {
            #[expect(clippy::cast_precision_loss, reason = "seconds of years stay below 2^53")]
            let left = 0.5_f64.powf(passed as f64 / HALF_LIFE_S);
            self.classes.retain(|_, count| {
                *count *= left;
                *count > NOTHING
            });
        }
        self.at_s = self.at_s.max(at_s);
        *self.classes.entry(class(value)).or_default() += 1.0;
    }
}

/// A distribution over the classes: a prior with tallies mixed into it, from the coarsest to the finest.
#[derive(Clone, Debug)]
pub(super) struct Mixed(Vec<f64>);

impl Mixed {
    /// A log-normal prior by its median and the deviation of its logarithm.
    pub(super) fn prior(median: f64, sigma: f64) -> Self {
        let below = |class: i16| normal(((f64::from(class) - 0.5) * STEP - median.ln()) / sigma);
        Self((LOWEST..=HIGHEST).map(|class| below(class + 1) - below(class)).collect())
    }

    /// Mixes a finer tally in; the distribution so far counts like `base` deliveries.
    pub(super) fn under(mut self, tally: Option<&Tally>, base: f64) -> Self {
        let Some(tally) = tally else { return self };
        let whole = tally.weight() + base;
        for (place, share) in self.0.iter_mut().enumerate() {
            let class = i16::try_from(place).map_or(HIGHEST, |place| LOWEST + place);
            *share = (*share * base + tally.classes.get(&class).copied().unwrap_or_default()) / whole;
        }
        self
    }

    /// As equally likely values.
    pub(super) fn spread(&self) -> Spread {
        let whole: f64 = self.0.iter().sum();
        let mut place = 0;
        let mut before = 0.0;
        Spread::from_quantiles(|share| {
            let wanted = share * whole;
            while place + 1 < self.0.len() && before + self.0[place] < wanted {
                before += self.0[place];
                place += 1;
            }
            let inside = if self.0[place] > 0.0 { ((wanted - before) / self.0[place]).clamp(0.0, 1.0) } else { 0.5 };
            let class = i16::try_from(place).map_or(HIGHEST, |place| LOWEST + place);
            ((f64::from(class) - 0.5 + inside) * STEP).exp()
        })
    }
}

/// The class of a value.
fn class(value: f64) -> i16 {
    let place = (value.max(1e-9).ln() / STEP).round();
    #[expect(clippy::cast_possible_truncation, reason = "clamped to the classes there are")]
    let class = place.clamp(f64::from(LOWEST), f64::from(HIGHEST)) as i16;
    class
}

/// The standard normal distribution (Abramowitz and Stegun 1964, 26.2.17; error below 7.5e-8).
fn normal(z: f64) -> f64 {
    const B: [f64; 5] = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let t = 1.0 / 0.231_641_9_f64.mul_add(z.abs(), 1.0);
    let series = B.iter().rev().fold(0.0, |sum, b| (sum + b) * t);
    let above = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * series;
    if z >= 0.0 { 1.0 - above } else { above }
}

#[cfg(test)]
mod tests {
    use super::{HALF_LIFE_S, Mixed, Tally, normal};

    #[test]
    fn a_prior_has_its_median_and_tail() {
        let spread = Mixed::prior(300.0, 0.5).spread();
        assert!((spread.quantile(0.5) - 300.0).abs() < 6.0, "{spread:?}");
        // p90 of a log-normal: median * exp(1.2816 sigma).
        assert!((spread.quantile(0.9) - 569.0).abs() < 25.0, "{spread:?}");
        assert!((normal(1.281_55) - 0.9).abs() < 1e-5 && (normal(0.0) - 0.5).abs() < 1e-7);
    }

    #[test]
    fn what_is_seen_replaces_the_prior_bit_by_bit() {
        let mut tally = Tally::default();
        let median = |tally: &Tally| Mixed::prior(1.0, 0.3).under(Some(tally), 10.0).spread().quantile(0.5);
        assert!((median(&tally) - 1.0).abs() < 0.02);
        for second in 0..10 {
            tally.add(2.0, second);
        }
        let half = median(&tally);
        for second in 0..400 {
            tally.add(2.0, second);
        }
        assert!(half > 1.1 && half < 2.0 && (median(&tally) - 2.0).abs() < 0.1, "{half} {}", median(&tally));
    }

    #[test]
    fn old_counts_fade_and_late_ones_count_in_full() {
        let mut tally = Tally::default();
        tally.add(1.0, 0);
        #[expect(clippy::cast_possible_truncation, reason = "a month of seconds")]
        tally.add(1.0, HALF_LIFE_S as i64);
        assert!((tally.weight() - 1.5).abs() < 1e-9);
        tally.add(1.0, 10);
        assert!((tally.weight() - 2.5).abs() < 1e-9);
    }

    #[test]
    fn a_tally_is_read_back_as_it_was_and_odd_values_have_a_class() {
        let mut tally = Tally::default();
        for value in [0.0, -3.0, f64::INFINITY, 1.0, 90.0] {
            tally.add(value, 7);
        }
        assert!((tally.weight() - 5.0).abs() < 1e-9);
        assert_eq!(Tally::stored(tally.classes(), tally.at_s()), tally);
        assert!(Tally::stored(vec![(3, -1.0), (900, 1.0)], 0).classes().is_empty());
    }
}
