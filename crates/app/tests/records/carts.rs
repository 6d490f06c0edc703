//! Carts: kept between visits, written by one device at a time, emptied by the order that took them.

use app::carts::Cart;
use domain::{
    event::Event,
    id::{CustomerId, MenuItemId, OptionId, RestaurantId},
    menu::MenuItem,
    quote::WantedLine,
    rule::Rule,
};
use store::{Tx, args, carts};
use uuid::Uuid;

use crate::town::{Town, broken, is_forbidden, is_missing};

const DAY_S: i64 = 24 * 3_600;

fn pieces(item: MenuItemId, quantity: i64) -> WantedLine {
    WantedLine { item_id: item, quantity, option_ids: Vec::new(), note: None }
}

impl Town {
    async fn keeps(&self, customer: CustomerId, version: i64, quantity: i64) -> Cart {
        self.tick();
        let lines = vec![pieces(self.dosa, quantity)];
        self.app.put_cart(&self.customer(customer), customer, version, self.kitchen, lines).await.unwrap()
    }

    async fn cart_of(&self, customer: CustomerId) -> Cart {
        self.app.cart(&self.customer(customer), customer).await.unwrap()
    }
}

#[tokio::test]
async fn a_cart_is_kept_with_the_names_of_its_dishes() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let ctx = town.customer(asha);
    assert_eq!(town.cart_of(asha).await, Cart::default());
    let gone = MenuItemId(Uuid::from_u128(1));
    let line = WantedLine { note: Some("  crisp ".to_owned()), ..pieces(town.dosa, 2) };
    let kept = town.app.put_cart(&ctx, asha, 0, town.kitchen, vec![line, pieces(gone, 1)]).await.unwrap();
    assert_eq!(kept, town.cart_of(asha).await);
    assert_eq!(
        (kept.lines[0].name.as_deref(), kept.lines[0].wanted.note.as_deref()),
        (Some("Masala dosa"), Some("crisp"))
    );
    assert_eq!(kept.lines[1].name, None);
    assert_eq!(town.app.unavailable_lines(&ctx, &kept).await.unwrap(), [None, Some(Rule::UnknownItem)]);
    town.told(Event::CartChanged { customer_id: asha }).await;
    town.app.delete_cart(&ctx, asha, None).await.unwrap();
    town.app.delete_cart(&ctx, asha, Some(kept.version)).await.unwrap();
    assert_eq!(town.cart_of(asha).await, Cart::default());
}

#[tokio::test]
async fn of_two_devices_the_slower_is_told() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let first = town.keeps(asha, 0, 1).await;
    let second = town.keeps(asha, first.version, 2).await;
    assert_eq!(second.version, first.version + 1);
    for stale in [0, first.version, second.version + 1, -1] {
        let lines = vec![pieces(town.dosa, 9)];
        let late = town.app.put_cart(&town.customer(asha), asha, stale, town.kitchen, lines).await;
        assert_eq!(broken(late), (Rule::VersionConflict, "/version".to_owned()), "{stale}");
    }
    let late = town.app.delete_cart(&town.customer(asha), asha, Some(first.version)).await;
    assert_eq!(broken(late).0, Rule::VersionConflict);
    assert_eq!(town.cart_of(asha).await, second);
    // What was seen before the cart was emptied is old, however the cart fills again.
    town.app.delete_cart(&town.customer(asha), asha, Some(second.version)).await.unwrap();
    let third = town.keeps(asha, 0, 3).await;
    assert!(third.version > second.version);
    let ctx = town.customer(asha);
    let late = town.app.put_cart(&ctx, asha, second.version, town.kitchen, vec![pieces(town.dosa, 9)]).await;
    assert_eq!(broken(late).0, Rule::VersionConflict);
}

#[tokio::test]
async fn of_two_devices_at_once_one_wins() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    for version in [0, town.keeps(asha, 0, 1).await.version] {
        if version == 0 {
            town.app.delete_cart(&town.customer(asha), asha, None).await.unwrap();
            town.tick();
        }
        let seen = town.cart_of(asha).await.version;
        let ctx = town.customer(asha);
        let put = |quantity| town.app.put_cart(&ctx, asha, seen, town.kitchen, vec![pieces(town.dosa, quantity)]);
        let outcomes = tokio::join!(put(2), put(3), put(4));
        let won = [outcomes.0, outcomes.1, outcomes.2].into_iter().filter_map(Result::ok).collect::<Vec<_>>();
        assert_eq!(won, [town.cart_of(asha).await]);
    }
}

#[tokio::test]
async fn a_wrong_cart_is_refused_by_field() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let dosa = pieces(town.dosa, 1);
    let nowhere = RestaurantId(Uuid::from_u128(1));
    let options = vec![OptionId(Uuid::from_u128(1)); 51];
    for (restaurant, lines, rule, pointer) in [
        (nowhere, vec![dosa.clone()], Rule::UnknownReference, "/restaurant_id"),
        (town.kitchen, vec![], Rule::EmptyOrder, "/lines"),
        (town.kitchen, vec![dosa.clone(); 51], Rule::OutOfRange, "/lines"),
        (town.kitchen, vec![dosa.clone(), pieces(town.dosa, 51)], Rule::OutOfRange, "/lines/1/quantity"),
        (
            town.kitchen,
            vec![WantedLine { option_ids: options, ..dosa.clone() }],
            Rule::OutOfRange,
            "/lines/0/option_ids",
        ),
        (town.kitchen, vec![WantedLine { note: Some("x".repeat(141)), ..dosa }], Rule::WrongFormat, "/lines/0/note"),
    ] {
        let refused = town.app.put_cart(&town.customer(asha), asha, 0, restaurant, lines).await;
        assert_eq!(broken(refused), (rule, pointer.to_owned()));
    }
    assert_eq!(town.cart_of(asha).await, Cart::default());
}

