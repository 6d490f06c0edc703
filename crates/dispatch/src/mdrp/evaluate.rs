//! Checks a served day against the rules of the benchmark and measures it. Nothing here asks the planner or the simulation:
//! everything is computed again from the instance and the solution.

use std::collections::HashSet;

use super::{
    instance::{Instance, Spot},
    measure::{Metrics, measure},
    solution::{Assignment, Leg, Solution, Stop},
};
use crate::planner::{Time, Travel};

/// A broken rule. Orders and couriers are named as in the files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// Lists of another length than the instance has.
    #[error("the solution is about another instance")]
    OtherInstance,
    /// An order in two assignments, or twice in one.
    #[error("order {0} is assigned twice")]
    AssignedTwice(String),
    /// Orders of two restaurants, or of none, in one assignment.
    #[error("courier {0} has an assignment that is not of one restaurant")]
    NotOneRestaurant(String),
    /// A decision that knows the future.
    #[error("order {0} is assigned before it is placed")]
    AssignedBeforePlaced(String),
    /// Food that is not there yet.
    #[error("order {0} is picked up before it is ready or assigned")]
    PickedUpTooEarly(String),
    /// Work outside the shift.
    #[error("courier {0} works outside the shift")]
    OutsideShift(String),
    /// Delivery and assignment contradict each other.
    #[error("order {0} is not delivered as it was assigned")]
    NotAsAssigned(String),
    /// Two drop-offs without time for the service between them, or out of sequence.
    #[error("order {0} is dropped off too soon after the one before")]
    DroppedOffTooSoon(String),
    /// A ride that begins somewhere else than the last ended, or before.
    #[error("courier {0} is in two places")]
    InTwoPlaces(String),
    /// A pickup without the courier.
    #[error("order {0} is picked up without its courier at the restaurant")]
    NotAtRestaurant(String),
    /// A drop-off without the courier.
    #[error("order {0} is dropped off without its courier at the door")]
    NotAtDoor(String),
}

/// The figures of a day that keeps all rules.
pub fn evaluate(instance: &Instance, solution: &Solution) -> Result<Metrics, Violation> {
    if solution.deliveries.len() != instance.orders.len() || solution.legs.len() != instance.couriers.len() {
        return Err(Violation::OtherInstance);
    }
    let check = Check { instance, solution };
    check.assigned_once()?;
    for courier in 0..instance.couriers.len() {
        check.rides(courier)?;
    }
    for assignment in &solution.assignments {
        check.decision(assignment)?;
        check.deliveries(assignment)?;
    }
    Ok(measure(instance, solution))
}

struct Check<'a> {
    instance: &'a Instance,
    solution: &'a Solution,
}

