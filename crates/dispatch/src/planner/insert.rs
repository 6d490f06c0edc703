//! The cheapest place for an order in a plan.
//!
//! A place is a bundle of its own between two bundles of any courier, or any position within a bundle of the same kitchen.
//! Nothing comes before what is promised already. Couriers are tried by their arrival at the kitchen, and passed over when
//! even an undisturbed ride would cost more than the best place so far.

use rand::Rng;

use super::{
    Time,
    board::{Board, narrow},
    evaluate,
    plan::{Bundle, Plan, Route},
};

/// Of the couriers, this part is passed over at random, so that a search does not always end in the same place.
const BLINK: f64 = 0.02;

/// A place for an order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) rider: usize,
    /// Which bundle it becomes or joins.
    number: usize,
    /// The bundle as it would be.
    bundle: Bundle,
    joins: bool,
    /// What the plan would cost more, in ticks.
    pub(super) extra: f64,
}

/// Couriers by their arrival at each kitchen, and what no place in their route can undercut.
#[derive(Clone, Debug)]
pub(super) struct Inserter {
    /// For each kitchen the couriers with their arrival there, earliest first.
    arrivals: Vec<Vec<(Time, u16)>>,
    /// The dearest place at which anybody can be, in ticks: no insertion can save more.
    dearest: f64,
}

impl Inserter {
    pub(super) fn new(board: &Board) -> Self {
        let arrivals = (0..board.pickup_numbers.len()).map(|pickup| {
            let pickup = narrow(pickup);
            let mut couriers: Vec<_> =
                (0..board.riders.len()).map(|rider| (board.arrival(rider, pickup), narrow(rider))).collect();
            couriers.sort_unstable();
            couriers
        });
        let values = board.ways.iter().flat_map(|ways| ways.value.iter().copied());
        Self { arrivals: arrivals.collect(), dearest: board.settings.location * values.fold(0.0, f64::max) }
    }

    /// The cheapest place for an order; with a generator, some couriers are passed over at random.
    pub(super) fn cheapest(
        &self,
        board: &Board,
        plan: &Plan,
        order: u16,
        mut random: Option<&mut impl Rng>,
    ) -> Option<Spot> {
        let meal = &board.meals[usize::from(order)];
        let mut best: Option<Spot> = None;
        for (arrival, rider) in &self.arrivals[usize::from(meal.pickup)] {
            let limit = best.map_or(f64::INFINITY, |spot| spot.extra);
            let rider = usize::from(*rider);
            let ready = meal.ready_at;
            // Rounded ways can break the triangle inequality, by a minute at most.
            let pickup_at = (arrival - board.settings.minute + board.settings.half_pickup).max(ready);
            let ride = board.ways_of(rider).last_mile(order);
            let late = f64::from(pickup_at - ready + board.settings.half_pickup + ride + board.settings.half_dropoff);
            if late - self.dearest >= limit {
                break;
            }
            let saving = saving(board, plan, rider, order);
            if meal.barred.get(rider) == Some(&true) || late - saving >= limit {
                continue;
            }
            if random.as_mut().is_some_and(|random| random.random::<f64>() < BLINK) {
                continue;
            }
            cheapest_of_rider(board, &plan.routes[rider], rider, order, saving, &mut best);
        }
        best
    }
}

/// What the route can save by ending at the door of the order, in ticks.
fn saving(board: &Board, plan: &Plan, rider: usize, order: u16) -> f64 {
    let it = &board.riders[rider];
    let value = &board.ways_of(rider).value;
    let end = plan.routes[rider].end();
    if end.time > it.off_at {
        return 0.0;
    }
    board.settings.location * it.price * (value[end.place] - value[board.door(order)]).max(0.0)
}

fn cheapest_of_rider(board: &Board, route: &Route, rider: usize, order: u16, saving: f64, best: &mut Option<Spot>) {
    let pickup = board.meals[usize::from(order)].pickup;
    let single = Bundle::single(board, order);
    let mut consider = |number: usize, bundle: Bundle, joins: bool, next: usize| {
        let Some(stop) = evaluate::serve(board, rider, route.stop(number), &bundle) else { return };
        // What the order and its companions cost; those behind them can only add to it.
        let late = f64::from(stop.late - route.stop(next).late);
        if best.is_some_and(|best| late - saving >= best.extra) {
            return;
        }
        let Some(end) = evaluate::finish(board, rider, route, stop, next) else { return };
        let extra = evaluate::cost(board, rider, end, route.orders + 1) - route.cost;
        if best.is_none_or(|best| extra < best.extra) {
            *best = Some(Spot { rider, number, bundle, joins, extra });
        }
    };
    if !route.is_full() {
        let first = usize::from(route.bundles().first().is_some_and(Bundle::is_begun));
        for number in first..=route.bundles().len() {
            consider(number, single, false, number);
        }
    }
    let capacity = board.riders[rider].capacity;
    for (number, bundle) in route.bundles().iter().enumerate() {
        if bundle.pickup == pickup && bundle.len() < capacity {
            for position in 0..=bundle.len() {
                consider(number, bundle.with(board, order, position), true, number + 1);
            }
        }
    }
}

impl Spot {
    /// Puts the order there.
    pub(super) fn take(&self, board: &Board, plan: &mut Plan, order: u16) {
        let route = &mut plan.routes[self.rider];
        // Both were driven when the place was judged.
        if self.joins {
            route.replace(board, self.rider, self.number, self.bundle);
        } else {
            route.insert(board, self.rider, self.number, self.bundle);
        }
        plan.owners[usize::from(order)] = narrow(self.rider);
    }
}
