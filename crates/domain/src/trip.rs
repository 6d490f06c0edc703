//! What a courier has in hand: in which sequence it is served, and how many doors come before each.
//!
//! What is on board goes first. Orders that were taken together stay together and keep the sequence of doors that the
//! offer had, also while some of them still wait at the counter; of several such trips the one whose promise is nearest is
//! first. What is not on board follows as it was taken. Only what is still in hand counts: a door that was done, and an
//! order that was called off or given away, come before nobody any more. An order that joins a trip before anything of it is
//! on board counts as taken when the trip was.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::id::OrderId;

/// An order in hand, as far as the sequence needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InHand {
    /// Which.
    pub order_id: OrderId,
    /// When the courier took it.
    pub taken_at: Timestamp,
    /// The place among the doors of what was taken at the same time; none for an order that rides alone.
    pub stop: Option<i64>,
    /// The late end of its arrival.
    pub promised_at: Timestamp,
    /// Whether the food is on board.
    pub on_board: bool,
}

impl InHand {
    fn together_with(&self, other: &Self) -> bool {
        let one_trip = self.stop.is_some() && other.stop.is_some() && self.taken_at == other.taken_at;
        one_trip || self.order_id == other.order_id
    }
}

/// The orders in hand in the sequence in which they are served.
pub fn in_sequence(in_hand: &[InHand]) -> Vec<InHand> {
    let mut sequence = in_hand.to_vec();
    sequence.sort_by_cached_key(|order| {
        let trip = || in_hand.iter().filter(|other| order.together_with(other));
        let laden = trip().any(|other| other.on_board);
        let promised_at = trip().map(|other| other.promised_at).min();
        let first = if laden { promised_at } else { Some(order.taken_at) };
        (!laden, first, order.taken_at, order.stop, order.promised_at, order.order_id)
    });
    sequence
}

/// Whether all of it is one trip, or a single order.
pub fn is_one(in_hand: &[InHand]) -> bool {
    in_hand.iter().all(|order| in_hand.iter().all(|other| order.together_with(other)))
}

/// How many deliveries the courier makes before that of each order on board; 0 for the next one. Of an order that is not on
/// board it is not known: what is taken meanwhile may come before it.
pub fn doors_ahead(in_hand: &[InHand]) -> BTreeMap<OrderId, usize> {
    let sequence = in_sequence(in_hand);
    let on_board = sequence.iter().enumerate().filter(|(_, order)| order.on_board);
    on_board.map(|(ahead, order)| (order.order_id, ahead)).collect()
}

/// The orders before whose doors come others, or fewer or more of them, than before.
pub fn doors_moved(before: &[InHand], after: &[InHand]) -> Vec<OrderId> {
    let (before, after) = (doors_ahead(before), doors_ahead(after));
    after.iter().filter(|(order, ahead)| before.get(order) != Some(ahead)).map(|(order, _)| *order).collect()
}

#[cfg(test)]
mod tests {
    use super::{InHand, doors_ahead, doors_moved, in_sequence, is_one};
    use crate::id::OrderId;
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    fn id(number: u128) -> OrderId {
        OrderId(Uuid::from_u128(number))
    }

    fn minute(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    /// On board, taken in this minute and promised for that one.
    fn carried(number: u128, taken: i64, stop: Option<i64>, promised: i64) -> InHand {
        InHand { order_id: id(number), taken_at: minute(taken), stop, promised_at: minute(promised), on_board: true }
    }

    fn waiting(order: InHand) -> InHand {
        InHand { on_board: false, ..order }
    }

    fn served(in_hand: &[InHand]) -> Vec<OrderId> {
        in_sequence(in_hand).iter().map(|order| order.order_id).collect()
    }

    #[test]
    fn the_doors_of_a_trip_keep_their_sequence_whatever_was_promised() {
        let trip = [carried(3, 0, Some(3), 20), carried(1, 0, Some(1), 40), carried(2, 0, Some(2), 30)];
        assert_eq!(served(&trip), [id(1), id(2), id(3)]);
        assert_eq!(doors_ahead(&trip).into_values().collect::<Vec<_>>(), [0, 1, 2]);
    }

    #[test]
    fn what_is_done_or_called_off_comes_before_nobody_any_more() {
        let (first, second, third) =
            (carried(1, 0, Some(1), 20), carried(2, 0, Some(2), 30), carried(3, 0, Some(3), 40));
        assert_eq!(doors_ahead(&[second, third]).get(&id(2)), Some(&0), "the stop of the offer is still the second");
        assert_eq!(doors_ahead(&[first, third]).get(&id(3)), Some(&1));
        assert_eq!(doors_ahead(&[third]).get(&id(3)), Some(&0));
    }

    #[test]
    fn of_several_trips_the_one_whose_promise_is_nearest_is_first() {
        let alone = carried(1, 9, None, 30);
        let trip = [carried(2, 0, Some(1), 40), carried(3, 0, Some(2), 25)];
        assert_eq!(served(&[alone, trip[0], trip[1]]), [id(2), id(3), id(1)]);
        assert_eq!(
            doors_ahead(&[alone, trip[0]]).get(&id(1)),
            Some(&0),
            "the promise of what is done holds nothing up"
        );
    }

    #[test]
    fn a_bag_that_is_still_packed_for_the_same_trip_comes_before_its_later_doors() {
        let (first, second) = (waiting(carried(1, 0, Some(1), 30)), carried(2, 0, Some(2), 20));
        assert_eq!(served(&[second, first]), [id(1), id(2)]);
        assert_eq!(doors_ahead(&[second, first]).get(&id(2)), Some(&1));
        assert_eq!(doors_ahead(&[second, first]).get(&id(1)), None, "it is not on board");
    }

    #[test]
    fn what_was_taken_together_is_one_trip_and_what_was_taken_one_after_the_other_is_not() {
        let (first, second) = (carried(1, 0, Some(1), 20), carried(2, 0, Some(2), 30));
        assert!(is_one(&[first, second]));
        assert!(is_one(&[carried(1, 0, None, 20)]));
        assert!(!is_one(&[first, carried(3, 5, Some(1), 30)]), "two trips");
        assert!(!is_one(&[first, carried(3, 0, None, 30)]), "it rides alone");
    }

    #[test]
    fn what_waits_at_a_counter_follows_as_it_was_taken() {
        let (late, early, on_board) =
            (waiting(carried(1, 5, None, 20)), waiting(carried(2, 3, None, 60)), carried(3, 7, None, 90));
        assert_eq!(served(&[late, early, on_board]), [id(3), id(2), id(1)]);
        assert_eq!(doors_ahead(&[late, early]).len(), 0);
    }

    #[test]
    fn those_are_told_for_whom_the_number_of_doors_becomes_another() {
        let (first, second, alone) = (carried(1, 0, Some(1), 20), carried(2, 0, Some(2), 30), carried(3, 5, None, 60));
        let all = [first, second, alone];
        assert_eq!(doors_moved(&all, &[second, alone]), [id(2), id(3)], "a door is done");
        assert_eq!(doors_moved(&all, &[first, second]), [], "nobody comes after the last one");
        assert_eq!(doors_moved(&[first, second, waiting(alone)], &all), [id(3)], "it is on board now");
        let sooner = InHand { promised_at: minute(10), ..alone };
        assert_eq!(doors_moved(&all, &[first, second, sooner]), [id(1), id(2), id(3)], "another trip goes first");
        assert_eq!(doors_moved(&all, &all), []);
    }
}
