//! Arrivals: said in parts, learned from what was delivered, moved with a reason, and compared with what came.

use axum::http::Method;
use domain::{event::Event, id::OrderId};
use serde_json::{Value, json};
use store::outbox::Position;
use testkit::{TestCity, city::ANNAPURNA, eventually};

use crate::{
    orders::story::{basket, id, typed},
    support::Web,
};

/// Seconds between two moments of an answer.
fn seconds(from: &Value, to: &Value) -> i64 {
    let at = |value: &Value| value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    at(to).duration_since(at(from)).as_secs()
}

/// An order of Asha's whose food takes `cooking` seconds, and whose last mile takes `riding`.
async fn delivered(city: &TestCity, cooking: i64, riding: i64) -> OrderId {
    city.courier("kiran").is_at(ANNAPURNA).await;
    let order = city.customer("asha").orders("masala dosa").await;
    city.wait(30);
    city.kitchen("annapurna").accepts(order).await;
    city.dispatcher().assigns(order, "kiran").await;
    city.wait(cooking);
    city.kitchen("annapurna").readies(order).await;
    city.courier("kiran").picks_up(order).await;
    city.wait(riding);
    city.courier("kiran").delivers(order).await;
    order
}

/// Learns, and answers the comparison of so many deliveries.
async fn learned(web: &Web, orders: i64) -> Value {
    web.city.app.learn().await.unwrap();
    let compared = web.user("meena").await.get("/analytics/eta-calibration?city=bengaluru").await.ok();
    assert_eq!(compared["total"]["orders"], orders, "{compared}");
    compared
}

#[tokio::test]
async fn a_price_says_when_it_arrives_part_by_part() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let quote = asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await;
    let parts = &quote["parts"];
    for part in ["assignment", "first_mile", "preparation", "last_mile", "total"] {
        let (p50, p90) = (parts[part]["p50_s"].as_i64().unwrap(), parts[part]["p90_s"].as_i64().unwrap());
        assert!(p50 > 0 && p90 > p50, "{part}: {parts}");
    }
    let total = &parts["total"];
    let both = parts["preparation"]["p50_s"].as_i64().unwrap() + parts["last_mile"]["p50_s"].as_i64().unwrap();
    assert!(total["p50_s"].as_i64().unwrap() >= both, "the courier may be later than the food: {parts}");
    assert!(seconds(&quote["eta"]["low"], &quote["eta"]["high"]) > 300);
    let placed = asha.submits(&quote, "lunch", "cod").await.ok();
    assert_eq!(placed["eta"], quote["eta"]);
}

#[tokio::test]
async fn a_slow_kitchen_is_believed_to_be_slow_and_every_delivery_counts_once() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let before = asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await;
    for _ in 0..8 {
        delivered(&web.city, 2_400, 900).await;
    }
    let compared = learned(&web, 8).await;
    assert_eq!(learned(&web, 8).await["total"], compared["total"], "nothing is counted twice");
    let total = &compared["total"];
    assert_eq!((&total["on_time_pct"], &total["inside_pct"]), (&json!(0.0), &json!(0.0)), "{compared}");
    assert!(total["bias_s"].as_i64().unwrap() > 1_200 && total["mean_lateness_s"].as_i64().unwrap() > 0, "{compared}");
    let preparation = &compared["parts"]["preparation"];
    assert_eq!((&preparation["orders"], &preparation["under_p90_pct"]), (&8.into(), &json!(0.0)), "{compared}");
    assert_eq!(compared["restaurants"][0]["name"], "Annapurna Tiffin Room");
    let by_hour: i64 =
        compared["hours"].as_array().unwrap().iter().map(|hour| hour["fit"]["orders"].as_i64().unwrap()).sum();
    assert_eq!(by_hour, 8);

    // What was learned is read anew after a minute, on every node.
    web.city.wait(61);
    let after = asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await;
    let preparation = |quote: &Value, point: &str| quote["parts"]["preparation"][point].as_i64().unwrap();
    let p90 = |quote: &Value| preparation(quote, "p90_s");
    assert!(p90(&after) > p90(&before) * 3 / 2, "{} {}", before["parts"], after["parts"]);
    assert!(after["parts"]["last_mile"]["p50_s"].as_i64() > before["parts"]["last_mile"]["p50_s"].as_i64());
    let ravi = web.user("ravi").await;
    let other = ravi.is_quoted(&basket(&web.city, "mutton curry", &[]).await).await;
    let ratio = |quote: &Value, minutes: i64| preparation(quote, "p50_s") * 100 / (minutes * 60);
    let minutes = |name| web.city.app.restaurant(web.city.restaurant(name)).unwrap().prep_minutes;
    let (slow, unknown) = (ratio(&after, minutes("annapurna")), ratio(&other, minutes("biryani")));
    assert!(unknown < slow, "another kitchen is less suspected: {unknown} {slow}");
}

