//! What an order costs, part by part, and the one sum that everybody must get.
//!
//! A quote is made by the server from the menu and the dated rates, stored with its signature, and ordered by id. Its
//! parts always add up: `total = lines + charges + taxes + tip - discounts`, in whole paise.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    arrival::Forecast,
    geo::Point,
    id::{AddressId, CustomerId, MenuItemId, OptionId, QuoteId, RestaurantId, ZoneId},
    menu::{Menu, VegMark},
    money::Paise,
    rule::{Broken, Rule},
};

/// The most pieces of one line.
pub const MAX_QUANTITY: i64 = 50;
/// The most lines of one order.
pub const MAX_LINES: usize = 50;
/// The highest tip.
pub const MAX_TIP: Paise = Paise::rupees(2_000);

/// One line as the customer asks for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WantedLine {
    /// The dish.
    pub item_id: MenuItemId,
    /// How many.
    pub quantity: i64,
    /// Chosen options.
    pub option_ids: Vec<OptionId>,
    /// A word to the cook.
    pub note: Option<String>,
}

/// One line, priced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuoteLine {
    /// The dish.
    pub item_id: MenuItemId,
    /// Its name when priced.
    pub name: String,
    /// How many.
    pub quantity: i64,
    /// Price of one with its options.
    pub unit: Paise,
    /// Packing charge of all.
    pub packing: Paise,
    /// Chosen options.
    pub option_ids: Vec<OptionId>,
    /// Their names when priced.
    pub options: Vec<String>,
    /// The mark beside it.
    pub veg_mark: VegMark,
    /// A word to the cook.
    pub note: Option<String>,
    /// Whether pieces of the dish are counted, so that the order must take them.
    pub counted: bool,
}

impl QuoteLine {
    /// What the line costs.
    pub const fn total(&self) -> Paise {
        self.unit.times(self.quantity)
    }
}

/// An amount with a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// `packing`, `delivery` or `platform_fee`.
    pub code: String,
    /// How much, before tax.
    pub amount: Paise,
}

/// One head of tax on one base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tax {
    /// What is taxed and by whom: `food_cgst`, `delivery_sgst`, `platform_fee_igst`.
    pub code: String,
    /// In basis points.
    pub rate_bp: i64,
    /// The taxed amount.
    pub base: Paise,
    /// The tax.
    pub amount: Paise,
}

/// An amount taken off, and who bears it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    /// Which offer.
    pub code: String,
    /// `platform` or `restaurant`.
    pub funder: String,
    /// How much, positive.
    pub amount: Paise,
}

/// Where to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Destination {
    /// The saved address it came from.
    pub address_id: Option<AddressId>,
    /// A name such as Home.
    pub label: String,
    /// House and street.
    pub line1: String,
    /// Floor, flat.
    pub line2: Option<String>,
    /// Something to look for.
    pub landmark: Option<String>,
    /// A word to the courier.
    pub instruction: Option<String>,
    /// Postal code.
    pub pin: String,
    /// The door.
    pub point: Point,
    /// The zone it lies in.
    pub zone_id: ZoneId,
    /// The zone's name, for people.
    pub locality: String,
}

/// A span of time in which the order should arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrivalRange {
    /// Early end.
    pub low: Timestamp,
    /// Late end: the promise.
    pub high: Timestamp,
}

/// Where an amount stands in a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountPlace<'a> {
    /// A line, counted from 0.
    Line(usize),
    /// A charge, a tax or the total.
    Code(&'a str),
}

/// A priced offer to a customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    /// Its id.
    pub id: QuoteId,
    /// Whose.
    pub customer_id: CustomerId,
    /// From where.
    pub restaurant_id: RestaurantId,
    /// The menu it was priced from.
    pub menu_version: i64,
    /// Where to.
    pub destination: Destination,
    /// What.
    pub lines: Vec<QuoteLine>,
    /// Fees before tax.
    pub charges: Vec<Charge>,
    /// Taxes.
    pub taxes: Vec<Tax>,
    /// For the courier, untaxed.
    pub tip: Paise,
    /// Taken off.
    pub discounts: Vec<Discount>,
    /// Way from kitchen to door, in metres.
    pub distance_m: i64,
    /// When it would arrive.
    pub eta: ArrivalRange,
    /// How that follows from its parts; quotes of earlier versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forecast: Option<Forecast>,
    /// Last moment to order.
    pub expires_at: Timestamp,
    /// The dated rates that were applied, by id, so that the bill can be explained later.
    pub rates: Vec<String>,
}

