//! All tallies of a city or of a restaurant, and the spread that follows from both.
//!
//! Four levels are mixed, each only as far as it has been seen: the prior, the city, the city at this hour and load, the
//! restaurant, and the restaurant at this hour and load. One delivery is noted at each of them.

use std::collections::BTreeMap;

use super::{Load, Part, Slot, Spread, Tally};

/// The prior counts like so many deliveries of the city.
const PRIOR: f64 = 20.0;
/// A coarser level counts like so many deliveries of the finer one.
const COARSER: f64 = 12.0;

/// Where in the week and under which load; `None` for all of it.
pub type Cell = Option<(Slot, Load)>;

/// Tallies by part and cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Book(BTreeMap<(Part, Cell), Tally>);

impl Book {
    /// Puts a stored tally in its place.
    pub fn put(&mut self, part: Part, cell: Cell, tally: Tally) {
        self.0.insert((part, cell), tally);
    }

    /// One tally.
    pub fn find(&self, part: Part, cell: Cell) -> Option<&Tally> {
        self.0.get(&(part, cell))
    }

    /// Notes something seen at a second, in the cell and in the whole.
    pub fn note(&mut self, part: Part, cell: Cell, value: f64, at_s: i64) {
        self.0.entry((part, None)).or_default().add(value, at_s);
        if cell.is_some() {
            self.0.entry((part, cell)).or_default().add(value, at_s);
        }
    }

    /// All tallies.
    pub fn tallies(&self) -> impl Iterator<Item = (Part, Cell, &Tally)> {
        self.0.iter().map(|((part, cell), tally)| (*part, *cell, tally))
    }

    /// What to expect of a part, from this city's book and a restaurant's.
    pub fn spread(&self, part: Part, slot: Slot, load: Load, restaurant: Option<&Self>) -> Spread {
        let cell = Some((slot, load));
        let mut mixed = part.prior(load).under(self.find(part, None), PRIOR).under(self.find(part, cell), COARSER);
        if let Some(own) = restaurant {
            mixed = mixed.under(own.find(part, None), COARSER).under(own.find(part, cell), COARSER);
        }
        mixed.spread()
    }
}

#[cfg(test)]
mod tests {
    use super::Book;
    use crate::arrival::{Load, Part, Slot};
    use jiff::civil::date;

    fn lunch() -> Slot {
        Slot::at(date(2026, 11, 20).at(12, 0, 0, 0))
    }

    fn dinner() -> Slot {
        Slot::at(date(2026, 11, 20).at(20, 0, 0, 0))
    }

    #[test]
    fn a_slow_kitchen_is_known_by_its_own_deliveries() {
        let (mut city, mut slow) = (Book::default(), Book::default());
        for order in 0..60 {
            city.note(Part::Preparation, Some((lunch(), Load::Calm)), 1.0, order);
            slow.note(Part::Preparation, Some((lunch(), Load::Calm)), 2.0, order);
        }
        let median = |own: Option<&Book>| city.spread(Part::Preparation, lunch(), Load::Calm, own).quantile(0.5);
        assert!(
            (median(None) - 1.0).abs() < 0.05 && median(Some(&slow)) > 1.9,
            "{} {}",
            median(None),
            median(Some(&slow))
        );
        assert!((median(Some(&Book::default())) - median(None)).abs() < 1e-9, "an unknown kitchen is the city");
    }

    #[test]
    fn what_is_seen_at_dinner_says_little_about_lunch() {
        let mut city = Book::default();
        for order in 0..200 {
            city.note(Part::Assignment, Some((dinner(), Load::Full)), 900.0, order);
            city.note(Part::Assignment, Some((lunch(), Load::Full)), 60.0, order);
        }
        let median = |slot| city.spread(Part::Assignment, slot, Load::Full, None).quantile(0.5);
        assert!(median(dinner()) > 700.0 && median(lunch()) < 90.0, "{} {}", median(dinner()), median(lunch()));
    }
}
