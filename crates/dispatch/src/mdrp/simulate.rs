//! A day lived through minute by minute: the planner is told what is known, and its instructions are carried out.
//!
//! The planner sees an order from the minute of its placement on. Who is under way is not diverted. If couriers may be
//! sent ahead, the planner is asked in every minute from the first shift on, for the first orders are long on their way to
//! whoever waits where the shift began.

use domain::id::{CourierId, OrderId};
use uuid::Uuid;

use super::{
    instance::{Instance, Spot},
    solution::{Assignment, Delivery, Leg, Solution, Stop},
};
use crate::planner::{Courier, Demand, Instruction, Order, Pickup, Planner, Settings, Situation, Time};

/// The power of the supply where couriers cannot be sent ahead: what they deliver must then spread them.
const SPREADING: f64 = 1.25;

/// How a day is served.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Everything random follows from it.
    pub seed: u64,
    /// Whether couriers may be sent to a restaurant before it is decided what they pick up.
    pub prepositioning: bool,
    /// Search steps for each open order in each minute.
    pub iterations: usize,
}

/// A courier in the course of the day.
#[derive(Clone, Copy, Debug)]
struct Rider {
    stop: Stop,
    free_at: Time,
    delivered: u32,
}

/// A day under way.
#[derive(Debug)]
pub struct Day<'a> {
    instance: &'a Instance,
    settings: Settings,
    planner: Planner,
    demand: Demand,
    riders: Vec<Rider>,
    /// Orders by their placement, and how many of them are known by now.
    by_placement: Vec<usize>,
    known: usize,
    open: Vec<usize>,
    now: Time,
    solution: Solution,
}

impl<'a> Day<'a> {
    /// The morning.
    pub fn new(instance: &'a Instance, manner: Manner) -> Self {
        let settings = settings(instance, manner);
        let restaurants = instance.restaurants.len();
        let mut by_placement: Vec<usize> = (0..instance.orders.len()).collect();
        by_placement.sort_by_key(|order| instance.orders[*order].placed_at);
        let rider = |courier: &super::Courier| Rider { stop: Stop::Start, free_at: courier.on_at, delivered: 0 };
        Self {
            planner: Planner::new(settings.clone(), manner.seed),
            settings,
            demand: if manner.prepositioning { Demand::guess(restaurants) } else { Demand::new(restaurants) },
            riders: instance.couriers.iter().map(rider).collect(),
            now: morning(instance),
            by_placement,
            known: 0,
            open: Vec::new(),
            solution: Solution {
                assignments: Vec::new(),
                deliveries: vec![None; instance.orders.len()],
                legs: vec![Vec::new(); instance.couriers.len()],
            },
            instance,
        }
    }

    /// Lives through one minute; false once nothing can happen any more.
    pub fn minute(&mut self) -> bool {
        let last = self.instance.couriers.iter().map(|courier| courier.off_at).max();
        if last.is_none_or(|last| self.now > last) {
            return false;
        }
        self.see_new_orders();
        if !self.open.is_empty() || self.settings.late_binding {
            for instruction in self.planner.round(&self.situation(), self.instance) {
                self.carry_out(&instruction);
            }
        }
        if self.known > 0 {
            self.demand.pass(1.0);
        }
        self.now += 1;
        true
    }

    /// What was done.
    pub fn solution(self) -> Solution {
        self.solution
    }

    fn see_new_orders(&mut self) {
        while let Some(order) = self.by_placement.get(self.known).copied() {
            if self.instance.orders[order].placed_at > self.now {
                return;
            }
            self.known += 1;
            self.open.push(order);
            self.demand.add(self.instance.orders[order].restaurant);
        }
    }

    fn situation(&self) -> Situation<Instance> {
        let restaurants = self.instance.restaurants.iter().enumerate();
        Situation {
            now: self.now,
            couriers: (0..self.riders.len()).filter_map(|number| self.courier(number)).collect(),
            orders: self.open.iter().map(|number| self.order(*number)).collect(),
            pickups: restaurants
                .map(|(number, it)| Pickup { place: it.spot, demand: self.demand.hourly(number) })
                .collect(),
        }
    }

