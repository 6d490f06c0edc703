//! Google's polyline format: differences of coordinates in base 64, with five or six decimals.

use domain::geo::Point;

use crate::Failure;

const BROKEN: Failure = Failure::Nonsense("a line that cannot be read");
/// More points than any way within a city has.
const MOST: usize = 50_000;

/// The points of a line; `decimals` is 1e5 or 1e6.
pub(crate) fn decode(text: &str, decimals: f64) -> Result<Vec<Point>, Failure> {
    let mut bytes = text.bytes();
    let (mut lat, mut lng) = (0_i64, 0_i64);
    let mut points = Vec::new();
    while let Some(first) = bytes.next() {
        lat += difference(first, &mut bytes)?;
        let second = bytes.next().ok_or(BROKEN)?;
        lng += difference(second, &mut bytes)?;
        #[expect(clippy::cast_precision_loss, reason = "degrees with six decimals")]
        let point = Point::new(lat as f64 / decimals, lng as f64 / decimals);
        points.push(point.ok_or(BROKEN)?);
        if points.len() > MOST {
            return Err(BROKEN);
        }
    }
    Ok(points)
}

/// One number: five bits a character, the lowest first, the sign in the lowest of all.
fn difference(first: u8, rest: &mut std::str::Bytes<'_>) -> Result<i64, Failure> {
    let (mut number, mut shift, mut byte) = (0_i64, 0, first);
    loop {
        let bits = i64::from(byte.checked_sub(63).filter(|bits| *bits < 64).ok_or(BROKEN)?);
        number |= (bits & 0x1f) << shift;
        shift += 5;
        if bits & 0x20 == 0 {
            return Ok(if number & 1 == 1 { !(number >> 1) } else { number >> 1 });
        }
        if shift > 45 {
            return Err(BROKEN);
        }
        byte = rest.next().ok_or(BROKEN)?;
    }
}

#[cfg(test)]
mod tests {
    use super::decode;
    use proptest::prelude::*;

    #[test]
    fn the_example_of_the_format_is_read() {
        let points = decode("_p~iF~ps|U_ulLnnqC_mqNvxq`@", 1e5).unwrap();
        let read: Vec<_> = points.iter().map(|point| (point.lat, point.lng)).collect();
        assert_eq!(read, [(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)]);
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(text in ".{0,80}") {
            if let Ok(points) = decode(&text, 1e6) {
                prop_assert!(points.iter().all(|point| point.lat.abs() <= 90.0 && point.lng.abs() <= 180.0));
            }
        }
    }
}
