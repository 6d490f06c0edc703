//! The two-digit State codes that GST uses in registrations and on invoices.
//!
//! Every code knows which local tax stands beside CGST: SGST in States and in Union territories that have a
//! legislature (Delhi, Puducherry, Jammu and Kashmir), UTGST in the others (UTGST Act 2017 s.2(8), which counts
//! "other territory" among them). Code 99 is the Centre's own registration list, not a place, so it has none.
//! Codes 25 and 28 were given up when territories merged or split, but still stand on old papers.

use std::fmt;
use std::str::FromStr;

use crate::gst::TaxHead;
use crate::identifiers::IdentifierError;

/// A State, Union territory or special list of the GST code table. Ordered by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateCode(&'static Entry);

#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Entry {
    number: u8,
    letters: &'static str,
    name: &'static str,
    local_head: Option<TaxHead>,
}

impl StateCode {
    /// Reads the two-digit code, as in `29`. Surrounding spaces are ignored; `9` without its zero is refused.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let text = text.trim();
        if text.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(IdentifierError::StateUnknown);
        }
        let number: u8 = text.parse().map_err(|_| IdentifierError::StateUnknown)?;
        Self::from_number(number)
    }

    /// Finds the code by its number, as in 29.
    pub fn from_number(number: u8) -> Result<Self, IdentifierError> {
        Self::all().find(|code| code.number() == number).ok_or(IdentifierError::StateUnknown)
    }

    /// Every code of the table, in the order of the numbers, the two withdrawn ones included.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(Self)
    }

    /// The code as a number, 1 to 99.
    pub fn number(self) -> u8 {
        self.0.number
    }

    /// The two letters in everyday use, as in `KA`.
    pub fn letters(self) -> &'static str {
        self.0.letters
    }

    /// The name as an invoice prints it.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// The tax that stands beside CGST when supplier and place of supply are both here; none for code 99.
    pub fn local_head(self) -> Option<TaxHead> {
        self.0.local_head
    }

    /// The code that replaced a withdrawn one: 25 (Daman and Diu) became 26, 28 (undivided Andhra Pradesh) became 37.
    #[must_use]
    pub fn current(self) -> Self {
        let number = match self.number() {
            25 => 26,
            28 => 37,
            _ => return self,
        };
        Self::from_number(number).unwrap_or(self)
    }
}

impl fmt::Display for StateCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02}", self.number())
    }
}

impl FromStr for StateCode {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

const fn state(number: u8, letters: &'static str, name: &'static str) -> Entry {
    Entry { number, letters, name, local_head: Some(TaxHead::Sgst) }
}

const fn territory(number: u8, letters: &'static str, name: &'static str) -> Entry {
    Entry { number, letters, name, local_head: Some(TaxHead::Utgst) }
}

static TABLE: [Entry; 40] = [
    state(1, "JK", "Jammu and Kashmir"),
    state(2, "HP", "Himachal Pradesh"),
    state(3, "PB", "Punjab"),
    territory(4, "CH", "Chandigarh"),
    state(5, "UK", "Uttarakhand"),
    state(6, "HR", "Haryana"),
    state(7, "DL", "Delhi"),
    state(8, "RJ", "Rajasthan"),
    state(9, "UP", "Uttar Pradesh"),
    state(10, "BR", "Bihar"),
    state(11, "SK", "Sikkim"),
    state(12, "AR", "Arunachal Pradesh"),
    state(13, "NL", "Nagaland"),
    state(14, "MN", "Manipur"),
    state(15, "MZ", "Mizoram"),
    state(16, "TR", "Tripura"),
    state(17, "ML", "Meghalaya"),
    state(18, "AS", "Assam"),
    state(19, "WB", "West Bengal"),
    state(20, "JH", "Jharkhand"),
    state(21, "OD", "Odisha"),
    state(22, "CG", "Chhattisgarh"),
    state(23, "MP", "Madhya Pradesh"),
    state(24, "GJ", "Gujarat"),
    territory(25, "DD", "Daman and Diu (before 2020)"),
    territory(26, "DN", "Dadra and Nagar Haveli and Daman and Diu"),
    state(27, "MH", "Maharashtra"),
    state(28, "AD", "Andhra Pradesh (before division)"),
    state(29, "KA", "Karnataka"),
    state(30, "GA", "Goa"),
    territory(31, "LD", "Lakshadweep"),
    state(32, "KL", "Kerala"),
    state(33, "TN", "Tamil Nadu"),
    state(34, "PY", "Puducherry"),
    territory(35, "AN", "Andaman and Nicobar Islands"),
    state(36, "TG", "Telangana"),
    state(37, "AP", "Andhra Pradesh"),
    territory(38, "LA", "Ladakh"),
    territory(97, "OT", "Other Territory"),
    Entry { number: 99, letters: "CJ", name: "Centre Jurisdiction", local_head: None },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_each_number_and_each_pair_of_letters_once() {
        let numbers: Vec<u8> = StateCode::all().map(StateCode::number).collect();
        let expected: Vec<u8> = (1..=38).chain([97, 99]).collect();
        assert_eq!(numbers, expected);
        let mut letters: Vec<&str> = StateCode::all().map(StateCode::letters).collect();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), numbers.len());
    }

    #[test]
    fn every_code_reads_back_what_it_prints() {
        for code in StateCode::all() {
            assert_eq!(StateCode::parse(&code.to_string()), Ok(code));
        }
    }

    #[test]
    fn union_territories_without_a_legislature_levy_utgst() {
        let utgst: Vec<String> = StateCode::all()
            .filter(|code| code.local_head() == Some(TaxHead::Utgst))
            .map(|code| code.to_string())
            .collect();
        assert_eq!(utgst, ["04", "25", "26", "31", "35", "38", "97"]);
        for with_legislature in ["01", "07", "34"] {
            let code = StateCode::parse(with_legislature).unwrap();
            assert_eq!(code.local_head(), Some(TaxHead::Sgst));
        }
    }

    #[test]
    fn withdrawn_codes_lead_to_their_successors() {
        for (old, new) in [("25", "26"), ("28", "37"), ("29", "29")] {
            assert_eq!(StateCode::parse(old).unwrap().current().to_string(), new);
        }
    }

    #[test]
    fn what_is_not_in_the_table_is_refused() {
        for text in ["", "0", "9", "00", "39", "70", "96", "98", "100", "KA", "+9", "२९"] {
            assert_eq!(StateCode::parse(text), Err(IdentifierError::StateUnknown), "{text}");
        }
    }
}
