//! What must hold for every table and every menu made from them.

use domain::menu::{GroupKind, VegMark};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeSet;

use super::dish::SECTIONS;
use super::families::FAMILIES;
use super::{StarterMenu, starter_menu};

fn menu(cuisines: &[&str], price_for_two_paise: Option<i64>, pure_veg: bool, seed: u64) -> StarterMenu {
    starter_menu(cuisines, price_for_two_paise, pure_veg, &mut ChaCha8Rng::seed_from_u64(seed))
}

fn assert_sound(menu: &StarterMenu, pure_veg: bool) {
    let names: BTreeSet<&str> = menu.items().map(|item| item.name.as_str()).collect();
    assert_eq!(names.len(), menu.items().count(), "a dish is listed twice");
    assert!(names.len() >= 6, "{names:?}");
    assert!(menu.items().any(|item| !item.option_groups.is_empty()));
    assert!(menu.sections.iter().all(|section| !section.items.is_empty()));
    for item in menu.items() {
        assert!(item.price_paise >= 1_000 && item.price_paise % 100 == 0, "{item:?}");
        assert!(item.packing_paise >= 0 && item.packing_paise % 100 == 0);
        assert!(!pure_veg || item.veg_mark == VegMark::Veg, "{} is not vegetarian", item.name);
        for group in &item.option_groups {
            assert!(group.min <= group.max && usize::from(group.max) <= group.options.len(), "{group:?}");
            assert!(group.kind == GroupKind::Modifier || (group.min, group.max) == (1, 1));
            for option in &group.options {
                assert!(option.price_paise >= 0 && option.price_paise % 100 == 0);
                assert!(!pure_veg || option.veg_mark == VegMark::Veg, "{} with {}", item.name, option.name);
            }
        }
    }
}

#[test]
fn the_tables_are_sound() {
    let mut words = BTreeSet::new();
    let mut keys = BTreeSet::new();
    for family in FAMILIES {
        assert!(keys.insert(family.key));
        assert!((8..=16).contains(&family.dishes.len()), "{} has {}", family.key, family.dishes.len());
        for word in family.words {
            assert!(words.insert(*word), "{word} belongs to two families");
            assert_eq!(*word, word.to_lowercase());
        }
        for dish in family.dishes {
            assert!(SECTIONS.contains(&dish.section), "{}", dish.section);
            assert!(0 < dish.band_rupees.0 && dish.band_rupees.0 <= dish.band_rupees.1, "{}", dish.name);
            assert!(!dish.about.is_empty());
            let has_egg = dish.allergens.contains(&"egg");
            assert!(!has_egg || dish.mark != VegMark::Veg, "{} has egg", dish.name);
            let has_fish = dish.allergens.contains(&"fish") || dish.allergens.contains(&"crustacean");
            assert!(!has_fish || dish.mark == VegMark::NonVeg, "{} has fish", dish.name);
        }
    }
    assert!(keys.len() >= 23);
}

#[test]
fn every_family_makes_a_sound_menu() {
    for family in FAMILIES {
        for pure_veg in [false, true] {
            for seed in 0..8 {
                assert_sound(&menu(&[family.words[0]], None, pure_veg, seed), pure_veg);
            }
        }
    }
}

#[test]
fn all_given_cuisines_are_on_the_menu() {
    let menu = menu(&["North Indian, Chinese", "Ice Cream"], Some(50_000), false, 4);
    let names: Vec<&str> = menu.items().map(|item| item.name.as_str()).collect();
    for signature in ["Dal Makhani", "Veg Hakka Noodles", "Tender Coconut"] {
        assert!(names.contains(&signature), "{names:?}");
    }
}

#[test]
fn prices_follow_the_price_for_two() {
    let average = |price_for_two| {
        let menu = menu(&["South Indian"], Some(price_for_two), false, 1);
        let total: i64 = menu.items().map(|item| item.price_paise).sum();
        total / i64::try_from(menu.items().count()).unwrap_or(1)
    };
    let (cheap, usual, dear) = (average(15_000), average(25_000), average(80_000));
    assert!(cheap < usual && usual < dear, "{cheap}, {usual}, {dear}");
}

#[test]
fn the_same_seed_gives_the_same_menu() {
    let cuisines = ["Biryani", "Kebab"];
    assert_eq!(menu(&cuisines, Some(60_000), false, 8), menu(&cuisines, Some(60_000), false, 8));
    assert_ne!(menu(&cuisines, Some(60_000), false, 8), menu(&cuisines, Some(60_000), false, 9));
}

proptest! {
    #[test]
    fn any_text_makes_a_sound_menu(
        cuisines in proptest::collection::vec("\\PC{0,60}", 0..5),
        price_for_two in proptest::option::of(any::<i64>()),
        pure_veg in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let cuisines: Vec<&str> = cuisines.iter().map(String::as_str).collect();
        assert_sound(&menu(&cuisines, price_for_two, pure_veg, seed), pure_veg);
    }
}
