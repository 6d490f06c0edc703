//! The parts of one order put together: the later of food and courier, then the last mile.

use domain::arrival::{Delay, FOUND_WITHIN_S, KEPT_S, Span};

use super::{EARLY, PROMISE, Spread};

/// What is left of each part of an order, from now, in seconds. A part that is over is certain nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// Seconds until a courier is wanted at all; less than nothing once one is.
    pub wanted_in_s: f64,
    /// Until a courier takes it, from then.
    pub assignment: Spread,
    /// From there to the counter.
    pub first_mile: Spread,
    /// Until the food is ready.
    pub preparation: Spread,
    /// From when the bag can leave to the door.
    pub last_mile: Spread,
}

/// When it should arrive, in seconds from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// The early end of the range.
    pub low_s: i64,
    /// As often sooner as later.
    pub p50_s: i64,
    /// The late end: the promise.
    pub high_s: i64,
}

impl Parts {
    /// Until a courier is at the counter.
    fn courier(&self) -> Spread {
        self.assignment.plus(&self.first_mile).shifted(self.wanted_in_s.max(0.0))
    }

    /// Until the order is at the door.
    pub fn total(&self) -> Spread {
        self.preparation.later_of(&self.courier()).plus(&self.last_mile)
    }

    /// The range and the middle of the whole.
    ///
    /// The early end is the early end of the sum, but not sooner than the parts' own early ends one after the other: of
    /// two parts that are now and then over at once the sum is so more often than either, and nobody should be told to
    /// stand at the door before an early kitchen, an early courier and a quick ride have been.
    pub fn outlook(&self) -> Outlook {
        let total = self.total();
        let counter = self.preparation.quantile(EARLY).max(self.courier().quantile(EARLY));
        let low_s = seconds(total.quantile(EARLY).max(counter + self.last_mile.quantile(EARLY)));
        Outlook {
            low_s,
            p50_s: seconds(total.quantile(0.5)).max(low_s),
            high_s: seconds(total.quantile(PROMISE)).max(low_s),
        }
    }

    /// What holds it up most, if that can be named. `said_in_s` is when its food was first said to be ready.
    ///
    /// An order that nobody has is not missed before somebody should have been found: until then a courier who was sent
    /// would only wait. Nor is a kitchen late whose food comes as it was said.
    pub fn bottleneck(&self, said_in_s: f64) -> Option<Delay> {
        let (food, courier) = (self.preparation.quantile(0.5), self.courier().quantile(0.5));
        let taken = self.assignment.quantile(0.5) <= 0.0;
        let missed = self.wanted_in_s < -whole(FOUND_WITHIN_S);
        if courier > food && (taken || missed) {
            return Some(if taken { Delay::Courier } else { Delay::WaitingForCourier });
        }
        (food > 0.0 && food - said_in_s > whole(KEPT_S)).then_some(Delay::Kitchen)
    }
}

impl From<&Spread> for Span {
    fn from(spread: &Spread) -> Self {
        let p50_s = seconds(spread.quantile(0.5));
        Self { p50_s, p90_s: seconds(spread.quantile(0.9)).max(p50_s) }
    }
}

#[expect(clippy::cast_precision_loss, reason = "minutes")]
const fn whole(seconds: i64) -> f64 {
    seconds as f64
}

/// Whole seconds, never below nothing and never beyond a day.
#[expect(clippy::cast_possible_truncation, reason = "at most a day")]
fn seconds(value: f64) -> i64 {
    if value.is_finite() { value.round().clamp(0.0, 86_400.0) as i64 } else { 86_400 }
}

#[cfg(test)]
mod tests {
    use super::Parts;
    use crate::arrival::{Book, EARLY, Load, Part, Slot, Spread};
    use domain::arrival::{Delay, Span};
    use jiff::civil::date;
    use proptest::prelude::*;

    fn parts(prep_s: f64) -> Parts {
        let slot = Slot::at(date(2026, 11, 20).at(16, 0, 0, 0));
        let of = |part| Book::default().spread(part, slot, Load::Calm, None);
        Parts {
            wanted_in_s: (prep_s - 300.0).max(0.0),
            assignment: of(Part::Assignment),
            first_mile: of(Part::FirstMile),
            preparation: of(Part::Preparation).times(prep_s),
            last_mile: of(Part::LastMile).times(480.0),
        }
    }

