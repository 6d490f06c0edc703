//! What will be asked for in the coming hour: counts in, prediction out. Reads no clock and no database.
//!
//! A key's expected use is the mean of the same hour of the weeks before (older weeks count half as much as the one
//! after), times its trend: its use of the last day against the same hours of the weeks before. A key with few uses
//! follows the trend of all, one with many its own; both are held between a quarter and four. A key that has no such past
//! but is asked for now is expected half as often: what is popular this hour mostly is in the next.

use std::{collections::HashMap, ops::RangeInclusive};

use cache::Namespace;

use super::usage::{WEEK_HOURS, hour_of_week};

const TREND: RangeInclusive<f64> = 0.25..=4.0;
/// A trend is drawn towards the one of all as if so many more uses had followed that (the mean of a Poisson rate under a
/// gamma prior of this weight).
const PRIOR_USES: f64 = 20.0;
/// Before so much of the running hour is over, its uses are taken for those of a tenth of an hour.
const LEAST_ELAPSED: f64 = 0.1;

/// On what an expectation rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The same hour of the weeks before.
    Season,
    /// The running hour.
    Recent,
}

impl Basis {
    /// As sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Season => "season",
            Self::Recent => "recent",
        }
    }
}

/// One answer that will be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// Its namespace.
    pub namespace: Namespace,
    /// Its key.
    pub name: String,
    /// Expected uses in the hour.
    pub expected: f64,
    /// How it runs against the weeks before; 1 where only the running hour knows it.
    pub trend: f64,
    /// On what that rests.
    pub basis: Basis,
}

/// The coming hour.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// 0 is Monday from midnight to one, UTC.
    pub hour_of_week: i64,
    /// How all answers together run against the weeks before; 1 where nothing is known.
    pub trend: f64,
    /// Answers of this hour that the past knows.
    pub known: usize,
    /// The most used first.
    pub predictions: Vec<Prediction>,
}

/// What the prediction rests on.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    /// Answers used in the coming hour of the week.
    pub(super) coming: Vec<Past>,
    /// Answers used in the last day, now or in the weeks before.
    pub(super) lately: Vec<Lately>,
    /// Answers used in the running hour.
    pub(super) now: Vec<(Namespace, String, u64)>,
}

/// Uses of an answer in an hour of the week.
#[derive(Clone, Debug)]
pub(super) struct Past {
    pub(super) namespace: Namespace,
    pub(super) name: String,
    /// The newest such hour in which it was used.
    pub(super) hour: i64,
    pub(super) uses: f64,
    /// Mean of the weeks before that; zero if there are none.
    pub(super) mean: f64,
}

/// Uses of an answer in the last day.
#[derive(Clone, Debug)]
pub(super) struct Lately {
    pub(super) namespace: Namespace,
    pub(super) name: String,
    pub(super) uses: f64,
    /// In the same hours of the weeks before.
    pub(super) usual: f64,
}

impl Past {
    /// Uses to expect at `hour`, which falls into the same hour of the week.
    fn expected(&self, hour: i64) -> f64 {
        if self.hour >= hour {
            return if self.mean > 0.0 { self.mean } else { self.uses };
        }
        let latest = if self.mean > 0.0 { f64::midpoint(self.mean, self.uses) } else { self.uses };
        let missed = (hour - self.hour) / WEEK_HOURS - 1;
        latest * 0.5_f64.powi(i32::try_from(missed.clamp(0, 60)).unwrap_or(60))
    }
}

/// The hour after `running`, of which the part `elapsed` is over; at most `limit` predictions.
pub(super) fn forecast(running: i64, elapsed: f64, counts: Counts, limit: usize) -> Forecast {
    let Counts { coming, lately, now } = counts;
    let (uses, usual) = lately.iter().fold((0.0, 0.0), |sum, key| (sum.0 + key.uses, sum.1 + key.usual));
    let of_all = trend(uses, usual, 1.0);
    let of_key = |key: &Lately| ((key.namespace, key.name.clone()), trend(key.uses, key.usual, of_all));
    let trends: HashMap<_, _> = lately.iter().map(of_key).collect();
    let mut found = HashMap::new();
    for (namespace, name, times) in now {
        let expected = float(times) / elapsed.max(LEAST_ELAPSED) / 2.0;
        found.insert((namespace, name), (expected, 1.0, Basis::Recent));
    }
    let known = coming.len();
    for past in coming {
        let expected = past.expected(running + 1);
        let key = (past.namespace, past.name);
        let trend = trends.get(&key).copied().unwrap_or(of_all);
        found.insert(key, (expected * trend, trend, Basis::Season));
    }
    let predictions = found.into_iter();
    let mut predictions: Vec<_> = predictions
        .map(|((namespace, name), (expected, trend, basis))| Prediction { namespace, name, expected, trend, basis })
        .collect();
    predictions.sort_by(|one, other| {
        let name = |it: &Prediction| (it.namespace, it.name.clone());
        other.expected.total_cmp(&one.expected).then_with(|| name(one).cmp(&name(other)))
    });
    predictions.truncate(limit);
    Forecast { hour_of_week: hour_of_week(running + 1), trend: of_all, known, predictions }
}

