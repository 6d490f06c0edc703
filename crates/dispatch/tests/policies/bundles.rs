//! The rolling policy lets orders of one kitchen ride together where that helps and nobody's food suffers.

use dispatch::{OnShift, Policy, Proposal, Rolling, Round};
use domain::{courier::Vehicle, id::OrderId};

use crate::town::{free, id, north, order, round, way_s};

fn courier(number: u128, vehicle: Vehicle) -> OnShift {
    free(number, vehicle, 0.0)
}

fn proposed(round: &Round) -> Vec<Proposal> {
    Rolling.propose(round, &way_s)
}

fn bundles(round: &Round) -> Vec<Vec<OrderId>> {
    proposed(round).into_iter().map(|proposal| proposal.orders).collect()
}

#[test]
fn two_orders_of_one_kitchen_ride_together_and_the_nearer_door_comes_first() {
    let both = round(vec![order(1, 20.0, 0), order(2, 10.0, 0)], vec![courier(11, Vehicle::Scooter)]);
    assert_eq!(bundles(&both), [[id(2), id(1)]]);
    assert_eq!(proposed(&both), proposed(&both), "the same round gives the same proposals");
}

#[test]
fn orders_of_different_kitchens_do_not() {
    let mut both = round(vec![order(1, 20.0, 0), order(2, 10.0, 0)], vec![courier(11, Vehicle::Scooter)]);
    both.orders[1].pickup = north(1.0);
    assert_eq!(bundles(&both).iter().map(Vec::len).collect::<Vec<_>>(), [1]);
}

#[test]
fn a_bundle_is_as_large_as_the_room_on_the_vehicle() {
    let carried = |vehicle, in_hand| {
        let orders = (1..=6).map(|number| order(number, 10.0, 0)).collect();
        let courier = OnShift { in_hand, ..courier(11, vehicle) };
        bundles(&round(orders, vec![courier])).iter().map(Vec::len).collect::<Vec<_>>()
    };
    assert_eq!(carried(Vehicle::Bicycle, 0), [1]);
    assert_eq!(carried(Vehicle::Scooter, 0), [2]);
    assert_eq!(carried(Vehicle::Scooter, 1), [1]);
    assert_eq!(carried(Vehicle::Car, 0), [4]);
    assert_eq!(carried(Vehicle::Car, 1), [3]);
}

#[test]
fn nobody_gets_what_they_refused_as_part_of_a_bundle() {
    let mut both = round(vec![order(1, 20.0, 0), order(2, 10.0, 0)], vec![courier(11, Vehicle::Scooter)]);
    both.orders[0].refused_by.push(both.couriers[0].id);
    assert_eq!(bundles(&both), [[id(2)]]);
}

#[test]
fn food_does_not_ride_for_too_long_because_it_shares_the_way() {
    let far = |most_bag_s| {
        let both = round(vec![order(1, 40.0, 0), order(2, -40.0, 0)], vec![courier(11, Vehicle::Scooter)]);
        bundles(&Round { most_bag_s, most_delay_s: 7_200, ..both }).iter().map(Vec::len).collect::<Vec<_>>()
    };
    // Over one door to the other are twelve kilometres: half an hour and two minutes at the first door.
    assert_eq!(far(2_100), [2]);
    assert_eq!(far(1_800), [1]);
}

#[test]
fn food_that_is_ready_does_not_wait_for_a_companion_that_is_not() {
    let wait = |most_delay_s| {
        let both = round(vec![order(1, 40.0, 0), order(2, 40.0, 400)], vec![courier(11, Vehicle::Scooter)]);
        bundles(&Round { most_delay_s, ..both })
    };
    assert_eq!(wait(120), [[id(1)]], "it leaves alone");
    assert_eq!(wait(600), Vec::<Vec<OrderId>>::new(), "it leaves with the other, later");
}

#[test]
fn with_enough_couriers_nobody_waits_for_a_companion_door() {
    let couriers = (11..=14).map(|number| courier(number, Vehicle::Scooter)).collect();
    let apart = round(vec![order(1, 20.0, 0), order(2, -20.0, 0)], couriers);
    assert_eq!(bundles(&apart).iter().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
}
