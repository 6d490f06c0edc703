//! Kitchens from farther away, healthy bowls, and the general menu for everything that is not recognised.

use super::choices::{
    BOWL_PROTEIN, BREAD_FINISH, BURGER_EXTRAS, CURRY_EXTRAS, DIPS, DRESSING, FAMILY_POT, HALF_FULL, ONE_TWO,
    PASTA_SHAPE, PIZZA_SIZE, REGULAR_LARGE, SPICE, SUGAR, TOPPINGS,
};
use super::dish::{
    BAKES, BOWLS, BREADS, COLD, Dish, EGG, FISH, Family, GLUTEN, HOT, KEBABS, MAINS, MEALS, MILK, NUTS, PASTA, PIZZA,
    RICE, ROLLS, SALADS, SANDWICHES, SESAME, SIDES, SNACKS, SOUPS, SOY, STARTERS, SWEETS, egg, meat, veg,
};

pub(super) const CONTINENTAL: Family = Family {
    key: "continental",
    words: &[
        "continental",
        "european",
        "steak",
        "french",
        "british",
        "german",
        "spanish",
        "portuguese",
        "fusion",
        "modern european",
    ],
    for_two_rupees: 900,
    dishes: CONTINENTAL_DISHES,
};

const CONTINENTAL_DISHES: &[Dish] = &[
    meat(MAINS, "Grilled Chicken, pepper sauce", (340, 420), "Mashed potato, buttered beans")
        .with(&[MILK])
        .choose(&[BREAD_FINISH]),
    meat(MAINS, "Fish and Chips", (360, 440), "Crisp batter, tartare sauce").with(&[FISH, GLUTEN, EGG]).choose(&[DIPS]),
    veg(MAINS, "Cottage Cheese Steak", (310, 380), "Herb crust, tomato concasse, rice").with(&[MILK]).choose(&[SPICE]),
    veg(MAINS, "Vegetable au Gratin", (280, 340), "Baked in cheese sauce").with(&[MILK, GLUTEN]),
    veg(MAINS, "Mushroom Stroganoff", (290, 360), "Sour cream, buttered rice").with(&[MILK]),
    meat(MAINS, "Chicken Stroganoff", (320, 400), "Sour cream, gherkin, buttered rice").with(&[MILK]),
    veg(SOUPS, "Cream of Mushroom", (160, 200), "With a bread stick").with(&[MILK, GLUTEN]).choose(&[REGULAR_LARGE]),
    veg(SOUPS, "Roasted Tomato Soup", (150, 190), "Basil and croutons").with(&[GLUTEN, MILK]).choose(&[REGULAR_LARGE]),
    meat(SALADS, "Chicken Caesar Salad", (260, 320), "Romaine, parmesan, croutons").with(&[EGG, MILK, GLUTEN, FISH]),
    veg(STARTERS, "Garlic Bread with Cheese", (160, 200), "Four slices").with(&[GLUTEN, MILK]),
    veg(STARTERS, "Stuffed Mushrooms", (240, 300), "Spinach and cheese").with(&[MILK, GLUTEN]),
    egg(SWEETS, "Caramel Custard", (130, 165), "Set and turned out").with(&[EGG, MILK]),
];

pub(super) const ITALIAN: Family = Family {
    key: "italian",
    words: &["italian", "pizza", "pizzas", "pasta", "mediterranean", "greek"],
    for_two_rupees: 650,
    dishes: ITALIAN_DISHES,
};

const ITALIAN_DISHES: &[Dish] = &[
    veg(PIZZA, "Margherita", (200, 260), "Tomato, mozzarella, basil")
        .with(&[GLUTEN, MILK])
        .choose(&[PIZZA_SIZE, TOPPINGS])
        .packed(15),
    veg(PIZZA, "Farmhouse Pizza", (240, 300), "Onion, capsicum, mushroom, sweet corn")
        .with(&[GLUTEN, MILK])
        .choose(&[PIZZA_SIZE, TOPPINGS])
        .packed(15),
    veg(PIZZA, "Paneer Makhani Pizza", (260, 320), "Butter masala base, onion")
        .with(&[GLUTEN, MILK, NUTS])
        .choose(&[PIZZA_SIZE, TOPPINGS])
        .packed(15),
    meat(PIZZA, "Smoked Chicken Pizza", (290, 360), "Red onion, jalapeno")
        .with(&[GLUTEN, MILK])
        .choose(&[PIZZA_SIZE, TOPPINGS])
        .packed(15),
    veg(PASTA, "Arrabbiata", (220, 280), "Tomato, garlic, red chilli").with(&[GLUTEN]).choose(&[PASTA_SHAPE, SPICE]),
    veg(PASTA, "Alfredo with Mushroom", (240, 300), "Cream, parmesan, nutmeg")
        .with(&[GLUTEN, MILK])
        .choose(&[PASTA_SHAPE]),
    meat(PASTA, "Chicken Pesto Pasta", (270, 340), "Basil, walnut, parmesan")
        .with(&[GLUTEN, MILK, NUTS])
        .choose(&[PASTA_SHAPE]),
    veg(PASTA, "Spinach Ricotta Lasagne", (260, 320), "Baked in layers").with(&[GLUTEN, MILK]),
    veg(STARTERS, "Bruschetta (4)", (160, 200), "Tomato, garlic, olive oil").with(&[GLUTEN]),
    veg(SALADS, "Greek Salad", (200, 250), "Cucumber, olives, feta").with(&[MILK]).choose(&[DRESSING]),
    veg(SIDES, "Hummus and Pita", (180, 230), "Chickpeas, tahini, warm bread").with(&[SESAME, GLUTEN]),
    egg(SWEETS, "Panna Cotta with Berry", (150, 190), "With a crisp egg biscuit").with(&[MILK, EGG, GLUTEN]),
];

