//! How many doors come before an order's, told to those for whom a change of another order makes it another number.
//!
//! The number is never stored: it follows from what the courier has in hand. So a change of one order (it is on board, at
//! its door, called off, promised for another time) changes what is true of others, whose readers must hear of it.

use domain::trip::{InHand, doors_moved};
use store::{Tx, orders::OrderRow};

use super::assign::changed;
use crate::{App, context::Ctx, couriers::in_hand, error::Error};

impl App {
    /// Adds to a transaction that other orders of the courier are told of where this one, which becomes what `then` says,
    /// leaves more or fewer doors before theirs.
    pub(crate) async fn tell_doors(&self, ctx: &Ctx, mut tx: Tx, then: &OrderRow) -> Result<Tx, Error> {
        let Some(courier) = then.courier_id else { return Ok(tx) };
        let rows = self.in_hand_of(courier).await?;
        let before: Vec<InHand> = rows.iter().map(in_hand).collect();
        let others = rows.iter().filter(|row| row.id != then.id).map(in_hand);
        let after: Vec<InHand> = others.chain(then.ended_at.is_none().then(|| in_hand(then))).collect();
        let moved = doors_moved(&before, &after);
        for other in rows.iter().filter(|row| row.id != then.id && moved.contains(&row.id)) {
            tx = self.tell(ctx, tx, other.city_id, &changed(other, "doors_moved", Some(courier), None)?)?;
        }
        Ok(tx)
    }
}
