//! A delimited file as records, however it was made: any of four delimiters, byte order marks, CR, LF or both.
//!
//! Quoting follows RFC 4180. What sets this reader apart from the usual ones is a quote that is opened and never closed:
//! they swallow the rest of the file into one field, this one gives up the one line and goes on with the next. A quote
//! inside an unquoted field (`9" Pizza`) is a character like any other.

use std::borrow::Cow;

use crate::text::decode;

/// Lines that one record may span; a quoted address rarely has more than three.
const LINES_OF_RECORD: usize = 12;

/// A whole file.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The names of the columns, as written.
    pub header: Vec<String>,
    /// Everything after the header, in order; blank lines are left out.
    pub records: Vec<Record>,
}

/// One record.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The line of the file where it begins, from 1.
    pub line: usize,
    /// Its fields, decoded but otherwise as written.
    pub fields: Vec<String>,
    /// Whether it opens a quote that nothing closes.
    pub unclosed: bool,
}

/// Why a file cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Compressed or otherwise not text.
    #[error("this is {0}, not text; unpack it first")]
    NotText(&'static str),
}

impl Sheet {
    /// Reads a file.
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        refuse_archives(bytes)?;
        let bytes = as_bytes_of_text(bytes);
        let mut lines: Vec<&[u8]> = lines(&bytes);
        let blank = |line: &&[u8]| line.iter().all(|byte| byte.is_ascii_whitespace() || *byte == b'\0');
        let hint = |line: &&[u8]| line.len() == 5 && line[..4].eq_ignore_ascii_case(b"sep=");
        let first = lines.iter().position(|line| !blank(line) && !hint(line)).ok_or(Unreadable::Empty)?;
        lines.truncate(lines.iter().rposition(|line| !blank(line)).map_or(0, |last| last + 1));
        let delimiter = delimiter_of(lines[first]);
        let (header, mut at) = record_at(&lines, first, delimiter, None);
        let width = Some(header.fields.len());
        let mut records = Vec::with_capacity(lines.len());
        while at < lines.len() {
            if blank(&lines[at]) {
                at += 1;
                continue;
            }
            let (record, next) = record_at(&lines, at, delimiter, width);
            records.push(record);
            at = next;
        }
        Ok(Self { header: header.fields, records })
    }
}

/// The record that begins at a line, and the line after it. Several lines are one record only if they are well-formed
/// together: otherwise the first of them has an unclosed quote, and a quote of a later record seems to close it.
fn record_at(lines: &[&[u8]], at: usize, delimiter: u8, width: Option<usize>) -> (Record, usize) {
    let alone = split(lines[at], delimiter);
    if alone.closed {
        return (Record { line: at + 1, fields: alone.fields, unclosed: false }, at + 1);
    }
    let mut whole = lines[at].to_vec();
    for (next, line) in lines.iter().enumerate().skip(at + 1).take(LINES_OF_RECORD - 1) {
        whole.push(b'\n');
        whole.extend_from_slice(line);
        let together = split(&whole, delimiter);
        if together.closed {
            let sound = !together.stray && width.is_none_or(|width| width == together.fields.len());
            if sound {
                return (Record { line: at + 1, fields: together.fields, unclosed: false }, next + 1);
            }
            break;
        }
    }
    (Record { line: at + 1, fields: alone.fields, unclosed: true }, at + 1)
}

/// What some bytes hold if they are one record.
struct Split {
    fields: Vec<String>,
    /// All quotes are closed.
    closed: bool,
    /// A quote stands inside a quoted field without being doubled.
    stray: bool,
}

/// A quoted field ends with a quote before a delimiter or the end; any other single quote in it is meant literally.
fn split(record: &[u8], delimiter: u8) -> Split {
    let mut split = Split { fields: Vec::new(), closed: true, stray: false };
    let mut at = 0;
    loop {
        let end = if record.get(at) == Some(&b'"') {
            quoted(record, at + 1, delimiter, &mut split)
        } else {
            let end = record[at..].iter().position(|byte| *byte == delimiter).map_or(record.len(), |found| at + found);
            split.fields.push(decode(&record[at..end]));
            end
        };
        if end >= record.len() {
            return split;
        }
        at = end + 1;
    }
}

/// Adds the quoted field that begins after a quote, and answers where its delimiter stands.
fn quoted(record: &[u8], from: usize, delimiter: u8, split: &mut Split) -> usize {
    let mut field = Vec::new();
    let mut at = from;
    split.closed = false;
    while let Some(&byte) = record.get(at) {
        at += 1;
        if byte == b'"' {
            match record.get(at) {
                Some(b'"') => at += 1,
                Some(next) if *next != delimiter => split.stray = true,
                _ => {
                    split.closed = true;
                    break;
                }
            }
        }
        field.push(byte);
    }
    split.fields.push(decode(&field));
    at
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut rest = bytes;
    while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        lines.push(&rest[..end]);
        let pair = rest[end] == b'\r' && rest.get(end + 1) == Some(&b'\n');
        rest = &rest[end + 1 + usize::from(pair)..];
    }
    lines.push(rest);
    lines
}

/// The delimiter that the header holds most of, outside its quotes.
fn delimiter_of(header: &[u8]) -> u8 {
    let count = |delimiter: u8| {
        let mut inside = false;
        header.iter().fold(0, |count, byte| {
            inside ^= *byte == b'"';
            count + usize::from(*byte == delimiter && !inside)
        })
    };
    let mut best = b',';
    for delimiter in [b';', b'\t', b'|'] {
        if count(delimiter) > count(best) {
            best = delimiter;
        }
    }
    best
}

