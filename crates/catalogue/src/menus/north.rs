//! Kitchens of the north: everyday North Indian, Punjabi, Mughlai, kebabs and rolls, Rajasthani.

use super::choices::{BREAD_FINISH, CURRY_EXTRAS, DIPS, FAMILY_POT, HALF_FULL, ONE_TWO, REGULAR_LARGE, SPICE, SUGAR};
use super::dish::{
    BREADS, COLD, Dish, EGG, Family, GLUTEN, KEBABS, MAINS, MEALS, MILK, MUSTARD, NUTS, RICE, ROLLS, SIDES, SNACKS,
    STARTERS, SWEETS, egg, meat, veg,
};

pub(super) const NORTH_INDIAN: Family = Family {
    key: "north_indian",
    words: &["north indian", "modern indian", "indian", "tandoor", "dhaba", "kashmiri", "awadhi", "lucknowi", "bihari"],
    for_two_rupees: 450,
    dishes: NORTH_INDIAN_DISHES,
};

const NORTH_INDIAN_DISHES: &[Dish] = &[
    veg(MAINS, "Dal Makhani", (170, 220), "Black lentils left overnight on slow coals, finished with cream")
        .with(&[MILK])
        .choose(&[HALF_FULL, CURRY_EXTRAS]),
    veg(MAINS, "Paneer Butter Masala", (210, 270), "Soft paneer in a mild tomato and cashew gravy")
        .with(&[MILK, NUTS])
        .choose(&[HALF_FULL, SPICE]),
    veg(BREADS, "Tandoori Roti", (18, 28), "Whole-wheat bread from the clay oven")
        .with(&[GLUTEN])
        .choose(&[BREAD_FINISH])
        .packed(2),
    veg(BREADS, "Naan", (40, 55), "Leavened white-flour bread, blistered and soft")
        .with(&[GLUTEN, MILK])
        .choose(&[BREAD_FINISH])
        .packed(2),
    meat(MAINS, "Chicken Curry, home style", (220, 280), "On the bone, onion and ginger gravy, fresh coriander")
        .choose(&[HALF_FULL, SPICE]),
    meat(MAINS, "Butter Chicken", (260, 340), "Tandoor-smoked chicken in buttered tomato gravy")
        .with(&[MILK, NUTS])
        .choose(&[HALF_FULL]),
    veg(MAINS, "Kadhai Paneer", (210, 270), "Paneer and capsicum tossed with crushed coriander seed")
        .with(&[MILK])
        .choose(&[HALF_FULL]),
    veg(MAINS, "Aloo Gobhi", (150, 190), "Potato and cauliflower, turmeric and cumin, no gravy"),
    veg(STARTERS, "Paneer Tikka", (220, 280), "Charred cubes with peppers, mint chutney beside")
        .with(&[MILK, MUSTARD])
        .choose(&[DIPS]),
    veg(RICE, "Jeera Rice", (120, 150), "Long rice with cumin cracked in ghee").with(&[MILK]),
    veg(RICE, "Veg Pulao", (150, 190), "Peas, carrot and beans with whole spices"),
    egg(MAINS, "Egg Curry", (150, 190), "Two boiled eggs in a brown onion masala").with(&[EGG]),
    veg(SIDES, "Boondi Raita", (60, 80), "Whisked curd, gram pearls, roasted cumin").with(&[MILK]),
    veg(SWEETS, "Gulab Jamun (2)", (60, 80), "Milk dumplings in cardamom syrup, sent warm").with(&[MILK, GLUTEN]),
];

pub(super) const PUNJABI: Family =
    Family { key: "punjabi", words: &["punjabi", "amritsari", "sindhi"], for_two_rupees: 420, dishes: PUNJABI_DISHES };