impl Quote {
    /// Sum of the lines.
    pub fn items_total(&self) -> Paise {
        self.lines.iter().map(QuoteLine::total).sum()
    }

    /// One charge, zero where there is none.
    pub fn charge(&self, code: &str) -> Paise {
        self.charges.iter().filter(|charge| charge.code == code).map(|charge| charge.amount).sum()
    }

    /// Sum of the taxes.
    pub fn tax_total(&self) -> Paise {
        self.taxes.iter().map(|tax| tax.amount).sum()
    }

    /// What the customer pays.
    pub fn total(&self) -> Paise {
        let charges: Paise = self.charges.iter().map(|charge| charge.amount).sum();
        let discounts: Paise = self.discounts.iter().map(|discount| discount.amount).sum();
        self.items_total() + charges + self.tax_total() + self.tip - discounts
    }

    /// The lines as they were asked for, to price them again.
    pub fn wanted(&self) -> Vec<WantedLine> {
        let wanted = |line: &QuoteLine| WantedLine {
            item_id: line.item_id,
            quantity: line.quantity,
            option_ids: line.option_ids.clone(),
            note: line.note.clone(),
        };
        self.lines.iter().map(wanted).collect()
    }

    /// Every amount with its place in the bill and the name that it is shown by, to tell what changed against another
    /// quote. The place tells two lines of one dish apart, and a dish called like a charge from the charge.
    pub fn amounts(&self) -> Vec<(AmountPlace<'_>, &str, Paise)> {
        let lines = self.lines.iter().enumerate();
        let lines = lines.map(|(at, line)| (AmountPlace::Line(at), line.name.as_str(), line.total()));
        let charges = self.charges.iter().map(|one| (one.code.as_str(), one.amount));
        let taxes = self.taxes.iter().map(|one| (one.code.as_str(), one.amount));
        let coded = charges.chain(taxes).chain([("total", self.total())]);
        let coded = coded.map(|(code, amount)| (AmountPlace::Code(code), code, amount));
        lines.chain(coded).collect()
    }
}

/// Prices what was asked for from the menu.
pub fn price_lines(menu: &Menu, wanted: &[WantedLine], now: Timestamp) -> Result<Vec<QuoteLine>, Broken> {
    if wanted.is_empty() {
        return Err(Rule::EmptyOrder.at("/lines"));
    }
    if wanted.len() > MAX_LINES {
        let most = i64::try_from(MAX_LINES).unwrap_or(i64::MAX);
        return Err(Rule::OutOfRange.at("/lines").with("max", most));
    }
    wanted.iter().enumerate().map(|(index, line)| price_line(menu, index, line, now)).collect()
}