/// How uses run against what is usual: what is known little of runs `towards` the others.
fn trend(uses: f64, usual: f64, towards: f64) -> f64 {
    ((uses + PRIOR_USES * towards) / (usual + PRIOR_USES)).clamp(*TREND.start(), *TREND.end())
}

/// A count as a figure.
#[expect(clippy::cast_precision_loss, reason = "counts and bytes far below 2^52")]
pub(super) const fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const MENUS: Namespace = Namespace::MenuItems;

    fn past(name: &str, hour: i64, uses: f64, mean: f64) -> Past {
        Past { namespace: MENUS, name: name.to_owned(), hour, uses, mean }
    }

    fn lately(name: &str, uses: f64, usual: f64) -> Lately {
        Lately { namespace: MENUS, name: name.to_owned(), uses, usual }
    }

    fn of<'a>(found: &'a Forecast, name: &str) -> &'a Prediction {
        found.predictions.iter().find(|one| one.name == name).unwrap()
    }

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-9
    }

    #[test]
    fn the_same_hour_of_last_week_is_expected_again() {
        let coming = vec![past("dinner", 1_000 + 1 - 168, 40.0, 20.0), past("old", 1_000 + 1 - 3 * 168, 40.0, 0.0)];
        let found = forecast(1_000, 0.5, Counts { coming, ..Counts::default() }, 10);
        let expected: Vec<_> = found.predictions.iter().map(|one| (one.name.as_str(), one.expected)).collect();
        assert_eq!(expected, [("dinner", 30.0), ("old", 10.0)]);
        assert_eq!((found.trend, found.known), (1.0, 2));
    }

    #[test]
    fn a_key_that_rises_is_expected_more_and_one_that_falls_less() {
        let coming = ["rising", "falling", "rare", "unseen"].map(|name| past(name, 1_001 - 168, 10.0, 0.0)).to_vec();
        let lately = vec![lately("rising", 980.0, 480.0), lately("falling", 180.0, 480.0), lately("rare", 2.0, 1.0)];
        let found = forecast(1_000, 0.5, Counts { coming, lately, now: Vec::new() }, 10);
        let all = (1_162.0 + 20.0) / (961.0 + 20.0);
        assert!(near(found.trend, all), "{found:?}");
        assert!(near(of(&found, "rising").trend, (980.0 + 20.0 * all) / 500.0));
        assert!(near(of(&found, "falling").trend, (180.0 + 20.0 * all) / 500.0));
        assert!(near(of(&found, "unseen").trend, all), "of a key without a day only the others speak");
        assert!((of(&found, "rare").trend - all).abs() < 0.1, "two uses instead of one say next to nothing");
        let names: Vec<_> = found.predictions.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["rising", "rare", "unseen", "falling"]);
        assert!(near(of(&found, "rising").expected, 10.0 * of(&found, "rising").trend));
    }

    #[test]
    fn no_trend_leaves_its_bounds() {
        let coming = ["wild", "gone"].map(|name| past(name, 1_001 - 168, 10.0, 0.0)).to_vec();
        let lately = vec![lately("wild", 1e9, 1.0), lately("gone", 0.0, 1e6)];
        let found = forecast(1_000, 0.5, Counts { coming, lately, now: Vec::new() }, 10);
        assert_eq!((found.trend, of(&found, "wild").trend, of(&found, "gone").trend), (4.0, 4.0, 0.25));
    }

    #[test]
    fn what_has_no_past_is_expected_from_the_running_hour() {
        let now = vec![(MENUS, "new".to_owned(), 30), (MENUS, "rare".to_owned(), 1)];
        let found = forecast(1_000, 0.5, Counts { now, ..Counts::default() }, 1);
        assert_eq!(found.predictions.len(), 1);
        assert_eq!((found.predictions[0].name.as_str(), found.predictions[0].basis), ("new", Basis::Recent));
        assert!(near(found.predictions[0].expected, 30.0));
    }
}
