//! Where a supply to an unregistered customer takes place (IGST Act 2017 s.12).
//!
//! The place decides between CGST with SGST or UTGST and IGST. For registered recipients other limbs of the section
//! apply (the recipient's location); they are not needed on a customer's bill and are not decided here.

use super::SupplyKind;
use crate::state_code::StateCode;

/// The States that can matter for one bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupplyPlaces {
    /// Where the restaurant performs its service.
    pub restaurant: StateCode,
    /// Where goods are handed over to the courier; usually the restaurant's State.
    pub pickup: StateCode,
    /// The State of the customer's address on record. Rule 46 asks for it on every invoice issued through a platform.
    pub customer_on_record: Option<StateCode>,
    /// The State of the supplier's registration under which the line is billed.
    pub supplier: StateCode,
}

/// The place of supply of one kind of line, by s.12(4), s.12(8)(b) and s.12(2)(b), in the order of the kinds.
pub fn place_of_supply(kind: SupplyKind, places: &SupplyPlaces) -> StateCode {
    match kind {
        SupplyKind::RestaurantService => places.restaurant,
        SupplyKind::LocalDelivery => places.pickup,
        SupplyKind::PlatformFee => places.customer_on_record.unwrap_or(places.supplier),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gst::{RateBp, TaxHead, tax};

    fn heads(kind: SupplyKind, places: &SupplyPlaces) -> Vec<TaxHead> {
        let rate = RateBp::new(1800).unwrap();
        let lines = tax(1_000, rate, places.supplier, place_of_supply(kind, places));
        lines.iter().map(|line| line.head).collect()
    }

    #[test]
    fn a_kitchen_in_gurugram_serves_a_customer_in_delhi() {
        let haryana = StateCode::parse("06").unwrap();
        let delhi = StateCode::parse("07").unwrap();
        let places =
            SupplyPlaces { restaurant: haryana, pickup: haryana, customer_on_record: Some(delhi), supplier: haryana };
        assert_eq!(place_of_supply(SupplyKind::RestaurantService, &places), haryana);
        assert_eq!(place_of_supply(SupplyKind::LocalDelivery, &places), haryana);
        assert_eq!(place_of_supply(SupplyKind::PlatformFee, &places), delhi);
        assert_eq!(heads(SupplyKind::RestaurantService, &places), [TaxHead::Cgst, TaxHead::Sgst]);
        assert_eq!(heads(SupplyKind::LocalDelivery, &places), [TaxHead::Cgst, TaxHead::Sgst]);
        assert_eq!(heads(SupplyKind::PlatformFee, &places), [TaxHead::Igst]);
    }

    #[test]
    fn without_an_address_on_record_the_fee_is_supplied_where_the_supplier_is() {
        let [chandigarh, punjab] = ["04", "03"].map(|code| StateCode::parse(code).unwrap());
        let places =
            SupplyPlaces { restaurant: punjab, pickup: chandigarh, customer_on_record: None, supplier: chandigarh };
        assert_eq!(place_of_supply(SupplyKind::PlatformFee, &places), chandigarh);
        assert_eq!(heads(SupplyKind::PlatformFee, &places), [TaxHead::Cgst, TaxHead::Utgst]);
        assert_eq!(heads(SupplyKind::LocalDelivery, &places), [TaxHead::Cgst, TaxHead::Utgst]);
        assert_eq!(heads(SupplyKind::RestaurantService, &places), [TaxHead::Igst]);
    }
}
