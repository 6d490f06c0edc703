//! Offers: a courier sees pay and way of one order, or of several that are fetched together, and says yes, no, or nothing.

mod leave;
mod make;
mod terms;

use domain::{
    event::{Event, OfferMoved, OfferState},
    id::{CourierId, OfferId, OrderId},
    permission::{Action, Owners},
    rule::Rule,
};
use store::{CommitError, Tx, args, couriers, offers, orders};

use crate::{
    App,
    context::{Ctx, moment},
    error::{Error, failed_guard},
    orders::{OrderView, changed},
};

pub(crate) use make::Explained;
pub use terms::{Stop, Terms, Way};

/// An offer.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The stored row.
    pub row: offers::OfferRow,
    /// The orders that are still in it, in the sequence of delivery.
    pub orders: Vec<OrderId>,
    /// What it offers.
    pub terms: Terms,
}

impl App {
    /// Open offers of a courier.
    pub async fn open_offers(&self, ctx: &Ctx, courier: CourierId) -> Result<Vec<Offer>, Error> {
        ctx.may(Action::OfferRead, &Owners::courier(courier), "courier")?;
        self.courier_row(courier).await?;
        let rows: Vec<offers::OfferRow> = self.db.all(&offers::LIST_OPEN_OF_COURIER, args![courier]).await?;
        let mut open = Vec::with_capacity(rows.len());
        for row in rows.into_iter().filter(|row| moment(row.expires_at) > ctx.now) {
            open.push(self.offer_of(row).await?);
        }
        Ok(open)
    }

    /// Takes an offer, all of its orders or none: of two who try, one has them. Taking it twice answers the same, the first
    /// order. `seen_paise` is what it paid when the courier saw it; if an order left it since, it is not taken unseen.
    pub async fn accept_offer(&self, ctx: &Ctx, id: OfferId, seen_paise: Option<i64>) -> Result<OrderView, Error> {
        let row = self.own_offer(ctx, id).await?;
        if row.state == OfferState::Accepted.as_str() {
            return self.order(ctx, row.order_id).await;
        }
        if row.state == OfferState::Made.as_str() && seen_paise.is_some_and(|seen| seen != row.pay_paise) {
            return Err(Rule::OfferChanged.broken().with("pay_paise", row.pay_paise).into());
        }
        let offer = self.offer_of(row).await?;
        let tx = self.compose_accept(ctx, &offer).await?;
        self.db.commit(tx).await.map_err(gone)?;
        self.positions.forget_duty(Some(offer.row.courier_id));
        self.order(ctx, offer.row.order_id).await
    }

    async fn compose_accept(&self, ctx: &Ctx, offer: &Offer) -> Result<Tx, Error> {
        let Offer { row, orders, terms } = offer;
        let (now, courier) = (ctx.now_us(), row.courier_id);
        let together = orders.len() > 1;
        let mut tx = Tx::new("accept offer").guard_as("courier", 1, &couriers::HOLD, args![courier]).guard_as(
            "offer",
            1,
            &offers::ACCEPT,
            args![row.id, courier, now],
        );
        if together {
            // One that left in the same moment was seen by the courier, and is not taken.
            tx = tx.guard_as("order", orders.len() as u64, &offers::LIST_ACCEPTED, args![row.id]);
        }
        let mut events = vec![told(row, orders, OfferState::Accepted)];
        for ((place, id), detour_s) in (1_i64..).zip(orders).zip(terms.detours_s()) {
            let order: Option<orders::OrderRow> = self.db.optional(&orders::FIND, args![*id]).await?;
            let order = order.ok_or(Error::NotFound("offer"))?;
            let (stop, detour_s) = (together.then_some(place), together.then_some(detour_s));
            let taken = args![*id, courier, now, None::<CourierId>, terms.first_mile_s, stop, detour_s];
            tx = tx.guard_as("order", 1, &orders::SET_COURIER, taken);
            events.push(changed(&order, "courier_assigned", Some(courier), None)?);
        }
        events.iter().try_fold(tx, |tx, event| self.tell(ctx, tx, row.city_id, event))
    }

