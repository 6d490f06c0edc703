//! The registration number on a vehicle's plate.
//!
//! Two series are accepted: the States' (`KA01AB1234`: State, office, series without I and O, number) and Bharat
//! (`23BH1234AA`: year, BH, number, series). Army and diplomatic plates are not a courier's.

use super::{IdentifierError, compact, debugs_masked, has_shape, mask, reads_and_prints};

/// Letters of the registering States, with those given up (OR, TS, UA, DN) because their plates still drive.
pub(super) const STATES: [&str; 40] = [
    "AN", "AP", "AR", "AS", "BR", "CG", "CH", "DD", "DL", "DN", "GA", "GJ", "HP", "HR", "JH", "JK", "KA", "KL", "LA",
    "LD", "MH", "ML", "MN", "MP", "MZ", "NL", "OD", "OR", "PB", "PY", "RJ", "SK", "TG", "TN", "TR", "TS", "UA", "UK",
    "UP", "WB",
];

/// A well-formed vehicle registration number, without spaces and hyphens.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Vehicle(String);

reads_and_prints!(Vehicle);
debugs_masked!(Vehicle);

impl Vehicle {
    /// Checks the form and, in the States' series, the letters of the State.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let text = compact(text);
        if is_bharat_series(&text) {
            return Ok(Self(text));
        }
        if !is_state_series(&text) {
            return Err(IdentifierError::VehicleFormat);
        }
        if !STATES.contains(&&text[..2]) {
            return Err(IdentifierError::VehicleState);
        }
        Ok(Self(text))
    }

    /// The number in capitals, without spaces and hyphens.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first and the last two characters, such as `KAXXXXXX34`.
    pub fn masked(&self) -> String {
        mask(&self.0, 2, 2)
    }
}

/// Year, BH, four digits, one or two letters.
fn is_bharat_series(text: &str) -> bool {
    let shape = has_shape(text, "99BH9999A") || has_shape(text, "99BH9999AA");
    shape && is_series(&text[8..])
}

/// Two letters, an office of one or two digits, up to three letters, a number of one to four digits.
fn is_state_series(text: &str) -> bool {
    let Some(rest) = text.get(2..).filter(|_| has_shape(&text[..2], "AA")) else {
        return false;
    };
    let after_office = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let office = rest.len() - after_office.len();
    let number = after_office.trim_start_matches(|letter: char| letter.is_ascii_uppercase());
    let series = &after_office[..after_office.len() - number.len()];
    if after_office.is_empty() {
        // Office and number stand together: one or two digits, then one to four.
        return (2..=6).contains(&office);
    }
    (1..=2).contains(&office)
        && (1..=3).contains(&series.len())
        && is_series(series)
        && (1..=4).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// I and O are never given out: they read as 1 and 0.
fn is_series(letters: &str) -> bool {
    !letters.contains(['I', 'O'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plates_of_both_series_are_read() {
        for (typed, kept) in [
            ("KA01AB1234", "KA01AB1234"),
            ("ka-01 ab 1234", "KA01AB1234"),
            ("DL1CAB1234", "DL1CAB1234"),
            ("TS09EA1", "TS09EA1"),
            ("TG09EA1", "TG09EA1"),
            ("OR02A12", "OR02A12"),
            ("OD02A12", "OD02A12"),
            ("MH12 3456", "MH123456"),
            ("23BH1234AA", "23BH1234AA"),
            ("23 BH 1234 A", "23BH1234A"),
        ] {
            assert_eq!(Vehicle::parse(typed).unwrap().as_str(), kept);
        }
    }

    #[test]
    fn other_plates_are_refused() {
        assert_eq!(Vehicle::parse("ZZ01AB1234"), Err(IdentifierError::VehicleState));
        for text in [
            "23BH1234IO",
            "KA01AI1234",
            "KA01AB12345",
            "KA01ABCD123",
            "KA001AB1234",
            "KAAB1234",
            "KA01AB",
            "KA1",
            "KA1234567",
            "1KA01AB1234",
            "KA01AB12C4",
            "",
            "K",
            "कA01AB1234",
        ] {
            assert_eq!(Vehicle::parse(text), Err(IdentifierError::VehicleFormat), "{text}");
        }
    }

    #[test]
    fn debug_output_is_masked() {
        let vehicle = Vehicle::parse("KA01AB1234").unwrap();
        assert_eq!(format!("{vehicle:?}"), "Vehicle(KAXXXXXX34)");
    }

    proptest! {
        #[test]
        fn plates_of_every_state_read_back(
            state in prop::sample::select(STATES.to_vec()),
            rest in "[0-9]{1,2}[A-HJ-NP-Z]{0,3}[0-9]{1,4}",
        ) {
            let text = format!("{state}{rest}");
            prop_assert_eq!(Vehicle::parse(&text).unwrap().to_string(), text);
        }

        #[test]
        fn bharat_plates_read_back(text in "[0-9]{2}BH[0-9]{4}[A-HJ-NP-Z]{1,2}") {
            prop_assert_eq!(Vehicle::parse(&text).unwrap().to_string(), text);
        }

        #[test]
        fn any_text_is_answered_without_panic(text in "\\PC{0,14}") {
            let _ = Vehicle::parse(&text);
        }
    }
}
