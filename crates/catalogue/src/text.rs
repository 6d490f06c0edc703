//! Text out of foreign files: bytes to characters, damage undone, forms that can be compared.
//!
//! Bytes that are not UTF-8 are read as Windows-1252, the superset of Latin-1 that such files really hold. Text that was
//! decoded wrongly before it reached us ("CafÃ©", also several times over) is put right where that is possible without
//! guessing; what cannot be put right stays as it is.

/// Windows-1252 for the bytes 0x80 to 0x9F; the five that it leaves open stand for themselves.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// How often text may have been decoded wrongly; each time doubles its odd characters.
const LAYERS: usize = 8;

/// The characters of some bytes: UTF-8, else Windows-1252.
pub fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| from_windows(*byte)).collect(),
    }
}

/// Text for people: damage undone, entities resolved, control characters gone, one space between words.
pub fn tidy(text: &str) -> String {
    let text = unescape(&repair(text));
    let text: String = text
        .chars()
        .map(|letter| match letter {
            '\u{80}'..='\u{9f}' => WINDOWS[letter as usize - 0x80],
            other => other,
        })
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .filter(|letter| !matches!(letter, '\u{fffd}' | '\u{feff}' | '\u{200b}' | '\u{ad}'))
        .collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // Spreadsheets mark text by an apostrophe where it would otherwise be a formula.
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.trim_start().to_owned(),
        _ => text,
    }
}

/// Whether a field says nothing: empty, a dash, "N/A", "nan", "null".
pub fn is_absent(text: &str) -> bool {
    let text = text.trim();
    text.chars().all(|letter| matches!(letter, '-' | '–' | '—' | '_' | '.' | '?' | '*'))
        || ["n/a", "na", "nan", "null", "none", "nil", "#n/a", "undefined", "not available"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
}

/// A form in which two spellings of one name are equal: lower case, no accents, letters and digits only, single spaces.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase).map(without_accent) {
        if letter.is_alphanumeric() || is_mark(letter) {
            folded.push(letter);
        } else if letter != '\'' && letter != '’' && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.trim().to_owned()
}

/// A number that stays the same for the same parts on every machine and in every version: FNV-1a with 64 bits
/// (Fowler, Noll, Vo; draft-eastlake-fnv), and a separator after each part.
pub fn stable_hash(parts: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parts.iter().flat_map(|part| part.bytes().chain([0xff])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash
}

fn from_windows(byte: u8) -> char {
    if (0x80..0xa0).contains(&byte) { WINDOWS[usize::from(byte) - 0x80] } else { char::from(byte) }
}

/// The byte that Windows-1252, or Latin-1 for its control characters, would have read as this character.
fn to_windows(letter: char) -> Option<u8> {
    u8::try_from(u32::from(letter)).ok().or_else(|| {
        let at = WINDOWS.iter().position(|known| *known == letter)?;
        u8::try_from(at + 0x80).ok()
    })
}

/// Undoes wrong decoding. Each run of characters outside ASCII is turned back into bytes; if those are UTF-8, that is
/// what was meant. Real accents are never UTF-8 by chance: a single byte above 0x7F is no character there.
fn repair(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..LAYERS {
        let Some(better) = repair_once(&text) else { break };
        text = better;
    }
    text
}

fn repair_once(text: &str) -> Option<String> {
    let mut repaired = String::with_capacity(text.len());
    let mut changed = false;
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| !letter.is_ascii()) {
        let run_and_more = &rest[start..];
        let end = run_and_more.find(|letter: char| letter.is_ascii()).unwrap_or(run_and_more.len());
        repaired.push_str(&rest[..start]);
        let run = &run_and_more[..end];
        match meant(run) {
            Some(meant) => {
                repaired.push_str(&meant);
                changed = true;
            }
            None => repaired.push_str(run),
        }
        rest = &run_and_more[end..];
    }
    repaired.push_str(rest);
    changed.then_some(repaired)
}

