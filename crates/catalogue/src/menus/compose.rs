//! Picks dishes from the families and prices them for one restaurant.

use domain::menu::{GroupKind, VegMark};
use rand::Rng;
use rand::seq::SliceRandom;

use super::dish::{Dish, Extra, Family, Group, SECTIONS};
use super::families::families_of;
use super::world::GENERIC;
use super::{StarterItem, StarterMenu, StarterOption, StarterOptionGroup, StarterSection};

/// Dishes of a whole menu, shared among its families.
const DISHES_OF_MENU: usize = 20;
const FEWEST_OF_FAMILY: usize = 5;
const FEWEST_OF_MENU: usize = 6;

/// A dish with the price level of its kitchen, in thousandths of the family's usual level.
struct Picked {
    dish: &'static Dish,
    level: i64,
}

/// A menu for a kitchen of these cuisines: at least six dishes, at least one with a choice to make.
///
/// `price_for_two_paise` is what two people usually pay there. With `pure_veg` nothing with meat, fish or egg is on it,
/// not even as an extra. The same arguments and random stream give the same menu.
pub fn starter_menu<R: Rng>(
    cuisines: &[&str],
    price_for_two_paise: Option<i64>,
    pure_veg: bool,
    rng: &mut R,
) -> StarterMenu {
    let families = families_of(cuisines);
    let share = (DISHES_OF_MENU / families.len()).clamp(FEWEST_OF_FAMILY, 14);
    let mut picked: Vec<Picked> = Vec::new();
    for family in families {
        pick(family, share, price_for_two_paise, pure_veg, &mut picked, rng);
    }
    let choices = picked.iter().any(|picked| has_choices(picked.dish, pure_veg));
    if picked.len() < FEWEST_OF_MENU || !choices {
        pick(&GENERIC, FEWEST_OF_MENU, price_for_two_paise, pure_veg, &mut picked, rng);
    }
    let items = picked.into_iter().map(|picked| (picked.dish.section, item(&picked, pure_veg, rng))).collect();
    StarterMenu { sections: sections(items) }
}

/// Adds up to `share` dishes of a family: its two signature dishes and a random rest, in the order of the table.
fn pick<R: Rng>(
    family: &Family,
    share: usize,
    price_for_two_paise: Option<i64>,
    pure_veg: bool,
    picked: &mut Vec<Picked>,
    rng: &mut R,
) {
    let level = level(price_for_two_paise, family.for_two_rupees);
    let fitting: Vec<&'static Dish> = family
        .dishes
        .iter()
        .filter(|dish| !pure_veg || dish.mark == VegMark::Veg)
        .filter(|dish| picked.iter().all(|known| known.dish.name != dish.name))
        .collect();
    let mut order: Vec<usize> = (0..fitting.len()).collect();
    if order.len() > 2 {
        order[2..].shuffle(rng);
    }
    order.truncate(share);
    order.sort_unstable();
    picked.extend(order.into_iter().map(|at| Picked { dish: fitting[at], level }));
}

/// How expensive a kitchen is in thousandths of usual: three quarters of the way from usual to its price for two, since
/// the bill of an expensive place also has more courses. Kept between 0.5 and 3.5.
fn level(price_for_two_paise: Option<i64>, usual_rupees: i64) -> i64 {
    let Some(paise) = price_for_two_paise.filter(|paise| *paise > 0) else { return 1_000 };
    let exact = paise.min(100_000_000) * 10 / usual_rupees;
    (1_000 + (exact - 1_000) * 3 / 4).clamp(500, 3_500)
}

fn item<R: Rng>(picked: &Picked, pure_veg: bool, rng: &mut R) -> StarterItem {
    let dish = picked.dish;
    let (low, high) = dish.band_rupees;
    let rupees = on_menu(rng.random_range(low..=high) * picked.level / 1_000);
    let groups = dish.groups.iter().filter_map(|group| option_group(group, rupees, picked.level, dish.mark, pure_veg));
    StarterItem {
        name: dish.name.to_owned(),
        description: dish.about.to_owned(),
        price_paise: rupees * 100,
        veg_mark: dish.mark,
        packing_paise: dish.packing_rupees * 100,
        allergens: dish.allergens.iter().map(|allergen| (*allergen).to_owned()).collect(),
        option_groups: groups.collect(),
    }
}

/// Prices that look printed: multiples of five from fifty rupees up, never below ten.
fn on_menu(rupees: i64) -> i64 {
    if rupees < 50 { rupees.max(10) } else { (rupees + 2) / 5 * 5 }
}

/// The group with its prices; none if a pure-veg kitchen has too few options left for it.
fn option_group(group: &Group, rupees: i64, level: i64, mark: VegMark, pure_veg: bool) -> Option<StarterOptionGroup> {
    let options: Vec<StarterOption> = group
        .choices
        .iter()
        .filter(|choice| !pure_veg || choice.mark == VegMark::Veg)
        .map(|choice| {
            let extra_rupees = match choice.extra {
                Extra::Share(percent) => on_step(rupees * percent / 100),
                Extra::Rupees(extra) => on_step(extra * level / 1_000),
            };
            // A full portion of chicken is chicken; a chutney beside it is still a chutney.
            let veg_mark = if group.kind == GroupKind::Variant { mark } else { choice.mark };
            StarterOption { name: choice.name.to_owned(), price_paise: extra_rupees * 100, veg_mark }
        })
        .collect();
    let max = group.max.min(u8::try_from(options.len()).unwrap_or(u8::MAX));
    let enough = !options.is_empty() && group.min <= max;
    enough.then(|| StarterOptionGroup { name: group.name.to_owned(), kind: group.kind, min: group.min, max, options })
}

/// Extras in steps of five rupees from ten up.
fn on_step(rupees: i64) -> i64 {
    if rupees < 10 { rupees.max(0) } else { (rupees + 2) / 5 * 5 }
}

fn has_choices(dish: &Dish, pure_veg: bool) -> bool {
    dish.groups.iter().any(|group| option_group(group, 100, 1_000, dish.mark, pure_veg).is_some())
}

fn sections(mut items: Vec<(&'static str, StarterItem)>) -> Vec<StarterSection> {
    let mut sections = Vec::new();
    for name in SECTIONS {
        let (of_section, rest): (Vec<_>, Vec<_>) = items.into_iter().partition(|(section, _)| section == name);
        items = rest;
        if !of_section.is_empty() {
            let items = of_section.into_iter().map(|(_, item)| item).collect();
            sections.push(StarterSection { name: (*name).to_owned(), items });
        }
    }
    sections
}
