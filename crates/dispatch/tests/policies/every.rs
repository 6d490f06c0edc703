//! What holds of every policy, and where they differ.

use dispatch::{Batched, Errand, Nearest, OnShift, OpenOrder, Policy, Promised, Proposal, Rolling, Round, Strategy};
use domain::{
    courier::Vehicle,
    geo::Point,
    id::{CourierId, OrderId},
};
use proptest::{prelude::*, strategy::Strategy as _};
use uuid::Uuid;

use crate::town::{self, free, way_s};

fn order(number: u128, lng: f64, ready_s: i64) -> OpenOrder {
    let pickup = Point { lat: 12.97, lng };
    let door = Point { lat: 12.98, lng };
    OpenOrder { id: OrderId(Uuid::from_u128(number)), pickup, door, ready_s, unassigned_s: 0, refused_by: Vec::new() }
}

fn courier(number: u128, lng: f64) -> OnShift {
    OnShift { at: Point { lat: 12.97, lng }, ..free(number, Vehicle::Scooter, 0.0) }
}

fn round(orders: Vec<OpenOrder>, couriers: Vec<OnShift>) -> Round {
    Round { reach_s: 1_800, ..town::round(orders, couriers) }
}

/// One courier stands between two kitchens, the other far to one side: taking the nearest for the older order makes
/// the younger one wait for the far courier.
fn trap() -> Round {
    round(vec![order(1, 77.600, 0), order(2, 77.580, 0)], vec![courier(11, 77.595), courier(12, 77.612)])
}

fn total_s(policy: &dyn Policy, round: &Round) -> i64 {
    policy.propose(round, &way_s).iter().map(|proposal| proposal.pickup_s).sum()
}

#[test]
fn assigning_together_beats_assigning_in_turn() {
    assert!(total_s(&Batched, &trap()) < total_s(&Nearest, &trap()));
    assert!(total_s(&Rolling, &trap()) < total_s(&Nearest, &trap()));
}

#[test]
fn nobody_is_sent_long_before_the_food_is_ready() {
    let early = round(vec![order(1, 77.600, 1_800)], vec![courier(11, 77.601)]);
    assert!(Nearest.propose(&early, &way_s).is_empty());
    assert!(Batched.propose(&early, &way_s).is_empty());
    assert!(Rolling.propose(&early, &way_s).is_empty());
}

#[test]
fn a_far_courier_is_not_sent_because_the_near_one_need_not_leave_yet() {
    let couriers = || vec![courier(11, 77.601), courier(12, 77.640)];
    let early = round(vec![order(1, 77.600, 500)], couriers());
    let due = round(vec![order(1, 77.600, 130)], couriers());
    for policy in Strategy::ALL.map(Strategy::policy) {
        assert!(policy.propose(&early, &way_s).is_empty(), "{}", policy.name());
        let chosen: Vec<_> = policy.propose(&due, &way_s).iter().map(|proposal| proposal.courier).collect();
        assert_eq!(chosen, [CourierId(Uuid::from_u128(11))], "{}", policy.name());
    }
}

#[test]
fn a_refusal_is_remembered() {
    let mut again = round(vec![order(1, 77.600, 0)], vec![courier(11, 77.601), courier(12, 77.620)]);
    again.orders[0].refused_by.push(CourierId(Uuid::from_u128(11)));
    for policy in Strategy::ALL.map(Strategy::policy) {
        let proposals = policy.propose(&again, &way_s);
        assert_eq!(proposals.len(), 1, "{}", policy.name());
        assert_eq!(proposals[0].courier, CourierId(Uuid::from_u128(12)), "{}", policy.name());
    }
}

/// Every policy passes over who may not have the order, and takes the other, who is farther.
fn passed_over(change: impl Fn(&mut OnShift)) {
    let mut both = round(vec![order(1, 77.600, 0)], vec![courier(11, 77.601), courier(12, 77.620)]);
    change(&mut both.couriers[0]);
    for policy in Strategy::ALL.map(Strategy::policy) {
        let chosen: Vec<_> = policy.propose(&both, &way_s).iter().map(|proposal| proposal.courier).collect();
        assert_eq!(chosen, [CourierId(Uuid::from_u128(12))], "{}", policy.name());
    }
}

