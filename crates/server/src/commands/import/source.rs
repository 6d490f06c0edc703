//! Where the bytes of an import come from.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
    process::{Command, Stdio},
};

use catalogue::gazetteer;

const XZ: &[u8] = b"\xfd7zXZ\0";

/// The bytes of a file, or of standard input for `-`; unpacked if they are an xz archive.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, String> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(|error| format!("standard input: {error}"))?;
        return Ok(bytes);
    }
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    if bytes.starts_with(XZ) { unpack(path) } else { Ok(bytes) }
}

fn unpack(path: &Path) -> Result<Vec<u8>, String> {
    let advice = format!("unpack it yourself: xz -dc {} | dabba import restaurants -", path.display());
    let xz = Command::new("xz").arg("-dc").arg("--").arg(path).stdin(Stdio::null()).stderr(Stdio::piped()).output();
    match xz {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Err(format!("{}: `xz` could not be started ({error}); {advice}", path.display())),
    }
}

/// What the file is called, without folders and endings: "pune_restaurants" for `lists/pune_restaurants.csv.xz`.
pub(super) fn name(path: &Path) -> String {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let name = name.strip_suffix(".xz").unwrap_or(&name);
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    if name.is_empty() || name == "-" { "stdin".to_owned() } else { name.to_owned() }
}

/// The city that a file's name mentions, if there is one: two words before one, so that Navi Mumbai is not Mumbai.
pub(super) fn city_in(name: &str) -> Option<String> {
    let words: Vec<&str> =
        name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let pairs = words.windows(2).map(|pair| pair.join(" "));
    let singles = words.iter().map(|word| (*word).to_owned());
    pairs.chain(singles).find_map(|words| gazetteer::city(&words)).map(|city| city.name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{city_in, name, read};
    use std::path::Path;

    #[test]
    fn names_lose_their_endings() {
        assert_eq!(name(Path::new("lists/pune_2026.csv.xz")), "pune_2026");
        assert_eq!(name(Path::new("pune.v2.csv")), "pune.v2");
        assert_eq!(name(Path::new("-")), "stdin");
    }

    #[test]
    fn a_name_may_mention_a_city() {
        assert_eq!(city_in("list-of-navi_mumbai_2026").as_deref(), Some("Navi Mumbai"));
        assert_eq!(city_in("bangalore").as_deref(), Some("Bengaluru"));
        assert_eq!(city_in("restaurants"), None);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(&folder.path().join("absent.csv")).unwrap_err().contains("absent.csv"));
        let damaged = folder.path().join("damaged.csv.xz");
        std::fs::write(&damaged, b"\xfd7zXZ\0damaged").unwrap();
        assert!(read(&damaged).is_err());
    }
}
