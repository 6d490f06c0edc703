//! Orders that were taken together: one trip, of which each can leave until its pickup.

use std::collections::HashMap;

use app::{
    events::hub::Topic,
    orders::{ByHand, MoveOrder},
};
use domain::{
    courier::Vehicle,
    id::{CourierId, OrderId},
    order::Status,
    rule::Rule,
};
use store::{Statement, Tx, args};

use crate::{
    bundles::Counter,
    town::{KITCHEN, Town, broken},
};

static TRIP: Statement = Statement::new(
    "test.TRIP",
    "UPDATE orders SET stop = $2, courier_at = (SELECT MIN(o.courier_at) FROM orders o WHERE o.courier_id = $3) WHERE id = $1",
);
static SCORED: Statement = Statement::new(
    "test.SCORED",
    "SELECT part, CAST(SUM(orders) AS BIGINT) FROM arrival_scores GROUP BY part ORDER BY part",
);

/// Of how many orders each part was scored.
pub(crate) async fn scored(town: &Town) -> HashMap<String, i64> {
    let scored: Vec<(String, i64)> = town.app.db.all(&SCORED, args![]).await.unwrap();
    scored.into_iter().collect()
}

#[tokio::test]
async fn accepting_twice_answers_an_order_that_is_still_in_hand() {
    let counter = Counter::new().await;
    counter.accepts().await.unwrap();
    let lata = counter.lata().await;
    counter.town.assign(counter.first, lata).await;
    let kiran = counter.town.rider(counter.kiran);
    let again = counter.town.app.accept_offer(&kiran, counter.offer, None).await.unwrap();
    assert_eq!(again.row.id, counter.second);
}

#[tokio::test]
async fn giving_an_order_to_who_has_it_keeps_the_trip_together() {
    let counter = Counter::new().await;
    counter.accepts().await.unwrap();
    let before = counter.row(counter.second).await;
    counter.town.assign(counter.second, counter.kiran).await;
    let after = counter.row(counter.second).await;
    assert_eq!((after.stop, after.detour_s, after.courier_at), (Some(2), Some(120), before.courier_at));
    assert_eq!(counter.row(counter.first).await.stop, Some(1));
}

#[tokio::test]
async fn what_is_on_board_stays_marked_when_the_other_one_leaves() {
    let counter = Counter::new().await;
    counter.accepts().await.unwrap();
    counter.town.move_to(&counter.town.rider(counter.kiran), counter.second, Status::PickedUp, None).await;
    counter.calls_off(counter.first).await;
    let on_board = counter.row(counter.second).await;
    assert!(on_board.stop.is_some(), "its way tells nothing of straight ways");
    assert_eq!(on_board.detour_s, Some(0), "no other door is before it any more");
}

