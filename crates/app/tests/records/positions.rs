//! Where Kiran is: what a phone says, what is kept of it, and what follows.

use app::{App, Ctx, Entropy, Settings, live::ExceptionKind, orders::MoveOrder, positions::Fix};
use domain::{geo::Point, id::CourierId, order::Status, permission::Actor};
use jiff::SignedDuration;
use std::sync::Arc;
use store::{args, couriers};

use crate::town::{DOOR, KITCHEN, Town, broken, is_missing};

/// So many metres north of the kitchen.
fn north(metres: f64) -> Point {
    Point { lat: KITCHEN.lat + metres / 111_195.0, ..KITCHEN }
}

fn fix(ctx: &Ctx, point: Point) -> Fix {
    Fix { lat: point.lat, lng: point.lng, accuracy_m: 8.0, at: ctx.now, mocked: false }
}

impl Town {
    /// What the phone of a courier says is refused with.
    async fn says(&self, courier: CourierId, fixes: &[Fix]) -> Vec<&'static str> {
        let reported = self.app.report_positions(&self.rider(courier), courier, fixes).await.unwrap();
        reported.refused.into_iter().map(|refused| refused.1).collect()
    }

    /// Ten seconds later the phone says where its owner is, and is believed.
    async fn rides_to(&self, courier: CourierId, point: Point) {
        self.wait(10);
        let here = fix(&self.rider(courier), point);
        assert!(self.says(courier, &[here]).await.is_empty());
    }

    /// What the database knows.
    async fn stored(&self, courier: CourierId) -> couriers::CourierRow {
        self.app.db.one(&couriers::FIND, args![courier]).await.unwrap()
    }

    async fn arrivals_are_noted(&self) {
        self.app.note_arrivals(&self.app.ctx(Actor::System)).await.unwrap();
    }
}

#[tokio::test]
async fn a_position_is_known_at_once_and_written_a_moment_later() {
    let town = Town::new().await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    town.rides_to(kiran, north(300.0)).await;
    let known = town.app.courier(&town.rider(kiran), kiran).await.unwrap().row;
    assert_eq!(known.lat, Some(north(300.0).lat));
    assert_eq!(town.stored(kiran).await.lat, None, "reports touch no database");
    town.app.write_positions().await.unwrap();
    assert_eq!(town.stored(kiran).await.lat, Some(north(300.0).lat));
    let node = town.other_node(Settings::default(), Arc::new(Entropy::from_seed(9))).await;
    let near = |app: &App| app.nearest_couriers(&town.system(), town.city, KITCHEN, (5, 1_000.0), |_| true);
    assert_eq!(near(&node).len(), 1, "read back at the start");
    assert!((near(&town.app)[0].distance_m - 300.0).abs() < 1.0);
    node.db.close().await;
}

#[tokio::test]
async fn of_two_nodes_the_newest_fix_wins_whoever_writes_last() {
    let town = Town::new().await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let node = town.other_node(Settings::default(), Arc::new(Entropy::from_seed(9))).await;
    town.wait(10);
    let older = fix(&town.rider(kiran), north(100.0));
    node.report_positions(&town.rider(kiran), kiran, &[older]).await.unwrap();
    town.rides_to(kiran, north(200.0)).await;
    town.app.write_positions().await.unwrap();
    node.write_positions().await.unwrap();
    assert_eq!(town.stored(kiran).await.lat, Some(north(200.0).lat));
    let seen = node.courier(&town.rider(kiran), kiran).await.unwrap().row;
    assert_eq!(seen.lat, Some(north(200.0).lat), "the other node learns it from the database");
    node.db.close().await;
}

