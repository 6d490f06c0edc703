//! Menus: sections of items, items with groups of options, and what a choice costs.
//!
//! A variant (half, full) is a group of which exactly one must be chosen; everything else is a modifier. Prices of
//! options are differences to the item's price.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    id::{MenuItemId, OptionGroupId, OptionId, RestaurantId, SectionId},
    money::Paise,
    rule::{Broken, Rule},
};

/// The mark that Indian law asks for beside every dish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VegMark {
    /// Vegetarian.
    Veg,
    /// Vegetarian but for egg.
    Egg,
    /// Meat or fish.
    NonVeg,
}

impl VegMark {
    /// All marks.
    pub const ALL: [Self; 3] = [Self::Veg, Self::Egg, Self::NonVeg];

    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Veg => "veg",
            Self::Egg => "egg",
            Self::NonVeg => "non_veg",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.as_str() == text)
    }
}

/// Whether something can be ordered, and when it comes back if not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnSale {
    /// Taken off by hand.
    pub off: bool,
    /// Returns by itself then; `None` with `off` means until changed.
    pub off_until: Option<Timestamp>,
    /// Pieces left, where they are counted.
    pub stock_left: Option<i64>,
}

impl OnSale {
    /// On sale without a count.
    pub const ALWAYS: Self = Self { off: false, off_until: None, stock_left: None };

    /// Whether `quantity` pieces can be ordered at `now`.
    pub fn has(&self, quantity: i64, now: Timestamp) -> bool {
        self.available(now) && self.stock_left.is_none_or(|left| left >= quantity)
    }

    /// Whether at least one can be ordered at `now`.
    pub fn available(&self, now: Timestamp) -> bool {
        let back = self.off_until.is_some_and(|until| until <= now);
        (!self.off || back) && self.stock_left != Some(0)
    }
}

/// A whole menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Menu {
    /// Whose menu.
    pub restaurant_id: RestaurantId,
    /// Grows with every change.
    pub version: i64,
    /// In order of display.
    pub sections: Vec<Section>,
}

/// A part of a menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Its id.
    pub id: SectionId,
    /// Its heading.
    pub name: String,
    /// In order of display.
    pub items: Vec<MenuItem>,
}

/// A dish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MenuItem {
    /// Its id.
    pub id: MenuItemId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Price of one without options.
    pub price: Paise,
    /// Packing charge of one.
    pub packing: Paise,
    /// The mark beside it.
    pub veg_mark: VegMark,
    /// Allergens, lower-case words.
    pub allergens: Vec<String>,
    /// Whether it can be had.
    pub on_sale: OnSale,
    /// Ordered often.
    pub popular: bool,
    /// Choices.
    pub option_groups: Vec<OptionGroup>,
}

/// What kind of choice a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// One of several forms of the dish.
    Variant,
    /// Something added or left out.
    Modifier,
}

impl GroupKind {
    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Variant => "variant",
            Self::Modifier => "modifier",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Variant, Self::Modifier].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A choice of `min` to `max` options.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OptionGroup {
    /// Its id.
    pub id: OptionGroupId,
    /// The question.
    pub name: String,
    /// Variant or modifier.
    pub kind: GroupKind,
    /// Fewest.
    pub min: i64,
    /// Most.
    pub max: i64,
    /// In order of display.
    pub options: Vec<MenuOption>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MenuOption {
    /// Its id.
    pub id: OptionId,
    /// Its name.
    pub name: String,
    /// Added to the item's price.
    pub price: Paise,
    /// The mark beside it.
    pub veg_mark: VegMark,
    /// Whether it can be had.
    pub on_sale: OnSale,
}

impl Menu {
    /// A dish by id.
    pub fn item(&self, id: MenuItemId) -> Option<&MenuItem> {
        self.items().find(|item| item.id == id)
    }

    /// All dishes in order of display.
    pub fn items(&self) -> impl Iterator<Item = &MenuItem> {
        self.sections.iter().flat_map(|section| &section.items)
    }
}

impl MenuItem {
    /// The chosen options in menu order, or which rule the choice breaks. `pointer` is the line in the request.
    pub fn choose(&self, chosen: &[OptionId], pointer: &str, now: Timestamp) -> Result<Vec<&MenuOption>, Broken> {
        let mut found = Vec::with_capacity(chosen.len());
        for group in &self.option_groups {
            let picked: Vec<_> = group.options.iter().filter(|option| chosen.contains(&option.id)).collect();
            let count = i64::try_from(picked.len()).unwrap_or(i64::MAX);
            if count < group.min || count > group.max {
                return Err(Rule::OptionCount
                    .at(format!("{pointer}/option_ids"))
                    .with("group", group.name.as_str())
                    .with("min", group.min)
                    .with("max", group.max));
            }
            found.extend(picked);
        }
        if let Some(gone) = found.iter().find(|option| !option.on_sale.available(now)) {
            let pointer = format!("{pointer}/option_ids");
            return Err(Rule::ItemUnavailable.at(pointer).with("name", gone.name.as_str()));
        }
        // Unknown and doubled ids both leave fewer options found than asked for.
        if found.len() != chosen.len() {
            return Err(Rule::UnknownOption.at(format!("{pointer}/option_ids")));
        }
        Ok(found)
    }
}
