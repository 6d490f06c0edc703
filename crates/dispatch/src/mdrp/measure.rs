//! The benchmark's figures of a served day.

use super::{evaluate::spot, instance::Instance, solution::Solution};
use crate::planner::{Time, Travel};

/// The figures of a day. Times are minutes, means over the delivered orders.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Metrics {
    /// Orders of the day.
    pub orders: usize,
    /// Part of them that nobody delivered, in percent.
    pub undelivered_pct: f64,
    /// From placement to drop-off.
    pub click_to_door_mean: f64,
    /// The same, exceeded by one order in ten.
    pub click_to_door_p90: f64,
    /// From ready to pickup.
    pub ready_to_pickup_mean: f64,
    /// How much longer than the target, 0 for those within it.
    pub overage_mean: f64,
    /// Orders beyond the longest click-to-door that should occur.
    pub beyond_most: usize,
    /// Pay of all couriers for each delivered order.
    pub cost_per_order: f64,
    /// Part of the shift spent on driving and service, mean over the couriers.
    pub courier_utilisation: f64,
    /// Orders picked up together.
    pub orders_per_bundle: f64,
    /// Assignments decided after the courier had left for the restaurant: the prepositioning variant.
    pub moved_ahead: usize,
}

/// Measures a day.
pub(super) fn measure(instance: &Instance, solution: &Solution) -> Metrics {
    let delivered = || {
        let pairs = instance.orders.iter().zip(&solution.deliveries);
        pairs.filter_map(|(order, delivery)| Some((order, delivery.as_ref()?)))
    };
    let mut click_to_door: Vec<Time> = delivered().map(|(order, it)| it.dropoff_at - order.placed_at).collect();
    click_to_door.sort_unstable();
    let count = click_to_door.len();
    let parameters = &instance.parameters;
    let over = |most: Time| click_to_door.iter().map(move |it| (it - most).max(0));
    Metrics {
        orders: instance.orders.len(),
        undelivered_pct: 100.0 * ratio(float(instance.orders.len() - count), instance.orders.len()),
        click_to_door_mean: mean(click_to_door.iter().copied(), count),
        click_to_door_p90: quantile(&click_to_door, 0.9),
        ready_to_pickup_mean: mean(delivered().map(|(order, it)| it.pickup_at - order.ready_at), count),
        overage_mean: mean(over(parameters.target_click_to_door), count),
        beyond_most: over(parameters.most_click_to_door).filter(|it| *it > 0).count(),
        cost_per_order: ratio(pay(instance, solution), count),
        courier_utilisation: utilisation(instance, solution),
        orders_per_bundle: ratio(float(count), solution.assignments.len()),
        moved_ahead: moved_ahead(instance, solution),
    }
}

/// What the couriers earn: for each the larger of the pay for the orders and the guarantee.
fn pay(instance: &Instance, solution: &Solution) -> f64 {
    let parameters = &instance.parameters;
    let mut delivered = vec![0_usize; instance.couriers.len()];
    for delivery in solution.deliveries.iter().flatten() {
        delivered[delivery.courier] += 1;
    }
    let earned = instance.couriers.iter().zip(delivered).map(|(courier, delivered)| {
        let guaranteed = parameters.guaranteed_hourly * courier.shift_minutes() / 60.0;
        guaranteed.max(parameters.pay_per_order * float(delivered))
    });
    earned.sum()
}

fn utilisation(instance: &Instance, solution: &Solution) -> f64 {
    let parameters = &instance.parameters;
    let mut busy = vec![0; instance.couriers.len()];
    for (courier, legs) in solution.legs.iter().enumerate() {
        let place = |stop| spot(instance, courier, stop);
        busy[courier] = legs.iter().map(|leg| instance.time(place(leg.from), place(leg.to), ())).sum();
    }
    for assignment in &solution.assignments {
        let drops: Time = assignment.orders.iter().map(|_| parameters.dropoff_service).sum();
        busy[assignment.courier] += parameters.pickup_service + drops;
    }
    let shares = instance.couriers.iter().zip(busy).filter(|(courier, _)| courier.off_at > courier.on_at);
    let shares: Vec<f64> = shares.map(|(courier, busy)| f64::from(busy) / courier.shift_minutes()).collect();
    ratio(shares.iter().sum(), shares.len())
}

fn moved_ahead(instance: &Instance, solution: &Solution) -> usize {
    let ahead = |assignment: &&super::Assignment| {
        let legs = &solution.legs[assignment.courier];
        let place = |stop| spot(instance, assignment.courier, stop);
        let arrives = |leg: &super::Leg| leg.departs_at + instance.time(place(leg.from), place(leg.to), ());
        let last = legs.iter().rfind(|leg| arrives(leg) < assignment.pickup_at);
        last.is_some_and(|leg| leg.departs_at < assignment.assigned_at)
    };
    solution.assignments.iter().filter(ahead).count()
}

fn mean(values: impl Iterator<Item = Time>, count: usize) -> f64 {
    ratio(f64::from(values.sum::<Time>()), count)
}

/// A quantile of sorted values, interpolated between neighbours.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the length of the list")]
fn quantile(sorted: &[Time], part: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let position = part * float(last);
    let low = position as usize;
    let (one, next) = (f64::from(sorted[low]), f64::from(sorted[(low + 1).min(last)]));
    one + (next - one) * position.fract()
}

fn ratio(sum: f64, count: usize) -> f64 {
    if count == 0 { 0.0 } else { sum / float(count) }
}

#[expect(clippy::cast_precision_loss, reason = "thousands at most")]
fn float(count: usize) -> f64 {
    count as f64
}
