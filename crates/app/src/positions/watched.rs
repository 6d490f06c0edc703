//! What the customer of an order sees of its courier: the very place while the courier comes to this order next, a square
//! of 300 m while another order comes first or the courier still stands at its door, because the exact place would show
//! somebody else's door.

use domain::{
    geo::Point,
    id::{CourierId, OrderId},
    permission::{Actor, Role},
};

use crate::{App, context::Ctx, error::Error, events::hub::Live, orders::OrderView, tracking_links::coarse};

use super::Position;

/// Whether this is a customer, who sees of a courier no more than is said here.
pub(crate) fn is_customer(actor: &Actor) -> bool {
    actor.user().is_some_and(|user| user.role == Role::Customer)
}

impl App {
    /// A position of the courier who has an order, as the customer may see it.
    pub(crate) async fn seen_by_customer(
        &self,
        order: OrderId,
        courier: CourierId,
        position: Position,
    ) -> Result<Position, Error> {
        let alone = self.leads_only_to(courier, order, position.point).await?;
        Ok(if alone { position } else { Position { point: coarse(position.point), ..position } })
    }

    /// Whether a place of a courier shows the way of this order and nobody else's door.
    pub(crate) async fn leads_only_to(&self, courier: CourierId, order: OrderId, place: Point) -> Result<bool, Error> {
        Ok(self.duty(courier).await?.leads_only_to(order, place))
    }

    /// Where the courier of an order was when it was read, said as a message about it would: to its reader, and as exactly as
    /// they may know.
    pub async fn position_read(&self, view: &OrderView) -> Result<Option<String>, Error> {
        let Some((courier, (point, at))) = view.row.courier_id.zip(view.courier_at) else { return Ok(None) };
        let state = self.duty(courier).await?.state;
        Ok(Some(Live::position(courier, point, at, state).data))
    }

    /// What a message about the courier of an order says to the actor, who may see the order.
    pub async fn position_told(&self, ctx: &Ctx, order: OrderId, live: &Live) -> Result<String, Error> {
        match live.position.filter(|_| is_customer(&ctx.actor)) {
            Some((courier, position)) => {
                Ok(live.elsewhere(self.seen_by_customer(order, courier, position).await?.point))
            }
            None => Ok(live.data.clone()),
        }
    }
}
