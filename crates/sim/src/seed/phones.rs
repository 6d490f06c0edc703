//! Telephone numbers of the simulation's figures, by which they are known again.
//!
//! `+91 70CC K NNNNN`: two digits for the city, one for the kind, five for the figure. Nothing is ever sent to them:
//! the demo delivers messages to its own mailbox.

/// Whose number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Kitchen,
    Courier,
    Customer,
}

impl Kind {
    pub(crate) const fn digit(self) -> u8 {
        match self {
            Self::Kitchen => 1,
            Self::Courier => 2,
            Self::Customer => 3,
        }
    }
}

/// What all numbers of a kind in a city begin with, as stored.
pub(crate) fn prefix(slug: &str, kind: Kind) -> String {
    let city = slug.bytes().fold(0_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 9_973) % 100;
    format!("+9170{city:02}{}", kind.digit())
}

/// The number of one figure.
pub(crate) fn phone(slug: &str, kind: Kind, number: u32) -> String {
    format!("{}{:05}", prefix(slug, kind), number % 100_000)
}

/// Which figure a stored number belongs to.
pub(crate) fn figure(slug: &str, kind: Kind, phone: Option<&str>) -> Option<u32> {
    phone?.strip_prefix(prefix(slug, kind).as_str())?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Kind, figure, phone};

    #[test]
    fn a_figure_is_known_by_its_number() {
        let number = phone("bengaluru", Kind::Courier, 17);
        assert!(india::Mobile::parse(&number).is_ok(), "{number}");
        assert_eq!(figure("bengaluru", Kind::Courier, Some(&number)), Some(17));
        assert_eq!(figure("bengaluru", Kind::Customer, Some(&number)), None);
        assert_eq!(figure("bengaluru", Kind::Courier, Some("+919876543210")), None);
    }
}
