//! GSTIN, the number of a registration under GST: State (2), PAN (10), entity number, Z, check character.
//!
//! Only the layout of regular taxpayers is accepted, the one a merchant has. Tax collectors (C in place of Z), UN bodies
//! and non-resident taxpayers have other layouts.
//! The check character is a Luhn sum in base 36, which catches every single mistyped character.

use super::{IdentifierError, Pan, compact, debugs_masked, has_shape, mask, reads_and_prints};
use crate::state_code::StateCode;

const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A GSTIN whose State, PAN and check character are right.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gstin {
    text: String,
    state: StateCode,
    pan: Pan,
}

reads_and_prints!(Gstin);
debugs_masked!(Gstin);

impl Gstin {
    /// Checks layout, State code, PAN and check character, in this order.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let text = compact(text);
        if !has_shape(&text, "99AAAAA9999A*Z*") || text.as_bytes()[12] == b'0' {
            return Err(IdentifierError::GstinFormat);
        }
        let state = StateCode::parse(&text[..2]).map_err(|_| IdentifierError::GstinState)?;
        let pan = Pan::parse(&text[2..12]).map_err(|_| IdentifierError::GstinPan)?;
        if check_character(&text[..14]) != char::from(text.as_bytes()[14]) {
            return Err(IdentifierError::GstinChecksum);
        }
        Ok(Self { text, state, pan })
    }

    /// The 15 characters.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The State of registration.
    pub fn state(&self) -> StateCode {
        self.state
    }

    /// The PAN of the registered person.
    pub fn pan(&self) -> &Pan {
        &self.pan
    }

    /// State and last three characters: for a sole proprietor the middle is a personal PAN.
    pub fn masked(&self) -> String {
        mask(&self.text, 2, 3)
    }
}

/// The fifteenth character for the first fourteen: odd places count once, even places twice, each product adding its
/// quotient and remainder by 36.
fn check_character(text: &str) -> char {
    let sum: usize = text
        .bytes()
        .enumerate()
        .map(|(index, byte)| {
            let value = match byte {
                b'0'..=b'9' => byte - b'0',
                _ => byte - b'A' + 10,
            };
            let product = usize::from(value) * (1 + index % 2);
            product / 36 + product % 36
        })
        .sum();
    char::from(ALPHABET[(36 - sum % 36) % 36])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VALID: [&str; 5] =
        ["27AAPFU0939F1ZV", "07AAACZ9999Z1ZE", "29AAZPZ0001A1ZO", "29AAZPZ0001A2ZN", "19AAHFT4321Q1ZM"];

    #[test]
    fn valid_numbers_are_read() {
        for text in VALID {
            assert_eq!(Gstin::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn invalid_numbers_say_what_is_wrong() {
        for (text, error) in [
            ("27AAPFU0939F1ZW", IdentifierError::GstinChecksum),
            ("70AAACZ9999Z1ZE", IdentifierError::GstinState),
            ("70AAACZ9999Z1ZL", IdentifierError::GstinState),
            ("29AAZPZ0010A1ZO", IdentifierError::GstinChecksum),
            ("29AAZPZ0001A1Z0", IdentifierError::GstinChecksum),
            ("19AAHFT4321Q1YM", IdentifierError::GstinFormat),
            ("29AAZPZ0001A0ZO", IdentifierError::GstinFormat),
            ("29AAZXZ0001A1Z8", IdentifierError::GstinPan),
            ("29AAZPZ0001A1Z", IdentifierError::GstinFormat),
            ("29AAZPZ0001A1ZOO", IdentifierError::GstinFormat),
            ("", IdentifierError::GstinFormat),
            ("29AAZPZ0001A1Zओ", IdentifierError::GstinFormat),
        ] {
            assert_eq!(Gstin::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn the_check_character_follows_the_worked_sum() {
        assert_eq!(check_character("27AAPFU0939F1Z"), 'V');
        assert_eq!(check_character("70AAACZ9999Z1Z"), 'L');
        assert_eq!(check_character("29AAZPZ0010A1Z"), 'N');
    }

    #[test]
    fn the_parts_can_be_asked_for() {
        let gstin = Gstin::parse(" 29 aazpz0001a 1zo ").unwrap();
        assert_eq!(gstin.state().letters(), "KA");
        assert_eq!(gstin.pan().as_str(), "AAZPZ0001A");
        assert_eq!(gstin.masked(), "29XXXXXXXXXX1ZO");
        assert_eq!(format!("{gstin:?}"), "Gstin(29XXXXXXXXXX1ZO)");
    }

    fn any_gstin() -> impl Strategy<Value = String> {
        let state = prop::sample::select(StateCode::all().collect::<Vec<_>>());
        let rest = "[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z][1-9A-Z]Z";
        (state, rest).prop_map(|(state, rest)| {
            let text = format!("{state}{rest}");
            let check = check_character(&text);
            format!("{text}{check}")
        })
    }

    proptest! {
        #[test]
        fn a_completed_number_reads_back(text in any_gstin()) {
            prop_assert_eq!(Gstin::parse(&text).unwrap().to_string(), text);
        }

        #[test]
        fn one_changed_character_is_caught(
            text in any_gstin(),
            place in 0_usize..15,
            other in 0_usize..36,
        ) {
            let mut changed = text.clone().into_bytes();
            changed[place] = ALPHABET[other];
            let changed = String::from_utf8(changed).unwrap();
            prop_assume!(changed != text);
            prop_assert!(Gstin::parse(&changed).is_err());
            if place < 14 {
                prop_assert_ne!(check_character(&changed[..14]), check_character(&text[..14]));
            }
        }

        #[test]
        fn any_text_is_answered_without_panic(text in ".{0,20}") {
            let _ = Gstin::parse(&text);
        }
    }
}
