//! An order leaves the open offer that it is in: it was called off, or somebody got it by hand.
//!
//! What remains stays on offer, for less pay and a shorter way; an offer of nothing is withdrawn. Whoever accepts at the
//! same moment hears `offer-gone` and finds what remains, so that nobody takes what they have not seen.

use domain::{event::OfferState, id::OrderId};
use store::{Tx, args, offers};

use super::{Offer, told};
use crate::{App, context::Ctx, error::Error};

/// Orders looked after at once.
const MOST: i64 = 200;

impl App {
    /// Adds to a transaction that an order leaves its open offer, if there is one, and tells the courier.
    pub(crate) async fn leave_offer(&self, ctx: &Ctx, tx: Tx, order: OrderId) -> Result<Tx, Error> {
        let open: Option<offers::OfferRow> = self.db.optional(&offers::FIND_OPEN_OF_ORDER, args![order]).await?;
        let now = ctx.now_us();
        let tx = tx
            .run(&offers::HOLD_OF_ORDER, args![order])
            .run(&offers::LEAVE, args![order, now])
            .run(&offers::WITHDRAW, args![order, now])
            .run(&offers::SHRINK, args![order, now]);
        let Some(row) = open else { return Ok(tx) };
        let Offer { row, orders, .. } = self.offer_of(row).await?;
        let rest: Vec<OrderId> = orders.iter().copied().filter(|id| *id != order).collect();
        let event = if rest.is_empty() {
            told(&row, &orders, OfferState::Withdrawn)
        } else {
            told(&row, &rest, OfferState::Made)
        };
        self.tell(ctx, tx, row.city_id, &event)
    }

    /// Takes orders out of open offers that need no courier any more: what was called off or given away in the same moment
    /// in which the offer was made.
    pub(crate) async fn tidy_offers(&self, ctx: &Ctx) -> Result<(), Error> {
        let needless: Vec<(OrderId,)> = self.db.all(&offers::LIST_NEEDLESS, args![MOST]).await?;
        for (order,) in needless {
            let tx = self.leave_offer(ctx, Tx::new("leave offer"), order).await?;
            self.db.commit(tx).await?;
        }
        Ok(())
    }
}
