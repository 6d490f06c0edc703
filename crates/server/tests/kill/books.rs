//! The audit after the last kill: what customers were told, what the database holds, and what follows from it must be
//! the same thing three times.

mod agree;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use app::Entropy;
use domain::order::{Status, TRANSITIONS};
use store::{Db, Dialect, FromRow, Statement, args, ledger};
use uuid::Uuid;

use crate::{
    city::{City, PLENTY, SCARCE, application},
    customer::{Customer, Order},
};

static INTEGRITY: Statement = Statement::new("kill.INTEGRITY", "SELECT integrity_check FROM pragma_integrity_check");
static FOREIGN_KEYS: Statement =
    Statement::new("kill.FOREIGN_KEYS", "SELECT CAST(COUNT(*) AS BIGINT) FROM pragma_foreign_key_check");
static ORDERS: Statement = Statement::new(
    "kill.ORDERS",
    "SELECT id, status, version, method, payment_status, total_paise, courier_id FROM orders",
);
static KEYS: Statement =
    Statement::new("kill.KEYS", "SELECT key, subject, body FROM idempotency_keys WHERE route = 'POST /orders'");
static QUOTES: Statement = Statement::new(
    "kill.QUOTES",
    "SELECT CAST(COUNT(*) AS BIGINT) FROM quotes q JOIN orders o ON o.quote_id = q.id \
     AND o.city_id = q.city_id AND o.restaurant_id = q.restaurant_id AND o.customer_id = q.customer_id",
);
static USED_QUOTES: Statement =
    Statement::new("kill.USED_QUOTES", "SELECT CAST(COUNT(DISTINCT quote_id) AS BIGINT) FROM orders");
static HISTORY: Statement = Statement::new(
    "kill.HISTORY",
    "SELECT order_id, position, from_status, to_status, mover FROM order_history ORDER BY order_id, position",
);
static LINES: Statement =
    Statement::new("kill.LINES", "SELECT order_id, item_id, quantity FROM order_lines ORDER BY order_id, position");
static STOCK: Statement = Statement::new("kill.STOCK", "SELECT id, stock_left FROM menu_items");
static CAPTURES: Statement = Statement::new(
    "kill.CAPTURES",
    "SELECT o.id, s.amount_paise, s.refunded_paise FROM sandbox_captures s JOIN orders o ON o.quote_id = s.reference",
);
static CAPTURED: Statement = Statement::new("kill.CAPTURED", "SELECT CAST(COUNT(*) AS BIGINT) FROM sandbox_captures");

/// An order as it is stored.
struct Stored {
    id: Uuid,
    status: String,
    version: i64,
    method: String,
    payment_status: String,
    total_paise: i64,
    courier_id: Option<Uuid>,
}

store::from_row!(Stored { id, status, version, method, payment_status, total_paise, courier_id });

/// A step: position, from, to, mover.
type Step = (i64, String, String, String);

/// Checks everything; panics at the first difference.
pub(crate) async fn audit(db: &Db, dice: &Arc<Entropy>, city: &City, customers: &[Customer]) {
    let told: HashMap<Uuid, &Order> =
        customers.iter().flat_map(|customer| &customer.orders).map(|order| (order.id, order)).collect();
    let stored: HashMap<Uuid, Stored> =
        all::<Stored>(db, &ORDERS).await.into_iter().map(|order| (order.id, order)).collect();
    assert_eq!(
        told.len(),
        customers.iter().map(|customer| customer.orders.len()).sum::<usize>(),
        "one order, two keys"
    );
    file(db).await;
    keys(db, customers).await;
    assert_eq!(stored.len(), told.len(), "orders stored and acknowledged");
    orders(city, &told, &stored);
    histories(&told, &stored, &histories_by_order(db).await);
    stock(db, city, &told, &stored).await;
    money(db, &stored).await;
    agree::consequences(db, &application(db.clone(), dice).await, &stored).await;
}

