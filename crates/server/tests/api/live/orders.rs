//! `/orders/{id}/events`: every status once and in order, whatever was missed in between.

use app::events::hub::{Live, Topic};
use domain::{courier::CourierState, geo::Point};
use serde_json::{Value, json};
use store::{Tx, args};
use testkit::{city::ANNAPURNA, people::ASHA_HOME};

use super::listening::{Event, Following, Stream};
use crate::{
    orders::story::{id, typed},
    support::Web,
};

const ALL: [&str; 6] = ["placed", "accepted", "preparing", "ready", "picked_up", "delivered"];

/// The statuses until the stream ends by itself.
async fn until_the_end(stream: &mut Stream) -> Vec<Event> {
    let mut told = Vec::new();
    while let Some(event) = stream.next().await {
        if event.name == "end" {
            assert!(stream.next().await.is_none(), "nothing follows the end");
            return told;
        }
        if event.name == "status" {
            told.push(event);
        }
    }
    panic!("the stream broke off after {told:?}");
}

fn statuses(told: &[Event]) -> Vec<&str> {
    told.iter().map(|event| event.data["status"].as_str().unwrap()).collect()
}

/// The order is carried from the stove to the door.
async fn deliver(web: &Web, order: &Value) {
    let kitchen = web.user("annapurna").await;
    kitchen.accepts(order).await;
    web.city.dispatcher().assigns(typed(order), "kiran").await;
    kitchen.moves(order, json!({ "status": "preparing" })).await.ok();
    kitchen.readies(order).await;
    web.city.courier("kiran").picks_up(typed(order)).await;
    web.city.courier("kiran").delivers(typed(order)).await;
}

