//! The rolling planner as a policy: each order and courier of the round in one plan, of which only what is due is proposed.
//!
//! A round stands for itself: nothing is remembered from the one before, so that the same round gives the same proposals on
//! whichever node. Orders of one counter may share a bundle, as many as the vehicle has room for beside what is in hand,
//! and as long as each of them stays fresh. They may also join what a courier goes to that counter for already. Any other
//! courier with something in hand counts from their last door.

use domain::{
    courier::Vehicle,
    geo::Point,
    id::{CourierId, OrderId},
};

use crate::{
    Errand, OnShift, OpenOrder, Policy, Proposal, Round,
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
            promised_to: None,
            held_since: None,
        });
    }
    let errands: Vec<Option<&Errand>> = round.couriers.iter().map(|it| errand(it, round, roads)).collect();
    for (it, errand) in round.couriers.iter().zip(&errands) {
        orders.extend(errand.iter().flat_map(|errand| promised(it.id, errand, &pickups)));
    }
    let couriers = round.couriers.iter().zip(errands).map(|(it, errand)| courier(it, errand)).collect();
    Situation { now: 0, couriers, orders, pickups }
}

/// What a courier goes for now, if any order of the round could join it.
fn errand<'a>(it: &'a OnShift, round: &Round, roads: &Roads) -> Option<&'a Errand> {
    let errand = it.errand.as_ref()?;
    let joins = |order: &OpenOrder| order.pickup == errand.counter && judge(order, it, round, roads.way_s).is_ok();
    round.orders.iter().any(joins).then_some(errand)
}

/// The orders of an errand, at one of the counters of the round.
fn promised<'a>(
    courier: CourierId,
    errand: &Errand,
    pickups: &[Pickup<Roads<'a>>],
) -> impl Iterator<Item = Order<Roads<'a>>> {
    let pickup = pickups.iter().position(|it| it.place == errand.counter).unwrap_or_default();
    errand.orders.iter().map(move |order| Order {
        id: order.id,
        pickup,
        door: order.door,
        ready_at: ticks(order.ready_s),
        barred: Vec::new(),
        promised_to: Some(courier),
        held_since: order.held_s.map(|held_s| -ticks(held_s)),
    })
}

/// Couriers who may not have an order, for any of the reasons that are shown with a decision, or because it has waited
/// long enough for whoever is busy.
fn barred(order: &OpenOrder, round: &Round, roads: &Roads) -> Vec<CourierId> {
    let fits = |courier: &OnShift| judge(order, courier, round, roads.way_s).is_ok();
    let is_urgent = order.ready_s < -MOST_PATIENCE_S;
    let comes_at_once = |courier: &OnShift| courier.in_hand == 0 || courier.errand_to(order.pickup).is_some();
    let only_those = is_urgent && round.couriers.iter().any(|courier| courier.in_hand == 0 && fits(courier));
    let unfit = |courier: &&OnShift| !fits(courier) || (only_those && !comes_at_once(courier));
    round.couriers.iter().filter(unfit).map(|courier| courier.id).collect()
}

/// Who is on an errand counts from where they are, with all of it; whoever else has something in hand from their last door.
fn courier<'a>(it: &OnShift, errand: Option<&Errand>) -> Courier<Roads<'a>> {
    let (place, free_in_s) = errand.map_or((it.at, it.free_in_s), |errand| (errand.from, 0));
    let beside = if errand.is_some() { 0 } else { it.in_hand };
    Courier {
        id: it.id,
        vehicle: it.vehicle,
        place,
        free_at: ticks(free_in_s),
        stands_at: None,
        off_at: it.shift_ends_s.map_or(Time::MAX, ticks),
        capacity: it.vehicle.capacity().saturating_sub(beside),
        within_guarantee: f64::INFINITY,
    }
}

fn proposal(round: &Round, roads: &Roads, instruction: &Instruction) -> Option<Proposal> {
    let Instruction::Serve { courier, orders: trip, .. } = instruction else { return None };
    let open = |id: &OrderId| round.orders.iter().find(|order| order.id == *id);
    let first = trip.iter().find_map(open)?;
    let courier = round.couriers.iter().find(|it| it.id == *courier)?;
    let (from, free_in_s) = courier.start_to(first.pickup);
    let pickup_s = free_in_s + (roads.way_s)(from, first.pickup, courier.vehicle);
    let orders = trip.iter().copied().filter(|id| open(id).is_some()).collect();
    Some(Proposal { orders, courier: courier.id, pickup_s, trip: trip.clone() })
}

/// Seconds as the planner counts them; what is longer than a day stays a day.
fn ticks(seconds: i64) -> Time {
    Time::try_from(seconds.clamp(-86_400, 86_400)).unwrap_or_default()
}
