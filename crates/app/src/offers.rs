//! Offers: a courier sees pay and way of one order, or of several that are fetched together, and says yes, no, or nothing.

mod join;
mod leave;
mod make;
mod stop;
mod terms;

use domain::{
    courier::Vehicle,
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

use join::Taken;
pub(crate) use stop::HANDOVER_S;
pub use stop::{Stop, Way};
pub use terms::Terms;

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
            return self.first_in_hand(ctx, &row).await;
        }
        if row.state == OfferState::Made.as_str() && seen_paise.is_some_and(|seen| seen != row.pay_paise) {
            return Err(shrunk(&row));
        }
        let offer = self.offer_of(row).await?;
        let tx = self.compose_accept(ctx, &offer).await?;
        if let Err(error) = self.db.commit(tx).await {
            let now: Option<offers::OfferRow> = self.db.optional(&offers::FIND, args![id]).await?;
            return match now.filter(|now| now.state == OfferState::Accepted.as_str()) {
                // The same courier was faster, on another node.
                Some(taken) => self.first_in_hand(ctx, &taken).await,
                None => Err(self.refused(ctx, offer.row, error).await?),
            };
        }
        self.positions.forget_duty(Some(offer.row.courier_id));
        self.first_in_hand(ctx, &offer.row).await
    }

    async fn compose_accept(&self, ctx: &Ctx, offer: &Offer) -> Result<Tx, Error> {
        let Offer { row, orders, .. } = offer;
        let (now, courier) = (ctx.now_us(), row.courier_id);
        let vehicle = Vehicle::parse(&self.courier_row(courier).await?.vehicle).unwrap_or(Vehicle::Scooter);
        // What the vehicle holds beside this offer: a dispatcher may have given the courier something meanwhile.
        let beside = count(vehicle.capacity()) - count(orders.len());
        let tx = Tx::new("accept offer")
            .guard_as("courier", 1, &couriers::HOLD, args![courier])
            .guard_as("room", 1, &couriers::HAS_ROOM, args![courier, beside])
            // As it was read, and as the courier saw it: whoever leaves it changes its pay.
            .guard_as("offer", 1, &offers::ACCEPT, args![row.id, courier, now, row.pay_paise, row.order_id])
            .guard_as("order", orders.len() as u64, &offers::LIST_ACCEPTED, args![row.id]);
        let mut events = vec![told(row, orders, OfferState::Accepted)];
        let tx = self.take(ctx, tx, offer, &mut events).await?;
        events.iter().try_fold(tx, |tx, event| self.tell(ctx, tx, row.city_id, event))
    }

    /// Adds to a transaction that the courier has what is offered, as one trip with what it joins.
    async fn take(&self, ctx: &Ctx, mut tx: Tx, offer: &Offer, events: &mut Vec<Event>) -> Result<Tx, Error> {
        let (terms, courier) = (&offer.terms, offer.row.courier_id);
        let rows = self.orders_at(terms.stops.iter()).await?;
        let sequence: Vec<OrderId> = rows.iter().map(|order| order.id).collect();
        let together = sequence.len() > 1;
        let stops = || terms.stops.iter().zip(&rows);
        let joined: Vec<_> = stops().filter(|(stop, _)| stop.in_hand).map(|(_, order)| order).collect();
        let taken = Taken::of(ctx, terms, &joined, offer.row.made_at);
        for ((place, (stop, order)), (id, detour_s)) in (1_i64..).zip(stops()).zip(terms.detours_s(&sequence)) {
            if stop.in_hand {
                tx = tx.guard_as("trip", 1, &orders::JOIN_TRIP, args![id, courier, taken.at, place, detour_s]);
                events.push(changed(order, "trip_changed", Some(courier), None)?);
                continue;
            }
            let (stop, detour_s) = (together.then_some(place), together.then_some(detour_s));
            let args = args![id, courier, taken.at, None::<CourierId>, taken.first_mile_s, stop, detour_s];
            tx = tx.guard_as("order", 1, &orders::SET_COURIER, args);
            events.push(changed(order, "courier_assigned", Some(courier), None)?);
            if taken.at_counter {
                tx = tx.guard_as("order", 1, &orders::SET_ARRIVED, args![id, courier, ctx.now_us()]);
                events.push(changed(order, "courier_arrived", Some(courier), None)?);
            }
        }
        Ok(tx)
    }

    /// The first order of an accepted offer that the courier still has.
    async fn first_in_hand(&self, ctx: &Ctx, row: &offers::OfferRow) -> Result<OrderView, Error> {
        for id in self.orders_of(row).await? {
            match self.order(ctx, id).await {
                Ok(view) if view.row.courier_id == Some(row.courier_id) => return Ok(view),
                Ok(_) | Err(Error::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        // All of it was given to somebody else by now.
        Err(Rule::OfferGone.broken().into())
    }

    /// Why an offer could not be taken: an order left it in the same moment, it does not fit any more, there is nothing left
    /// that it could join, or it is gone.
    async fn refused(&self, ctx: &Ctx, row: offers::OfferRow, error: CommitError) -> Result<Error, Error> {
        match failed_guard(&error) {
            Some("offer" | "order") => {
                let now: Option<offers::OfferRow> = self.db.optional(&offers::FIND, args![row.id]).await?;
                let smaller = now.filter(|now| {
                    now.state == OfferState::Made.as_str()
                        && (now.pay_paise, now.order_id) != (row.pay_paise, row.order_id)
                });
                Ok(smaller.map_or_else(|| gone(error), |now| shrunk(&now)))
            }
            Some("room" | "trip") => {
                self.end_if_open(ctx, row, OfferState::Withdrawn).await?;
                Ok(gone(error))
            }
            _ => Ok(gone(error)),
        }
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
            ended += usize::from(self.end_if_open(ctx, row, OfferState::Expired).await?);
        }
        Ok(ended)
    }

    /// Ends an offer; false if it was answered or ended in the same moment.
    async fn end_if_open(&self, ctx: &Ctx, row: offers::OfferRow, state: OfferState) -> Result<bool, Error> {
        match self.end_offer(ctx, row, state).await {
            Ok(()) => Ok(true),
            Err(error) if failed_guard(&error).is_some() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Ends an open offer and tells it.
    async fn end_offer(&self, ctx: &Ctx, row: offers::OfferRow, state: OfferState) -> Result<(), CommitError> {
        let away = |error: Error| CommitError::Unavailable(error.to_string());
        let orders = self.orders_of(&row).await.map_err(away)?;
        let tx = Tx::new("end offer").guard_as("offer", 1, &offers::END, args![row.id, state.as_str(), ctx.now_us()]);
        let tx = self.tell(ctx, tx, row.city_id, &told(&row, &orders, state)).map_err(away)?;
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
        let orders = self.orders_of(&row).await?;
        let terms: Terms =
            serde_json::from_str(&row.body).map_err(|error| Error::Internal(format!("offer {}: {error}", row.id)))?;
        let terms = terms.listed(row.order_id).keep(moment(row.made_at), &orders);
        Ok(Offer { row, orders, terms })
    }

    /// The orders that are still in an offer, in the sequence of delivery.
    async fn orders_of(&self, row: &offers::OfferRow) -> Result<Vec<OrderId>, Error> {
        let listed: Vec<(OrderId,)> = self.db.all(&offers::LIST_ORDERS, args![row.id]).await?;
        // One of which nothing is left was about its last order.
        let nothing = listed.is_empty().then_some(row.order_id);
        Ok(listed.into_iter().map(|(order,)| order).chain(nothing).collect())
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

/// An order left the offer since the courier saw it.
fn shrunk(row: &offers::OfferRow) -> Error {
    Rule::OfferChanged.broken().with("pay_paise", row.pay_paise).into()
}

fn count(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

fn gone(error: CommitError) -> Error {
    match failed_guard(&error) {
        Some("courier") => Rule::CourierUnavailable.broken().into(),
        Some("offer" | "order" | "room") => Rule::OfferGone.broken().into(),
        Some("trip") => Rule::TripChanged.broken().into(),
        _ => error.into(),
    }
}
