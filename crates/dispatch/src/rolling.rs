//! The rolling planner as a policy: each order and courier of the round in one plan, of which only what is due is proposed.
//!
//! A round stands for itself: nothing is remembered from the one before, so that the same round gives the same proposals on
//! whichever node. Orders of one counter may share a bundle, as many as the vehicle has room for beside what is in hand,
//! and as long as each of them stays fresh. A courier with food in hand counts from their last door.

use domain::{courier::Vehicle, geo::Point, id::CourierId};

use crate::{
    OnShift, OpenOrder, Policy, Proposal, Round,
    planner::{Courier, Instruction, Order, Pickup, Planner, Settings, Situation, Time, Travel},
    rank::judge,
};

/// Everything random in a round follows from it.
const SEED: u64 = 1;
/// Half of what handing over at the counter takes, in seconds.
const HALF_PICKUP_S: Time = 30;
/// Half of what handing over at the door takes, in seconds.
const HALF_DROPOFF_S: Time = 60;
/// Food that waits for longer is not kept for a courier who has something else in hand, if somebody is free: when that one
/// will be free is a guess that a closed door makes wrong again and again.
const MOST_PATIENCE_S: i64 = 120;
/// Search steps of a round at most: a round must end within a tenth of a second.
const MOST_STEPS: usize = 1_000;

/// The rolling horizon of [`crate::planner`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Rolling;

impl Policy for Rolling {
    fn name(&self) -> &'static str {
        "rolling"
    }

    fn bundles(&self) -> bool {
        true
    }

    fn propose(&self, round: &Round, way_s: &dyn Fn(Point, Point, Vehicle) -> i64) -> Vec<Proposal> {
        let roads = Roads { way_s };
        let mut planner = Planner::new(settings(round), SEED);
        let due = planner.round(&situation(round, &roads), &roads);
        due.into_iter().filter_map(|instruction| proposal(round, &roads, &instruction)).collect()
    }
}

/// The caller's ways; the planner's tick is a second.
struct Roads<'a> {
    way_s: &'a dyn Fn(Point, Point, Vehicle) -> i64,
}

impl Travel for Roads<'_> {
    type Place = Point;
    type Vehicle = Vehicle;

    fn time(&self, from: Point, to: Point, vehicle: Vehicle) -> Time {
        ticks((self.way_s)(from, to, vehicle))
    }
}

fn settings(round: &Round) -> Settings {
    Settings {
        half_pickup: HALF_PICKUP_S,
        early: ticks(round.early_s) - HALF_PICKUP_S,
        half_dropoff: HALF_DROPOFF_S,
        most_bag: ticks(round.most_bag_s),
        most_delay: ticks(round.most_delay_s),
        most_iterations: MOST_STEPS,
        ..Settings::with_minute(60)
    }
}

fn situation<'a>(round: &Round, roads: &Roads<'a>) -> Situation<Roads<'a>> {
    let mut pickups: Vec<Pickup<Roads<'a>>> = Vec::new();
    let mut orders = Vec::new();
    for order in &round.orders {
        let known = pickups.iter().position(|it| it.place == order.pickup);
        let pickup = known.unwrap_or(pickups.len());
        if known.is_none() {
            pickups.push(Pickup { place: order.pickup, demand: 0.0 });
        }
        pickups[pickup].demand += 1.0;
        orders.push(Order {
            id: order.id,
            pickup,
            door: order.door,
            ready_at: ticks(order.ready_s),
            barred: barred(order, round, roads),
        });
    }
    let couriers = round.couriers.iter().map(courier).collect();
    Situation { now: 0, couriers, orders, pickups }
}

/// Couriers who may not have an order, for any of the reasons that are shown with a decision, or because it has waited
/// long enough for whoever is busy.
fn barred(order: &OpenOrder, round: &Round, roads: &Roads) -> Vec<CourierId> {
    let fits = |courier: &OnShift| judge(order, courier, round, roads.way_s).is_ok();
    let is_urgent = order.ready_s < -MOST_PATIENCE_S;
    let only_free = is_urgent && round.couriers.iter().any(|courier| courier.in_hand == 0 && fits(courier));
    let unfit = |courier: &&OnShift| !fits(courier) || (only_free && courier.in_hand > 0);
    round.couriers.iter().filter(unfit).map(|courier| courier.id).collect()
}

fn courier<'a>(it: &OnShift) -> Courier<Roads<'a>> {
    Courier {
        id: it.id,
        vehicle: it.vehicle,
        place: it.at,
        free_at: ticks(it.free_in_s),
        stands_at: None,
        off_at: it.shift_ends_s.map_or(Time::MAX, ticks),
        capacity: it.vehicle.capacity().saturating_sub(it.in_hand),
        within_guarantee: f64::INFINITY,
    }
}

fn proposal(round: &Round, roads: &Roads, instruction: &Instruction) -> Option<Proposal> {
    let Instruction::Serve { courier, orders, .. } = instruction else { return None };
    let first = round.orders.iter().find(|order| Some(&order.id) == orders.first())?;
    let courier = round.couriers.iter().find(|it| it.id == *courier)?;
    let pickup_s = courier.free_in_s + (roads.way_s)(courier.at, first.pickup, courier.vehicle);
    Some(Proposal { orders: orders.clone(), courier: courier.id, pickup_s })
}

/// Seconds as the planner counts them; what is longer than a day stays a day.
fn ticks(seconds: i64) -> Time {
    Time::try_from(seconds.clamp(-86_400, 86_400)).unwrap_or_default()
}