impl Check<'_> {
    fn order_name(&self, order: usize) -> String {
        self.instance.orders[order].name.clone()
    }

    fn courier_name(&self, courier: usize) -> String {
        self.instance.couriers[courier].name.clone()
    }

    fn assigned_once(&self) -> Result<(), Violation> {
        let mut assigned = HashSet::new();
        for order in self.solution.assignments.iter().flat_map(|it| &it.orders) {
            if *order >= self.instance.orders.len() {
                return Err(Violation::OtherInstance);
            }
            if !assigned.insert(*order) {
                return Err(Violation::AssignedTwice(self.order_name(*order)));
            }
        }
        for (order, delivery) in self.solution.deliveries.iter().enumerate() {
            if delivery.is_some() != assigned.contains(&order) {
                return Err(Violation::NotAsAssigned(self.order_name(order)));
            }
        }
        let known = self.solution.assignments.iter().all(|it| it.courier < self.instance.couriers.len());
        if known { Ok(()) } else { Err(Violation::OtherInstance) }
    }

    /// Whether a courier drives from where they are, and within the shift.
    fn rides(&self, courier: usize) -> Result<(), Violation> {
        let mut at = Stop::Start;
        let mut since = self.instance.couriers[courier].on_at;
        for leg in &self.solution.legs[courier] {
            if leg.departs_at < self.instance.couriers[courier].on_at {
                return Err(Violation::OutsideShift(self.courier_name(courier)));
            }
            if leg.from != at || leg.departs_at < since {
                return Err(Violation::InTwoPlaces(self.courier_name(courier)));
            }
            (at, since) = (leg.to, leg.departs_at + self.way(courier, leg));
        }
        Ok(())
    }

    fn way(&self, courier: usize, leg: &Leg) -> Time {
        let spot = |stop| spot(self.instance, courier, stop);
        self.instance.time(spot(leg.from), spot(leg.to), ())
    }

    /// What could be known, and what may be picked up.
    fn decision(&self, assignment: &Assignment) -> Result<(), Violation> {
        let courier = &self.instance.couriers[assignment.courier];
        let restaurant = assignment.orders.first().map(|order| self.instance.orders[*order].restaurant);
        for number in &assignment.orders {
            let order = &self.instance.orders[*number];
            if assignment.assigned_at < order.placed_at {
                return Err(Violation::AssignedBeforePlaced(order.name.clone()));
            }
            if assignment.pickup_at < order.ready_at.max(assignment.assigned_at) {
                return Err(Violation::PickedUpTooEarly(order.name.clone()));
            }
            if Some(order.restaurant) != restaurant {
                return Err(Violation::NotOneRestaurant(courier.name.clone()));
            }
        }
        if assignment.pickup_at > courier.off_at || assignment.pickup_at < courier.on_at {
            return Err(Violation::OutsideShift(courier.name.clone()));
        }
        restaurant.map(|_| ()).ok_or_else(|| Violation::NotOneRestaurant(courier.name.clone()))
    }

    /// Whether the courier is there at the pickup and at each drop-off, with time for the service.
    fn deliveries(&self, assignment: &Assignment) -> Result<(), Violation> {
        let parameters = &self.instance.parameters;
        let Some(first) = assignment.orders.first() else { return Ok(()) };
        let restaurant = Stop::Restaurant(self.instance.orders[*first].restaurant);
        if !self.is_there(assignment.courier, assignment.pickup_at, restaurant, parameters.pickup_service) {
            return Err(Violation::NotAtRestaurant(self.order_name(*first)));
        }
        let mut earliest = assignment.pickup_at;
        for order in &assignment.orders {
            let expected =
                |it: &super::Delivery| it.courier == assignment.courier && it.pickup_at == assignment.pickup_at;
            let delivery = self.solution.deliveries[*order].filter(expected);
            let delivery = delivery.ok_or_else(|| Violation::NotAsAssigned(self.order_name(*order)))?;
            if delivery.dropoff_at < earliest {
                return Err(Violation::DroppedOffTooSoon(self.order_name(*order)));
            }
            if !self.is_there(assignment.courier, delivery.dropoff_at, Stop::Door(*order), parameters.dropoff_service) {
                return Err(Violation::NotAtDoor(self.order_name(*order)));
            }
            earliest = delivery.dropoff_at + parameters.dropoff_service;
        }
        Ok(())
    }

    /// Whether a courier arrived at a stop before a moment, and early enough for half a service, and leaves it only half a
    /// service later.
    fn is_there(&self, courier: usize, moment: Time, stop: Stop, service: Time) -> bool {
        let legs = &self.solution.legs[courier];
        let arrived = legs.iter().rposition(|leg| leg.departs_at + self.way(courier, leg) < moment);
        let Some(last) = arrived else { return false };
        let arrival = legs[last].departs_at + self.way(courier, &legs[last]);
        let left = legs.get(last + 1).map_or(Time::MAX, |leg| leg.departs_at);
        legs[last].to == stop
            && 2 * (moment - arrival) >= service
            && (left == Time::MAX || 2 * (left - moment) >= service)
    }
}

/// Where a stop is.
pub(super) fn spot(instance: &Instance, courier: usize, stop: Stop) -> Spot {
    match stop {
        Stop::Start => instance.couriers[courier].spot,
        Stop::Restaurant(number) => instance.restaurants[number].spot,
        Stop::Door(number) => instance.orders[number].spot,
    }
}
