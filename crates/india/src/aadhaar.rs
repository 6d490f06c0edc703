//! Recognising Aadhaar numbers in order to keep them out: no column, log, image or event may hold one.
//!
//! A number has twelve digits, begins with 2 to 9 and satisfies Verhoeff's check over all twelve (J. Verhoeff, *Error
//! Detecting Decimal Codes*, 1969). People write it in groups of four and in the digits of their own script, so both
//! are recognised. When in doubt the text is masked: one in ten other twelve-digit numbers passes the check too, and
//! losing some digits of it is the smaller harm. A number after `+91` that can be a mobile is left alone.

use std::borrow::Cow;

const LENGTH: usize = 12;
const MASKED: usize = 8;
/// Most separating characters between two groups of four, as in `2341 - 2341 - 2346`.
const LONGEST_GAP: usize = 3;
/// The zero of each script in which Indian languages write decimal digits, then of full-width forms.
const ZEROS: [char; 15] = ['0', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '٠', '۰', '᱐', '꯰', '０'];

/// Whether the whole text is an Aadhaar number, grouped or not.
pub fn looks_like_aadhaar(text: &str) -> bool {
    let letters: Vec<char> = text.trim().chars().collect();
    number_at(&letters, 0).is_some_and(|places| places[LENGTH - 1] + 1 == letters.len())
}

/// The text with the first eight digits of every Aadhaar number replaced by X; the rest stays as it was written.
///
/// A number is found wherever no further digit touches it, also when letters do.
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut letters: Vec<char> = text.chars().collect();
    let found: Vec<[usize; LENGTH]> = (0..letters.len()).filter_map(|start| number_at(&letters, start)).collect();
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    for places in found {
        for place in &places[..MASKED] {
            letters[*place] = 'X';
        }
    }
    Cow::Owned(letters.into_iter().collect())
}

/// The places of the twelve digits, if an Aadhaar number starts here.
fn number_at(letters: &[char], start: usize) -> Option<[usize; LENGTH]> {
    let before = letters[..start].last().copied();
    if before.is_some_and(|letter| digit(letter).is_some()) {
        return None;
    }
    let mut places = [0; LENGTH];
    let mut digits = [0; LENGTH];
    let mut at = start;
    for index in 0..LENGTH {
        if index == 4 || index == 8 {
            at += gap(letters.get(at..)?);
        }
        digits[index] = digit(*letters.get(at)?)?;
        places[index] = at;
        at += 1;
    }
    let goes_on = letters.get(at).is_some_and(|letter| digit(*letter).is_some());
    let mobile = before == Some('+') && digits[..2] == [9, 1] && digits[2] >= 6;
    let is_number = digits[0] >= 2 && verhoeff_holds(&digits) && !goes_on && !mobile;
    is_number.then_some(places)
}

/// How many separating characters stand at the front, at most [`LONGEST_GAP`].
fn gap(letters: &[char]) -> usize {
    let is_separator = |letter: &&char| letter.is_whitespace() || "-‐‑–.".contains(**letter);
    letters.iter().take(LONGEST_GAP).take_while(is_separator).count()
}

/// The value of a decimal digit of any script in [`ZEROS`].
fn digit(letter: char) -> Option<u32> {
    ZEROS.iter().filter_map(|zero| u32::from(letter).checked_sub(u32::from(*zero))).find(|value| *value <= 9)
}

/// Verhoeff's check: the products of the permuted digits, from the last to the first, come to nothing.
fn verhoeff_holds(digits: &[u32]) -> bool {
    let mut product = 0;
    for (place, digit) in digits.iter().rev().enumerate() {
        product = multiply(product, permute(*digit, place % 8));
    }
    product == 0
}

/// Multiplication in the dihedral group of the pentagon: 0 to 4 are the turns, 5 to 9 the reflections.
fn multiply(left: u32, right: u32) -> u32 {
    let turn = if left < 5 { left + right } else { left + 5 - right % 5 } % 5;
    let reflects = (left < 5) != (right < 5);
    turn + if reflects { 5 } else { 0 }
}

/// Verhoeff's permutation (1 5 8 9 4 2 7 0)(3 6), applied as often as the place says.
fn permute(digit: u32, times: usize) -> u32 {
    (0..times).fold(digit, |digit, _| match digit {
        1 => 5,
        5 => 8,
        8 => 9,
        9 => 4,
        4 => 2,
        2 => 7,
        7 => 0,
        0 => 1,
        3 => 6,
        _ => 3,
    })
}

#[cfg(test)]
#[path = "aadhaar_tests.rs"]
mod tests;