#[tokio::test]
async fn many_couriers_are_written_together() {
    let town = Town::new().await;
    let mut riders = Vec::new();
    for number in 0..19 {
        riders.push(town.courier("Rider", &format!("91234 500{number:02}")).await);
    }
    town.wait(10);
    for (rider, metres) in riders.iter().zip([10.0, 20.0, 30.0].into_iter().cycle()) {
        town.says(*rider, &[fix(&town.rider(*rider), north(metres))]).await;
    }
    town.app.write_positions().await.unwrap();
    for (rider, metres) in riders.iter().zip([10.0, 20.0, 30.0].into_iter().cycle()) {
        assert_eq!(town.stored(*rider).await.lat, Some(north(metres).lat));
    }
}

#[tokio::test]
async fn a_report_takes_what_is_good_and_names_the_rest() {
    let town = Town::new().await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    town.wait(60);
    let ctx = town.rider(kiran);
    let good = fix(&ctx, north(50.0));
    let before = |seconds| ctx.now - SignedDuration::from_secs(seconds);
    let said = [
        good,
        Fix { lng: 200.0, ..good },
        Fix { accuracy_m: 501.0, ..good },
        Fix { at: ctx.now + SignedDuration::from_secs(31), ..good },
        Fix { at: before(25 * 3_600), ..good },
        Fix { at: before(60), ..good },
        Fix { at: before(5), ..fix(&ctx, north(40.0)) },
        Fix { at: before(4), ..fix(&ctx, north(4_000.0)) },
        Fix { at: before(3), mocked: true, ..good },
    ];
    let mut refused = town.app.report_positions(&ctx, kiran, &said).await.unwrap().refused;
    refused.sort_unstable();
    let wrong = [
        (1, "off-the-globe"),
        (2, "inaccurate"),
        (3, "from-the-future"),
        (4, "too-old"),
        (5, "not-newer"),
        (7, "jump"),
        (8, "mocked"),
    ];
    assert_eq!(refused, wrong);
    town.app.write_positions().await.unwrap();
    let row = town.stored(kiran).await;
    assert_eq!((row.lat, row.implausible, row.mocked), (Some(north(50.0).lat), 1, 1), "staff see what raises doubts");
    let (_, pointer) = broken(town.app.report_positions(&ctx, kiran, &[]).await);
    assert_eq!(pointer, "/fixes");
    assert_eq!(broken(town.app.report_positions(&ctx, kiran, &vec![good; 501]).await).1, "/fixes");
    let lata = town.courier("Lata", "91234 56780").await;
    assert!(is_missing(&town.app.report_positions(&town.rider(lata), kiran, &[good]).await));
}

#[tokio::test]
async fn many_small_jumps_move_nobody_and_are_counted() {
    let town = Town::new().await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    town.rides_to(kiran, KITCHEN).await;
    town.wait(10);
    let ctx = town.rider(kiran);
    let jumps = (1..=500_i32).map(|step| Fix {
        at: ctx.now - SignedDuration::from_millis(500) + SignedDuration::from_millis(step.into()),
        ..fix(&ctx, north(498.0 * f64::from(step)))
    });
    let refused = town.says(kiran, &jumps.collect::<Vec<_>>()).await;
    assert!(refused.len() >= 498 && refused.iter().all(|code| *code == "jump"), "{}", refused.len());
    town.app.write_positions().await.unwrap();
    let row = town.stored(kiran).await;
    assert!(row.lat.unwrap() <= north(1_000.0).lat, "{row:?}");
    assert_eq!(row.implausible, i64::try_from(refused.len()).unwrap());
    town.wait(30);
    town.rides_to(kiran, north(20.0)).await;
}

