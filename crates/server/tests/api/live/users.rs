//! `/events`: everybody hears what concerns them, from whichever node it happened on.

use std::sync::Arc;

use serde_json::{Value, json};
use server::Server;

use super::listening::{Following, Stream};
use crate::{
    orders::story::{id, typed},
    support::Web,
};

/// The next event about an order that is told.
async fn next_order(stream: &mut Stream) -> (Value, Value) {
    let event = stream.next_of("order").await;
    (event.data["order_id"].clone(), event.data["status"].clone())
}

#[tokio::test]
async fn everybody_hears_only_what_is_theirs() {
    let web = Web::new().await;
    let _following = Following::start(&web.city.app, &web).await;
    let (asha, ravi) = (web.user("asha").await, web.user("ravi").await);
    let mut streams = Vec::new();
    for name in ["asha", "annapurna", "meena", "ravi", "biryani", "kiran"] {
        streams.push(web.user(name).await.listens("/events", None).await);
    }
    let mine = asha.orders(&web.city, "masala dosa", "cod").await;
    let other = ravi.orders(&web.city, "mutton curry", "cod").await;
    let placed = |order: &Value| (order["id"].clone(), json!("placed"));
    // Had Ravi, his kitchen or Kiran heard of Asha's order, it would have come before his own.
    assert_eq!(next_order(&mut streams[0]).await, placed(&mine));
    assert_eq!(next_order(&mut streams[1]).await, placed(&mine));
    assert_eq!(next_order(&mut streams[2]).await, placed(&mine));
    assert_eq!(next_order(&mut streams[2]).await, placed(&other));
    assert_eq!(next_order(&mut streams[3]).await, placed(&other));
    assert_eq!(next_order(&mut streams[4]).await, placed(&other));
    web.city.kitchen("biryani").accepts(typed(&other)).await;
    web.city.dispatcher().assigns(typed(&other), "kiran").await;
    let (order, status) = next_order(&mut streams[5]).await;
    assert_eq!((order, status), (other["id"].clone(), json!("accepted")), "Kiran hears from when it is his");
}

#[tokio::test]
async fn an_offer_is_told_to_its_courier() {
    let web = Web::new().await;
    let _following = Following::start(&web.city.app, &web).await;
    let (asha, kiran, lata) = (web.user("asha").await, web.user("kiran").await, web.user("lata").await);
    let (mut his, mut hers) = (kiran.listens("/events", None).await, lata.listens("/events", None).await);
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    web.city.kitchen("annapurna").accepts(typed(&order)).await;
    web.city.kitchen("annapurna").readies(typed(&order)).await;
    web.city.app.reconcile_once(true).await.unwrap();
    let made = his.next_of("offer").await.data;
    assert_eq!((&made["order_id"], &made["state"]), (&order["id"], &json!("made")));
    let declined = kiran.post(&format!("/offers/{}/decline", made["offer_id"].as_str().unwrap()), &json!({})).await;
    assert_eq!(declined.status, 204);
    assert_eq!(his.next_of("offer").await.data["state"], "declined");
    // Lata's stream told nothing of it: the first that she hears is her own shift's end.
    let shift = format!("/couriers/{}/shift", web.city.courier("lata").id);
    lata.post(&shift, &json!({ "on": false })).await.ok();
    hers.next_of("ping").await;
    assert_eq!(hers.next().await.unwrap().name, "courier_changed");
}

#[tokio::test]
async fn who_comes_back_hears_what_was_missed() {
    let web = Web::new().await;
    let following = Following::start(&web.city.app, &web).await;
    let asha = web.user("asha").await;
    let mut stream = asha.listens("/events", None).await;
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    let last = stream.next_of("order").await.id.unwrap();
    drop((stream, following));
    web.city.kitchen("annapurna").accepts(typed(&order)).await;
    web.city.kitchen("annapurna").readies(typed(&order)).await;
    // On PostgreSQL an event can be read once older transactions of the whole server have ended.
    let missed = testkit::eventually("what was missed", || async {
        let position = server::api::live::user_stream::read_position(&last).unwrap();
        let events = web.city.app.events_after(position, 100).await.unwrap();
        (events.len() >= 2).then_some(())
    });
    missed.await;
    let mut again = asha.listens("/events", Some(&last)).await;
    assert_eq!(next_order(&mut again).await, (order["id"].clone(), json!("accepted")));
    assert_eq!(next_order(&mut again).await, (order["id"].clone(), json!("ready")));
}

#[tokio::test]
async fn two_nodes_tell_each_others_events() {
    let web = Web::new().await;
    if !web.city.shared() {
        return;
    }
    let node = Arc::new(web.city.another_node().await);
    let (_here, _there) = (Following::start(&web.city.app, &web).await, Following::start(&node, &web).await);
    let far = crate::support::Client::of(&Arc::new(Server::new(Arc::clone(&node), None, None)));
    // The same token is good on both.
    let asha = web.user("asha").await;
    let far_asha = far.with_token(asha.token());
    let (mut here, mut there) = (asha.listens("/events", None).await, far_asha.listens("/events", None).await);
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    let mut followed = far_asha.listens(&format!("/orders/{}/events", id(&order)), None).await;
    assert_eq!(next_order(&mut there).await, (order["id"].clone(), json!("placed")));
    let far_kitchen = far.with_token(web.user("annapurna").await.token());
    far_kitchen.accepts(&order).await;
    assert_eq!(next_order(&mut here).await, (order["id"].clone(), json!("placed")));
    assert_eq!(next_order(&mut here).await, (order["id"].clone(), json!("accepted")));
    assert_eq!(followed.next_of("status").await.data["status"], "placed");
    assert_eq!(followed.next_of("status").await.data["status"], "accepted");
    node.db.close().await;
}

#[tokio::test]
async fn a_stream_ends_with_the_token_that_opened_it() {
    let second = std::time::Duration::from_secs(1);
    let settings = app::Settings { access_token_for: second, ..app::Settings::default() };
    let web = Web::around(testkit::TestCity::with(settings).await);
    let asha = web.user("asha").await;
    // The city's clock stands still, so the token is as good as new; time passes for those who wait.
    let mut stream = asha.listens("/events", None).await;
    assert_eq!(stream.next().await.unwrap().name, "ping");
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn who_reads_too_slowly_is_told_to_read_everything_anew() {
    let web = Web::new().await;
    let mut stream = web.user("meena").await.listens("/events", None).await;
    assert_eq!(stream.next().await.unwrap().name, "ping");
    for _ in 0..1_100 {
        web.city.wait(10);
        web.city.courier("kiran").is_at(testkit::city::ANNAPURNA).await;
    }
    let told = stream.next().await.unwrap();
    assert_eq!(told.name, "reload");
    assert!(told.data["missed"].as_u64().unwrap() >= 76, "{}: all that 1,024 left no room for", told.data);
    assert_eq!(stream.next().await.unwrap().name, "courier", "the newest are told");
}
