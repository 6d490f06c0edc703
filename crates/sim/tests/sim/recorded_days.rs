//! Recorded days: written down without people, lived again as they were, the same on both databases.

use std::time::Duration;

use dispatch::Strategy;
use domain::id::{CityId, CourierId, ShiftId};
use jiff::{SignedDuration, Timestamp};
use sim::{
    ReplaySpec, SimReport, SimSpec,
    day::{Day, Fate, Order, Shift, record},
    replay, run,
};
use store::{DatabaseUrl, Db, Options, Statement, Tx, args, shifts};
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::{postgres_schema, scarce_day, short_day, without_wall_time};

static COOKED: Statement = Statement::new(
    "test.COOKED",
    "SELECT placed_at, food_paise, tip_paise, accepted_at, prep_minutes, ready_at FROM orders ORDER BY placed_at, id",
);
static KITCHENS: Statement = Statement::new(
    "test.KITCHENS",
    "SELECT r.name FROM orders o JOIN restaurants r ON r.id = o.restaurant_id ORDER BY o.placed_at, o.id",
);
static PEOPLE: Statement = Statement::new(
    "test.PEOPLE",
    "SELECT id, name, COALESCE(phone, name) FROM customers UNION ALL SELECT id, name, COALESCE(phone, name) FROM couriers",
);
static ADDRESSES: Statement = Statement::new("test.ADDRESSES", "SELECT line1, CAST(lat AS TEXT) FROM addresses");
static TAKEN: Statement = Statement::new(
    "test.TAKEN",
    "SELECT courier_id, courier_at, delivered_at FROM orders WHERE courier_at IS NOT NULL ORDER BY courier_at",
);
static OFF: Statement = Statement::new("test.OFF", "SELECT CAST(COUNT(*) AS BIGINT) FROM couriers WHERE on_shift = 0");
static FORGET: Statement = Statement::new("test.FORGET", "DELETE FROM outbox WHERE kind = 'courier_changed'");
static IDLE: Statement = Statement::new(
    "test.IDLE",
    "SELECT k.id, k.city_id FROM couriers k WHERE NOT EXISTS (SELECT 1 FROM offers f WHERE f.courier_id = k.id) ORDER BY k.id",
);
static GIVE: Statement = Statement::new("test.GIVE", "UPDATE courier_shifts SET courier_id = $1");

/// When it was placed, for how much and with which tip; when it was accepted, for how many minutes, and ready.
type Cooked = (i64, i64, i64, Option<i64>, Option<i64>, Option<i64>);

/// A place for a database.
struct Place {
    url: DatabaseUrl,
    _directory: TempDir,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/day.db", directory.path().display()).parse().unwrap();
        Self { url, _directory: directory }
    }

    async fn db(&self) -> Db {
        Db::open(&self.url, Options::default()).await.unwrap()
    }

    async fn orders(&self) -> (Vec<Cooked>, Vec<(String,)>) {
        let db = self.db().await;
        let orders = (db.all(&COOKED, args![]).await.unwrap(), db.all(&KITCHENS, args![]).await.unwrap());
        db.close().await;
        orders
    }

    async fn record(&self) -> Day {
        let db = self.db().await;
        let day = record(&db, None, "2026-11-20".parse().unwrap()).await.unwrap();
        db.close().await;
        day
    }
}

/// A lunch of so many orders that was lived and recorded.
async fn recorded(seed: u64, orders: u64) -> (Place, Day) {
    let place = Place::new();
    run(Some(&place.url), &SimSpec { orders, ..short_day(seed) }).await.unwrap();
    let day = place.record().await;
    (place, day)
}

