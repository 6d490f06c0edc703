//! An offer holds several orders, an order is in one open offer, and the database holds both to it.

use domain::id::{CityId, CourierId, OfferId, OrderId};
use store::ConstraintKind::{Check, ForeignKey, Unique};
use store::{CommitError, ConstraintKind, Statement, Tx, args, couriers, offers, orders};
use uuid::Uuid;

use crate::support::{TestDatabase, on_both_engines};

const CITY: CityId = CityId(Uuid::from_u128(1));
const MADE_AT: i64 = 1_000;

static CITY_ROW: Statement = Statement::new(
    "test.CITY",
    "INSERT INTO cities (id, slug, name, state_code, timezone, lat, lng, created_at) \
     VALUES ($1, 'bengaluru', 'Bengaluru', '29', 'Asia/Kolkata', 12.97, 77.6, 0)",
);
static ZONE_ROW: Statement = Statement::new(
    "test.ZONE",
    "INSERT INTO zones (id, city_id, letter, name, polygon) VALUES ($1, $1, 'H', 'Halasuru', '[]')",
);
static VENDOR_ROW: Statement =
    Statement::new("test.VENDOR", "INSERT INTO vendors (id, name, created_at) VALUES ($1, 'Annapurna', 0)");
static RESTAURANT_ROW: Statement = Statement::new(
    "test.RESTAURANT",
    "INSERT INTO restaurants (id, city_id, vendor_id, zone_id, name, locality, address, lat, lng, cuisines, veg_mark, \
     prep_minutes, commission_bp, hours, active, created_at) \
     VALUES ($1, $1, $1, $1, 'Annapurna', 'Halasuru', '', 12.97, 77.6, '[]', 'veg', 15, 0, '[]', 1, 0)",
);
static CUSTOMER_ROW: Statement = Statement::new(
    "test.CUSTOMER",
    "INSERT INTO customers (id, name, language, created_at) VALUES ($1, 'Asha', 'en-IN', 0)",
);
static QUOTE_ROW: Statement = Statement::new(
    "test.QUOTE",
    "INSERT INTO quotes (id, city_id, customer_id, restaurant_id, body, signature, expires_at, created_at) \
     VALUES ($1, $2, $2, $2, '{}', $1, 0, 0)",
);
static HISTORY_ROW: Statement = Statement::new(
    "test.HISTORY",
    "INSERT INTO order_history (order_id, position, from_status, to_status, mover, at) \
     VALUES ($1, 0, 'none', 'placed', 'customer', 0)",
);
static ORDER_ROW: Statement = Statement::new(
    "test.ORDER",
    "INSERT INTO orders (id, city_id, zone_id, day, number, letter, quote_id, restaurant_id, customer_id, status, \
     version, method, payment_status, food_paise, fees_paise, taxes_paise, tip_paise, total_paise, commission_paise, \
     courier_pay_paise, delivery_code, placed_at, accept_by, eta_low, eta_high, first_eta_low, first_eta_high) \
     VALUES ($1, $2, $2, 20261120, $3, 'H', $1, $2, $2, 'placed', 0, 'cod', 'due', 100, 0, 0, 0, 100, 0, 0, '1234', \
     0, 0, 0, 0, 0, 0)",
);
static SHIFT: Statement = Statement::new("test.SHIFT", "UPDATE couriers SET on_shift = 1");
static ROWS: Statement =
    Statement::new("test.ROWS", "SELECT stop, state, left_at FROM offer_orders WHERE offer_id = $1 ORDER BY stop");
static OFFER: Statement = Statement::new("test.OFFER", "SELECT state, order_id, pay_paise FROM offers WHERE id = $1");
static PUT: Statement = Statement::new(
    "test.PUT",
    "INSERT INTO offer_orders (offer_id, order_id, city_id, stop, state, pay_paise, left_at) \
     VALUES ($1, $2, $1, $3, $4, $5, $6)",
);

fn order(number: u128) -> OrderId {
    OrderId(Uuid::from_u128(100 + number))
}

fn courier(number: u128) -> CourierId {
    CourierId(Uuid::from_u128(200 + number))
}

fn offer(number: u128) -> OfferId {
    OfferId(Uuid::from_u128(300 + number))
}

