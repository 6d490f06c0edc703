//! An order leaves the open offer that it is in: it was called off, or somebody got it by hand.
//!
//! What remains stays on offer, for less pay and a shorter way; an offer of nothing is withdrawn. Whoever accepts at the
//! same moment hears `offer-changed` and finds what remains, so that nobody takes what they have not seen.

use domain::{
    event::OfferState,
    id::{CourierId, OrderId},
};
use store::{Tx, args, offers};

use super::told;
use crate::{
    App,
    context::Ctx,
    error::{Error, MEANWHILE},
};

/// Orders looked after at once.
const MOST: i64 = 200;

impl App {
    /// Adds to a transaction that an order leaves its open offer, if there is one, and tells the courier. The transaction
    /// fails as [`MEANWHILE`] if that offer is not as it was read.
    pub(crate) async fn leave_offer(&self, ctx: &Ctx, tx: Tx, order: OrderId) -> Result<Tx, Error> {
        let open: Option<offers::OfferRow> = self.db.optional(&offers::FIND_OPEN_OF_ORDER, args![order]).await?;
        let Some(row) = open else { return Ok(tx.guard_as(MEANWHILE, 0, &offers::HOLD_OF_ORDER, args![order])) };
        let (now, orders) = (ctx.now_us(), self.orders_of(&row).await?);
        let rest: Vec<OrderId> = orders.iter().copied().filter(|id| *id != order).collect();
        let tx = tx
            .guard_as(MEANWHILE, 1, &offers::HOLD, args![row.id])
            .guard_as(MEANWHILE, 1, &offers::LEAVE, args![row.id, order, now])
            .guard_as(MEANWHILE, rest.len() as u64, &offers::LIST_ORDERS, args![row.id]);
        let (tx, event) = if rest.is_empty() {
            let withdrawn = OfferState::Withdrawn;
            (tx.guard(1, &offers::END, args![row.id, withdrawn.as_str(), now]), told(&row, &orders, withdrawn))
        } else {
            (tx.guard(1, &offers::SHRINK, args![row.id]), told(&row, &rest, OfferState::Made))
        };
        self.tell(ctx, tx, row.city_id, &event)
    }

    /// Adds to a transaction that whatever is open for a courier is withdrawn, and tells it.
    pub(crate) async fn withdraw_offers(&self, ctx: &Ctx, tx: Tx, courier: CourierId) -> Result<Tx, Error> {
        let open: Vec<offers::OfferRow> = self.db.all(&offers::LIST_OPEN_OF_COURIER, args![courier]).await?;
        let mut tx = tx.run(&offers::WITHDRAW_OF_COURIER, args![courier, ctx.now_us()]);
        for row in open {
            let orders = self.orders_of(&row).await?;
            tx = self.tell(ctx, tx, row.city_id, &told(&row, &orders, OfferState::Withdrawn))?;
        }
        Ok(tx)
    }

    /// Takes orders out of open offers that need no courier any more: what was called off or given away in the same moment
    /// in which the offer was made.
    pub(crate) async fn tidy_offers(&self, ctx: &Ctx) -> Result<(), Error> {
        let needless: Vec<(OrderId,)> = self.db.all(&offers::LIST_NEEDLESS, args![MOST]).await?;
        for (order,) in needless {
            let tx = self.leave_offer(ctx, Tx::new("leave offer"), order).await?;
            // What moved meanwhile is looked at again the next time.
            self.commit_as_read(tx).await?;
        }
        Ok(())
    }
}