    /// Refuses an offer. No reason is asked, and nothing follows but the next courier.
    pub async fn decline_offer(&self, ctx: &Ctx, id: OfferId) -> Result<(), Error> {
        let row = self.own_offer(ctx, id).await?;
        if row.state != OfferState::Made.as_str() {
            return if row.state == OfferState::Accepted.as_str() {
                Err(Rule::OfferGone.broken().into())
            } else {
                Ok(())
            };
        }
        self.end_offer(ctx, row, OfferState::Declined).await.map_err(gone)
    }

    /// Ends offers that nobody answered in time.
    pub async fn expire_offers(&self, ctx: &Ctx) -> Result<usize, Error> {
        let overdue: Vec<offers::OfferRow> = self.db.all(&offers::LIST_OVERDUE, args![ctx.now_us(), 200_i64]).await?;
        let mut ended = 0;
        for row in overdue {
            match self.end_offer(ctx, row, OfferState::Expired).await {
                Ok(()) => ended += 1,
                // Answered in the same moment.
                Err(error) if failed_guard(&error).is_some() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(ended)
    }

    /// Ends an open offer and tells it.
    async fn end_offer(&self, ctx: &Ctx, row: offers::OfferRow, state: OfferState) -> Result<(), CommitError> {
        let away = |error: Error| CommitError::Unavailable(error.to_string());
        let offer = self.offer_of(row).await.map_err(away)?;
        let Offer { row, orders, .. } = &offer;
        let tx = Tx::new("end offer").guard_as("offer", 1, &offers::END, args![row.id, state.as_str(), ctx.now_us()]);
        let tx = self.tell(ctx, tx, row.city_id, &told(row, orders, state)).map_err(away)?;
        self.db.commit(tx).await?;
        self.positions.forget_duty(Some(row.courier_id));
        Ok(())
    }

    async fn own_offer(&self, ctx: &Ctx, id: OfferId) -> Result<offers::OfferRow, Error> {
        ctx.reach(Action::OfferAnswer)?;
        let row: Option<offers::OfferRow> = self.db.optional(&offers::FIND, args![id]).await?;
        let row = row.ok_or(Error::NotFound("offer"))?;
        ctx.may(Action::OfferAnswer, &Owners::courier(row.courier_id), "offer")?;
        Ok(row)
    }

    /// An offer with the orders that are still in it.
    pub(crate) async fn offer_of(&self, row: offers::OfferRow) -> Result<Offer, Error> {
        let listed: Vec<(OrderId,)> = self.db.all(&offers::LIST_ORDERS, args![row.id]).await?;
        let mut orders: Vec<OrderId> = listed.into_iter().map(|(order,)| order).collect();
        if orders.is_empty() {
            // Made by a node of an earlier version, or nothing is left of it.
            orders.push(row.order_id);
        }
        let terms: Terms =
            serde_json::from_str(&row.body).map_err(|error| Error::Internal(format!("offer {}: {error}", row.id)))?;
        let terms = terms.listed(row.order_id).keep(moment(row.made_at), &orders);
        Ok(Offer { row, orders, terms })
    }
}

/// What happened to an offer of these orders.
pub(crate) fn told(row: &offers::OfferRow, orders: &[OrderId], state: OfferState) -> Event {
    Event::OfferMoved(OfferMoved {
        offer_id: row.id,
        order_id: orders.first().copied().unwrap_or(row.order_id),
        order_ids: orders.to_vec(),
        courier_id: row.courier_id,
        state,
        expires_at: moment(row.expires_at),
    })
}

fn gone(error: CommitError) -> Error {
    match failed_guard(&error) {
        Some("courier") => Rule::CourierUnavailable.broken().into(),
        Some("offer" | "order") => Rule::OfferGone.broken().into(),
        _ => error.into(),
    }
}
