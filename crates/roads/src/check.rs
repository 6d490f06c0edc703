//! Whether an answer can be true. An engine that says a scooter flies is not believed in anything.

use domain::geo::Point;

use crate::{Failure, Matrix, Route, Way};

/// Nobody delivers food faster: 144 km/h.
pub const FASTEST_MPS: f64 = 40.0;
/// No delivery takes longer than a day.
const LONGEST_S: f64 = 86_400.0;
/// Shorter than the straight line by so much is rounding and snapping to the next road.
const SNAPPED_M: f64 = 500.0;
/// A way around a river, a railway or one-way streets, on top of
const DETOUR_M: f64 = 5_000.0;
/// so many times the straight line.
const WINDING: f64 = 5.0;
/// Slower than this is nobody on the whole way, on foot or in a jam: 3.6 km/h,
const SLOWEST_MPS: f64 = 1.0;
/// but for getting out of a building and past a barrier.
const HELD_UP_S: f64 = 600.0;

/// A way between two points, if it can be.
pub(crate) fn way(from: Point, to: Point, way: Way) -> Result<Way, Failure> {
    let Way { distance_m, duration_s } = way;
    if !distance_m.is_finite() || !duration_s.is_finite() {
        return Err(Failure::Nonsense("a number that is none"));
    }
    if distance_m < 0.0 || duration_s < 0.0 {
        return Err(Failure::Nonsense("less than nothing"));
    }
    if duration_s > LONGEST_S {
        return Err(Failure::Nonsense("longer than a day"));
    }
    let straight_m = from.distance_m(to);
    if distance_m + SNAPPED_M < straight_m * 0.95 {
        return Err(Failure::Nonsense("shorter than the straight line"));
    }
    if distance_m > DETOUR_M + WINDING * straight_m {
        return Err(Failure::Nonsense("much longer than the straight line"));
    }
    if duration_s > HELD_UP_S + distance_m.max(straight_m) / SLOWEST_MPS {
        return Err(Failure::Nonsense("slower than anybody walks"));
    }
    // A few seconds of grace: what is next door takes none.
    if distance_m.max(straight_m - SNAPPED_M) > FASTEST_MPS * (duration_s + 5.0) {
        return Err(Failure::Nonsense("faster than anybody rides"));
    }
    Ok(way)
}

/// A route, if its way can be and its line is on the globe and leads from the one place to the other.
pub(crate) fn route(from: Point, to: Point, route: Route) -> Result<Route, Failure> {
    way(from, to, route.way)?;
    let (Some(first), Some(last)) = (route.points.first(), route.points.last()) else {
        return Err(Failure::Nonsense("a line without points"));
    };
    if first.distance_m(from) > 2_000.0 || last.distance_m(to) > 2_000.0 {
        return Err(Failure::Nonsense("a line that leads elsewhere"));
    }
    Ok(route)
}

/// A matrix, if it has the size that was asked for and every way in it can be.
pub(crate) fn matrix(sources: &[Point], targets: &[Point], matrix: Matrix) -> Result<Matrix, Failure> {
    if matrix.len() != sources.len() || matrix.iter().any(|row| row.len() != targets.len()) {
        return Err(Failure::Nonsense("a table of another size"));
    }
    for (from, row) in sources.iter().zip(&matrix) {
        for (to, found) in targets.iter().zip(row) {
            if let Some(found) = found {
                way(*from, *to, *found)?;
            }
        }
    }
    Ok(matrix)
}

#[cfg(test)]
mod tests {
    use super::{matrix, route, way};
    use crate::{Failure, Route, Way};
    use domain::geo::Point;

    const KITCHEN: Point = Point { lat: 12.9716, lng: 77.5946 };
    const DOOR: Point = Point { lat: 12.9916, lng: 77.5946 };

    const fn of(distance_m: f64, duration_s: f64) -> Way {
        Way { distance_m, duration_s }
    }

    #[test]
    fn what_cannot_be_is_not_believed() {
        assert!(way(KITCHEN, DOOR, of(2_900.0, 480.0)).is_ok());
        assert!(way(KITCHEN, KITCHEN, of(0.0, 0.0)).is_ok());
        assert!(way(KITCHEN, DOOR, of(2_900.0, 3_400.0)).is_ok(), "on foot, and held up");
        assert!(way(KITCHEN, DOOR, of(16_000.0, 2_400.0)).is_ok(), "over the next bridge");
        let odd = [
            of(f64::NAN, 300.0),
            of(2_900.0, f64::INFINITY),
            of(-1.0, 300.0),
            of(2_900.0, -5.0),
            of(2_900.0, 10.0),
            of(2_900.0, 0.0),
            of(3.0, 300.0),
            of(2_900.0, 90_000.0),
            of(2_900.0, 80_000.0),
            of(2_900.0, 3_600.0),
            of(20.0 * KITCHEN.distance_m(DOOR), 4_800.0),
            of(3_000_000.0, 80_000.0),
        ];
        for one in odd {
            assert!(matches!(way(KITCHEN, DOOR, one), Err(Failure::Nonsense(_))), "{one:?}");
        }
    }

    #[test]
    fn a_table_has_the_size_that_was_asked_for() {
        let good = Some(of(2_900.0, 480.0));
        assert!(matrix(&[KITCHEN], &[DOOR, DOOR], vec![vec![good, None]]).is_ok());
        assert!(matrix(&[KITCHEN], &[DOOR, DOOR], vec![vec![good]]).is_err());
        assert!(matrix(&[KITCHEN, DOOR], &[DOOR], vec![vec![good]]).is_err());
    }

    #[test]
    fn a_line_leads_from_the_kitchen_to_the_door() {
        let of = |points| Route { way: of(2_900.0, 480.0), points };
        assert!(route(KITCHEN, DOOR, of(vec![KITCHEN, DOOR])).is_ok());
        assert!(route(KITCHEN, DOOR, of(vec![])).is_err());
        assert!(route(KITCHEN, DOOR, of(vec![KITCHEN, Point { lat: 28.6, lng: 77.2 }])).is_err());
    }
}