/// Drops a byte order mark and turns UTF-16, as spreadsheets export it, into UTF-8.
fn as_bytes_of_text(bytes: &[u8]) -> Cow<'_, [u8]> {
    let units = |from: fn([u8; 2]) -> u16| -> Cow<'_, [u8]> {
        let units = bytes[2..].chunks_exact(2).map(|pair| from([pair[0], pair[1]]));
        let text: String = char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect();
        Cow::Owned(text.into_bytes())
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => Cow::Borrowed(rest),
        [0xff, 0xfe, ..] => units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => units(u16::from_be_bytes),
        _ => Cow::Borrowed(bytes),
    }
}

fn refuse_archives(bytes: &[u8]) -> Result<(), Unreadable> {
    let kinds: [(&[u8], &str); 6] = [
        (b"\xfd7zXZ\0", "an xz archive"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"PK\x03\x04", "a zip archive or a spreadsheet"),
        (b"BZh", "a bzip2 archive"),
        (b"\x28\xb5\x2f\xfd", "a zstd archive"),
        (b"SQLite format 3\0", "a database"),
    ];
    match kinds.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, kind)) => Err(Unreadable::NotText(kind)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Sheet, Unreadable};
    use proptest::prelude::*;

    fn rows(text: &[u8]) -> Vec<(usize, Vec<String>, bool)> {
        let records = Sheet::read(text).unwrap().records;
        records.into_iter().map(|record| (record.line, record.fields, record.unclosed)).collect()
    }

    fn fields(text: &[u8]) -> Vec<Vec<String>> {
        rows(text).into_iter().map(|row| row.1).collect()
    }

    #[test]
    fn quotes_hold_delimiters_lines_and_quotes() {
        let text = b"name,address\n\"Tiffin, Inc\",\"1st Main\r\nJayanagar\"\n\"The \"\"Best\"\" Dosa\",x\n";
        assert_eq!(
            rows(text),
            [
                (2, vec!["Tiffin, Inc".to_owned(), "1st Main\nJayanagar".to_owned()], false),
                (4, vec!["The \"Best\" Dosa".to_owned(), "x".to_owned()], false),
            ]
        );
    }

    #[test]
    fn an_unclosed_quote_costs_one_line() {
        let mut text = b"name,area\n\"Broken Cafe,Jayanagar\n".to_vec();
        text.extend((0..30).flat_map(|at| format!("Kitchen {at},Whitefield\n").into_bytes()));
        let rows = rows(&text);
        assert_eq!(rows.len(), 31);
        assert!(rows[0].2 && rows[1..].iter().all(|row| !row.2));
        assert_eq!(rows[1].1, ["Kitchen 0", "Whitefield"]);
    }

    #[test]
    fn an_unclosed_quote_is_not_closed_by_the_next_record() {
        let text = b"id,name,address\n1,A,\"1st Main, BTM\n2,B,\"2nd Main, BTM\"\n3,C,\"3rd Main, BTM\"\n";
        let rows = rows(text);
        assert_eq!(rows.iter().map(|row| row.2).collect::<Vec<_>>(), [true, false, false]);
        assert_eq!(rows[1].1, ["2", "B", "2nd Main, BTM"]);
    }

    #[test]
    fn an_unclosed_quote_at_the_end_is_noticed() {
        assert_eq!(
            rows(b"name,area\nA,B\n\"C,D"),
            [(2, vec!["A".to_owned(), "B".to_owned()], false), (3, vec!["C,D".to_owned()], true),]
        );
    }

    #[test]
    fn stray_quotes_are_characters() {
        assert_eq!(
            fields(b"name,area\n9\" Pizza,BTM\n\"Joe \"Big\" Diner\",HSR\n"),
            [["9\" Pizza", "BTM"], ["Joe \"Big\" Diner", "HSR"]]
        );
    }

    #[test]
    fn marks_delimiters_and_line_ends_do_not_matter() {
        let wanted = [["Café", "BTM"]];
        assert_eq!(fields("\u{feff}name,area\r\nCafé,BTM\r\n".as_bytes()), wanted);
        assert_eq!(fields(b"\n\nsep=;\nname;area\n\nCaf\xe9;BTM\n\n"), wanted);
        assert_eq!(fields("name\tarea\rCafé\tBTM\r".as_bytes()), wanted);
        let wide: Vec<u8> = "\u{feff}name,area\nCafé,BTM".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(fields(&wide), wanted);
        assert_eq!(Sheet::read("\u{feff}name,area".as_bytes()).unwrap().header, ["name", "area"]);
    }

    #[test]
    fn what_is_no_text_is_said() {
        assert_eq!(Sheet::read(b" \n\n"), Err(Unreadable::Empty));
        assert_eq!(Sheet::read(b"\xfd7zXZ\0abc"), Err(Unreadable::NotText("an xz archive")));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(
            prop_oneof![Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), any::<u8>()], 0..200)) {
            let _ = Sheet::read(&bytes);
        }

        #[test]
        fn agrees_with_the_usual_reader_on_sound_files(
            rows in proptest::collection::vec(proptest::collection::vec("[a-z\", é\n]{0,8}", 3), 1..8)
        ) {
            let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            writer.write_record(["a", "b", "c"]).unwrap();
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            prop_assert_eq!(fields(&writer.into_inner().unwrap()), rows);
        }
    }
}
