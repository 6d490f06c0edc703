//! Sweet things and drinks: bakery, mithai, ice cream, café, juices.

use super::choices::{
    CAKE_MESSAGE, CAKE_SIZE, DIPS, MILK_KIND, REGULAR_LARGE, SCOOP_COUNT, SUGAR, SUNDAE_TOPS, WEIGHT,
};
use super::dish::{
    BAKES, BREAKFAST, CAKES, COLD, Dish, EGG, Family, GLUTEN, HOT, MILK, NUTS, SALADS, SANDWICHES, SCOOPS, SNACKS, SOY,
    SWEETS, egg, meat, veg,
};

pub(super) const BAKERY: Family = Family {
    key: "bakery",
    words: &[
        "bakery",
        "desserts",
        "dessert",
        "cakes",
        "cake",
        "pastry",
        "patisserie",
        "cupcakes",
        "waffles",
        "pancakes",
        "donuts",
    ],
    for_two_rupees: 350,
    dishes: BAKERY_DISHES,
};

const BAKERY_DISHES: &[Dish] = &[
    veg(CAKES, "Chocolate Truffle Cake, eggless", (420, 520), "Dark sponge, ganache")
        .with(&[GLUTEN, MILK, SOY])
        .choose(&[CAKE_SIZE, CAKE_MESSAGE])
        .packed(20),
    veg(CAKES, "Pineapple Cake, eggless", (360, 440), "Fresh cream and fruit")
        .with(&[GLUTEN, MILK])
        .choose(&[CAKE_SIZE, CAKE_MESSAGE])
        .packed(20),
    egg(CAKES, "Red Velvet Slice", (110, 145), "Cream-cheese frosting").with(&[GLUTEN, MILK, EGG]),
    egg(BAKES, "Walnut Brownie", (80, 110), "Dense, cracked on top")
        .with(&[GLUTEN, MILK, EGG, NUTS])
        .choose(&[SUNDAE_TOPS]),
    veg(BAKES, "Veg Puff", (30, 42), "Flaky, potato and pea inside").with(&[GLUTEN, MILK]).packed(3),
    egg(BAKES, "Egg Puff", (35, 48), "Half a masala egg in pastry").with(&[GLUTEN, EGG, MILK]).packed(3),
    meat(BAKES, "Chicken Puff", (45, 60), "Pepper chicken in pastry").with(&[GLUTEN, MILK]).packed(3),
    veg(BAKES, "Khara Bun", (25, 35), "Onion, dill, green chilli").with(&[GLUTEN, MILK]).packed(3),
    veg(BAKES, "Dilpasand", (50, 70), "Coconut and tutti-frutti between pastry").with(&[GLUTEN, MILK, NUTS]).packed(4),
    veg(BAKES, "Butter Biscuits, 200 g", (90, 120), "Crumbly, salted").with(&[GLUTEN, MILK]),
    veg(BAKES, "Whole-wheat Bread", (55, 70), "Baked this morning").with(&[GLUTEN]),
    egg(CAKES, "Tiramisu Jar", (150, 195), "Coffee, cocoa, mascarpone").with(&[GLUTEN, MILK, EGG]),
];

pub(super) const MITHAI: Family = Family {
    key: "mithai",
    words: &["mithai", "sweets", "sweet shop", "halwai", "sweetmeats"],
    for_two_rupees: 250,
    dishes: MITHAI_DISHES,
};

