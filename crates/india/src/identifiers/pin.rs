//! PIN, the six-digit postal code. The first digit is the region, 9 being the army's own post.

use super::{IdentifierError, compact, has_shape, reads_and_prints};

/// A well-formed PIN code.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pin(String);

reads_and_prints!(Pin);

impl Pin {
    /// Checks six digits without a leading zero; `560 001` is read as `560001`.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let text = compact(text);
        if has_shape(&text, "999999") && !text.starts_with('0') {
            Ok(Self(text))
        } else {
            Err(IdentifierError::PinFormat)
        }
    }

    /// The six digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn six_digits_are_read_with_or_without_the_gap() {
        for text in ["560001", "560 001", " 560-001 "] {
            assert_eq!(Pin::parse(text).unwrap().as_str(), "560001");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["060001", "56000", "5600011", "56000A", "", "५६०००१"] {
            assert_eq!(Pin::parse(text), Err(IdentifierError::PinFormat), "{text}");
        }
    }

    proptest! {
        #[test]
        fn well_formed_codes_read_back(text in "[1-9][0-9]{5}") {
            prop_assert_eq!(Pin::parse(&text).unwrap().to_string(), text);
        }
    }
}
