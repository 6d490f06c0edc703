//! What those who had part in an order need not know of each other any more once it has ended. Staff keep seeing all of
//! it: whoever forgot something is helped by them.

use domain::{
    permission::{Actor, Role},
    quote::{Destination, Quote},
};
use store::orders::OrderRow;

use crate::tracking_links::coarse;

/// Takes from an ended order what is not the actor's any more: phones, and from the courier the door.
pub(super) fn part(actor: &Actor, row: &mut OrderRow, quote: &mut Quote) {
    let Some(role) = actor.user().map(|user| user.role) else { return };
    if matches!(role, Role::Restaurant | Role::Courier) {
        row.customer_phone = None;
    }
    if matches!(role, Role::Restaurant | Role::Customer) {
        row.courier_phone = None;
    }
    if role == Role::Courier {
        quote.destination = neighbourhood(&quote.destination);
    }
}

/// A door as somebody remembers it who was there once.
fn neighbourhood(door: &Destination) -> Destination {
    Destination {
        address_id: None,
        label: door.label.clone(),
        line1: door.locality.clone(),
        line2: None,
        landmark: None,
        instruction: None,
        pin: door.pin.clone(),
        point: coarse(door.point),
        zone_id: door.zone_id,
        locality: door.locality.clone(),
    }
}