#[test]
fn who_rests_or_is_barred_is_offered_nothing() {
    passed_over(|courier| courier.on_break = true);
    passed_over(|courier| courier.barred = true);
}

#[test]
fn nothing_is_picked_up_after_the_end_of_the_shift() {
    passed_over(|courier| courier.shift_ends_s = Some(10));
    passed_over(|courier| courier.shift_ends_s = Some(-60));
    // Less than a courier is sent early by, and more than handing over takes.
    let enough = round(vec![order(1, 77.600, 0)], vec![OnShift { shift_ends_s: Some(120), ..courier(11, 77.601) }]);
    assert_eq!(Rolling.propose(&enough, &way_s).len(), 1);
}

#[test]
fn food_does_not_ride_for_longer_than_it_may() {
    let mut far = round(vec![order(1, 77.600, 0)], vec![courier(11, 77.601)]);
    far.orders[0].door = Point { lat: 13.2, lng: 77.600 };
    assert!(Rolling.propose(&far, &way_s).is_empty());
    far.couriers[0].vehicle = Vehicle::Scooter;
    far.most_bag_s = 7_200;
    assert_eq!(Rolling.propose(&far, &way_s).len(), 1);
}

#[test]
fn a_policy_is_found_by_the_name_that_decisions_carry() {
    for strategy in Strategy::ALL {
        assert_eq!(strategy.policy().name().parse(), Ok(strategy));
    }
    let unknown = "oracle".parse::<Strategy>().unwrap_err();
    assert_eq!(unknown, "`oracle` is no policy; there are nearest, batched, rolling");
}

/// Both orders are for the courier nearby; the one that is ready first goes first, and nobody far is sent for the other.
#[test]
fn the_rolling_policy_lets_an_order_wait_for_a_courier_who_will_be_near() {
    let both = round(vec![order(1, 77.600, 0), order(2, 77.600, 900)], vec![courier(11, 77.601), courier(12, 77.700)]);
    let proposals = Rolling.propose(&both, &way_s);
    assert_eq!(proposals.len(), 1, "{proposals:?}");
    assert_eq!(proposals[0].orders, [OrderId(Uuid::from_u128(1))]);
    assert_eq!(proposals, Rolling.propose(&both, &way_s));
}

/// Whoever stands at a closed door is free soon, round after round.
#[test]
fn food_does_not_wait_for_a_busy_courier_while_another_is_free() {
    let busy = OnShift { in_hand: 1, free_in_s: 90, ..courier(11, 77.600) };
    let asked = |ready_s, free_in_s| {
        let busy = OnShift { free_in_s, ..busy.clone() };
        let both = round(vec![order(1, 77.600, ready_s)], vec![busy, courier(12, 77.635)]);
        Rolling.propose(&both, &way_s).iter().map(|proposal| proposal.courier).collect::<Vec<_>>()
    };
    assert_eq!(asked(-60, 90), [], "it is worth a minute");
    assert_eq!(asked(-300, 90), [CourierId(Uuid::from_u128(12))]);
    assert_eq!(asked(-300, 0), [CourierId(Uuid::from_u128(12))], "who should be free by now is not");
    let alone = round(vec![order(1, 77.600, -300)], vec![busy.clone()]);
    assert_eq!(Rolling.propose(&alone, &way_s), [], "nobody else could fetch it sooner");
}

/// The counters of a round: few, so that orders share them.
const COUNTERS: [f64; 3] = [77.57, 77.60, 77.63];

/// What a courier goes for at one of the counters, with a door so far east.
fn errand(in_hand: usize, (counter, lng, ready_s): (usize, f64, i64)) -> Errand {
    let door = Point { lat: 12.98, lng };
    let held_s = (ready_s < 0).then_some(-ready_s);
    let promised = Promised { id: OrderId(Uuid::nil()), door, ready_s, held_s };
    let from = Point { lat: 12.97, lng };
    Errand { counter: Point { lat: 12.97, lng: COUNTERS[counter] }, from, orders: vec![promised; in_hand] }
}