pub(super) const MEXICAN: Family = Family {
    key: "mexican",
    words: &["mexican", "tex mex", "tacos", "burrito", "latin american", "south american"],
    for_two_rupees: 650,
    dishes: MEXICAN_DISHES,
};

const MEXICAN_DISHES: &[Dish] = &[
    veg(ROLLS, "Bean Burrito", (210, 270), "Rice, beans, salsa, sour cream")
        .with(&[GLUTEN, MILK])
        .choose(&[REGULAR_LARGE, SPICE]),
    meat(ROLLS, "Chicken Burrito", (240, 300), "Chipotle chicken, rice, corn")
        .with(&[GLUTEN, MILK])
        .choose(&[REGULAR_LARGE, SPICE]),
    veg(SNACKS, "Paneer Tacos (2)", (190, 240), "Soft shells, pico de gallo").with(&[GLUTEN, MILK]).choose(&[DIPS]),
    meat(SNACKS, "Chicken Tacos (2)", (210, 270), "Soft shells, lime, onion").with(&[GLUTEN]).choose(&[DIPS]),
    veg(BOWLS, "Burrito Bowl", (240, 300), "Everything but the wrap").with(&[MILK]).choose(&[BOWL_PROTEIN]),
    veg(SNACKS, "Loaded Nachos", (200, 250), "Cheese, beans, jalapeno").with(&[MILK]).choose(&[REGULAR_LARGE]),
    veg(STARTERS, "Corn Quesadilla", (190, 240), "Griddled with cheese").with(&[GLUTEN, MILK]),
    meat(STARTERS, "Chicken Quesadilla", (220, 270), "Griddled with cheese").with(&[GLUTEN, MILK]),
    veg(SIDES, "Guacamole and Chips", (200, 250), "Mashed to order"),
    veg(SWEETS, "Churros", (150, 190), "Cinnamon sugar, chocolate dip").with(&[GLUTEN, MILK]),
];

pub(super) const ARABIAN: Family = Family {
    key: "arabian",
    words: &[
        "arabian",
        "arabic",
        "lebanese",
        "middle eastern",
        "turkish",
        "shawarma",
        "iranian",
        "yemeni",
        "mandi",
        "moroccan",
    ],
    for_two_rupees: 500,
    dishes: ARABIAN_DISHES,
};

const ARABIAN_DISHES: &[Dish] = &[
    meat(ROLLS, "Chicken Shawarma", (110, 145), "Carved from the spit, garlic sauce, pickle")
        .with(&[GLUTEN, EGG])
        .choose(&[REGULAR_LARGE, DIPS]),
    veg(ROLLS, "Falafel Wrap", (110, 145), "Chickpea fritters, tahini, salad")
        .with(&[GLUTEN, SESAME])
        .choose(&[REGULAR_LARGE, DIPS]),
    veg(ROLLS, "Paneer Shawarma", (120, 155), "Grilled paneer, pickled turnip")
        .with(&[GLUTEN, MILK])
        .choose(&[REGULAR_LARGE]),
    meat(RICE, "Chicken Mandi", (260, 330), "Smoked rice, half a roast bird, tomato sauce")
        .choose(&[FAMILY_POT])
        .packed(15),
    meat(KEBABS, "Al Faham", (240, 300), "Split chicken over charcoal").choose(&[HALF_FULL, SPICE]),
    meat(KEBABS, "Shish Taouk", (250, 310), "Garlic and lemon chicken skewers").with(&[MILK]).choose(&[HALF_FULL]),
    veg(SIDES, "Hummus", (130, 170), "Olive oil and paprika").with(&[SESAME]),
    veg(SALADS, "Fattoush", (130, 170), "Sumac, crisp bread").with(&[GLUTEN]),
    veg(BREADS, "Khuboos (3)", (35, 48), "Thin round bread").with(&[GLUTEN]).packed(3),
    veg(RICE, "Vegetable Kabsa", (190, 240), "Tomato rice, raisins, almonds").with(&[NUTS]).choose(&[FAMILY_POT]),
    veg(SIDES, "Baba Ghanoush", (140, 180), "Smoked aubergine and tahini").with(&[SESAME]),
    veg(SWEETS, "Kunafa", (170, 220), "Cheese under crisp strings, syrup").with(&[GLUTEN, MILK, NUTS]),
    veg(COLD, "Mint Lemonade", (70, 95), "Blended with ice").choose(&[SUGAR]),
];

