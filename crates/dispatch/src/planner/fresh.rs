//! Whether the orders of a bundle stay fresh: none rides for too long, and none comes much later than it would alone.
//!
//! An order alone is not judged here: whoever may not carry it is barred from it. What waits for companions counts from when
//! it could have left without any of them, also over several rounds.

use super::{
    Time,
    board::Board,
    evaluate,
    plan::{Bundle, Stop},
};

/// Whether all of a bundle that is picked up then stay fresh.
pub(super) fn stays(board: &Board, rider: usize, from: Stop, pickup_at: Time, bundle: &Bundle) -> bool {
    let settings = board.settings;
    if bundle.len() < 2 || (settings.most_bag == Time::MAX && settings.most_delay == Time::MAX) {
        return true;
    }
    let ways = board.ways_of(rider);
    let at_counter = evaluate::arrival(board, rider, from, bundle.pickup) + settings.half_pickup;
    let mut ridden = 0;
    let mut last = None;
    bundle.orders().iter().all(|order| {
        let straight = ways.last_mile(*order);
        ridden += last.map_or(straight, |last| 2 * settings.half_dropoff + ways.between(last, *order));
        last = Some(*order);
        let meal = &board.meals[usize::from(*order)];
        let could_leave = meal.held_since.unwrap_or_else(|| at_counter.max(meal.ready_at).max(board.now));
        let alone = could_leave + straight;
        ridden <= settings.most_bag && pickup_at + ridden - alone <= settings.most_delay
    })
}
