//! The rolling policy lets orders join what a courier goes to the same counter for already, by the rules of bundles.

use dispatch::{Errand, OnShift, OpenOrder, Policy, Promised, Proposal, Rolling, Round};
use domain::{courier::Vehicle, id::OrderId};

use crate::town::{KITCHEN, free, id, north, order, round, way_s};

/// A courier at the counter who has promised to fetch these, by number, door and time; the last door is theirs once free.
fn waiting(number: u128, vehicle: Vehicle, promised: &[(u128, f64, i64)]) -> OnShift {
    let orders = promised.iter().map(|(number, hundreds, ready_s)| Promised {
        id: id(*number),
        door: north(*hundreds),
        ready_s: *ready_s,
        held_s: (*ready_s <= 0).then_some(-ready_s),
    });
    let errand = Errand { counter: KITCHEN, from: KITCHEN, orders: orders.collect() };
    let at = errand.orders.last().map_or(KITCHEN, |last| last.door);
    OnShift { at, free_in_s: 1_500, in_hand: promised.len(), errand: Some(errand), ..free(number, vehicle, 0.0) }
}

fn proposed(round: &Round) -> Vec<Proposal> {
    Rolling.propose(round, &way_s)
}

/// What is asked of whom, with the whole trip.
fn asked(round: &Round) -> Vec<(u128, Vec<OrderId>, Vec<OrderId>)> {
    let asked = |it: Proposal| (it.courier.0.as_u128(), it.orders, it.trip);
    proposed(round).into_iter().map(asked).collect()
}

#[test]
fn an_order_joins_the_courier_who_waits_for_another_at_its_counter() {
    let couriers = vec![free(11, Vehicle::Scooter, -30.0), waiting(12, Vehicle::Scooter, &[(1, 20.0, 60)])];
    let behind = round(vec![order(2, 25.0, 90)], couriers.clone());
    assert_eq!(asked(&behind), [(12, vec![id(2)], vec![id(1), id(2)])]);
    assert_eq!(proposed(&behind)[0].pickup_s, 0, "they stand there");
    assert_eq!(proposed(&behind)[0].joins().collect::<Vec<_>>(), [id(1)]);
    let before = round(vec![order(2, 10.0, 90)], couriers);
    assert_eq!(asked(&before), [(12, vec![id(2)], vec![id(2), id(1)])], "the nearer door comes first");
    assert_eq!(proposed(&before), proposed(&before), "the same round gives the same proposals");
}

#[test]
fn who_is_under_way_is_joined_from_where_they_are() {
    let mut courier = waiting(12, Vehicle::Scooter, &[(1, 20.0, 0)]);
    courier.errand.as_mut().unwrap().from = north(-30.0);
    let under_way = round(vec![order(2, 25.0, 0)], vec![courier]);
    let proposals = proposed(&under_way);
    assert_eq!(proposals.len(), 1);
    assert_eq!(proposals[0].pickup_s, way_s(north(-30.0), KITCHEN, Vehicle::Scooter));
}

#[test]
fn nobody_is_asked_for_what_they_have_promised() {
    let couriers = vec![waiting(12, Vehicle::Scooter, &[(1, 20.0, 60)])];
    let mut elsewhere = order(2, 25.0, 90);
    elsewhere.pickup = north(5.0);
    assert_eq!(asked(&round(vec![elsewhere], couriers.clone())), [], "another counter");
    assert_eq!(asked(&round(Vec::new(), couriers)), []);
}

#[test]
fn it_needs_room_on_the_vehicle_and_four_are_the_most() {
    let joined = |vehicle, promised: &[(u128, f64, i64)], open: u128| {
        let orders = (11..11 + open).map(|number| order(number, 20.0, 0)).collect();
        let asked = asked(&round(orders, vec![waiting(9, vehicle, promised)]));
        asked.iter().map(|(_, orders, _)| orders.len()).collect::<Vec<_>>()
    };
    let (one, two) = ([(1, 20.0, 0)], [(1, 20.0, 0), (2, 20.0, 0)]);
    assert_eq!(joined(Vehicle::Bicycle, &one, 1), []);
    assert_eq!(joined(Vehicle::Scooter, &one, 2), [1]);
    assert_eq!(joined(Vehicle::Scooter, &two, 1), []);
    assert_eq!(joined(Vehicle::Car, &two, 5), [2]);
}

