//! Messages to people, delivered to the built-in mailbox: codes, and what happens to an order.

use domain::{
    event::{Event, OrderMoved, Recorded},
    order::Status,
};
use store::{Tx, args, customers, messages, restaurants};
use uuid::Uuid;

use crate::{App, context::Ctx, error::Error};

use super::consumers::Consumer;

/// Words and sends.
pub(crate) struct Messages;

impl Consumer for Messages {
    const NAME: &'static str = "messages";

    async fn effects(app: &App, ctx: &Ctx, batch: &[Recorded], mut tx: Tx) -> Result<Tx, Error> {
        for recorded in batch {
            let message = match &recorded.event {
                Event::CodeRequested { phone, text } => Some((phone.clone(), text.clone())),
                Event::OrderMoved(moved) => order_message(app, moved).await?,
                _ => None,
            };
            if let Some((to, body)) = message {
                let at = recorded.at.as_microsecond();
                let id: Uuid = ctx.id();
                tx = tx.run(&messages::INSERT, args![id, "sms", to, None::<&str>, body, at]);
            }
        }
        Ok(tx)
    }
}

/// What a customer is told about an order, and where.
async fn order_message(app: &App, moved: &OrderMoved) -> Result<Option<(String, String)>, Error> {
    let Some(wording) = wording(moved) else { return Ok(None) };
    let customer: Option<customers::CustomerRow> = app.db.optional(&customers::FIND, args![moved.customer_id]).await?;
    let Some(phone) = customer.and_then(|customer| customer.phone) else { return Ok(None) };
    let restaurant: Option<restaurants::RestaurantRow> =
        app.db.optional(&restaurants::FIND, args![moved.restaurant_id]).await?;
    let kitchen = restaurant.map_or_else(|| "The kitchen".to_owned(), |restaurant| restaurant.name);
    Ok(Some((phone, format!("{}: {kitchen} {wording}", moved.number))))
}

fn wording(moved: &OrderMoved) -> Option<String> {
    let refund = match moved.method {
        domain::ledger::PaymentMethod::Cod => "Nothing was charged.".to_owned(),
        domain::ledger::PaymentMethod::Sandbox => format!("{} go back to you.", india::rupees(moved.total.0)),
    };
    match moved.to {
        Status::Accepted => Some("accepted your order.".to_owned()),
        Status::PickedUp => Some("handed your order to the courier; it is on its way.".to_owned()),
        Status::Delivered => Some("order delivered. Enjoy your meal.".to_owned()),
        Status::Rejected => Some(format!("could not take your order. {refund}")),
        Status::Cancelled => Some(format!("order cancelled. {refund}")),
        Status::Failed => Some("order could not be delivered.".to_owned()),
        Status::Placed | Status::Preparing | Status::Ready => None,
    }
}

impl App {
    /// The newest messages in the mailbox.
    pub async fn mailbox(&self, limit: i64) -> Result<Vec<messages::MessageRow>, Error> {
        Ok(self.db.all(&messages::LIST, args![limit]).await?)
    }
}
