//! How much of a courier's place a link shows: a pure judgement.

use domain::{geo::Point, order::Status};
use jiff::Timestamp;

use crate::positions::Position;

/// Side of a square in degrees of latitude: about 300 m.
const COARSE: f64 = 0.002_7;
/// The same, about 10 m.
const FINE: f64 = 0.000_1;
/// Nearer to a pole than this nothing is delivered; degrees of longitude would shrink to nothing.
const FLATTEST: f64 = 0.02;

/// A place as it may be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// The middle of the square in which the courier is.
    pub point: Point,
    /// When they were there.
    pub at: Timestamp,
    /// Side of the square, metres: 300 or 10.
    pub within_m: u16,
}

/// What may be shown of a courier who has an order of this status; `alone` if the place shows the way of this order and
/// nobody else's door.
pub fn shown(status: Status, alone: bool, position: Position) -> Option<Shown> {
    if status.is_final() {
        return None;
    }
    let exact = status == Status::PickedUp && alone;
    let (side, within_m) = if exact { (FINE, 10) } else { (COARSE, 300) };
    Some(Shown { point: squared(position.point, side), at: position.at, within_m })
}

/// A place as it is shown where the very one would show somebody else's door.
pub(crate) fn coarse(point: Point) -> Point {
    squared(point, COARSE)
}

/// The middle of the square of a fixed grid that holds a point: the same for all its points, so that nothing is learned
/// by looking often.
fn squared(point: Point, side: f64) -> Point {
    let middle = |degrees: f64, side: f64| (degrees / side).floor().mul_add(side, side / 2.0);
    let lat = middle(point.lat, side);
    // Squares of one row are equally wide.
    let wide = side / lat.to_radians().cos().max(FLATTEST);
    let trimmed = |degrees: f64| (degrees * 1e6).round() / 1e6;
    Point { lat: trimmed(lat), lng: trimmed(middle(point.lng, wide)) }
}

#[cfg(test)]
mod tests {
    use super::{Shown, shown};
    use crate::positions::Position;
    use domain::{geo::Point, order::Status};
    use proptest::prelude::*;

    fn at(lat: f64, lng: f64) -> Position {
        Position { point: Point { lat, lng }, at: "2026-11-20T06:30:00Z".parse().unwrap() }
    }

    #[test]
    fn a_courier_is_blurred_until_this_order_is_what_they_bring() {
        let position = at(12.97, 77.6);
        let within = |status, alone| shown(status, alone, position).map(|shown| shown.within_m);
        assert_eq!(within(Status::Accepted, true), Some(300));
        assert_eq!(within(Status::Ready, true), Some(300));
        assert_eq!(within(Status::PickedUp, false), Some(300), "somebody else's door is near or before");
        assert_eq!(within(Status::PickedUp, true), Some(10));
        for over in [Status::Delivered, Status::Cancelled, Status::Rejected, Status::Failed] {
            assert_eq!(within(over, true), None);
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_near_and_says_no_more(lat in -80.0..80.0_f64, lng in -179.0..179.0_f64, alone: bool) {
            let position = at(lat, lng);
            let Shown { point, within_m, .. } = shown(Status::PickedUp, alone, position).unwrap();
            // Half the diagonal of the square.
            let farthest = f64::from(within_m) * 0.8;
            prop_assert!(point.distance_m(position.point) <= farthest, "{}", point.distance_m(position.point));
            let again = shown(Status::PickedUp, alone, Position { point, ..position }).unwrap();
            prop_assert!(again.point.distance_m(point) < 0.5, "the middle stands for its square");
        }
    }
}
