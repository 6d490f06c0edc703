//! What will be asked for in the coming hour, from what was asked for in the same hour of the weeks before.
//!
//! A key's expected use is the mean of that hour (older weeks count half as much as the one after), times the trend: how
//! today runs against the same hours of the weeks before, held between a quarter and four. A key that has no such past
//! but is asked for now is expected half as often: what is popular this hour mostly is in the next.

use std::collections::HashMap;

use cache::Namespace;
use domain::permission::Action;
use store::{args, caching};

use crate::{App, context::Ctx, error::Error};

use super::usage::{WEEK_HOURS, hour, hour_of_week};

/// Rows of an hour that are looked at.
const MOST_ROWS: i64 = 2_000;
const TREND: std::ops::RangeInclusive<f64> = 0.25..=4.0;

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
    /// On what that rests.
    pub basis: Basis,
}

/// The coming hour.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// 0 is Monday from midnight to one, UTC.
    pub hour_of_week: i64,
    /// How today runs against the weeks before; 1 where nothing is known.
    pub trend: f64,
    /// Answers of this hour that the past knows.
    pub known: usize,
    /// The most used first.
    pub predictions: Vec<Prediction>,
}

/// Uses of an hour of the week as the database keeps them.
#[derive(Clone, Debug)]
struct Past {
    namespace: Namespace,
    name: String,
    hour: i64,
    uses: f64,
    mean: f64,
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

impl App {
    /// What will be asked for in the coming hour.
    pub async fn cache_forecast(&self, ctx: &Ctx, limit: usize) -> Result<Forecast, Error> {
        ctx.reach(Action::CacheRead)?;
        let running = hour(ctx.now);
        let (before, coming) = (self.cache_past(running).await?, self.cache_past(running + 1).await?);
        let elapsed = elapsed(ctx);
        Ok(forecast(running, elapsed, &before, &coming, &self.caching.usage.of_hour(ctx.now), limit))
    }

    async fn cache_past(&self, hour: i64) -> Result<Vec<Past>, Error> {
        let rows: Vec<caching::UsesRow> =
            self.db.all(&caching::LIST_USES, args![hour_of_week(hour), MOST_ROWS]).await?;
        // A namespace that this version does not know cannot be loaded either.
        let past = |row: caching::UsesRow| {
            let namespace = row.namespace.parse().ok()?;
            let (uses, mean) = (float(row.uses), float(row.mean_milli) / 1_000.0);
            Some(Past { namespace, name: row.name, hour: row.hour, uses, mean })
        };
        Ok(rows.into_iter().filter_map(past).collect())
    }
}

/// The part of the running hour that is over.
#[expect(clippy::cast_precision_loss, reason = "at most 3,600")]
fn elapsed(ctx: &Ctx) -> f64 {
    ctx.now.as_second().rem_euclid(3_600) as f64 / 3_600.0
}

#[expect(clippy::cast_precision_loss, reason = "counts of requests are far below 2^52")]
const fn float(count: i64) -> f64 {
    count as f64
}

fn forecast(
    running: i64,
    elapsed: f64,
    before: &[Past],
    coming: &[Past],
    now: &[(Namespace, String, u64)],
    limit: usize,
) -> Forecast {
    let usual: f64 =
        before.iter().filter(|past| past.hour < running || past.mean > 0.0).map(|past| past.expected(running)).sum();
    let seen: f64 = now.iter().map(|one| float(i64::try_from(one.2).unwrap_or(i64::MAX))).sum();
    // In the first minutes of an hour nothing can be said of it yet.
    let trend =
        if usual > 0.0 && elapsed > 0.1 { (seen / (usual * elapsed)).clamp(*TREND.start(), *TREND.end()) } else { 1.0 };
    let mut found: HashMap<(Namespace, String), Prediction> = HashMap::new();
    for (namespace, name, times) in now {
        let expected = float(i64::try_from(*times).unwrap_or(i64::MAX)) / elapsed.max(0.1) / 2.0;
        let prediction = Prediction { namespace: *namespace, name: name.clone(), expected, basis: Basis::Recent };
        found.insert((*namespace, name.clone()), prediction);
    }
    for past in coming {
        let (namespace, name) = (past.namespace, past.name.clone());
        let expected = past.expected(running + 1) * trend;
        found.insert((namespace, name.clone()), Prediction { namespace, name, expected, basis: Basis::Season });
    }
    let mut predictions: Vec<_> = found.into_values().collect();
    predictions.sort_by(|one, other| other.expected.total_cmp(&one.expected).then_with(|| one.name.cmp(&other.name)));
    predictions.truncate(limit);
    Forecast { hour_of_week: hour_of_week(running + 1), trend, known: coming.len(), predictions }
}

#[cfg(test)]
mod tests {
    use super::{Basis, Past, forecast};
    use cache::Namespace;

    const MENUS: Namespace = Namespace::MenuItems;

    fn past(name: &str, hour: i64, uses: f64, mean: f64) -> Past {
        Past { namespace: MENUS, name: name.to_owned(), hour, uses, mean }
    }

    #[test]
    fn the_same_hour_of_last_week_is_expected_again() {
        let coming = [past("dinner", 1_000 + 1 - 168, 40.0, 20.0), past("old", 1_000 + 1 - 3 * 168, 40.0, 0.0)];
        let found = forecast(1_000, 0.5, &[], &coming, &[], 10);
        let expected: Vec<_> = found.predictions.iter().map(|one| (one.name.as_str(), one.expected)).collect();
        assert_eq!(expected, [("dinner", 30.0), ("old", 10.0)]);
        assert_eq!((found.trend, found.known), (1.0, 2));
    }

    #[test]
    fn a_day_that_runs_high_raises_the_expectation_within_bounds() {
        let (before, coming) = ([past("a", 1_000 - 168, 100.0, 0.0)], [past("a", 1_001 - 168, 10.0, 0.0)]);
        let run = |times| forecast(1_000, 0.5, &before, &coming, &[(MENUS, "b".to_owned(), times)], 10);
        assert!((run(100).trend - 2.0).abs() < 1e-9);
        assert!((run(10_000).trend - 4.0).abs() < 1e-9);
        let season = run(100).predictions.into_iter().find(|one| one.basis == Basis::Season).unwrap();
        assert!((season.expected - 20.0).abs() < 1e-9);
    }

    #[test]
    fn what_has_no_past_is_expected_from_the_running_hour() {
        let now = [(MENUS, "new".to_owned(), 30), (MENUS, "rare".to_owned(), 1)];
        let found = forecast(1_000, 0.5, &[], &[], &now, 1);
        assert_eq!(found.predictions.len(), 1);
        assert_eq!((found.predictions[0].name.as_str(), found.predictions[0].basis), ("new", Basis::Recent));
        assert!((found.predictions[0].expected - 30.0).abs() < 1e-9);
    }
}
