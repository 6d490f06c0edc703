//! What people type, checked: trimmed, within its length, free of control characters. Every refusal names the field.

use std::ops::RangeInclusive;

use domain::{geo::Point, rule::Rule};

use crate::error::Error;

const MOST_ALLERGENS: usize = 20;

/// A text that must be there.
pub(crate) fn required(pointer: &str, text: &str, most: usize) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() || !fits(text, most) {
        return Err(wrong(pointer, most));
    }
    Ok(text.to_owned())
}

/// A text that may be missing; an empty one is.
pub(crate) fn optional(pointer: &str, text: Option<&str>, most: usize) -> Result<Option<String>, Error> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) if fits(text, most) => Ok(Some(text.to_owned())),
        Some(_) => Err(wrong(pointer, most)),
    }
}

/// Allergens, as lower-case words.
pub(crate) fn allergens(words: &[String]) -> Result<Vec<String>, Error> {
    if words.len() > MOST_ALLERGENS {
        let most = i64::try_from(MOST_ALLERGENS).unwrap_or(i64::MAX);
        return Err(Rule::OutOfRange.at("/allergens").with("max", most).into());
    }
    let word = |(index, word): (usize, &String)| required(&format!("/allergens/{index}"), word, 40);
    words.iter().enumerate().map(|one| Ok(word(one)?.to_lowercase())).collect()
}

/// A number within its range.
pub(crate) fn within(pointer: &str, value: i64, range: RangeInclusive<i64>) -> Result<i64, Error> {
    if range.contains(&value) {
        return Ok(value);
    }
    Err(Rule::OutOfRange.at(pointer).with("min", *range.start()).with("max", *range.end()).into())
}

/// A point on the globe; `pointer` leads to the object that has `lat` and `lng`.
pub(crate) fn point(pointer: &str, lat: f64, lng: f64) -> Result<Point, Error> {
    let out = |name: &str, most: i64| {
        Error::from(Rule::OutOfRange.at(format!("{pointer}/{name}")).with("min", -most).with("max", most))
    };
    if !(-90.0..=90.0).contains(&lat) {
        return Err(out("lat", 90));
    }
    Point::new(lat, lng).ok_or_else(|| out("lng", 180))
}

fn wrong(pointer: &str, most: usize) -> Error {
    Rule::WrongFormat.at(pointer).with("max", i64::try_from(most).unwrap_or(i64::MAX)).into()
}

fn fits(text: &str, most: usize) -> bool {
    let control = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    text.chars().count() <= most && !text.contains(control)
}

#[cfg(test)]
mod tests {
    use super::{optional, point, required, within};

    #[test]
    fn texts_are_trimmed_and_measured_in_letters() {
        assert_eq!(required("/name", "  आशा ", 3).unwrap(), "आशा");
        assert!(required("/name", " ", 3).is_err());
        assert!(required("/name", "abcd", 3).is_err());
        assert_eq!(optional("/note", Some(" "), 3).unwrap(), None);
    }

    #[test]
    fn a_text_that_no_database_takes_is_refused() {
        assert!(required("/name", "a\0b", 3).is_err());
        assert!(optional("/note", Some("a\nb"), 3).is_ok());
    }

    #[test]
    fn numbers_and_places_know_their_limits() {
        assert!(within("/rating", 5, 1..=5).is_ok());
        assert!(within("/rating", 6, 1..=5).is_err());
        assert!(point("", 12.9, 77.6).is_ok());
        assert!(point("/depot", 91.0, 77.6).is_err());
        assert!(point("/depot", 12.9, f64::NAN).is_err());
    }
}
