//! The number of a driving licence: State, office, year of issue, seven digits.
//!
//! The national register writes `KA01 20190001234`; older cards print it with hyphens or with other spaces. Numbers from
//! before the national register that never got this form must be taken from a renewed card.

use super::{IdentifierError, compact, debugs_masked, has_shape, mask, reads_and_prints, vehicle::STATES};

/// Nobody was licensed in the register's form before.
const FIRST_YEAR: u16 = 1950;
/// A year of issue is no later.
const LAST_YEAR: u16 = 2099;

/// A well-formed driving licence number, without spaces and hyphens.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DrivingLicence(String);

reads_and_prints!(DrivingLicence);
debugs_masked!(DrivingLicence);

impl DrivingLicence {
    /// Checks the form, the letters of the State and that the year could be one.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let text = compact(text);
        if !has_shape(&text, "AA9999999999999") {
            return Err(IdentifierError::LicenceFormat);
        }
        let year: u16 = text[4..8].parse().map_err(|_| IdentifierError::LicenceFormat)?;
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
            return Err(IdentifierError::LicenceFormat);
        }
        if !STATES.contains(&&text[..2]) {
            return Err(IdentifierError::LicenceState);
        }
        Ok(Self(text))
    }

    /// The number in capitals, without spaces and hyphens.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The State and the last four digits, such as `KAXXXXXXXXX1234`.
    pub fn masked(&self) -> String {
        mask(&self.0, 2, 4)
    }
}

#[cfg(test)]
mod tests {
    use super::{DrivingLicence, IdentifierError};

    #[test]
    fn the_same_number_is_read_however_it_is_written() {
        for text in ["KA01 20190001234", "ka-0120190001234", "KA01-2019-0001234"] {
            assert_eq!(DrivingLicence::parse(text).unwrap().as_str(), "KA0120190001234");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        let refused = |text: &str| DrivingLicence::parse(text).unwrap_err();
        assert_eq!(refused("KA01 2019000123"), IdentifierError::LicenceFormat);
        assert_eq!(refused("KA01 18990001234"), IdentifierError::LicenceFormat);
        assert_eq!(refused("XX01 20190001234"), IdentifierError::LicenceState);
    }

    #[test]
    fn it_shows_itself_masked() {
        let licence = DrivingLicence::parse("KA0120190001234").unwrap();
        assert_eq!(licence.masked(), "KAXXXXXXXXX1234");
        assert!(!format!("{licence:?}").contains("20190001234"));
    }
}
