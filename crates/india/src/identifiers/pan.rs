//! PAN, the Income-tax department's permanent account number.
//!
//! The fourth letter tells the kind of holder, the fifth is the first letter of the surname or name. The rule of the last
//! letter is not public, so only the form can be checked; the name must be matched with the department's register.

use super::{IdentifierError, compact, debugs_masked, has_shape, mask, reads_and_prints};

/// A well-formed PAN.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pan {
    text: String,
    holder: PanHolder,
}

/// The kind of person that holds a PAN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PanHolder {
    /// P: a natural person, also as sole proprietor.
    Individual,
    /// C.
    Company,
    /// H: Hindu undivided family.
    HinduUndividedFamily,
    /// F: firm or limited liability partnership.
    Firm,
    /// A.
    AssociationOfPersons,
    /// T.
    Trust,
    /// B.
    BodyOfIndividuals,
    /// L.
    LocalAuthority,
    /// J: any other person the law treats as one.
    ArtificialJuridicalPerson,
    /// G.
    Government,
}

reads_and_prints!(Pan);
debugs_masked!(Pan);

impl Pan {
    /// Checks the form and the letter of the holder.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let text = compact(text);
        if !has_shape(&text, "AAAAA9999A") {
            return Err(IdentifierError::PanFormat);
        }
        let holder = holder_of(text.as_bytes()[3]).ok_or(IdentifierError::PanHolder)?;
        Ok(Self { text, holder })
    }

    /// The ten characters.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The kind of holder.
    pub fn holder(&self) -> PanHolder {
        self.holder
    }

    /// Only the last four characters.
    pub fn masked(&self) -> String {
        mask(&self.text, 0, 4)
    }
}

fn holder_of(letter: u8) -> Option<PanHolder> {
    Some(match letter {
        b'P' => PanHolder::Individual,
        b'C' => PanHolder::Company,
        b'H' => PanHolder::HinduUndividedFamily,
        b'F' => PanHolder::Firm,
        b'A' => PanHolder::AssociationOfPersons,
        b'T' => PanHolder::Trust,
        b'B' => PanHolder::BodyOfIndividuals,
        b'L' => PanHolder::LocalAuthority,
        b'J' => PanHolder::ArtificialJuridicalPerson,
        b'G' => PanHolder::Government,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_proprietor_and_a_company_are_told_apart() {
        assert_eq!(Pan::parse("AAZPZ0001A").unwrap().holder(), PanHolder::Individual);
        assert_eq!(Pan::parse("aaacz9999z").unwrap().holder(), PanHolder::Company);
    }

    #[test]
    fn the_letters_of_holders_are_these_ten() {
        let known: String = ('A'..='Z').filter(|letter| Pan::parse(&format!("AAZ{letter}Z0001A")).is_ok()).collect();
        assert_eq!(known, "ABCFGHJLPT");
    }

    #[test]
    fn other_forms_are_refused() {
        assert_eq!(Pan::parse("AAZXZ0001A"), Err(IdentifierError::PanHolder));
        for text in ["AAZPZ001A", "", "AAZPZ00011", "1AZPZ0001A", "AAZPZ0001AA"] {
            assert_eq!(Pan::parse(text), Err(IdentifierError::PanFormat), "{text}");
        }
    }

    #[test]
    fn debug_output_is_masked() {
        let pan = Pan::parse("AAZPZ0001A").unwrap();
        assert_eq!(format!("{pan:?}"), "Pan(XXXXXX001A)");
    }

    proptest! {
        #[test]
        fn well_formed_numbers_read_back(text in "[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z]") {
            prop_assert_eq!(Pan::parse(&text).unwrap().to_string(), text);
        }
    }
}