const PUNJABI_DISHES: &[Dish] = &[
    veg(MEALS, "Chole Bhature", (130, 170), "Two puffed breads, dark chickpeas, pickled carrot")
        .with(&[GLUTEN, MILK])
        .choose(&[REGULAR_LARGE]),
    veg(MEALS, "Amritsari Kulcha Plate", (140, 180), "Potato-stuffed bread, chickpeas, onion and tamarind")
        .with(&[GLUTEN, MILK])
        .choose(&[BREAD_FINISH]),
    veg(MAINS, "Sarson da Saag", (170, 210), "Mustard greens cooked soft, white butter on top")
        .with(&[MILK, MUSTARD])
        .choose(&[HALF_FULL]),
    veg(BREADS, "Makki di Roti (2)", (60, 80), "Hand-patted maize bread").packed(3),
    veg(MEALS, "Rajma Chawal", (130, 165), "Red beans over rice, onion rings, green chilli"),
    veg(MEALS, "Kadhi Pakora with Rice", (130, 165), "Sour curd curry with onion fritters").with(&[MILK]),
    meat(KEBABS, "Tandoori Chicken", (230, 290), "Marinated a full night, red from Kashmiri chilli")
        .with(&[MILK, MUSTARD])
        .choose(&[HALF_FULL, DIPS]),
    meat(MAINS, "Chicken Patiala", (260, 320), "Creamy gravy with a folded omelette on top").with(&[MILK, EGG, NUTS]),
    meat(MAINS, "Keema Matar", (270, 330), "Minced mutton and peas, sharp with ginger"),
    veg(MAINS, "Baingan Bharta", (160, 200), "Fire-roasted aubergine mashed with tomato"),
    veg(BREADS, "Aloo Paratha", (70, 95), "Griddled with spiced potato inside, curd and pickle")
        .with(&[GLUTEN, MILK])
        .choose(&[BREAD_FINISH]),
    veg(COLD, "Sweet Lassi", (70, 95), "Thick curd churned with sugar, malai on top")
        .with(&[MILK])
        .choose(&[REGULAR_LARGE]),
    veg(SWEETS, "Gajar Halwa", (90, 120), "Red carrots cooked down in milk").with(&[MILK, NUTS]),
];

pub(super) const MUGHLAI: Family = Family {
    key: "mughlai",
    words: &["mughlai", "mughal", "nawabi", "afghani", "afghan", "pakistani"],
    for_two_rupees: 550,
    dishes: MUGHLAI_DISHES,
};

const MUGHLAI_DISHES: &[Dish] = &[
    meat(MAINS, "Mutton Korma", (320, 400), "Slow mutton in a yoghurt and browned-onion gravy")
        .with(&[MILK, NUTS])
        .choose(&[HALF_FULL]),
    meat(MAINS, "Chicken Changezi", (290, 360), "Tandoor chicken in a tangy cream and tomato sauce")
        .with(&[MILK, NUTS])
        .choose(&[HALF_FULL, SPICE]),
    veg(BREADS, "Rumali Roti", (30, 42), "Thin as a handkerchief, folded").with(&[GLUTEN]).packed(2),
    veg(BREADS, "Sheermal", (55, 75), "Saffron bread, faintly sweet").with(&[GLUTEN, MILK]).packed(2),
    meat(MAINS, "Nihari", (320, 390), "Shank simmered through the night, lemon and ginger on the side").with(&[GLUTEN]),
    meat(KEBABS, "Galouti Kebab", (280, 340), "Mince so fine it needs no chewing, with small parathas")
        .with(&[GLUTEN, NUTS]),
    veg(MAINS, "Shahi Paneer", (240, 300), "Paneer in white cashew gravy with saffron")
        .with(&[MILK, NUTS])
        .choose(&[HALF_FULL]),
    veg(MAINS, "Malai Kofta", (240, 300), "Potato and paneer balls in a sweetish cream gravy").with(&[MILK, NUTS]),
    veg(MAINS, "Navratan Korma", (230, 290), "Nine vegetables and fruits, mild and rich").with(&[MILK, NUTS]),
    veg(RICE, "Subz Zafrani Pulao", (200, 250), "Vegetables and saffron rice under a dough lid").with(&[MILK]),
    veg(SWEETS, "Shahi Tukda", (100, 140), "Fried bread in thickened milk, silver on top").with(&[GLUTEN, MILK, NUTS]),
    veg(SWEETS, "Phirni", (80, 110), "Ground-rice pudding set in clay").with(&[MILK, NUTS]),
];

pub(super) const KEBAB_ROLLS: Family = Family {
    key: "kebab_rolls",
    words: &[
        "rolls", "roll", "kebab", "kebabs", "kabab", "kathi", "wraps", "wrap", "bbq", "barbecue", "grill", "frankie",
    ],
    for_two_rupees: 350,
    dishes: KEBAB_ROLL_DISHES,
};

