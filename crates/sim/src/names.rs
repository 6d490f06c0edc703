//! Names for the demo: people from many regions, invented restaurants, number plates, notes to the kitchen.
//!
//! Given names and family names are paired within a region, so that nobody is called by halves of two languages.
//! Restaurant names are made of common words; none is meant to be a real house, and none is the name of a chain.

use rand::Rng;

use crate::menus::family_keys;

/// Given names and family names of one region.
struct Region {
    given: &'static [&'static str],
    family: &'static [&'static str],
}

const REGIONS: &[Region] = &[
    Region {
        given: &[
            "Manjunath",
            "Lakshmi",
            "Kiran",
            "Suma",
            "Raghavendra",
            "Kavya",
            "Prakash",
            "Shwetha",
            "Girish",
            "Asha",
        ],
        family: &["Gowda", "Hegde", "Shetty", "Rao", "Bhat", "Naik", "Murthy", "Kulkarni"],
    },
    Region {
        given: &[
            "Senthil",
            "Meenakshi",
            "Karthik",
            "Deepa",
            "Murugan",
            "Priya",
            "Saravanan",
            "Revathi",
            "Arun",
            "Kalaiselvi",
        ],
        family: &["Subramanian", "Natarajan", "Pandian", "Ramasamy", "Selvam", "Arumugam", "Krishnan", "Velu"],
    },
    Region {
        given: &[
            "Srinivas",
            "Anitha",
            "Venkatesh",
            "Sravani",
            "Ramesh",
            "Padma",
            "Harish",
            "Lavanya",
            "Suresh",
            "Swathi",
        ],
        family: &["Reddy", "Naidu", "Chowdary", "Varma", "Goud", "Prasad", "Raju", "Yadav"],
    },
    Region {
        given: &["Anil", "Sreeja", "Biju", "Lekha", "Vishnu", "Anjali", "Rajeev", "Bindu", "Jomon", "Neethu"],
        family: &["Nair", "Menon", "Pillai", "Kurian", "Varghese", "Nambiar", "Mathew", "Panicker"],
    },
    Region {
        given: &["Sachin", "Snehal", "Ganesh", "Vaishali", "Mahesh", "Pooja", "Nilesh", "Shubhangi", "Amol", "Rutuja"],
        family: &["Patil", "Deshmukh", "Jadhav", "Shinde", "Pawar", "Kadam", "Gaikwad", "Joshi"],
    },
    Region {
        given: &["Jignesh", "Hetal", "Bhavesh", "Komal", "Chirag", "Foram", "Mitesh", "Urvi", "Parth", "Dhara"],
        family: &["Patel", "Shah", "Mehta", "Desai", "Trivedi", "Parmar", "Solanki", "Rathod"],
    },
    Region {
        given: &["Harpreet", "Simran", "Gurdeep", "Jasleen", "Manpreet", "Navneet", "Amarjit", "Kulwinder"],
        family: &["Singh", "Kaur Gill", "Sandhu", "Dhillon", "Bedi", "Ahluwalia", "Grewal"],
    },
    Region {
        given: &["Rahul", "Neha", "Vikas", "Sunita", "Deepak", "Ritu", "Amit", "Kavita", "Mohit", "Shalini"],
        family: &["Sharma", "Verma", "Gupta", "Tiwari", "Mishra", "Saxena", "Chauhan", "Agarwal"],
    },
    Region {
        given: &["Imran", "Ayesha", "Anwar", "Shabana", "Salim", "Farheen", "Javed", "Nazneen", "Irfan", "Zoya"],
        family: &["Pasha", "Sheikh", "Khan", "Ansari", "Qureshi", "Siddiqui", "Baig", "Syed"],
    },
    Region {
        given: &["Subhash", "Mousumi", "Debashish", "Ananya", "Partha", "Sharmila", "Arindam", "Paromita"],
        family: &["Das", "Ghosh", "Banerjee", "Mukherjee", "Sarkar", "Bose", "Dutta", "Mondal"],
    },
    Region {
        given: &["Bikash", "Sasmita", "Pranab", "Lipika", "Santosh", "Jyotirmayee", "Hemanta", "Rashmi"],
        family: &["Sahoo", "Mohanty", "Behera", "Barua", "Kalita", "Panda", "Saikia", "Nayak"],
    },
    Region {
        given: &["Tenzin", "Pema", "Lalrin", "Thangjam", "Sonam", "Dawa", "Ibomcha", "Mary"],
        family: &["Lepcha", "Bhutia", "Singha", "Tamang", "Rai", "Sangma", "Lama"],
    },
    Region {
        given: &["Joseph", "Anita", "Francis", "Sandra", "Denzil", "Carol", "Xavier", "Melissa"],
        family: &["Fernandes", "D'Souza", "Pereira", "Rodrigues", "Lobo", "Pinto", "Mascarenhas"],
    },
];