#[tokio::test]
async fn deliveries_closed_by_staff_teach_nothing() {
    let web = Web::new().await;
    let (meena, order) = (web.user("meena").await, web.city.customer("asha").orders("masala dosa").await);
    web.city.kitchen("annapurna").accepts(order).await;
    web.city.dispatcher().assigns(order, "kiran").await;
    web.city.kitchen("annapurna").readies(order).await;
    web.city.courier("kiran").picks_up(order).await;
    web.city.wait(40_000);
    let path = format!("/real-time/update-order-status/{order}");
    meena.post(&path, &json!({ "status": "delivered", "reason": "closed the next day" })).await.ok();
    delivered(&web.city, 600, 600).await;
    learned(&web, 1).await;
}

#[tokio::test]
async fn an_arrival_moves_by_itself_and_says_why() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    web.city.kitchen("annapurna").accepts(typed(&order)).await;
    let system = web.city.system();
    let look = || async { web.city.app.watch_arrivals(&web.city.app.ctx(system.actor.clone()), web.city.id).await };
    assert_eq!(look().await.unwrap(), 0, "nothing happened yet");
    let calm = asha.sees(&order).await;

    // The food is long ready and nobody comes.
    web.city.wait(900);
    web.city.kitchen("annapurna").readies(typed(&order)).await;
    web.city.wait(1_500);
    assert_eq!(look().await.unwrap(), 1);
    let waiting = asha.sees(&order).await;
    assert_eq!(waiting["eta"]["reason"], "no-courier-yet", "{}", waiting["eta"]);
    assert!(seconds(&calm["eta"]["high"], &waiting["eta"]["high"]) >= 120);
    assert_eq!(waiting["first_eta"], calm["first_eta"], "the first promise stays");
    assert_eq!(look().await.unwrap(), 0, "it is told once");

    // Somebody takes it and does not arrive.
    web.city.courier("kiran").is_at(ANNAPURNA).await;
    web.city.dispatcher().assigns(typed(&order), "kiran").await;
    web.city.wait(2_400);
    assert_eq!(look().await.unwrap(), 1);
    assert_eq!(asha.sees(&order).await["eta"]["reason"], "courier-slow");

    // On the way, rain begins.
    web.city.courier("kiran").picks_up(typed(&order)).await;
    let meena = web.user("meena").await;
    let path = format!("/cities/{}/weather", web.city.id);
    let rain = Some(json!({ "weather": "flooded", "minutes": 300 }));
    meena.ask(Method::PUT, &path, &[], rain.as_ref()).await.ok();
    web.city.wait(3_000);
    assert_eq!(look().await.unwrap(), 1);
    assert_eq!(asha.sees(&order).await["eta"]["reason"], "traffic");
    let told = eventually("the move is told", || async {
        let recorded = web.city.app.events_after(Position::default(), 10_000).await.unwrap();
        let moves = recorded.into_iter().filter_map(|recorded| match recorded.event {
            Event::OrderChanged(changed) if changed.what == "eta_moved" => changed.reason,
            _ => None,
        });
        let moves: Vec<String> = moves.collect();
        (moves.len() == 3).then_some(moves)
    });
    assert_eq!(told.await, ["no-courier-yet", "courier-slow", "traffic"]);
}

#[tokio::test]
async fn nobody_is_missed_while_the_food_is_not_nearly_ready() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    let accept = json!({ "status": "accepted", "prep_minutes": 40 });
    web.user("annapurna").await.moves(&order, accept).await.ok();
    let reason = || async {
        web.city.app.watch_arrivals(&web.city.system(), web.city.id).await.unwrap();
        asha.sees(&order).await["eta"]["reason"].clone()
    };
    assert_eq!(reason().await, "kitchen-delay", "forty minutes are more than was said");
    // A courier is wanted at 35 minutes, and three more may pass.
    web.city.wait(2_275);
    assert_eq!(reason().await, "kitchen-delay");
    web.city.wait(10);
    assert_eq!(reason().await, "no-courier-yet");
}

