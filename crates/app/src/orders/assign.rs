//! A courier gets an order: by accepting an offer, or from a dispatcher's hand; and arrives at the counter.

use domain::{
    courier::Vehicle,
    event::{Event, OrderChanged},
    geo::Point,
    id::{CourierId, OrderId},
    order::Status,
    permission::Action,
    rule::Rule,
};
use store::{Tx, args, couriers, decisions, offers, orders};

use crate::{
    App,
    context::Ctx,
    error::{Error, TRIES, failed_guard},
};

use super::{
    trip::hold,
    view::{OrderView, spoken, status},
};

impl App {
    /// Gives an order to a courier by hand, taking it from another if need be. The note is kept. Whoever has it keeps it
    /// as it is.
    pub async fn assign_order(
        &self,
        ctx: &Ctx,
        id: OrderId,
        courier: CourierId,
        note: &str,
    ) -> Result<OrderView, Error> {
        let mut seen = None;
        for _ in 0..TRIES {
            let row = self.order_row(ctx, id, Action::OrderAssign).await?;
            // Somebody has it now who had not: to take it from them is another decision.
            if *seen.get_or_insert(row.courier_id) != row.courier_id {
                break;
            }
            if let Some(view) = self.assign_as_read(ctx, row, courier, note).await? {
                return Ok(view);
            }
        }
        Err(Rule::VersionConflict.broken().into())
    }

    /// `None` if what the order was read with moved meanwhile: its offer, or those that were taken together with it.
    async fn assign_as_read(
        &self,
        ctx: &Ctx,
        row: orders::OrderRow,
        courier: CourierId,
        note: &str,
    ) -> Result<Option<OrderView>, Error> {
        let id = row.id;
        if note.trim().is_empty() || note.chars().count() > 300 {
            return Err(Rule::WrongFormat.at("/note").with("max", 300).into());
        }
        if !status(&row)?.before_pickup() {
            return Err(Rule::IllegalTransition.broken().with("from", row.status).into());
        }
        if row.courier_id == Some(courier) {
            // What they took together stays together.
            return self.order(ctx, id).await.map(Some);
        }
        let found: Option<couriers::CourierRow> = self.db.optional(&couriers::FIND, args![courier]).await?;
        let found = found.filter(|found| found.city_id == row.city_id);
        let found = found.ok_or_else(|| Rule::UnknownReference.at("/courier_id"))?;
        if !found.on_shift {
            return Err(Rule::CourierUnavailable.at("/courier_id").into());
        }
        let user = ctx.actor.user().map(|user| user.id);
        let now = ctx.now_us();
        let first_mile_s = self.first_mile_s(ctx, &row, &found);
        let (alone, former) = (None::<i64>, row.courier_id);
        let both = former.into_iter().chain([courier]).collect();
        let tx = hold(Tx::new("assign order"), both).guard_as("courier", 1, &couriers::HOLD, args![courier]);
        let tx = self.leave_offer(ctx, tx, id).await?;
        let mut tx = self
            .leave_trip(ctx, tx, &row)
            .await?
            .guard(1, &orders::SET_COURIER, args![id, courier, now, former, first_mile_s, alone, alone])
            .run(&decisions::INSERT, args![id, now, row.city_id, "by-hand", courier, user, note.trim(), "[]"]);
        if let Some(former) = former {
            let event = changed(&row, "courier_released", Some(former), None)?;
            tx = tx.run(&offers::PUT_RELEASE, args![id, former, now]);
            tx = self.tell(ctx, tx, row.city_id, &event)?;
        }
        let event = changed(&row, "courier_assigned", Some(courier), None)?;
        let as_read = self.commit_as_read(self.tell(ctx, tx, row.city_id, &event)?).await;
        let as_read = as_read.map_err(|error| match failed_guard(&error) {
            Some("courier") => Rule::CourierUnavailable.at("/courier_id").into(),
            _ => Error::from(error),
        })?;
        self.positions.forget_duty(former);
        self.positions.forget_duty(Some(courier));
        if as_read { self.order(ctx, id).await.map(Some) } else { Ok(None) }
    }

    /// Seconds that a courier should take to the counter from where they are; `None` where nobody knows that.
    fn first_mile_s(&self, ctx: &Ctx, row: &orders::OrderRow, courier: &couriers::CourierRow) -> Option<i64> {
        let here = Point { lat: courier.lat?, lng: courier.lng? };
        let kitchen = Point { lat: row.restaurant_lat, lng: row.restaurant_lng };
        let vehicle = Vehicle::parse(&courier.vehicle)?;
        Some(self.ways(ctx.now, row.city_id).leg(here, kitchen, vehicle).duration_s)
    }

    /// The courier is at the counter, and the waiting clock starts; or at the door, with the food. Saying it twice changes
    /// nothing.
    pub async fn arrive(&self, ctx: &Ctx, id: OrderId) -> Result<OrderView, Error> {
        let row = self.order_row(ctx, id, Action::OrderArrive).await?;
        self.put_arrival(ctx, &row).await?;
        self.order(ctx, id).await
    }

    /// The same, said by the platform for a courier whose phone is there; nothing if the order is not theirs any more.
    pub(crate) async fn arrive_as(&self, ctx: &Ctx, id: OrderId, courier: CourierId) -> Result<(), Error> {
        let row = self.order_row(ctx, id, Action::OrderArrive).await?;
        if row.courier_id == Some(courier) { self.put_arrival(ctx, &row).await } else { Ok(()) }
    }

    async fn put_arrival(&self, ctx: &Ctx, row: &orders::OrderRow) -> Result<(), Error> {
        let at_door = row.status == Status::PickedUp.as_str();
        let (said, statement, what) = if at_door {
            (row.door_at, &orders::SET_AT_DOOR, "courier_at_door")
        } else {
            (row.arrived_at, &orders::SET_ARRIVED, "courier_arrived")
        };
        if said.is_some() {
            return Ok(());
        }
        let args = args![row.id, row.courier_id, ctx.now_us()];
        let tx = Tx::new("arrive").guard_as("not-yet", 1, statement, args);
        let event = changed(row, what, row.courier_id, None)?;
        match self.db.commit(self.tell(ctx, tx, row.city_id, &event)?).await {
            Ok(()) => {
                self.positions.forget_duty(row.courier_id);
                Ok(())
            }
            Err(error) if failed_guard(&error) == Some("not-yet") => self.said_before(row, at_door).await,
            Err(error) => Err(error.into()),
        }
    }

    /// An arrival that could not be put: said twice in the same moment, or at the wrong one.
    async fn said_before(&self, row: &orders::OrderRow, at_door: bool) -> Result<(), Error> {
        let now: Option<orders::OrderRow> = self.db.optional(&orders::FIND, args![row.id]).await?;
        let now = now.ok_or(Error::NotFound("order"))?;
        let there = if at_door { now.door_at } else { now.arrived_at }.is_some();
        if there { Ok(()) } else { Err(Rule::IllegalTransition.broken().with("from", now.status).into()) }
    }
}

/// That something about an order changed, but not its status.
pub(crate) fn changed(
    row: &orders::OrderRow,
    what: &str,
    courier: Option<CourierId>,
    reason: Option<&str>,
) -> Result<Event, Error> {
    Ok(Event::OrderChanged(OrderChanged {
        order_id: row.id,
        number: spoken(row),
        status: status(row)?,
        version: row.version,
        what: what.to_owned(),
        reason: reason.map(str::to_owned),
        restaurant_id: row.restaurant_id,
        customer_id: row.customer_id,
        courier_id: courier,
    }))
}