const HOUSES: &[&str] = &[
    "Ambika",
    "Suvarna",
    "Kamakshi",
    "Chandrika",
    "Vasundhara",
    "Hemavati",
    "Malligai",
    "Raghuveer",
    "Indraprabha",
    "Gulshan",
    "Shyamala",
    "Kadamba Tree",
    "Tulsi Vana",
    "Old Verandah",
    "Nine Lamps",
    "Brass Pot",
    "Blue Door",
    "Peacock Corner",
    "Two Brothers",
    "Clay Oven Lane",
    "Jasmine Street",
    "Monsoon",
    "Banyan Yard",
    "Copper Ladle",
    "Seven Steps",
    "Station Side",
    "Lantern",
    "Temple View",
];

/// What houses call themselves, by family of cuisine.
const SIGNS: &[(&str, &[&str])] = &[
    ("north_indian", &["Dhaba", "Rasoi", "Tandoor House", "Family Kitchen", "Bhojan"]),
    ("punjabi", &["Punjabi Rasoi", "Kulcha Corner", "Dhaba", "Chulha"]),
    ("mughlai", &["Dastarkhwan", "Korma House", "Mehfil", "Bawarchikhana"]),
    ("kebab_rolls", &["Roll Counter", "Kebab Corner", "Seekh Point", "Coal and Skewer"]),
    ("rajasthani", &["Marwadi Bhojnalay", "Baati House", "Thali Ghar"]),
    ("south_indian", &["Tiffin Room", "Dosa Corner", "Darshini", "Upahara", "Idli House"]),
    ("andhra", &["Andhra Mess", "Gongura House", "Ruchulu", "Bhojanam"]),
    ("biryani", &["Dum House", "Biryani Handi", "Biryani Mahal", "Deg and Dum"]),
    ("chettinad", &["Chettinad Mess", "Parotta Stall", "Virundhu"]),
    ("kerala", &["Kerala Kitchen", "Sadya House", "Thattukada", "Appam Corner"]),
    ("coastal", &["Fish Land", "Coast Kitchen", "Ghee Roast House", "Catch"]),
    ("gujarati", &["Farsan House", "Thali", "Rasodu"]),
    ("maharashtrian", &["Misal House", "Khanaval", "Vada Pav Centre"]),
    ("bengali", &["Bhojan Ghar", "Fish and Rice", "Pice Hotel"]),
    ("momos", &["Momo Stall", "Thukpa House", "Hill Kitchen"]),
    ("chinese", &["Wok", "Noodle House", "Chilli Garlic", "Fast Wok"]),
    ("asian", &["Noodle Bar", "Rice and Basil", "Little East"]),
    ("fast_food", &["Burger Yard", "Fry Stop", "Snack Point", "Quick Bites"]),
    ("street_food", &["Chaat House", "Chaat Corner", "Pani Puri Stall", "Bhel Point"]),
    ("bakery", &["Bakes", "Cake House", "Iyengar-style Bakery", "Oven"]),
    ("mithai", &["Sweets", "Mithai Ghar", "Sweet House"]),
    ("ice_cream", &["Ice Creams", "Kulfi Counter", "Scoops"]),
    ("cafe", &["Coffee Room", "Cafe", "Chai Counter"]),
    ("beverages", &["Juice Centre", "Juice Stop", "Fruit Bar"]),
    ("continental", &["Grill Room", "Bistro", "Table"]),
    ("italian", &["Pizza Room", "Pasta Table", "Woodfire"]),
    ("mexican", &["Taco Stand", "Burrito Room"]),
    ("arabian", &["Mandi House", "Shawarma Corner", "Grills"]),
    ("healthy", &["Salad Counter", "Green Bowl", "Millet Kitchen"]),
    ("generic", &["Kitchen", "Meals", "Eating House", "Canteen"]),
];

