//! What serving a bundle takes, and what a route costs.
//!
//! The cost of a route is, in ticks: drop-off less ready, over its orders; the price of where the courier ends; the price
//! of the work; the price of orders beyond the guaranteed pay. Nothing may be picked up after the end of the shift.

use super::{
    Time,
    board::Board,
    fresh,
    plan::{Bundle, Route, Stop},
};

/// The courier after a bundle, or `None` if it would be picked up too late or would not stay fresh. What is promised
/// already is kept, however late it has become.
pub(super) fn serve(board: &Board, rider: usize, from: Stop, bundle: &Bundle) -> Option<Stop> {
    let settings = board.settings;
    let ways = board.ways_of(rider);
    let pickup_at = pickup_at(board, rider, from, bundle);
    let fits = || pickup_at <= board.riders[rider].off_at && fresh::stays(board, rider, from, pickup_at, bundle);
    if !bundle.is_settled() && !fits() {
        return None;
    }
    let orders = bundle.orders();
    let service = 2 * settings.half_dropoff;
    let (first, rest) = orders.split_first()?;
    let way = ways.last_mile(*first);
    let mut time = pickup_at + settings.half_pickup + way + service;
    let mut work = from.work + approach(board, rider, from, bundle.pickup) + 2 * settings.half_pickup + way + service;
    let mut late = from.late + time - settings.half_dropoff - board.meals[usize::from(*first)].ready_at;
    let mut last = *first;
    for order in rest {
        let way = ways.between(last, *order);
        time += way + service;
        work += way + service;
        late += time - settings.half_dropoff - board.meals[usize::from(*order)].ready_at;
        last = *order;
    }
    Some(Stop { time, place: board.door(last), late, work })
}

/// When a bundle would be picked up.
pub(super) fn pickup_at(board: &Board, rider: usize, from: Stop, bundle: &Bundle) -> Time {
    (arrival(board, rider, from, bundle.pickup) + board.settings.half_pickup).max(bundle.ready_at).max(board.now)
}

/// When the courier would be at a kitchen.
pub(super) fn arrival(board: &Board, rider: usize, from: Stop, pickup: u16) -> Time {
    if from.place == rider {
        board.arrival(rider, pickup)
    } else {
        from.time + board.ways_of(rider).to_pickup(from.place, pickup)
    }
}

/// The way to the kitchen; none for who stands there.
fn approach(board: &Board, rider: usize, from: Stop, pickup: u16) -> Time {
    if from.place == rider && board.riders[rider].stands_at == Some(pickup) {
        return 0;
    }
    board.ways_of(rider).to_pickup(from.place, pickup)
}

/// The end of a route if it went on from `from` with the bundle `next` and those behind it.
pub(super) fn finish(board: &Board, rider: usize, route: &Route, from: Stop, next: usize) -> Option<Stop> {
    let mut stop = from;
    for (number, bundle) in route.bundles().iter().enumerate().skip(next) {
        stop = serve(board, rider, stop, bundle)?;
        let before = route.stop(number + 1);
        if stop.time == before.time {
            // From here on everything happens as before.
            let end = route.end();
            return Some(Stop {
                late: stop.late + end.late - before.late,
                work: stop.work + end.work - before.work,
                ..end
            });
        }
    }
    Some(stop)
}

/// What a route costs that ends like this after so many orders.
pub(super) fn cost(board: &Board, rider: usize, end: Stop, orders: usize) -> f64 {
    let settings = board.settings;
    let it = &board.riders[rider];
    let place = if end.time <= it.off_at { settings.location * board.ways_of(rider).value[end.place] } else { 0.0 };
    let orders = f64::from(u16::try_from(orders).unwrap_or(u16::MAX));
    let beyond = (orders - it.within_guarantee.max(0.0)).max(0.0);
    f64::from(end.late)
        + it.price * (place + settings.work * f64::from(end.work))
        + settings.beyond_guarantee * f64::from(settings.minute) * beyond
}
