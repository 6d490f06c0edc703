//! A dish as people typed it, checked against what the menu and the law allow.

use domain::{
    id::MenuItemId,
    menu::{GroupKind, MenuItem, MenuOption, OnSale, OptionGroup, Section, VegMark},
    money::Paise,
    rule::{Broken, Rule},
};

use crate::{error::Error, input};

use super::{ItemFields, Stock};

/// The highest price of one dish.
const MOST: Paise = Paise::rupees(100_000);
const MOST_GROUPS: i64 = 20;
const MOST_OPTIONS: i64 = 60;
const MOST_SECTIONS: i64 = 100;
/// Dishes of one section.
const MOST_ITEMS: i64 = 300;

/// A whole menu: every dish by the rules of single ones. A refusal points into `/sections/{i}/items/{j}`.
pub(in crate::menus) fn sections(sections: &[Section], kitchen: VegMark) -> Result<Vec<Section>, Error> {
    input::within("/sections", count(sections), 0..=MOST_SECTIONS)?;
    let checked = sections.iter().enumerate().map(|(index, section)| {
        let pointer = format!("/sections/{index}");
        input::within(&format!("{pointer}/items"), count(&section.items), 0..=MOST_ITEMS)?;
        let name = input::required(&format!("{pointer}/name"), &section.name, 80)?;
        let dishes = section.items.iter().enumerate().map(|(index, dish)| {
            let checked = item(dish.id, &fields(&name, dish), None, kitchen);
            checked.map_err(|error| beneath(&format!("{pointer}/items/{index}"), error))
        });
        Ok(Section { id: section.id, items: dishes.collect::<Result<_, _>>()?, name: name.clone() })
    });
    checked.collect()
}

/// The dish that the fields describe. What `before` has and the fields do not say stays; nothing may be less vegetarian
/// than the kitchen, because customers filter by its mark.
pub(super) fn item(
    id: MenuItemId,
    fields: &ItemFields,
    before: Option<&MenuItem>,
    kitchen: VegMark,
) -> Result<MenuItem, Error> {
    let price = input::within("/price_paise", fields.price.0, 0..=MOST.0)?;
    let packing = input::within("/packing_paise", fields.packing.0, 0..=MOST.0)?;
    let stock_left = match fields.stock {
        Stock::Keep => before.and_then(|before| before.on_sale.stock_left),
        Stock::Uncounted => None,
        Stock::Left(pieces) => Some(input::within("/stock_left", pieces, 0..=1_000_000)?),
    };
    marked("/veg_mark", fields.veg_mark, kitchen)?;
    let kept = || before.map(|before| before.option_groups.clone()).unwrap_or_default();
    let option_groups = match &fields.option_groups {
        Some(groups) => option_groups(groups, Paise(price), kitchen, &kept())?,
        None => kept(),
    };
    // A kept choice may not make a cheaper dish cost less than nothing.
    sums("/price_paise", Paise(price), &option_groups)?;
    let on_sale = before.map_or(OnSale::ALWAYS, |before| before.on_sale);
    Ok(MenuItem {
        id,
        name: input::required("/name", &fields.name, 120)?,
        description: input::optional("/description", fields.description.as_deref(), 1_000)?,
        price: Paise(price),
        packing: Paise(packing),
        veg_mark: fields.veg_mark,
        allergens: input::allergens(&fields.allergens)?,
        on_sale: OnSale { stock_left, ..on_sale },
        popular: fields.popular,
        option_groups,
    })
}

/// What a dish of a whole new menu says of itself.
fn fields(section: &str, dish: &MenuItem) -> ItemFields {
    ItemFields {
        section: section.to_owned(),
        name: dish.name.clone(),
        description: dish.description.clone(),
        price: dish.price,
        packing: dish.packing,
        veg_mark: dish.veg_mark,
        allergens: dish.allergens.clone(),
        popular: dish.popular,
        stock: dish.on_sale.stock_left.map_or(Stock::Uncounted, Stock::Left),
        option_groups: Some(dish.option_groups.clone()),
    }
}

/// A refusal of a part, said of the whole.
fn beneath(pointer: &str, error: Error) -> Error {
    match error {
        Error::Rule(Broken { rule, pointer: Some(part), params }) => {
            Error::Rule(Broken { rule, pointer: Some(format!("{pointer}{part}")), params })
        }
        other => other,
    }
}

