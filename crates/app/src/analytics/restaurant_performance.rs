//! How one restaurant does: thirty days of its roll-ups, and the times of its newest orders.

use domain::{
    id::RestaurantId,
    permission::{Action, Owners},
};
use jiff::SignedDuration;
use store::{
    analytics::{self, PopularRow, RestaurantSumRow, TimesRow},
    args,
};
use uuid::Uuid;

use crate::{App, context::Ctx, demand::first_id, error::Error};

/// Days that are looked at.
pub const DAYS: i64 = 30;
/// Orders whose times are looked at.
const MOST_ORDERS: i64 = 200;
const DISHES: i64 = 5;

/// How a restaurant does.
#[derive(Clone, Debug, PartialEq)]
pub struct RestaurantPerformance {
    /// Orders and revenue of thirty days.
    pub sums: RestaurantSumRow,
    /// The most ordered dishes of the same days.
    pub dishes: Vec<PopularRow>,
    /// Delivered orders whose times were looked at.
    pub timed: usize,
    /// Mean seconds until the kitchen accepted.
    pub accept_s: Option<i64>,
    /// Mean seconds by which food was later than the kitchen promised; negative if earlier.
    pub ready_late_s: Option<i64>,
    /// Per cent of orders that came within the first promise, to a tenth.
    pub on_time_pct: Option<f64>,
    /// Mean rating in tenths of a star.
    pub rating_tenths: Option<i64>,
    /// Ratings.
    pub rating_count: i64,
}

impl App {
    /// Whether the actor may read how a restaurant does.
    pub fn may_read_performance(&self, ctx: &Ctx, id: RestaurantId) -> Result<(), Error> {
        ctx.may(Action::PerformanceRead, &Owners::restaurant(id), "restaurant")?;
        self.restaurant(id).map(drop)
    }

    /// How a restaurant does.
    pub async fn restaurant_performance(&self, ctx: &Ctx, id: RestaurantId) -> Result<RestaurantPerformance, Error> {
        self.may_read_performance(ctx, id)?;
        let entry = self.restaurant(id)?;
        let places = self.places();
        let city = places.known_city(entry.city_id)?;
        let since = ctx.now - SignedDuration::from_hours(24 * DAYS);
        let sums = self.db.one(&analytics::SUM_OF_RESTAURANT, args![id, city.hour_of(since)]).await?;
        let args = args![entry.city_id, city.day_of(ctx.now) - DAYS, DISHES, id];
        let dishes = self.db.all(&analytics::LIST_POPULAR_OF_RESTAURANT, args).await?;
        let after = first_id(since);
        let times: Vec<TimesRow> =
            self.db.all(&analytics::LIST_TIMES_OF_RESTAURANT, args![id, Uuid::from(after), MOST_ORDERS]).await?;
        let punctual = times.iter().filter(|row| row.delivered_at.is_some_and(|at| at <= row.first_eta_high)).count();
        Ok(RestaurantPerformance {
            sums,
            dishes,
            timed: times.len(),
            accept_s: mean_s(times.iter().filter_map(|row| Some(row.accepted_at? - row.placed_at))),
            ready_late_s: mean_s(times.iter().filter_map(|row| Some(row.ready_at? - row.promised_ready_at?))),
            on_time_pct: per_cent(punctual, times.len()),
            rating_tenths: entry.rating_tenths,
            rating_count: entry.rating_count,
        })
    }
}

/// The mean of microseconds, in seconds.
fn mean_s(values: impl Iterator<Item = i64>) -> Option<i64> {
    let (sum, count) = values.fold((0_i64, 0_i64), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count / 1_000_000)
}

#[expect(clippy::cast_precision_loss, reason = "at most a thousand tenths")]
fn per_cent(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| (part * 1_000 / whole) as f64 / 10.0)
}

#[cfg(test)]
mod tests {
    use super::{mean_s, per_cent};

    #[test]
    fn of_no_orders_nothing_is_said() {
        assert_eq!((mean_s(std::iter::empty()), per_cent(0, 0)), (None, None));
        assert_eq!(mean_s([2_000_000, -1_000_000, 5_000_000].into_iter()), Some(2));
        assert_eq!(per_cent(2, 3), Some(66.6));
    }
}
