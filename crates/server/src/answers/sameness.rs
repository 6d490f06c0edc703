//! Whether two answers tell the same. Some carry the moment at which they were made, and that alone makes no answer old.
//!
//! The moment is left out wherever it stands: what is overdue, for one, is expected at that very moment. Where a courier is
//! comes without events and is promised for half a minute, so it makes the tracking of an order no older either.

use cache::Namespace;
use serde_json::Value;

/// Whether a fresh answer tells the same as the one that was sent.
pub fn same(namespace: Namespace, sent: &[u8], fresh: &[u8]) -> bool {
    if namespace == Namespace::OrderStatus {
        let sent = placeless(sent);
        return sent.is_some() && sent == placeless(fresh);
    }
    let Some(member) = made_at(namespace) else { return sent == fresh };
    let sent = timeless(sent, member);
    sent.is_some() && sent == timeless(fresh, member)
}

/// The member that says when an answer was made.
const fn made_at(namespace: Namespace) -> Option<&'static str> {
    match namespace {
        Namespace::PopularItems
        | Namespace::RevenueAnalytics
        | Namespace::RestaurantPerformance
        | Namespace::CustomerInsights => Some("as_of"),
        Namespace::LiveOrders => Some("at"),
        _ => None,
    }
}

/// The tracking of an order without the place of its courier.
fn placeless(body: &[u8]) -> Option<Value> {
    let mut answer: Value = serde_json::from_slice(body).ok()?;
    if let Some(courier) = answer.get_mut("courier").and_then(Value::as_object_mut) {
        for member in ["lat", "lng", "fix_at"] {
            courier.remove(member);
        }
    }
    Some(answer)
}

/// An answer without the moment at which it was made.
fn timeless(body: &[u8], member: &str) -> Option<Value> {
    let mut answer: Value = serde_json::from_slice(body).ok()?;
    let moment = answer.get(member)?.clone();
    leave_out(&mut answer, &moment);
    Some(answer)
}

fn leave_out(value: &mut Value, moment: &Value) {
    if value == moment {
        *value = Value::Null;
        return;
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| leave_out(item, moment)),
        Value::Object(members) => members.values_mut().for_each(|member| leave_out(member, moment)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::same;
    use cache::Namespace;
    use serde_json::json;

    #[test]
    fn when_an_answer_was_made_makes_it_no_older() {
        let popular =
            |pieces: u32, as_of: &str| json!({ "items": [{ "quantity": pieces }], "as_of": as_of }).to_string();
        let same_as = |namespace, sent: &str, fresh: &str| same(namespace, sent.as_bytes(), fresh.as_bytes());
        let (noon, one) = ("2026-11-20T12:00:00Z", "2026-11-20T13:00:00Z");
        assert!(same_as(Namespace::PopularItems, &popular(3, noon), &popular(3, one)));
        assert!(!same_as(Namespace::PopularItems, &popular(3, noon), &popular(4, one)));
        // A menu carries no such moment, so there it would be part of what it tells.
        assert!(!same_as(Namespace::MenuItems, &popular(3, noon), &popular(3, one)));
        let board =
            |at: &str, estimate: &str| json!({ "at": at, "exceptions": [{ "estimate_at": estimate }] }).to_string();
        assert!(same_as(Namespace::LiveOrders, &board(noon, noon), &board(one, one)), "overdue all the time");
        assert!(!same_as(Namespace::LiveOrders, &board(noon, one), &board(one, one)), "overdue since");
        let tracked = |status: &str, lat: f64| {
            json!({ "status": status, "courier": { "name": "Kiran", "lat": lat } }).to_string()
        };
        assert!(same_as(Namespace::OrderStatus, &tracked("ready", 12.97), &tracked("ready", 12.98)));
        assert!(!same_as(Namespace::OrderStatus, &tracked("ready", 12.97), &tracked("picked_up", 12.97)));
        assert!(!same_as(Namespace::LiveOrders, "{}", "[]"), "what says no moment is not known to be the same");
    }
}
