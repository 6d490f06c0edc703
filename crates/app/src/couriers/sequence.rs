//! Orders in hand as rows, brought into the sequence in which their courier serves them.

use std::collections::HashMap;

use domain::{
    id::OrderId,
    trip::{self, InHand},
};
use store::orders::OrderRow;

use crate::context::moment;

/// A row as the sequence needs it.
pub(crate) fn in_hand(row: &OrderRow) -> InHand {
    InHand {
        order_id: row.id,
        taken_at: moment(row.courier_at.unwrap_or(row.placed_at)),
        stop: row.stop,
        promised_at: moment(row.eta_high),
        on_board: row.picked_up_at.is_some(),
    }
}

/// Sorts the orders in hand as [`trip::in_sequence`] says.
pub(crate) fn in_sequence(rows: &mut [OrderRow]) {
    let all: Vec<InHand> = rows.iter().map(in_hand).collect();
    let places: HashMap<OrderId, usize> =
        trip::in_sequence(&all).iter().enumerate().map(|(place, order)| (order.order_id, place)).collect();
    rows.sort_by_key(|row| places.get(&row.id).copied());
}
