//! What somebody puts into a basket: a few dishes that can be had, each with the choices that it asks for.

use domain::{
    menu::{GroupKind, Menu, MenuItem, OptionGroup},
    quote::WantedLine,
};
use jiff::Timestamp;
use rand::{Rng, seq::IndexedRandom as _};

/// One to four lines; none if nothing can be had.
pub(crate) fn basket<R: Rng>(menu: &Menu, now: Timestamp, rng: &mut R) -> Vec<WantedLine> {
    let on_sale: Vec<&MenuItem> =
        menu.sections.iter().flat_map(|section| &section.items).filter(|item| item.on_sale.available(now)).collect();
    let wanted = *[1, 1, 2, 2, 2, 3, 3, 4].choose(rng).unwrap_or(&1);
    let weight = |item: &&MenuItem| if item.popular { 4 } else { 1 };
    let Ok(chosen) = on_sale.choose_multiple_weighted(rng, wanted, weight) else { return Vec::new() };
    let chosen: Vec<&MenuItem> = chosen.copied().collect();
    chosen.into_iter().filter_map(|item| line(item, now, rng)).collect()
}

/// One more of everything, for who is below a kitchen's minimum.
pub(crate) fn larger(lines: &[WantedLine]) -> Vec<WantedLine> {
    lines.iter().map(|line| WantedLine { quantity: line.quantity + 1, ..line.clone() }).collect()
}

fn line<R: Rng>(item: &MenuItem, now: Timestamp, rng: &mut R) -> Option<WantedLine> {
    let quantity = *[1, 1, 1, 1, 2, 2, 3].choose(rng).unwrap_or(&1);
    if !item.on_sale.has(quantity, now) {
        return None;
    }
    let mut option_ids = Vec::new();
    for group in &item.option_groups {
        option_ids.extend(choose(group, now, rng)?);
    }
    Some(WantedLine { item_id: item.id, quantity, option_ids, note: None })
}

/// Options of one group; `None` if too few can be had.
fn choose<R: Rng>(group: &OptionGroup, now: Timestamp, rng: &mut R) -> Option<Vec<domain::id::OptionId>> {
    let can_be_had: Vec<_> =
        group.options.iter().filter(|option| option.on_sale.available(now)).map(|option| option.id).collect();
    let (least, most) = (usize::try_from(group.min).ok()?, usize::try_from(group.max).ok()?);
    let extra = usize::from(group.kind == GroupKind::Modifier && rng.random_bool(0.3));
    let count = (least + extra).min(most);
    if can_be_had.len() < least {
        return None;
    }
    Some(can_be_had.choose_multiple(rng, count).copied().collect())
}
