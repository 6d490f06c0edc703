//! IFSC, the code of a bank branch: bank (4 letters), zero, branch (6 letters or digits).
//!
//! Branches close and banks merge, so a well-formed code may no longer exist; the Reserve Bank's list decides that.

use super::{IdentifierError, compact, has_shape, reads_and_prints};

/// A well-formed IFSC.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ifsc(String);

reads_and_prints!(Ifsc);

impl Ifsc {
    /// Checks the form.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let text = compact(text);
        if has_shape(&text, "AAAA0******") { Ok(Self(text)) } else { Err(IdentifierError::IfscFormat) }
    }

    /// The eleven characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The four letters of the bank.
    pub fn bank(&self) -> &str {
        &self.0[..4]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_of_living_branches_are_read() {
        for text in ["KKBK0000261", "HDFC0002854", "BARB0ZOOTIN"] {
            let ifsc = Ifsc::parse(text).unwrap();
            assert_eq!((ifsc.as_str(), ifsc.bank()), (text, &text[..4]));
        }
    }

    #[test]
    fn a_branch_that_is_gone_is_still_well_formed() {
        for text in ["BOTM0XEEMRA", "DLXB0000500", "SBBJ0010004"] {
            assert!(Ifsc::parse(text).is_ok(), "{text}: only the list can refuse it");
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in ["KKBK1000261", "KKBKO000261", "KKB00000261", "KKBK000026", "KKBK00002611", ""] {
            assert_eq!(Ifsc::parse(text), Err(IdentifierError::IfscFormat), "{text}");
        }
    }

    proptest! {
        #[test]
        fn well_formed_codes_read_back(text in "[A-Z]{4}0[A-Z0-9]{6}") {
            prop_assert_eq!(Ifsc::parse(&text.to_lowercase()).unwrap().to_string(), text);
        }
    }
}