#[tokio::test]
async fn an_order_tells_every_status_in_order_and_ends() {
    let web = Web::new().await;
    let _following = Following::start(&web.city.app, &web).await;
    let asha = web.user("asha").await;
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    let mut stream = asha.listens(&format!("/orders/{}/events", id(&order)), None).await;
    let placed = stream.next_of("status").await;
    assert_eq!((placed.id.as_deref(), &placed.data["status"]), (Some("0"), &json!("placed")));
    assert_eq!(placed.data["eta"]["high"], order["eta"]["high"]);
    deliver(&web, &order).await;
    let told = until_the_end(&mut stream).await;
    assert_eq!(statuses(&told), ALL[1..]);
    let ids: Vec<_> = told.iter().map(|event| event.id.clone().unwrap()).collect();
    assert_eq!(ids, ["1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn who_comes_back_hears_the_rest_and_the_end() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    let path = format!("/orders/{}/events", id(&order));
    let mut early = asha.listens(&path, None).await;
    let seen = early.next_of("status").await.id.unwrap();
    drop(early);
    // Nobody listens, and this node does not even follow the log.
    deliver(&web, &order).await;
    let mut late = asha.listens(&path, Some(&seen)).await;
    assert_eq!(statuses(&until_the_end(&mut late).await), ALL[1..]);
    let mut later = asha.listens(&path, Some("4")).await;
    assert_eq!(statuses(&until_the_end(&mut later).await), ["delivered"]);
    let mut last = asha.listens(&path, Some("5")).await;
    assert!(until_the_end(&mut last).await.is_empty(), "who knows the end is only told that it is one");
    let mut first = asha.listens(&path, None).await;
    assert_eq!(statuses(&until_the_end(&mut first).await), ALL);
}

#[tokio::test]
async fn a_refusal_ends_the_stream_as_well() {
    let web = Web::new().await;
    let _following = Following::start(&web.city.app, &web).await;
    let (asha, kitchen) = (web.user("asha").await, web.user("annapurna").await);
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    let mut stream = asha.listens(&format!("/orders/{}/events", id(&order)), Some("0")).await;
    kitchen.moves(&order, json!({ "status": "rejected", "reason": "closing" })).await.ok();
    let told = until_the_end(&mut stream).await;
    assert_eq!(statuses(&told), ["rejected"]);
    assert_eq!(told[0].data["reason"], "closing");
}

#[tokio::test]
async fn the_customer_sees_the_courier_move() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    web.city.kitchen("annapurna").accepts(typed(&order)).await;
    web.city.dispatcher().assigns(typed(&order), "kiran").await;
    web.city.wait(120);
    web.city.courier("kiran").is_at(ANNAPURNA).await;
    let mut stream = asha.listens(&format!("/orders/{}/events", id(&order)), None).await;
    assert_eq!(stream.next_of("eta").await.data["courier"]["name"], "Kiran");
    is_of(&stream.next_of("position").await, ANNAPURNA);
    web.city.wait(120);
    web.city.courier("kiran").is_at(ASHA_HOME).await;
    let position = stream.next_of("position").await;
    assert_eq!(position.id, None, "positions are not kept");
    is_of(&position, ASHA_HOME);
}

/// The position tells this very place.
fn is_of(position: &Event, place: Point) {
    assert_eq!((&position.data["lat"], &position.data["lng"]), (&json!(place.lat), &json!(place.lng)));
}

/// Kiran reports to another node, of which this one only finds what was written, and then looks at the order.
async fn moves_elsewhere(web: &Web, order: &Value, place: Point) {
    web.city.wait(120);
    let (kiran, city, now) = (web.city.courier("kiran").id, web.city.id, web.city.system().now);
    let put = args![kiran, city, place.lat, place.lng, 8.0, now.as_microsecond()];
    web.city.app.db.commit(Tx::new("put a position").run(&store::positions::PUT, put)).await.unwrap();
    let nudge = Live::position(kiran, place, now, CourierState::Free);
    web.city.app.hub.publish([Topic::Order(typed(order))], &nudge);
}

#[tokio::test]
async fn positions_that_only_another_node_heard_are_told_when_the_order_is_looked_at() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    web.city.kitchen("annapurna").accepts(typed(&order)).await;
    web.city.dispatcher().assigns(typed(&order), "kiran").await;
    let link = asha.post(&format!("/orders/{}/tracking-links", id(&order)), &json!({})).await.ok();
    let mut stream = asha.listens(&format!("/orders/{}/events", id(&order)), None).await;
    let shared = format!("/track/{}/events", link["token"].as_str().unwrap());
    let mut shared = web.stranger().listens(&shared, None).await;
    let first = shared.next_of("tracking").await.data["courier"]["position"].clone();
    moves_elsewhere(&web, &order, ASHA_HOME).await;
    let mut position = stream.next_of("position").await;
    if position.data["lat"] != json!(ASHA_HOME.lat) {
        position = stream.next_of("position").await;
    }
    is_of(&position, ASHA_HOME);
    assert_eq!(position.data["state"], "to_pickup");
    let seen = shared.next_of("tracking").await.data["courier"]["position"].clone();
    assert_ne!(seen, first);
    assert_eq!(seen["within_m"], 300, "a link blurs what is looked up as well");
    // What was told is not told again, as a message or by another look.
    let same = Live::position(web.city.courier("kiran").id, ASHA_HOME, web.city.system().now, CourierState::Free);
    web.city.app.hub.publish([Topic::Position(typed(&order)), Topic::Order(typed(&order))], &same);
    stream.next_of("eta").await;
    moves_elsewhere(&web, &order, ANNAPURNA).await;
    is_of(&stream.next_of("position").await, ANNAPURNA);
    // The stream of the desk tells no such position; its board, which is read again and again, does.
    let board = web.user("meena").await.get("/real-time/live-orders?city=bengaluru").await.ok();
    let kiran = json!(web.city.courier("kiran").id);
    let shown = board["couriers"].as_array().unwrap().iter().find(|courier| courier["id"] == kiran).unwrap();
    assert_eq!((&shown["lat"], &shown["lng"]), (&json!(ANNAPURNA.lat), &json!(ANNAPURNA.lng)));
}

#[tokio::test]
async fn a_server_that_stops_ends_its_streams() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    let mut stream = asha.listens(&format!("/orders/{}/events", id(&order)), None).await;
    let mut all = asha.listens("/events", None).await;
    stream.next_of("eta").await;
    all.next_of("ping").await;
    web.server.drain();
    assert!(stream.next().await.is_none());
    assert!(all.next().await.is_none());
}