async fn all<R: FromRow + Send + 'static>(db: &Db, statement: &'static Statement) -> Vec<R> {
    db.all(statement, Vec::new()).await.unwrap()
}

async fn count(db: &Db, statement: &'static Statement) -> i64 {
    db.one::<(i64,)>(statement, Vec::new()).await.unwrap().0
}

/// The file of the embedded database is whole.
async fn file(db: &Db) {
    if db.dialect() == Dialect::Sqlite {
        assert_eq!(all::<(String,)>(db, &INTEGRITY).await, [("ok".to_owned(),)]);
        assert_eq!(count(db, &FOREIGN_KEYS).await, 0);
    }
}

/// Each acknowledged key is stored with the acknowledged answer, no other key is, and every used quote has its order.
async fn keys(db: &Db, customers: &[Customer]) {
    let stored: BTreeMap<String, (Uuid, String)> =
        all::<(String, Uuid, String)>(db, &KEYS).await.into_iter().map(|(key, id, body)| (key, (id, body))).collect();
    let told: BTreeMap<String, (Uuid, String)> = customers
        .iter()
        .flat_map(|customer| &customer.orders)
        .map(|order| (order.key.clone(), (order.id, order.answer.clone())))
        .collect();
    assert!(stored == told, "keys stored and acknowledged differ: {:?}", differing(&stored, &told));
    for refused in customers.iter().flat_map(|customer| &customer.refused) {
        assert!(!stored.contains_key(refused), "{refused} was refused and made an order");
    }
    let orders = i64::try_from(told.len()).unwrap();
    assert_eq!((count(db, &QUOTES).await, count(db, &USED_QUOTES).await), (orders, orders), "used quotes");
}

fn differing<'a, V: PartialEq>(one: &'a BTreeMap<String, V>, other: &'a BTreeMap<String, V>) -> Vec<&'a String> {
    let keys = one.keys().chain(other.keys());
    keys.filter(|key| one.get(*key) != other.get(*key)).collect()
}

/// Each acknowledged order is there, with its amount, its method, its courier, and where its customer was told it is.
fn orders(city: &City, told: &HashMap<Uuid, &Order>, stored: &HashMap<Uuid, Stored>) {
    for (id, order) in told {
        let row = stored.get(id).unwrap_or_else(|| panic!("{} is lost", order.key));
        let answer: serde_json::Value = serde_json::from_str(&order.answer).unwrap();
        assert_eq!(answer["total_paise"], row.total_paise, "{}", order.key);
        assert_eq!(row.method, if order.sandbox { "sandbox" } else { "cod" }, "{}", order.key);
        assert_eq!(row.courier_id, order.courier.map(|courier| city.couriers[courier].0.into()), "{}", order.key);
        if order.status() != Status::Placed {
            assert_eq!(row.status, order.status().as_str(), "{}", order.key);
        } else if order.silenced {
            assert_eq!(row.status, "rejected", "{}", order.key);
        } else {
            assert!(["placed", "rejected"].contains(&row.status.as_str()), "{} is {}", order.key, row.status);
        }
    }
}

async fn histories_by_order(db: &Db) -> HashMap<Uuid, Vec<Step>> {
    let mut histories: HashMap<Uuid, Vec<Step>> = HashMap::new();
    for (id, position, from, to, mover) in all::<(Uuid, i64, String, String, String)>(db, &HISTORY).await {
        histories.entry(id).or_default().push((position, from, to, mover));
    }
    histories
}