fn meant(run: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = run.chars().map(to_windows).collect();
    if let Some(meant) = bytes.and_then(|bytes| String::from_utf8(bytes).ok()) {
        return Some(meant);
    }
    // Some converters write "í" for the "Ã" that begins a mangled accent: "Cafí©".
    let mut letters = run.chars();
    match (letters.next(), letters.next(), letters.next()) {
        (Some('í'), Some(second @ '\u{a0}'..='\u{bf}'), None) => {
            char::from_u32(0xc0 | (u32::from(second) & 0x3f)).map(String::from)
        }
        _ => None,
    }
}

fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let entities = [
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    entities.iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

fn without_accent(letter: char) -> char {
    match letter {
        'à'..='å' | 'ā' => 'a',
        'ç' => 'c',
        'è'..='ë' | 'ē' => 'e',
        'ì'..='ï' | 'ī' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' | 'ō' => 'o',
        'ù'..='ü' | 'ū' => 'u',
        'ý' | 'ÿ' => 'y',
        other => other,
    }
}

/// Vowel signs and conjuncts of the Indic scripts are parts of words, though not letters by themselves.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{900}'..='\u{d7f}')
}

#[cfg(test)]
mod tests {
    use super::{decode, fold, is_absent, stable_hash, tidy};
    use proptest::prelude::*;

    /// Wrong decoding, as it happens: UTF-8 read as Latin-1 and stored as UTF-8 again.
    fn mangled(text: &str, times: usize) -> String {
        (0..times).fold(text.to_owned(), |text, _| text.bytes().map(char::from).collect())
    }

    #[test]
    fn latin_1_and_utf_8_are_read() {
        assert_eq!(decode(b"Caf\xe9 Lalbagh"), "Café Lalbagh");
        assert_eq!(decode("Café Lalbagh".as_bytes()), "Café Lalbagh");
        assert_eq!(decode(b"Amma\x92s"), "Amma’s");
    }

    #[test]
    fn damage_is_undone_however_deep() {
        for times in 0..4 {
            assert_eq!(tidy(&mangled("Café Ōsaka – 100°C", times)), "Café Ōsaka – 100°C", "{times}");
        }
        assert_eq!(tidy("CafÃ© Monsoon"), "Café Monsoon");
        assert_eq!(tidy("Amma\u{92}s  Kitchen\t"), "Amma’s Kitchen");
        assert_eq!(tidy("Cafí© Monsoon"), "Café Monsoon");
        assert_eq!(tidy("Naan &amp; Curry"), "Naan & Curry");
        assert_eq!(tidy("'@Home"), "@Home");
    }

    #[test]
    fn good_text_is_left_alone() {
        for text in ["Señor Taco", "मसाला डोसा", "தோசை கடை", "Müller & Söhne", "L'été", "O'Brien's"]
        {
            assert_eq!(tidy(text), text);
        }
    }

    #[test]
    fn spellings_of_one_name_fold_alike() {
        assert_eq!(fold("  Café—Monsoon! "), fold("cafe monsoon"));
        assert_eq!(fold("Amma's"), fold("Ammas"));
        assert_ne!(fold("दोसा"), fold("दासा"));
    }

    #[test]
    fn nothing_has_many_spellings() {
        assert!(["", " ", "-", "--", "NaN", "N/A", "null", "—"].into_iter().all(is_absent));
        assert!(["0", "NEW", "Na Chi"].into_iter().all(|text| !is_absent(text)));
    }

    #[test]
    fn parts_are_told_apart() {
        assert_ne!(stable_hash(&["ab", "c"]), stable_hash(&["a", "bc"]));
        assert_eq!(stable_hash(&[]), 0xcbf2_9ce4_8422_2325);
    }

    proptest! {
        #[test]
        fn any_bytes_become_tidy_text(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let text = tidy(&decode(&bytes));
            prop_assert!(!text.chars().any(char::is_control));
            prop_assert!(!text.contains("  "));
            fold(&text);
        }
    }
}