fn price_line(menu: &Menu, index: usize, wanted: &WantedLine, now: Timestamp) -> Result<QuoteLine, Broken> {
    let pointer = format!("/lines/{index}");
    if !(1..=MAX_QUANTITY).contains(&wanted.quantity) {
        let broken = Rule::OutOfRange.at(format!("{pointer}/quantity"));
        return Err(broken.with("min", 1).with("max", MAX_QUANTITY));
    }
    let Some(item) = menu.item(wanted.item_id) else {
        return Err(Rule::UnknownItem.at(format!("{pointer}/item_id")));
    };
    if !item.on_sale.has(wanted.quantity, now) {
        return Err(Rule::ItemUnavailable.at(pointer).with("name", item.name.as_str()));
    }
    let options = item.choose(&wanted.option_ids, &pointer, now)?;
    let unit = item.price + options.iter().map(|option| option.price).sum();
    Ok(QuoteLine {
        item_id: item.id,
        name: item.name.clone(),
        quantity: wanted.quantity,
        unit,
        packing: item.packing.times(wanted.quantity),
        option_ids: options.iter().map(|option| option.id).collect(),
        options: options.iter().map(|option| option.name.clone()).collect(),
        veg_mark: options.iter().fold(item.veg_mark, |mark, option| mark.max(option.veg_mark)),
        note: wanted.note.clone(),
        counted: item.on_sale.stock_left.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::{WantedLine, price_lines};
    use crate::{
        id::{MenuItemId, OptionGroupId, OptionId, RestaurantId, SectionId},
        menu::{GroupKind, Menu, MenuItem, MenuOption, OnSale, OptionGroup, Section, VegMark},
        money::Paise,
        rule::Rule,
    };
    use jiff::Timestamp;
    use proptest::prelude::*;
    use uuid::Uuid;

    const DOSA: MenuItemId = MenuItemId(Uuid::from_u128(1));
    const PLAIN: OptionId = OptionId(Uuid::from_u128(11));
    const GHEE: OptionId = OptionId(Uuid::from_u128(12));

    fn option(id: OptionId, name: &str, price: i64) -> MenuOption {
        let on_sale = OnSale::ALWAYS;
        MenuOption { id, name: name.into(), price: Paise(price), veg_mark: VegMark::Veg, on_sale }
    }

    fn menu(stock_left: Option<i64>) -> Menu {
        let group = OptionGroup {
            id: OptionGroupId(Uuid::from_u128(10)),
            name: "Made with".into(),
            kind: GroupKind::Variant,
            min: 1,
            max: 1,
            options: vec![option(PLAIN, "Oil", 0), option(GHEE, "Ghee", 2_000)],
        };
        let item = MenuItem {
            id: DOSA,
            name: "Masala dosa".into(),
            description: None,
            price: Paise(13_000),
            packing: Paise(500),
            veg_mark: VegMark::Veg,
            allergens: Vec::new(),
            on_sale: OnSale { stock_left, ..OnSale::ALWAYS },
            popular: false,
            option_groups: vec![group],
        };
        let section = Section { id: SectionId(Uuid::nil()), name: "Dosa".into(), items: vec![item] };
        Menu { restaurant_id: RestaurantId(Uuid::nil()), version: 1, sections: vec![section] }
    }

    fn wanted(quantity: i64, option_ids: &[OptionId]) -> WantedLine {
        WantedLine { item_id: DOSA, quantity, option_ids: option_ids.to_vec(), note: None }
    }

    fn refusal(stock: Option<i64>, line: WantedLine) -> (Rule, String) {
        let broken = price_lines(&menu(stock), &[line], Timestamp::UNIX_EPOCH).unwrap_err();
        (broken.rule, broken.pointer.unwrap())
    }

    proptest! {
        #[test]
        fn a_line_costs_its_pieces_with_their_options(quantity in 1..=50_i64, ghee: bool) {
            let chosen = if ghee { GHEE } else { PLAIN };
            let line = wanted(quantity, &[chosen]);
            let lines = price_lines(&menu(None), &[line], Timestamp::UNIX_EPOCH).unwrap();
            let unit = if ghee { 15_000 } else { 13_000 };
            prop_assert_eq!(lines[0].total(), Paise(unit * quantity));
            prop_assert_eq!(lines[0].packing, Paise(500 * quantity));
        }
    }

    #[test]
    fn a_refusal_names_the_field() {
        let quantity = (Rule::OutOfRange, "/lines/0/quantity".to_owned());
        assert_eq!(refusal(None, wanted(0, &[PLAIN])), quantity);
        assert_eq!(refusal(None, wanted(51, &[PLAIN])), quantity);
        let options = "/lines/0/option_ids".to_owned();
        assert_eq!(refusal(None, wanted(1, &[])), (Rule::OptionCount, options.clone()));
        assert_eq!(refusal(None, wanted(1, &[PLAIN, GHEE])), (Rule::OptionCount, options.clone()));
        assert_eq!(refusal(None, wanted(1, &[PLAIN, PLAIN])), (Rule::UnknownOption, options.clone()));
        let stranger = OptionId(Uuid::from_u128(99));
        assert_eq!(refusal(None, wanted(1, &[PLAIN, stranger])), (Rule::UnknownOption, options));
        assert_eq!(refusal(Some(2), wanted(3, &[PLAIN])), (Rule::ItemUnavailable, "/lines/0".into()));
    }
}
