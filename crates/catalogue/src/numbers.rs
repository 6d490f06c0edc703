//! Numbers as people type them into spreadsheets: "3.4/5", "NEW", "₹1,200 for two", "1.2K", "28.61° N".
//!
//! Every reader answers `Ok(None)` where the field says nothing, and the offending text where it says something that is
//! not such a number. Nothing is guessed.

use domain::{geo::Point, money::Paise};

use crate::text::{fold, is_absent};

/// More than any two people pay: one lakh rupees.
const MOST_RUPEES: f64 = 100_000.0;
const MOST_VOTES: f64 = 100_000_000.0;

/// Why a field is not the number it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadNumber {
    /// Not a number.
    #[error("{what} “{text}” is not a number")]
    NotANumber {
        /// Which field.
        what: &'static str,
        /// What it says.
        text: String,
    },
    /// A number that cannot be meant.
    #[error("{what} “{text}” is not between {low} and {high}")]
    OutOfRange {
        /// Which field.
        what: &'static str,
        /// What it says.
        text: String,
        /// Least.
        low: i64,
        /// Most.
        high: i64,
    },
}

/// A rating in tenths of a star. "NEW" and the like, and a plain zero, mean that there is none.
pub fn rating_tenths(text: &str) -> Result<Option<i64>, BadNumber> {
    const WHAT: &str = "rating";
    let folded = fold(text);
    let unrated = ["new", "not rated", "not rated yet", "unrated", "no rating", "few ratings", "opening soon"];
    if is_absent(text) || unrated.contains(&folded.as_str()) || folded.starts_with("temporarily closed") {
        return Ok(None);
    }
    let lower = text.to_lowercase();
    let (number, of) = lower.split_once('/').or_else(|| lower.split_once("out of")).unwrap_or((&lower, "5"));
    if is_absent(number) {
        return Ok(None);
    }
    let number = number.trim().trim_end_matches(['★', '*']).trim_end_matches("stars").trim_end_matches("star");
    let (number, of) = (plain(number), plain(of));
    let (Some(number), Some(of)) = (number, of.filter(|of| *of > 0.0)) else { return Err(bad(WHAT, text)) };
    let stars = number * 5.0 / of;
    if !(0.0..=5.0).contains(&stars) {
        return Err(out_of_range(WHAT, text, 0, 5));
    }
    let tenths = whole(stars * 10.0);
    Ok((tenths > 0).then_some(tenths))
}

/// How many people rated.
pub fn votes(text: &str) -> Result<Option<i64>, BadNumber> {
    const WHAT: &str = "number of votes";
    if is_absent(text) || fold(text) == "new" {
        return Ok(None);
    }
    let lower = text.to_lowercase();
    let words = ["ratings", "rating", "votes", "vote", "reviews", "review"];
    let number = words.iter().fold(lower.as_str(), |text, word| text.trim().trim_end_matches(word));
    let number = number.trim().trim_start_matches('(').trim_end_matches([')', '+']).trim();
    let (number, times) = match number.strip_suffix('k') {
        Some(thousands) => (thousands, 1_000.0),
        None => (number, 1.0),
    };
    let count = plain(number).ok_or_else(|| bad(WHAT, text))? * times;
    if (0.0..=MOST_VOTES).contains(&count) {
        Ok(Some(whole(count)))
    } else {
        Err(out_of_range(WHAT, text, 0, 100_000_000))
    }
}

/// What two people pay. A range means its middle; zero means that nobody said.
pub fn cost_for_two(text: &str) -> Result<Option<Paise>, BadNumber> {
    const WHAT: &str = "cost for two";
    if is_absent(text) {
        return Ok(None);
    }
    let lower = text.to_lowercase();
    let words = [
        "for two people",
        "for two",
        "for 2",
        "(approx.)",
        "(approx)",
        "approx.",
        "approx",
        "rupees",
        "rs.",
        "rs",
        "inr",
        "₹",
        "/-",
    ];
    let number = words.iter().fold(lower, |text, word| text.replace(word, " "));
    let number = number.trim();
    let range =
        number.split_once(" to ").or_else(|| number.split_once(['-', '–']).filter(|(low, _)| !low.trim().is_empty()));
    let rupees = match range {
        Some((low, high)) => plain(low).zip(plain(high)).map(|(low, high)| f64::midpoint(low, high)),
        None => plain(number),
    };
    let rupees = rupees.ok_or_else(|| bad(WHAT, text))?;
    if !(0.0..=MOST_RUPEES).contains(&rupees) {
        return Err(out_of_range(WHAT, text, 0, 100_000));
    }
    Ok((rupees > 0.0).then(|| Paise(whole(rupees * 100.0))))
}