fn option_groups(
    groups: &[OptionGroup],
    price: Paise,
    kitchen: VegMark,
    before: &[OptionGroup],
) -> Result<Vec<OptionGroup>, Error> {
    input::within("/option_groups", count(groups), 0..=MOST_GROUPS)?;
    let checked = groups.iter().enumerate().map(|(index, group)| {
        let pointer = format!("/option_groups/{index}");
        let options = count(&group.options);
        input::within(&format!("{pointer}/options"), options, 1..=MOST_OPTIONS)?;
        // A variant is one of several forms: exactly one is chosen.
        let variant = group.kind == GroupKind::Variant;
        input::within(&format!("{pointer}/min"), group.min, if variant { 1..=1 } else { 0..=options })?;
        let max = if variant { 1..=1 } else { group.min.max(1)..=options };
        input::within(&format!("{pointer}/max"), group.max, max)?;
        let checked = group
            .options
            .iter()
            .enumerate()
            .map(|(index, option)| check_option(&format!("{pointer}/options/{index}"), option, kitchen, before));
        Ok(OptionGroup {
            name: input::required(&format!("{pointer}/name"), &group.name, 80)?,
            options: checked.collect::<Result<_, Error>>()?,
            ..group.clone()
        })
    });
    let checked = checked.collect::<Result<Vec<_>, Error>>()?;
    sums("/option_groups", price, &checked)?;
    Ok(checked)
}

fn check_option(
    pointer: &str,
    option: &MenuOption,
    kitchen: VegMark,
    before: &[OptionGroup],
) -> Result<MenuOption, Error> {
    let price = input::within(&format!("{pointer}/price_paise"), option.price.0, -MOST.0..=MOST.0)?;
    marked(&format!("{pointer}/veg_mark"), option.veg_mark, kitchen)?;
    let known = before.iter().flat_map(|group| &group.options).find(|known| known.id == option.id);
    Ok(MenuOption {
        id: option.id,
        name: input::required(&format!("{pointer}/name"), &option.name, 80)?,
        price: Paise(price),
        veg_mark: option.veg_mark,
        on_sale: known.map_or(OnSale::ALWAYS, |known| known.on_sale),
    })
}

/// No choice may cost less than nothing: the cheapest of each group that must be chosen, and all reductions besides.
fn sums(pointer: &str, price: Paise, groups: &[OptionGroup]) -> Result<(), Error> {
    let least: i64 = groups.iter().map(cheapest).sum();
    if price.0 + least < 0 {
        return Err(Rule::OutOfRange.at(pointer).with("min", -least).into());
    }
    Ok(())
}

/// The least that a group can add to the price.
fn cheapest(group: &OptionGroup) -> i64 {
    let mut prices: Vec<i64> = group.options.iter().map(|option| option.price.0).collect();
    prices.sort_unstable();
    let (must, may) = (usize::try_from(group.min).unwrap_or(0), usize::try_from(group.max).unwrap_or(0));
    let chosen = prices.into_iter().enumerate().take(may).take_while(|(index, price)| *index < must || *price < 0);
    chosen.map(|(_, price)| price).sum()
}

fn marked(pointer: &str, mark: VegMark, kitchen: VegMark) -> Result<(), Error> {
    if mark > kitchen {
        return Err(Rule::WrongFormat.at(pointer).with("most", kitchen.as_str()).into());
    }
    Ok(())
}