#[test]
fn what_is_promised_waits_for_no_newcomer_beyond_the_most() {
    let joined = |ready_s, most_delay_s| {
        let courier = waiting(12, Vehicle::Scooter, &[(1, 60.0, 0)]);
        !asked(&Round { most_delay_s, ..round(vec![order(2, 60.0, ready_s)], vec![courier]) }).is_empty()
    };
    assert!(joined(500, 600));
    assert!(!joined(700, 600), "the food of the newcomer comes too late");
    assert!(!joined(500, 400));
}

/// Food that is ready waits for a first companion, and while it does a second one comes along.
#[test]
fn what_waits_for_one_companion_after_another_waits_no_longer_than_for_one() {
    let joins = |promised: &[(u128, f64, i64)], ready_s| {
        let courier = waiting(12, Vehicle::Car, promised);
        !asked(&round(vec![order(3, 60.0, ready_s)], vec![courier])).is_empty()
    };
    assert!(joins(&[(1, 60.0, 0)], 400), "it waits for 400 seconds");
    assert!(joins(&[(1, 60.0, -300), (2, 60.0, 100)], 150), "and for 50 more");
    assert!(!joins(&[(1, 60.0, -300), (2, 60.0, 100)], 400), "but not for 300 more");
}

#[test]
fn what_cannot_leave_yet_counts_from_when_it_could() {
    let mut courier = waiting(12, Vehicle::Car, &[(1, 60.0, -300), (2, 60.0, 100)]);
    let errand = courier.errand.as_mut().unwrap();
    errand.from = north(-10.0);
    for promised in &mut errand.orders {
        promised.held_s = None;
    }
    assert_eq!(asked(&round(vec![order(3, 60.0, 400)], vec![courier])).len(), 1, "nobody is at the counter yet");
}

#[test]
fn what_has_become_late_by_itself_is_kept_but_nothing_joins_it() {
    let late = waiting(12, Vehicle::Car, &[(1, 20.0, 0), (2, 20.0, 900)]);
    assert_eq!(asked(&round(vec![order(3, 20.0, 0)], vec![late])), []);
}

#[test]
fn with_somebody_free_beside_the_counter_doors_that_lie_apart_are_not_joined() {
    let couriers = vec![free(11, Vehicle::Scooter, 0.5), waiting(12, Vehicle::Scooter, &[(1, 20.0, 0)])];
    let apart = round(vec![order(2, -20.0, 0)], couriers);
    assert_eq!(asked(&apart), [(11, vec![id(2)], vec![id(2)])]);
}

#[test]
fn food_that_has_waited_is_still_for_who_goes_there_anyway() {
    let couriers = vec![free(11, Vehicle::Scooter, -60.0), waiting(12, Vehicle::Scooter, &[(1, 20.0, 30)])];
    let waited = round(vec![order(2, 21.0, -200)], couriers);
    assert_eq!(asked(&waited).iter().map(|it| it.0).collect::<Vec<_>>(), [12]);
}

#[test]
fn whoever_is_at_rest_or_refused_is_not_joined() {
    let mut rests = waiting(12, Vehicle::Scooter, &[(1, 20.0, 60)]);
    rests.on_break = true;
    assert_eq!(asked(&round(vec![order(2, 20.0, 60)], vec![rests])), []);
    let couriers = vec![waiting(12, Vehicle::Scooter, &[(1, 20.0, 60)])];
    let refused = OpenOrder { refused_by: vec![couriers[0].id], ..order(2, 20.0, 60) };
    assert_eq!(asked(&round(vec![refused], couriers)), []);
}

#[test]
fn they_are_asked_before_what_they_wait_for_is_ready() {
    let asked_at = |promised_ready_s| {
        let courier = waiting(12, Vehicle::Scooter, &[(1, 20.0, promised_ready_s)]);
        asked(&round(vec![order(2, 20.0, 500)], vec![courier])).len()
    };
    assert_eq!(asked_at(150), 1, "they could be gone when the newcomer is due");
    assert_eq!(asked_at(400), 0, "there is time for somebody better");
}
