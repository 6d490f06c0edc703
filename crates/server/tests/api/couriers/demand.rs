//! Where orders are expected: from the city's own orders, against who is free.

use serde_json::{Value, json};
use testkit::city::{ANNAPURNA, BIRYANI};

use super::patient;
use crate::support::Web;

/// The cell in which a point lies, if it is told.
fn cell_at(demand: &Value, lat: f64, lng: f64) -> Value {
    let half = demand["cell_degrees"].as_f64().unwrap() / 2.0;
    let within = |cell: &&Value| {
        (cell["lat"].as_f64().unwrap() - lat).abs() <= half && (cell["lng"].as_f64().unwrap() - lng).abs() <= half
    };
    demand["cells"].as_array().unwrap().iter().find(within).cloned().unwrap_or_default()
}

async fn four_orders(web: &Web) {
    for _ in 0..4 {
        let order = web.city.customer("asha").orders("masala dosa").await;
        let wanted = app::orders::MoveOrder { reason: Some("other".to_owned()), ..Default::default() };
        let wanted = app::orders::MoveOrder { to: Some(domain::order::Status::Cancelled), ..wanted };
        web.city.app.move_order(&web.city.ctx_of("meena"), order, &wanted).await.unwrap();
    }
}

#[tokio::test]
async fn what_was_ordered_is_expected_again_and_fades() {
    let web = patient().await;
    web.city.customer("ravi").orders("mutton curry").await;
    web.city.wait(86_400);
    web.city.courier("kiran").is_at(ANNAPURNA).await;
    four_orders(&web).await;
    let meena = web.user("meena").await;
    let path = format!("/cities/{}/demand", web.city.id);
    let demand = meena.get(&path).await.ok();
    let busy = cell_at(&demand, ANNAPURNA.lat, ANNAPURNA.lng);
    assert_eq!((&busy["expected"], &busy["free"], &busy["locality"]), (&json!(4.0), &json!(1), &json!("Halasuru")));
    assert_eq!(cell_at(&demand, BIRYANI.lat, BIRYANI.lng), json!(null), "nothing for a day, and nobody heard of");
    assert_eq!(demand["suggestion"], json!(null));
    web.city.wait(3_600);
    assert_eq!(cell_at(&meena.get(&path).await.ok(), ANNAPURNA.lat, ANNAPURNA.lng), json!(null));
    // A week later at the same time: half of it, because the last half hour was quiet.
    web.city.wait(7 * 86_400 - 3_600 - 60);
    let demand = meena.get(&path).await.ok();
    assert_eq!(cell_at(&demand, ANNAPURNA.lat, ANNAPURNA.lng)["expected"], 2.0, "{demand}");
    web.user("kiran").await.get(&path).await.refused(404, "not-found");
}

#[tokio::test]
async fn who_waits_where_nothing_happens_is_shown_a_better_place() {
    let web = patient().await;
    four_orders(&web).await;
    let kiran = web.user("kiran").await;
    let path = format!("/couriers/{}/demand", web.city.courier("kiran").id);
    assert_eq!(kiran.get(&path).await.ok()["suggestion"], json!(null), "he stands where the orders are");
    web.city.wait(700);
    web.city.courier("kiran").is_at(domain::geo::Point { lat: 12.985, lng: 77.606 }).await;
    let demand = kiran.get(&path).await.ok();
    assert_eq!(demand["suggestion"]["cell"]["locality"], "Halasuru", "{demand}");
    let metres = demand["suggestion"]["distance_m"].as_f64().unwrap();
    assert!((800.0..2_500.0).contains(&metres), "{metres}");
    let foreign = format!("/couriers/{}/demand", web.city.courier("lata").id);
    kiran.get(&foreign).await.refused(404, "not-found");
}

#[tokio::test]
async fn a_city_is_reckoned_once_for_all_who_look_within_half_a_minute() {
    let web = patient().await;
    let kiran = web.user("kiran").await;
    let path = format!("/couriers/{}/demand", web.city.courier("kiran").id);
    let first = kiran.get(&path).await.ok();
    four_orders(&web).await;
    web.city.wait(29);
    assert_eq!(kiran.get(&path).await.ok(), first);
    web.city.wait(2);
    let second = kiran.get(&path).await.ok();
    assert_ne!(second["at"], first["at"]);
    assert_eq!(cell_at(&second, ANNAPURNA.lat, ANNAPURNA.lng)["expected"], 4.0, "{second}");
}
