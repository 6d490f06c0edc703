//! In which order a courier serves what is in hand.
//!
//! What is on board goes first. Orders that were taken together keep the sequence that the offer had; of several such
//! trips the one whose promise is nearest is first. What still waits at a counter follows as it was taken.

use store::orders::OrderRow;

/// Sorts the orders in hand.
pub(crate) fn in_sequence(in_hand: &mut [OrderRow]) {
    let promises: Vec<_> = in_hand.iter().map(|order| (order.courier_at, order.stop, order.eta_high)).collect();
    let trip_promise = |order: &OrderRow| {
        let together = promises.iter().filter(|(at, stop, _)| stop.is_some() && *at == order.courier_at);
        let earliest = together.map(|(_, _, eta_high)| *eta_high).min();
        order.stop.and(earliest).unwrap_or(order.eta_high)
    };
    in_hand.sort_by_cached_key(|order| match order.picked_up_at {
        Some(_) => (false, trip_promise(order), order.stop, order.eta_high, order.id),
        None => (true, order.courier_at.unwrap_or(order.placed_at), order.stop, order.eta_high, order.id),
    });
}
