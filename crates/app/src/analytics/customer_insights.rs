//! What the platform knows of one customer's habits, from orders and reviews.

use domain::{
    id::{CityId, CustomerId},
    permission::{Action, Owners},
};
use jiff::tz::TimeZone;
use store::{
    analytics::{
        self, CustomerSumRow, FavouriteRow, LIST_DISHES_OF_CUSTOMER, LIST_KITCHENS_OF_CUSTOMER, PlacingRow,
        SUM_OF_CUSTOMER, SUM_REVIEWS_OF_CUSTOMER,
    },
    args,
};

use crate::{
    App,
    context::{Ctx, moment},
    error::Error,
};

/// Favourites told.
const FAVOURITES: i64 = 5;
/// Orders whose hours are counted.
const PLACINGS: i64 = 500;

/// A customer's habits.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomerInsights {
    /// Sums over all orders.
    pub sums: CustomerSumRow,
    /// Restaurants with most deliveries.
    pub restaurants: Vec<FavouriteRow>,
    /// Dishes delivered most.
    pub dishes: Vec<FavouriteRow>,
    /// Orders by the local hour of the day, of the newest five hundred.
    pub by_hour: [i64; 24],
    /// Orders by the local day of the week, Monday first, of the same.
    pub by_weekday: [i64; 7],
    /// Reviews written.
    pub reviews: i64,
    /// Sum of their stars.
    pub stars: i64,
}

impl App {
    /// Whether the actor may read a customer's insights.
    pub fn may_read_insights(&self, ctx: &Ctx, id: CustomerId) -> Result<(), Error> {
        ctx.may(Action::CustomerRead, &Owners::customer(id), "customer")
    }

    /// A customer's habits.
    pub async fn customer_insights(&self, ctx: &Ctx, id: CustomerId) -> Result<CustomerInsights, Error> {
        self.may_read_insights(ctx, id)?;
        self.customer_row(id).await?;
        let sums: CustomerSumRow = self.db.one(&SUM_OF_CUSTOMER, args![id]).await?;
        let restaurants = self.db.all(&LIST_KITCHENS_OF_CUSTOMER, args![id, FAVOURITES]).await?;
        let dishes = self.db.all(&LIST_DISHES_OF_CUSTOMER, args![id, FAVOURITES]).await?;
        let placings: Vec<PlacingRow> = self.db.all(&analytics::LIST_TIMES_OF_CUSTOMER, args![id, PLACINGS]).await?;
        let (reviews, stars) = self.db.one::<(i64, i64)>(&SUM_REVIEWS_OF_CUSTOMER, args![id]).await?;
        let places = self.places();
        let zone = |city: CityId| places.city(city).map_or(TimeZone::UTC, |city| city.zone.clone());
        let (mut by_hour, mut by_weekday) = ([0; 24], [0; 7]);
        for placing in &placings {
            let local = moment(placing.placed_at).to_zoned(zone(placing.city_id));
            let hour = usize::try_from(local.hour()).unwrap_or_default();
            let weekday = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap_or_default();
            by_hour[hour] += 1;
            by_weekday[weekday] += 1;
        }
        Ok(CustomerInsights { sums, restaurants, dishes, by_hour, by_weekday, reviews, stars })
    }
}
