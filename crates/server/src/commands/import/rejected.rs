//! Rows that could not be used: as a file to be corrected and imported again, and as a few lines for people.

use std::{borrow::Cow, collections::BTreeMap, fmt::Write as _, path::Path};

use app::imports::ImportReport;

/// Reasons that the summary names.
const MOST_REASONS: usize = 8;

/// Writes the rejected rows: line, reasons, then the columns of the file. Without any, only the header.
pub(super) fn write(path: &Path, report: &ImportReport) -> Result<(), csv::Error> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_path(path)?;
    let header = ["line", "reasons"].into_iter().chain(report.header.iter().map(String::as_str));
    writer.write_record(header.map(|cell| harmless(cell).into_owned()))?;
    for row in &report.rejected {
        let (line, reasons) = (row.line.to_string(), row.reasons.join("; "));
        let cells = [line.as_str(), &reasons].into_iter().chain(row.fields.iter().map(String::as_str));
        writer.write_record(cells.map(|cell| harmless(cell).into_owned()))?;
    }
    Ok(writer.flush()?)
}

/// How often each kind of reason occurs, the commonest first, with the first line of each.
pub(super) fn reasons(report: &ImportReport) -> String {
    let mut kinds: BTreeMap<String, (usize, usize, &str)> = BTreeMap::new();
    for row in &report.rejected {
        for reason in &row.reasons {
            kinds.entry(kind(reason)).or_insert((0, row.line, reason)).0 += 1;
        }
    }
    let mut kinds: Vec<_> = kinds.into_values().collect();
    kinds.sort_by_key(|(count, line, _)| (std::cmp::Reverse(*count), *line));
    let mut text = String::new();
    for (count, line, reason) in kinds.iter().take(MOST_REASONS) {
        let _ = writeln!(text, "  {count} × such as line {line}: {reason}");
    }
    if kinds.len() > MOST_REASONS {
        let _ = writeln!(text, "  and {} other reasons", kinds.len() - MOST_REASONS);
    }
    text
}

/// A reason without its particulars: numbers and quoted words left out.
fn kind(reason: &str) -> String {
    let mut quoted = false;
    let plain = reason.chars().filter(|letter| {
        let keep = !quoted && *letter != '“';
        quoted = (quoted || *letter == '“') && *letter != '”';
        keep && !letter.is_ascii_digit()
    });
    plain.collect()
}

/// A cell that no spreadsheet takes for a formula (CSV injection, OWASP). The apostrophe is dropped when read again.
fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::{reasons, write};
    use app::imports::{ImportReport, RejectedRow};

    fn report() -> ImportReport {
        let row = |line: usize, reason: &str| RejectedRow {
            line,
            reasons: vec![reason.to_owned()],
            fields: vec!["=1+1".to_owned(), "a,b".to_owned()],
        };
        let rejected = vec![
            row(4, "rating “x” is not a number"),
            row(7, "no name"),
            row(9, "rating “y” is not a number"),
            row(12, "2 fields where the header has 3"),
        ];
        ImportReport { header: vec!["name".to_owned(), "area".to_owned()], rejected, ..ImportReport::default() }
    }

    #[test]
    fn the_file_can_be_corrected_and_imported_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rejected.csv");
        write(&path, &report()).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("line,reasons,name,area"));
        assert_eq!(lines.next(), Some("4,rating “x” is not a number,'=1+1,\"a,b\""));
        assert_eq!(lines.count(), 3);
    }

    #[test]
    fn reasons_are_counted_by_kind() {
        assert_eq!(
            reasons(&report()),
            "  2 × such as line 4: rating “x” is not a number\n  1 × such as line 7: no name\n  1 × such as line 12: 2 \
             fields where the header has 3\n"
        );
    }
}
