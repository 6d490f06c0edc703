//! Couriers: they ride along the streets to the counter, wait, take the bag, ride to the door and hand it over for the
//! code. What they took together they fetch together and deliver door after door; trips follow one another, as dispatch
//! assumes.

use std::collections::VecDeque;

use app::orders::MoveOrder;
use domain::{
    courier::Vehicle,
    geo::Point,
    id::{CourierId, OrderId},
    order::Status,
};
use jiff::{SignedDuration, Timestamp};
use rand::Rng as _;

use super::{World, agenda::Deed};
use crate::{error::Error, town::Route};

/// Doors that nobody opens.
const NOBODY_THERE: f64 = 0.006;
/// Codes that are misheard at first.
const MISHEARD: f64 = 0.02;
/// Rides during which the phone falls silent for two minutes.
const SILENT_RIDE: f64 = 0.015;

/// A courier in motion.
#[derive(Debug)]
pub(super) struct Courier {
    pub(super) vehicle: Vehicle,
    pub(super) home: Point,
    /// A player decides; the simulation only rides.
    pub(super) by_hand: bool,
    /// Where they stand, or set off from.
    pub(super) at: Point,
    pub(super) trip: Option<Trip>,
    pub(super) trips: u64,
    /// Metres ridden so far, rides that ended.
    pub(super) ridden_m: f64,
    /// Orders in hand, the one being served first.
    pub(super) jobs: VecDeque<OrderId>,
    /// Standing at the counter for this order.
    pub(super) at_counter: Option<OrderId>,
    /// Standing at this order's door.
    pub(super) at_door: Option<OrderId>,
    /// What the phone said last.
    pub(super) reported: Option<(Point, Timestamp)>,
    /// The phone says nothing until then.
    pub(super) silent_until: Option<Timestamp>,
    /// At work since then.
    pub(super) since: Option<Timestamp>,
    /// At work before.
    worked: SignedDuration,
    /// Their time is over: they take nothing new, and go when nothing is in hand.
    pub(super) leaves: bool,
}

/// A ride.
#[derive(Debug)]
pub(super) struct Trip {
    /// The line that is drawn.
    way: Route,
    /// Metres that are ridden: more than the line has where that goes straight.
    metres: f64,
    left_at: Timestamp,
    arrives_at: Timestamp,
    goal: Goal,
}

/// Where a ride leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Counter(OrderId),
    Door(OrderId),
    Home,
}

impl Courier {
    /// `since` when they are at work, if they are.
    pub(super) const fn new(vehicle: Vehicle, home: Point, at: Point, since: Option<Timestamp>, by_hand: bool) -> Self {
        let jobs = VecDeque::new();
        Self {
            vehicle,
            home,
            by_hand,
            at,
            trip: None,
            trips: 0,
            ridden_m: 0.0,
            jobs,
            at_counter: None,
            at_door: None,
            reported: None,
            silent_until: None,
            since,
            worked: SignedDuration::ZERO,
            leaves: false,
        }
    }

    /// They came to work or went.
    pub(super) fn note_shift(&mut self, now: Timestamp, on_shift: bool) {
        if on_shift {
            self.since.get_or_insert(now);
        } else if let Some(since) = self.since.take() {
            self.worked += now.duration_since(since);
        }
    }

    /// Hours at work until now.
    pub(super) fn worked_h(&self, now: Timestamp) -> f64 {
        let present = self.since.map_or(SignedDuration::ZERO, |since| now.duration_since(since));
        (self.worked + present).as_secs_f64() / 3_600.0
    }

    /// Ends the ride where they are.
    fn stop(&mut self, now: Timestamp) {
        self.at = self.here(now);
        if let Some(trip) = self.trip.take() {
            self.ridden_m += trip.metres * trip.share(now);
        }
    }

    /// Whether they ride for an order right now, or stand at its counter or door.
    fn serves(&self, order: OrderId) -> bool {
        let goal = self.trip.as_ref().map(|trip| trip.goal);
        goal == Some(Goal::Counter(order))
            || goal == Some(Goal::Door(order))
            || self.at_counter == Some(order)
            || self.at_door == Some(order)
    }

    /// Where they are.
    pub(super) fn here(&self, now: Timestamp) -> Point {
        let Some(trip) = &self.trip else { return self.at };
        trip.way.point_at(trip.way.distance_m * trip.share(now))
    }
}

impl Trip {
    /// Which part of the way is ridden.
    fn share(&self, now: Timestamp) -> f64 {
        let whole_s = self.arrives_at.duration_since(self.left_at).as_secs_f64();
        let ridden_s = now.duration_since(self.left_at).as_secs_f64();
        if whole_s > 0.0 { (ridden_s / whole_s).clamp(0.0, 1.0) } else { 1.0 }
    }
}

