//! Lists of orders, each role seeing its own.

use domain::{
    id::{CityId, CustomerId, OrderId, RestaurantId},
    order::Status,
    permission::{Action, Role, User},
};
use store::{args, orders};
use uuid::Uuid;

use crate::{App, context::Ctx, error::Error};

use super::view::OrderView;

/// Which orders.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// Only open ones.
    pub open: bool,
    /// Only of this status.
    pub status: Option<Status>,
    /// Only of this kitchen.
    pub restaurant: Option<RestaurantId>,
    /// Only of this customer.
    pub customer: Option<CustomerId>,
    /// Only those before this one.
    pub before: Option<OrderId>,
    /// At most so many.
    pub limit: usize,
}

impl App {
    /// Orders that the actor may see, newest first, and the cursor of the next page.
    pub async fn list_orders(
        &self,
        ctx: &Ctx,
        filter: &OrderFilter,
    ) -> Result<(Vec<OrderView>, Option<OrderId>), Error> {
        ctx.reach(Action::OrderRead)?;
        let user = ctx.actor.user().ok_or(Error::Forbidden)?;
        let mut rows = self.order_rows(user, filter).await?;
        let more = rows.len() > filter.limit;
        rows.truncate(filter.limit);
        let next = rows.last().filter(|_| more).map(|row| row.id);
        // After the cursor is known: a page may be short, but none is missed.
        rows.retain(|row| fits(row, filter));
        let views = rows.into_iter().map(|row| self.view(ctx, row)).collect::<Result<_, _>>()?;
        Ok((views, next))
    }

    async fn order_rows(&self, user: &User, filter: &OrderFilter) -> Result<Vec<orders::OrderRow>, Error> {
        let before = filter.before.unwrap_or(OrderId(Uuid::max()));
        let limit = i64::try_from(filter.limit + 1).unwrap_or(i64::MAX);
        let (open, all): (&'static store::Statement, &'static store::Statement) = match user.role {
            Role::Customer => (&orders::LIST_OPEN_OF_CUSTOMER, &orders::LIST_OF_CUSTOMER),
            Role::Courier => (&orders::LIST_OPEN_OF_COURIER, &orders::LIST_OF_COURIER),
            Role::Restaurant => (&orders::LIST_OPEN_OF_RESTAURANT, &orders::LIST_OF_RESTAURANT),
            Role::Dispatcher | Role::Admin if filter.restaurant.is_some() => {
                (&orders::LIST_OPEN_OF_RESTAURANT, &orders::LIST_OF_RESTAURANT)
            }
            Role::Dispatcher | Role::Admin if filter.customer.is_some() => {
                (&orders::LIST_OPEN_OF_CUSTOMER, &orders::LIST_OF_CUSTOMER)
            }
            Role::Dispatcher | Role::Admin => (&orders::LIST_OPEN, &orders::LIST),
        };
        let status = filter.status.map_or("", Status::as_str);
        let mut rows = Vec::new();
        for owner in owners_of(user, filter) {
            let more: Vec<orders::OrderRow> = match (owner, filter.open) {
                (Some(owner), true) => self.db.all(open, args![owner, before, limit]).await?,
                (None, true) => self.db.all(open, args![before, limit]).await?,
                (Some(owner), false) => self.db.all(all, args![owner, before, status, limit]).await?,
                (None, false) => self.db.all(all, args![before, status, limit]).await?,
            };
            rows.extend(more);
        }
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
        Ok(rows)
    }

    /// Open orders of a city, oldest first, for those who watch it.
    pub(crate) async fn open_orders(&self, city: CityId, limit: i64) -> Result<Vec<orders::OrderRow>, Error> {
        Ok(self.db.all(&orders::LIST_OPEN_OF_CITY, args![city, limit]).await?)
    }
}

/// What the statement of a role does not filter by itself.
fn fits(row: &orders::OrderRow, filter: &OrderFilter) -> bool {
    filter.status.is_none_or(|status| row.status == status.as_str())
        && filter.restaurant.is_none_or(|restaurant| row.restaurant_id == restaurant)
        && filter.customer.is_none_or(|customer| row.customer_id == customer)
}

/// Whose orders: one list for each owner, or one without.
fn owners_of(user: &User, filter: &OrderFilter) -> Vec<Option<Uuid>> {
    match user.role {
        Role::Customer => user.customer_id.iter().map(|id| Some(Uuid::from(*id))).collect(),
        Role::Courier => user.courier_id.iter().map(|id| Some(Uuid::from(*id))).collect(),
        Role::Restaurant => {
            let wanted = |id: &&RestaurantId| filter.restaurant.is_none_or(|only| only == **id);
            user.restaurant_ids.iter().filter(wanted).map(|id| Some(Uuid::from(*id))).collect()
        }
        Role::Dispatcher | Role::Admin => vec![filter.restaurant.map(Uuid::from).or(filter.customer.map(Uuid::from))],
    }
}
