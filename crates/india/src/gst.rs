//! Goods and Services Tax on a delivery bill: which dated rate holds, where a supply takes place, what each head gets.
//!
//! Rates are data. The caller hands in rows with first and last day, and [`rate_on`] finds the single one that holds;
//! nothing here falls back on a built-in rate. [`PUBLISHED_RATES`] lists what the law published, with its sources, for
//! filling that table. Dates are civil dates in India (UTC+5:30). Sums are paise as `i64`; a negative base is a credit
//! note and gives exactly the negative of the tax it takes back.

mod place_of_supply;
mod published_rates;
mod tax;

use std::fmt;

use jiff::civil::Date;
use thiserror::Error;

pub use place_of_supply::{SupplyPlaces, place_of_supply};
pub use published_rates::{PUBLISHED_RATES, PublishedRate};
pub use tax::{TaxHead, TaxLine, rupee_round_off, tax};

/// What is supplied on a customer's bill. Each kind has its own rate, SAC and place-of-supply rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SupplyKind {
    /// Prepared food with its packaging, and delivery by the restaurant itself: taxed on the platform by CGST Act s.9(5).
    RestaurantService,
    /// Delivery by a courier through or by the platform.
    LocalDelivery,
    /// The platform's own fee to the customer, whatever its name on the bill.
    PlatformFee,
}

impl SupplyKind {
    /// Every kind, for lists and for reading codes back.
    pub const ALL: [Self; 3] = [Self::RestaurantService, Self::LocalDelivery, Self::PlatformFee];

    /// The stable name used in storage and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::RestaurantService => "restaurant-service",
            Self::LocalDelivery => "local-delivery",
            Self::PlatformFee => "platform-fee",
        }
    }

    /// Reads what [`SupplyKind::code`] wrote.
    pub fn from_code(code: &str) -> Result<Self, GstError> {
        Self::ALL.into_iter().find(|kind| kind.code() == code).ok_or(GstError::UnknownKind)
    }
}

impl fmt::Display for SupplyKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// A tax rate in basis points (500 is 5 %): even, so that the two halves are whole, and at most 100 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RateBp(i64);

impl RateBp {
    /// Checks a number from outside.
    pub fn new(basis_points: i64) -> Result<Self, GstError> {
        if !(0..=10_000).contains(&basis_points) {
            return Err(GstError::RateOutOfRange);
        }
        if basis_points % 2 != 0 {
            return Err(GstError::RateOdd);
        }
        Ok(Self(basis_points))
    }

    /// The whole rate in basis points, as charged under IGST.
    pub fn full(self) -> i64 {
        self.0
    }

    /// Half the rate in basis points, as charged under CGST and again under SGST or UTGST.
    pub fn half(self) -> i64 {
        self.0 / 2
    }
}

/// One dated row of the rate table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GstRate {
    /// What the rate is for.
    pub kind: SupplyKind,
    /// The full rate.
    pub rate_bp: RateBp,
    /// First day on which the rate holds.
    pub valid_from: Date,
    /// Last day on which it holds, that day included; none while it is in force.
    pub valid_to: Option<Date>,
    /// Service accounting code for the invoice line.
    pub sac: String,
    /// The law, notification or circular behind it.
    pub source: String,
}

