//! Dispatching: every few seconds each city's round is laid before the policy, and its proposals become offers.
//!
//! One node does it for a city at a time, under a lease. A proposal becomes an offer only if its orders and the courier are
//! still free when it is written; the decision is kept for each order with all its candidates.

mod on_shift;

pub(crate) use on_shift::once_free;

use std::collections::{HashMap, HashSet};

use dispatch::{OpenOrder, Round};
use domain::{
    courier::{SILENT_AFTER_S, Vehicle},
    geo::Point,
    id::{CityId, OrderId},
    quote::Quote,
};
use jiff::Timestamp;
use store::{args, couriers, offers, orders};

use crate::{
    App,
    context::{Ctx, moment},
    decisions::explain,
    error::Error,
    travel::Wanted,
};

/// How long before the food is ready a courier may be sent, beyond the way itself.
const EARLY_S: i64 = 180;
/// The farthest that anybody is sent.
const REACH_S: i64 = 1_500;
/// The longest that food may ride from the counter to the door.
const MOST_BAG_S: i64 = 2_700;
/// By how much an order may come later for those that ride with it.
const MOST_DELAY_S: i64 = 600;
/// Who did not take an order is not asked again for so long.
const REFUSAL_HOLDS_S: i64 = 300;
/// Doors of other orders to which the ways from one are asked for; ways to farther ones are estimated.
const MOST_DOORS: usize = 6;
/// Orders looked at in one round.
pub(crate) const MOST_ORDERS: i64 = 5_000;

impl App {
    /// One round for a city: answers how many offers were made.
    pub async fn dispatch_city(&self, ctx: &Ctx, city: CityId) -> Result<usize, Error> {
        self.withdraw_parted(ctx, city).await?;
        let (round, _) = self.dispatch_round(ctx, city, None).await?;
        if round.orders.is_empty() || round.couriers.is_empty() {
            return Ok(0);
        }
        self.prepare_round(city, &round).await;
        let streets = self.ways(ctx.now, city);
        let way_s = |from: Point, to: Point, vehicle: Vehicle| streets.leg(from, to, vehicle).duration_s;
        let proposals = self.settings.dispatch.policy().propose(&round, &way_s);
        let mut made = 0;
        for proposal in &proposals {
            let explained = explain(&round, proposal, &proposals, &way_s)?;
            match self.make_offer(ctx, city, proposal, &explained).await {
                Ok(is_made) => made += usize::from(is_made),
                Err(error @ Error::Unavailable(_)) => return Err(error),
                // One order that cannot be offered keeps nobody else's food waiting.
                Err(error) => tracing::error!(orders = ?proposal.orders, %error, "an offer could not be made"),
            }
        }
        Ok(made)
    }

    /// Gets the ways of a round ready: everybody's to every kitchen, from there to the door, and, for a policy that bundles,
    /// between near doors of orders that could ride together.
    pub(crate) async fn prepare_round(&self, city: CityId, round: &Round) {
        let stops = stops(round);
        let mut vehicles: Vec<Vehicle> = round.couriers.iter().map(|courier| courier.vehicle).collect();
        vehicles.push(Vehicle::Scooter);
        vehicles.sort_unstable_by_key(|vehicle| vehicle.as_str());
        vehicles.dedup();
        let last_miles = stops.iter().flat_map(|stop| {
            vehicles.iter().map(|vehicle| Wanted { from: stop.counter, to: stop.door, vehicle: *vehicle })
        });
        let pairs = if self.settings.dispatch.policy().bundles() { doors(&stops) } else { Vec::new() };
        let between = pairs.into_iter().flat_map(|(from, to)| {
            let roomy = vehicles.iter().filter(|vehicle| vehicle.capacity() > 1);
            roomy.map(move |vehicle| Wanted { from, to, vehicle: *vehicle })
        });
        let heard = round.couriers.iter().filter(|courier| courier.silent_s <= round.silent_after_s);
        let first_miles = heard.flat_map(|courier| {
            let to = round.orders.iter().map(|order| order.pickup);
            to.map(|to| Wanted { from: courier.start_to(to).0, to, vehicle: courier.vehicle })
        });
        self.travel().prepare(city, first_miles.chain(last_miles).chain(between).collect(), false).await;
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
        let on_offer: Vec<(OrderId,)> = self.db.all(&offers::LIST_OPEN_ORDERS, args![city]).await?;
        // Offers of nodes of an earlier version name their order only in themselves.
        let named = offered.iter().map(|offer| offer.order_id);
        let asked: HashSet<OrderId> = on_offer.into_iter().map(|(order,)| order).chain(named).collect();
        let left_behind: Vec<(OrderId,)> = self.db.all(&orders::LIST_LEFT_BEHIND, args![city]).await?;
        let left_behind = left_behind.into_iter().map(|(order,)| order).collect();
        let mut on_shift = self.on_shift(ctx, &couriers, &open, &offered, &left_behind);
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
            most_delay_s: MOST_DELAY_S,
        };
        Ok((round, couriers))
    }
}