#[tokio::test]
async fn a_range_does_not_begin_before_the_food_that_is_late() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    web.city.courier("kiran").is_at(ANNAPURNA).await;
    web.city.kitchen("annapurna").accepts(typed(&order)).await;
    web.city.dispatcher().assigns(typed(&order), "kiran").await;
    web.user("kiran").await.post(&format!("/orders/{}/arrive", id(&order)), &json!({})).await.ok();
    for _ in 0..20 {
        web.city.wait(60);
        web.city.app.watch_arrivals(&web.city.system(), web.city.id).await.unwrap();
        let (seen, now) = (asha.sees(&order).await, json!(web.city.system().now.to_string()));
        // Two kilometres, two hand-overs, and the two minutes that are not worth telling.
        assert!(seconds(&now, &seen["eta"]["low"]) >= 60, "{} at {now}", seen["eta"]);
    }
}

#[tokio::test]
async fn ways_that_slow_down_before_the_pickup_are_no_fault_of_the_kitchen() {
    let web = Web::new().await;
    let (asha, meena) = (web.user("asha").await, web.user("meena").await);
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    // A minute more than was said.
    let accept = json!({ "status": "accepted", "prep_minutes": 17 });
    web.user("annapurna").await.moves(&order, accept).await.ok();
    let path = format!("/cities/{}/weather", web.city.id);
    let flooded = json!({ "weather": "flooded", "minutes": 300 });
    meena.ask(Method::PUT, &path, &[], Some(&flooded)).await.ok();
    web.city.wait(61);
    assert_eq!(web.city.app.watch_arrivals(&web.city.system(), web.city.id).await.unwrap(), 1);
    let seen = asha.sees(&order).await;
    assert_eq!(seen["eta"]["reason"], "traffic", "{} after {}", seen["eta"], seen["first_eta"]);
}

#[tokio::test]
async fn a_kitchen_that_is_silent_is_the_reason() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    web.city.courier("kiran").is_at(ANNAPURNA).await;
    web.city.kitchen("annapurna").accepts(typed(&order)).await;
    web.city.dispatcher().assigns(typed(&order), "kiran").await;
    let kiran = web.user("kiran").await;
    kiran.post(&format!("/orders/{}/arrive", id(&order)), &json!({})).await.ok();
    web.city.wait(3_600);
    let ctx = web.city.system();
    assert_eq!(web.city.app.watch_arrivals(&ctx, web.city.id).await.unwrap(), 1);
    assert_eq!(asha.sees(&order).await["eta"]["reason"], "kitchen-delay");
}

#[tokio::test]
async fn rain_lengthens_ways_until_it_is_over() {
    let web = Web::new().await;
    let (asha, meena) = (web.user("asha").await, web.user("meena").await);
    let path = format!("/cities/{}/weather", web.city.id);
    let wanted = basket(&web.city, "masala dosa", &[]).await;
    let last_mile = |quote: &Value| quote["parts"]["last_mile"]["p50_s"].as_i64().unwrap();
    let dry = last_mile(&asha.is_quoted(&wanted).await);
    assert_eq!(meena.get(&path).await.ok(), json!({ "weather": "clear", "until": null }));
    let set = |weather: &str, minutes: i64| Some(json!({ "weather": weather, "minutes": minutes }));
    let heavy = meena.ask(Method::PUT, &path, &[], set("heavy_rain", 60).as_ref()).await.ok();
    assert_eq!(heavy["weather"], "heavy_rain");
    let wet = last_mile(&asha.is_quoted(&wanted).await);
    assert!(wet > dry, "{dry} {wet}");
    web.city.wait(3_601);
    assert_eq!(last_mile(&asha.is_quoted(&wanted).await), dry, "it ends by itself");
    assert_eq!(meena.get(&path).await.ok()["weather"], "clear");
    let refused = meena.ask(Method::PUT, &path, &[], set("rain", 0).as_ref()).await.refused(422, "out-of-range");
    assert_eq!(refused["errors"][0]["pointer"], "/minutes");
    let odd = Some(json!({ "weather": "snow" }));
    meena.ask(Method::PUT, &path, &[], odd.as_ref()).await.refused(422, "invalid-body");
}

#[tokio::test]
async fn spans_that_cannot_be_compared_are_refused() {
    let web = Web::new().await;
    let meena = web.user("meena").await;
    let empty = meena.get("/analytics/eta-calibration").await.ok();
    assert_eq!((&empty["total"]["orders"], &empty["total"]["inside_pct"]), (&0.into(), &Value::Null));
    assert_eq!((&empty["hours"], &empty["restaurants"]), (&json!([]), &json!([])));
    for span in ["from=2026-11-20T08:00:00Z&to=2026-11-20T08:00:00Z", "from=2020-01-01T00:00:00Z"] {
        let refused = meena.get(&format!("/analytics/eta-calibration?{span}")).await.refused(422, "out-of-range");
        assert_eq!(refused["errors"][0]["pointer"], "/from");
    }
    meena.get("/analytics/eta-calibration?city=atlantis").await.refused(422, "invalid-parameter");
}