const KEBAB_ROLL_DISHES: &[Dish] = &[
    meat(ROLLS, "Chicken Kathi Roll", (120, 160), "Skewered chicken, onion and lime in a flaky paratha")
        .with(&[GLUTEN, EGG])
        .choose(&[REGULAR_LARGE, DIPS]),
    veg(ROLLS, "Paneer Tikka Roll", (110, 150), "Charred paneer, green chutney, pickled onion")
        .with(&[GLUTEN, MILK])
        .choose(&[REGULAR_LARGE, DIPS]),
    egg(ROLLS, "Double Egg Roll", (70, 100), "Two eggs fried onto the bread, chilli and onion")
        .with(&[GLUTEN, EGG])
        .choose(&[SPICE]),
    veg(ROLLS, "Aloo Chaat Roll", (70, 95), "Crisp potato, tamarind and sev in a soft wrap").with(&[GLUTEN]),
    veg(ROLLS, "Soya Chaap Roll", (100, 135), "Smoky soya chaap with cream and chaat masala").with(&[
        GLUTEN,
        MILK,
        super::dish::SOY,
    ]),
    veg(ROLLS, "Mushroom Roll", (100, 135), "Button mushrooms, black pepper, capsicum").with(&[GLUTEN]),
    meat(KEBABS, "Seekh Kebab", (200, 260), "Minced mutton on the skewer, onion rings, mint").choose(&[HALF_FULL]),
    meat(KEBABS, "Malai Tikka", (210, 270), "Boneless chicken in cream and green cardamom")
        .with(&[MILK])
        .choose(&[HALF_FULL, DIPS]),
    veg(KEBABS, "Hara Bhara Kebab", (140, 180), "Spinach and pea patties, crisp at the edge").choose(&[DIPS]),
    veg(KEBABS, "Tandoori Soya Chaap", (170, 220), "Layered soya from the coals, lemon on top")
        .with(&[MILK, GLUTEN, super::dish::SOY])
        .choose(&[HALF_FULL]),
    veg(SIDES, "Lachha Onion Salad", (25, 35), "Onion rings, lemon, chaat masala").packed(3),
    veg(COLD, "Masala Lemon Soda", (45, 60), "Black salt, cumin and mint, sent in a bottle"),
];

pub(super) const RAJASTHANI: Family =
    Family { key: "rajasthani", words: &["rajasthani", "marwari"], for_two_rupees: 450, dishes: RAJASTHANI_DISHES };

const RAJASTHANI_DISHES: &[Dish] = &[
    veg(MEALS, "Dal Baati Churma", (210, 270), "Baked wheat balls, five-lentil dal, sweet crumble, ghee")
        .with(&[GLUTEN, MILK, NUTS])
        .choose(&[ONE_TWO]),
    veg(MAINS, "Gatte ki Sabzi", (170, 210), "Gram-flour dumplings in spiced curd").with(&[MILK]).choose(&[HALF_FULL]),
    veg(MAINS, "Ker Sangri", (200, 250), "Desert beans and berries, dry and tangy"),
    veg(SNACKS, "Pyaaz Kachori", (35, 50), "Flaky, onion inside, tamarind chutney").with(&[GLUTEN]).packed(4),
    veg(SNACKS, "Mirchi Vada (2)", (50, 70), "Long chillies stuffed with potato and fried").packed(4),
    meat(MAINS, "Laal Maas", (330, 410), "Mutton in Mathania chilli, smoked, properly hot")
        .with(&[MILK])
        .choose(&[HALF_FULL, FAMILY_POT]),
    veg(BREADS, "Bajra Roti", (30, 42), "Millet bread with a spoon of ghee").with(&[MILK]).packed(2),
    veg(BREADS, "Missi Roti", (35, 48), "Gram-flour bread with onion and carom").with(&[GLUTEN]).packed(2),
    veg(SWEETS, "Ghevar", (120, 160), "Honeycomb disc soaked in syrup, rabri on top").with(&[GLUTEN, MILK, NUTS]),
    veg(COLD, "Masala Chaas", (40, 55), "Buttermilk with cumin and coriander").with(&[MILK]).choose(&[SUGAR]),
];
