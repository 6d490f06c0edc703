//! Identifiers of people, firms, places and vehicles, one file each.
//!
//! `parse` is the only way in: it ignores spaces and hyphens, raises letters to capitals, checks the form and, where
//! there is one, the check character. Whether the identifier exists, and whose it is, only its register can say.
//! Values that point at a person show themselves masked in `Debug`; `Display` gives the full text for documents.
//! Errors never carry the input, so they may be logged.

mod driving_licence;
mod fssai;
mod gstin;
mod ifsc;
mod mobile;
mod pan;
mod pin;
mod upi;
mod vehicle;

use thiserror::Error;

pub use driving_licence::DrivingLicence;
pub use fssai::Fssai;
pub use gstin::Gstin;
pub use ifsc::Ifsc;
pub use mobile::Mobile;
pub use pan::{Pan, PanHolder};
pub use pin::Pin;
pub use upi::UpiAddress;
pub use vehicle::Vehicle;

/// Why a text is not the identifier it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
pub enum IdentifierError {
    /// Not a two-digit code of the GST State table.
    #[error("this is not a GST State code")]
    StateUnknown,
    /// Not the 15 characters of a regular registration.
    #[error("a GSTIN has 15 characters: State code, PAN, entity number, Z, check character")]
    GstinFormat,
    /// The first two digits name no State.
    #[error("the first two digits of the GSTIN are not a State code")]
    GstinState,
    /// Characters 3 to 12 are not a PAN.
    #[error("characters 3 to 12 of the GSTIN are not a PAN")]
    GstinPan,
    /// The last character does not follow from the others.
    #[error("the check character of the GSTIN does not match; a character is mistyped")]
    GstinChecksum,
    /// Not five letters, four digits and a letter.
    #[error("a PAN has five letters, four digits and a letter")]
    PanFormat,
    /// The fourth letter names no kind of holder.
    #[error("the fourth letter of the PAN names no kind of holder")]
    PanHolder,
    /// Not 14 digits beginning with 1 or 2.
    #[error("an FSSAI number has 14 digits and begins with 1 or 2")]
    FssaiFormat,
    /// Not six digits beginning with 1 to 9.
    #[error("a PIN code has six digits and does not begin with 0")]
    PinFormat,
    /// Not an Indian mobile number.
    #[error("an Indian mobile number has ten digits and begins with 6, 7, 8 or 9")]
    MobileFormat,
    /// Not four letters, a zero and six characters.
    #[error("an IFSC has four letters, a zero and six letters or digits")]
    IfscFormat,
    /// Not a name, an at sign and a handle.
    #[error("a UPI address has a name, an @ and the handle of a payment app or bank")]
    UpiFormat,
    /// Not the form of a registration plate.
    #[error("this is not the form of a vehicle registration number")]
    VehicleFormat,
    /// The first two letters name no registering State.
    #[error("the first two letters of the vehicle number name no State")]
    VehicleState,
    /// Not two letters and thirteen digits with a year among them.
    #[error("a driving licence number has two letters, two digits, the year of issue and seven digits")]
    LicenceFormat,
    /// The first two letters name no licensing State.
    #[error("the first two letters of the driving licence name no State")]
    LicenceState,
}

impl IdentifierError {
    /// Every error, for the lists of messages and translations.
    pub const ALL: [Self; 16] = [
        Self::StateUnknown,
        Self::GstinFormat,
        Self::GstinState,
        Self::GstinPan,
        Self::GstinChecksum,
        Self::PanFormat,
        Self::PanHolder,
        Self::FssaiFormat,
        Self::PinFormat,
        Self::MobileFormat,
        Self::IfscFormat,
        Self::UpiFormat,
        Self::VehicleFormat,
        Self::VehicleState,
        Self::LicenceFormat,
        Self::LicenceState,
    ];

    /// The stable name of the error.
    pub fn code(self) -> &'static str {
        match self {
            Self::StateUnknown => "state-unknown",
            Self::GstinFormat => "gstin-format",
            Self::GstinState => "gstin-state",
            Self::GstinPan => "gstin-pan",
            Self::GstinChecksum => "gstin-checksum",
            Self::PanFormat => "pan-format",
            Self::PanHolder => "pan-holder",
            Self::FssaiFormat => "fssai-format",
            Self::PinFormat => "pin-format",
            Self::MobileFormat => "mobile-format",
            Self::IfscFormat => "ifsc-format",
            Self::UpiFormat => "upi-format",
            Self::VehicleFormat => "vehicle-format",
            Self::VehicleState => "vehicle-state",
            Self::LicenceFormat => "licence-format",
            Self::LicenceState => "licence-state",
        }
    }
}

/// Without spaces and hyphens, in capitals.
fn compact(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-')
        .map(|letter| letter.to_ascii_uppercase())
        .collect()
}

/// Whether a text in capitals follows a shape: `9` is any digit, `A` any letter, `*` either; the rest stands for itself.
fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(byte, wanted)| match wanted {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            b'*' => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            literal => byte == literal,
        })
}

/// The text with X in place of all but its first and last characters.
fn mask(text: &str, shown_first: usize, shown_last: usize) -> String {
    let length = text.chars().count();
    let hidden = shown_first..length.saturating_sub(shown_last);
    text.chars().enumerate().map(|(index, letter)| if hidden.contains(&index) { 'X' } else { letter }).collect()
}

/// Display and FromStr in terms of `as_str` and `parse`.
macro_rules! reads_and_prints {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::IdentifierError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }
    };
}

/// Debug in terms of `masked`, so that a personal value does not reach a log by accident.
macro_rules! debugs_masked {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(formatter, concat!(stringify!($name), "({})"), self.masked())
            }
        }
    };
}

use {debugs_masked, reads_and_prints};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_its_own_kebab_code() {
        let mut codes: Vec<&str> = IdentifierError::ALL.map(IdentifierError::code).to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), IdentifierError::ALL.len());
        let kebab = |code: &str| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        assert!(codes.iter().all(|code| kebab(code)));
    }

    #[test]
    fn masks_keep_only_the_ends_they_are_told_to() {
        assert_eq!(mask("AAZPZ0001A", 0, 4), "XXXXXX001A");
        assert_eq!(mask("ab", 1, 0), "aX");
        assert_eq!(mask("ab", 2, 2), "ab");
        assert_eq!(mask("", 1, 1), "");
    }
}