impl GstRate {
    /// Whether the rate holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// Finds the one rate of a kind that holds on a day; a gap and an overlap in the table are both errors.
pub fn rate_on(rates: &[GstRate], kind: SupplyKind, day: Date) -> Result<&GstRate, GstError> {
    let mut holding = rates.iter().filter(|rate| rate.kind == kind && rate.holds_on(day));
    let rate = holding.next().ok_or(GstError::RateMissing { kind, day })?;
    if holding.next().is_some() {
        return Err(GstError::RateAmbiguous { kind, day });
    }
    Ok(rate)
}

/// Why a tax cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum GstError {
    /// The rate table has a gap.
    #[error("no GST rate for {kind} holds on {day}")]
    RateMissing {
        /// The kind that was asked for.
        kind: SupplyKind,
        /// The day that was asked for.
        day: Date,
    },
    /// The rate table overlaps.
    #[error("more than one GST rate for {kind} holds on {day}")]
    RateAmbiguous {
        /// The kind that was asked for.
        kind: SupplyKind,
        /// The day that was asked for.
        day: Date,
    },
    /// A rate that has no whole half in basis points.
    #[error("a GST rate must be an even number of basis points")]
    RateOdd,
    /// A rate below 0 % or above 100 %.
    #[error("a GST rate must lie between 0 and 10000 basis points")]
    RateOutOfRange,
    /// A stored kind that this version does not know.
    #[error("unknown kind of supply")]
    UnknownKind,
}

impl GstError {
    /// The stable name of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RateMissing { .. } => "gst-rate-missing",
            Self::RateAmbiguous { .. } => "gst-rate-ambiguous",
            Self::RateOdd => "gst-rate-odd",
            Self::RateOutOfRange => "gst-rate-out-of-range",
            Self::UnknownKind => "gst-kind-unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn row(rate_bp: i64, valid_from: Date, valid_to: Option<Date>) -> GstRate {
        GstRate {
            kind: SupplyKind::LocalDelivery,
            rate_bp: RateBp::new(rate_bp).unwrap(),
            valid_from,
            valid_to,
            sac: "996813".into(),
            source: "test".into(),
        }
    }

    #[test]
    fn the_rate_changes_at_midnight_between_last_and_first_day() {
        let rates = [row(500, date(2022, 1, 1), Some(date(2025, 9, 21))), row(1800, date(2025, 9, 22), None)];
        let on = |day| rate_on(&rates, SupplyKind::LocalDelivery, day).map(|rate| rate.rate_bp.full());
        assert_eq!(on(date(2022, 1, 1)), Ok(500));
        assert_eq!(on(date(2025, 9, 21)), Ok(500));
        assert_eq!(on(date(2025, 9, 22)), Ok(1800));
        assert_eq!(on(date(2099, 1, 1)), Ok(1800));
    }

    #[test]
    fn a_gap_and_another_kind_are_missing_rates() {
        let rates = [row(1800, date(2025, 9, 22), Some(date(2025, 9, 30)))];
        for day in [date(2025, 9, 21), date(2025, 10, 1)] {
            let kind = SupplyKind::LocalDelivery;
            assert_eq!(rate_on(&rates, kind, day), Err(GstError::RateMissing { kind, day }));
        }
        let (kind, day) = (SupplyKind::PlatformFee, date(2025, 9, 25));
        let error = rate_on(&rates, kind, day).unwrap_err();
        assert_eq!(error.to_string(), "no GST rate for platform-fee holds on 2025-09-25");
    }

    #[test]
    fn two_rates_on_one_day_are_refused() {
        let day = date(2025, 9, 22);
        let rates = [row(500, date(2022, 1, 1), Some(day)), row(1800, day, None)];
        let kind = SupplyKind::LocalDelivery;
        assert_eq!(rate_on(&rates, kind, day), Err(GstError::RateAmbiguous { kind, day }));
    }

    #[test]
    fn rates_are_even_and_between_nothing_and_everything() {
        assert_eq!(RateBp::new(500).map(RateBp::half), Ok(250));
        assert_eq!(RateBp::new(0).map(RateBp::full), Ok(0));
        assert_eq!(RateBp::new(25), Err(GstError::RateOdd));
        for outside in [-2, 10_002, i64::MIN, i64::MAX] {
            assert_eq!(RateBp::new(outside), Err(GstError::RateOutOfRange));
        }
    }

    #[test]
    fn kinds_read_back_their_codes() {
        for kind in SupplyKind::ALL {
            assert_eq!(SupplyKind::from_code(kind.code()), Ok(kind));
        }
        assert_eq!(SupplyKind::from_code("food"), Err(GstError::UnknownKind));
    }
}
