//! Money is whole paise. Nothing in the product holds an amount in any other form.
//!
//! Addition and subtraction are checked in debug and wrap nowhere: amounts of a delivery platform stay far below the
//! range of `i64`, and every amount that enters is bounded by its own rule.

use serde::{Deserialize, Serialize};

/// An amount in paise (one hundredth of a rupee). May be negative where a balance can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Paise(pub i64);

impl Paise {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of whole rupees.
    pub const fn rupees(rupees: i64) -> Self {
        Self(rupees * 100)
    }

    /// This amount as often as `quantity` says.
    #[must_use]
    pub const fn times(self, quantity: i64) -> Self {
        Self(self.0 * quantity)
    }

    /// The share given in basis points (1/10,000), rounded half up to a paisa.
    #[must_use]
    pub const fn share(self, basis_points: i64) -> Self {
        Self((self.0 * basis_points + 5_000).div_euclid(10_000))
    }
}

impl std::ops::Add for Paise {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Paise {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl std::ops::AddAssign for Paise {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl std::iter::Sum for Paise {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, std::ops::Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::Paise;

    #[test]
    fn a_share_rounds_half_up() {
        assert_eq!(Paise(1_250).share(900), Paise(113));
        assert_eq!(Paise(39_000).share(250), Paise(975));
        assert_eq!(Paise(1).share(4_999), Paise(0));
        assert_eq!(Paise(1).share(5_000), Paise(1));
    }
}