impl World {
    /// An order was given to a courier.
    pub(super) fn assigned(&mut self, now: Timestamp, id: CourierId, order: OrderId) {
        let Some(courier) = self.couriers.get_mut(&id) else { return };
        if !courier.jobs.contains(&order) {
            let comes_later = |job: &OrderId| {
                self.orders.get(job).zip(self.orders.get(&order)).is_some_and(|(it, known)| it.comes_after(known))
            };
            let place = courier.jobs.iter().position(comes_later).unwrap_or(courier.jobs.len());
            courier.jobs.insert(place, order);
        }
        let riding = courier.trip.as_ref().is_some_and(|trip| trip.goal != Goal::Home);
        if courier.jobs.len() == 1 && !riding {
            self.serve_next(now, id);
        }
    }

    /// An order ended or went to somebody else.
    pub(super) fn released(&mut self, now: Timestamp, id: CourierId, order: OrderId) {
        let Some(courier) = self.couriers.get_mut(&id) else { return };
        let served = courier.serves(order);
        courier.jobs.retain(|job| *job != order);
        if served {
            courier.stop(now);
            courier.at_counter = None;
            courier.at_door = None;
            self.serve_next(now, id);
        }
    }

    /// The courier turns to the next order in hand, or goes home after a while.
    pub(super) fn serve_next(&mut self, now: Timestamp, id: CourierId) {
        let Some(courier) = self.couriers.get(&id) else { return };
        if courier.jobs.is_empty() {
            if courier.leaves {
                return self.agenda.add(now, Deed::EndShift(id));
            }
            let at = self.after(now, 45.0, 150.0);
            return self.agenda.add(at, Deed::RideHome(id));
        }
        if let Some((goal, to)) = self.next_goal(courier) {
            self.set_off(now, id, goal, to);
        }
    }

    /// The counter, until all that was taken together with the first order in hand is on board; then its door.
    fn next_goal(&self, courier: &Courier) -> Option<(Goal, Point)> {
        let first = *courier.jobs.front()?;
        let known = self.orders.get(&first)?;
        let together = courier.jobs.iter().filter_map(|job| Some((*job, self.orders.get(job)?)));
        let mut waiting = together
            .filter(|(job, other)| *job == first || known.rides_with(other))
            .filter(|(_, other)| other.status != Status::PickedUp);
        let Some((order, known)) = waiting.next() else {
            return Some((Goal::Door(first), known.door));
        };
        let kitchen = self.app.restaurant(known.restaurant).ok()?;
        Some((Goal::Counter(order), kitchen.point))
    }

    /// A bag is on board, and goes before whatever was not taken together with it: on to the next bag, or to the door.
    pub(super) fn carry(&mut self, now: Timestamp, id: CourierId, order: OrderId) {
        let Some(known) = self.orders.get(&order) else { return };
        let Some(courier) = self.couriers.get_mut(&id) else { return };
        let together = |job: &OrderId| *job == order || self.orders.get(job).is_some_and(|it| known.rides_with(it));
        courier.jobs.make_contiguous().sort_by_key(|job| !together(job));
        courier.at_counter = None;
        self.serve_next(now, id);
    }

    fn set_off(&mut self, now: Timestamp, id: CourierId, goal: Goal, to: Point) {
        let detours = self.rng.random_range(0.92..1.28);
        let silent = self.chance(SILENT_RIDE);
        let travel = self.app.travel();
        let Some(courier) = self.couriers.get_mut(&id) else { return };
        let from = courier.here(now);
        let leg = travel.leg(self.city.id, from, to, courier.vehicle);
        #[expect(clippy::cast_precision_loss, reason = "seconds and metres within a city")]
        let (seconds, metres) = (leg.duration_s as f64, leg.distance_m as f64);
        #[expect(clippy::cast_possible_truncation, reason = "hours at most")]
        let takes = SignedDuration::from_millis((seconds * detours * 1_000.0) as i64);
        courier.trips += 1;
        courier.stop(now);
        // In whole metres, as ways are told.
        let line_m: f64 = leg.points.windows(2).map(|pair| pair[0].distance_m(pair[1])).sum();
        let way = Route { points: leg.points, distance_m: line_m.ceil() };
        courier.trip = Some(Trip { way, metres, left_at: now, arrives_at: now + takes, goal });
        if silent {
            courier.silent_until = Some(now + SignedDuration::from_secs(120));
        }
        self.agenda.add(now + takes, Deed::Reach(id, courier.trips));
    }

