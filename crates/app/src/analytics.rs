//! Figures from the roll-ups.

mod customer_insights;
mod restaurant_performance;

use domain::{
    id::{CityId, RestaurantId},
    permission::Action,
    rule::Rule,
};
use jiff::{SignedDuration, Timestamp};
use store::{analytics, args};

use crate::{App, context::Ctx, error::Error};

pub use customer_insights::CustomerInsights;
pub use restaurant_performance::{DAYS as PERFORMANCE_DAYS, RestaurantPerformance};

/// Days that popularity looks back.
const POPULAR_DAYS: i64 = 30;
/// The longest span that is answered at once.
const MOST_HOURS: i64 = 24 * 92;

impl App {
    /// The most ordered dishes of a city, or of one restaurant in it.
    pub async fn popular_items(
        &self,
        ctx: &Ctx,
        city: CityId,
        restaurant: Option<RestaurantId>,
        limit: i64,
    ) -> Result<Vec<analytics::PopularRow>, Error> {
        let since = self.places().known_city(city)?.day_of(ctx.now) - POPULAR_DAYS;
        Ok(match restaurant {
            Some(restaurant) => {
                let args = args![city, since, limit, restaurant];
                self.db.all(&analytics::LIST_POPULAR_OF_RESTAURANT, args).await?
            }
            None => self.db.all(&analytics::LIST_POPULAR, args![city, since, limit]).await?,
        })
    }

    /// The span that is looked at: until now, and a day, if nothing else is said.
    pub fn figures_span(
        &self,
        ctx: &Ctx,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<(Timestamp, Timestamp), Error> {
        ctx.reach(Action::AnalyticsRead)?;
        let to = to.unwrap_or(ctx.now);
        let out = || Error::from(Rule::OutOfRange.at("/from").with("max_hours", MOST_HOURS));
        // The beginning of all time has no day before it.
        let day_before = || to.checked_sub(SignedDuration::from_hours(24)).map_err(|_| out());
        let from = from.map_or_else(day_before, Ok)?;
        if from >= to || to.duration_since(from).as_hours() > MOST_HOURS {
            return Err(out());
        }
        Ok((from, to))
    }

    /// Orders and revenue of a city by the hour: of each hour of which something lies in the span.
    pub async fn hourly_figures(
        &self,
        ctx: &Ctx,
        city: CityId,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Vec<analytics::HourRow>, Error> {
        ctx.reach(Action::AnalyticsRead)?;
        let first = self.places().known_city(city)?.hour_of(from);
        Ok(self.db.all(&analytics::LIST_HOURS, args![city, first, to.as_microsecond()]).await?)
    }
}
