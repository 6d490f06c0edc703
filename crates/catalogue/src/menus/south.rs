//! Kitchens of the south: tiffin, Andhra, biryani houses, Chettinad, Kerala and the Mangalore coast.

use super::choices::{
    BIRYANI_EXTRAS, CURRY_EXTRAS, DOSA_EXTRAS, FAMILY_POT, GRAVY_DRY, HALF_FULL, IDLI_EXTRAS, ONE_TWO, REGULAR_LARGE,
    SPICE, SUGAR, VEG_BIRYANI_EXTRAS,
};
use super::dish::{
    BREADS, BREAKFAST, COLD, CRUSTACEAN, DOSA, Dish, EGG, FISH, Family, GLUTEN, HOT, MAINS, MEALS, MILK, MUSTARD, NUTS,
    PEANUT, RICE, SESAME, SIDES, SNACKS, STARTERS, SWEETS, egg, meat, veg,
};

pub(super) const SOUTH_INDIAN: Family = Family {
    key: "south_indian",
    words: &["south indian", "udupi", "tiffin", "karnataka", "tamil", "dosa", "idli"],
    for_two_rupees: 250,
    dishes: SOUTH_INDIAN_DISHES,
};

const SOUTH_INDIAN_DISHES: &[Dish] = &[
    veg(DOSA, "Masala Dosa", (85, 115), "Red chutney inside, potato palya, two chutneys")
        .with(&[MUSTARD])
        .choose(&[DOSA_EXTRAS]),
    veg(BREAKFAST, "Idli (2)", (45, 60), "Steamed soft, sambar and coconut chutney")
        .with(&[MUSTARD])
        .choose(&[IDLI_EXTRAS]),
    veg(BREAKFAST, "Medu Vada (2)", (60, 80), "Crisp rings of black gram, pepper and curry leaf").with(&[MUSTARD]),
    veg(DOSA, "Ghee Podi Dosa", (105, 140), "Gunpowder and ghee, roasted until it snaps")
        .with(&[MILK, SESAME])
        .choose(&[DOSA_EXTRAS]),
    veg(DOSA, "Set Dosa (3)", (75, 100), "Small, thick and spongy, with vegetable saagu").with(&[MUSTARD]),
    veg(DOSA, "Rava Onion Dosa", (100, 130), "Lacy semolina, onion and pepper, takes a little longer")
        .with(&[GLUTEN, MUSTARD]),
    veg(BREAKFAST, "Khara Bath", (50, 65), "Semolina with vegetables, ghee and cashew")
        .with(&[GLUTEN, MILK, NUTS, MUSTARD]),
    veg(BREAKFAST, "Poori Saagu (2)", (75, 100), "Puffed wheat bread, mixed-vegetable saagu").with(&[GLUTEN, MUSTARD]),
    veg(MEALS, "South Indian Thali", (150, 200), "Rice, sambar, rasam, two palya, curd, papad, payasa")
        .with(&[MILK, MUSTARD, NUTS])
        .choose(&[ONE_TWO])
        .packed(15),
    veg(RICE, "Bisi Bele Bath", (90, 120), "Rice and lentils cooked together, boondi on top")
        .with(&[MILK, NUTS, MUSTARD]),
    veg(RICE, "Curd Rice", (75, 95), "Cooling, with pomegranate and mustard seed").with(&[MILK, MUSTARD]),
    veg(SWEETS, "Kesari Bath", (50, 65), "Semolina, saffron, pineapple, ghee").with(&[GLUTEN, MILK, NUTS]),
    veg(HOT, "Filter Coffee", (30, 45), "Chicory blend, poured hot, travels well")
        .with(&[MILK])
        .choose(&[SUGAR])
        .packed(5),
];

pub(super) const ANDHRA: Family = Family {
    key: "andhra",
    words: &["andhra", "telangana", "telugu", "rayalaseema", "nellore"],
    for_two_rupees: 450,
    dishes: ANDHRA_DISHES,
};

const ANDHRA_DISHES: &[Dish] = &[
    veg(MEALS, "Andhra Meals", (190, 250), "Rice, pappu, vegetable fry, rasam, gongura, podi and ghee")
        .with(&[MILK, MUSTARD, SESAME])
        .choose(&[ONE_TWO])
        .packed(15),
    meat(STARTERS, "Chilli Chicken, Andhra style", (230, 290), "Green chilli and curry leaf, dry and fierce")
        .choose(&[HALF_FULL, SPICE]),
    veg(MAINS, "Gutti Vankaya", (180, 230), "Baby aubergines stuffed with peanut and sesame")
        .with(&[PEANUT, SESAME])
        .choose(&[HALF_FULL]),
    meat(MAINS, "Gongura Mutton", (320, 390), "Mutton soured with sorrel leaves").choose(&[HALF_FULL]),
    meat(MAINS, "Nellore Fish Curry", (280, 350), "Seer fish in tamarind and raw mango").with(&[FISH, MUSTARD]),
    veg(MAINS, "Tomato Pappu", (120, 160), "Lentils with tomato, garlic and red chilli").with(&[MUSTARD]),
    veg(STARTERS, "Babycorn Pepper Fry", (170, 210), "Crisp, black pepper and curry leaf").choose(&[SPICE]),
    veg(RICE, "Pulihora", (100, 130), "Tamarind rice with peanuts").with(&[PEANUT, MUSTARD]),
    veg(RICE, "Gongura Rice", (110, 140), "Sorrel and garlic through hot rice").with(&[MUSTARD]),
    egg(STARTERS, "Egg Roast", (130, 170), "Boiled eggs in dry onion masala").with(&[EGG]),
    veg(SIDES, "Avakaya and Ghee", (30, 40), "Mango pickle for the brave").with(&[MUSTARD, MILK]).packed(3),
];

