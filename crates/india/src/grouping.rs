//! Numbers as India groups them: three digits, then pairs (thousand, lakh, crore).
//!
//! Legal documents carry Latin digits, the sign before the symbol and always two decimals, in every language. Written
//! here and not taken from locale data, because that data groups by threes for several Indian languages.

/// An amount in paise as rupees, such as `₹12,34,567.50` or `-₹1,234.50`.
pub fn rupees(paise: i64) -> String {
    let sign = if paise < 0 { "-" } else { "" };
    let magnitude = paise.unsigned_abs();
    format!("{sign}₹{}.{:02}", group(magnitude / 100), magnitude % 100)
}

/// A whole number with Indian grouping, such as `-1,00,000`.
pub fn grouped(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", group(number.unsigned_abs()))
}

fn group(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 3 / 2);
    for (index, digit) in digits.chars().enumerate() {
        let remaining = digits.len() - index;
        if index > 0 && remaining >= 3 && remaining % 2 == 1 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whole_numbers_group_by_three_then_two() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (99_999, "99,999"),
            (100_000, "1,00,000"),
            (-100_000, "-1,00,000"),
            (1_234_567, "12,34,567"),
            (10_000_000, "1,00,00,000"),
            (i64::MIN, "-92,23,37,20,36,85,47,75,808"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn rupees_carry_symbol_sign_and_two_decimals() {
        for (paise, text) in [
            (0, "₹0.00"),
            (5, "₹0.05"),
            (-5, "-₹0.05"),
            (46_556, "₹465.56"),
            (123_456_750, "₹12,34,567.50"),
            (1_234_567_850, "₹1,23,45,678.50"),
            (-123_450, "-₹1,234.50"),
        ] {
            assert_eq!(rupees(paise), text);
        }
    }

    proptest! {
        #[test]
        fn grouping_only_adds_commas_in_their_places(number: i64) {
            let text = grouped(number);
            prop_assert_eq!(text.replace(',', "").parse::<i64>().unwrap(), number);
            let groups: Vec<&str> = text.trim_start_matches('-').split(',').collect();
            for (place, group) in groups.iter().rev().enumerate() {
                let full = if place == 0 { 3 } else { 2 };
                let last = place + 1 == groups.len();
                prop_assert!(group.len() == full || (last && (1..full).contains(&group.len())));
            }
        }

        #[test]
        fn no_paisa_is_lost(paise: i64) {
            let plain = rupees(paise).replace(['₹', ',', '.'], "");
            prop_assert_eq!(plain.parse::<i64>().unwrap(), paise);
        }
    }
}