fn count<T>(list: &[T]) -> i64 {
    i64::try_from(list.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{cheapest, item, sections};
    use crate::{
        Error,
        menus::items::{ItemFields, Stock},
    };
    use domain::{
        id::{MenuItemId, OptionGroupId, OptionId, SectionId},
        menu::{GroupKind, MenuItem, MenuOption, OnSale, OptionGroup, Section, VegMark},
        money::Paise,
    };
    use uuid::Uuid;

    fn group(min: i64, max: i64, prices: &[i64]) -> OptionGroup {
        let option = |(index, price): (u128, &i64)| MenuOption {
            id: OptionId(Uuid::from_u128(index)),
            name: "Half".to_owned(),
            price: Paise(*price),
            veg_mark: VegMark::Veg,
            on_sale: OnSale::ALWAYS,
        };
        let kind = GroupKind::Modifier;
        let options = (1_u128..).zip(prices).map(option).collect();
        OptionGroup { id: OptionGroupId(Uuid::from_u128(9)), name: "Size".to_owned(), kind, min, max, options }
    }

    fn dosa() -> ItemFields {
        ItemFields {
            section: "Dosas".to_owned(),
            name: "Masala dosa".to_owned(),
            description: None,
            price: Paise(9_000),
            packing: Paise(500),
            veg_mark: VegMark::Veg,
            allergens: vec!["Gluten ".to_owned()],
            popular: false,
            stock: Stock::Uncounted,
            option_groups: None,
        }
    }

    fn pointer(fields: &ItemFields) -> String {
        match item(MenuItemId(Uuid::from_u128(1)), fields, None, VegMark::Egg) {
            Err(Error::Rule(broken)) => broken.pointer.unwrap_or_default(),
            _ => String::new(),
        }
    }

    #[test]
    fn allergens_become_lower_case_words() {
        let dosa = item(MenuItemId(Uuid::from_u128(1)), &dosa(), None, VegMark::Veg).unwrap();
        assert_eq!(dosa.allergens, ["gluten"]);
    }

    #[test]
    fn the_field_that_is_wrong_is_named() {
        let with = |group| ItemFields { option_groups: Some(vec![group]), ..dosa() };
        assert_eq!(pointer(&dosa()), "");
        assert_eq!(pointer(&ItemFields { price: Paise(-1), ..dosa() }), "/price_paise");
        assert_eq!(pointer(&ItemFields { veg_mark: VegMark::NonVeg, ..dosa() }), "/veg_mark");
        assert_eq!(pointer(&ItemFields { stock: Stock::Left(-1), ..dosa() }), "/stock_left");
        assert_eq!(pointer(&with(group(0, 2, &[0]))), "/option_groups/0/max");
        assert_eq!(pointer(&with(group(0, 1, &[]))), "/option_groups/0/options");
        assert_eq!(
            pointer(&with(OptionGroup { kind: GroupKind::Variant, ..group(0, 1, &[0, 5]) })),
            "/option_groups/0/min"
        );
    }

    #[test]
    fn no_choice_costs_less_than_nothing() {
        assert_eq!(cheapest(&group(0, 2, &[-300, 200, -100])), -400);
        assert_eq!(cheapest(&group(0, 1, &[-300, 200, -100])), -300);
        assert_eq!(cheapest(&group(2, 2, &[500, 200, 100])), 300);
        let cheap = ItemFields { option_groups: Some(vec![group(0, 1, &[-9_001])]), ..dosa() };
        assert_eq!(pointer(&cheap), "/option_groups");
    }

    #[test]
    fn a_whole_menu_is_checked_dish_by_dish() {
        let good = item(MenuItemId(Uuid::from_u128(1)), &dosa(), None, VegMark::Veg).unwrap();
        let refused = |dish: MenuItem| {
            let menu = [Section {
                id: SectionId(Uuid::from_u128(3)),
                name: " Dosas ".to_owned(),
                items: vec![good.clone(), dish],
            }];
            match sections(&menu, VegMark::Veg) {
                Err(Error::Rule(broken)) => broken.pointer.unwrap_or_default(),
                Err(other) => other.to_string(),
                Ok(checked) => checked[0].name.clone(),
            }
        };
        let with = |group| MenuItem { option_groups: vec![group], ..good.clone() };
        assert_eq!(refused(good.clone()), "Dosas");
        assert_eq!(refused(MenuItem { veg_mark: VegMark::Egg, ..good.clone() }), "/sections/0/items/1/veg_mark");
        assert_eq!(refused(MenuItem { name: "  ".to_owned(), ..good.clone() }), "/sections/0/items/1/name");
        assert_eq!(refused(with(group(1, 1, &[-9_001]))), "/sections/0/items/1/option_groups");
        let dear = "/sections/0/items/1/option_groups/0/options/0/price_paise";
        assert_eq!(refused(with(group(1, 1, &[i64::MAX]))), dear);
    }
}