const NOTES: &[&str] = &[
    "Crisp, please.",
    "Less spicy, it is for a child.",
    "No onion, no garlic.",
    "Extra chutney if you can.",
    "Please do not ring the bell, the baby sleeps.",
    "Call when you are at the gate.",
    "Leave it with the guard.",
    "Less oil, please.",
    "No plastic cutlery.",
    "Pack the sambar apart.",
    "Extra spicy.",
    "Well done, not soft.",
    "Lift is not working, second floor.",
    "Please send change for five hundred.",
    "Gravy on the side.",
    "Nut allergy: please be careful.",
    "It is a birthday, please pack it nicely.",
    "Less sugar in the tea.",
];

/// A full name.
pub fn person_name<R: Rng>(rng: &mut R) -> String {
    let region = &REGIONS[rng.random_range(0..REGIONS.len())];
    format!("{} {}", any_of(region.given, rng), any_of(region.family, rng))
}

/// An invented name for a restaurant of these cuisines; the first cuisine decides what it calls itself.
pub fn restaurant_name<R: Rng>(cuisines: &[&str], rng: &mut R) -> String {
    let family = family_keys(cuisines)[0];
    let signs = SIGNS.iter().find(|(key, _)| *key == family).map_or(&["Kitchen"][..], |(_, signs)| signs);
    format!("{} {}", any_of(HOUSES, rng), any_of(signs, rng))
}

/// A number plate of a State given by its two letters, as written on the plate: "KA 03 MB 4127".
pub fn vehicle_plate<R: Rng>(state: &str, rng: &mut R) -> String {
    // Series leave out I and O, which look like digits.
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    let office: u32 = rng.random_range(1..60);
    let first = char::from(LETTERS[rng.random_range(0..LETTERS.len())]);
    let second = char::from(LETTERS[rng.random_range(0..LETTERS.len())]);
    let number: u32 = rng.random_range(1..10_000);
    format!("{state} {office:02} {first}{second} {number:04}")
}

/// What a customer writes to the kitchen; two in three write nothing.
pub fn customer_note<R: Rng>(rng: &mut R) -> Option<&'static str> {
    rng.random_bool(1.0 / 3.0).then(|| any_of(NOTES, rng))
}

fn any_of<R: Rng>(words: &'static [&'static str], rng: &mut R) -> &'static str {
    words[rng.random_range(0..words.len())]
}

#[cfg(test)]
mod tests {
    use india::Vehicle;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use std::collections::BTreeSet;

    use super::{NOTES, SIGNS, customer_note, person_name, restaurant_name, vehicle_plate};
    use crate::menus::family_keys;

    fn rng() -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(7)
    }

    #[test]
    fn there_are_many_people() {
        let mut rng = rng();
        let names: BTreeSet<String> = (0..1_000).map(|_| person_name(&mut rng)).collect();
        assert!(names.len() > 500, "{}", names.len());
        assert!(names.iter().all(|name| name.contains(' ')));
    }

    #[test]
    fn plates_are_valid_in_every_state_of_the_table() {
        let mut rng = rng();
        for state in ["KA", "MH", "DL", "TN", "TS", "WB", "GJ", "UP", "UK", "CG", "OD", "ML", "TR"] {
            for _ in 0..50 {
                let plate = vehicle_plate(state, &mut rng);
                assert!(Vehicle::parse(&plate).is_ok(), "{plate}");
            }
        }
    }

    #[test]
    fn a_restaurant_is_named_for_what_it_cooks() {
        let mut rng = rng();
        let signs = |key: &str| SIGNS.iter().find(|(family, _)| *family == key).map(|(_, signs)| *signs);
        for cuisine in ["South Indian, Chinese", "Biryani", "Something unheard of"] {
            let name = restaurant_name(&[cuisine], &mut rng);
            let key = family_keys(&[cuisine])[0];
            assert!(signs(key).is_some_and(|signs| signs.iter().any(|sign| name.ends_with(sign))), "{name}");
        }
    }

    #[test]
    fn every_family_has_its_signs() {
        let keys: BTreeSet<&str> = crate::menus::all_family_keys().collect();
        let signed: BTreeSet<&str> = SIGNS.iter().map(|(key, _)| *key).collect();
        assert_eq!(keys, signed);
    }

    #[test]
    fn some_customers_write_a_note() {
        let mut rng = rng();
        let notes: Vec<&str> = (0..900).filter_map(|_| customer_note(&mut rng)).collect();
        assert!((200..400).contains(&notes.len()), "{}", notes.len());
        assert!(notes.iter().all(|note| NOTES.contains(note)));
    }
}
