//! Who could take an order by hand, first at the door first.

use domain::{courier::Vehicle, order::Status};
use jiff::SignedDuration;

use crate::town::Town;

#[tokio::test]
async fn everybody_is_reckoned_with_their_own_vehicle_all_the_way_to_the_door() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let walker = town.courier_with("Wali", "91234 56781", Vehicle::Foot).await;
    let rider = town.courier_with("Rani", "91234 56782", Vehicle::Motorcycle).await;
    let order = town.order(asha).await;
    town.accept(order).await;
    town.move_to(&town.cook(), order, Status::Ready, None).await;
    let found = town.app.order_candidates(&town.dispatcher(), order).await.unwrap();
    let [first, second] = &found.items[..] else { panic!("two candidates, not {:?}", found.items) };
    assert_eq!((first.courier.id, second.courier.id), (rider, walker));
    assert_eq!((first.pickup_s, second.pickup_s), (0, 0), "both stand at the counter");
    let longer = second.arrive_at.duration_since(first.arrive_at);
    assert!(longer > SignedDuration::from_mins(5), "the door is most of a kilometre away: {longer:?}");
    assert_eq!((first.reasons.first(), second.reasons.first()), (Some(&"best"), Some(&"free")));
}
