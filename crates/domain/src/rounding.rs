//! Numbers as they are shown.

/// To two digits after the point.
pub fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
