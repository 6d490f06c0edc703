//! Quick kitchens: Indian Chinese, pan-Asian, fast food, street food.

use super::choices::{
    BURGER_EXTRAS, CHAAT_CHANGES, DIPS, GRAVY_DRY, HALF_FULL, MEAL, NOODLE_EXTRAS, REGULAR_LARGE, SPICE, SUGAR,
};
use super::dish::{
    BURGERS, CHAAT, COLD, Dish, EGG, FISH, Family, GLUTEN, MAINS, MEALS, MILK, NOODLES, NUTS, PEANUT, RICE, SANDWICHES,
    SESAME, SIDES, SNACKS, SOUPS, SOY, STARTERS, SWEETS, egg, meat, veg,
};

pub(super) const CHINESE: Family = Family {
    key: "chinese",
    words: &["chinese", "indo chinese", "schezwan", "sichuan", "cantonese", "hakka"],
    for_two_rupees: 400,
    dishes: CHINESE_DISHES,
};

const CHINESE_DISHES: &[Dish] = &[
    veg(NOODLES, "Veg Hakka Noodles", (140, 180), "Tossed on a high flame with cabbage and capsicum")
        .with(&[GLUTEN, SOY])
        .choose(&[HALF_FULL, NOODLE_EXTRAS]),
    meat(NOODLES, "Chicken Hakka Noodles", (170, 220), "With shredded chicken and spring onion")
        .with(&[GLUTEN, SOY, EGG])
        .choose(&[HALF_FULL]),
    veg(STARTERS, "Gobi Manchurian", (140, 180), "Fried cauliflower in dark garlic sauce")
        .with(&[GLUTEN, SOY])
        .choose(&[GRAVY_DRY]),
    meat(STARTERS, "Chilli Chicken", (200, 260), "Green chilli, soy, onion petals")
        .with(&[SOY, EGG])
        .choose(&[GRAVY_DRY, SPICE]),
    veg(STARTERS, "Chilli Paneer", (190, 240), "Paneer and capsicum in soy and chilli")
        .with(&[SOY, MILK])
        .choose(&[GRAVY_DRY]),
    veg(RICE, "Veg Fried Rice", (140, 180), "Long rice, beans, carrot, white pepper").with(&[SOY]).choose(&[HALF_FULL]),
    egg(RICE, "Egg Fried Rice", (150, 195), "Scrambled egg and spring onion").with(&[SOY, EGG]).choose(&[HALF_FULL]),
    meat(RICE, "Schezwan Chicken Rice", (180, 230), "Red chilli and garlic paste")
        .with(&[SOY, EGG])
        .choose(&[HALF_FULL]),
    veg(SOUPS, "Hot and Sour Soup", (90, 120), "Black vinegar, pepper, bamboo shoot")
        .with(&[SOY])
        .choose(&[REGULAR_LARGE]),
    veg(SOUPS, "Sweet Corn Soup", (90, 115), "Thick and mild"),
    veg(STARTERS, "Veg Spring Rolls (6)", (120, 155), "Glass-thin skins, cabbage and noodles")
        .with(&[GLUTEN, SOY])
        .choose(&[DIPS]),
    veg(STARTERS, "Crispy Corn", (150, 190), "Fried kernels, pepper and spring onion").choose(&[SPICE]),
    meat(MAINS, "Chicken in Hot Garlic Sauce", (210, 270), "Boneless, glossy, sharp").with(&[SOY]).choose(&[HALF_FULL]),
    veg(MAINS, "Vegetables in Black Bean Sauce", (170, 220), "Broccoli, baby corn, mushroom").with(&[SOY]),
];

pub(super) const ASIAN: Family = Family {
    key: "asian",
    words: &[
        "asian",
        "thai",
        "japanese",
        "korean",
        "vietnamese",
        "malaysian",
        "burmese",
        "sushi",
        "indonesian",
        "singaporean",
        "pan asian",
    ],
    for_two_rupees: 900,
    dishes: ASIAN_DISHES,
};

const ASIAN_DISHES: &[Dish] = &[
    veg(MAINS, "Thai Green Curry, vegetable", (280, 340), "Coconut milk, basil, lime leaf, with rice").choose(&[SPICE]),
    meat(MAINS, "Thai Red Curry, chicken", (310, 380), "Coconut milk, galangal, with rice")
        .with(&[FISH])
        .choose(&[SPICE]),
    veg(NOODLES, "Pad Thai, tofu", (270, 330), "Flat rice noodles, tamarind, crushed peanut")
        .with(&[PEANUT, SOY])
        .choose(&[NOODLE_EXTRAS]),
    veg(NOODLES, "Burmese Khow Suey", (280, 340), "Noodles in coconut broth with many toppings")
        .with(&[GLUTEN, PEANUT])
        .choose(&[NOODLE_EXTRAS]),
    meat(NOODLES, "Chicken Ramen", (340, 420), "Long-simmered broth, egg, spring onion").with(&[GLUTEN, SOY, EGG]),
    veg(STARTERS, "Avocado Cucumber Sushi (6)", (320, 400), "Short rice, sesame, pickled ginger")
        .with(&[SESAME, SOY])
        .choose(&[DIPS]),
    meat(STARTERS, "Chicken Satay (4)", (260, 320), "Lemongrass, peanut sauce").with(&[PEANUT, SOY]),
    veg(SOUPS, "Tom Yum, mushroom", (180, 230), "Sour, hot, lemongrass").choose(&[REGULAR_LARGE]),
    veg(STARTERS, "Rice Paper Rolls (4)", (220, 280), "Herbs and glass noodles, peanut dip").with(&[PEANUT]),
    meat(RICE, "Nasi Goreng", (290, 350), "Fried rice, chicken, fried egg").with(&[EGG, SOY, FISH]),
    egg(RICE, "Bibimbap, egg", (300, 360), "Rice, five vegetables, chilli paste, fried egg").with(&[EGG, SOY, SESAME]),
    veg(STARTERS, "Korean Chilli Cauliflower", (220, 280), "Crisp florets, sticky red sauce")
        .with(&[SOY, GLUTEN, SESAME])
        .choose(&[SPICE]),
];

