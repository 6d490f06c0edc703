//! Kitchens of the west and the east: Gujarati, Maharashtrian, Bengali, and momos from the hills.

use super::choices::{
    CHAAT_CHANGES, DIPS, HALF_FULL, NOODLE_EXTRAS, ONE_TWO, PIECES, REGULAR_LARGE, SPICE, SUGAR, WEIGHT,
};
use super::dish::{
    BREADS, BREAKFAST, COLD, Dish, EGG, FISH, Family, GLUTEN, HOT, MAINS, MEALS, MILK, MOMOS, MUSTARD, NOODLES, NUTS,
    PEANUT, RICE, SESAME, SNACKS, SOUPS, SOY, STARTERS, SWEETS, egg, meat, veg,
};

pub(super) const GUJARATI: Family = Family {
    key: "gujarati",
    words: &["gujarati", "kathiawadi", "farsan", "jain", "parsi"],
    for_two_rupees: 350,
    dishes: GUJARATI_DISHES,
};

const GUJARATI_DISHES: &[Dish] = &[
    veg(MEALS, "Gujarati Thali", (200, 270), "Two shaak, dal, kadhi, rotli, rice, farsan and a sweet")
        .with(&[GLUTEN, MILK, PEANUT, MUSTARD])
        .choose(&[ONE_TWO])
        .packed(18),
    veg(SNACKS, "Khaman Dhokla", (70, 95), "Steamed gram cake, mustard and coconut").with(&[MUSTARD]).choose(&[WEIGHT]),
    veg(SNACKS, "Handvo", (80, 110), "Baked lentil cake with bottle gourd and sesame").with(&[SESAME, MUSTARD, MILK]),
    veg(SNACKS, "Khandvi", (90, 120), "Rolled gram-flour ribbons").with(&[MILK, MUSTARD]),
    veg(MAINS, "Undhiyu", (180, 230), "Winter vegetables and muthia, cooked slowly")
        .with(&[PEANUT, GLUTEN])
        .choose(&[HALF_FULL]),
    veg(MAINS, "Sev Tameta", (130, 170), "Sweet and sour tomato with crisp sev").with(&[MUSTARD]).choose(&[SPICE]),
    veg(BREADS, "Methi Thepla (4)", (60, 80), "Fenugreek flatbread, chhundo beside").with(&[GLUTEN, MILK]).packed(4),
    veg(RICE, "Vaghareli Khichdi", (130, 165), "Rice and lentils, ghee, with kadhi").with(&[MILK, MUSTARD]),
    veg(BREAKFAST, "Fafda Jalebi", (90, 120), "Crisp and salty next to hot and sweet").with(&[GLUTEN]),
    veg(COLD, "Chhaas", (35, 48), "Thin buttermilk, roasted cumin").with(&[MILK]),
    veg(SWEETS, "Shrikhand", (80, 110), "Hung curd, saffron, cardamom").with(&[MILK, NUTS]).choose(&[WEIGHT]),
];

pub(super) const MAHARASHTRIAN: Family = Family {
    key: "maharashtrian",
    words: &["maharashtrian", "maharashtra", "kolhapuri", "marathi"],
    for_two_rupees: 350,
    dishes: MAHARASHTRIAN_DISHES,
};

const MAHARASHTRIAN_DISHES: &[Dish] = &[
    veg(BREAKFAST, "Misal Pav", (90, 120), "Sprouts in hot tarri, farsan, two pav")
        .with(&[GLUTEN, PEANUT])
        .choose(&[SPICE]),
    veg(SNACKS, "Vada Pav", (30, 45), "Potato fritter, garlic chutney, fried chilli")
        .with(&[GLUTEN, PEANUT])
        .choose(&[DIPS])
        .packed(4),
    veg(BREAKFAST, "Kanda Poha", (50, 70), "Flattened rice, onion, lemon and peanuts").with(&[PEANUT, MUSTARD]),
    veg(BREAKFAST, "Sabudana Khichdi", (80, 105), "Sago and peanuts, fit for a fast").with(&[PEANUT]),
    veg(BREADS, "Thalipeeth", (80, 105), "Many-grain griddle bread, white butter").with(&[GLUTEN, MILK]),
    meat(MEALS, "Kolhapuri Mutton Thali", (320, 400), "Sukka, tambda and pandhra rassa, bhakri, rice")
        .with(&[SESAME])
        .choose(&[SPICE])
        .packed(18),
    veg(MAINS, "Bharli Vangi", (150, 190), "Stuffed small aubergines, goda masala")
        .with(&[PEANUT, SESAME])
        .choose(&[HALF_FULL]),
    veg(MAINS, "Pithla Bhakri", (130, 165), "Gram-flour curry, sorghum bread, thecha").with(&[MUSTARD]),
    veg(MAINS, "Zunka", (110, 145), "Dry gram flour with spring onion").with(&[MUSTARD]),
    meat(MAINS, "Kolhapuri Chicken", (240, 300), "Roasted coconut, sesame and red chilli")
        .with(&[SESAME])
        .choose(&[HALF_FULL]),
    veg(SWEETS, "Puran Poli", (60, 80), "Jaggery and gram in thin bread, with ghee").with(&[GLUTEN, MILK]),
    veg(COLD, "Kokum Sherbet", (40, 55), "Sour, salted, pink").choose(&[SUGAR]),
];

