//! The doors to which a courier goes before that of an order on board.

use domain::geo::Point;
use store::orders::OrderRow;

use crate::{couriers::in_sequence, dispatching::drop_of};

/// What comes before an order once it is on board.
#[derive(Clone, Debug, Default)]
pub(crate) struct Before {
    /// The doors, in the sequence in which they are served.
    pub(crate) doors: Vec<Point>,
    /// The courier still waits for the food of one of them.
    pub(crate) waits: bool,
}

impl Before {
    /// Of an order that is on board, or is about to be, among all that its courier has in hand.
    pub(crate) fn of(row: &OrderRow, mut in_hand: Vec<OrderRow>) -> Self {
        for own in in_hand.iter_mut().filter(|other| other.id == row.id) {
            own.picked_up_at = own.picked_up_at.or(Some(i64::MAX));
        }
        in_sequence(&mut in_hand);
        // Only what is on board, or was taken together with something that is, comes before it.
        let first = || in_hand.iter().take_while(|other| other.id != row.id);
        Self { doors: first().filter_map(drop_of).collect(), waits: first().any(|other| other.picked_up_at.is_none()) }
    }
}
