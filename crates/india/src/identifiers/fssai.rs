//! The 14-digit licence or registration number of the Food Safety and Standards Authority.
//!
//! Digits: kind (1), State in the authority's own numbering with 00 for central licences (2), year (2), officer (3),
//! serial (6). There is no check digit, and sources disagree which first digit means licence and which registration,
//! so the kind must be asked for and stored beside the number.

use super::{IdentifierError, compact, has_shape, reads_and_prints};

/// A well-formed FSSAI number. It is public: the law has it printed on every bill.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fssai(String);

reads_and_prints!(Fssai);

impl Fssai {
    /// Checks the length and the first digit.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let text = compact(text);
        if has_shape(&text, "99999999999999") && text.starts_with(['1', '2']) {
            Ok(Self(text))
        } else {
            Err(IdentifierError::FssaiFormat)
        }
    }

    /// The 14 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the central authority gave it, and not a State.
    pub fn is_central(&self) -> bool {
        &self.0[1..3] == "00"
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fourteen_digits_beginning_with_one_or_two_are_read() {
        assert_eq!(Fssai::parse("112 26 999 000123").unwrap().as_str(), "11226999000123");
        assert!(Fssai::parse("10026999000123").unwrap().is_central());
        assert!(!Fssai::parse("21226999000123").unwrap().is_central());
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["31226999000123", "1122699900012", "112269990001234", "", "1122699900012A"] {
            assert_eq!(Fssai::parse(text), Err(IdentifierError::FssaiFormat), "{text}");
        }
    }

    proptest! {
        #[test]
        fn well_formed_numbers_read_back(text in "[12][0-9]{13}") {
            prop_assert_eq!(Fssai::parse(&text).unwrap().to_string(), text);
        }
    }
}
