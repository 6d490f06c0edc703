//! What the law published, with dates and sources: the rows a new rate table starts with.
//!
//! These are facts for filling the table, not defaults for computing: a bill is always priced from the table, where a
//! later notification closes one row and opens the next.

use jiff::civil::{Date, date};

use super::SupplyKind;

/// A published rate that is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedRate {
    /// What the rate is for.
    pub kind: SupplyKind,
    /// The full rate in basis points.
    pub rate_bp: i64,
    /// First day on which the rate and the platform's liability hold together.
    pub valid_from: Date,
    /// Service accounting code.
    pub sac: &'static str,
    /// The law, notifications and circulars.
    pub source: &'static str,
}

/// The rates in force for each kind of supply on a customer's bill.
///
/// Food of a restaurant at "specified premises" (18 % with input credit, paid by the restaurant) is not among them.
/// The delivery row starts on the day the platform became liable for unregistered couriers.
pub const PUBLISHED_RATES: &[PublishedRate] = &[
    PublishedRate {
        kind: SupplyKind::RestaurantService,
        rate_bp: 500,
        valid_from: date(2022, 1, 1),
        sac: "996331",
        source: "CGST Act s.9(5); Notification 17/2017-CT(R) cl.(iv) inserted by 17/2021-CT(R); \
                 rate: Notification 11/2017-CT(R) Sl. 7; Circular 167/23/2021",
    },
    PublishedRate {
        kind: SupplyKind::LocalDelivery,
        rate_bp: 1_800,
        valid_from: date(2025, 9, 22),
        sac: "996813",
        source: "CGST Act s.9(5); Notification 17/2017-CT(R) cl.(v) inserted by 17/2025-CT(R); \
                 rate: Notification 15/2025-CT(R)",
    },
    PublishedRate {
        kind: SupplyKind::PlatformFee,
        rate_bp: 1_800,
        valid_from: date(2017, 7, 1),
        sac: "998599",
        source: "CGST Act s.9(1); Notification 11/2017-CT(R) Sl. 23, other support services",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gst::{GstError, GstRate, RateBp, rate_on};

    fn table() -> Vec<GstRate> {
        let row = |published: &PublishedRate| GstRate {
            kind: published.kind,
            rate_bp: RateBp::new(published.rate_bp).unwrap(),
            valid_from: published.valid_from,
            valid_to: None,
            sac: published.sac.into(),
            source: published.source.into(),
        };
        PUBLISHED_RATES.iter().map(row).collect()
    }

    #[test]
    fn each_kind_has_one_published_rate_in_november_2026() {
        let table = table();
        let day = date(2026, 11, 20);
        let found: Vec<(i64, &str)> = SupplyKind::ALL
            .into_iter()
            .map(|kind| rate_on(&table, kind, day).unwrap())
            .map(|rate| (rate.rate_bp.full(), rate.sac.as_str()))
            .collect();
        assert_eq!(found, [(500, "996331"), (1_800, "996813"), (1_800, "998599")]);
    }

    #[test]
    fn the_platform_was_not_liable_before_the_notified_days() {
        for (kind, day) in
            [(SupplyKind::RestaurantService, date(2021, 12, 31)), (SupplyKind::LocalDelivery, date(2025, 9, 21))]
        {
            assert_eq!(rate_on(&table(), kind, day), Err(GstError::RateMissing { kind, day }));
        }
    }

    #[test]
    fn every_rate_names_its_source_and_a_six_digit_code() {
        for rate in PUBLISHED_RATES {
            assert!(rate.source.contains("Notification"), "{}", rate.source);
            assert!(!rate.source.contains("  "), "{}", rate.source);
            assert!(rate.sac.starts_with("99") && rate.sac.len() == 6, "{}", rate.sac);
        }
    }
}
