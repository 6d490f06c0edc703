//! Why an order went to somebody, as the desk reads it.

use serde_json::{Value, json};
use testkit::city::ANNAPURNA;

use super::story::{id, items};
use crate::support::Web;

#[tokio::test]
async fn the_desk_reads_who_was_asked_who_declined_and_why_somebody_has_it() {
    let web = Web::new().await;
    web.city.wait(180);
    web.city.courier("kiran").is_at(ANNAPURNA).await;
    let corner = domain::geo::Point { lat: ANNAPURNA.lat + 0.004, lng: ANNAPURNA.lng };
    web.city.courier("lata").is_at(corner).await;
    let (asha, kitchen, meena) = (web.user("asha").await, web.user("annapurna").await, web.user("meena").await);
    let (kiran, lata) = (web.user("kiran").await, web.user("lata").await);
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    kitchen.accepts(&order).await;
    kitchen.readies(&order).await;
    let path = format!("/orders/{}/decisions", id(&order));
    assert_eq!(meena.get(&path).await.ok(), json!({ "items": [], "earlier": 0 }));

    web.city.app.reconcile_once(true).await.unwrap();
    let offer = kiran.offers(&web, "kiran").await.remove(0);
    kiran.post(&format!("/offers/{}/decline", id(&offer)), &json!({})).await;
    web.city.wait(1);
    web.city.app.reconcile_once(true).await.unwrap();
    web.city.wait(1);
    let offer = lata.offers(&web, "lata").await.remove(0);
    lata.takes(&offer).await.ok();
    web.city.wait(1);
    let by_hand = json!({ "courier_id": web.city.courier("kiran").id.to_string(), "note": "knows the gate" });
    meena.post(&format!("/orders/{}/assign", id(&order)), &by_hand).await.ok();

    let read = meena.get(&path).await.ok();
    let [first, second, third] = items(&read) else { panic!("three decisions, not {read}") };
    let told = |one: &Value| (one["courier"]["name"].clone(), one["policy"].clone(), one["answer"].clone());
    assert_eq!(told(first), (json!("Kiran"), json!("rolling"), json!("declined")));
    assert_eq!(told(second), (json!("Lata"), json!("rolling"), json!("accepted")));
    assert_eq!(told(third), (json!("Kiran"), json!("by-hand"), json!(null)));
    assert!(second["answered_at"].as_str() > first["answered_at"].as_str());
    assert_eq!(first["chosen"], first["candidates"][0]);
    assert_eq!((&first["chosen"]["rank"], &first["order_ids"]), (&json!(1), &json!([order["id"]])));
    assert_eq!(first["round"], json!({ "orders": 1, "couriers": 2, "possible": 2 }));
    let left_out = &second["left_out"][0];
    assert_eq!((&left_out["courier"]["name"], &left_out["reason"]), (&json!("Kiran"), &json!("refused")));
    assert_eq!((&third["by"], &third["note"]), (&json!("Meena"), &json!("knows the gate")));
    assert_eq!((&third["chosen"]["courier"]["name"], &third["round"]["orders"]), (&json!("Kiran"), &json!(1)));
    for stranger in [&asha, &kitchen, &kiran] {
        stranger.get(&path).await.refused(403, "forbidden");
    }
}
