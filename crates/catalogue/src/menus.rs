//! Starter menus: what a kitchen of given cuisines would plausibly cook, so that a new restaurant is never empty.
//!
//! Dishes, words and prices are our own. Cuisines come as free text ("North Indian, Chinese"); each is matched to a
//! family by its words, spelling mistakes included, and what nobody knows gets the general menu. Prices follow what two
//! people pay at the restaurant and end on whole rupees. The owner is expected to change everything.

mod choices;
mod compose;
mod dish;
mod families;
mod north;
mod quick;
mod south;
mod sweet;
#[cfg(test)]
mod tests;
mod west_east;
mod world;

use domain::menu::{GroupKind, VegMark};
use serde::{Deserialize, Serialize};

pub use compose::starter_menu;
pub use families::{all_family_keys, family_keys};

/// A proposed menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StarterMenu {
    /// Sections in the order a guest reads them; none is empty.
    pub sections: Vec<StarterSection>,
}

impl StarterMenu {
    /// All dishes of all sections.
    pub fn items(&self) -> impl Iterator<Item = &StarterItem> {
        self.sections.iter().flat_map(|section| &section.items)
    }
}

/// One heading with its dishes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StarterSection {
    /// "Breads".
    pub name: String,
    /// Its dishes.
    pub items: Vec<StarterItem>,
}

/// One dish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StarterItem {
    /// Unique within the menu.
    pub name: String,
    /// One line in plain words.
    pub description: String,
    /// Price in paise, whole rupees, with the cheapest variant.
    pub price_paise: i64,
    /// The mark beside it.
    pub veg_mark: VegMark,
    /// Packing charge in paise.
    pub packing_paise: i64,
    /// Lower-case names of the allergens it contains.
    pub allergens: Vec<String>,
    /// Choices to make.
    pub option_groups: Vec<StarterOptionGroup>,
}

/// A choice about a dish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StarterOptionGroup {
    /// "Portion".
    pub name: String,
    /// Forms of the dish, or additions to it.
    pub kind: GroupKind,
    /// Fewest options to choose.
    pub min: u8,
    /// Most options to choose; never more than there are.
    pub max: u8,
    /// The options.
    pub options: Vec<StarterOption>,
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StarterOption {
    /// "Full".
    pub name: String,
    /// Added to the dish's price, in paise, whole rupees, never negative.
    pub price_paise: i64,
    /// The mark beside it.
    pub veg_mark: VegMark,
}
