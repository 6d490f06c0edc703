//! A trip: orders that a courier took together or that joined them, and what becomes of the others when one leaves it
//! before its pickup.
//!
//! Who is left keeps the sequence of doors, with the detours of the doors that remain; the last one left rides alone. What
//! is on board stays marked as part of a trip, because its way led past other doors or waited for other food. The courier
//! is held first, so that of two who leave at once the second counts again.

use domain::id::{CourierId, OrderId};
use store::{
    Tx, args, couriers, offers,
    orders::{self, OrderRow},
};

use super::assign::changed;
use crate::{
    App,
    context::Ctx,
    error::{Error, MEANWHILE},
};

impl App {
    /// The orders that were taken together with this one and were not called off, in the sequence of delivery, itself
    /// among them; none if it rides alone.
    pub(crate) async fn trip_of(&self, row: &OrderRow) -> Result<Vec<OrderRow>, Error> {
        let (Some(_), Some(courier), Some(at)) = (row.stop, row.courier_id, row.courier_at) else {
            return Ok(Vec::new());
        };
        Ok(self.db.all(&orders::LIST_TRIP, args![courier, at]).await?)
    }

    /// Adds to a transaction, which holds the courier, that an order leaves its trip, if it is on one. The transaction
    /// fails as [`MEANWHILE`] if the trip is not as it was read.
    pub(super) async fn leave_trip(&self, ctx: &Ctx, tx: Tx, row: &OrderRow) -> Result<Tx, Error> {
        let trip = self.trip_of(row).await?;
        if trip.is_empty() {
            // Others may join it in the same moment.
            let has_courier = row.courier_id.is_some();
            return Ok(if has_courier { tx.guard_as(MEANWHILE, 1, &orders::RIDES_ALONE, args![row.id]) } else { tx });
        }
        let rest: Vec<&OrderRow> = trip.iter().filter(|other| other.id != row.id).collect();
        let detours = self.detours(row, &rest).await?;
        let mut tx =
            tx.guard_as(MEANWHILE, trip.len() as u64, &orders::LIST_TRIP, args![row.courier_id, row.courier_at]);
        let alone = rest.iter().filter(|other| other.ended_at.is_none()).count() == 1;
        for (place, other) in (1_i64..).zip(rest).filter(|(_, other)| other.ended_at.is_none()) {
            let detour = detours.iter().find(|(id, _)| *id == other.id).map_or(other.detour_s, |(_, s)| Some(*s));
            let (courier, at) = (other.courier_id, other.courier_at);
            // As many may be on it as were read, and others.
            tx = tx.guard_as(MEANWHILE, 1, &orders::SET_TRIP, args![other.id, courier, at, place, detour]);
            if alone && other.picked_up_at.is_none() {
                tx = tx.guard_as(MEANWHILE, 1, &orders::RIDE_ALONE, args![other.id, courier, at]);
            }
            tx = self.tell(ctx, tx, row.city_id, &changed(other, "trip_changed", other.courier_id, None)?)?;
        }
        Ok(tx)
    }

    /// The same, and others whom its courier serves hear of it where it leaves fewer doors before theirs.
    pub(super) async fn leave_courier(&self, ctx: &Ctx, tx: Tx, row: &OrderRow) -> Result<Tx, Error> {
        let tx = self.leave_trip(ctx, tx, row).await?;
        let gone = OrderRow { ended_at: Some(ctx.now_us()), ..row.clone() };
        self.tell_doors(ctx, tx, &gone).await
    }

    /// By how many seconds the doors before make each of the others later, once this order is not among them.
    async fn detours(&self, row: &OrderRow, rest: &[&OrderRow]) -> Result<Vec<(OrderId, i64)>, Error> {
        let taken = args![row.courier_id, row.courier_at];
        let offer: Option<offers::OfferRow> = self.db.optional(&offers::FIND_OF_TRIP, taken).await?;
        let Some(offer) = offer else { return Ok(Vec::new()) };
        let rest: Vec<OrderId> = rest.iter().map(|other| other.id).collect();
        Ok(self.offer_of(offer).await?.terms.detours_s(&rest))
    }
}

/// Holds couriers, each before what they have, in the sequence of their ids: transactions that lock in one order do not
/// block each other.
pub(super) fn hold(tx: Tx, mut couriers: Vec<CourierId>) -> Tx {
    couriers.sort_unstable();
    couriers.dedup();
    tx.run_each(&couriers::HOLD_ANY, couriers.into_iter().map(|courier| args![courier]))
}
