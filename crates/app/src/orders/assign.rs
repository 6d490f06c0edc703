//! A courier gets an order: by accepting an offer, or from a dispatcher's hand; and arrives at the counter.

use dispatch::Proposal;
use domain::{
    courier::Vehicle,
    event::{Event, OrderChanged},
    geo::Point,
    id::{CourierId, OrderId},
    order::Status,
    permission::Action,
    rule::Rule,
};
use jiff::Timestamp;
use store::{Tx, args, couriers, decisions, offers, orders};

use crate::{
    App,
    context::Ctx,
    couriers::in_sequence,
    decisions::explain,
    dispatching::once_free,
    error::{Error, TRIES, failed_guard},
};

use super::{
    trip::hold,
    view::{OrderView, spoken, status},
};

/// Where a courier arrives with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Arrival {
    /// At the kitchen's counter, to take the food.
    Counter,
    /// At the customer's door, with the food.
    Door,
}

impl Arrival {
    /// When the courier of an order got there, microseconds.
    pub(crate) const fn reached_at(self, row: &orders::OrderRow) -> Option<i64> {
        match self {
            Self::Counter => row.arrived_at,
            Self::Door => row.door_at,
        }
    }
}

/// How an order is given by hand.
#[derive(Clone, Copy, Debug)]
pub struct ByHand<'a> {
    /// Why; kept.
    pub note: &'a str,
    /// Also to a courier whose vehicle has no room for it.
    pub beyond_room: bool,
}

