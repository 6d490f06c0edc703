//! What the generator knows about real cities: where they are, how their PIN codes start, how their streets are called.
//!
//! Only used to make invented addresses plausible; a centre far from every city in the table takes the nearest one.

use domain::geo::Point;

use StreetStyle::{East, North, South, West};

/// How small streets are called in a part of the country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StreetStyle {
    /// "7th Cross", "4th Main".
    South,
    /// "Lane 7", "Gulmohar Marg".
    West,
    /// "Gali No. 7", "Neem Marg".
    North,
    /// "7 No. Lane", "Palash Sarani".
    East,
}

/// One row of the table.
pub(super) struct City {
    lat: f64,
    lng: f64,
    /// The first four digits of its PIN codes.
    pub(super) pin_prefix: u32,
    pub(super) style: StreetStyle,
    /// State letters on its number plates.
    pub(super) plate_state: &'static str,
}

const fn city(lat: f64, lng: f64, pin_prefix: u32, style: StreetStyle, plate_state: &'static str) -> City {
    City { lat, lng, pin_prefix, style, plate_state }
}

const CITIES: &[City] = &[
    city(12.9716, 77.5946, 5600, South, "KA"),
    city(12.2958, 76.6394, 5700, South, "KA"),
    city(12.9141, 74.8560, 5750, South, "KA"),
    city(13.0827, 80.2707, 6000, South, "TN"),
    city(11.0168, 76.9558, 6410, South, "TN"),
    city(9.9252, 78.1198, 6250, South, "TN"),
    city(17.3850, 78.4867, 5000, South, "TS"),
    city(17.6868, 83.2185, 5300, South, "AP"),
    city(16.5062, 80.6480, 5200, South, "AP"),
    city(9.9312, 76.2673, 6820, South, "KL"),
    city(8.5241, 76.9366, 6950, South, "KL"),
    city(11.9416, 79.8083, 6050, South, "PY"),
    city(19.0760, 72.8777, 4000, West, "MH"),
    city(18.5204, 73.8567, 4110, West, "MH"),
    city(21.1458, 79.0882, 4400, West, "MH"),
    city(19.9975, 73.7898, 4220, West, "MH"),
    city(19.8762, 75.3433, 4310, West, "MH"),
    city(15.4909, 73.8278, 4030, West, "GA"),
    city(23.0225, 72.5714, 3800, West, "GJ"),
    city(21.1702, 72.8311, 3950, West, "GJ"),
    city(22.3072, 73.1812, 3900, West, "GJ"),
    city(22.7196, 75.8577, 4520, West, "MP"),
    city(23.2599, 77.4126, 4620, North, "MP"),
    city(21.2514, 81.6296, 4920, North, "CG"),
    city(28.6139, 77.2090, 1100, North, "DL"),
    city(28.5355, 77.3910, 2013, North, "UP"),
    city(28.4595, 77.0266, 1220, North, "HR"),
    city(28.4089, 77.3178, 1210, North, "HR"),
    city(26.9124, 75.7873, 3020, North, "RJ"),
    city(26.2389, 73.0243, 3420, North, "RJ"),
    city(24.5854, 73.7125, 3130, North, "RJ"),
    city(26.8467, 80.9462, 2260, North, "UP"),
    city(26.4499, 80.3319, 2080, North, "UP"),
    city(27.1767, 78.0081, 2820, North, "UP"),
    city(25.3176, 82.9739, 2210, North, "UP"),
    city(25.4358, 81.8463, 2110, North, "UP"),
    city(30.7333, 76.7794, 1600, North, "CH"),
    city(30.9010, 75.8573, 1410, North, "PB"),
    city(31.6340, 74.8723, 1430, North, "PB"),
    city(30.3165, 78.0322, 2480, North, "UK"),
    city(31.1048, 77.1734, 1710, North, "HP"),
    city(32.7266, 74.8570, 1800, North, "JK"),
    city(25.5941, 85.1376, 8000, North, "BR"),
    city(23.3441, 85.3096, 8340, North, "JH"),
    city(22.5726, 88.3639, 7000, East, "WB"),
    city(26.7271, 88.3953, 7340, East, "WB"),
    city(20.2961, 85.8245, 7510, East, "OD"),
    city(26.1445, 91.7362, 7810, East, "AS"),
    city(25.5788, 91.8933, 7930, East, "ML"),
    city(23.8315, 91.2868, 7990, East, "TR"),
];

/// The city of the table nearest to `centre`.
pub(super) fn nearest(centre: Point) -> &'static City {
    let distance = |city: &City| centre.distance_m(Point { lat: city.lat, lng: city.lng });
    CITIES.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(&CITIES[0])
}
