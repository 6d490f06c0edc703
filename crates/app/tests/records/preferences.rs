//! Preferences: replaced as a whole, one language for everything, an address that goes takes the wish with it.

use app::customers::{AddressFields, Preferences};
use domain::{
    event::Event,
    id::AddressId,
    money::Paise,
    preference::{Diet, Language, Spice},
    rule::Rule,
};
use uuid::Uuid;

use crate::town::{DOOR, Town, broken, is_forbidden, is_missing};

fn wishes() -> Preferences {
    Preferences {
        language: Language::Hindi,
        diet: Diet::Veg,
        spice: Some(Spice::Hot),
        allergens: vec![" Peanut ".to_owned()],
        offers: false,
        news: true,
        address_id: None,
        tip: Paise::rupees(20),
        version: 0,
    }
}

#[tokio::test]
async fn nobody_is_sent_news_who_did_not_ask_for_it() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let nothing = town.app.preferences(&town.customer(asha), asha).await.unwrap();
    assert_eq!((nothing.offers, nothing.news, nothing.version), (false, false, 0));
    assert_eq!((nothing.language, nothing.diet, nothing.spice), (Language::English, Diet::Any, None));
}

#[tokio::test]
async fn preferences_are_replaced_and_the_language_is_the_customers() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let own = town.customer(asha);
    let kept = town.app.put_preferences(&own, asha, Some(0), &wishes()).await.unwrap();
    assert_eq!(kept, Preferences { allergens: vec!["peanut".to_owned()], version: 1, ..wishes() });
    assert_eq!(kept, town.app.preferences(&town.dispatcher(), asha).await.unwrap());
    let customer = town.app.customer(&own, asha).await.unwrap();
    assert_eq!((customer.language.as_str(), customer.version), ("hi", 2));
    town.told(Event::CustomerChanged { customer_id: asha, renamed: false }).await;
    let plain = Preferences { diet: Diet::Egg, allergens: vec![], spice: None, ..wishes() };
    let kept = town.app.put_preferences(&own, asha, None, &plain).await.unwrap();
    assert_eq!(kept, Preferences { version: 2, ..plain });
    assert_eq!(town.app.customer(&own, asha).await.unwrap().version, 2, "the language stayed");
}

#[tokio::test]
async fn of_two_devices_the_slower_is_told() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let own = town.customer(asha);
    town.app.put_preferences(&own, asha, Some(0), &wishes()).await.unwrap();
    for stale in [0, 2, -1] {
        let wanted = Preferences { language: Language::Tamil, ..wishes() };
        let late = town.app.put_preferences(&own, asha, Some(stale), &wanted).await;
        assert_eq!(broken(late), (Rule::VersionConflict, "/version".to_owned()), "{stale}");
    }
    assert_eq!(town.app.customer(&own, asha).await.unwrap().language, "hi", "nothing of it happened");
}

#[tokio::test]
async fn without_a_version_the_last_write_wins() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let own = town.customer(asha);
    for round in 0..4 {
        let [first, second, third] = [10, 20, 30].map(|tip| Preferences { tip: Paise::rupees(tip), ..wishes() });
        let put = |wanted| town.app.put_preferences(&own, asha, None, wanted);
        let (one, two, three) = tokio::join!(put(&first), put(&second), put(&third));
        for written in [one, two, three] {
            written.unwrap();
        }
        let kept = town.app.preferences(&own, asha).await.unwrap();
        assert_eq!(kept.version, 3 * (round + 1), "each of them was written");
        assert!([first, second, third].iter().any(|wanted| wanted.tip == kept.tip), "{kept:?}");
    }
}

#[tokio::test]
async fn a_removed_address_is_nobodys_default() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let ravi = town.register("Ravi", "98765 00000").await;
    let own = town.customer(asha);
    let home = town.app.add_address(&own, asha, &door()).await.unwrap().id;
    let wanted = Preferences { address_id: Some(home), ..wishes() };
    let kept = town.app.put_preferences(&own, asha, None, &wanted).await.unwrap();
    assert_eq!(kept.address_id, Some(home));
    let foreign = town.app.put_preferences(&town.customer(ravi), ravi, None, &wanted).await;
    assert_eq!(broken(foreign), (Rule::UnknownReference, "/default_address_id".to_owned()));
    town.app.delete_address(&own, asha, home).await.unwrap();
    assert_eq!(town.app.preferences(&own, asha).await.unwrap().address_id, None);
    // The wish stands in the way of nothing.
    town.app.delete_customer(&own, asha).await.unwrap();
    assert!(is_missing(&town.app.preferences(&town.admin(), asha).await));
}

#[tokio::test]
async fn a_wrong_wish_is_refused_by_field_and_a_strangers_altogether() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let ravi = town.register("Ravi", "98765 00000").await;
    let unknown = Some(AddressId(Uuid::from_u128(1)));
    for (wrong, rule, pointer) in [
        (Preferences { tip: Paise(200_001), ..wishes() }, Rule::OutOfRange, "/default_tip_paise"),
        (Preferences { tip: Paise(-1), ..wishes() }, Rule::OutOfRange, "/default_tip_paise"),
        (Preferences { allergens: vec!["x".to_owned(); 21], ..wishes() }, Rule::OutOfRange, "/allergens"),
        (Preferences { allergens: vec![" ".to_owned()], ..wishes() }, Rule::WrongFormat, "/allergens/0"),
        (Preferences { address_id: unknown, ..wishes() }, Rule::UnknownReference, "/default_address_id"),
    ] {
        let refused = town.app.put_preferences(&town.customer(asha), asha, None, &wrong).await;
        assert_eq!(broken(refused), (rule, pointer.to_owned()));
    }
    assert!(is_missing(&town.app.preferences(&town.customer(ravi), asha).await));
    assert!(is_missing(&town.app.put_preferences(&town.customer(ravi), asha, None, &wishes()).await));
    assert!(is_forbidden(&town.app.put_preferences(&town.dispatcher(), asha, None, &wishes()).await));
}

fn door() -> AddressFields {
    AddressFields {
        label: "Home".to_owned(),
        line1: "7 Church Street".to_owned(),
        line2: None,
        landmark: None,
        instruction: None,
        pin: "560001".to_owned(),
        lat: DOOR.lat,
        lng: DOOR.lng,
    }
}