pub(super) const HEALTHY: Family = Family {
    key: "healthy",
    words: &["healthy", "healthy food", "salad", "salads", "vegan", "keto", "diet", "organic", "poke"],
    for_two_rupees: 550,
    dishes: HEALTHY_DISHES,
};

const HEALTHY_DISHES: &[Dish] = &[
    veg(BOWLS, "Brown Rice Power Bowl", (220, 280), "Greens, roasted pumpkin, seeds")
        .with(&[SESAME])
        .choose(&[BOWL_PROTEIN, DRESSING]),
    veg(BOWLS, "Millet Khichdi Bowl", (170, 215), "Foxtail millet, moong, vegetables")
        .with(&[MILK])
        .choose(&[REGULAR_LARGE]),
    veg(SALADS, "Sprout and Pomegranate Salad", (150, 190), "Lemon, coriander, no oil").choose(&[DRESSING]),
    meat(SALADS, "Grilled Chicken Salad", (240, 300), "Leaves, cucumber, egg-free dressing").choose(&[DRESSING]),
    egg(SALADS, "Boiled Egg and Avocado Salad", (230, 290), "Two eggs, seeds").with(&[EGG]).choose(&[DRESSING]),
    veg(SALADS, "Quinoa Tabbouleh", (210, 260), "Parsley, mint, tomato").choose(&[DRESSING]),
    veg(SOUPS, "Lentil and Spinach Soup", (130, 165), "No cream").choose(&[REGULAR_LARGE]),
    veg(SANDWICHES, "Hummus Vegetable Sandwich", (150, 190), "Multigrain, beetroot, rocket").with(&[GLUTEN, SESAME]),
    veg(ROLLS, "Tofu Wrap", (170, 215), "Whole wheat, peanut-free satay").with(&[GLUTEN, SOY]),
    veg(BOWLS, "Overnight Oats", (140, 180), "Chia, banana, almond").with(&[MILK, NUTS, GLUTEN]),
    veg(COLD, "Green Smoothie", (130, 165), "Spinach, apple, ginger").choose(&[REGULAR_LARGE]),
    meat(MAINS, "Steamed Fish, lemon and ginger", (320, 390), "With sauteed greens").with(&[FISH, SOY]),
];

/// What any kitchen in India could cook; also fills up menus that would be too short.
pub(super) const GENERIC: Family = Family {
    key: "generic",
    words: &["multi cuisine", "multicuisine", "home food", "homely", "meals", "mess", "canteen"],
    for_two_rupees: 350,
    dishes: GENERIC_DISHES,
};

const GENERIC_DISHES: &[Dish] = &[
    veg(MEALS, "Veg Thali", (140, 180), "Dal, two vegetables, rice, three rotis, curd")
        .with(&[GLUTEN, MILK])
        .choose(&[ONE_TWO])
        .packed(15),
    veg(MAINS, "Dal Tadka", (120, 155), "Yellow lentils, garlic in ghee")
        .with(&[MILK])
        .choose(&[HALF_FULL, CURRY_EXTRAS]),
    veg(MAINS, "Mixed Vegetable Curry", (140, 180), "What the market had").choose(&[HALF_FULL, SPICE]),
    meat(MEALS, "Chicken Thali", (200, 250), "Chicken curry, dal, rice, rotis")
        .with(&[GLUTEN, MILK])
        .choose(&[ONE_TWO])
        .packed(15),
    egg(MAINS, "Egg Bhurji", (100, 130), "Scrambled with onion and chilli").with(&[EGG]).choose(&[SPICE]),
    veg(BREADS, "Chapati (3)", (36, 48), "Thin, soft, from the griddle")
        .with(&[GLUTEN])
        .choose(&[BREAD_FINISH])
        .packed(3),
    veg(RICE, "Lemon Rice", (90, 115), "Peanuts, curry leaf").with(&[super::dish::PEANUT, super::dish::MUSTARD]),
    veg(RICE, "Steamed Rice", (70, 90), "Enough for one"),
    veg(SNACKS, "Vegetable Cutlet (2)", (60, 80), "Crumbed, with ketchup").with(&[GLUTEN]).choose(&[DIPS]),
    veg(SANDWICHES, "Vegetable Burger", (80, 105), "Potato patty, onion, lettuce")
        .with(&[GLUTEN, MILK])
        .choose(&[BURGER_EXTRAS]),
    veg(BAKES, "Fruit Cake Slice, eggless", (40, 55), "Tutti-frutti").with(&[GLUTEN, MILK]),
    veg(HOT, "Tea", (20, 30), "Boiled with ginger").with(&[MILK]).choose(&[SUGAR]).packed(4),
];