/// Four orders that nobody has, and two couriers at work.
async fn town(database: &TestDatabase) {
    let mut tx = Tx::new("town");
    for row in [&CITY_ROW, &ZONE_ROW, &VENDOR_ROW, &RESTAURANT_ROW, &CUSTOMER_ROW] {
        tx = tx.run(row, args![CITY]);
    }
    for number in 1..=4_u128 {
        let place = i64::try_from(number).unwrap();
        tx = tx
            .run(&QUOTE_ROW, args![order(number), CITY])
            .run(&HISTORY_ROW, args![order(number)])
            .run(&ORDER_ROW, args![order(number), CITY, place]);
    }
    for number in 1..=2 {
        tx = tx.run(&couriers::INSERT, args![courier(number), CITY, "Kiran", None::<&str>, "scooter", 0_i64]);
    }
    database.db.commit(tx.run(&SHIFT, args![])).await.unwrap();
}

/// An offer of these orders, each for fifty rupees and one more for each place.
fn made(number: u128, to: u128, held: &[u128]) -> Tx {
    let (id, pay) = (offer(number), 5_000 * i64::try_from(held.len()).unwrap());
    let row = args![id, CITY, order(held[0]), courier(to), pay, "{}", MADE_AT, MADE_AT + 45];
    let put = |tx: Tx, (stop, held): (i64, &u128)| {
        tx.guard_as("free", 1, &offers::INSERT_ORDER, args![id, order(*held), CITY, stop, 5_000 + 100 * stop])
    };
    (1..).zip(held).fold(Tx::new("make").guard_as("free", 1, &offers::INSERT, row), put)
}

/// An order leaves an offer, which is about the others then, or ends.
fn leave(from: u128, number: u128, at: i64, last: bool) -> Tx {
    let tx = Tx::new("leave").guard(1, &offers::HOLD, args![offer(from)]).guard_as(
        "left",
        1,
        &offers::LEAVE,
        args![offer(from), order(number), at],
    );
    if last {
        tx.guard(1, &offers::END, args![offer(from), "withdrawn", at])
    } else {
        tx.guard(1, &offers::SHRINK, args![offer(from)])
    }
}

async fn rows(database: &TestDatabase, number: u128) -> Vec<(i64, Option<String>, Option<i64>)> {
    database.db.all(&ROWS, args![offer(number)]).await.unwrap()
}

async fn stands(database: &TestDatabase, number: u128) -> (String, OrderId, i64) {
    database.db.one(&OFFER, args![offer(number)]).await.unwrap()
}

fn kind(error: &CommitError) -> ConstraintKind {
    let CommitError::Constraint { kind, .. } = error else { panic!("{error}") };
    *kind
}

on_both_engines! {
    async fn an_order_is_in_one_open_offer_whatever_place_it_has_there(database: TestDatabase) {
        town(&database).await;
        database.db.commit(made(1, 1, &[1, 2])).await.unwrap();
        for held in [&[2][..], &[3, 2], &[1]] {
            let error = database.db.commit(made(2, 2, held)).await.unwrap_err();
            assert_eq!(kind(&error), Unique, "{held:?}");
        }
        let error = database.db.commit(made(2, 1, &[3])).await.unwrap_err();
        assert_eq!(kind(&error), Unique, "the courier looks at another one");
        database.db.commit(Tx::new("end").guard(1, &offers::END, args![offer(1), "expired", 9_i64])).await.unwrap();
        database.db.commit(made(2, 2, &[3, 2])).await.unwrap();
    }
}

on_both_engines! {
    async fn what_an_offer_holds_follows_its_state_by_itself(database: TestDatabase) {
        town(&database).await;
        database.db.commit(made(1, 1, &[1, 2, 3])).await.unwrap();
        database.db.commit(leave(1, 2, 7, false)).await.unwrap();
        let accept = args![offer(1), courier(1), MADE_AT + 5, 5_100_i64 + 5_300, order(1)];
        let tx = Tx::new("accept").guard(1, &offers::ACCEPT, accept).guard(2, &offers::LIST_ACCEPTED, args![offer(1)]);
        database.db.commit(tx).await.unwrap();
        let accepted = Some("accepted".to_owned());
        assert_eq!(rows(&database, 1).await, [(1, accepted.clone(), None), (2, None, Some(7)), (3, accepted, None)]);
        let left: Vec<(OrderId,)> = database.db.all(&offers::LIST_ORDERS, args![offer(1)]).await.unwrap();
        assert_eq!(left, [(order(1),), (order(3),)]);
    }
}