pub(super) const BIRYANI: Family = Family {
    key: "biryani",
    words: &["biryani", "biriyani", "hyderabadi", "dum"],
    for_two_rupees: 500,
    dishes: BIRYANI_DISHES,
};

const BIRYANI_DISHES: &[Dish] = &[
    meat(RICE, "Chicken Dum Biryani", (220, 290), "Layered raw and sealed, with raita and salan")
        .with(&[MILK])
        .choose(&[FAMILY_POT, BIRYANI_EXTRAS])
        .packed(12),
    veg(RICE, "Veg Dum Biryani", (180, 230), "Seven vegetables and mint under a sealed lid")
        .with(&[MILK])
        .choose(&[FAMILY_POT, VEG_BIRYANI_EXTRAS])
        .packed(12),
    meat(RICE, "Mutton Dum Biryani", (300, 380), "Kid goat, saffron, browned onion")
        .with(&[MILK])
        .choose(&[FAMILY_POT, BIRYANI_EXTRAS])
        .packed(12),
    egg(RICE, "Egg Biryani", (160, 210), "Two masala eggs in dum rice")
        .with(&[EGG, MILK])
        .choose(&[BIRYANI_EXTRAS])
        .packed(10),
    veg(RICE, "Paneer Biryani", (210, 260), "Fried paneer, mint, rose water")
        .with(&[MILK])
        .choose(&[FAMILY_POT])
        .packed(12),
    meat(STARTERS, "Chicken 65", (210, 270), "Red, sour with curd, curry leaf").with(&[MILK]).choose(&[HALF_FULL]),
    meat(MEALS, "Haleem", (220, 280), "Wheat and mutton pounded smooth, fried onion, lemon")
        .with(&[GLUTEN, MILK, NUTS]),
    veg(STARTERS, "Gobi 65", (150, 190), "Cauliflower, red chilli, curry leaf").choose(&[HALF_FULL]),
    veg(MAINS, "Mirchi ka Salan", (120, 160), "Long chillies in peanut and sesame gravy").with(&[PEANUT, SESAME]),
    veg(SIDES, "Onion Raita", (40, 55), "Curd, onion, a little green chilli").with(&[MILK]).packed(4),
    veg(SWEETS, "Double ka Meetha", (80, 110), "Fried bread, saffron milk, almonds").with(&[GLUTEN, MILK, NUTS]),
    veg(SWEETS, "Qubani ka Meetha", (100, 130), "Stewed apricots with cream").with(&[MILK, NUTS]),
];

pub(super) const CHETTINAD: Family = Family {
    key: "chettinad",
    words: &["chettinad", "chettinadu", "madurai"],
    for_two_rupees: 450,
    dishes: CHETTINAD_DISHES,
};

const CHETTINAD_DISHES: &[Dish] = &[
    meat(MAINS, "Chettinad Chicken", (240, 300), "Fennel, star anise and stone flower, ground by hand")
        .choose(&[HALF_FULL, SPICE]),
    veg(BREADS, "Parotta (2)", (50, 70), "Flaky coils, beaten loose, with salna").with(&[GLUTEN, MILK]).packed(4),
    egg(BREADS, "Kothu Parotta, egg", (120, 160), "Chopped on the griddle with egg and onion")
        .with(&[GLUTEN, EGG])
        .choose(&[SPICE]),
    veg(BREADS, "Kothu Parotta, vegetable", (110, 145), "Chopped on the griddle with salna")
        .with(&[GLUTEN])
        .choose(&[SPICE]),
    meat(STARTERS, "Mutton Sukka", (280, 340), "Dry-fried with coconut slivers and pepper"),
    meat(STARTERS, "Nattu Kozhi Varuval", (270, 330), "Country chicken, pepper and shallot").choose(&[GRAVY_DRY]),
    veg(MAINS, "Kara Kuzhambu", (130, 170), "Shallots and aubergine in tamarind").with(&[MUSTARD, SESAME]),
    veg(MAINS, "Mushroom Chettinad", (190, 240), "Button mushrooms in roasted coconut spice").choose(&[HALF_FULL]),
    veg(SNACKS, "Paniyaram (6)", (80, 105), "Fried rice-batter balls, tomato chutney").with(&[MUSTARD]),
    veg(BREAKFAST, "Idiyappam with Kurma", (90, 120), "Rice strings, coconut vegetable stew").with(&[NUTS]),
    veg(SWEETS, "Elaneer Payasam", (90, 120), "Tender coconut and its milk, chilled"),
];

