//! Single dishes: added, changed, taken off.

use app::menus::{ItemFields, OffUntil, Stock};
use domain::{
    event::Event,
    id::{MenuItemId, OptionGroupId, OptionId},
    menu::{GroupKind, MenuOption, OnSale, OptionGroup, VegMark},
    money::Paise,
    rule::Rule,
};
use uuid::Uuid;

use crate::town::{Town, broken, is_forbidden, is_missing};

fn coffee() -> ItemFields {
    ItemFields {
        section: "Drinks".to_owned(),
        name: "Filter coffee".to_owned(),
        description: Some("Strong".to_owned()),
        price: Paise(3_000),
        packing: Paise(0),
        veg_mark: VegMark::Veg,
        allergens: vec!["Milk".to_owned()],
        popular: true,
        stock: Stock::Uncounted,
        option_groups: Some(vec![sizes(0)]),
    }
}

/// Small, or large for so much more.
fn sizes(more: i64) -> OptionGroup {
    let option = |id, name: &str, paise| MenuOption {
        id: OptionId(Uuid::from_u128(id)),
        name: name.to_owned(),
        price: Paise(paise),
        veg_mark: VegMark::Veg,
        on_sale: OnSale::ALWAYS,
    };
    let options = vec![option(11, "Small", 0), option(12, "Large", more)];
    let id = OptionGroupId(Uuid::from_u128(10));
    OptionGroup { id, name: "Size".to_owned(), kind: GroupKind::Variant, min: 1, max: 1, options }
}

#[tokio::test]
async fn a_cook_adds_a_dish_under_a_new_heading() {
    let town = Town::new().await;
    let before = town.app.menu(town.kitchen).await.unwrap().version;
    let added = town.app.add_menu_item(&town.cook(), town.kitchen, &coffee()).await.unwrap();
    assert_eq!((added.section.as_str(), added.menu_version), ("Drinks", before + 1));
    assert_eq!(added.item.allergens, ["milk"]);
    town.told(Event::MenuChanged { restaurant_id: town.kitchen, items: Vec::new() }).await;
    let tea = ItemFields { name: "Tea".to_owned(), section: "drinks ".to_owned(), option_groups: None, ..coffee() };
    let tea = town.app.add_menu_item(&town.cook(), town.kitchen, &tea).await.unwrap();
    assert_eq!(tea.section_id, added.section_id);
    let all = town.app.menu_items(town.kitchen).await.unwrap();
    let names: Vec<_> = all.iter().map(|view| view.item.name.as_str()).collect();
    assert_eq!(names, ["Masala dosa", "Filter coffee", "Tea"]);
    assert_eq!(town.app.menu_item(added.item.id).await.unwrap().item, added.item);
}

#[tokio::test]
async fn a_change_keeps_what_it_does_not_name() {
    let town = Town::new().await;
    let cook = town.cook();
    let added = town.app.add_menu_item(&cook, town.kitchen, &ItemFields { stock: Stock::Left(7), ..coffee() }).await;
    let added = added.unwrap();
    let large = OptionId(Uuid::from_u128(12));
    town.app.set_option_on_sale(&cook, large, false, OffUntil::Changed).await.unwrap();
    let version = town.app.menu(town.kitchen).await.unwrap().version;
    let dearer = ItemFields { price: Paise(3_500), stock: Stock::Keep, option_groups: None, ..coffee() };
    let changed = town.app.update_menu_item(&cook, added.item.id, version, &dearer).await.unwrap();
    assert_eq!((changed.item.price, changed.item.on_sale.stock_left), (Paise(3_500), Some(7)));
    assert!(changed.item.option_groups[0].options[1].on_sale.off);
    let dearer = ItemFields { option_groups: Some(vec![sizes(500)]), stock: Stock::Left(0), ..dearer };
    let changed = town.app.update_menu_item(&cook, added.item.id, version + 1, &dearer).await.unwrap();
    let option = &changed.item.option_groups[0].options[1];
    assert_eq!((option.id, option.price, option.on_sale.off), (large, Paise(500), true));
    assert_eq!(changed.item.on_sale.stock_left, Some(0));
    let plain = ItemFields { option_groups: Some(Vec::new()), section: "Dosas".to_owned(), ..dearer };
    let changed = town.app.update_menu_item(&cook, added.item.id, version + 2, &plain).await.unwrap();
    assert_eq!((changed.section.as_str(), changed.item.option_groups.len()), ("Dosas", 0));
    assert_eq!(town.app.menu(town.kitchen).await.unwrap().sections.len(), 1);
}

#[tokio::test]
async fn a_change_of_an_old_menu_is_told() {
    let town = Town::new().await;
    let dosa = town.app.menu_item(town.dosa).await.unwrap();
    town.app.add_menu_item(&town.cook(), town.kitchen, &coffee()).await.unwrap();
    let late = town.app.update_menu_item(&town.cook(), town.dosa, dosa.menu_version, &coffee()).await;
    assert_eq!(broken(late).0, Rule::VersionConflict);
    assert_eq!(town.app.menu_item(town.dosa).await.unwrap().item, dosa.item);
}

#[tokio::test]
async fn a_dish_is_taken_off() {
    let town = Town::new().await;
    let version = town.app.menu(town.kitchen).await.unwrap().version;
    assert!(is_missing(&town.app.delete_menu_item(&town.other_cook(), town.dosa).await));
    town.app.delete_menu_item(&town.cook(), town.dosa).await.unwrap();
    assert!(is_missing(&town.app.menu_item(town.dosa).await));
    assert!(is_missing(&town.app.delete_menu_item(&town.cook(), town.dosa).await));
    assert_eq!(town.app.menu(town.kitchen).await.unwrap().version, version + 1);
    // The heading is still there and is used again.
    let dosa = ItemFields { section: "Dosas".to_owned(), ..coffee() };
    let added = town.app.add_menu_item(&town.cook(), town.kitchen, &dosa).await.unwrap();
    assert_eq!(added.section, "Dosas");
}

#[tokio::test]
async fn only_the_kitchens_own_people_change_its_menu() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    assert!(is_missing(&town.app.add_menu_item(&town.other_cook(), town.kitchen, &coffee()).await));
    assert!(is_forbidden(&town.app.add_menu_item(&town.customer(asha), town.kitchen, &coffee()).await));
    assert!(is_missing(&town.app.update_menu_item(&town.other_cook(), town.dosa, 1, &coffee()).await));
    let unknown = MenuItemId(Uuid::from_u128(1));
    assert!(is_missing(&town.app.update_menu_item(&town.admin(), unknown, 1, &coffee()).await));
}

#[tokio::test]
async fn an_egg_kitchen_sells_no_meat() {
    let town = Town::new().await;
    let mutton = ItemFields { veg_mark: VegMark::NonVeg, ..coffee() };
    let refused = town.app.add_menu_item(&town.cook(), town.kitchen, &mutton).await;
    assert_eq!(broken(refused), (Rule::WrongFormat, "/veg_mark".to_owned()));
}
