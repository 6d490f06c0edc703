//! An order as it is shown: the row, the bill it came from, its history, and what the one who asks may do next.

use domain::{
    courier::Vehicle,
    geo::Point,
    id::OrderId,
    ledger::PaymentMethod,
    order::{Mover, Status, allowed},
    permission::{Action, Actor, Owners},
    quote::Quote,
};
use jiff::Timestamp;
use store::{args, orders};

use crate::{
    App,
    context::{Ctx, moment},
    error::Error,
    orders::parting::part,
    positions::{Position, is_customer},
    travel::{Leg, Wanted},
};

/// A step in an order's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its place; 0 is the placing.
    pub position: i64,
    /// The status it led to.
    pub status: Status,
    /// Who.
    pub mover: String,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// An order.
#[derive(Clone, Debug)]
pub struct OrderView {
    /// The stored row.
    pub row: orders::OrderRow,
    /// Where it stands.
    pub status: Status,
    /// How it is paid.
    pub method: PaymentMethod,
    /// The bill.
    pub quote: Quote,
    /// What happened; empty in lists.
    pub history: Vec<Step>,
    /// What the one who asks may make of it.
    pub allowed: Vec<Status>,
    /// Whether the one who asks may see the delivery code: only the customer does.
    pub shows_code: bool,
    /// Where the courier is, while that is the reader's business, and as exactly as it is.
    pub courier_at: Option<(Point, Timestamp)>,
    /// How many deliveries its courier makes before this one; not known until it is on board, nor in lists.
    pub doors_ahead: Option<usize>,
}

impl OrderView {
    /// Its spoken number, such as H24.
    pub fn number(&self) -> String {
        spoken(&self.row)
    }
}

/// The spoken number of a row.
pub(crate) fn spoken(row: &orders::OrderRow) -> String {
    format!("{}{:02}", row.letter, row.number)
}

/// To whom an order belongs.
pub(crate) const fn owners(row: &orders::OrderRow) -> Owners {
    Owners { customer: Some(row.customer_id), restaurant: Some(row.restaurant_id), courier: row.courier_id }
}

/// The status of a row.
pub(crate) fn status(row: &orders::OrderRow) -> Result<Status, Error> {
    Status::parse(&row.status).ok_or_else(|| Error::Internal(format!("order {}: status {}", row.id, row.status)))
}

/// The payment method of a row.
pub(crate) fn method(row: &orders::OrderRow) -> Result<PaymentMethod, Error> {
    PaymentMethod::parse(&row.method).ok_or_else(|| Error::Internal(format!("order {}: method {}", row.id, row.method)))
}

/// The part that the actor plays.
pub(crate) const fn mover(actor: &Actor) -> Mover {
    match actor {
        Actor::User(user) => Mover::of(user.role),
        Actor::System | Actor::Anonymous => Mover::System,
    }
}

impl App {
    /// The row of an order that the actor may see.
    pub(crate) async fn order_row(&self, ctx: &Ctx, id: OrderId, action: Action) -> Result<orders::OrderRow, Error> {
        ctx.reach(action)?;
        let row: Option<orders::OrderRow> = self.db.optional(&orders::FIND, args![id]).await?;
        let row = row.ok_or(Error::NotFound("order"))?;
        ctx.may(action, &owners(&row), "order")?;
        Ok(row)
    }

    /// An order with its history.
    pub async fn order(&self, ctx: &Ctx, id: OrderId) -> Result<OrderView, Error> {
        let row = self.order_row(ctx, id, Action::OrderRead).await?;
        let mut view = self.view(ctx, row)?;
        view.history = self.order_history(id, -1).await?;
        let on_duty = view.row.courier_id.filter(|_| !view.status.is_final());
        if let Some(courier) = on_duty {
            let row = self.courier_row(courier).await.map(Some).or_else(|error| match error {
                // Taken off the platform with the order in hand.
                Error::NotFound(_) => Ok(None),
                error => Err(error),
            })?;
            if row.is_some() && view.row.picked_up_at.is_some() {
                view.doors_ahead = self.doors_ahead(courier, id).await?;
            }
            let mut position = row.as_ref().and_then(Position::of);
            if let Some(exact) = position.filter(|_| is_customer(&ctx.actor)) {
                position = Some(self.seen_by_customer(id, courier, exact).await?);
            }
            view.courier_at = position.map(|Position { point, at }| (point, at));
        }
        Ok(view)
    }

    /// The ways that an order takes: the courier's to the kitchen while it is still ahead, and the one to the door. That
    /// begins at the kitchen, or, once the courier comes from another door, where they are.
    pub async fn order_ways(&self, ctx: &Ctx, id: OrderId) -> Result<(Option<Leg>, Leg), Error> {
        let view = self.order(ctx, id).await?;
        let city = view.row.city_id;
        let kitchen = view.row.counter();
        let vehicle = view.row.courier_vehicle.as_deref().and_then(Vehicle::parse).unwrap_or(Vehicle::Scooter);
        let ahead = view.courier_at.filter(|_| view.status.before_pickup());
        let door = view.quote.destination.point;
        let start = self.start_of_last_mile(&view).await?.unwrap_or(kitchen);
        let wanted = |from, to| Wanted { from, to, vehicle };
        let lines = ahead.map(|(here, _)| wanted(here, kitchen)).into_iter().chain([wanted(start, door)]);
        self.travel().prepare(city, lines.collect(), true).await;
        let ways = self.ways(ctx.now, city);
        let first = ahead.map(|(here, _)| ways.leg(here, kitchen, vehicle));
        Ok((first, ways.leg(start, door, vehicle)))
    }

    /// Where the way to the door begins if not at the kitchen: the courier comes from another door, and this one is next.
    async fn start_of_last_mile(&self, view: &OrderView) -> Result<Option<Point>, Error> {
        let Some((courier, (here, _))) = view.row.courier_id.zip(view.courier_at) else { return Ok(None) };
        let next = view.doors_ahead == Some(0) && self.came_by_another_door(courier, view.row.id).await?;
        Ok(next.then_some(here))
    }

    /// The steps of an order after a position. The caller has checked that they may be seen.
    pub async fn order_history(&self, id: OrderId, after: i64) -> Result<Vec<Step>, Error> {
        let rows: Vec<orders::HistoryRow> = self.db.all(&orders::LIST_HISTORY, args![id, after]).await?;
        let step = |row: orders::HistoryRow| {
            let status = Status::parse(&row.to_status)
                .ok_or_else(|| Error::Internal(format!("order {id}: status {}", row.to_status)))?;
            let at = moment(row.at);
            Ok(Step { position: row.position, status, mover: row.mover, reason: row.reason, at })
        };
        rows.into_iter().map(step).collect()
    }

    /// A row as it is shown to the actor, without its history.
    pub(crate) fn view(&self, ctx: &Ctx, mut row: orders::OrderRow) -> Result<OrderView, Error> {
        let status = status(&row)?;
        let mut quote =
            serde_json::from_str(&row.quote).map_err(|error| Error::Internal(format!("order {}: {error}", row.id)))?;
        if status.is_final() {
            part(&ctx.actor, &mut row, &mut quote);
        }
        let shows_code = is_customer(&ctx.actor);
        let allowed = allowed(status, mover(&ctx.actor));
        let method = method(&row)?;
        let history = Vec::new();
        Ok(OrderView { row, status, method, quote, history, allowed, shows_code, courier_at: None, doors_ahead: None })
    }
}
