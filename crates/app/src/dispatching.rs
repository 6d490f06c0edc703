//! Dispatching: every few seconds each city's round is laid before the policy, and its proposals become offers.
//!
//! One node does it for a city at a time, under a lease. A proposal becomes an offer only if order and courier are still
//! free when it is written; the decision is kept with all its candidates.

mod on_shift;

use std::collections::{HashMap, HashSet};

use dispatch::{OpenOrder, Proposal, Round, rank};
use domain::{
    courier::{SILENT_AFTER_S, Vehicle},
    event::OfferState,
    geo::Point,
    id::{CityId, OfferId, OrderId},
    quote::Quote,
};
use jiff::{SignedDuration, Timestamp};
use store::{CommitError, ConstraintKind, Tx, args, couriers, offers, orders};

use crate::{
    App,
    context::{Ctx, moment},
    error::{Error, failed_guard},
    offers::{Terms, told},
    orders::spoken,
    tariff,
    travel::Wanted,
};

/// How long before the food is ready a courier may be sent, beyond the way itself.
const EARLY_S: i64 = 180;
/// The farthest that anybody is sent.
const REACH_S: i64 = 1_500;
/// The longest that food may ride from the counter to the door.
const MOST_BAG_S: i64 = 2_700;
/// Who did not take an order is not asked again for so long.
const REFUSAL_HOLDS_S: i64 = 300;
/// Orders looked at in one round.
pub(crate) const MOST_ORDERS: i64 = 5_000;

impl App {
    /// One round for a city: answers how many offers were made.
    pub async fn dispatch_city(&self, ctx: &Ctx, city: CityId) -> Result<usize, Error> {
        let (round, _) = self.dispatch_round(ctx, city, None).await?;
        if round.orders.is_empty() || round.couriers.is_empty() {
            return Ok(0);
        }
        self.prepare_round(city, &round).await;
        let streets = self.ways(ctx.now, city);
        let way_s = |from: Point, to: Point, vehicle: Vehicle| streets.leg(from, to, vehicle).duration_s;
        let proposals = self.settings.dispatch.policy().propose(&round, &way_s);
        let mut made = 0;
        for proposal in proposals {
            let explained = explain(&round, &proposal, &way_s);
            made += usize::from(self.make_offer(ctx, city, &proposal, &explained).await?);
        }
        Ok(made)
    }

    /// Gets the ways of a round ready: everybody's to every kitchen, and from there to the door.
    pub(crate) async fn prepare_round(&self, city: CityId, round: &Round) {
        let usual = Vehicle::Scooter;
        let last_miles = round.orders.iter().flat_map(|order| {
            let mut vehicles: Vec<Vehicle> = round.couriers.iter().map(|courier| courier.vehicle).collect();
            vehicles.push(usual);
            vehicles.sort_unstable_by_key(|vehicle| vehicle.as_str());
            vehicles.dedup();
            vehicles.into_iter().map(|vehicle| Wanted { from: order.pickup, to: order.door, vehicle })
        });
        let first_miles = round.couriers.iter().flat_map(|courier| {
            let (from, vehicle) = (courier.at, courier.vehicle);
            round.orders.iter().map(move |order| Wanted { from, to: order.pickup, vehicle })
        });
        self.travel().prepare(city, first_miles.chain(last_miles).collect(), false).await;
    }

