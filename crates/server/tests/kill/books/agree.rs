//! What follows from events followed once: roll-ups and messages count what happened, however often the consumers died
//! in the middle of a batch.

use std::collections::HashMap;

use app::App;
use store::{Db, Statement, outbox};
use uuid::Uuid;

use super::{Stored, all, count};

static ROLLUPS: Statement = Statement::new(
    "kill.ROLLUPS",
    "SELECT CAST(SUM(placed) AS BIGINT), CAST(SUM(delivered) AS BIGINT), CAST(SUM(rejected) AS BIGINT), \
     CAST(SUM(cancelled) AS BIGINT), CAST(SUM(failed) AS BIGINT), CAST(SUM(revenue_paise) AS BIGINT) FROM hourly_orders",
);
static SOLD: Statement =
    Statement::new("kill.SOLD", "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM daily_items");
static DELIVERED: Statement = Statement::new(
    "kill.DELIVERED",
    "SELECT CAST(COALESCE(SUM(l.quantity), 0) AS BIGINT) FROM order_lines l JOIN orders o ON o.id = l.order_id \
     WHERE o.status = 'delivered'",
);
static MESSAGES: Statement = Statement::new("kill.MESSAGES", "SELECT CAST(COUNT(*) AS BIGINT) FROM messages");
static TOLD_STEPS: Statement = Statement::new(
    "kill.TOLD_STEPS",
    "SELECT CAST(COUNT(*) AS BIGINT) FROM order_history \
     WHERE to_status IN ('accepted', 'picked_up', 'delivered', 'rejected', 'cancelled', 'failed')",
);
static STEPS: Statement = Statement::new("kill.STEPS", "SELECT CAST(COUNT(*) AS BIGINT) FROM order_history");
static EVENTS: Statement =
    Statement::new("kill.EVENTS", "SELECT CAST(COUNT(*) AS BIGINT) FROM outbox WHERE kind = 'order_moved'");

/// Lets the consumers catch up, then compares their work with the orders.
pub(super) async fn consequences(db: &Db, app: &App, stored: &HashMap<Uuid, Stored>) {
    app.consume_all().await.unwrap();
    let lag = outbox::lag(db).await.unwrap();
    let waiting: Vec<_> = lag.iter().map(|consumer| (consumer.consumer.as_str(), consumer.waiting)).collect();
    assert_eq!(waiting, [("arrivals", 0), ("messages", 0), ("ordered-carts", 0), ("rollups", 0)]);
    assert_eq!(count(db, &EVENTS).await, count(db, &STEPS).await, "steps without an event, or told twice");
    assert_eq!(count(db, &MESSAGES).await, count(db, &TOLD_STEPS).await, "messages");
    assert_eq!(count(db, &SOLD).await, count(db, &DELIVERED).await, "dishes sold");

    let of = |status: &str| stored.values().filter(|order| order.status == status).collect::<Vec<_>>();
    let number = |status| i64::try_from(of(status).len()).unwrap();
    let revenue = of("delivered").iter().map(|order| order.total_paise).sum::<i64>();
    let placed = i64::try_from(stored.len()).unwrap();
    let expected = (placed, number("delivered"), number("rejected"), number("cancelled"), number("failed"), revenue);
    assert_eq!(all::<(i64, i64, i64, i64, i64, i64)>(db, &ROLLUPS).await, [expected], "orders by hour");
}