/// A point; `None` where a coordinate is missing or both are zero. Not checked against any map.
pub fn point(lat: &str, lng: &str) -> Result<Option<Point>, BadNumber> {
    let (lat, lng) = (degrees("latitude", lat)?, degrees("longitude", lng)?);
    let (Some(lat), Some(lng)) = (lat, lng) else { return Ok(None) };
    let zero = lat.abs() < 1e-6 && lng.abs() < 1e-6;
    Ok((!zero).then_some(Point { lat, lng }))
}

fn degrees(what: &'static str, text: &str) -> Result<Option<f64>, BadNumber> {
    if is_absent(text) {
        return Ok(None);
    }
    let number = text.trim().trim_end_matches(['N', 'E', 'n', 'e']).trim_end_matches(['°', ' ']).trim();
    // A decimal comma is only taken as one where it cannot group thousands.
    let number = if number.contains('.') { number.to_owned() } else { number.replacen(',', ".", 1) };
    let degrees: f64 = number.parse().map_err(|_| bad(what, text))?;
    if degrees.is_finite() && degrees.abs() <= 180.0 {
        Ok(Some(degrees))
    } else {
        Err(out_of_range(what, text, -180, 180))
    }
}

/// A decimal number with or without separators of thousands, Indian or other.
fn plain(text: &str) -> Option<f64> {
    let text = text.trim().replace([',', ' ', '\u{a0}'], "");
    let shape = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let digits = shape.bytes().any(|byte| byte.is_ascii_digit());
    let plain = digits && shape.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse().ok().filter(|number: &f64| plain && number.is_finite())
}

#[expect(clippy::cast_possible_truncation, reason = "callers have checked that it is small")]
fn whole(number: f64) -> i64 {
    number.round() as i64
}

fn bad(what: &'static str, text: &str) -> BadNumber {
    BadNumber::NotANumber { what, text: text.chars().take(40).collect() }
}

fn out_of_range(what: &'static str, text: &str, low: i64, high: i64) -> BadNumber {
    BadNumber::OutOfRange { what, text: text.chars().take(40).collect(), low, high }
}

#[cfg(test)]
mod tests {
    use super::{cost_for_two, point, rating_tenths, votes};
    use domain::{geo::Point, money::Paise};
    use proptest::prelude::*;

    #[test]
    fn ratings() {
        for (text, tenths) in
            [("3.4/5", 34), ("3.4 /5", 34), ("4", 40), ("8/10", 40), ("4.1 out of 5", 41), ("4.2★", 42)]
        {
            assert_eq!(rating_tenths(text), Ok(Some(tenths)), "{text}");
        }
        for text in ["NEW", "-", "--", "", "nan", "0", "0.0", "Not rated", "-/5", "Temporarily Closed"] {
            assert_eq!(rating_tenths(text), Ok(None), "{text}");
        }
        for text in ["good", "7.5", "-1", "4..1", "3/0"] {
            assert!(rating_tenths(text).is_err(), "{text}");
        }
    }

    #[test]
    fn counts() {
        for (text, count) in
            [("1,234", 1_234), ("1.2K", 1_200), ("57 Ratings", 57), ("(88)", 88), ("40.0", 40), ("0", 0)]
        {
            assert_eq!(votes(text), Ok(Some(count)), "{text}");
        }
        assert_eq!(votes("--"), Ok(None));
        assert!(votes("-3").is_err() && votes("many").is_err());
    }

    #[test]
    fn costs() {
        for (text, rupees) in
            [("1,200", 1_200), ("₹1,200 for two", 1_200), ("Rs. 350/-", 350), ("300 - 500", 400), ("800.0", 800)]
        {
            assert_eq!(cost_for_two(text), Ok(Some(Paise(rupees * 100))), "{text}");
        }
        assert_eq!(cost_for_two("0"), Ok(None));
        assert_eq!(cost_for_two("-"), Ok(None));
        for text in ["-300", "cheap", "1e9", "99999999"] {
            assert!(cost_for_two(text).is_err(), "{text}");
        }
    }

    #[test]
    fn points() {
        assert_eq!(point("12.97", "77.59"), Ok(Some(Point { lat: 12.97, lng: 77.59 })));
        assert_eq!(point("12,97", "77.59° E"), Ok(Some(Point { lat: 12.97, lng: 77.59 })));
        assert_eq!(point("0.0", "0"), Ok(None));
        assert_eq!(point("", "77.59"), Ok(None));
        assert!(point("north", "77").is_err() && point("12.97", "7759").is_err());
        assert!(point("inf", "77").is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,30}") {
            let _ = (rating_tenths(&text), votes(&text), cost_for_two(&text), point(&text, &text));
        }
    }
}
