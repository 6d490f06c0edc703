//! The forecast of use as this installation has it: counts from the database and from memory, through the prediction.

use cache::Namespace;
use domain::permission::Action;
use store::{args, caching};

use super::{
    prediction::{Counts, Forecast, Lately, Past, forecast},
    usage::{hour, hour_of_week},
};
use crate::{App, context::Ctx, error::Error};

/// Rows that are looked at of each kind.
const MOST_ROWS: i64 = 2_000;
/// Hours whose use makes the trend.
const TREND_HOURS: i64 = 24;

impl App {
    /// What will be asked for in the coming hour.
    pub async fn cache_forecast(&self, ctx: &Ctx, limit: usize) -> Result<Forecast, Error> {
        ctx.reach(Action::CacheRead)?;
        let running = hour(ctx.now);
        let counts = Counts {
            coming: self.cache_past(running + 1).await?,
            lately: self.cache_lately(running).await?,
            now: self.caching.usage.of_hour(ctx.now),
        };
        Ok(forecast(running, elapsed(ctx), counts, limit))
    }

    /// The hour of the week that an hour falls into.
    async fn cache_past(&self, hour: i64) -> Result<Vec<Past>, Error> {
        let rows: Vec<caching::UsesRow> =
            self.db.all(&caching::LIST_USES, args![hour_of_week(hour), MOST_ROWS]).await?;
        let past = |row: caching::UsesRow| {
            let (uses, mean) = (float(row.uses), float(row.mean_milli) / 1_000.0);
            Some(Past { namespace: known(&row.namespace)?, name: row.name, hour: row.hour, uses, mean })
        };
        Ok(rows.into_iter().filter_map(past).collect())
    }

    /// The day before the running hour.
    async fn cache_lately(&self, running: i64) -> Result<Vec<Lately>, Error> {
        let rows: Vec<caching::DayRow> =
            self.db.all(&caching::LIST_DAY, args![running - TREND_HOURS, running, MOST_ROWS]).await?;
        let lately = |row: caching::DayRow| {
            let (uses, usual) = (float(row.uses), float(row.usual_milli) / 1_000.0);
            Some(Lately { namespace: known(&row.namespace)?, name: row.name, uses, usual })
        };
        Ok(rows.into_iter().filter_map(lately).collect())
    }
}

/// A namespace that this version does not know cannot be loaded either.
fn known(namespace: &str) -> Option<Namespace> {
    namespace.parse().ok()
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