/// Every history begins with the placing, goes on by legal steps without a gap, ends where the order stands, and holds
/// every acknowledged step.
fn histories(told: &HashMap<Uuid, &Order>, stored: &HashMap<Uuid, Stored>, histories: &HashMap<Uuid, Vec<Step>>) {
    assert_eq!(histories.len(), stored.len());
    for (id, steps) in histories {
        let (order, row) = (told[id], &stored[id]);
        let mut before = "none";
        for (index, (position, from, to, mover)) in steps.iter().enumerate() {
            assert_eq!((usize::try_from(*position), from.as_str()), (Ok(index), before), "{}: {steps:?}", order.key);
            assert!(legal(from, to, mover), "{}: {steps:?}", order.key);
            before = to;
        }
        assert_eq!((row.status.as_str(), row.version + 1), (before, i64::try_from(steps.len()).unwrap()));
        let reached: Vec<&str> = order.reached.iter().map(|status| status.as_str()).collect();
        let ours: Vec<&str> = steps.iter().filter(|step| step.3 != "system").map(|step| step.2.as_str()).collect();
        assert_eq!(ours, reached, "{}: steps stored and acknowledged", order.key);
    }
}

fn legal(from: &str, to: &str, mover: &str) -> bool {
    let known = |step: &domain::order::Transition| {
        (step.from.as_str(), step.to.as_str()) == (from, to) && step.movers.iter().any(|one| one.as_str() == mover)
    };
    (from, to, mover) == ("none", "placed", "customer") || TRANSITIONS.iter().any(known)
}

/// What is left of a dish is what there was, less what customers ordered and still have coming.
async fn stock(db: &Db, city: &City, told: &HashMap<Uuid, &Order>, stored: &HashMap<Uuid, Stored>) {
    let mut lines: HashMap<Uuid, Vec<(usize, i64)>> = HashMap::new();
    for (id, item, quantity) in all::<(Uuid, Uuid, i64)>(db, &LINES).await {
        let dish = city.dishes.iter().position(|dish| Uuid::from(*dish) == item).unwrap();
        lines.entry(id).or_default().push((dish, quantity));
    }
    let mut taken = [0; 3];
    for (id, order) in told {
        assert_eq!(lines[id], order.lines, "{}", order.key);
        if !["rejected", "cancelled"].contains(&stored[id].status.as_str()) {
            order.lines.iter().for_each(|(dish, quantity)| taken[*dish] += quantity);
        }
    }
    let left: HashMap<Uuid, Option<i64>> = all::<(Uuid, Option<i64>)>(db, &STOCK).await.into_iter().collect();
    let left = city.dishes.map(|dish| left[&Uuid::from(dish)]);
    assert_eq!(left, [None, Some(PLENTY - taken[1]), Some(SCARCE - taken[2])], "stock");
}

/// The ledger is complete, orders that ended owe nothing, and the test gateway holds exactly what was paid.
async fn money(db: &Db, stored: &HashMap<Uuid, Stored>) {
    let unposted: Vec<(Uuid,)> = db.all(&ledger::LIST_UNPOSTED, args![10_i64]).await.unwrap();
    let unsettled: Vec<(Uuid,)> = db.all(&ledger::LIST_UNSETTLED, args![10_i64]).await.unwrap();
    assert_eq!((unposted, unsettled), (Vec::new(), Vec::new()), "orders without posting, and not settled");
    let captures = all::<(Uuid, i64, i64)>(db, &CAPTURES).await;
    let paid: HashMap<Uuid, (i64, i64)> = captures.into_iter().map(|(id, amount, back)| (id, (amount, back))).collect();
    assert_eq!(count(db, &CAPTURED).await, i64::try_from(paid.len()).unwrap(), "captures without an order");
    for order in stored.values() {
        let back = if order.payment_status == "refunded" { order.total_paise } else { 0 };
        let wanted = (order.method == "sandbox").then_some((order.total_paise, back));
        assert_eq!(paid.get(&order.id).copied(), wanted, "{}: captured and refunded", order.id);
        assert_eq!(order.payment_status, payment(order), "{}", order.id);
    }
}

/// How an order of a method and status has to be paid.
fn payment(order: &Stored) -> &'static str {
    match (order.method.as_str(), order.status.as_str()) {
        ("sandbox", "rejected" | "cancelled") => "refunded",
        ("sandbox", _) | (_, "delivered") => "paid",
        (_, "rejected" | "cancelled" | "failed") => "void",
        _ => "due",
    }
}
