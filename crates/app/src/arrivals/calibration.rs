//! How honest the arrivals were: what was said of delivered orders against what came, in total, by part, by local hour
//! and by restaurant.

use domain::{
    id::{CityId, RestaurantId},
    permission::Action,
    rule::Rule,
};
use jiff::{SignedDuration, Timestamp};
use store::{
    args,
    arrivals::{self, HourScoreRow, PartScoreRow, RestaurantScoreRow},
};

use crate::{
    App,
    context::{Ctx, moment},
    error::Error,
    places::City,
};

/// The longest span that is answered at once.
const MOST_HOURS: i64 = 24 * 92;
/// What is looked at if nothing is said.
const USUAL_HOURS: i64 = 24 * 7;
/// Restaurants that are answered at most.
const MOST_RESTAURANTS: i64 = 200;

/// Sums of deliveries against what was said of them. Shares and means follow from them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// Delivered orders that are compared.
    pub orders: i64,
    /// Before the early end of the range; nothing for parts, which have none.
    pub early: i64,
    /// After the late end: the promise, or a part's p90.
    pub late: i64,
    /// Sooner than the middle.
    pub under_p50: i64,
    /// Sooner than p90.
    pub under_p90: i64,
    /// Sum of seconds after the middle; negative where sooner.
    pub error_s: i64,
    /// Sum of seconds after the late end.
    pub late_s: i64,
}

/// The comparison of a span of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calibration {
    /// From when, the beginning of an hour.
    pub from: Timestamp,
    /// Until when; the hour that it lies in counts as a whole.
    pub to: Timestamp,
    /// Whole orders.
    pub total: Fit,
    /// By part: assignment, first mile, preparation, last mile.
    pub parts: Vec<(String, Fit)>,
    /// Whole orders by the local hour of their placing, those with orders.
    pub hours: Vec<(i64, Fit)>,
    /// Whole orders by restaurant, those with most orders first.
    pub restaurants: Vec<(RestaurantId, String, Fit)>,
}

macro_rules! fit {
    ($row:expr) => {
        Fit {
            orders: $row.orders,
            early: $row.early,
            late: $row.late,
            under_p50: $row.under_p50,
            under_p90: $row.under_p90,
            error_s: $row.error_s,
            late_s: $row.late_s,
        }
    };
}

impl Fit {
    /// Adds another one's deliveries.
    pub(super) fn add(&mut self, other: Self) {
        self.orders += other.orders;
        self.early += other.early;
        self.late += other.late;
        self.under_p50 += other.under_p50;
        self.under_p90 += other.under_p90;
        self.error_s += other.error_s;
        self.late_s += other.late_s;
    }
}

impl App {
    /// Compares what was said of the orders of a city with what came of them. `from` and `to` are moments of placing; a
    /// week until now if left out. Only orders that a courier delivered are compared.
    pub async fn eta_calibration(
        &self,
        ctx: &Ctx,
        city: CityId,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<Calibration, Error> {
        ctx.reach(Action::AnalyticsRead)?;
        let places = self.places();
        let place = places.known_city(city)?;
        let to = to.unwrap_or(ctx.now);
        let (first, last) = span(place, from, to)?;
        let parts: Vec<PartScoreRow> = self.db.all(&arrivals::SUM_BY_PART, args![city, first, last]).await?;
        let hours: Vec<HourScoreRow> = self.db.all(&arrivals::SUM_BY_HOUR, args![city, first, last]).await?;
        let args = args![city, first, last, MOST_RESTAURANTS];
        let restaurants: Vec<RestaurantScoreRow> = self.db.all(&arrivals::SUM_BY_RESTAURANT, args).await?;
        let mut by_hour = [Fit::default(); 24];
        for row in &hours {
            let local = place.zone.to_datetime(moment(row.hour)).hour();
            if let Some(fit) = usize::try_from(local).ok().and_then(|hour| by_hour.get_mut(hour)) {
                fit.add(fit!(row));
            }
        }
        let of = |name: &str| parts.iter().find(|row| row.part == name).map(|row| fit!(row)).unwrap_or_default();
        let named = ["assignment", "first_mile", "preparation", "last_mile"].map(|name| (name.to_owned(), of(name)));
        Ok(Calibration {
            from: moment(first),
            to,
            total: of("total"),
            parts: named.into(),
            hours: (0..).zip(by_hour).filter(|(_, fit)| fit.orders > 0).collect(),
            restaurants: restaurants.into_iter().map(|row| (row.restaurant_id, row.name.clone(), fit!(row))).collect(),
        })
    }
}

/// From which moment to which the local hours begin of which something lies between two moments, in epoch microseconds.
fn span(city: &City, from: Option<Timestamp>, to: Timestamp) -> Result<(i64, i64), Error> {
    let out = || Error::from(Rule::OutOfRange.at("/from").with("max_hours", MOST_HOURS));
    let week = || to.checked_sub(SignedDuration::from_hours(USUAL_HOURS)).map_err(|_| out());
    let from = from.map_or_else(week, Ok)?;
    if from >= to || to.duration_since(from).as_hours() > MOST_HOURS {
        return Err(out());
    }
    Ok((city.hour_of(from), to.as_microsecond()))
}
