//! One text as a value. What is missing is said in many ways.

use jiff::civil::{Date, Time};

/// Whether nothing is known here: empty, `NaN`, `null`, `NA`, `-`, also after a word that stands in every row
/// ("conditions NaN").
pub fn is_missing(text: &str) -> bool {
    let last = text.split_whitespace().next_back().unwrap_or_default();
    ["", "nan", "null", "none", "na", "n/a", "-", "?"].iter().any(|word| last.eq_ignore_ascii_case(word))
}

/// A finite number.
pub fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|value: &f64| value.is_finite())
}

/// Minutes that may be dressed up, such as `(min) 24` or `24 min`: exactly one number, not negative, at most a day.
pub fn minutes(text: &str) -> Option<f64> {
    let is_part = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '-' | '+');
    let mut numbers = text.split(|letter: char| !is_part(letter) && !letter.is_alphabetic());
    let mut numbers = numbers.by_ref().filter(|word| word.starts_with(is_part));
    let value = number(numbers.next()?)?;
    (numbers.next().is_none() && (0.0..=1_440.0).contains(&value)).then_some(value)
}

/// A time of day in minutes after midnight: `21:55` or `21:55:00`.
pub fn clock(text: &str) -> Option<f64> {
    let text = text.trim();
    let time = Time::strptime("%H:%M:%S", text).or_else(|_| Time::strptime("%H:%M", text)).ok()?;
    Some(f64::from(time.hour()) * 60.0 + f64::from(time.minute()))
}

/// A day: `2022-03-19` or `19-03-2022`, with dashes or slashes.
pub fn date(text: &str) -> Option<Date> {
    let text = text.trim().replace('/', "-");
    ["%Y-%m-%d", "%d-%m-%Y"].iter().find_map(|format| Date::strptime(format, &text).ok())
}

/// A word as it is compared: small letters, single spaces.
pub fn word(text: &str) -> String {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
