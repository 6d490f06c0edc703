//! Orders on offer that would join what the courier has promised to fetch at the same counter already.
//!
//! What joins is taken as of when the trip was, so that all of it is one trip. It can join only until the first of that food
//! is on board; from then on the offer is about nothing that could be done, and is withdrawn.

use domain::{
    event::OfferState,
    id::{CityId, CourierId, OrderId},
};
use store::{
    args, offers,
    orders::{self, OrderRow},
};

use super::{Stop, Terms};
use crate::{App, context::Ctx, error::Error};

/// When and how the orders of an offer count as taken.
pub(super) struct Taken {
    /// When, in epoch microseconds: with what they join.
    pub(super) at: i64,
    /// How long the way to the counter takes from then on.
    pub(super) first_mile_s: Option<i64>,
    /// The courier stands at the counter already, and has arrived for what is taken now: for an order that may be younger than
    /// that, or was nobody's, no one stood there before.
    pub(super) at_counter: bool,
}

impl Taken {
    /// With the orders that an offer of `made_at` joins. What its courier was given anew since then is not what it joins.
    pub(super) fn of(ctx: &Ctx, terms: &Terms, joined: &[&OrderRow], made_at: i64) -> Self {
        let Some((first, at)) = joined.first().and_then(|order| Some((order, order.courier_at?))) else {
            return Self { at: ctx.now_us(), first_mile_s: terms.first_mile_s, at_counter: false };
        };
        let at_counter = joined.iter().any(|order| order.arrived_at.is_some());
        Self { at: at.min(made_at), first_mile_s: first.first_mile_s, at_counter }
    }
}

/// Whether an offer of `made_at` can join these orders: its courier has promised to fetch all of them, in one moment before
/// it was made, and none is on board yet.
pub(super) fn can_be_joined(joined: &[&OrderRow], courier: CourierId, made_at: i64) -> bool {
    let taken_at = joined.first().and_then(|order| order.courier_at);
    let waits = |order: &&OrderRow| order.picked_up_at.or(order.ended_at).is_none();
    let is_promised = |order: &&OrderRow| order.courier_id == Some(courier) && order.courier_at == taken_at;
    taken_at.is_none_or(|at| at <= made_at) && joined.iter().all(|order| waits(order) && is_promised(order))
}

impl App {
    /// The orders of some stops of an offer, as they stand now.
    pub(super) async fn orders_at(&self, stops: impl Iterator<Item = &Stop>) -> Result<Vec<OrderRow>, Error> {
        let ids: Vec<OrderId> = stops.map(|stop| stop.order_id).collect();
        let mut orders = Vec::with_capacity(ids.len());
        for id in ids {
            let order: Option<OrderRow> = self.db.optional(&orders::FIND, args![id]).await?;
            orders.push(order.ok_or(Error::NotFound("order"))?);
        }
        Ok(orders)
    }

    /// Withdraws the open offers of a city whose orders would join what cannot be joined any more.
    pub(crate) async fn withdraw_parted(&self, ctx: &Ctx, city: CityId) -> Result<(), Error> {
        let open: Vec<offers::OfferRow> = self.db.all(&offers::LIST_OPEN, args![city]).await?;
        for row in open {
            // One that cannot be read runs out like any other.
            let Ok(terms) = serde_json::from_str::<Terms>(&row.body) else { continue };
            let joined = self.orders_at(terms.joined()).await?;
            if can_be_joined(&joined.iter().collect::<Vec<_>>(), row.courier_id, row.made_at) {
                continue;
            }
            self.end_if_open(ctx, row, OfferState::Withdrawn).await?;
        }
        Ok(())
    }
}
