//! The authority's own test numbers, the ways people write them, and what must hold for every number.

use proptest::prelude::*;

use super::*;

#[test]
fn the_test_numbers_are_recognised() {
    for text in ["999941057058", "234123412346", "9999 4105 7058", " 2341-2341-2346 ", "२३४१ २३४१ २३४६"]
    {
        assert!(looks_like_aadhaar(text), "{text}");
    }
}

#[test]
fn other_numbers_are_not() {
    for text in [
        "999941057059",
        "123412341234",
        "99994105705",
        "9999410570581",
        "9999 4105 7058 1",
        "Aadhaar 999941057058",
        "99 9941 057058",
        "",
    ] {
        assert!(!looks_like_aadhaar(text), "{text}");
    }
    let leading_one = [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4];
    assert!(verhoeff_holds(&leading_one), "refused for its first digit alone");
}

#[test]
fn the_group_table_agrees_with_the_published_rows() {
    let row = |left| (0..10).map(|right| multiply(left, right)).collect::<Vec<u32>>();
    assert_eq!(row(1), [1, 2, 3, 4, 0, 6, 7, 8, 9, 5]);
    assert_eq!(row(5), [5, 9, 8, 7, 6, 0, 4, 3, 2, 1]);
    assert_eq!(row(9), [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    let permutation = |times| (0..10).map(|digit| permute(digit, times)).collect::<Vec<u32>>();
    assert_eq!(permutation(1), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]);
    assert_eq!(permutation(7), [7, 0, 4, 6, 9, 1, 3, 2, 5, 8]);
}

#[test]
fn free_text_keeps_only_the_last_four_digits() {
    for (text, redacted) in [
        ("9999 4105 7058", "XXXX XXXX 7058"),
        ("my aadhaar is 999941057058, thanks", "my aadhaar is XXXXXXXX7058, thanks"),
        ("uid:2341-2341-2346.", "uid:XXXX-XXXX-2346."),
        ("UID234123412346", "UIDXXXXXXXX2346"),
        ("आधार २३४१ २३४१ २३४६ है", "आधार XXXX XXXX २३४६ है"),
        ("2341 - 2341 - 2346", "XXXX - XXXX - 2346"),
        ("2341\n2341\n2346", "XXXX\nXXXX\n2346"),
        ("234123412346 560001", "XXXXXXXX2346 560001"),
        ("999941057058/234123412346", "XXXXXXXX7058/XXXXXXXX2346"),
    ] {
        assert_eq!(redact(text), redacted);
    }
}

#[test]
fn text_without_a_number_comes_back_untouched() {
    for text in [
        "",
        "two dosas, no onion",
        "call 9876543210",
        "123412341234",
        "999941057059",
        "order 12341234567890123456",
        "9999410570581",
        "09999410570580",
    ] {
        assert!(matches!(redact(text), Cow::Borrowed(same) if same == text), "{text}");
    }
}

#[test]
fn a_mobile_in_international_form_is_left_alone() {
    let number = complete("91987654321");
    assert!(looks_like_aadhaar(&number));
    assert_eq!(redact(&format!("+{number}")), format!("+{number}"));
    assert_eq!(redact(&number), format!("XXXXXXXX{}", &number[8..]));
}

/// The one number of twelve digits that begins with these eleven and satisfies the check.
fn complete(eleven: &str) -> String {
    let number = |last: u32| format!("{eleven}{last}");
    let holds = |text: &String| {
        let digits: Vec<u32> = text.chars().map(|letter| letter.to_digit(10).unwrap()).collect();
        verhoeff_holds(&digits)
    };
    let found: Vec<String> = (0..10).map(number).filter(holds).collect();
    assert_eq!(found.len(), 1);
    found[0].clone()
}

proptest! {
    #[test]
    fn one_changed_digit_is_caught(eleven in "[2-9][0-9]{10}", place in 0_usize..12, other in 0_u8..10) {
        let number = complete(&eleven);
        let mut changed = number.clone().into_bytes();
        changed[place] = b'0' + other;
        let changed = String::from_utf8(changed).unwrap();
        prop_assume!(changed != number);
        prop_assert!(!looks_like_aadhaar(&changed));
    }

    #[test]
    fn two_exchanged_neighbours_are_caught(eleven in "[2-9][0-9]{10}", place in 0_usize..11) {
        let number = complete(&eleven);
        let mut exchanged = number.clone().into_bytes();
        exchanged.swap(place, place + 1);
        let exchanged = String::from_utf8(exchanged).unwrap();
        prop_assume!(exchanged != number);
        prop_assert!(!looks_like_aadhaar(&exchanged));
    }

    #[test]
    fn no_number_survives_in_any_text(
        eleven in "[2-9][0-9]{10}",
        before in "(\\PC{0,20}[ :,a-z])?",
        after in "([ ;,a-z]\\PC{0,20})?",
        gap in prop::sample::select(vec!["", " ", "-", " - "]),
    ) {
        let number = complete(&eleven);
        let written = [&number[..4], &number[4..8], &number[8..]].join(gap);
        let text = format!("{before}{written}{after}");
        let redacted = redact(&text);
        prop_assert!(!redacted.contains(&written));
        prop_assert_eq!(redacted.chars().count(), text.chars().count());
    }
}