    pub(super) fn reach(&mut self, now: Timestamp, id: CourierId, trip: u64) {
        let Some(courier) = self.couriers.get_mut(&id).filter(|courier| courier.trips == trip) else {
            return;
        };
        courier.at = courier.here(now);
        let by_hand = courier.by_hand;
        let Some(trip) = courier.trip.take() else { return };
        courier.ridden_m += trip.metres;
        match trip.goal {
            Goal::Home => {}
            Goal::Counter(order) => {
                courier.at_counter = Some(order);
                let at = self.at_leisure(now, by_hand, 1.0, 5.0);
                self.agenda.add(at, Deed::Arrive(id, order));
            }
            Goal::Door(order) => {
                courier.at_door = Some(order);
                let at = self.at_leisure(now, by_hand, 30.0, 140.0);
                self.agenda.add(at, Deed::HandOver(id, order));
            }
        }
    }

    /// When a courier acts: soon, or when a player's time is over.
    fn at_leisure(&mut self, now: Timestamp, by_hand: bool, low_s: f64, high_s: f64) -> Timestamp {
        match self.manner.patience.filter(|_| by_hand) {
            Some(patience) => now + patience,
            None => self.after(now, low_s, high_s),
        }
    }

    pub(super) async fn arrive(&mut self, now: Timestamp, id: CourierId, order: OrderId) -> Result<(), Error> {
        if self.couriers.get(&id).is_some_and(|courier| courier.at_counter == Some(order)) {
            let view = self.app.arrive(&self.as_courier(id), order).await?;
            if view.status == Status::Ready {
                self.plan_pick_up(now, id, order);
            }
        }
        Ok(())
    }

    /// The food is at the counter; whoever stands there takes it.
    pub(super) fn food_ready(&mut self, now: Timestamp, order: OrderId) {
        let waiting = self.couriers.iter().find(|(_, courier)| courier.at_counter == Some(order)).map(|(id, _)| *id);
        if let Some(id) = waiting {
            self.plan_pick_up(now, id, order);
        }
    }

    fn plan_pick_up(&mut self, now: Timestamp, id: CourierId, order: OrderId) {
        let by_hand = self.couriers.get(&id).is_some_and(|courier| courier.by_hand);
        let at = self.at_leisure(now, by_hand, 15.0, 70.0);
        self.agenda.add(at, Deed::PickUp(id, order));
    }

    pub(super) async fn pick_up(&self, id: CourierId, order: OrderId) -> Result<(), Error> {
        let ready = self.orders.get(&order).is_some_and(|known| known.status == Status::Ready);
        if ready && self.couriers.get(&id).is_some_and(|courier| courier.at_counter == Some(order)) {
            let picked_up = MoveOrder { to: Some(Status::PickedUp), ..MoveOrder::default() };
            self.app.move_order(&self.as_courier(id), order, &picked_up).await?;
        }
        Ok(())
    }

    pub(super) async fn hand_over(&mut self, now: Timestamp, id: CourierId, order: OrderId) -> Result<(), Error> {
        let at_door = self.couriers.get(&id).is_some_and(|courier| courier.at_door == Some(order));
        let Some(known) = self.orders.get(&order).filter(|known| at_door && known.status == Status::PickedUp) else {
            return Ok(());
        };
        let customer = known.customer;
        let resident = self.city.residents.iter().any(|resident| resident.id == customer);
        let ctx = self.as_courier(id);
        if resident && self.chance(NOBODY_THERE) {
            let reason = Some("nobody-there".to_owned());
            let failed = MoveOrder { to: Some(Status::Failed), reason, ..MoveOrder::default() };
            self.app.move_order(&ctx, order, &failed).await?;
            return Ok(());
        }
        // The customer reads the code from their own screen and says it.
        let code = self.app.order(&self.as_customer(customer), order).await?.row.delivery_code;
        let misheard = resident && self.chance(MISHEARD);
        let said = if misheard { code.chars().rev().collect() } else { code.clone() };
        if said != code {
            let again = self.after(now, 6.0, 20.0);
            self.agenda.add(again, Deed::HandOver(id, order));
        }
        let delivered = MoveOrder { to: Some(Status::Delivered), code: Some(said), ..MoveOrder::default() };
        self.app.move_order(&ctx, order, &delivered).await?;
        Ok(())
    }

    pub(super) fn ride_home(&mut self, now: Timestamp, id: CourierId) {
        let Some(courier) = self.couriers.get(&id) else { return };
        let idle = courier.jobs.is_empty() && courier.trip.is_none();
        if idle && courier.at.distance_m(courier.home) > 150.0 {
            let home = courier.home;
            self.set_off(now, id, Goal::Home, home);
        }
    }
}