pub(super) const KERALA: Family = Family {
    key: "kerala",
    words: &["kerala", "malabar", "malabari", "thalassery"],
    for_two_rupees: 450,
    dishes: KERALA_DISHES,
};

const KERALA_DISHES: &[Dish] = &[
    meat(RICE, "Thalassery Chicken Biryani", (220, 280), "Short jeerakasala rice, fried cashew, date pickle")
        .with(&[MILK, NUTS])
        .choose(&[FAMILY_POT, BIRYANI_EXTRAS])
        .packed(12),
    veg(BREADS, "Appam (2)", (50, 70), "Lacy at the rim, soft in the middle").packed(4),
    veg(MAINS, "Vegetable Stew", (140, 180), "Coconut milk, green chilli, whole pepper").choose(&[HALF_FULL]),
    meat(MAINS, "Meen Moilee", (280, 350), "Seer fish in turmeric coconut milk").with(&[FISH]).choose(&[HALF_FULL]),
    meat(MAINS, "Kerala Chicken Roast", (240, 300), "Coconut slivers, black pepper, curry leaf"),
    veg(BREADS, "Kerala Parotta (2)", (50, 70), "Layered and flaky").with(&[GLUTEN]).packed(4),
    veg(BREAKFAST, "Puttu and Kadala", (90, 120), "Steamed rice and coconut, black chickpea curry")
        .choose(&[REGULAR_LARGE]),
    egg(MAINS, "Nadan Egg Roast", (120, 155), "Eggs in slow-cooked onion and tomato").with(&[EGG]),
    veg(MEALS, "Sadya Box", (220, 290), "Rice, parippu, avial, thoran, olan, pachadi, payasam")
        .with(&[MILK, MUSTARD, NUTS])
        .packed(18),
    veg(SNACKS, "Pazham Pori (3)", (50, 70), "Ripe banana in batter, fried").with(&[GLUTEN]),
    veg(SWEETS, "Parippu Payasam", (70, 95), "Lentils, jaggery and coconut milk").with(&[NUTS]),
];

pub(super) const COASTAL: Family = Family {
    key: "coastal",
    words: &["seafood", "mangalorean", "mangalore", "coastal", "konkan", "malvani", "goan", "goa", "fish"],
    for_two_rupees: 600,
    dishes: COASTAL_DISHES,
};

const COASTAL_DISHES: &[Dish] = &[
    meat(STARTERS, "Fish Rava Fry", (260, 330), "Semolina crust, lime and onion")
        .with(&[FISH, GLUTEN])
        .choose(&[SPICE]),
    meat(STARTERS, "Prawn Ghee Roast", (330, 420), "Byadgi chilli, ghee and tamarind")
        .with(&[CRUSTACEAN, MILK])
        .choose(&[HALF_FULL]),
    meat(STARTERS, "Chicken Ghee Roast", (280, 350), "The same red masala, boneless chicken")
        .with(&[MILK])
        .choose(&[HALF_FULL]),
    veg(STARTERS, "Mushroom Ghee Roast", (230, 290), "Button mushrooms in red ghee masala")
        .with(&[MILK])
        .choose(&[HALF_FULL]),
    meat(MAINS, "Fish Gassi", (290, 360), "Roasted coconut and red chilli")
        .with(&[FISH, MUSTARD])
        .choose(&[CURRY_EXTRAS]),
    meat(MAINS, "Goan Prawn Curry", (320, 400), "Coconut, kokum and green mango").with(&[CRUSTACEAN]),
    veg(BREADS, "Neer Dosa (4)", (60, 80), "Thin rice crepes, soft as cloth").packed(4),
    veg(BREADS, "Kori Rotti", (50, 70), "Crisp rice wafers to break into gravy").packed(4),
    veg(MAINS, "Vegetable Kurma, Mangalore style", (170, 220), "Coconut, coriander seed, garam masala")
        .choose(&[HALF_FULL]),
    veg(MAINS, "Kokum Dal", (120, 160), "Lentils with kokum and garlic").with(&[MUSTARD]),
    veg(RICE, "Steamed Red Rice", (70, 95), "Boiled rice of the coast"),
    veg(COLD, "Sol Kadhi", (60, 80), "Kokum and coconut milk, chilled"),
    veg(SNACKS, "Goli Baje", (70, 95), "Fluffy fried batter, coconut chutney").with(&[GLUTEN, MILK]),
];