const MITHAI_DISHES: &[Dish] = &[
    veg(SWEETS, "Kaju Katli", (230, 290), "Cashew diamonds, silver leaf").with(&[NUTS, MILK]).choose(&[WEIGHT]),
    veg(SWEETS, "Motichoor Laddu", (120, 155), "Fine gram pearls, ghee").with(&[MILK]).choose(&[WEIGHT]),
    veg(SWEETS, "Mysore Pak", (150, 195), "Gram flour and a great deal of ghee").with(&[MILK]).choose(&[WEIGHT]),
    veg(SWEETS, "Soan Papdi", (110, 140), "Threads that melt").with(&[GLUTEN, NUTS]).choose(&[WEIGHT]),
    veg(SWEETS, "Rasmalai (2)", (80, 105), "Cheese patties in saffron milk").with(&[MILK, NUTS]),
    veg(SWEETS, "Jalebi, 200 g", (70, 95), "Hot coils in syrup").with(&[GLUTEN]),
    veg(SWEETS, "Milk Cake", (140, 180), "Grainy, caramel in the middle").with(&[MILK]).choose(&[WEIGHT]),
    veg(SNACKS, "Aloo Bhujia, 200 g", (70, 90), "Thin crisp strings"),
    veg(SNACKS, "Dal Kachori (2)", (40, 55), "Lentil filling, tamarind chutney").with(&[GLUTEN]).packed(4),
    veg(SNACKS, "Mathri, 200 g", (70, 90), "Flaky, carom seed").with(&[GLUTEN]),
    veg(HOT, "Badam Milk", (60, 80), "Almonds and saffron, hot or cold").with(&[MILK, NUTS]).choose(&[SUGAR]),
];

pub(super) const ICE_CREAM: Family = Family {
    key: "ice_cream",
    words: &["ice cream", "icecream", "gelato", "kulfi", "frozen yogurt", "frozen yoghurt", "sorbet"],
    for_two_rupees: 250,
    dishes: ICE_CREAM_DISHES,
};

const ICE_CREAM_DISHES: &[Dish] = &[
    veg(SCOOPS, "Tender Coconut", (70, 95), "Coconut pieces in coconut milk")
        .with(&[MILK])
        .choose(&[SCOOP_COUNT, SUNDAE_TOPS])
        .packed(12),
    veg(SCOOPS, "Alphonso Mango", (75, 100), "Ratnagiri pulp, nothing else")
        .with(&[MILK])
        .choose(&[SCOOP_COUNT])
        .packed(12),
    veg(SCOOPS, "Dark Chocolate", (75, 100), "Bitter, 60 per cent cocoa")
        .with(&[MILK, SOY])
        .choose(&[SCOOP_COUNT, SUNDAE_TOPS])
        .packed(12),
    veg(SCOOPS, "Sitaphal", (80, 105), "Custard apple, seeded by hand").with(&[MILK]).choose(&[SCOOP_COUNT]).packed(12),
    veg(SCOOPS, "Filter Coffee Scoop", (75, 95), "Strong decoction").with(&[MILK]).choose(&[SCOOP_COUNT]).packed(12),
    veg(SCOOPS, "Jamun Sorbet", (70, 90), "No milk, very purple").choose(&[SCOOP_COUNT]).packed(12),
    veg(SWEETS, "Malai Kulfi", (50, 70), "Slow-reduced milk on a stick").with(&[MILK, NUTS]).packed(10),
    veg(SWEETS, "Pista Kulfi", (60, 80), "With chopped pistachio").with(&[MILK, NUTS]).packed(10),
    veg(SWEETS, "Hot Fudge Sundae", (140, 180), "Vanilla, fudge, roasted nuts")
        .with(&[MILK, NUTS, SOY])
        .choose(&[SUNDAE_TOPS])
        .packed(12),
    veg(SWEETS, "Gadbad", (130, 165), "Three flavours, fruit, jelly, in layers").with(&[MILK, NUTS]).packed(12),
];

pub(super) const CAFE: Family = Family {
    key: "cafe",
    words: &["cafe", "coffee", "tea", "chai", "breakfast", "irani", "bagels"],
    for_two_rupees: 450,
    dishes: CAFE_DISHES,
};

