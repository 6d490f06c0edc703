//! What the two kitchens sell: a plain dish, one with options, one of which three pieces are left.

use app::Ctx;
use domain::{
    menu::{GroupKind, MenuItem, MenuOption, OnSale, OptionGroup, Section, VegMark},
    money::Paise,
};

pub(super) fn annapurna(ctx: &Ctx) -> Vec<Section> {
    let size = group(ctx, "Size", GroupKind::Variant, (1, 1), &[("Small", 0), ("Large", 15)]);
    let extras = group(ctx, "Extras", GroupKind::Modifier, (0, 2), &[("Chicory", 5), ("Sugar", 0)]);
    let coffee = MenuItem { option_groups: vec![size, extras], ..dish(ctx, "Filter coffee", 40, VegMark::Veg) };
    vec![
        Section {
            id: ctx.id(),
            name: "Tiffin".to_owned(),
            items: vec![dish(ctx, "Masala dosa", 90, VegMark::Veg), coffee],
        },
        Section {
            id: ctx.id(),
            name: "Sweets".to_owned(),
            items: vec![counted(dish(ctx, "Mysore pak", 60, VegMark::Veg))],
        },
    ]
}

pub(super) fn biryani(ctx: &Ctx) -> Vec<Section> {
    let portion = group(ctx, "Portion", GroupKind::Variant, (1, 1), &[("Half", 0), ("Full", 120)]);
    let biryani = MenuItem { option_groups: vec![portion], ..dish(ctx, "Chicken biryani", 250, VegMark::NonVeg) };
    let items = vec![
        dish(ctx, "Mutton curry", 320, VegMark::NonVeg),
        biryani,
        counted(dish(ctx, "Double ka meetha", 80, VegMark::Veg)),
    ];
    vec![Section { id: ctx.id(), name: "Mains".to_owned(), items }]
}

fn dish(ctx: &Ctx, name: &str, rupees: i64, veg_mark: VegMark) -> MenuItem {
    MenuItem {
        id: ctx.id(),
        name: name.to_owned(),
        description: None,
        price: Paise::rupees(rupees),
        packing: Paise::ZERO,
        veg_mark,
        allergens: Vec::new(),
        on_sale: OnSale::ALWAYS,
        popular: false,
        option_groups: Vec::new(),
    }
}

fn counted(dish: MenuItem) -> MenuItem {
    MenuItem { on_sale: OnSale { stock_left: Some(3), ..OnSale::ALWAYS }, ..dish }
}

fn group(ctx: &Ctx, name: &str, kind: GroupKind, (min, max): (i64, i64), options: &[(&str, i64)]) -> OptionGroup {
    let option = |(name, rupees): &(&str, i64)| MenuOption {
        id: ctx.id(),
        name: (*name).to_owned(),
        price: Paise::rupees(*rupees),
        veg_mark: VegMark::Veg,
        on_sale: OnSale::ALWAYS,
    };
    OptionGroup { id: ctx.id(), name: name.to_owned(), kind, min, max, options: options.iter().map(option).collect() }
}
