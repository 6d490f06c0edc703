//! An Indian mobile number, kept as E.164 (`+919876543210`) however it was typed.

use super::{IdentifierError, compact, debugs_masked, has_shape, mask, reads_and_prints};

/// A mobile number with country code +91.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mobile(String);

reads_and_prints!(Mobile);
debugs_masked!(Mobile);

impl Mobile {
    /// Reads ten digits that begin with 6 to 9, bare or after `0`, `91` or `+91`.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let text = compact(text);
        let subscriber = match text.len() {
            13 => text.strip_prefix("+91"),
            12 => text.strip_prefix("91"),
            11 => text.strip_prefix('0'),
            _ => Some(text.as_str()),
        };
        match subscriber {
            Some(digits) if has_shape(digits, "9999999999") && digits.starts_with(['6', '7', '8', '9']) => {
                Ok(Self(format!("+91{digits}")))
            }
            _ => Err(IdentifierError::MobileFormat),
        }
    }

    /// The number as E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Country code and last four digits, such as `+91XXXXXX3210`.
    pub fn masked(&self) -> String {
        mask(&self.0, 3, 4)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn all_spellings_become_one() {
        for text in ["+919876543210", "919876543210", "09876543210", "9876543210", "+91 98765 43210", "098765-43210"] {
            assert_eq!(Mobile::parse(text).unwrap().as_str(), "+919876543210", "{text}");
        }
    }

    #[test]
    fn ten_digits_beginning_with_91_are_a_subscriber_number() {
        assert_eq!(Mobile::parse("9123456789").unwrap().as_str(), "+919123456789");
    }

    #[test]
    fn landlines_foreign_and_broken_numbers_are_refused() {
        for text in [
            "+915876543210",
            "5876543210",
            "+449876543210",
            "987654321",
            "98765432101",
            "929876543210",
            "+91+919876543210",
            "98765 4321O",
            "",
        ] {
            assert_eq!(Mobile::parse(text), Err(IdentifierError::MobileFormat), "{text}");
        }
    }

    #[test]
    fn debug_output_is_masked() {
        let mobile = Mobile::parse("9876543210").unwrap();
        assert_eq!(format!("{mobile:?}"), "Mobile(+91XXXXXX3210)");
    }

    proptest! {
        #[test]
        fn every_prefix_leads_to_the_same_number(
            digits in "[6-9][0-9]{9}",
            prefix in prop::sample::select(vec!["", "0", "91", "+91"]),
        ) {
            let mobile = Mobile::parse(&format!("{prefix}{digits}")).unwrap();
            prop_assert_eq!(mobile.as_str(), format!("+91{digits}"));
            prop_assert_eq!(Mobile::parse(&mobile.to_string()).unwrap(), mobile);
        }
    }
}