impl App {
    /// Gives an order to a courier by hand, taking it from another if need be. Whoever has it keeps it as it is.
    pub async fn assign_order(
        &self,
        ctx: &Ctx,
        id: OrderId,
        courier: CourierId,
        by_hand: ByHand<'_>,
    ) -> Result<OrderView, Error> {
        let mut seen = None;
        for _ in 0..TRIES {
            let row = self.order_row(ctx, id, Action::OrderAssign).await?;
            // Somebody has it now who had not: to take it from them is another decision.
            if *seen.get_or_insert(row.courier_id) != row.courier_id {
                break;
            }
            if let Some(view) = self.assign_as_read(ctx, row, courier, by_hand).await? {
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
        ByHand { note, beyond_room }: ByHand<'_>,
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
        let mut found = found.ok_or_else(|| Rule::UnknownReference.at("/courier_id"))?;
        self.positions.freshen(std::slice::from_mut(&mut found));
        if !found.on_shift {
            return Err(Rule::CourierUnavailable.at("/courier_id").into());
        }
        let user = ctx.actor.user().map(|user| user.id);
        let now = ctx.now_us();
        let first_mile_s = self.first_mile_s(ctx, &row, &found).await?;
        let why = self.ranking_by_hand(ctx, &row, courier, first_mile_s).await?;
        let (alone, former) = (None::<i64>, row.courier_id);
        let both = former.into_iter().chain([courier]).collect();
        let mut tx = hold(Tx::new("assign order"), both).guard_as("courier", 1, &couriers::HOLD, args![courier]);
        if !beyond_room {
            let beside = vehicle_of(&found).capacity().saturating_sub(1);
            tx = tx.guard_as("room", 1, &couriers::HAS_ROOM, args![courier, i64::try_from(beside).unwrap_or(i64::MAX)]);
        }
        let tx = self.leave_offer(ctx, tx, id).await?;
        let mut tx = self
            .leave_courier(ctx, tx, &row)
            .await?
            .guard(1, &orders::SET_COURIER, args![id, courier, now, former, first_mile_s, alone, alone])
            .run(&decisions::INSERT, args![id, now, row.city_id, "by-hand", courier, user, note.trim(), why]);
        if let Some(former) = former {
            let event = changed(&row, "courier_released", Some(former), None)?;
            tx = tx.run(&offers::PUT_RELEASE, args![id, former, now]);
            tx = self.tell(ctx, tx, row.city_id, &event)?;
        }
        let event = changed(&row, "courier_assigned", Some(courier), None)?;
        let as_read = match self.commit_as_read(self.tell(ctx, tx, row.city_id, &event)?).await {
            Ok(as_read) => as_read,
            Err(error) => match failed_guard(&error) {
                Some("courier") => return Err(Rule::CourierUnavailable.at("/courier_id").into()),
                Some("room") => return Err(self.no_room(id, &found).await?),
                _ => return Err(error.into()),
            },
        };
        self.positions.forget_duty(former);
        self.positions.forget_duty(Some(courier));
        if as_read { self.order(ctx, id).await.map(Some) } else { Ok(None) }
    }

    /// The ranking that lay before whoever decides by hand, as it is kept with the decision.
    async fn ranking_by_hand(
        &self,
        ctx: &Ctx,
        row: &orders::OrderRow,
        courier: CourierId,
        first_mile_s: Option<i64>,
    ) -> Result<String, Error> {
        let (round, _) = self.dispatch_round(ctx, row.city_id, Some(row)).await?;
        let streets = self.ways(ctx.now, row.city_id);
        let way_s = |from, to, vehicle| streets.leg(from, to, vehicle).duration_s;
        let chosen = Proposal::single(row.id, courier, first_mile_s.unwrap_or_default());
        let mut why = explain(&round, &chosen, std::slice::from_ref(&chosen), &way_s)?;
        why.remove(&row.id).ok_or_else(|| Error::Internal(format!("order {} is in no round of its own", row.id)))
    }

    /// Why a courier does not get an order for want of room, with the figures that a person decides upon.
    async fn no_room(&self, id: OrderId, courier: &couriers::CourierRow) -> Result<Error, Error> {
        let (in_hand,): (i64,) = self.db.one(&orders::COUNT_IN_HAND, args![courier.id, id]).await?;
        let room = i64::try_from(vehicle_of(courier).capacity()).unwrap_or(i64::MAX);
        Ok(Rule::CourierFull.at("/courier_id").with("in_hand", in_hand).with("room", room).into())
    }

    /// Seconds that a courier should take to the counter, after what they have in hand, unless they are on the way to that
    /// counter anyway; `None` where nobody knows where they are.
    async fn first_mile_s(
        &self,
        ctx: &Ctx,
        row: &orders::OrderRow,
        courier: &couriers::CourierRow,
    ) -> Result<Option<i64>, Error> {
        let Some((lat, lng)) = courier.lat.zip(courier.lng) else { return Ok(None) };
        let (here, kitchen) = (Point { lat, lng }, row.counter());
        let mut in_hand = self.in_hand_of(courier.id).await?;
        // What is on board goes to its doors first.
        let goes_there = in_hand.iter().all(|other| other.picked_up_at.is_none())
            && in_hand.iter().any(|other| other.counter() == kitchen);
        in_sequence(&mut in_hand);
        let (from, free_in_s) = if goes_there { (here, 0) } else { once_free(ctx, here, &in_hand) };
        Ok(Some(free_in_s + self.ways(ctx.now, row.city_id).leg(from, kitchen, vehicle_of(courier)).duration_s))
    }

    /// The courier is at the counter, and the waiting clock starts; or at the door, with the food. Saying it twice changes
    /// nothing.
    pub async fn arrive(&self, ctx: &Ctx, id: OrderId) -> Result<OrderView, Error> {
        let row = self.order_row(ctx, id, Action::OrderArrive).await?;
        let arrival = if row.status == Status::PickedUp.as_str() { Arrival::Door } else { Arrival::Counter };
        self.put_arrival(ctx, &row, arrival, ctx.now).await?;
        self.order(ctx, id).await
    }

    /// The same, said by the platform for a courier whose phone was there at a moment; nothing if the order is not theirs
    /// any more, or came to them again after it.
    pub(crate) async fn arrive_as(
        &self,
        ctx: &Ctx,
        id: OrderId,
        courier: CourierId,
        (arrival, at): (Arrival, Timestamp),
    ) -> Result<(), Error> {
        let row = self.order_row(ctx, id, Action::OrderArrive).await?;
        let theirs =
            row.courier_id == Some(courier) && row.courier_at.is_some_and(|since| since <= at.as_microsecond());
        if theirs { self.put_arrival(ctx, &row, arrival, at).await } else { Ok(()) }
    }

    async fn put_arrival(
        &self,
        ctx: &Ctx,
        row: &orders::OrderRow,
        arrival: Arrival,
        at: Timestamp,
    ) -> Result<(), Error> {
        if arrival.reached_at(row).is_some() {
            return Ok(());
        }
        let (statement, what) = match arrival {
            Arrival::Counter => (&orders::SET_ARRIVED, "courier_arrived"),
            Arrival::Door => (&orders::SET_AT_DOOR, "courier_at_door"),
        };
        let args = args![row.id, row.courier_id, at.as_microsecond()];
        let tx = Tx::new("arrive").guard_as("not-yet", 1, statement, args);
        let event = changed(row, what, row.courier_id, None)?;
        match self.db.commit(self.tell(ctx, tx, row.city_id, &event)?).await {
            Ok(()) => {
                self.positions.forget_duty(row.courier_id);
                Ok(())
            }
            Err(error) if failed_guard(&error) == Some("not-yet") => self.said_before(row, arrival).await,
            Err(error) => Err(error.into()),
        }
    }

    /// An arrival that could not be put: said twice in the same moment, or at the wrong one.
    async fn said_before(&self, row: &orders::OrderRow, arrival: Arrival) -> Result<(), Error> {
        let now: Option<orders::OrderRow> = self.db.optional(&orders::FIND, args![row.id]).await?;
        let now = now.ok_or(Error::NotFound("order"))?;
        let there = arrival.reached_at(&now).is_some();
        if there { Ok(()) } else { Err(Rule::IllegalTransition.broken().with("from", now.status).into()) }
    }
}

/// What a courier rides; a scooter if that cannot be read.
fn vehicle_of(courier: &couriers::CourierRow) -> Vehicle {
    Vehicle::parse(&courier.vehicle).unwrap_or(Vehicle::Scooter)
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
