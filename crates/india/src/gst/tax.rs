//! The tax on one taxable value, split into the heads it is owed under.
//!
//! Within one State CGST and SGST (or UTGST) are each computed at half the rate and each rounded to paise, so they are
//! always equal; splitting a rounded total would not keep that. Across States one IGST line carries the full rate.
//! 18 % of Rs 12.50 is therefore 1.13 + 1.13 = 2.26 within a State and 2.25 across States.

use super::RateBp;
use crate::state_code::StateCode;

/// The account a tax amount belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TaxHead {
    /// Central tax, beside SGST or UTGST.
    Cgst,
    /// State tax.
    Sgst,
    /// Union territory tax, where there is no legislature.
    Utgst,
    /// Integrated tax, across States.
    Igst,
}

impl TaxHead {
    /// The stable name used in storage and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Cgst => "cgst",
            Self::Sgst => "sgst",
            Self::Utgst => "utgst",
            Self::Igst => "igst",
        }
    }
}

/// One line of tax as the invoice shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxLine {
    /// The head.
    pub head: TaxHead,
    /// The rate of this head in basis points: half the full rate, or all of it for IGST.
    pub rate_bp: i64,
    /// The taxable value.
    pub base_paise: i64,
    /// The tax, rounded half up to paise.
    pub amount_paise: i64,
}

/// Computes the tax lines of one taxable value. A nil rate gives lines of zero, since an invoice shows them too.
pub fn tax(base_paise: i64, rate: RateBp, supplier_state: StateCode, place_of_supply: StateCode) -> Vec<TaxLine> {
    let line = |head, rate_bp| TaxLine { head, rate_bp, base_paise, amount_paise: share(base_paise, rate_bp) };
    let same_state = supplier_state.current() == place_of_supply.current();
    match place_of_supply.local_head() {
        Some(local_head) if same_state => {
            vec![line(TaxHead::Cgst, rate.half()), line(local_head, rate.half())]
        }
        _ => vec![line(TaxHead::Igst, rate.full())],
    }
}

/// What to add to a total so that it becomes whole rupees, 50 paise and more going up (the manner of CGST Act s.170).
///
/// It belongs on a line of its own: the tax lines keep their paise.
pub fn rupee_round_off(total_paise: i64) -> i64 {
    let odd_paise = total_paise % 100;
    if odd_paise.abs() >= 50 { 100 * odd_paise.signum() - odd_paise } else { -odd_paise }
}

/// A share in basis points, half a paisa rounding away from zero. Split at the whole 10 000s so that it cannot overflow.
fn share(base_paise: i64, rate_bp: i64) -> i64 {
    const WHOLE: i64 = 10_000;
    let remainder = base_paise % WHOLE * rate_bp;
    let rounded = (remainder.abs() + WHOLE / 2) / WHOLE * remainder.signum();
    base_paise / WHOLE * rate_bp + rounded
}

#[cfg(test)]
#[path = "tax_tests.rs"]
mod tests;
