//! Carts: what somebody means to order, from one restaurant. A cart knows no price: that is the word of a quote.
//!
//! Whether a line can be had is not kept with it but asked of the menu whenever the cart is read, by the rules that a
//! quote would be refused with.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    id::{MenuItemId, OptionId},
    menu::Menu,
    quote::{MAX_LINES, MAX_QUANTITY, WantedLine, price_lines},
    rule::{Broken, Rule},
};

/// The most letters of a word to the cook.
pub const MAX_NOTE: usize = 140;
/// The most options of one line.
pub const MAX_OPTIONS: usize = 50;

/// A line of a cart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CartLine {
    /// What is wanted.
    #[serde(flatten)]
    pub wanted: WantedLine,
    /// What the dish was called when the line was written; it may have left the menu since. `None` if it was not on it.
    pub name: Option<String>,
}

impl CartLine {
    /// The rule by which a quote would refuse the line now, if there is one. Without a menu there is no such dish.
    pub fn unavailable(&self, menu: Option<&Menu>, now: Timestamp) -> Option<Rule> {
        let Some(menu) = menu else { return Some(Rule::UnknownItem) };
        price_lines(menu, std::slice::from_ref(&self.wanted), now).err().map(|broken| broken.rule)
    }
}

/// Whether the lines may be kept: not too many, none without pieces. What is on the menu does not count.
pub fn check_lines(lines: &[WantedLine]) -> Result<(), Broken> {
    if lines.is_empty() {
        return Err(Rule::EmptyOrder.at("/lines"));
    }
    if lines.len() > MAX_LINES {
        return Err(out_of_range("/lines".to_owned(), 1, most(MAX_LINES)));
    }
    lines.iter().enumerate().try_for_each(|(index, line)| check_line(line, &format!("/lines/{index}")))
}

fn check_line(line: &WantedLine, pointer: &str) -> Result<(), Broken> {
    if !(1..=MAX_QUANTITY).contains(&line.quantity) {
        return Err(out_of_range(format!("{pointer}/quantity"), 1, MAX_QUANTITY));
    }
    if line.option_ids.len() > MAX_OPTIONS {
        return Err(out_of_range(format!("{pointer}/option_ids"), 0, most(MAX_OPTIONS)));
    }
    if line.note.as_ref().is_some_and(|note| note.chars().count() > MAX_NOTE) {
        return Err(Rule::WrongFormat.at(format!("{pointer}/note")).with("max", most(MAX_NOTE)));
    }
    Ok(())
}

fn out_of_range(pointer: String, least: i64, most: i64) -> Broken {
    Rule::OutOfRange.at(pointer).with("min", least).with("max", most)
}

fn most(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Whether an order took exactly what is in a cart, in whatever order and split into whatever lines.
pub fn is_ordered(cart: &[CartLine], ordered: &[WantedLine]) -> bool {
    pieces(cart.iter().map(|line| &line.wanted)) == pieces(ordered.iter())
}

/// Dish, options in order, pieces: one of each choice, sorted. Words to the cook do not matter.
fn pieces<'a>(lines: impl Iterator<Item = &'a WantedLine>) -> Vec<(MenuItemId, Vec<OptionId>, i64)> {
    let mut pieces: Vec<(MenuItemId, Vec<OptionId>, i64)> = lines
        .map(|line| {
            let mut options = line.option_ids.clone();
            options.sort_unstable();
            (line.item_id, options, line.quantity)
        })
        .collect();
    pieces.sort_unstable();
    pieces.dedup_by(|next, kept| {
        let same = next.0 == kept.0 && next.1 == kept.1;
        if same {
            kept.2 += next.2;
        }
        same
    });
    pieces
}

#[cfg(test)]
mod tests {
    use super::{CartLine, MAX_NOTE, check_lines, is_ordered};
    use crate::{
        id::{MenuItemId, OptionId},
        quote::{MAX_LINES, MAX_QUANTITY, WantedLine},
        rule::Rule,
    };
    use jiff::Timestamp;
    use uuid::Uuid;

    fn line(item: u128, options: &[u128], quantity: i64) -> WantedLine {
        let option_ids = options.iter().map(|id| OptionId(Uuid::from_u128(*id))).collect();
        WantedLine { item_id: MenuItemId(Uuid::from_u128(item)), quantity, option_ids, note: None }
    }

    fn cart(lines: &[WantedLine]) -> Vec<CartLine> {
        lines.iter().map(|wanted| CartLine { wanted: wanted.clone(), name: None }).collect()
    }

    #[test]
    fn lines_have_limits_and_a_refusal_names_the_field() {
        assert!(check_lines(&[line(1, &[2], 1), line(1, &[2], MAX_QUANTITY)]).is_ok());
        let long = WantedLine { note: Some("x".repeat(MAX_NOTE + 1)), ..line(1, &[], 1) };
        for (lines, rule, pointer) in [
            (vec![], Rule::EmptyOrder, "/lines"),
            (vec![line(1, &[], 1); MAX_LINES + 1], Rule::OutOfRange, "/lines"),
            (vec![line(1, &[], 1), line(1, &[], 0)], Rule::OutOfRange, "/lines/1/quantity"),
            (vec![line(1, &[], MAX_QUANTITY + 1)], Rule::OutOfRange, "/lines/0/quantity"),
            (vec![line(1, &[7; 51], 1)], Rule::OutOfRange, "/lines/0/option_ids"),
            (vec![long], Rule::WrongFormat, "/lines/0/note"),
        ] {
            let broken = check_lines(&lines).unwrap_err();
            assert_eq!((broken.rule, broken.pointer.as_deref()), (rule, Some(pointer)));
        }
    }

    #[test]
    fn an_order_took_the_cart_if_it_has_the_same_pieces() {
        let kept = cart(&[line(1, &[2, 3], 1), line(4, &[], 2)]);
        for (ordered, same) in [
            (vec![line(4, &[], 2), line(1, &[3, 2], 1)], true),
            (vec![line(4, &[], 1), line(1, &[3, 2], 1), line(4, &[], 1)], true),
            (vec![line(1, &[2, 3], 1)], false),
            (vec![line(4, &[], 3), line(1, &[2, 3], 1)], false),
            (vec![line(4, &[], 2), line(1, &[2], 1)], false),
        ] {
            assert_eq!(is_ordered(&kept, &ordered), same, "{ordered:?}");
        }
    }

    #[test]
    fn without_a_menu_there_is_no_dish() {
        let kept = &cart(&[line(1, &[], 1)])[0];
        assert_eq!(kept.unavailable(None, Timestamp::UNIX_EPOCH), Some(Rule::UnknownItem));
    }
}
