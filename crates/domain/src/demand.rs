//! Where orders are expected, and who might stand there: a grid over a city, fed with the city's own orders.
//!
//! What a cell expects in the next half hour is the average of what it had in this half hour of the week, the newest
//! counting most, and of the last half hour. Nothing is learned that the figures do not say.

use std::collections::BTreeMap;

use crate::{geo::Point, id::CourierId};

/// Minutes that an expectation is about.
pub const WINDOW_MINUTES: i64 = 30;
/// Weeks that are looked back.
pub const WEEKS: usize = 4;
/// How much less each week counts than the one after it.
const DECAY: f64 = 0.6;
/// The side of a cell, in degrees of latitude: about 670 metres.
const SIDE: f64 = 0.006;
/// The farthest that anybody is sent to wait, in metres.
const FARTHEST_M: f64 = 3_000.0;
/// Metres of riding that one order more in half an hour is worth.
const METRES_AN_ORDER: f64 = 4_000.0;
/// What a move must gain at least, in orders.
const WORTH_IT: f64 = 0.5;

/// A square of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    row: i64,
    column: i64,
}

impl Cell {
    /// The cell that a point lies in.
    #[expect(clippy::cast_possible_truncation, reason = "the globe has fewer than 2^53 cells")]
    pub fn of(point: Point) -> Self {
        Self { row: (point.lat / SIDE).floor() as i64, column: (point.lng / SIDE).floor() as i64 }
    }

    /// Its middle.
    #[expect(clippy::cast_precision_loss, reason = "the globe has fewer than 2^53 cells")]
    pub fn centre(self) -> Point {
        Point { lat: (self.row as f64 + 0.5) * SIDE, lng: (self.column as f64 + 0.5) * SIDE }
    }
}

/// The side of a cell in degrees, for drawing.
pub const fn side() -> f64 {
    SIDE
}

/// Orders that a cell had in one half hour: the last one (`weeks_ago` 0), or this one so many weeks ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Where the kitchens stand.
    pub cell: Cell,
    /// When.
    pub weeks_ago: usize,
    /// How many.
    pub orders: i64,
}

/// What each cell expects in the next half hour. Weeks in which the city did not exist yet count for nothing, instead of
/// for nought.
pub fn expected(counts: &[Count], weeks_known: usize) -> BTreeMap<Cell, f64> {
    let known = weeks_known.min(WEEKS);
    let weight = |weeks: usize| if weeks == 0 { 1.0 } else { DECAY.powi(i32::try_from(weeks - 1).unwrap_or(i32::MAX)) };
    let all: f64 = (0..=known).map(weight).sum();
    let mut cells = BTreeMap::new();
    for count in counts.iter().filter(|count| count.weeks_ago <= known) {
        #[expect(clippy::cast_precision_loss, reason = "counts of half an hour")]
        let orders = count.orders as f64;
        *cells.entry(count.cell).or_insert(0.0) += weight(count.weeks_ago) * orders / all;
    }
    cells
}

/// Where each of the free couriers might better wait. A suggestion: who stays is asked no less.
///
/// They are taken in turn, each counting those who were sent before, so that not everybody is sent to the same corner.
pub fn suggest(expected: &BTreeMap<Cell, f64>, free: &[(CourierId, Point)]) -> Vec<(CourierId, Cell)> {
    let mut standing: BTreeMap<Cell, f64> = BTreeMap::new();
    for (_, point) in free {
        *standing.entry(Cell::of(*point)).or_insert(0.0) += 1.0;
    }
    let mut moves = Vec::new();
    for (courier, point) in free {
        let here = Cell::of(*point);
        // What the courier's own place would still miss without them.
        let missed = lacking(expected, &standing, here) + 1.0;
        let gain = |cell: Cell| {
            lacking(expected, &standing, cell) - missed.max(0.0) - point.distance_m(cell.centre()) / METRES_AN_ORDER
        };
        let reachable = |cell: &Cell| *cell != here && point.distance_m(cell.centre()) <= FARTHEST_M;
        let best = expected.keys().copied().filter(reachable).map(|cell| (gain(cell), cell));
        let best = best.max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)));
        if let Some((_, to)) = best.filter(|(gain, _)| *gain > WORTH_IT) {
            *standing.entry(here).or_insert(0.0) -= 1.0;
            *standing.entry(to).or_insert(0.0) += 1.0;
            moves.push((*courier, to));
        }
    }
    moves
}

/// Orders that a cell expects beyond the couriers who stand there.
fn lacking(expected: &BTreeMap<Cell, f64>, standing: &BTreeMap<Cell, f64>, cell: Cell) -> f64 {
    expected.get(&cell).copied().unwrap_or_default() - standing.get(&cell).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Cell, Count, expected, suggest};
    use crate::{geo::Point, id::CourierId};
    use std::collections::BTreeMap;
    use uuid::Uuid;

    const HERE: Point = Point { lat: 12.970, lng: 77.600 };
    const NEAR: Point = Point { lat: 12.970, lng: 77.612 };
    const FAR: Point = Point { lat: 12.970, lng: 77.700 };

    fn count(point: Point, weeks_ago: usize, orders: i64) -> Count {
        Count { cell: Cell::of(point), weeks_ago, orders }
    }

    fn couriers(number: u128, at: Point) -> Vec<(CourierId, Point)> {
        (1..=number).map(|id| (CourierId(Uuid::from_u128(id)), at)).collect()
    }

    #[test]
    fn a_point_lies_in_its_cell() {
        let cell = Cell::of(HERE);
        assert_eq!(Cell::of(cell.centre()), cell);
        assert!(HERE.distance_m(cell.centre()) < 500.0);
        assert_ne!(cell, Cell::of(NEAR));
    }

    #[test]
    fn the_same_every_week_is_expected_again() {
        let steady: Vec<Count> = (0..=4).map(|weeks| count(HERE, weeks, 6)).collect();
        assert!((expected(&steady, 4)[&Cell::of(HERE)] - 6.0).abs() < 1e-9);
    }

    #[test]
    fn newer_weeks_count_more_and_unknown_ones_not_at_all() {
        let of = |counts: &[Count], weeks| expected(counts, weeks)[&Cell::of(HERE)];
        assert!(of(&[count(HERE, 1, 10)], 4) > of(&[count(HERE, 4, 10)], 4));
        let young = of(&[count(HERE, 0, 4)], 0);
        assert!((young - 4.0).abs() < 1e-9, "in the first week the last half hour is all there is");
        assert!(of(&[count(HERE, 0, 4)], 4) < young);
    }

    #[test]
    fn who_stands_where_nothing_happens_is_shown_where_something_does() {
        let demand = BTreeMap::from([(Cell::of(NEAR), 3.0), (Cell::of(FAR), 30.0)]);
        let moves = suggest(&demand, &couriers(1, HERE));
        assert_eq!(moves, [(CourierId(Uuid::from_u128(1)), Cell::of(NEAR))], "the far corner is too far");
    }

    #[test]
    fn not_everybody_is_sent_to_the_same_corner() {
        let demand = BTreeMap::from([(Cell::of(NEAR), 3.0)]);
        let sent = suggest(&demand, &couriers(10, HERE)).len();
        assert!((1..=3).contains(&sent), "{sent}");
    }

    #[test]
    fn who_is_needed_where_they_stand_stays() {
        let demand = BTreeMap::from([(Cell::of(HERE), 4.0), (Cell::of(NEAR), 4.0)]);
        assert_eq!(suggest(&demand, &couriers(1, HERE)), []);
        assert_eq!(suggest(&demand, &couriers(2, HERE)).len(), 1, "two can serve both corners");
    }
}
