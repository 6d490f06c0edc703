//! Choices that many dishes share.

use super::dish::{Group, add, add_egg, add_meat, modifier, size, variant};

pub(super) const HALF_FULL: Group = variant("Portion", &[size("Half", 0), size("Full", 75)]);
pub(super) const ONE_TWO: Group = variant("Serves", &[size("One", 0), size("Two", 80)]);
pub(super) const FAMILY_POT: Group =
    variant("Pot", &[size("Single", 0), size("For two", 85), size("Family, for four", 240)]);
pub(super) const REGULAR_LARGE: Group = variant("Size", &[size("Regular", 0), size("Large", 40)]);
pub(super) const PIZZA_SIZE: Group =
    variant("Size", &[size("Small, 7 inch", 0), size("Medium, 10 inch", 70), size("Large, 12 inch", 125)]);
pub(super) const CAKE_SIZE: Group = variant("Size", &[size("Half kilo", 0), size("One kilo", 90)]);
pub(super) const WEIGHT: Group = variant("Weight", &[size("250 g", 0), size("500 g", 95), size("1 kg", 280)]);
pub(super) const SCOOP_COUNT: Group =
    variant("Scoops", &[size("Single", 0), size("Double", 80), size("Tub, 500 ml", 220)]);
pub(super) const PIECES: Group = variant("Pieces", &[size("Six", 0), size("Ten", 55)]);
pub(super) const GRAVY_DRY: Group = variant("Style", &[size("Dry", 0), size("With gravy", 8)]);

pub(super) const SPICE: Group = modifier("Spice", 1, 1, &[add("Mild", 0), add("Medium", 0), add("Hot", 0)]);
pub(super) const SUGAR: Group = modifier("Sugar", 1, 1, &[add("Usual", 0), add("Less", 0), add("None", 0)]);
pub(super) const DOSA_EXTRAS: Group = modifier(
    "Extras",
    0,
    3,
    &[add("Extra coconut chutney", 15), add("Extra sambar", 20), add("Podi on top", 15), add("Ghee roast", 25)],
);
pub(super) const IDLI_EXTRAS: Group = modifier(
    "Extras",
    0,
    3,
    &[add("Extra coconut chutney", 15), add("Dipped in sambar", 20), add("Podi and ghee", 20)],
);
pub(super) const BREAD_FINISH: Group =
    modifier("Finish", 1, 1, &[add("Plain", 0), add("Butter", 10), add("Garlic butter", 20)]);
pub(super) const CURRY_EXTRAS: Group = modifier(
    "Add to it",
    0,
    3,
    &[add("Extra gravy", 40), add("Knob of butter", 15), add("Onion and lemon", 10), add("Roasted papad", 15)],
);
pub(super) const BIRYANI_EXTRAS: Group = modifier(
    "Add to it",
    0,
    3,
    &[add("Extra raita", 25), add("Extra salan", 25), add_egg("Boiled egg", 20), add_meat("Chicken leg piece", 80)],
);
pub(super) const VEG_BIRYANI_EXTRAS: Group =
    modifier("Add to it", 0, 2, &[add("Extra raita", 25), add("Extra salan", 25), add("Fried onions", 15)]);
pub(super) const CHAAT_CHANGES: Group = modifier(
    "Make it",
    0,
    3,
    &[add("No onion, no garlic", 0), add("Extra curd", 15), add("Extra sev", 10), add("Less sweet chutney", 0)],
);
pub(super) const NOODLE_EXTRAS: Group = modifier(
    "Add to it",
    0,
    2,
    &[add("Tofu", 40), add("Mushroom", 40), add_egg("Fried egg", 25), add_meat("Shredded chicken", 60)],
);
pub(super) const DIPS: Group =
    modifier("Dips", 0, 2, &[add("Mint chutney", 10), add("Chilli garlic", 15), add("Garlic mayonnaise, no egg", 20)]);
pub(super) const BURGER_EXTRAS: Group = modifier(
    "Add to it",
    0,
    3,
    &[add("Cheese slice", 25), add("Jalapenos", 20), add_egg("Fried egg", 25), add("Double the sauce", 15)],
);
pub(super) const MEAL: Group =
    modifier("Make it a meal", 0, 1, &[add("Fries and a cola", 90), add("Fries and a lime soda", 100)]);
pub(super) const TOPPINGS: Group = modifier(
    "Toppings",
    0,
    4,
    &[
        add("Extra cheese", 50),
        add("Olives", 35),
        add("Mushroom", 35),
        add("Paneer", 45),
        add_meat("Chicken sausage", 60),
    ],
);
pub(super) const PASTA_SHAPE: Group =
    modifier("Pasta", 1, 1, &[add("Penne", 0), add("Spaghetti", 0), add("Whole-wheat penne", 30)]);
pub(super) const MILK_KIND: Group =
    modifier("Milk", 1, 1, &[add("Cow's milk", 0), add("Oat milk", 50), add("Soy milk", 40)]);
pub(super) const SUNDAE_TOPS: Group = modifier(
    "On top",
    0,
    3,
    &[add("Chocolate sauce", 25), add("Roasted almonds", 30), add("Fruit jelly", 20), add("Wafer", 15)],
);
pub(super) const BOWL_PROTEIN: Group = modifier(
    "Protein",
    1,
    1,
    &[add("Chickpeas", 0), add("Paneer", 40), add_egg("Boiled eggs", 30), add_meat("Grilled chicken", 70)],
);
pub(super) const DRESSING: Group =
    modifier("Dressing", 1, 1, &[add("Lemon and olive oil", 0), add("Honey mustard", 0), add("Hung curd and mint", 0)]);
pub(super) const CAKE_MESSAGE: Group =
    modifier("Candles", 0, 2, &[add("Number candle", 30), add("Box of small candles", 25)]);
