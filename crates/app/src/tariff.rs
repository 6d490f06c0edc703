//! The first tariff: what a new installation charges until the operator enters its own rates.
//!
//! Taxes come from the published table in `india`; fees are Dabba's own defaults. All are rows of `rates` with a date
//! and a source, so that a later change never touches an old bill.

use domain::id::CityId;
use india::gst::{PUBLISHED_RATES, SupplyKind};
use jiff::tz::TimeZone;
use store::{Tx, args, places};
use uuid::Uuid;

use crate::{App, error::Error};

/// Delivery up to [`DELIVERY_BASE_M`], paise.
pub const DELIVERY_BASE: &str = "delivery-base-paise";
/// The distance that the base covers, metres.
pub const DELIVERY_BASE_M: &str = "delivery-base-m";
/// Each further kilometre, paise.
pub const DELIVERY_PER_KM: &str = "delivery-per-km-paise";
/// The farthest delivery, metres.
pub const DELIVERY_MAX_M: &str = "delivery-max-m";
/// The platform's fee of an order, paise.
pub const PLATFORM_FEE: &str = "platform-fee-paise";
/// A courier's pay for a job, paise.
pub const COURIER_BASE: &str = "courier-base-paise";
/// A courier's pay for each kilometre from kitchen to door, paise.
pub const COURIER_PER_KM: &str = "courier-per-km-paise";
/// Cash that a courier may carry, paise.
pub const COURIER_CASH_LIMIT: &str = "courier-cash-limit-paise";
/// The largest order that may be paid in cash, paise.
pub const COD_LIMIT: &str = "cod-limit-paise";

const DEFAULTS: &[(&str, i64)] = &[
    (DELIVERY_BASE, 3_000),
    (DELIVERY_BASE_M, 1_500),
    (DELIVERY_PER_KM, 800),
    (DELIVERY_MAX_M, 12_000),
    (PLATFORM_FEE, 500),
    (COURIER_BASE, 3_000),
    (COURIER_PER_KM, 900),
    (COURIER_CASH_LIMIT, 500_000),
    (COD_LIMIT, 500_000),
];

/// The code of a tax rate, in basis points.
pub const fn tax_code(kind: SupplyKind) -> &'static str {
    match kind {
        SupplyKind::RestaurantService => "gst-restaurant-service-bp",
        SupplyKind::LocalDelivery => "gst-local-delivery-bp",
        SupplyKind::PlatformFee => "gst-platform-fee-bp",
    }
}

impl App {
    /// Enters the rates that a new installation starts with; keeps whatever is there.
    pub(crate) async fn enter_first_tariff(&self) -> Result<(), Error> {
        let everywhere = CityId(Uuid::nil());
        let mut tx = Tx::new("enter first tariff");
        for (code, value) in DEFAULTS {
            let source = "Dabba's default tariff";
            tx = tx.run(&places::INSERT_RATE, args![*code, everywhere, 0_i64, None::<i64>, *value, source]);
        }
        for published in PUBLISHED_RATES {
            let from = india_midnight(published.valid_from)?;
            let source = published.source;
            tx = tx.run(
                &places::INSERT_RATE,
                args![tax_code(published.kind), everywhere, from, None::<i64>, published.rate_bp, source],
            );
        }
        Ok(self.db.commit(tx).await?)
    }
}

fn india_midnight(date: jiff::civil::Date) -> Result<i64, Error> {
    let zone = TimeZone::get("Asia/Kolkata").map_err(|error| Error::Internal(error.to_string()))?;
    let midnight = date.to_zoned(zone).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(midnight.timestamp().as_microsecond())
}
