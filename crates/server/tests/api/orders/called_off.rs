//! Orders that do not get far: refused, forgotten, cancelled, delayed; and jumps that nobody may make.

use domain::{id::OrderId, ledger::Account};
use serde_json::json;
use store::{CommitError, ConstraintKind, Tx, args, orders};

use super::story::{id, typed};
use crate::support::Web;

#[tokio::test]
async fn a_kitchen_that_stays_silent_has_refused_and_the_money_goes_back() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let order = asha.orders(&web.city, "masala dosa", "sandbox").await;
    let total = order["total_paise"].as_i64().unwrap();
    assert_eq!(web.city.app.balance(Account::Gateway).await.unwrap(), total);
    web.city.wait(179);
    web.city.app.reconcile_once(false).await.unwrap();
    assert_eq!(asha.sees(&order).await["status"], "placed");
    web.city.wait(1);
    web.city.app.reconcile_once(false).await.unwrap();
    let rejected = asha.sees(&order).await;
    assert_eq!((&rejected["status"], &rejected["reason"]), (&json!("rejected"), &json!("no-answer")));
    assert_eq!(rejected["payment"]["status"], "refunded");
    assert_eq!(web.city.app.balance(Account::Gateway).await.unwrap(), 0);
    assert_eq!(web.city.app.balance(Account::OrderClearing(typed(&order))).await.unwrap(), 0);
    let kitchen = web.user("annapurna").await;
    let late = kitchen.moves(&order, json!({ "status": "accepted", "prep_minutes": 15 })).await;
    late.refused(409, "illegal-transition");
}

#[tokio::test]
async fn a_kitchen_refuses_with_a_reason() {
    let web = Web::new().await;
    let (asha, kitchen) = (web.user("asha").await, web.user("annapurna").await);
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    for reason in [json!(null), json!("bored")] {
        let unsaid = kitchen.moves(&order, json!({ "status": "rejected", "reason": reason })).await;
        assert_eq!(unsaid.refused(422, "wrong-format")["errors"][0]["pointer"], "/reason");
    }
    let rejected = kitchen.moves(&order, json!({ "status": "rejected", "reason": "item-out" })).await.ok();
    assert_eq!((&rejected["status"], &rejected["payment"]["status"]), (&json!("rejected"), &json!("void")));
}

#[tokio::test]
async fn a_customer_cancels_until_the_kitchen_accepts() {
    let web = Web::new().await;
    let (asha, kitchen) = (web.user("asha").await, web.user("annapurna").await);
    let early = asha.orders(&web.city, "masala dosa", "sandbox").await;
    assert_eq!(early["allowed"], json!(["cancelled"]));
    let cancelled = asha.moves(&early, json!({ "status": "cancelled" })).await.ok();
    assert_eq!(cancelled["payment"]["status"], "refunded");
    let late = asha.orders(&web.city, "masala dosa", "sandbox").await;
    kitchen.accepts(&late).await;
    assert_eq!(asha.sees(&late).await["allowed"], json!([]));
    asha.moves(&late, json!({ "status": "cancelled" })).await.refused(409, "illegal-transition");
    // Staff still may, and say why.
    let meena = web.user("meena").await;
    meena.moves(&late, json!({ "status": "cancelled" })).await.refused(422, "wrong-format");
    meena.moves(&late, json!({ "status": "cancelled", "reason": "wrong address" })).await.ok();
}

#[tokio::test]
async fn a_delay_moves_the_arrival_and_says_why() {
    let web = Web::new().await;
    let (asha, kitchen) = (web.user("asha").await, web.user("annapurna").await);
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    let delay = format!("/orders/{}/delay", id(&order));
    kitchen.post(&delay, &json!({ "minutes": 10 })).await.refused(409, "illegal-transition");
    let before = kitchen.accepts(&order).await;
    kitchen.post(&delay, &json!({ "minutes": 7 })).await.refused(422, "out-of-range");
    kitchen.post(&delay, &json!({ "minutes": 10 })).await.ok();
    let after = asha.sees(&order).await;
    assert_eq!(after["eta"]["reason"], "kitchen-delay");
    let at = |value: &serde_json::Value| value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let moved = |field: &str| at(&after["eta"][field]).duration_since(at(&before["eta"][field])).as_mins();
    // The kitchen's word is taken for what it usually is worth, so the range also widens.
    assert_eq!((moved("low"), moved("high")), (10, 12), "nor is a courier wanted before");
    let ready = at(&after["promised_ready_at"]).duration_since(at(&before["promised_ready_at"]));
    assert_eq!(ready.as_mins(), 10);
    assert_eq!(after["first_eta"], before["first_eta"], "the first promise stays");
}

#[tokio::test]
async fn nobody_jumps() {
    let web = Web::new().await;
    let (asha, kitchen, kiran) = (web.user("asha").await, web.user("annapurna").await, web.user("kiran").await);
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    let refused = kitchen.moves(&order, json!({ "status": "ready" })).await.refused(409, "illegal-transition");
    assert_eq!(refused["errors"][0]["params"], json!({ "from": "placed", "to": "ready", "mover": "restaurant" }));
    kitchen.accepts(&order).await;
    web.city.dispatcher().assigns(typed(&order), "kiran").await;
    let code = order["delivery_code"].clone();
    let early = kiran.moves(&order, json!({ "status": "delivered", "code": code })).await;
    early.refused(409, "illegal-transition");
    kiran.moves(&order, json!({ "status": "eaten" })).await.refused(422, "invalid-body");
    assert_eq!(asha.sees(&order).await["status"], "accepted");
}

#[tokio::test]
async fn the_database_itself_stores_no_jump() {
    let web = Web::new().await;
    let order: OrderId = typed(&web.user("asha").await.orders(&web.city, "masala dosa", "cod").await);
    let db = &web.city.app.db;
    let now = web.city.system().now_us();
    let history = |position: i64, before: Option<i64>, from: &str, to: &str| {
        let none = None::<uuid::Uuid>;
        Tx::new("jump")
            .run(&orders::INSERT_HISTORY, args![order, position, before, from, to, "system", none, None::<&str>, now])
    };
    // No such step; a step from where the order does not stand; a gap; a second beginning.
    let jumps = [
        history(1, Some(0), "placed", "delivered"),
        history(1, Some(0), "ready", "picked_up"),
        history(2, Some(1), "accepted", "preparing"),
        history(0, None, "none", "placed"),
        history(2, Some(0), "placed", "accepted"),
    ];
    for jump in jumps {
        let refused = db.commit(jump).await.unwrap_err();
        assert!(matches!(refused, CommitError::Constraint { .. }), "{refused}");
    }
    // A status without its history.
    let forged = args![order, 0_i64, "placed", "delivered", "paid", now, None::<&str>];
    let refused = db.commit(Tx::new("forge").run(&orders::MOVE, forged)).await.unwrap_err();
    let CommitError::Constraint { kind, .. } = refused else { panic!("{refused}") };
    assert!(matches!(kind, ConstraintKind::ForeignKey | ConstraintKind::Check), "{kind:?}");
}