pub(super) const FAST_FOOD: Family = Family {
    key: "fast_food",
    words: &[
        "fast food",
        "burger",
        "burgers",
        "american",
        "finger food",
        "fried chicken",
        "hot dogs",
        "sandwich",
        "sandwiches",
        "quick bites",
    ],
    for_two_rupees: 350,
    dishes: FAST_FOOD_DISHES,
};

const FAST_FOOD_DISHES: &[Dish] = &[
    veg(BURGERS, "Crisp Aloo Burger", (80, 110), "Potato and pea patty, mint sauce, onion")
        .with(&[GLUTEN, MILK])
        .choose(&[BURGER_EXTRAS, MEAL]),
    meat(BURGERS, "Fried Chicken Burger", (140, 185), "Buttermilk chicken, slaw, soft bun")
        .with(&[GLUTEN, MILK, EGG])
        .choose(&[BURGER_EXTRAS, MEAL]),
    veg(BURGERS, "Paneer Steak Burger", (140, 180), "A thick slab, peri-peri and lettuce")
        .with(&[GLUTEN, MILK])
        .choose(&[BURGER_EXTRAS, MEAL]),
    veg(SIDES, "French Fries", (80, 110), "Skin on, salted").choose(&[REGULAR_LARGE, DIPS]),
    veg(SIDES, "Masala Fries", (95, 125), "Chaat masala and lime").choose(&[REGULAR_LARGE, DIPS]),
    meat(SNACKS, "Chicken Wings (6)", (190, 240), "Tossed in your sauce").with(&[MILK]).choose(&[SPICE, DIPS]),
    meat(SNACKS, "Chicken Popcorn", (150, 190), "Bite-size, peppery")
        .with(&[GLUTEN, EGG])
        .choose(&[REGULAR_LARGE, DIPS]),
    veg(SANDWICHES, "Bombay Masala Toast", (80, 110), "Potato, beetroot, green chutney, grilled").with(&[GLUTEN, MILK]),
    veg(SANDWICHES, "Cheese Chilli Grilled Sandwich", (110, 145), "Green chilli, capsicum, molten cheese")
        .with(&[GLUTEN, MILK]),
    meat(SANDWICHES, "Chicken Club Sandwich", (150, 195), "Three layers, egg and lettuce").with(&[GLUTEN, EGG, MILK]),
    egg(SANDWICHES, "Masala Omelette Bun", (70, 95), "Folded egg, onion, buttered bun").with(&[GLUTEN, EGG, MILK]),
    veg(SNACKS, "Cheese Balls (8)", (120, 155), "Crumbed and fried").with(&[MILK, GLUTEN]).choose(&[DIPS]),
    veg(COLD, "Cola, 300 ml", (40, 40), "Chilled bottle").packed(0),
];

pub(super) const STREET_FOOD: Family = Family {
    key: "street_food",
    words: &["street food", "chaat", "chat", "pav bhaji", "snacks", "golgappa", "pani puri"],
    for_two_rupees: 200,
    dishes: STREET_FOOD_DISHES,
};

const STREET_FOOD_DISHES: &[Dish] = &[
    veg(CHAAT, "Pani Puri (8)", (50, 70), "Shells, spiced water and potato packed apart")
        .with(&[GLUTEN])
        .choose(&[SPICE]),
    veg(CHAAT, "Sev Puri", (60, 80), "Flat crisps, potato, three chutneys").with(&[GLUTEN]).choose(&[CHAAT_CHANGES]),
    veg(CHAAT, "Dahi Puri", (65, 85), "Shells filled with sweet curd").with(&[GLUTEN, MILK]).choose(&[CHAAT_CHANGES]),
    veg(CHAAT, "Samosa Chaat", (65, 85), "Crushed samosa, chickpeas, curd")
        .with(&[GLUTEN, MILK])
        .choose(&[CHAAT_CHANGES]),
    veg(CHAAT, "Bhel Puri", (55, 75), "Puffed rice, raw mango, peanuts; mix when you eat")
        .with(&[PEANUT, GLUTEN])
        .choose(&[CHAAT_CHANGES]),
    veg(MEALS, "Pav Bhaji", (100, 135), "Mashed vegetables on the griddle, two buttered pav")
        .with(&[GLUTEN, MILK])
        .choose(&[REGULAR_LARGE]),
    veg(CHAAT, "Aloo Tikki", (55, 75), "Griddled potato cakes, chickpeas").with(&[MILK]).choose(&[CHAAT_CHANGES]),
    veg(SNACKS, "Samosa (2)", (35, 50), "Potato and peas, tamarind chutney").with(&[GLUTEN]).packed(4),
    veg(SNACKS, "Onion Pakora", (60, 80), "Gram batter, green chilli").packed(4),
    veg(SNACKS, "Dabeli", (35, 50), "Sweet potato filling, pomegranate, sev").with(&[GLUTEN, PEANUT]).packed(4),
    egg(SNACKS, "Bread Omelette", (50, 70), "Two eggs, onion, four slices").with(&[GLUTEN, EGG]).choose(&[SPICE]),
    veg(SWEETS, "Kulfi Falooda", (80, 105), "Frozen milk, vermicelli, rose").with(&[MILK, NUTS, GLUTEN]),
    veg(COLD, "Jaljeera", (30, 42), "Cumin, mint, black salt").choose(&[SUGAR]),
];