/// An order as its ways need it.
#[derive(Clone, Copy, Debug)]
struct Stop {
    id: OrderId,
    counter: Point,
    door: Point,
}

/// The orders of a round, and those that they could join.
fn stops(round: &Round) -> Vec<Stop> {
    let open = round.orders.iter().map(|order| Stop { id: order.id, counter: order.pickup, door: order.door });
    let errands = round.couriers.iter().filter_map(|courier| courier.errand.as_ref());
    let joined = errands.filter(|errand| round.orders.iter().any(|order| order.pickup == errand.counter));
    let promised = joined.flat_map(|errand| {
        errand.orders.iter().map(|order| Stop { id: order.id, counter: errand.counter, door: order.door })
    });
    open.chain(promised).collect()
}

/// From each door to the nearest of those whose orders wait at the same counter.
fn doors(stops: &[Stop]) -> Vec<(Point, Point)> {
    let at = |counter: Point| [counter.lat.to_bits(), counter.lng.to_bits()];
    let mut counters = HashMap::<[u64; 2], Vec<&Stop>>::new();
    for stop in stops {
        counters.entry(at(stop.counter)).or_default().push(stop);
    }
    let mut pairs = Vec::new();
    for one in stops {
        let same = &counters[&at(one.counter)];
        let mut others: Vec<Point> = same.iter().filter(|other| other.id != one.id).map(|other| other.door).collect();
        others.sort_by(|a, b| one.door.distance_m(*a).total_cmp(&one.door.distance_m(*b)));
        pairs.extend(others.into_iter().take(MOST_DOORS).map(|to| (one.door, to)));
    }
    pairs
}

fn open_order(now: Timestamp, row: &orders::OrderRow, refusals: &[offers::RefusalRow]) -> OpenOrder {
    let held = |refusal: &&offers::RefusalRow| {
        let answered = refusal.answered_at.map_or(now, moment);
        refusal.order_id == row.id && now.duration_since(answered).as_secs() < REFUSAL_HOLDS_S
    };
    let kitchen = row.counter();
    OpenOrder {
        id: row.id,
        pickup: kitchen,
        // A bill that cannot be read does not keep the food from being fetched.
        door: drop_of(row).unwrap_or(kitchen),
        ready_s: ready_of(now, row).duration_since(now).as_secs(),
        unassigned_s: now.duration_since(row.accepted_at.map_or(now, moment)).as_secs(),
        refused_by: refusals.iter().filter(held).map(|refusal| refusal.courier_id).collect(),
    }
}

/// When the food of an order is ready; now where nobody says.
fn ready_of(now: Timestamp, row: &orders::OrderRow) -> Timestamp {
    row.ready_at.or(row.promised_ready_at).map_or(now, moment)
}

/// The door of an order.
pub(crate) fn drop_of(row: &orders::OrderRow) -> Option<Point> {
    let quote: Quote = serde_json::from_str(&row.quote).ok()?;
    Some(quote.destination.point)
}

#[cfg(test)]
mod tests {
    use domain::{geo::Point, id::OrderId};
    use uuid::Uuid;

    use super::{MOST_DOORS, Stop, doors};

    fn stop(number: u32, counter: f64) -> Stop {
        Stop {
            id: OrderId(Uuid::from_u128(number.into())),
            counter: Point { lat: 12.9, lng: counter },
            door: Point { lat: 12.9 + f64::from(number) / 1_000.0, lng: 77.6 },
        }
    }

    #[test]
    fn ways_are_asked_for_between_the_nearest_doors_of_one_counter() {
        let mut stops: Vec<Stop> = (1..=20).map(|number| stop(number, 77.6)).collect();
        stops.push(stop(21, 77.7));
        let pairs = doors(&stops);
        assert_eq!(pairs.len(), 20 * MOST_DOORS);
        let from_first: Vec<Point> =
            pairs.iter().filter(|(from, _)| *from == stops[0].door).map(|(_, to)| *to).collect();
        let nearest: Vec<Point> = stops[1..=MOST_DOORS].iter().map(|stop| stop.door).collect();
        assert_eq!(from_first, nearest);
    }
}
