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

use super::Terms;
use crate::{
    App,
    context::Ctx,
    error::{Error, failed_guard},
};

/// When and how the orders of an offer count as taken.
pub(super) struct Taken {
    /// When, in epoch microseconds: with what they join.
    pub(super) at: i64,
    /// How long the way to the counter takes from then on.
    pub(super) first_mile_s: Option<i64>,
    /// The courier stands at the counter already.
    pub(super) at_counter: bool,
}

impl Taken {
    pub(super) fn of(ctx: &Ctx, terms: &Terms, joined: &[OrderRow]) -> Self {
        let Some((first, at)) = joined.first().and_then(|order| Some((order, order.courier_at?))) else {
            return Self { at: ctx.now_us(), first_mile_s: terms.first_mile_s, at_counter: false };
        };
        let at_counter = joined.iter().any(|order| order.arrived_at.is_some());
        Self { at, first_mile_s: first.first_mile_s, at_counter }
    }
}

/// Whether others can join an order: a courier has promised to fetch it, and it is not on board yet.
pub(super) fn can_be_joined(order: &OrderRow, courier: CourierId) -> bool {
    order.courier_id == Some(courier) && order.picked_up_at.is_none() && order.ended_at.is_none()
}

impl App {
    /// What the orders of an offer would join, as it stands now.
    pub(super) async fn joined(&self, terms: &Terms) -> Result<Vec<OrderRow>, Error> {
        let ids: Vec<OrderId> = terms.joined().map(|stop| stop.order_id).collect();
        let mut joined = Vec::with_capacity(ids.len());
        for id in ids {
            joined.extend(self.db.optional::<OrderRow>(&orders::FIND, args![id]).await?);
        }
        Ok(joined)
    }

    /// Withdraws the open offers of a city whose orders would join what cannot be joined any more.
    pub(crate) async fn withdraw_parted(&self, ctx: &Ctx, city: CityId) -> Result<(), Error> {
        let open: Vec<offers::OfferRow> = self.db.all(&offers::LIST_OPEN, args![city]).await?;
        for row in open {
            // One that cannot be read runs out like any other.
            let Ok(terms) = serde_json::from_str::<Terms>(&row.body) else { continue };
            let joined = self.joined(&terms).await?;
            if joined.iter().all(|order| can_be_joined(order, row.courier_id)) {
                continue;
            }
            match self.end_offer(ctx, row, OfferState::Withdrawn).await {
                Ok(()) => {}
                // Answered or ended in the same moment.
                Err(error) if failed_guard(&error).is_some() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
