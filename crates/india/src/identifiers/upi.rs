//! The virtual payment address of UPI, `name@handle`.
//!
//! The address has no upper and lower case, so it is kept in lower case; at most 255 characters by NPCI's rule.
//! Underscores are let through because some payment apps give them out. Only the payee's bank knows whether an address
//! exists. It often contains a mobile number, hence the mask.

use super::{IdentifierError, debugs_masked, mask, reads_and_prints};

/// A well-formed UPI address.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UpiAddress(String);

reads_and_prints!(UpiAddress);
debugs_masked!(UpiAddress);

impl UpiAddress {
    /// Checks a name of two or more letters, digits, `.`, `-` or `_`, and a handle of 2 to 64 letters and digits that
    /// begins with a letter. Surrounding spaces are ignored; hyphens belong to the name.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let text = text.trim().to_ascii_lowercase();
        let (name, handle) = text.split_once('@').ok_or(IdentifierError::UpiFormat)?;
        if text.len() <= 255 && is_name(name) && is_handle(handle) {
            Ok(Self(text))
        } else {
            Err(IdentifierError::UpiFormat)
        }
    }

    /// The address in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The handle of the payment app or bank, the part after the `@`.
    pub fn handle(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, handle)| handle)
    }

    /// The first character of the name and the handle, such as `kXXXXXXXXX@okhdfcbank`.
    pub fn masked(&self) -> String {
        mask(&self.0, 1, self.handle().len() + 1)
    }
}

fn is_name(name: &str) -> bool {
    name.len() >= 2 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

fn is_handle(handle: &str) -> bool {
    (2..=64).contains(&handle.len())
        && handle.starts_with(|first: char| first.is_ascii_alphabetic())
        && handle.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_read_in_any_case() {
        let address = UpiAddress::parse(" Kitchen.42@OkHdfcBank ").unwrap();
        assert_eq!(address.as_str(), "kitchen.42@okhdfcbank");
        assert_eq!(address.handle(), "okhdfcbank");
        assert!(UpiAddress::parse("asha_k-1@ybl").is_ok());
    }

    #[test]
    fn other_texts_are_refused() {
        let long = format!("{}@upi", "a".repeat(252));
        for text in [
            "a@b.c",
            "x@@upi",
            "a@upi",
            "asha",
            "asha@",
            "asha@u",
            "asha@1upi",
            "as ha@upi",
            "asha@example.com",
            "",
            &long,
        ] {
            assert_eq!(UpiAddress::parse(text), Err(IdentifierError::UpiFormat), "{text}");
        }
    }

    #[test]
    fn debug_output_is_masked() {
        let address = UpiAddress::parse("9876543210@ybl").unwrap();
        assert_eq!(format!("{address:?}"), "UpiAddress(9XXXXXXXXX@ybl)");
    }

    proptest! {
        #[test]
        fn well_formed_addresses_read_back(text in "[a-z0-9._-]{2,180}@[a-z][a-z0-9]{1,63}") {
            let address = UpiAddress::parse(&text).unwrap();
            prop_assert_eq!(address.to_string(), text.as_str());
            prop_assert_eq!(UpiAddress::parse(&text.to_uppercase()).unwrap(), address);
        }
    }
}
