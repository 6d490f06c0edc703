//! What those who had part in an order see of each other, and what not any more once it has ended.

use serde_json::{Value, json};

use crate::support::{Client, Web};

/// Phones of customer and courier, and the street, of an order by itself and in the reader's list.
async fn known(client: &Client, order: &str) -> [Value; 3] {
    let alone = client.get(&format!("/orders/{order}")).await.ok();
    let list = client.get("/orders").await.ok();
    let listed = list["items"].as_array().unwrap().iter().find(|one| one["id"] == order).unwrap();
    let gist = |one: &Value| {
        let [address, customer, courier] = ["address", "customer", "courier"].map(|name| &one[name]);
        [customer["phone"].clone(), courier["phone"].clone(), address["line1"].clone()]
    };
    assert_eq!(gist(&alone), gist(listed));
    gist(&alone)
}

#[tokio::test]
async fn phones_and_the_door_are_known_for_as_long_as_the_order_is_open() {
    let web = Web::new().await;
    let (asha, cook, kiran) = (web.user("asha").await, web.user("annapurna").await, web.user("kiran").await);
    let id = web.city.customer("asha").orders("masala dosa").await;
    let order = id.to_string();
    web.city.kitchen("annapurna").accepts(id).await;
    web.city.dispatcher().assigns(id, "kiran").await;
    web.city.kitchen("annapurna").readies(id).await;
    web.city.courier("kiran").picks_up(id).await;
    let [hers, his, street] = known(&web.user("anand").await, &order).await;
    assert!(hers.is_string() && his.is_string() && street.is_string());
    let everything = [hers.clone(), his.clone(), street.clone()];
    for client in [&asha, &cook, &kiran] {
        assert_eq!(known(client, &order).await, everything);
    }
    web.city.courier("kiran").delivers(id).await;
    assert_eq!(known(&web.user("anand").await, &order).await, everything, "staff help who forgot something");
    assert_eq!(known(&asha, &order).await, [hers.clone(), json!(null), street.clone()]);
    assert_eq!(known(&cook, &order).await, [json!(null), json!(null), street]);
    assert_eq!(known(&kiran, &order).await, [json!(null), his, json!("Halasuru")]);
    let door = &kiran.get(&format!("/orders/{order}")).await.ok()["address"];
    let exact = &asha.get(&format!("/orders/{order}")).await.ok()["address"];
    assert_ne!((&door["lat"], &door["lng"]), (&exact["lat"], &exact["lng"]));
    assert_eq!((&door["line2"], &door["landmark"], &door["instruction"]), (&json!(null), &json!(null), &json!(null)));
}