    #[test]
    fn preparation_hides_the_courier_and_the_last_mile_follows() {
        let slow = parts(2_400.0).outlook();
        // The food takes about 42 minutes and is waited for by a courier who comes about then; eight minutes follow.
        assert!((2_900..3_500).contains(&slow.p50_s), "{slow:?}");
        assert!(slow.low_s < slow.p50_s && slow.p50_s < slow.high_s, "{slow:?}");
        let quick = parts(300.0).outlook();
        assert!((840..1_300).contains(&quick.p50_s), "{quick:?}");
    }

    #[test]
    fn the_promise_is_nearer_to_the_late_end_than_the_middle() {
        let outlook = parts(1_200.0).outlook();
        assert!(outlook.high_s - outlook.p50_s > outlook.p50_s - outlook.low_s, "{outlook:?}");
    }

    #[test]
    fn what_the_bag_waits_for_is_the_reason() {
        let cooking =
            Parts { assignment: Spread::of(0.0), first_mile: Spread::of(60.0), wanted_in_s: 0.0, ..parts(900.0) };
        assert_eq!(cooking.bottleneck(600.0), Some(Delay::Kitchen));
        assert_eq!(cooking.bottleneck(900.0), None, "the food comes as it was said");
        let ready = Parts { preparation: Spread::of(0.0), wanted_in_s: -181.0, ..parts(900.0) };
        assert_eq!(ready.bottleneck(0.0), Some(Delay::WaitingForCourier));
        assert_eq!(Parts { assignment: Spread::of(0.0), ..ready }.bottleneck(0.0), Some(Delay::Courier));
    }

    #[test]
    fn nobody_is_missed_before_a_courier_should_have_been_found() {
        let early = parts(900.0);
        assert!(early.courier().quantile(0.5) > early.preparation.quantile(0.5), "the courier is the later one");
        assert_eq!(early.bottleneck(900.0), None, "the food is as it was said");
        assert_eq!(early.bottleneck(600.0), Some(Delay::Kitchen), "the kitchen takes five minutes more");
        assert_eq!(Parts { wanted_in_s: -180.0, ..parts(120.0) }.bottleneck(120.0), None, "three minutes are not over");
        let missed = Parts { wanted_in_s: -181.0, ..parts(120.0) };
        assert_eq!(missed.bottleneck(120.0), Some(Delay::WaitingForCourier));
        let overdue = Parts { preparation: Spread::of(60.0), ..parts(900.0) };
        assert_eq!(overdue.bottleneck(-200.0), Some(Delay::Kitchen), "a minute more than four that passed");
        let sooner = Parts { preparation: Spread::of(0.0), wanted_in_s: -10.0, ..parts(900.0) };
        assert_eq!(sooner.bottleneck(-300.0), None, "what was to be ready long ago is ready");
    }

    #[test]
    fn what_cannot_be_is_a_day() {
        let outlook = Parts { last_mile: Spread::of(f64::INFINITY), ..parts(300.0) }.outlook();
        assert_eq!((outlook.low_s, outlook.high_s), (86_400, 86_400));
        assert_eq!(Span::from(&Spread::of(-3.0)), Span { p50_s: 0, p90_s: 0 });
    }

    /// What may be learned: around something, and now and then over at once.
    fn spread() -> impl Strategy<Value = Spread> {
        (0.0..0.15_f64, 0.0..1_800.0_f64, 0.0..900.0_f64).prop_map(|(at_once, least, width)| {
            Spread::from_quantiles(|share| if share < at_once { 0.0 } else { least + width * share })
        })
    }

    /// On the way, or waiting at the counter.
    fn courier() -> impl Strategy<Value = (f64, Spread, Spread)> {
        let over = Just((0.0, Spread::of(0.0), Spread::of(0.0)));
        prop_oneof![over, (-600.0..1_800.0_f64, spread(), spread())]
    }

    proptest! {
        #[test]
        fn nothing_arrives_before_its_food_can_be_ready_and_ridden(
            (wanted_in_s, assignment, first_mile) in courier(),
            (preparation, last_mile) in (spread(), spread()),
        ) {
            let parts = Parts { wanted_in_s, assignment, first_mile, preparation, last_mile };
            let outlook = parts.outlook();
            let low_s = f64::from(i32::try_from(outlook.low_s).unwrap());
            let ride_s = parts.last_mile.quantile(EARLY);
            prop_assert!(low_s + 0.5 >= parts.preparation.quantile(EARLY) + ride_s, "{outlook:?}");
            prop_assert!(low_s + 0.5 >= wanted_in_s.max(0.0) + ride_s, "{outlook:?}");
            prop_assert!(outlook.low_s <= outlook.p50_s && outlook.p50_s <= outlook.high_s, "{outlook:?}");
        }
    }
}