    /// Ends offers that nobody answered in time.
    pub async fn expire_offers(&self, ctx: &Ctx) -> Result<usize, Error> {
        let overdue: Vec<offers::OfferRow> = self.db.all(&offers::LIST_OVERDUE, args![ctx.now_us(), 200_i64]).await?;
        let mut ended = 0;
        for row in overdue {
            match self.end_offer(ctx, &row, OfferState::Expired).await {
                Ok(()) => ended += 1,
                // Answered in the same moment.
                Err(error) if failed_guard(&error).is_some() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(ended)
    }

    /// What is known about a city now. With `only`, the round is about that one order, whoever has it.
    pub(crate) async fn dispatch_round(
        &self,
        ctx: &Ctx,
        city: CityId,
        only: Option<&orders::OrderRow>,
    ) -> Result<(Round, Vec<couriers::CourierRow>), Error> {
        let open = self.open_orders(city, MOST_ORDERS).await?;
        let mut couriers: Vec<couriers::CourierRow> = self.db.all(&couriers::LIST_ON_SHIFT, args![city]).await?;
        self.positions.freshen(&mut couriers);
        let offered: Vec<offers::OfferRow> = self.db.all(&offers::LIST_OPEN, args![city]).await?;
        let refusals: Vec<offers::RefusalRow> = self.db.all(&offers::LIST_REFUSALS, args![city]).await?;
        let asked: HashSet<OrderId> = offered.iter().map(|offer| offer.order_id).collect();
        let mut on_shift = self.on_shift(ctx, &couriers, &open, &offered);
        let free =
            |row: &&orders::OrderRow| row.courier_id.is_none() && row.accepted_at.is_some() && !asked.contains(&row.id);
        let mut waiting: Vec<&orders::OrderRow> =
            only.map_or_else(|| open.iter().filter(free).collect(), |row| vec![row]);
        waiting.sort_unstable_by_key(|row| row.id);
        let orders: Vec<OpenOrder> = waiting.into_iter().map(|row| open_order(ctx.now, row, &refusals)).collect();
        if only.is_none() {
            self.keep_near(ctx, city, &orders, &mut on_shift);
        }
        let round = Round {
            orders,
            couriers: on_shift,
            early_s: EARLY_S,
            reach_s: REACH_S,
            silent_after_s: SILENT_AFTER_S,
            most_bag_s: MOST_BAG_S,
        };
        Ok((round, couriers))
    }

    async fn make_offer(&self, ctx: &Ctx, city: CityId, proposal: &Proposal, candidates: &str) -> Result<bool, Error> {
        let Some(order) = self.db.optional::<orders::OrderRow>(&orders::FIND, args![proposal.order]).await? else {
            return Ok(false);
        };
        let Ok(courier) = self.courier_row(proposal.courier).await else {
            return Ok(false);
        };
        let terms = self.terms(ctx, &order, &courier, proposal)?;
        let lifetime = SignedDuration::try_from(self.settings.offer_for).unwrap_or(SignedDuration::ZERO);
        let row = offers::OfferRow {
            id: ctx.id::<OfferId>(),
            city_id: city,
            order_id: order.id,
            courier_id: courier.id,
            state: OfferState::Made.as_str().to_owned(),
            pay_paise: order.courier_pay_paise + order.tip_paise,
            body: serde_json::to_string(&terms).map_err(|error| Error::Internal(error.to_string()))?,
            made_at: ctx.now_us(),
            expires_at: (ctx.now + lifetime).as_microsecond(),
        };
        let tx = Tx::new("make offer")
            .guard_as(
                "free",
                1,
                &offers::INSERT,
                args![
                    row.id,
                    city,
                    row.order_id,
                    row.courier_id,
                    row.pay_paise,
                    row.body.as_str(),
                    row.made_at,
                    row.expires_at
                ],
            )
            .run(
                &offers::INSERT_DECISION,
                args![
                    row.order_id,
                    row.made_at,
                    city,
                    self.settings.dispatch.policy().name(),
                    row.courier_id,
                    None::<uuid::Uuid>,
                    None::<&str>,
                    candidates
                ],
            );
        match self.db.commit(self.tell(ctx, tx, city, &told(&row, OfferState::Made))?).await {
            Ok(()) => {
                self.positions.forget_duty(Some(row.courier_id));
                Ok(true)
            }
            // The order or the courier has an open offer already: another node or a dispatcher was faster.
            Err(CommitError::Constraint { kind: ConstraintKind::Unique, .. }) => Ok(false),
            // The order ended or was given away, or the courier went home.
            Err(error) if failed_guard(&error) == Some("free") => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn terms(
        &self,
        ctx: &Ctx,
        order: &orders::OrderRow,
        courier: &couriers::CourierRow,
        proposal: &Proposal,
    ) -> Result<Terms, Error> {
        let quote: Quote = serde_json::from_str(&order.quote)
            .map_err(|error| Error::Internal(format!("order {}: {error}", order.id)))?;
        let kitchen = Point { lat: order.restaurant_lat, lng: order.restaurant_lng };
        let vehicle = Vehicle::parse(&courier.vehicle).unwrap_or(Vehicle::Scooter);
        let here = courier.lat.zip(courier.lng).map_or(kitchen, |(lat, lng)| Point { lat, lng });
        let ways = self.ways(ctx.now, order.city_id);
        let last = ways.leg(kitchen, quote.destination.point, vehicle);
        let ready_at = order.promised_ready_at.map_or(ctx.now, moment);
        let until_ready_s = ready_at.duration_since(ctx.now).as_secs();
        let base = self.places().rate(tariff::COURIER_BASE, order.city_id, moment(order.placed_at))?.value;
        let cash = order.method == "cod";
        Ok(Terms {
            number: spoken(order),
            zone_letter: order.letter.clone(),
            base_paise: base.min(order.courier_pay_paise),
            distance_paise: (order.courier_pay_paise - base).max(0),
            tip_paise: order.tip_paise,
            first_mile_m: ways.distance_m(here, kitchen, vehicle),
            first_mile_s: Some(proposal.pickup_s),
            last_mile_m: last.distance_m,
            duration_s: proposal.pickup_s.max(until_ready_s) + last.duration_s,
            pickup_name: order.restaurant_name.clone(),
            pickup_locality: order.restaurant_locality.clone(),
            pickup: kitchen,
            ready_at,
            drop_locality: quote.destination.locality,
            drop: blurred(quote.destination.point),
            drop_by: moment(order.eta_high),
            item_count: quote.lines.iter().map(|line| line.quantity).sum(),
            payment_method: order.method.clone(),
            cash_to_collect_paise: if cash { order.total_paise } else { 0 },
        })
    }
}

fn open_order(now: Timestamp, row: &orders::OrderRow, refusals: &[offers::RefusalRow]) -> OpenOrder {
    let ready = row.ready_at.or(row.promised_ready_at).map_or(now, moment);
    let held = |refusal: &&offers::RefusalRow| {
        let answered = refusal.answered_at.map_or(now, moment);
        refusal.order_id == row.id && now.duration_since(answered).as_secs() < REFUSAL_HOLDS_S
    };
    let kitchen = Point { lat: row.restaurant_lat, lng: row.restaurant_lng };
    OpenOrder {
        id: row.id,
        pickup: kitchen,
        // A bill that cannot be read does not keep the food from being fetched.
        door: drop_of(row).map_or(kitchen, |(door, _)| door),
        ready_s: ready.duration_since(now).as_secs(),
        unassigned_s: now.duration_since(row.accepted_at.map_or(now, moment)).as_secs(),
        refused_by: refusals.iter().filter(held).map(|refusal| refusal.courier_id).collect(),
    }
}

/// The door of an order and when the courier should be there.
fn drop_of(row: &orders::OrderRow) -> Option<(Point, Timestamp)> {
    let quote: Quote = serde_json::from_str(&row.quote).ok()?;
    Some((quote.destination.point, moment(row.eta_high)))
}

/// A door to about a hundred metres: enough to judge the way, too little to find the house.
fn blurred(point: Point) -> Point {
    let coarse = |degrees: f64| (degrees * 1_000.0).round() / 1_000.0;
    Point { lat: coarse(point.lat), lng: coarse(point.lng) }
}

/// The candidates with what they would cost, as JSON, best first.
fn explain(round: &Round, proposal: &Proposal, way_s: &dyn Fn(Point, Point, Vehicle) -> i64) -> String {
    let Some(order) = round.orders.iter().find(|order| order.id == proposal.order) else {
        return "[]".to_owned();
    };
    let (candidates, excluded) = rank(order, round, way_s);
    let possible = candidates.iter().take(10).map(|one| {
        serde_json::json!({
            "courier_id": one.courier, "pickup_s": one.pickup_s, "waits_s": one.waits_s,
            "food_waits_s": one.food_waits_s, "cost_s": one.cost_s(),
        })
    });
    let mut counts = HashMap::<&str, usize>::new();
    for (_, reason) in &excluded {
        *counts.entry(reason.code()).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable();
    serde_json::json!({ "possible": possible.collect::<Vec<_>>(), "impossible": counts }).to_string()
}