#[tokio::test]
async fn who_comes_to_the_counter_or_the_door_has_arrived_once() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let order = town.order(asha).await;
    town.accept(order).await;
    town.rides_to(kiran, north(400.0)).await;
    town.assign(order, kiran).await;
    town.rides_to(kiran, north(200.0)).await;
    town.arrivals_are_noted().await;
    assert_eq!(town.row(order).await.arrived_at, None, "not there yet");
    town.rides_to(kiran, north(60.0)).await;
    town.arrivals_are_noted().await;
    let arrived = town.row(order).await.arrived_at;
    assert_eq!(arrived, Some(town.system().now.as_microsecond()));
    town.rides_to(kiran, north(10.0)).await;
    town.arrivals_are_noted().await;
    town.app.arrive(&town.rider(kiran), order).await.unwrap();
    assert_eq!(town.row(order).await.arrived_at, arrived, "neither the phone nor the button says it twice");
    town.move_to(&town.cook(), order, Status::Ready, None).await;
    town.move_to(&town.rider(kiran), order, Status::PickedUp, None).await;
    town.rides_to(kiran, north(80.0)).await;
    town.arrivals_are_noted().await;
    assert_eq!(town.row(order).await.door_at, None);
    town.wait(60);
    town.rides_to(kiran, DOOR).await;
    town.arrivals_are_noted().await;
    assert_eq!(town.row(order).await.door_at, Some(town.system().now.as_microsecond()));
}

#[tokio::test]
async fn who_leaves_the_counter_before_it_is_noted_was_at_the_counter_and_not_at_the_door() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let order = town.order(asha).await;
    town.accept(order).await;
    town.assign(order, kiran).await;
    town.rides_to(kiran, north(20.0)).await;
    let at_counter = town.system().now.as_microsecond();
    town.wait(2);
    town.move_to(&town.cook(), order, Status::Ready, None).await;
    town.move_to(&town.rider(kiran), order, Status::PickedUp, None).await;
    town.arrivals_are_noted().await;
    let row = town.row(order).await;
    assert_eq!((row.arrived_at, row.door_at), (Some(at_counter), None));
    town.wait(60);
    town.rides_to(kiran, DOOR).await;
    town.arrivals_are_noted().await;
    assert_eq!(
        town.row(order).await.door_at,
        Some(town.system().now.as_microsecond()),
        "the door is noted all the same"
    );
}

#[tokio::test]
async fn nobody_arrives_for_somebody_else() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let (kiran, lata) = (town.courier("Kiran", "91234 56789").await, town.courier("Lata", "91234 56780").await);
    let order = town.order(asha).await;
    town.accept(order).await;
    town.assign(order, kiran).await;
    town.rides_to(kiran, north(20.0)).await;
    // Before it is noted the order changes hands.
    town.assign(order, lata).await;
    town.arrivals_are_noted().await;
    assert_eq!(town.row(order).await.arrived_at, None);
    town.rides_to(kiran, north(10.0)).await;
    town.arrivals_are_noted().await;
    assert_eq!(town.row(order).await.arrived_at, None, "Kiran has nothing in hand");
}

#[tokio::test]
async fn the_way_with_an_order_in_hand_is_kept_for_a_while() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    town.rides_to(kiran, north(495.0)).await;
    let order = town.order(asha).await;
    town.accept(order).await;
    town.assign(order, kiran).await;
    let begun = town.system().now;
    for metres in [490.0, 480.0, 400.0, 395.0, 390.0] {
        town.rides_to(kiran, north(metres)).await;
    }
    town.app.write_positions().await.unwrap();
    town.app.write_positions().await.unwrap();
    let after = town.system().now + SignedDuration::from_secs(1);
    let way = town.app.courier_trace(&town.dispatcher(), kiran, begun, after).await.unwrap();
    let metres: Vec<_> = way.iter().map(|point| KITCHEN.distance_m(point.position.point).round()).collect();
    assert_eq!(metres, [490.0, 400.0, 390.0], "every fifteen seconds or fifty metres");
    let lata = town.courier("Lata", "91234 56780").await;
    assert!(is_missing(&town.app.courier_trace(&town.rider(lata), kiran, begun, after).await));
    let endless =
        town.app.courier_trace(&town.dispatcher(), kiran, begun, begun + SignedDuration::from_hours(25)).await;
    assert_eq!(broken(endless).1, "/to");
}

