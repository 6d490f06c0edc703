//! Weeks of the city: which page is read how often in which hour, and such weeks told to the model of use.
//!
//! Each page is dear to one part of the day, and some rise or fall from week to week. So the hour to come is not like the
//! one before it, and a model that knows hours and trends can know more than one that counts.

use std::time::Duration;

use app::{App, Ctx, Entropy, caching::Forecast, caching::JobState};
use cache::State;
use domain::permission::Actor;
use jiff::{SignedDuration, Timestamp};

use super::catalogue::{Catalogue, draw};

/// Half past six in the evening of a Friday in India: the hour that is forecast.
const HOUR: &str = "2026-11-20T13:00:00Z";
/// The forecast is made so long before, as on a node that serves.
const AHEAD: SignedDuration = SignedDuration::from_mins(10);
/// Recorded before the hour: a week, and the day on which it lies.
const HOURS: i32 = 8 * 24;
const WEEK_HOURS: i32 = 7 * 24;
/// Of a hundred requests of a busy hour, those of an hour in each quarter of the day.
const BUSY: [usize; 4] = [20, 60, 100, 80];
/// In its part of the day a page is read so many times as often.
const DEAR: f64 = 4.0;

/// Eight days of use and the hour after them.
pub(super) struct Seasons<'a> {
    catalogue: &'a Catalogue,
    seed: u64,
    /// Requests of the busiest hours.
    requests: usize,
}

impl<'a> Seasons<'a> {
    pub(super) const fn new(catalogue: &'a Catalogue, seed: u64, requests: usize) -> Self {
        Self { catalogue, seed, requests }
    }

    /// The requests of the hour that is forecast.
    pub(super) fn requests(&self) -> Result<Vec<usize>, String> {
        Ok(self.drawn(hour()?, 0, self.requests))
    }

    /// Tells the model of use what was read in eight days, as a node that serves tells it.
    pub(super) async fn record(&self, app: &App) -> Result<(), String> {
        let hour = hour()?;
        for ago in (1..=HOURS).rev() {
            // The hour before is not over when the forecast is made.
            let at = hour - SignedDuration::from_hours(ago.into()) + SignedDuration::from_hours(1) - AHEAD;
            for page in self.drawn(at, ago, self.requests * BUSY[quarter(at)] / 100) {
                let page = &self.catalogue.pages[page];
                app.caching.usage.note(page.namespace, &page.key, State::Miss, at);
            }
            while app.keep_cache_usage(&at_time(app, at)).await.map_err(|error| error.to_string())? > 0 {}
        }
        Ok(())
    }

    /// Warms what the model expects of the hour, to its end.
    pub(super) async fn warm(&self, app: &std::sync::Arc<App>) -> Result<(JobState, Forecast), String> {
        let ctx = at_time(app, hour()? - AHEAD);
        let begun = app.warm_from_forecast(&ctx, usize::MAX).await;
        let (mut job, forecast) = begun.map_err(|error| error.to_string())?;
        while job.ended_at.is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
            job = app.warming_job(&ctx, job.id).map_err(|error| error.to_string())?;
        }
        Ok((job, forecast))
    }

    fn drawn(&self, at: Timestamp, hours_ago: i32, requests: usize) -> Vec<usize> {
        let dice = Entropy::from_seed(self.seed.wrapping_add(u64::from(hours_ago.unsigned_abs()) + 1));
        let weeks = -f64::from(hours_ago) / f64::from(WEEK_HOURS);
        let weight = |page: usize, popularity: f64| popularity * dear(page, at) * drift(page).powf(weeks);
        draw(&self.catalogue.weighted(weight), &dice, requests)
    }
}

/// How much of its readers a page has after a week.
const fn drift(page: usize) -> f64 {
    match page % 7 {
        3 => 2.0,
        5 => 0.5,
        _ => 1.0,
    }
}

fn dear(page: usize, at: Timestamp) -> f64 {
    if page % BUSY.len() == quarter(at) { DEAR } else { 1.0 }
}

/// The quarter of the day.
fn quarter(at: Timestamp) -> usize {
    usize::try_from(at.as_second().rem_euclid(86_400) / 21_600).unwrap_or_default()
}

fn hour() -> Result<Timestamp, String> {
    HOUR.parse().map_err(|error: jiff::Error| error.to_string())
}

fn at_time(app: &App, at: Timestamp) -> Ctx {
    let mut ctx = app.ctx(Actor::System);
    ctx.now = at;
    ctx
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_have_their_time_of_the_day_and_rise_or_fall() {
        let catalogue = Catalogue::numbered(40);
        let seasons = Seasons::new(&catalogue, 7, 20_000);
        let hour = hour().unwrap();
        let count = |ago: i32, page: usize| {
            let at = hour - SignedDuration::from_hours(ago.into());
            seasons.drawn(at, ago, 20_000).into_iter().filter(|it| *it == page).count()
        };
        assert!(count(0, 2) > 2 * count(12, 2), "page 2 is read at one o'clock, not at one in the night");
        assert!(count(0, 3) * 10 > count(168, 3) * 17, "page 3 rises");
        assert!(count(0, 5) * 17 < count(168, 5) * 10, "page 5 falls");
    }
}