on_both_engines! {
    async fn nobody_accepts_what_an_order_left_since_it_was_read(database: TestDatabase) {
        town(&database).await;
        database.db.commit(made(1, 1, &[1, 2])).await.unwrap();
        database.db.commit(leave(1, 2, 7, false)).await.unwrap();
        for (pay, first, taken) in [(10_000_i64, 1, false), (5_100, 2, false), (5_100, 1, true)] {
            let accept = args![offer(1), courier(1), MADE_AT + 5, pay, order(first)];
            let committed = database.db.commit(Tx::new("accept").guard(1, &offers::ACCEPT, accept)).await;
            assert_eq!(committed.is_ok(), taken, "{pay} {first}");
        }
    }
}

on_both_engines! {
    async fn a_courier_has_room_for_what_is_not_in_hand_yet(database: TestDatabase) {
        town(&database).await;
        let has_room = async |most: i64| {
            let tx = Tx::new("room").guard(1, &couriers::HAS_ROOM, args![courier(1), most]);
            database.db.commit(tx).await.is_ok()
        };
        assert!(has_room(0).await && !has_room(-1).await);
        let none = None::<i64>;
        let taken = args![order(1), courier(1), 5_i64, None::<CourierId>, none, none, none];
        database.db.commit(Tx::new("give").guard(1, &orders::SET_COURIER, taken)).await.unwrap();
        assert!(has_room(1).await && !has_room(0).await);
    }
}

on_both_engines! {
    async fn an_offer_shrinks_to_what_remains_and_is_withdrawn_with_the_last(database: TestDatabase) {
        town(&database).await;
        database.db.commit(made(1, 1, &[2, 3, 1])).await.unwrap();
        database.db.commit(made(2, 2, &[4])).await.unwrap();
        database.db.commit(leave(1, 2, 7, false)).await.unwrap();
        assert_eq!(stands(&database, 1).await, ("made".to_owned(), order(3), 5_200 + 5_300));
        let again = database.db.commit(leave(1, 2, 8, false)).await.unwrap_err();
        assert!(matches!(again, CommitError::Guard { label: "left", .. }), "it left only once: {again}");
        database.db.commit(leave(1, 1, 9, false)).await.unwrap();
        assert_eq!(stands(&database, 1).await, ("made".to_owned(), order(3), 5_200));
        database.db.commit(leave(1, 3, 10, true)).await.unwrap();
        assert_eq!(stands(&database, 1).await.0, "withdrawn");
        assert_eq!(stands(&database, 2).await, ("made".to_owned(), order(4), 5_000), "another offer is not concerned");
        // The order and the courier are free for another one, also within the same moment.
        database.db.commit(made(3, 1, &[3, 2])).await.unwrap();
    }
}

on_both_engines! {
    async fn what_somebody_has_already_is_in_no_offer(database: TestDatabase) {
        town(&database).await;
        let none = None::<i64>;
        let taken = args![order(2), courier(2), 5_i64, None::<CourierId>, none, none, none];
        database.db.commit(Tx::new("give").guard(1, &orders::SET_COURIER, taken)).await.unwrap();
        let error = database.db.commit(made(1, 1, &[1, 2])).await.unwrap_err();
        assert!(matches!(error, CommitError::Guard { label: "free", .. }), "{error}");
        assert_eq!(rows(&database, 1).await, [], "nor is the other one: all or nothing");
    }
}

on_both_engines! {
    async fn an_order_of_an_offer_has_the_offers_state_or_has_left_it(database: TestDatabase) {
        town(&database).await;
        database.db.commit(made(1, 1, &[1])).await.unwrap();
        let put = |stop: i64, state: Option<&str>, pay: i64, left_at: Option<i64>| {
            Tx::new("put").run(&PUT, args![offer(1), order(2), stop, state, pay, left_at])
        };
        let refused = [
            (put(2, Some("accepted"), 1, None), ForeignKey),
            (put(2, None, 1, None), Check),
            (put(2, Some("made"), 1, Some(5)), Check),
            (put(0, Some("made"), 1, None), Check),
            (put(2, Some("made"), -1, None), Check),
            (put(1, Some("made"), 1, None), Unique),
        ];
        for (tx, expected) in refused {
            assert_eq!(kind(&database.db.commit(tx).await.unwrap_err()), expected);
        }
        database.db.commit(put(2, Some("made"), 1, None)).await.unwrap();
    }
}