#[tokio::test]
async fn a_cart_is_nobody_elses_business() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let ravi = town.register("Ravi", "98765 00000").await;
    town.keeps(asha, 0, 1).await;
    assert!(is_missing(&town.app.cart(&town.customer(ravi), asha).await));
    assert!(is_forbidden(&town.app.cart(&town.admin(), asha).await));
    assert!(is_missing(&town.app.put_cart(&town.customer(ravi), asha, 0, town.kitchen, vec![]).await));
    assert!(is_missing(&town.app.delete_cart(&town.customer(ravi), asha, None).await));
}

#[tokio::test]
async fn a_dish_that_left_the_menu_is_named_and_cannot_be_had() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kept = town.keeps(asha, 0, 2).await;
    let until = app::menus::OffUntil::Changed;
    town.app.set_item_on_sale(&town.cook(), town.dosa, false, until).await.unwrap();
    let ctx = town.customer(asha);
    assert_eq!(town.app.unavailable_lines(&ctx, &kept).await.unwrap(), [Some(Rule::ItemUnavailable)]);
    let menu = town.app.menu(town.kitchen).await.unwrap();
    let idli = MenuItem { id: town.system().id(), name: "Idli".to_owned(), ..menu.sections[0].items[0].clone() };
    let sections = [domain::menu::Section { id: town.system().id(), items: vec![idli], ..menu.sections[0].clone() }];
    town.app.put_menu(&town.cook(), town.kitchen, &sections).await.unwrap();
    let kept = town.cart_of(asha).await;
    assert_eq!(kept.lines[0].name.as_deref(), Some("Masala dosa"));
    assert_eq!(town.app.unavailable_lines(&ctx, &kept).await.unwrap(), [Some(Rule::UnknownItem)]);
}

#[tokio::test]
async fn an_order_empties_the_cart_that_it_took() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let ravi = town.register("Ravi", "98765 00000").await;
    let other = town.keeps(ravi, 0, 2).await;
    town.keeps(asha, 0, 2).await;
    town.order(asha).await;
    town.app.consume_all().await.unwrap();
    assert_eq!(town.cart_of(asha).await, Cart::default());
    assert_eq!(town.cart_of(ravi).await, other);
    // The same lines again are a new cart, and consuming again changes nothing.
    town.wait(1);
    let again = town.keeps(asha, 0, 2).await;
    town.app.consume_all().await.unwrap();
    assert_eq!(town.cart_of(asha).await, again);
}

#[tokio::test]
async fn a_cart_that_is_not_what_was_ordered_stays() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let ravi = town.register("Ravi", "98765 00000").await;
    // Another device put a third dosa in after the price was asked for.
    let more = town.keeps(asha, 0, 3).await;
    town.order(asha).await;
    // The cart was written after the order was placed.
    town.order(ravi).await;
    town.wait(1);
    let later = town.keeps(ravi, 0, 2).await;
    town.app.consume_all().await.unwrap();
    assert_eq!(town.cart_of(asha).await, more);
    assert_eq!(town.cart_of(ravi).await, later);
}

#[tokio::test]
async fn an_ordered_cart_is_emptied_once() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    town.keeps(asha, 0, 2).await;
    town.order(asha).await;
    town.app.consume_all().await.unwrap();
    assert_eq!(town.cart_of(asha).await, Cart::default());
    town.app.consume_all().await.unwrap();
    let told = town.app.events_after(store::outbox::Position::default(), 1_000).await.unwrap();
    let told = told.iter().filter(|recorded| recorded.event == Event::CartChanged { customer_id: asha }).count();
    assert_eq!(told, 2, "written and ordered");
}

#[tokio::test]
async fn what_nobody_touched_for_thirty_days_is_forgotten() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let ravi = town.register("Ravi", "98765 00000").await;
    town.keeps(asha, 0, 1).await;
    town.wait(2 * DAY_S);
    let young = town.keeps(ravi, 0, 1).await;
    town.wait(28 * DAY_S + 1);
    town.app.forget_old_carts(&town.system()).await.unwrap();
    town.app.forget_old_carts(&town.system()).await.unwrap();
    assert_eq!(town.cart_of(asha).await, Cart::default());
    assert_eq!(town.cart_of(ravi).await, young);
}

#[tokio::test]
async fn a_customer_who_is_forgotten_leaves_no_cart() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let ctx = town.customer(asha);
    let kept = town.keeps(asha, 0, 1).await;
    town.app.delete_customer(&ctx, asha).await.unwrap();
    let row: Option<carts::CartRow> = town.app.db.optional(&carts::FIND, args![asha]).await.unwrap();
    assert_eq!(row, None);
    let late = town.app.put_cart(&ctx, asha, kept.version, town.kitchen, vec![pieces(town.dosa, 1)]).await;
    assert!(is_missing(&late));
    // Even a cart that was being written at that moment is not kept.
    let held = Tx::new("hold").guard_as("customer", 1, &carts::HOLD_CUSTOMER, args![asha]);
    assert!(town.app.db.commit(held).await.is_err());
}
