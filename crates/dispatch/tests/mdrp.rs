//! The benchmark: a day computed by hand, rules that the evaluator must see broken, days at random, files that are wrong.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{fs, path::Path};

use dispatch::mdrp::{
    Courier, Day, Instance, Manner, Metrics, Order, Parameters, Restaurant, Solution, Spot, Stop, Violation, evaluate,
    read, write,
};
use proptest::prelude::*;

const PARAMETERS: &str = "meters_per_minute\tpickup service minutes\tdropoff service minutes\ttarget click-to-door\t\
                          maximum click-to-door\tpay per order\tguaranteed pay per hour\n100\t4\t4\t40\t90\t10\t15\n";
const RESTAURANTS: &str = "restaurant\tx\ty\nr1\t0\t0\n";
const COURIERS: &str = "courier\tx\ty\ton_time\toff_time\nc1\t1000\t0\t0\t120\n";
const ORDERS: &str = "order\tx\ty\tplacement_time\trestaurant\tready_time\n\
                      o1\t0\t1500\t10\tr1\t30\no2\t0\t1600\t12\tr1\t31\n";

/// A folder with the tiny day, of which one file may be another.
fn folder(other: Option<(&str, &str)>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("instance_parameters.txt", PARAMETERS),
        ("restaurants.txt", RESTAURANTS),
        ("couriers.txt", COURIERS),
        ("orders.txt", ORDERS),
    ];
    for (name, text) in files.into_iter().chain(other) {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn tiny() -> Instance {
    read(folder(None).path()).unwrap()
}

fn live(instance: &Instance, manner: Manner) -> Solution {
    let mut day = Day::new(instance, manner);
    while day.minute() {}
    day.solution()
}

fn manner(seed: u64, prepositioning: bool) -> Manner {
    Manner { seed, prepositioning, iterations: 5 }
}

/// The only courier is 10 minutes from the restaurant, the doors are 15 and 16 minutes beyond it and a minute apart. Both
/// orders go together: ready at 31, so the courier leaves at 19, picks up at 31, and is at the doors at 48 and 53.
#[test]
fn a_day_is_served_as_computed_by_hand() {
    let instance = tiny();
    let solution = live(&instance, manner(7, false));
    let [assignment] = solution.assignments.as_slice() else { panic!("{solution:?}") };
    assert_eq!((assignment.assigned_at, assignment.pickup_at, &assignment.orders), (19, 31, &vec![0, 1]));
    let dropped: Vec<_> = solution.deliveries.iter().flatten().map(|delivery| delivery.dropoff_at).collect();
    assert_eq!(dropped, [50, 55]);
    let metrics = evaluate(&instance, &solution).unwrap();
    let expected = Metrics {
        orders: 2,
        undelivered_pct: 0.0,
        click_to_door_mean: 41.5,
        click_to_door_p90: 42.7,
        ready_to_pickup_mean: 0.5,
        overage_mean: 1.5,
        beyond_most: 0,
        cost_per_order: 15.0,
        courier_utilisation: 38.0 / 120.0,
        orders_per_bundle: 2.0,
        moved_ahead: 0,
    };
    assert_eq!(metrics, expected);
}

#[test]
fn with_prepositioning_the_bundle_is_bound_only_at_the_counter() {
    let instance = tiny();
    let solution = live(&instance, manner(7, true));
    let metrics = evaluate(&instance, &solution).unwrap();
    assert_eq!((solution.assignments[0].assigned_at, solution.assignments[0].pickup_at), (31, 31));
    assert_eq!((metrics.moved_ahead, metrics.click_to_door_mean.to_bits()), (1, 41.5_f64.to_bits()));
}

/// Two couriers wait at the first restaurant, and nobody within ten minutes of the second. The first order comes after an
/// hour.
#[test]
fn with_prepositioning_couriers_spread_before_the_first_order() {
    let mut instance = tiny();
    instance.restaurants.push(Restaurant { name: "r2".into(), spot: Spot { x: 1_000.0, y: 0.0 } });
    instance.couriers[0].spot = instance.restaurants[0].spot;
    instance.couriers.push(Courier { name: "c2".into(), ..instance.couriers[0].clone() });
    for order in &mut instance.orders {
        (order.placed_at, order.ready_at) = (order.placed_at + 60, order.ready_at + 60);
    }
    let early = |prepositioning: bool| {
        let legs = live(&instance, manner(7, prepositioning)).legs;
        legs.into_iter().flatten().filter(|leg| leg.departs_at < 60).map(|leg| leg.to).collect::<Vec<_>>()
    };
    assert_eq!(early(false), []);
    assert_eq!(early(true), [Stop::Restaurant(1)]);
}

#[test]
fn a_solution_is_written_as_the_benchmark_reads_it() {
    let instance = tiny();
    let folder = tempfile::tempdir().unwrap();
    let paths = write(&instance, &live(&instance, manner(7, false)), &folder.path().join("out")).unwrap();
    let texts: Vec<_> = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert_eq!(texts[0], "assignment_time pickup_time courier orders\n19 31 c1 o1 o2\n");
    assert_eq!(
        texts[1],
        "order placement_time restaurant ready_time pickup_time dropoff_time courier\n\
         o1 10 r1 30 31 50 c1\no2 12 r1 31 31 55 c1\n"
    );
    assert_eq!(texts[2], "courier departure_time origin destination\nc1 19 0 r1\nc1 33 r1 o1\nc1 52 o1 o2\n");
    let paths = write(&instance, &live(&instance, manner(7, false)), &folder.path().join("mine.txt")).unwrap();
    assert!(paths[0].ends_with("mine.txt") && paths[2].ends_with("solution_info_couriers.txt"));
}

#[test]
fn an_order_that_is_ready_after_all_shifts_stays_undelivered() {
    let mut instance = tiny();
    instance.orders[1].ready_at = 121;
    let metrics = evaluate(&instance, &live(&instance, manner(7, false))).unwrap();
    assert_eq!(metrics.undelivered_pct.to_bits(), 50.0_f64.to_bits());
    instance.couriers.clear();
    let metrics = evaluate(&instance, &live(&instance, manner(7, false))).unwrap();
    assert_eq!(metrics.undelivered_pct.to_bits(), 100.0_f64.to_bits());
}

#[test]
fn every_broken_rule_is_seen() {
    type Break = fn(&mut Solution);
    let cases: [(Break, Violation); 12] = [
        (|it| it.deliveries.truncate(1), Violation::OtherInstance),
        (|it| it.assignments[0].orders.push(0), Violation::AssignedTwice("o1".into())),
        (|it| it.deliveries[1] = None, Violation::NotAsAssigned("o2".into())),
        (|it| it.assignments[0].assigned_at = 11, Violation::AssignedBeforePlaced("o2".into())),
        (|it| it.assignments[0].pickup_at = 30, Violation::PickedUpTooEarly("o2".into())),
        (|it| it.assignments[0].assigned_at = 32, Violation::PickedUpTooEarly("o1".into())),
        (|it| it.assignments[0].pickup_at = 121, Violation::OutsideShift("c1".into())),
        (|it| it.assignments[0].pickup_at = 32, Violation::NotAtRestaurant("o1".into())),
        (|it| it.legs[0][0].departs_at = 20, Violation::NotAtRestaurant("o1".into())),
        (|it| it.legs[0][2].departs_at = 47, Violation::InTwoPlaces("c1".into())),
        (|it| it.legs[0][2].from = Stop::Start, Violation::InTwoPlaces("c1".into())),
        (|it| it.deliveries[1].as_mut().unwrap().dropoff_at = 53, Violation::DroppedOffTooSoon("o2".into())),
    ];
    let instance = tiny();
    let good = live(&instance, manner(7, false));
    for (number, (spoil, expected)) in cases.into_iter().enumerate() {
        let mut solution = good.clone();
        spoil(&mut solution);
        assert_eq!(evaluate(&instance, &solution), Err(expected), "case {number}");
    }
}

#[test]
fn a_drop_off_without_the_courier_is_seen() {
    let instance = tiny();
    let mut solution = live(&instance, manner(7, false));
    solution.deliveries[0].as_mut().unwrap().dropoff_at = 48;
    solution.deliveries[1].as_mut().unwrap().dropoff_at = 56;
    assert_eq!(evaluate(&instance, &solution), Err(Violation::NotAtDoor("o1".into())));
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_place() {
    let header = "order\tx\ty\tplacement_time\trestaurant\tready_time\n";
    let orders = |rest: &str| format!("{header}{rest}");
    let cases = [
        ("orders.txt", orders("o1\t0\teast\t10\tr1\t30\n"), "orders.txt, line 2, column y: `east` is not a number"),
        ("orders.txt", orders("o1\t0\t1\t10\n"), "orders.txt, line 2: expected 6 columns separated by tabs, found 4"),
        ("orders.txt", orders("o1\t0\t1\t10\tr9\t30\n"), "line 2, column restaurant: `r9` is not in restaurants.txt"),
        ("orders.txt", orders("o1\t0\t1\t10\tr1\t9\n"), "column ready_time: `9` is before the order is placed"),
        ("orders.txt", orders("o1\t0\t1\t10.5\tr1\t30\n"), "`10.5` is not a whole number of minutes"),
        ("orders.txt", orders("o1\t0\tNaN\t10\tr1\t30\n"), "column y: `NaN` is not between -10000000 and 10000000"),
        (
            "orders.txt",
            orders("o1\t0\t1\t10\tr1\t30\n\no1\t0\t1\t10\tr1\t30\n"),
            "line 4, column order: `o1` occurs twice",
        ),
        ("orders.txt", orders("o 1\t0\t1\t10\tr1\t30\n"), "`o 1` is no name: it must be one word"),
        ("orders.txt", String::new(), "orders.txt: is empty: the first line must name the columns"),
        (
            "couriers.txt",
            "c1\t1000\t0\t0\t120\n".into(),
            "couriers.txt, line 1, column courier: `c1` expected the header",
        ),
        ("couriers.txt", "courier\tx\ty\ton_time\toff_time\nc1\t0\t0\t9\t8\n".into(), "`8` is before on_time"),
        (
            "couriers.txt",
            "courier\tx\ty\ton_time\toff_time\nc1\t0\t0\t-1\t8\n".into(),
            "`-1` is not between 0 and 2880",
        ),
        (
            "instance_parameters.txt",
            PARAMETERS.replace("\n100\t", "\n0\t"),
            "line 2, column meters_per_minute: `0` must be",
        ),
        ("instance_parameters.txt", PARAMETERS.repeat(2), "expected one line below the header, found 3"),
    ];
    for (file, text, expected) in cases {
        let folder = folder(Some((file, &text)));
        let error = read(folder.path()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let error = read(Path::new("/does/not/exist")).unwrap_err();
    assert!(error.to_string().contains("instance_parameters.txt: "), "{error}");
}

/// A small day of a small town, with services of any length, shifts that end early and more or less speed.
fn any_day() -> impl Strategy<Value = Instance> {
    let spot = || (-4_000.0..4_000.0_f64, -4_000.0..4_000.0_f64).prop_map(|(x, y)| Spot { x, y });
    let orders = proptest::collection::vec((spot(), 0..120_i32, 0..3_usize, 0..40_i32), 0..25);
    let couriers = proptest::collection::vec((spot(), 0..60_i32, 0..150_i32), 0..6);
    let restaurants = proptest::collection::vec(spot(), 3);
    (orders, couriers, restaurants, 150.0..600.0_f64, 0..7_i32, 0..7_i32).prop_map(
        |(orders, couriers, restaurants, metres_per_minute, pickup_service, dropoff_service)| Instance {
            name: "small".to_owned(),
            orders: (1..)
                .zip(orders)
                .map(|(number, (spot, placed_at, restaurant, cooks))| {
                    let ready_at = placed_at + cooks;
                    Order { name: format!("o{number}"), spot, placed_at, restaurant, ready_at }
                })
                .collect(),
            restaurants: (1..)
                .zip(restaurants)
                .map(|(number, spot)| Restaurant { name: format!("r{number}"), spot })
                .collect(),
            couriers: (1..)
                .zip(couriers)
                .map(|(number, (spot, on_at, shift))| Courier {
                    name: format!("c{number}"),
                    spot,
                    on_at,
                    off_at: on_at + shift,
                })
                .collect(),
            parameters: Parameters {
                metres_per_minute,
                pickup_service,
                dropoff_service,
                target_click_to_door: 40,
                most_click_to_door: 90,
                pay_per_order: 10.0,
                guaranteed_hourly: 15.0,
            },
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_day_keeps_the_rules_and_repeats_from_its_seed(
        instance in any_day(),
        seed in any::<u64>(),
        prepositioning in any::<bool>(),
    ) {
        let solution = live(&instance, manner(seed, prepositioning));
        let metrics = evaluate(&instance, &solution);
        prop_assert!(metrics.is_ok(), "{metrics:?}");
        prop_assert!(prepositioning || metrics.unwrap().moved_ahead == 0);
        prop_assert_eq!(live(&instance, manner(seed, prepositioning)), solution);
    }
}
