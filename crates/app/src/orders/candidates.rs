//! Who could take an order, in the sequence of when they would be at the door at the latest, and why, and to whom it is offered at present.

use std::collections::HashMap;

use dispatch::{Candidate as Ranked, Excluded, rank};
use domain::{
    courier::Vehicle,
    geo::Point,
    id::{CourierId, OrderId},
    permission::Action,
};
use jiff::Timestamp;
use store::{args, couriers, offers, orders::OrderRow};

use crate::{
    App,
    arrivals::{Known, range},
    context::{Ctx, moment},
    error::Error,
    offers::Offer,
    orders::stored_quote,
};

/// A courier who could take the order.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The courier.
    pub courier: couriers::CourierRow,
    /// Seconds until at the kitchen.
    pub pickup_s: i64,
    /// Until when the food would be at the door: the late end, as of a promise.
    pub arrive_at: Timestamp,
    /// Metres to the kitchen.
    pub distance_m: i64,
    /// Orders in hand.
    pub in_hand: usize,
    /// Why this place: `best`, `free`, `would-wait`, `food-waits`, `joins-another`.
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
    /// First at the door first.
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
    /// Who could take an order, by when the food would be at the door at the latest, each with their own vehicle, and why the
    /// others cannot.
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
        let quote = stored_quote(&row)?;
        let known = Known { together: Vec::new(), ..self.known_of(ctx, &row).await? };
        let arrive_at = |courier: &couriers::CourierRow, pickup_s| {
            let then = OrderRow {
                courier_id: Some(courier.id),
                courier_vehicle: Some(courier.vehicle.clone()),
                courier_at: Some(ctx.now_us()),
                arrived_at: None,
                first_mile_s: Some(pickup_s),
                stop: None,
                detour_s: None,
                ..row.clone()
            };
            range(ctx.now, self.parts_left(ctx.now, &then, &quote, &known, None).outlook()).high
        };
        let by_id: HashMap<CourierId, &couriers::CourierRow> = rows.iter().map(|row| (row.id, row)).collect();
        let candidate = |one: Ranked| {
            let courier = (*by_id.get(&one.courier)?).clone();
            let at = Point { lat: courier.lat?, lng: courier.lng? };
            let vehicle = Vehicle::parse(&courier.vehicle)?;
            Some(Candidate {
                pickup_s: one.pickup_s,
                arrive_at: arrive_at(&courier, one.pickup_s),
                distance_m: streets.distance_m(at, open.pickup, vehicle),
                in_hand: one.in_hand,
                reasons: reasons(&one),
                courier,
            })
        };
        let mut items: Vec<Candidate> = ranked.into_iter().filter_map(candidate).collect();
        // Stable: of those who would be at the door at the same time, the one whom the order costs less stays first.
        items.sort_by_key(|one| one.arrive_at);
        if let Some(best) = items.first_mut() {
            best.reasons.insert(0, "best");
        }
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
            numbers: terms.offered().map(|stop| stop.number.clone()).collect(),
            expires_at: moment(row.expires_at),
        }))
    }
}

/// What speaks for a candidate and against, beside the place in a ranking.
pub(crate) fn reasons(one: &Ranked) -> Vec<&'static str> {
    let all = [
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