async fn again(place: Option<&Place>, day: &Day, dispatch: Strategy) -> SimReport {
    let spec = ReplaySpec { day: day.clone(), seed: 3, dispatch };
    without_wall_time(replay(place.map(|place| &place.url), &spec).await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_is_lived_again_as_it_was() {
    let (place, day) = recorded(11, 24).await;
    let (orders, kitchens) = place.orders().await;
    assert_eq!((orders.len(), day.couriers.len()), (24, 10));
    assert!(orders.iter().filter(|order| order.5.is_some()).count() >= 18, "{orders:?}");

    for dispatch in [Strategy::Rolling, Strategy::Nearest] {
        let replayed = Place::new();
        let report = again(Some(&replayed), &day, dispatch).await;
        assert_eq!(replayed.orders().await, (orders.clone(), kitchens.clone()), "under {dispatch}");
        assert_eq!((report.placed, report.gave_up), (24, 0));
        assert_eq!(report.delivered + report.rejected + report.cancelled + report.failed, report.placed);
        assert!(report.books.are_right(), "{:?}", report.books);
        assert!((12.0..60.0).contains(&report.click_to_door_min.mean), "{report:?}");
        // What was lived again can be recorded again, and is the same day but for the ids of its kitchens.
        let twice = replayed.record().await;
        let fates = |day: &Day| day.orders.iter().map(|order| (order.door, order.fate)).collect::<Vec<_>>();
        assert_eq!(fates(&twice), fates(&day));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_day_and_seed_give_the_same_log_and_the_policy_makes_a_difference() {
    let (_place, day) = recorded(12, 12).await;
    let first = again(None, &day, Strategy::Rolling).await;
    let read = Day::parse(&serde_json::to_string(&day).unwrap()).unwrap();
    assert_eq!(again(None, &read, Strategy::Rolling).await, first);
    assert_ne!(again(None, &day, Strategy::Nearest).await.event_log_hash, first.event_log_hash);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_in_the_document() {
    let (place, day) = recorded(13, 6).await;
    let json = serde_json::to_string(&day).unwrap();
    let db = place.db().await;
    let people: Vec<(Uuid, String, String)> = db.all(&PEOPLE, args![]).await.unwrap();
    let addresses: Vec<(String, String)> = db.all(&ADDRESSES, args![]).await.unwrap();
    db.close().await;
    assert!(people.len() > 40 && addresses.len() > 30);
    for (id, name, phone) in people {
        assert!(!json.contains(&id.to_string()) && !json.contains(&name) && !json.contains(&phone), "{name}");
    }
    for (line, lat) in addresses {
        assert!(!json.contains(&line), "{line}");
        let exact = lat.split('.').nth(1).is_some_and(|decimals| decimals.len() > 3);
        assert!(!exact || !json.contains(&lat), "{lat}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_goes_home_takes_nothing_new() {
    let (_place, mut day) = recorded(14, 16).await;
    let change: Timestamp = day.orders[8].placed_at;
    for courier in day.couriers.iter_mut().skip(5) {
        courier.shifts = vec![Shift { from: courier.shifts[0].from, to: Some(change) }];
    }
    for courier in day.couriers.iter_mut().take(5) {
        courier.shifts = vec![Shift { from: change, to: None }];
    }
    let place = Place::new();
    let report = again(Some(&place), &day, Strategy::Rolling).await;
    assert!(report.delivered >= 12, "{report:?}");
    let db = place.db().await;
    let taken: Vec<(CourierId, i64, Option<i64>)> = db.all(&TAKEN, args![]).await.unwrap();
    let (off,) = db.one::<(i64,)>(&OFF, args![]).await.unwrap();
    db.close().await;
    assert_eq!(off, 5, "only those with an open end are still there");
    let change = change.as_microsecond();
    assert!(taken.iter().any(|(_, at, _)| *at < change) && taken.iter().any(|(_, at, _)| *at > change), "{taken:?}");
    let (early, late): (Vec<_>, Vec<_>) = taken.iter().partition(|(_, at, _)| *at < change);
    assert!(early.iter().any(|(_, _, end)| end.is_some_and(|end| end > change)), "somebody finished later");
    assert!(late.iter().all(|(id, _, _)| early.iter().all(|(before, _, _)| before != id)), "{taken:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_can_fetch_is_called_off() {
    let (_place, day) = recorded(15, 3).await;
    let accepted = day.orders.iter().filter(|order| matches!(order.fate, Some(Fate::Accepted { .. }))).count();
    let called_off = day.orders.iter().filter(|order| matches!(order.fate, Some(Fate::CalledOff { .. }))).count();
    let alone = Day { couriers: Vec::new(), ..day };
    let report = again(None, &alone, Strategy::Batched).await;
    assert_eq!((report.delivered, report.placed), (0, 3));
    assert_eq!(report.cancelled, u64::try_from(accepted + called_off).unwrap());
    assert!(report.books.are_right(), "{:?}", report.books);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fate_comes_again() {
    let (_place, mut day) = recorded(15, 6).await;
    let then = |order: &Order| order.placed_at + SignedDuration::from_secs(50);
    // A kitchen of another platform may take longer to answer than this one's rule for silence allows.
    let late = day.orders[3].placed_at + SignedDuration::from_mins(9);
    day.orders[0].fate = Some(Fate::Refused { at: then(&day.orders[0]) });
    day.orders[1].fate = Some(Fate::Silent);
    day.orders[2].fate = Some(Fate::CalledOff { at: then(&day.orders[2]) });
    day.orders[3].fate = Some(Fate::Accepted { at: late, prep_minutes: 31, ready_at: None });
    day.orders[4].fate = None;
    let place = Place::new();
    again(Some(&place), &day, Strategy::Nearest).await;
    let lived = place.record().await;
    let fates = |day: &Day| day.orders.iter().map(|order| order.fate).collect::<Vec<_>>();
    let (wanted, lived) = (fates(&day), fates(&lived));
    assert_eq!((&lived[..3], lived[5]), (&wanted[..3], wanted[5]));
    assert!(
        matches!(lived[3], Some(Fate::Accepted { at, prep_minutes: 31, ready_at: Some(_) }) if at == late),
        "{lived:?}"
    );
    assert!(lived[4].is_some(), "luck decides what is not known");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_log_plans_and_work_tell_the_shifts() {
    let (place, day) = recorded(16, 12).await;
    let db = place.db().await;
    let idle: Vec<(CourierId, CityId)> = db.all(&IDLE, args![]).await.unwrap();
    let (planned, city) = *idle.first().expect("somebody was asked for nothing");
    let from = day.orders[0].placed_at;
    let to = from + SignedDuration::from_hours(4);
    let plan =
        args![ShiftId(Uuid::from_u128(1)), city, None::<Uuid>, from.as_microsecond(), to.as_microsecond(), 0_i64];
    let tx = Tx::new("forget").run(&FORGET, args![]).run(&shifts::INSERT, plan).run(&GIVE, args![planned]);
    db.commit(tx).await.unwrap();
    db.close().await;

    let told = place.record().await;
    assert_eq!(told.orders, day.orders);
    // The courier whom nobody plays was never at work, and is given the plan.
    assert_eq!(told.couriers.len(), day.couriers.len() + 1 - idle.len() + 1);
    let four_hours = told.couriers.iter().filter(|one| one.shifts == [Shift { from, to: Some(to) }]);
    assert_eq!(four_hours.count(), 1);
    assert!(told.couriers.iter().all(|courier| courier.shifts.len() == 1 && courier.shifts[0].from >= from));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_that_is_not_there_and_a_database_that_is_in_use_are_refused() {
    let (place, day) = recorded(17, 3).await;
    let db = place.db().await;
    let wanted = |city: &'static str, date: &str| record(&db, Some(city), date.parse().unwrap());
    let unknown = wanted("mumbai", "2026-11-20").await.unwrap_err().to_string();
    assert_eq!(unknown, "the database has no city `mumbai`, but bengaluru");
    let quiet = wanted("bengaluru", "2026-11-21").await.unwrap_err().to_string();
    assert_eq!(quiet, "nobody ordered in Bengaluru on 2026-11-21");
    db.close().await;

    let spec = ReplaySpec { day, seed: 3, dispatch: Strategy::Nearest };
    let in_use = replay(Some(&place.url), &spec).await.unwrap_err().to_string();
    assert_eq!(in_use, "the database has a city already; a replay needs an empty one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_records_and_lives_the_same_day_as_sqlite() {
    let Some((url, client, schema)) = postgres_schema("recorded").await else { return };
    let on_postgres: DatabaseUrl = url.parse().unwrap();
    let spec = SimSpec { orders: 10, ..scarce_day(18) };
    run(Some(&on_postgres), &spec).await.unwrap();
    let db = Db::open(&on_postgres, Options::default()).await.unwrap();
    let day = record(&db, Some("bengaluru"), "2026-11-20".parse().unwrap()).await.unwrap();
    db.close().await;
    let place = Place::new();
    run(Some(&place.url), &spec).await.unwrap();
    assert_eq!(place.record().await, day);

    let again_there = format!("DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema}");
    client.batch_execute(&format!("SET client_min_messages = warning; {again_there}")).await.unwrap();
    let spec = ReplaySpec { day: day.clone(), seed: 3, dispatch: Strategy::Rolling };
    let there = without_wall_time(replay(Some(&on_postgres), &spec).await.unwrap());
    assert_eq!(there, again(None, &day, Strategy::Rolling).await);
    let drop = format!("DROP SCHEMA {schema} CASCADE");
    tokio::time::timeout(Duration::from_secs(20), client.batch_execute(&drop)).await.unwrap().unwrap();
}
