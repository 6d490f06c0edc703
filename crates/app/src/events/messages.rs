//! Messages to people, delivered to the built-in mailbox: codes, and what happens to an order.

use domain::{
    application::ApplicationState,
    document::DocumentKind,
    event::{Event, OrderMoved, Recorded},
    id::{ApplicationId, CityId, CourierId, ShiftId},
    order::Status,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use store::{Tx, applications, args, couriers, customers, messages, restaurants, shifts};
use uuid::Uuid;

use crate::{
    App,
    context::{Ctx, moment},
    error::Error,
};

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
                Event::ApplicationMoved { application_id, from, to } => {
                    application_message(app, *application_id, *from, *to).await?
                }
                Event::CourierDark { courier_id, number, .. } => {
                    phone_of(app, *courier_id).await?.map(|phone| (phone, called(number)))
                }
                Event::DocumentDue { courier_id, document, expires_on, days } => {
                    document_message(app, *courier_id, *document, *expires_on, *days).await?
                }
                Event::DocumentMoved { courier_id, document, state } => {
                    decided_message(app, *courier_id, *document, state).await?
                }
                Event::ShiftChanged { shift_id, former: Some(former), .. } => {
                    shift_message(app, *shift_id, *former, recorded.at).await?
                }
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

/// What somebody is told who applied as a courier.
async fn application_message(
    app: &App,
    id: ApplicationId,
    from: Option<ApplicationState>,
    to: ApplicationState,
) -> Result<Option<(String, String)>, Error> {
    let row: Option<applications::ApplicationRow> = app.db.optional(&applications::FIND, args![id]).await?;
    // Whoever is a courier no more has no number here.
    let Some(row) = row.filter(|row| !row.phone.is_empty()) else { return Ok(None) };
    let because = row.reason.filter(|_| row.state == to.as_str()).map_or_else(String::new, |why| format!(": {why}"));
    let text = match (from, to) {
        // Only a picture came.
        (Some(from), to) if from == to => return Ok(None),
        (_, ApplicationState::Applied) => {
            "Your application as a courier is in. We write here when it is decided.".to_owned()
        }
        (Some(ApplicationState::Suspended), ApplicationState::Approved) => "You may carry orders again.".to_owned(),
        (_, ApplicationState::Approved) => "You are a Dabba courier now. Log in with this number.".to_owned(),
        (_, ApplicationState::Rejected) => format!("Your application was not accepted{because}. You may apply again."),
        (_, ApplicationState::Suspended) => format!("You cannot take orders for now{because}."),
        (_, ApplicationState::UnderReview) => return Ok(None),
    };
    Ok(Some((row.phone, text)))
}

/// How a courier is warned of a document that runs out.
async fn document_message(
    app: &App,
    courier: CourierId,
    document: DocumentKind,
    expires_on: Date,
    days: i64,
) -> Result<Option<(String, String)>, Error> {
    let title = document.title();
    let text = if days == 0 {
        format!("Your {title} ran out on {expires_on}. New orders come again once a renewed one is accepted.")
    } else {
        format!("Your {title} runs out on {expires_on}. Hand in the renewed one before, so that orders keep coming.")
    };
    Ok(phone_of(app, courier).await?.map(|phone| (phone, text)))
}

/// What a courier is told when staff decided on a document.
async fn decided_message(
    app: &App,
    courier: CourierId,
    document: DocumentKind,
    state: &str,
) -> Result<Option<(String, String)>, Error> {
    let title = document.title();
    let text = match state {
        "accepted" => format!("Your {title} was accepted."),
        "refused" => format!("Your {title} was not accepted. The app says why."),
        _ => return Ok(None),
    };
    Ok(phone_of(app, courier).await?.map(|phone| (phone, text)))
}

/// What a courier is told whose shift was cancelled or taken away, unless it was over.
async fn shift_message(
    app: &App,
    shift: ShiftId,
    courier: CourierId,
    at: Timestamp,
) -> Result<Option<(String, String)>, Error> {
    let planned: Option<(CityId, i64, i64)> = app.db.optional(&shifts::FIND_TIME, args![shift]).await?;
    let Some((city, starts_at, _)) = planned.filter(|(_, _, ends_at)| *ends_at > at.as_microsecond()) else {
        return Ok(None);
    };
    let places = app.places();
    let zone = places.city(city).map_or(TimeZone::UTC, |city| city.zone.clone());
    let begins = moment(starts_at).to_zoned(zone).strftime("%-d %B, %H:%M");
    let text = format!("Your shift of {begins} is not yours any more. The app shows which ones are.");
    Ok(phone_of(app, courier).await?.map(|phone| (phone, text)))
}

/// What a courier is told whose phone fell silent with food on board.
fn called(number: &str) -> String {
    format!("{number}: your phone has said nothing for five minutes and you carry this order. Open the app or call us.")
}

async fn phone_of(app: &App, courier: CourierId) -> Result<Option<String>, Error> {
    let row: Option<couriers::CourierRow> = app.db.optional(&couriers::FIND, args![courier]).await?;
    Ok(row.and_then(|row| row.phone))
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
    pub async fn mailbox(&self, before: Option<(i64, Uuid)>, limit: i64) -> Result<Vec<messages::MessageRow>, Error> {
        let (at, id) = before.unwrap_or((i64::MAX, Uuid::max()));
        Ok(self.db.all(&messages::LIST, args![at, id, limit]).await?)
    }
}