#[tokio::test]
async fn only_couriers_at_work_who_were_heard_of_are_near() {
    let town = Town::new().await;
    let (kiran, lata) = (town.courier("Kiran", "91234 56789").await, town.courier("Lata", "91234 56780").await);
    town.rides_to(kiran, north(100.0)).await;
    town.rides_to(lata, north(50.0)).await;
    let near = || {
        let found = town.app.nearest_couriers(&town.system(), town.city, KITCHEN, (5, 1_000.0), |_| true);
        found.iter().map(|found| found.key).collect::<Vec<_>>()
    };
    assert_eq!(near(), [lata, kiran]);
    town.app.set_shift(&town.rider(lata), lata, false).await.unwrap();
    assert_eq!(near(), [kiran]);
    town.app.set_shift(&town.rider(lata), lata, true).await.unwrap();
    town.rides_to(lata, north(40.0)).await;
    town.wait(51);
    assert_eq!(near(), [lata], "Kiran has been silent for more than a minute");
}

#[tokio::test]
async fn who_goes_dark_with_food_on_board_is_an_exception() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let order = town.order(asha).await;
    town.accept(order).await;
    town.assign(order, kiran).await;
    town.move_to(&town.cook(), order, Status::Ready, None).await;
    let taken = MoveOrder { to: Some(Status::PickedUp), ..MoveOrder::default() };
    town.app.move_order(&town.rider(kiran), order, &taken).await.unwrap();
    town.rides_to(kiran, north(100.0)).await;
    town.wait(61);
    let live = town.app.live_city(&town.dispatcher(), town.city).await.unwrap();
    let wrong: Vec<_> = live.exceptions.iter().map(|one| (one.kind, one.order_id)).collect();
    assert_eq!(wrong, [(ExceptionKind::CourierSilent, order)]);
}

/// Told only where `TEST_REDIS_URL` says where Redis is.
#[tokio::test]
async fn another_node_hears_a_position_before_it_is_written() {
    let Ok(url) = std::env::var("TEST_REDIS_URL") else { return };
    let town = Town::new().await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let prefix = format!("positions-{}", uuid::Uuid::from(kiran).simple());
    let radio = || {
        let settings = cache::RedisSettings { prefix: prefix.clone(), ..cache::RedisSettings::new(url.clone()) };
        cache::Radio::new(&settings, "positions", Arc::new(cache::SystemClock::default())).unwrap()
    };
    let here = town.other_node(Settings::default(), Arc::new(Entropy::from_seed(9))).await.with_radio(radio());
    let there = town.other_node(Settings::default(), Arc::new(Entropy::from_seed(10))).await.with_radio(radio());
    let there = Arc::new(there);
    let listening = tokio::spawn({
        let there = Arc::clone(&there);
        async move { there.hear_positions().await }
    });
    let mut heard = there.hub.listen(app::events::hub::Topic::Courier(kiran));
    let mut metres = 0.0;
    let live = loop {
        town.wait(10);
        metres += 10.0;
        let ctx = town.rider(kiran);
        here.report_positions(&ctx, kiran, &[fix(&ctx, north(metres))]).await.unwrap();
        here.say_positions().await.unwrap();
        let waited = tokio::time::timeout(std::time::Duration::from_millis(200), heard.recv());
        if let Ok(live) = waited.await {
            break live.unwrap();
        }
        assert!(metres < 1_000.0, "nothing was heard");
    };
    let (courier, position) = live.position.unwrap();
    assert_eq!(courier, kiran);
    let near = there.nearest_couriers(&town.system(), town.city, KITCHEN, (1, 5_000.0), |_| true);
    assert!((near[0].distance_m - KITCHEN.distance_m(position.point)).abs() < 1.0);
    assert_eq!(town.stored(kiran).await.lat, None, "nobody wrote it yet");
    listening.abort();
    here.db.close().await;
    there.db.close().await;
}