const CAFE_DISHES: &[Dish] = &[
    veg(HOT, "Cappuccino", (110, 145), "Double shot, thick foam")
        .with(&[MILK])
        .choose(&[REGULAR_LARGE, MILK_KIND])
        .packed(6),
    veg(HOT, "Masala Chai, flask for two", (90, 120), "Ginger and cardamom").with(&[MILK]).choose(&[SUGAR]).packed(10),
    veg(COLD, "Cold Coffee", (120, 155), "Blended with ice cream").with(&[MILK]).choose(&[REGULAR_LARGE, SUGAR]),
    egg(BREAKFAST, "Eggs on Toast", (140, 180), "Scrambled, poached or fried, on sourdough").with(&[EGG, GLUTEN, MILK]),
    egg(BREAKFAST, "Masala Cheese Omelette", (130, 170), "Three eggs, onion, green chilli").with(&[EGG, MILK]),
    veg(BREAKFAST, "Bun Maska", (50, 70), "Soft bun, a lot of butter").with(&[GLUTEN, MILK]).packed(4),
    veg(SANDWICHES, "Pesto Paneer Sandwich", (160, 205), "Basil, tomato, focaccia")
        .with(&[GLUTEN, MILK, NUTS])
        .choose(&[DIPS]),
    meat(SANDWICHES, "Smoked Chicken Sandwich", (180, 230), "Mustard, lettuce, ciabatta").with(&[
        GLUTEN,
        MILK,
        super::dish::MUSTARD,
    ]),
    veg(SALADS, "Watermelon Feta Salad", (170, 220), "Mint and black pepper").with(&[MILK]),
    veg(BAKES, "Banana Walnut Loaf", (90, 120), "Thick slice, eggless").with(&[GLUTEN, NUTS, MILK]),
    egg(BAKES, "Blueberry Muffin", (90, 115), "Crumbly lid").with(&[GLUTEN, EGG, MILK]),
    veg(SNACKS, "Nachos with Salsa", (150, 190), "Corn chips, beans, cheese").with(&[MILK]).choose(&[REGULAR_LARGE]),
];

pub(super) const BEVERAGES: Family = Family {
    key: "beverages",
    words: &[
        "beverages",
        "beverage",
        "juices",
        "juice",
        "shakes",
        "milkshakes",
        "smoothies",
        "bubble tea",
        "lassi",
        "drinks",
    ],
    for_two_rupees: 220,
    dishes: BEVERAGE_DISHES,
};

const BEVERAGE_DISHES: &[Dish] = &[
    veg(COLD, "Watermelon Juice", (60, 80), "Pressed when you order").choose(&[REGULAR_LARGE, SUGAR]),
    veg(COLD, "Mosambi Juice", (80, 105), "Sweet lime, no water").choose(&[REGULAR_LARGE, SUGAR]),
    veg(COLD, "Sugarcane Juice", (45, 60), "With ginger and lemon").choose(&[REGULAR_LARGE]),
    veg(COLD, "ABC Juice", (90, 115), "Apple, beetroot, carrot").choose(&[REGULAR_LARGE]),
    veg(COLD, "Butter Fruit Shake", (100, 130), "Avocado and milk").with(&[MILK]).choose(&[REGULAR_LARGE, SUGAR]),
    veg(COLD, "Mango Shake", (95, 125), "Pulp and cold milk").with(&[MILK]).choose(&[REGULAR_LARGE, SUGAR]),
    veg(COLD, "Chocolate Shake", (110, 140), "With ice cream").with(&[MILK, SOY]).choose(&[REGULAR_LARGE]),
    veg(COLD, "Fresh Lime Soda", (45, 60), "Sweet, salted or both").choose(&[SUGAR]),
    veg(COLD, "Tender Coconut Water", (60, 80), "In a sealed cup"),
    veg(COLD, "Rose Falooda", (100, 130), "Vermicelli, basil seed, ice cream").with(&[MILK, GLUTEN]),
    veg(SNACKS, "Fruit Bowl", (80, 110), "Whatever is ripe, chaat masala apart").choose(&[REGULAR_LARGE]),
    veg(SANDWICHES, "Toasted Vegetable Sandwich", (60, 80), "Green chutney, cucumber, tomato").with(&[GLUTEN, MILK]),
];
