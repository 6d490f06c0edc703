//! Places on the map: points, great-circle distance and polygons.
//!
//! Degrees are WGS 84. Distances use the haversine formula on a sphere of mean radius 6,371,008.8 m (IUGG), which is
//! within 0.5 % of the ellipsoid, far less than the road factor that follows it.

pub mod nearby;

use serde::{Deserialize, Serialize};

pub(crate) const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A point in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Latitude, north positive.
    pub lat: f64,
    /// Longitude, east positive.
    pub lng: f64,
}

impl Point {
    /// A point, if both coordinates are on the globe.
    pub fn new(lat: f64, lng: f64) -> Option<Self> {
        let on_globe = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lng);
        on_globe.then_some(Self { lat, lng })
    }

    /// Great-circle distance in metres.
    pub fn distance_m(self, other: Self) -> f64 {
        let (lat_a, lat_b) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = ((lat_b - lat_a) / 2.0).sin();
        let half_lng = ((other.lng - self.lng).to_radians() / 2.0).sin();
        let chord = half_lat.mul_add(half_lat, lat_a.cos() * lat_b.cos() * half_lng * half_lng);
        2.0 * EARTH_RADIUS_M * chord.sqrt().min(1.0).asin()
    }

    /// The point at `share` (0 to 1) of the straight way to `other`; exact enough within a city.
    #[must_use]
    pub fn towards(self, other: Self, share: f64) -> Self {
        Self {
            lat: (other.lat - self.lat).mul_add(share, self.lat),
            lng: (other.lng - self.lng).mul_add(share, self.lng),
        }
    }
}

/// Whether `point` lies inside the polygon (even-odd rule). A polygon of fewer than three corners holds nothing.
pub fn contains(polygon: &[Point], point: Point) -> bool {
    if polygon.len() < 3 {
        return false;
    }
    let mut inside = false;
    let mut previous = polygon[polygon.len() - 1];
    for &corner in polygon {
        let straddles = (corner.lat > point.lat) != (previous.lat > point.lat);
        if straddles {
            let share = (point.lat - corner.lat) / (previous.lat - corner.lat);
            if point.lng < (previous.lng - corner.lng).mul_add(share, corner.lng) {
                inside = !inside;
            }
        }
        previous = corner;
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::{Point, contains};

    const fn at(lat: f64, lng: f64) -> Point {
        Point { lat, lng }
    }

    #[test]
    fn a_degree_of_latitude_is_about_111_km() {
        let distance = at(12.0, 77.0).distance_m(at(13.0, 77.0));
        assert!((111_190.0..111_200.0).contains(&distance), "{distance}");
    }

    #[test]
    fn a_point_off_the_globe_is_refused() {
        assert!(Point::new(90.5, 0.0).is_none());
        assert!(Point::new(f64::NAN, 0.0).is_none());
    }

    #[test]
    fn a_notch_is_outside() {
        let arrow = [at(0.0, 0.0), at(4.0, 2.0), at(0.0, 4.0), at(1.5, 2.0)];
        assert!(contains(&arrow, at(2.5, 2.0)));
        assert!(!contains(&arrow, at(0.5, 2.0)));
        assert!(!contains(&arrow[..2], at(1.0, 0.5)));
    }
}