#[tokio::test]
async fn the_second_customer_does_not_see_the_door_of_the_first() {
    let counter = Counter::new().await;
    counter.accepts().await.unwrap();
    let (town, kiran) = (&counter.town, counter.town.rider(counter.kiran));
    for order in [counter.first, counter.second] {
        town.move_to(&kiran, order, Status::PickedUp, None).await;
    }
    town.wait(60);
    town.seen(counter.kiran).await;
    let customer = town.customer(counter.row(counter.first).await.customer_id);
    let mut heard = town.app.hub.listen(Topic::Position(counter.second));
    town.wait(10);
    town.seen(counter.kiran).await;
    let live = heard.recv().await.unwrap();
    for (order, exact) in [(counter.first, true), (counter.second, false)] {
        let told = town.app.position_told(&customer, order, &live).await.unwrap();
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        let polled: serde_json::Value =
            serde_json::from_slice(&town.app.tracking_answer(order).await.unwrap().body).unwrap();
        let shown = town.app.order(&customer, order).await.unwrap().courier_at.unwrap().0;
        for lat in [told["lat"].as_f64(), polled["courier"]["lat"].as_f64(), Some(shown.lat)].map(Option::unwrap) {
            assert_eq!((lat - KITCHEN.lat).abs() < 1e-9, exact, "{lat}");
            assert!((lat - KITCHEN.lat).abs() < 0.001_4, "{lat}");
        }
        assert_eq!(town.app.order(&kiran, order).await.unwrap().courier_at.unwrap().0, KITCHEN, "his own place");
    }
    let code = counter.row(counter.first).await.delivery_code;
    town.move_to(&kiran, counter.first, Status::Delivered, Some(code)).await;
    let shown = town.app.order(&customer, counter.second).await.unwrap().courier_at.unwrap().0;
    assert_eq!(shown, KITCHEN, "hers is the next door now");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_an_order_that_is_called_off_while_it_is_taken_nothing_is_left_in_the_trip() {
    for _ in 0..8 {
        let counter = Counter::new().await;
        let (accepted, ()) = tokio::join!(counter.accepts(), counter.calls_off(counter.first));
        let second = counter.row(counter.second).await;
        let holder = accepted.is_ok().then_some(counter.kiran);
        assert_eq!((second.courier_id, second.stop, second.detour_s), (holder, None, None));
    }
}

#[tokio::test]
async fn until_the_pickup_one_can_change_hands_and_the_other_stays() {
    let counter = Counter::new().await;
    counter.accepts().await.unwrap();
    let desk = counter.town.dispatcher();
    counter.town.app.release_order(&desk, counter.first, "too heavy").await.unwrap();
    assert_eq!(counter.holders().await, [None, Some(counter.kiran)]);
    let alone = counter.row(counter.second).await;
    assert_eq!((alone.stop, alone.detour_s), (None, None));
    counter.town.move_to(&counter.town.rider(counter.kiran), counter.second, Status::PickedUp, None).await;
    let lata = counter.lata().await;
    let frozen =
        counter.town.app.assign_order(&desk, counter.second, lata, ByHand { note: "nearer", beyond_room: false }).await;
    assert_eq!(broken(frozen).0, Rule::IllegalTransition);
}

#[tokio::test]
async fn one_that_is_called_off_on_the_way_to_the_counter_leaves_the_other_alone() {
    let counter = Counter::new().await;
    counter.accepts().await.unwrap();
    counter.calls_off(counter.first).await;
    let alone = counter.row(counter.second).await;
    assert_eq!((alone.courier_id, alone.stop, alone.detour_s), (Some(counter.kiran), None, None));
}

#[tokio::test]
async fn who_falls_silent_before_the_counter_loses_all_of_it() {
    let counter = Counter::new().await;
    counter.town.app.write_positions().await.unwrap();
    counter.accepts().await.unwrap();
    counter.town.wait(11 * 60);
    counter.town.app.reconcile_once(false).await.unwrap();
    assert_eq!(counter.holders().await, [None, None]);
}

/// Three orders in one car, taken together.
async fn car_of_three() -> (Town, CourierId, Vec<OrderId>) {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier_with("Kiran", "91234 56789", Vehicle::Car).await;
    for _ in 0..3 {
        let order = town.order(asha).await;
        town.accept(order).await;
        town.move_to(&town.cook(), order, Status::Ready, None).await;
    }
    assert_eq!(town.round().await, 1);
    let offer = town.only_offer(kiran).await;
    assert_eq!(offer.orders.len(), 3);
    town.app.accept_offer(&town.rider(kiran), offer.row.id, None).await.unwrap();
    (town, kiran, offer.orders)
}

async fn trip(town: &Town, orders: &[OrderId]) -> Vec<(Option<i64>, Option<i64>)> {
    let mut places = Vec::new();
    for order in orders {
        let row = town.app.order(&town.system(), *order).await.unwrap().row;
        places.push((row.stop, row.detour_s));
    }
    places
}

#[tokio::test]
async fn the_doors_after_one_that_is_called_off_come_sooner() {
    let (town, _, orders) = Box::pin(car_of_three()).await;
    assert_eq!(trip(&town, &orders).await, [(Some(1), Some(0)), (Some(2), Some(120)), (Some(3), Some(240))]);
    town.app.release_order(&town.dispatcher(), orders[0], "too much").await.unwrap();
    assert_eq!(trip(&town, &orders).await, [(None, None), (Some(1), Some(0)), (Some(2), Some(120))]);
    town.app.release_order(&town.dispatcher(), orders[2], "too much").await.unwrap();
    assert_eq!(trip(&town, &orders).await, [(None, None), (None, None), (None, None)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_three_whom_two_leave_at_once_the_last_rides_alone() {
    for _ in 0..4 {
        let (town, kiran, orders) = Box::pin(car_of_three()).await;
        let (desk, reason) = (town.dispatcher(), Some("other".to_owned()));
        let cancelled = MoveOrder { to: Some(Status::Cancelled), reason, ..MoveOrder::default() };
        let called_off = town.app.move_order(&desk, orders[0], &cancelled);
        let (called_off, released) =
            tokio::join!(called_off, town.app.release_order(&desk, orders[1], "the bag is too large"));
        called_off.unwrap();
        released.unwrap();
        let last = town.app.order(&town.system(), orders[2]).await.unwrap().row;
        assert_eq!((last.courier_id, last.stop, last.detour_s), (Some(kiran), None, None));
    }
}

#[tokio::test]
async fn what_rides_along_arrives_after_the_food_that_the_courier_waits_for() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let mut orders = Vec::new();
    for _ in 0..2 {
        let order = town.order(asha).await;
        town.accept(order).await;
        orders.push(order);
    }
    town.move_to(&town.cook(), orders[0], Status::Ready, None).await;
    let ready = async || town.app.order(&town.system(), orders[0]).await.unwrap().row;
    for order in &orders {
        town.assign(*order, kiran).await;
    }
    town.app.arrive(&town.rider(kiran), orders[0]).await.unwrap();
    let eta = async |together: bool| {
        let stop = together.then_some(1_i64);
        let tx = orders.iter().fold(Tx::new("trip"), |tx, order| tx.guard(1, &TRIP, args![*order, stop, kiran]));
        town.app.db.commit(tx).await.unwrap();
        town.app.watch_arrivals(&town.system(), town.city).await.unwrap();
        ready().await.eta_high
    };
    let (alone, together) = (eta(false).await, eta(true).await);
    assert!(together > alone + 8 * 60_000_000, "{alone} {together}");
}

#[tokio::test]
async fn one_way_to_the_counter_is_learned_once_and_a_way_over_other_doors_never() {
    let counter = Counter::new().await;
    counter.accepts().await.unwrap();
    let (town, kiran) = (&counter.town, counter.town.rider(counter.kiran));
    for order in [counter.first, counter.second] {
        town.app.arrive(&kiran, order).await.unwrap();
        town.move_to(&kiran, order, Status::PickedUp, None).await;
    }
    for order in [counter.first, counter.second] {
        let code = counter.row(order).await.delivery_code;
        town.move_to(&kiran, order, Status::Delivered, Some(code)).await;
    }
    town.app.consume_all().await.unwrap();
    let scored = scored(town).await;
    let of = |part: &str| scored.get(part).copied();
    assert_eq!((of("total"), of("preparation")), (Some(2), Some(2)), "{scored:?}");
    assert_eq!((of("first_mile"), of("assignment"), of("last_mile")), (Some(1), Some(1), None), "{scored:?}");
}

#[tokio::test]
async fn doors_before_make_an_order_later_also_where_both_were_given_by_hand() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let (one, other) = (town.order(asha).await, town.order(asha).await);
    for order in [one, other] {
        town.accept(order).await;
        town.assign(order, kiran).await;
        town.move_to(&town.cook(), order, Status::Ready, None).await;
    }
    let read = async |order| town.app.order(&town.system(), order).await.unwrap();
    for order in [one, other] {
        town.move_to(&town.rider(kiran), order, Status::PickedUp, None).await;
    }
    let (first, second) = (read(one).await, read(other).await);
    assert_eq!((first.doors_ahead, second.doors_ahead), (Some(0), Some(1)));
    let later_s = (second.row.eta_high - first.row.eta_high) / 1_000_000;
    assert!(later_s >= 120, "two minutes at the first door: {later_s}");
}
