//! The worked bill of a customer in Karnataka, and what must hold for every amount.

use proptest::prelude::*;

use super::*;

fn state(code: &str) -> StateCode {
    StateCode::parse(code).unwrap()
}

fn karnataka(base_paise: i64, rate_bp: i64) -> Vec<TaxLine> {
    let rate = RateBp::new(rate_bp).unwrap();
    tax(base_paise, rate, state("29"), state("29"))
}

fn total(lines: &[TaxLine]) -> i64 {
    lines.iter().map(|line| line.amount_paise).sum()
}

#[test]
fn the_worked_bill_comes_to_465_rupees_56() {
    let food = 42_000 + 2_000 - 5_000;
    let mut payable = 0;
    for (base, rate_bp, half, line_total) in
        [(food, 500, 975, 40_950), (3_500, 1_800, 315, 4_130), (1_250, 1_800, 113, 1_476)]
    {
        let lines = karnataka(base, rate_bp);
        let amounts: Vec<(TaxHead, i64)> = lines.iter().map(|line| (line.head, line.amount_paise)).collect();
        assert_eq!(amounts, [(TaxHead::Cgst, half), (TaxHead::Sgst, half)]);
        assert_eq!(base + total(&lines), line_total);
        payable += line_total;
    }
    assert_eq!(payable, 46_556);
    assert_eq!(rupee_round_off(payable), 44);
}

#[test]
fn the_restaurant_is_settled_288_rupees_37_on_the_worked_bill() {
    let food = 39_000;
    let commission = share(food, 2_200);
    let gst_on_commission = total(&karnataka(commission, 1_800));
    let tds = share(food, 10);
    assert_eq!((commission, gst_on_commission, tds), (8_580, 1_544, 39));
    assert_eq!(food - commission - gst_on_commission - tds, 28_837);
}

#[test]
fn halves_round_each_on_their_own_but_igst_rounds_once() {
    assert_eq!(total(&karnataka(1_250, 1_800)), 226);
    let rate = RateBp::new(1_800).unwrap();
    let across = tax(1_250, rate, state("06"), state("07"));
    let expected = TaxLine { head: TaxHead::Igst, rate_bp: 1_800, base_paise: 1_250, amount_paise: 225 };
    assert_eq!(across, [expected]);
}

#[test]
fn half_a_paisa_goes_up_and_less_goes_down() {
    for (base, half) in [(0, 0), (19, 0), (20, 1), (59, 1), (60, 2)] {
        let lines = karnataka(base, 500);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.amount_paise == half && line.rate_bp == 250), "{base}");
    }
}

#[test]
fn a_union_territory_without_legislature_takes_utgst() {
    let rate = RateBp::new(500).unwrap();
    for (supplier, place, local) in [
        ("04", "04", TaxHead::Utgst),
        ("25", "26", TaxHead::Utgst),
        ("28", "37", TaxHead::Sgst),
        ("07", "07", TaxHead::Sgst),
        ("34", "34", TaxHead::Sgst),
    ] {
        let lines = tax(10_000, rate, state(supplier), state(place));
        let heads: Vec<TaxHead> = lines.iter().map(|line| line.head).collect();
        assert_eq!(heads, [TaxHead::Cgst, local]);
    }
}

#[test]
fn a_supplier_on_the_list_of_the_centre_always_owes_igst() {
    let rate = RateBp::new(1_800).unwrap();
    for place in ["29", "99"] {
        assert_eq!(tax(10_000, rate, state("99"), state(place))[0].head, TaxHead::Igst);
    }
}

#[test]
fn the_round_off_reaches_the_nearest_rupee() {
    for (paise, round_off) in [(0, 0), (149, -49), (150, 50), (199, 1), (-149, 49), (-150, -50), (-46_556, -44)] {
        assert_eq!(rupee_round_off(paise), round_off, "{paise}");
    }
}

#[test]
fn the_largest_amounts_do_not_overflow() {
    assert_eq!(share(i64::MAX, 10_000), i64::MAX);
    assert_eq!(share(i64::MIN, 10_000), i64::MIN);
    assert_eq!(rupee_round_off(i64::MAX), -7);
}

fn any_state() -> impl Strategy<Value = StateCode> {
    prop::sample::select(StateCode::all().collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn within_a_state_the_halves_are_equal_and_close_to_the_exact_tax(
        base in -1_000_000_000_000_i64..1_000_000_000_000,
        half_bp in 0_i64..=5_000,
    ) {
        let lines = karnataka(base, half_bp * 2);
        prop_assert_eq!(lines.len(), 2);
        prop_assert_eq!(lines[0].amount_paise, lines[1].amount_paise);
        prop_assert_eq!(lines[0].rate_bp + lines[1].rate_bp, half_bp * 2);
        let error = (lines[0].amount_paise * 10_000 - base * half_bp).abs();
        prop_assert!(error <= 5_000, "a half is off by {error} ten-thousandths of a paisa");
    }

    #[test]
    fn the_parts_add_up_to_the_full_rate_within_a_paisa(
        base in 0_i64..1_000_000_000_000,
        half_bp in 0_i64..=5_000,
        supplier in any_state(),
        place in any_state(),
    ) {
        let rate = RateBp::new(half_bp * 2).unwrap();
        let lines = tax(base, rate, supplier, place);
        prop_assert_eq!(lines.iter().map(|line| line.rate_bp).sum::<i64>(), rate.full());
        prop_assert!(lines.iter().all(|line| line.base_paise == base));
        prop_assert!((total(&lines) - share(base, rate.full())).abs() <= 1);
        prop_assert_eq!(lines.len() == 1, lines[0].head == TaxHead::Igst);
    }

    #[test]
    fn a_credit_note_takes_back_exactly_what_was_charged(
        base in 0_i64..1_000_000_000_000,
        half_bp in 0_i64..=5_000,
        place in any_state(),
    ) {
        let rate = RateBp::new(half_bp * 2).unwrap();
        let charged = tax(base, rate, state("29"), place);
        let returned = tax(-base, rate, state("29"), place);
        for (charge, refund) in charged.iter().zip(&returned) {
            prop_assert_eq!(charge.head, refund.head);
            prop_assert_eq!(charge.amount_paise, -refund.amount_paise);
        }
        prop_assert_eq!(rupee_round_off(base), -rupee_round_off(-base));
        prop_assert_eq!((base + rupee_round_off(base)) % 100, 0);
    }
}
