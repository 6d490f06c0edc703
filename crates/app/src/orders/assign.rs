//! A courier gets an order: by accepting an offer, or from a dispatcher's hand; and arrives at the counter.

use std::collections::HashMap;

use dispatch::{Candidate as Ranked, Excluded, rank};
use domain::{
    courier::Vehicle,
    event::{Event, OrderChanged},
    geo::Point,
    id::{CourierId, OrderId},
    order::Status,
    permission::Action,
    rule::Rule,
};
use jiff::{SignedDuration, Timestamp};
use store::{Tx, args, couriers, offers, orders};

use crate::{
    App,
    context::{Ctx, moment},
    error::{Error, failed_guard},
    offers::Offer,
};

use super::{
    reassign::ride_alone,
    view::{OrderView, spoken, status},
};

/// A courier who could take the order.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The courier.
    pub courier: couriers::CourierRow,
    /// Seconds until at the kitchen.
    pub pickup_s: i64,
    /// When the food would be at the door.
    pub arrive_at: Timestamp,
    /// Metres to the kitchen.
    pub distance_m: i64,
    /// Orders in hand.
    pub in_hand: usize,
    /// Why this place in the ranking: `nearest`, `free`, `would-wait`, `food-waits`, `joins-another`.
    pub reasons: Vec<&'static str>,
}

/// Couriers who could not, by reason.
#[derive(Clone, Debug)]
pub struct Impossible {
    /// Why.
    pub reason: &'static str,
    /// How many.
    pub count: usize,
}

/// The ranking for one order.
#[derive(Clone, Debug)]
pub struct Candidates {
    /// Best first.
    pub items: Vec<Candidate>,
    /// The others.
    pub impossible: Vec<Impossible>,
    /// The open offer that the order is in.
    pub offer: Option<OnOffer>,
}

/// An open offer of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnOffer {
    /// To whom.
    pub courier_id: CourierId,
    /// Their name.
    pub courier_name: String,
    /// Spoken numbers of all orders in it, in the sequence of delivery.
    pub numbers: Vec<String>,
    /// Until when it may be answered.
    pub expires_at: Timestamp,
}

impl App {
    /// Who could take an order, best first, and why the others cannot.
    pub async fn order_candidates(&self, ctx: &Ctx, id: OrderId) -> Result<Candidates, Error> {
        let row = self.order_row(ctx, id, Action::OrderAssign).await?;
        let (round, rows) = self.dispatch_round(ctx, row.city_id, Some(&row)).await?;
        let Some(open) = round.orders.first() else {
            return Ok(Candidates { items: Vec::new(), impossible: Vec::new(), offer: None });
        };
        self.prepare_round(row.city_id, &round).await;
        let streets = self.ways(ctx.now, row.city_id);
        let way_s = |from, to, vehicle| streets.leg(from, to, vehicle).duration_s;
        let (ranked, excluded) = rank(open, &round, &way_s);
        let view = self.view(ctx, row)?;
        let ready = ctx.now + SignedDuration::from_secs(open.ready_s.max(0));
        let last_mile_s = self.last_mile_s(ctx.now, &view.row, &view.quote);
        let by_id: HashMap<CourierId, &couriers::CourierRow> = rows.iter().map(|row| (row.id, row)).collect();
        let candidate = |(place, one): (usize, Ranked)| {
            let courier = (*by_id.get(&one.courier)?).clone();
            let leaves = ready.max(ctx.now + SignedDuration::from_secs(one.pickup_s));
            let at = Point { lat: courier.lat?, lng: courier.lng? };
            let vehicle = Vehicle::parse(&courier.vehicle)?;
            Some(Candidate {
                pickup_s: one.pickup_s,
                arrive_at: leaves + SignedDuration::from_secs(last_mile_s),
                distance_m: streets.distance_m(at, open.pickup, vehicle),
                in_hand: one.in_hand,
                reasons: reasons(place, &one),
                courier,
            })
        };
        let items = ranked.into_iter().enumerate().filter_map(candidate).collect();
        Ok(Candidates { items, impossible: count(&excluded), offer: self.on_offer(id).await? })
    }

    async fn on_offer(&self, id: OrderId) -> Result<Option<OnOffer>, Error> {
        let open: Option<offers::OfferRow> = self.db.optional(&offers::FIND_OPEN_OF_ORDER, args![id]).await?;
        let Some(row) = open else { return Ok(None) };
        let courier = self.courier_row(row.courier_id).await?;
        let Offer { row, terms, .. } = self.offer_of(row).await?;
        Ok(Some(OnOffer {
            courier_id: row.courier_id,
            courier_name: courier.name,
            numbers: terms.stops.into_iter().map(|stop| stop.number).collect(),
            expires_at: moment(row.expires_at),
        }))
    }

    /// Gives an order to a courier by hand, taking it from another if need be. The note is kept.
    pub async fn assign_order(
        &self,
        ctx: &Ctx,
        id: OrderId,
        courier: CourierId,
        note: &str,
    ) -> Result<OrderView, Error> {
        let row = self.order_row(ctx, id, Action::OrderAssign).await?;
        if note.trim().is_empty() || note.chars().count() > 300 {
            return Err(Rule::WrongFormat.at("/note").with("max", 300).into());
        }
        if !status(&row)?.before_pickup() {
            return Err(Rule::IllegalTransition.broken().with("from", row.status).into());
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
        let tx = Tx::new("assign order").guard_as("courier", 1, &couriers::HOLD, args![courier]);
        let mut tx = self
            .leave_offer(ctx, tx, id)
            .await?
            .guard(1, &orders::SET_COURIER, args![id, courier, now, former, first_mile_s, alone, alone])
            .run(&offers::INSERT_DECISION, args![id, now, row.city_id, "by-hand", courier, user, note.trim(), "[]"]);
        if let Some(former) = former.filter(|former| *former != courier) {
            let event = changed(&row, "courier_released", Some(former), None)?;
            tx = ride_alone(tx, &row).run(&offers::PUT_RELEASE, args![id, former, now]);
            tx = self.tell(ctx, tx, row.city_id, &event)?;
        }
        let event = changed(&row, "courier_assigned", Some(courier), None)?;
        let committed = self.db.commit(self.tell(ctx, tx, row.city_id, &event)?).await;
        committed.map_err(|error| match failed_guard(&error) {
            Some("courier") => Rule::CourierUnavailable.at("/courier_id").into(),
            _ => Error::from(error),
        })?;
        self.positions.forget_duty(row.courier_id);
        self.positions.forget_duty(Some(courier));
        self.order(ctx, id).await
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

fn reasons(place: usize, one: &Ranked) -> Vec<&'static str> {
    let all = [
        (place == 0, "best"),
        (one.in_hand == 0, "free"),
        (one.in_hand > 0, "joins-another"),
        (one.waits_s > 60, "would-wait"),
        (one.food_waits_s > 60, "food-waits"),
    ];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect()
}

fn count(excluded: &[(CourierId, Excluded)]) -> Vec<Impossible> {
    let counted = Excluded::ALL
        .into_iter()
        .map(|kind| Impossible { reason: kind.code(), count: excluded.iter().filter(|one| one.1 == kind).count() });
    counted.filter(|one| one.count > 0).collect()
}
