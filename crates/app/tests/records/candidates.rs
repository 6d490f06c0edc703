//! Who could take an order by hand, first at the door first.

use app::couriers::CourierProfile;
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

#[tokio::test]
async fn who_never_said_where_they_are_is_silent_and_not_nobody() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let profile = CourierProfile { name: "Kiran".to_owned(), phone: None, vehicle: Vehicle::Scooter };
    let kiran = town.app.add_courier(&town.system(), town.city, &profile).await.unwrap();
    town.app.set_shift(&town.rider(kiran), kiran, true).await.unwrap();
    let order = town.order(asha).await;
    town.accept(order).await;
    let found = town.app.order_candidates(&town.dispatcher(), order).await.unwrap();
    assert!(found.items.is_empty());
    let why: Vec<_> = found.impossible.iter().map(|one| (one.reason, one.count)).collect();
    assert_eq!(why, [("silent", 1)]);
}

#[tokio::test]
async fn who_has_something_in_hand_comes_after_it_unless_it_waits_at_the_same_counter() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let orders = [town.order(asha).await, town.order(asha).await, town.order(asha).await];
    for order in orders {
        town.accept(order).await;
        town.move_to(&town.cook(), order, Status::Ready, None).await;
    }
    let [first, second, third] = orders;
    let read = async |order| town.app.order(&town.system(), order).await.unwrap().row;
    town.assign(first, kiran).await;
    town.assign(second, kiran).await;
    assert_eq!(read(second).await.first_mile_s, read(first).await.first_mile_s, "one way to the counter for both");
    for order in [first, second] {
        town.move_to(&town.rider(kiran), order, Status::PickedUp, None).await;
    }
    town.assign(third, kiran).await;
    let doors = [read(first).await, read(second).await].map(|row| row.eta_high).into_iter().max().unwrap();
    let until_free_s = (doors - town.system().now.as_microsecond()) / 1_000_000;
    assert!(read(third).await.first_mile_s.unwrap() > until_free_s, "both doors come before");
}
