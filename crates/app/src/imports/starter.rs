//! A starter menu as the rows of a real one.

use catalogue::menus::{StarterItem, StarterMenu, StarterOptionGroup};
use domain::{
    menu::{MenuItem, MenuOption, OnSale, OptionGroup, Section},
    money::Paise,
};

use crate::context::Ctx;

/// A proposed menu with ids, ready to be stored.
pub fn starter_sections(ctx: &Ctx, menu: &StarterMenu) -> Vec<Section> {
    let section = |section: &catalogue::menus::StarterSection| Section {
        id: ctx.id(),
        name: section.name.clone(),
        items: section.items.iter().map(|dish| item(ctx, dish)).collect(),
    };
    menu.sections.iter().map(section).collect()
}

fn item(ctx: &Ctx, item: &StarterItem) -> MenuItem {
    MenuItem {
        id: ctx.id(),
        name: item.name.clone(),
        description: Some(item.description.clone()),
        price: Paise(item.price_paise),
        packing: Paise(item.packing_paise),
        veg_mark: item.veg_mark,
        allergens: item.allergens.clone(),
        on_sale: OnSale::ALWAYS,
        popular: false,
        option_groups: item.option_groups.iter().map(|choice| group(ctx, choice)).collect(),
    }
}

fn group(ctx: &Ctx, group: &StarterOptionGroup) -> OptionGroup {
    let option = |option: &catalogue::menus::StarterOption| MenuOption {
        id: ctx.id(),
        name: option.name.clone(),
        price: Paise(option.price_paise),
        veg_mark: option.veg_mark,
        on_sale: OnSale::ALWAYS,
    };
    OptionGroup {
        id: ctx.id(),
        name: group.name.clone(),
        kind: group.kind,
        min: group.min.into(),
        max: group.max.into(),
        options: group.options.iter().map(option).collect(),
    }
}
