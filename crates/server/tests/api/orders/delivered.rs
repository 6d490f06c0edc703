//! An order that goes well, and what the books say afterwards.

use domain::{
    id::{OrderId, RestaurantId},
    ledger::Account,
};
use serde_json::{Value, json};

use super::story::{basket, id, typed};
use crate::support::Web;

/// The books after an order.
async fn balance(web: &Web, account: Account) -> i64 {
    web.city.app.balance(account).await.unwrap()
}

fn sum(list: &Value, field: &str) -> i64 {
    list.as_array().unwrap().iter().map(|one| one[field].as_i64().unwrap()).sum()
}

/// From the stove to the door by an offer that Kiran takes; answers the delivered order and what the courier was offered.
async fn deliver(web: &Web, placed: &Value) -> (Value, Value) {
    let (kitchen, kiran, asha) = (web.user("annapurna").await, web.user("kiran").await, web.user("asha").await);
    let accepted = kitchen.accepts(placed).await;
    assert_eq!((&accepted["status"], &accepted["prep_minutes"]), (&json!("accepted"), &json!(15)));
    kitchen.moves(placed, json!({ "status": "preparing" })).await.ok();
    kitchen.readies(placed).await;
    web.city.app.reconcile_once(true).await.unwrap();
    let offers = kiran.offers(web, "kiran").await;
    assert_eq!(offers.len(), 1);
    let taken = kiran.takes(&offers[0]).await.ok();
    assert_eq!(taken["courier"]["name"], "Kiran");
    let at_counter = kiran.post(&format!("/orders/{}/arrive", id(placed)), &json!({})).await.ok();
    assert!(at_counter["courier"]["arrived_at_restaurant_at"].is_string());
    kiran.moves(placed, json!({ "status": "picked_up" })).await.ok();
    let code = asha.sees(placed).await["delivery_code"].as_str().unwrap().to_owned();
    let wrong = if code == "0000" { "0001" } else { "0000" };
    let refused = kiran.moves(placed, json!({ "status": "delivered", "code": wrong })).await;
    assert_eq!(refused.refused(422, "wrong-code")["errors"][0]["pointer"], "/code");
    kiran.moves(placed, json!({ "status": "delivered", "code": code })).await.ok();
    (asha.sees(placed).await, offers[0].clone())
}

async fn tells_the_story(method: &str) {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let mut wanted = basket(&web.city, "filter coffee", &["large", "chicory"]).await;
    wanted["lines"][0]["quantity"] = json!(2);
    wanted["tip_paise"] = json!(2_000);
    let quote = asha.is_quoted(&wanted).await;
    assert_eq!(quote["lines"][0]["options"], json!(["Large", "Chicory"]));
    assert_eq!(sum(&quote["lines"], "total_paise"), 2 * (4_000 + 1_500 + 500));
    let placed = asha.submits(&quote, "breakfast", method).await;
    assert_eq!(placed.status, 201);
    assert_eq!(placed.header("location"), Some(format!("/orders/{}", id(&placed.json())).as_str()));
    let (order, offer) = deliver(&web, &placed.json()).await;
    assert_eq!(order["status"], "delivered");
    assert_eq!(order["payment"], json!({ "method": method, "status": "paid" }));
    let statuses: Vec<_> = order["timeline"].as_array().unwrap().iter().map(|step| step["status"].clone()).collect();
    assert_eq!(statuses, ["placed", "accepted", "preparing", "ready", "picked_up", "delivered"]);
    assert_eq!(order["allowed"], json!([]));
    books_balance(&web, &order, &offer, method == "cod").await;
}

async fn books_balance(web: &Web, order: &Value, offer: &Value, cash: bool) {
    let order_id: OrderId = typed(order);
    let kitchen: RestaurantId = typed(&order["restaurant"]);
    let kiran = web.city.courier("kiran").id;
    let (lines, charges, taxes) = (
        sum(&order["lines"], "total_paise"),
        sum(&order["charges"], "amount_paise"),
        sum(&order["taxes"], "amount_paise"),
    );
    let (tip, total) = (order["tip_paise"].as_i64().unwrap(), order["total_paise"].as_i64().unwrap());
    assert_eq!(total, lines + charges + taxes + tip);
    let packing = 1_000;
    let food = lines + packing;
    let commission = food * 18 / 100;
    let pay = offer["pay_paise"].as_i64().unwrap() - tip;
    let expected = [
        (Account::CustomerReceivable(order_id), 0),
        (Account::OrderClearing(order_id), 0),
        (Account::Gateway, if cash { 0 } else { total }),
        (Account::CourierCash(kiran), if cash { total } else { 0 }),
        (Account::RestaurantPayable(kitchen), commission - food),
        (Account::CourierPayable(kiran), -(pay + tip)),
        (Account::TaxPayable, -taxes),
        (Account::PlatformRevenue, -(charges - packing + commission)),
        (Account::CourierCost, pay),
        (Account::PlatformLoss, 0),
    ];
    let mut all = 0;
    for (account, paise) in expected {
        assert_eq!(balance(web, account).await, paise, "{account:?}");
        all += paise;
    }
    assert_eq!(all, 0, "what one account received another one gave");
    let earnings = web.user("kiran").await.get(&format!("/couriers/{kiran}/earnings")).await.ok();
    assert_eq!(earnings["total_paise"], pay + tip);
    assert_eq!(earnings["cash_in_hand_paise"], if cash { total } else { 0 });
}

#[tokio::test]
async fn an_order_paid_in_cash_is_delivered_and_the_books_balance() {
    tells_the_story("cod").await;
}

#[tokio::test]
async fn an_order_paid_before_is_delivered_and_the_books_balance() {
    tells_the_story("sandbox").await;
}

#[tokio::test]
async fn a_delivery_that_fails_is_the_platforms_loss() {
    let web = Web::new().await;
    let (asha, kitchen, kiran) = (web.user("asha").await, web.user("annapurna").await, web.user("kiran").await);
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    kitchen.accepts(&order).await;
    web.city.dispatcher().assigns(typed(&order), "kiran").await;
    kitchen.readies(&order).await;
    kiran.moves(&order, json!({ "status": "picked_up" })).await.ok();
    let unsaid = kiran.moves(&order, json!({ "status": "failed" })).await;
    assert_eq!(unsaid.refused(422, "wrong-format")["errors"][0]["pointer"], "/reason");
    let failed = kiran.moves(&order, json!({ "status": "failed", "reason": "nobody-there" })).await.ok();
    assert_eq!(failed["payment"]["status"], "void");
    assert_eq!(balance(&web, Account::PlatformLoss).await, order["total_paise"].as_i64().unwrap());
    assert_eq!(balance(&web, Account::OrderClearing(typed(&order))).await, 0);
}