    fn courier(&self, number: usize) -> Option<Courier<Instance>> {
        let (courier, rider) = (&self.instance.couriers[number], &self.riders[number]);
        let parameters = &self.instance.parameters;
        let guaranteed = parameters.guaranteed_hourly * courier.shift_minutes() / 60.0;
        let covered =
            if parameters.pay_per_order > 0.0 { guaranteed / parameters.pay_per_order } else { f64::INFINITY };
        (courier.off_at >= self.now).then(|| Courier {
            id: CourierId(id(number)),
            vehicle: (),
            place: self.spot(number, rider.stop),
            free_at: rider.free_at,
            stands_at: if let Stop::Restaurant(number) = rider.stop { Some(number) } else { None },
            off_at: courier.off_at,
            capacity: self.settings.bundle,
            within_guarantee: covered - f64::from(rider.delivered),
        })
    }

    fn order(&self, number: usize) -> Order<Instance> {
        let it = &self.instance.orders[number];
        Order {
            id: OrderId(id(number)),
            pickup: it.restaurant,
            door: it.spot,
            ready_at: it.ready_at,
            barred: Vec::new(),
            promised_to: None,
            held_since: None,
        }
    }

    fn spot(&self, courier: usize, stop: Stop) -> Spot {
        match stop {
            Stop::Start => self.instance.couriers[courier].spot,
            Stop::Restaurant(number) => self.instance.restaurants[number].spot,
            Stop::Door(number) => self.instance.orders[number].spot,
        }
    }

    fn carry_out(&mut self, instruction: &Instruction) {
        match instruction {
            Instruction::Move { courier, pickup } => {
                self.drive(number(courier.0), self.now, Stop::Restaurant(*pickup));
            }
            Instruction::Serve { courier, orders, .. } => {
                let orders: Vec<usize> = orders.iter().map(|order| number(order.0)).collect();
                self.serve(number(courier.0), orders);
            }
        }
    }

    /// Picks up and delivers.
    fn serve(&mut self, courier: usize, orders: Vec<usize>) {
        let instance = self.instance;
        let Some(restaurant) = orders.first().map(|order| instance.orders[*order].restaurant) else { return };
        if self.riders[courier].stop != Stop::Restaurant(restaurant) {
            self.drive(courier, self.now, Stop::Restaurant(restaurant));
        }
        let ready = orders.iter().map(|order| instance.orders[*order].ready_at).max().unwrap_or_default();
        let pickup_at = (self.riders[courier].free_at + self.settings.half_pickup).max(ready).max(self.now);
        self.riders[courier].free_at = pickup_at + self.settings.half_pickup;
        for order in &orders {
            self.drive(courier, self.riders[courier].free_at, Stop::Door(*order));
            let rider = &mut self.riders[courier];
            let dropoff_at = rider.free_at + self.settings.half_dropoff;
            rider.free_at = dropoff_at + self.settings.half_dropoff;
            rider.delivered += 1;
            self.solution.deliveries[*order] = Some(Delivery { pickup_at, dropoff_at, courier });
        }
        self.open.retain(|order| !orders.contains(order));
        self.solution.assignments.push(Assignment { assigned_at: self.now, pickup_at, courier, orders });
    }

    fn drive(&mut self, courier: usize, departs_at: Time, to: Stop) {
        use crate::planner::Travel as _;
        let from = self.riders[courier].stop;
        let way = self.instance.time(self.spot(courier, from), self.spot(courier, to), ());
        self.solution.legs[courier].push(Leg { departs_at, from, to });
        let rider = &mut self.riders[courier];
        rider.stop = to;
        rider.free_at = departs_at + way;
    }
}

/// When the first courier comes or the first order is placed.
fn morning(instance: &Instance) -> Time {
    let placed = instance.orders.iter().map(|order| order.placed_at);
    let comes = instance.couriers.iter().map(|courier| courier.on_at);
    placed.chain(comes).min().unwrap_or_default()
}

/// The planner's settings under the rules of the benchmark.
fn settings(instance: &Instance, manner: Manner) -> Settings {
    let parameters = &instance.parameters;
    // Half a service may be half a minute, and nobody is there before having arrived.
    let half = |service: Time| ((service + 1) / 2).max(1);
    let plain = Settings::with_minute(1);
    Settings {
        half_pickup: half(parameters.pickup_service),
        half_dropoff: half(parameters.dropoff_service),
        late_binding: manner.prepositioning,
        supply_power: if manner.prepositioning { plain.supply_power } else { SPREADING },
        iterations_per_order: manner.iterations,
        ..plain
    }
}

fn id(number: usize) -> Uuid {
    Uuid::from_u128(number as u128)
}

/// The number that `id` was made of.
fn number(id: Uuid) -> usize {
    id.as_u128() as usize
}