fn any_order() -> impl proptest::strategy::Strategy<Value = OpenOrder> {
    (0..COUNTERS.len(), 77.55..77.65_f64, -600..1_200_i64).prop_map(|(counter, lng, ready_s)| OpenOrder {
        door: Point { lat: 12.98, lng },
        ..order(0, COUNTERS[counter], ready_s)
    })
}

fn any_courier() -> impl proptest::strategy::Strategy<Value = OnShift> {
    let vehicle = prop_oneof![Just(Vehicle::Bicycle), Just(Vehicle::Scooter), Just(Vehicle::Car)];
    let goes_for = proptest::option::of((0..COUNTERS.len(), 77.55..77.65_f64, -300..600_i64));
    let seen = (77.55..77.65_f64, 0..4_usize, any::<bool>(), 0..120_i64, vehicle, goes_for);
    seen.prop_map(|(lng, in_hand, offered, silent_s, vehicle, goes_for)| OnShift {
        vehicle,
        in_hand,
        offered,
        silent_s,
        free_in_s: if in_hand > 0 { 900 } else { 0 },
        errand: goes_for.filter(|_| in_hand > 0).map(|goes_for| errand(in_hand, goes_for)),
        ..courier(0, lng)
    })
}

/// A round in which everybody and everything has an id of its own.
fn any_round() -> impl proptest::strategy::Strategy<Value = Round> {
    let orders = proptest::collection::vec(any_order(), 0..8);
    let couriers = proptest::collection::vec(any_courier(), 0..8);
    (orders, couriers).prop_map(|(mut orders, mut couriers)| {
        for (number, order) in (1..).zip(&mut orders) {
            order.id = OrderId(Uuid::from_u128(number));
        }
        for (number, courier) in (100_u128..).zip(&mut couriers) {
            courier.id = CourierId(Uuid::from_u128(number));
            for (place, promised) in (0..).zip(courier.errand.iter_mut().flat_map(|errand| &mut errand.orders)) {
                promised.id = OrderId(Uuid::from_u128(1_000 * number + place));
            }
        }
        round(orders, couriers)
    })
}

/// Whether none of them occurs twice.
fn differ(orders: &[OrderId]) -> bool {
    orders.iter().enumerate().all(|(place, order)| !orders[..place].contains(order))
}

proptest! {
    #[test]
    fn nobody_is_asked_twice_and_nobody_unfit(round in any_round()) {
        for policy in Strategy::ALL.map(Strategy::policy) {
            let proposals = policy.propose(&round, &way_s);
            for (index, one) in proposals.iter().enumerate() {
                let courier = round.couriers.iter().find(|courier| courier.id == one.courier).unwrap();
                prop_assert!(!courier.offered && courier.silent_s <= 60);
                prop_assert!(!one.orders.is_empty());
                prop_assert!(courier.in_hand + one.orders.len() <= courier.vehicle.capacity());
                let asked = |it: &Proposal| {
                    it.courier == one.courier || it.orders.iter().any(|order| one.orders.contains(order))
                };
                prop_assert!(!proposals[..index].iter().any(asked));
                prop_assert!(differ(&one.orders) && differ(&one.trip));
            }
        }
    }

    #[test]
    fn a_trip_is_what_is_asked_for_and_all_or_nothing_of_what_its_courier_goes_for(round in any_round()) {
        for policy in Strategy::ALL.map(Strategy::policy) {
            for one in policy.propose(&round, &way_s) {
                let courier = round.couriers.iter().find(|courier| courier.id == one.courier).unwrap();
                prop_assert!(one.orders.iter().all(|order| one.trip.contains(order)));
                prop_assert!(one.trip.len() <= courier.vehicle.capacity());
                let own: Vec<OrderId> =
                    courier.errand.iter().flat_map(|errand| &errand.orders).map(|order| order.id).collect();
                let joined: Vec<OrderId> = one.joins().collect();
                prop_assert!(joined.iter().all(|order| own.contains(order)));
                prop_assert!(joined.is_empty() || joined.len() == own.len());
            }
        }
    }
}