pub(super) const BENGALI: Family = Family {
    key: "bengali",
    words: &["bengali", "kolkata", "odia", "oriya", "assamese", "north eastern", "bihar"],
    for_two_rupees: 450,
    dishes: BENGALI_DISHES,
};

const BENGALI_DISHES: &[Dish] = &[
    meat(MAINS, "Shorshe Maach", (240, 310), "Rohu in mustard and green chilli")
        .with(&[FISH, MUSTARD])
        .choose(&[HALF_FULL]),
    meat(MAINS, "Kosha Mangsho", (310, 380), "Mutton cooked down until dark").with(&[MUSTARD]).choose(&[HALF_FULL]),
    veg(BREADS, "Luchi (4)", (50, 70), "Small white puffed breads").with(&[GLUTEN]).packed(4),
    veg(MAINS, "Cholar Dal", (110, 145), "Gram lentils, coconut, bay leaf").with(&[MILK]),
    veg(MAINS, "Aloo Posto", (140, 180), "Potatoes in ground poppy seed").with(&[MUSTARD]).choose(&[HALF_FULL]),
    veg(MAINS, "Chanar Dalna", (160, 200), "Fresh curd-cheese balls and potato").with(&[MILK]),
    veg(MAINS, "Shukto", (140, 180), "Bitter gourd and vegetables in milk").with(&[MILK, MUSTARD]),
    meat(RICE, "Kolkata Chicken Biryani", (220, 280), "Light spice, potato and rose water")
        .with(&[MILK, EGG])
        .choose(&[super::choices::FAMILY_POT])
        .packed(12),
    egg(SNACKS, "Egg Devil", (60, 85), "Boiled egg in potato and crumbs").with(&[EGG, GLUTEN]),
    veg(SNACKS, "Beguni (4)", (60, 80), "Aubergine slices in gram batter"),
    veg(RICE, "Basanti Pulao", (140, 180), "Yellow, faintly sweet, with cashew").with(&[MILK, NUTS]),
    veg(SWEETS, "Rosogolla (4)", (80, 110), "Sponges of fresh cheese in syrup").with(&[MILK]),
    veg(SWEETS, "Mishti Doi", (60, 80), "Caramel curd set in clay").with(&[MILK]).choose(&[REGULAR_LARGE]),
];

pub(super) const MOMO: Family = Family {
    key: "momos",
    words: &["momos", "momo", "tibetan", "nepalese", "nepali", "bhutanese", "naga", "himalayan"],
    for_two_rupees: 300,
    dishes: MOMO_DISHES,
};

const MOMO_DISHES: &[Dish] = &[
    veg(MOMOS, "Steamed Veg Momos", (80, 110), "Cabbage, carrot and spring onion, red chutney")
        .with(&[GLUTEN, SOY])
        .choose(&[PIECES, DIPS]),
    meat(MOMOS, "Steamed Chicken Momos", (100, 135), "Minced chicken, ginger, red chutney")
        .with(&[GLUTEN, SOY])
        .choose(&[PIECES, DIPS]),
    veg(MOMOS, "Paneer Momos", (100, 130), "Crumbled paneer and coriander").with(&[GLUTEN, MILK]).choose(&[PIECES]),
    meat(MOMOS, "Fried Chicken Momos", (120, 155), "Crisp outside, juicy inside")
        .with(&[GLUTEN, SOY])
        .choose(&[PIECES]),
    veg(MOMOS, "Tandoori Veg Momos", (130, 165), "Charred, curd marinade, mint chutney")
        .with(&[GLUTEN, MILK])
        .choose(&[SPICE]),
    meat(NOODLES, "Chicken Thukpa", (150, 195), "Noodle soup with greens and garlic")
        .with(&[GLUTEN, SOY])
        .choose(&[REGULAR_LARGE]),
    veg(NOODLES, "Veg Thukpa", (130, 165), "Noodle soup with greens and tomato")
        .with(&[GLUTEN, SOY])
        .choose(&[REGULAR_LARGE, NOODLE_EXTRAS]),
    veg(BREADS, "Tingmo (2)", (60, 80), "Steamed rolled bread").with(&[GLUTEN]).packed(4),
    veg(STARTERS, "Aloo Dum, hill style", (90, 120), "Baby potatoes, red chilli, timur pepper").choose(&[SPICE]),
    veg(SNACKS, "Laphing", (70, 95), "Cold mung jelly, garlic and chilli oil")
        .with(&[SOY, GLUTEN])
        .choose(&[CHAAT_CHANGES]),
    veg(SOUPS, "Clear Vegetable Soup", (80, 105), "Ginger, pak choi and mushroom").with(&[SOY]),
    veg(HOT, "Butter Tea", (50, 65), "Salted, with milk butter").with(&[MILK]),
];
