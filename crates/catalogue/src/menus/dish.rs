//! The shape of the menu tables: a dish is one line, made by [`veg`], [`egg`] or [`meat`] and a few additions.

use domain::menu::{GroupKind, VegMark};

/// A family of cuisines with the dishes of a typical kitchen.
pub(super) struct Family {
    /// Its name in code, for tests and for picking restaurant names.
    pub(super) key: &'static str,
    /// Lower-case words that mean this family in a list of cuisines.
    pub(super) words: &'static [&'static str],
    /// What two people typically pay, in rupees; the price bands below belong to this level.
    pub(super) for_two_rupees: i64,
    /// Signature dishes first.
    pub(super) dishes: &'static [Dish],
}

/// One dish of a table.
#[derive(Clone, Copy)]
pub(super) struct Dish {
    pub(super) section: &'static str,
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) mark: VegMark,
    /// Lowest and highest usual price in rupees.
    pub(super) band_rupees: (i64, i64),
    pub(super) packing_rupees: i64,
    pub(super) allergens: &'static [&'static str],
    pub(super) groups: &'static [Group],
}

/// A choice to make about a dish.
#[derive(Clone, Copy)]
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) kind: GroupKind,
    pub(super) min: u8,
    pub(super) max: u8,
    pub(super) choices: &'static [Choice],
}

/// One answer to a choice.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    pub(super) name: &'static str,
    pub(super) mark: VegMark,
    pub(super) extra: Extra,
}

/// What a choice adds to the price.
#[derive(Clone, Copy)]
pub(super) enum Extra {
    /// Per cent of the dish's own price.
    Share(i64),
    /// Rupees, at the family's usual price level.
    Rupees(i64),
}

const fn dish(
    section: &'static str,
    name: &'static str,
    about: &'static str,
    mark: VegMark,
    band_rupees: (i64, i64),
) -> Dish {
    Dish { section, name, about, mark, band_rupees, packing_rupees: 8, allergens: &[], groups: &[] }
}

/// A vegetarian dish.
pub(super) const fn veg(section: &'static str, name: &'static str, band: (i64, i64), about: &'static str) -> Dish {
    dish(section, name, about, VegMark::Veg, band)
}

/// A dish with egg.
pub(super) const fn egg(section: &'static str, name: &'static str, band: (i64, i64), about: &'static str) -> Dish {
    dish(section, name, about, VegMark::Egg, band)
}

/// A dish with meat or fish.
pub(super) const fn meat(section: &'static str, name: &'static str, band: (i64, i64), about: &'static str) -> Dish {
    dish(section, name, about, VegMark::NonVeg, band)
}

impl Dish {
    /// Names what it contains.
    pub(super) const fn with(self, allergens: &'static [&'static str]) -> Self {
        Self { allergens, ..self }
    }

    /// Adds choices.
    pub(super) const fn choose(self, groups: &'static [Group]) -> Self {
        Self { groups, ..self }
    }

    /// Sets the packing charge in rupees.
    pub(super) const fn packed(self, packing_rupees: i64) -> Self {
        Self { packing_rupees, ..self }
    }
}

/// Exactly one of several forms.
pub(super) const fn variant(name: &'static str, choices: &'static [Choice]) -> Group {
    Group { name, kind: GroupKind::Variant, min: 1, max: 1, choices }
}

/// Between `min` and `max` additions or changes.
pub(super) const fn modifier(name: &'static str, min: u8, max: u8, choices: &'static [Choice]) -> Group {
    Group { name, kind: GroupKind::Modifier, min, max, choices }
}

/// A vegetarian choice for some rupees.
pub(super) const fn add(name: &'static str, rupees: i64) -> Choice {
    Choice { name, mark: VegMark::Veg, extra: Extra::Rupees(rupees) }
}

/// A vegetarian choice for a share of the price in per cent.
pub(super) const fn size(name: &'static str, percent: i64) -> Choice {
    Choice { name, mark: VegMark::Veg, extra: Extra::Share(percent) }
}

/// A choice with egg.
pub(super) const fn add_egg(name: &'static str, rupees: i64) -> Choice {
    Choice { name, mark: VegMark::Egg, extra: Extra::Rupees(rupees) }
}

/// A choice with meat or fish.
pub(super) const fn add_meat(name: &'static str, rupees: i64) -> Choice {
    Choice { name, mark: VegMark::NonVeg, extra: Extra::Rupees(rupees) }
}

pub(super) const GLUTEN: &str = "gluten";
pub(super) const MILK: &str = "milk";
pub(super) const EGG: &str = "egg";
pub(super) const FISH: &str = "fish";
pub(super) const CRUSTACEAN: &str = "crustacean";
pub(super) const PEANUT: &str = "peanut";
pub(super) const NUTS: &str = "tree nut";
pub(super) const SOY: &str = "soy";
pub(super) const SESAME: &str = "sesame";
pub(super) const MUSTARD: &str = "mustard";

/// Sections in the order in which a menu shows them.
pub(super) const SECTIONS: &[&str] = &[
    BREAKFAST, DOSA, SOUPS, SALADS, CHAAT, STARTERS, MOMOS, KEBABS, ROLLS, SNACKS, BURGERS, SANDWICHES, PIZZA, PASTA,
    BOWLS, MEALS, MAINS, NOODLES, RICE, BREADS, SIDES, BAKES, CAKES, SWEETS, SCOOPS, HOT, COLD,
];

pub(super) const BREAKFAST: &str = "Breakfast";
pub(super) const DOSA: &str = "Dosa";
pub(super) const SOUPS: &str = "Soups";
pub(super) const SALADS: &str = "Salads";
pub(super) const CHAAT: &str = "Chaat";
pub(super) const STARTERS: &str = "Starters";
pub(super) const MOMOS: &str = "Momos";
pub(super) const KEBABS: &str = "Kebabs and grill";
pub(super) const ROLLS: &str = "Rolls";
pub(super) const SNACKS: &str = "Snacks";
pub(super) const BURGERS: &str = "Burgers";
pub(super) const SANDWICHES: &str = "Sandwiches";
pub(super) const PIZZA: &str = "Pizza";
pub(super) const PASTA: &str = "Pasta";
pub(super) const BOWLS: &str = "Bowls";
pub(super) const MEALS: &str = "Meals";
pub(super) const MAINS: &str = "Mains";
pub(super) const NOODLES: &str = "Noodles";
pub(super) const RICE: &str = "Rice and biryani";
pub(super) const BREADS: &str = "Breads";
pub(super) const SIDES: &str = "Sides";
pub(super) const BAKES: &str = "From the oven";
pub(super) const CAKES: &str = "Cakes";
pub(super) const SWEETS: &str = "Sweets";
pub(super) const SCOOPS: &str = "Scoops";
pub(super) const HOT: &str = "Tea and coffee";
pub(super) const COLD: &str = "Cold drinks";
