//! Carts that were ordered are emptied: after the order, so that placing it waits for nothing, and only if it took exactly
//! what is in the cart and nobody changed the cart since.

use domain::{
    cart::is_ordered,
    event::{Event, Recorded},
    id::CityId,
    quote::Quote,
};
use store::{Tx, args, carts};
use uuid::Uuid;

use crate::{App, carts::lines, context::Ctx, error::Error};

use super::consumers::Consumer;

/// Empties.
pub(crate) struct OrderedCarts;

impl Consumer for OrderedCarts {
    const NAME: &'static str = "ordered-carts";

    async fn effects(app: &App, ctx: &Ctx, batch: &[Recorded], mut tx: Tx) -> Result<Tx, Error> {
        for recorded in batch {
            let Event::OrderMoved(moved) = &recorded.event else { continue };
            if moved.from.is_some() {
                continue;
            }
            let cart: Option<carts::OrderedCartRow> =
                app.db.optional(&carts::FIND_OF_ORDER, args![moved.order_id]).await?;
            let Some(cart) = cart else { continue };
            let quote: Quote = serde_json::from_str(&cart.body)
                .map_err(|error| Error::Internal(format!("quote of order {}: {error}", moved.order_id)))?;
            if is_ordered(&lines(&cart.lines)?, &quote.wanted()) {
                // No row where the customer was faster: then the cart stays as they want it.
                tx = tx.run(&carts::DELETE_VERSION, args![cart.customer_id, cart.version]);
                let event = Event::CartChanged { customer_id: cart.customer_id };
                tx = app.tell(ctx, tx, CityId(Uuid::nil()), &event)?;
            }
        }
        Ok(tx)
    }
}
