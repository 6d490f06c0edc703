//! Pictures of documents: what they are, told from their first bytes, and how large they may be.
//!
//! Nothing is decoded. Only the header is read, for the format and the size in pixels, so that what a client says of its
//! bytes counts for nothing and a picture that no reader should be asked to open is refused. Positions follow RFC 2083
//! (PNG), ITU T.81 annex B (JPEG) and RFC 9649 (WebP).

use crate::rule::{Broken, Rule};

/// The largest picture, bytes.
pub const LARGEST_BYTES: usize = 512 * 1024;
/// The longest side of a picture, pixels.
pub const LONGEST_SIDE_PX: u32 = 8_000;
/// The shortest side on which something can be read, pixels.
pub const SHORTEST_SIDE_PX: u32 = 16;

/// The formats that are taken: every browser shows them, and none of them can carry a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
}

/// What the header of a picture says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its format.
    pub format: PictureFormat,
    /// Pixels from left to right.
    pub width_px: u32,
    /// Pixels from top to bottom.
    pub height_px: u32,
}

impl PictureFormat {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Webp];

    /// As stored and sent.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }
}

impl Picture {
    /// Reads the header of a picture that may be kept; refuses every other, pointing at `/picture`.
    pub fn read(bytes: &[u8]) -> Result<Self, Broken> {
        if bytes.is_empty() {
            return Err(Rule::PictureEmpty.at("/picture"));
        }
        if bytes.len() > LARGEST_BYTES {
            return Err(too_large());
        }
        let picture = header(bytes).ok_or_else(|| Rule::PictureFormat.at("/picture"))?;
        let sides = [picture.width_px, picture.height_px];
        if sides.iter().any(|side| !(SHORTEST_SIDE_PX..=LONGEST_SIDE_PX).contains(side)) {
            let rule = Rule::PictureDimensions.at("/picture");
            return Err(rule.with("min_px", i64::from(SHORTEST_SIDE_PX)).with("max_px", i64::from(LONGEST_SIDE_PX)));
        }
        Ok(picture)
    }
}

/// The refusal of a picture that has too many bytes.
pub fn too_large() -> Broken {
    let most = i64::try_from(LARGEST_BYTES).unwrap_or(i64::MAX);
    Rule::PictureTooLarge.at("/picture").with("max_bytes", most)
}

fn header(bytes: &[u8]) -> Option<Picture> {
    let (format, (width_px, height_px)) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        (PictureFormat::Png, png(bytes)?)
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        (PictureFormat::Jpeg, jpeg(bytes)?)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12)? == b"WEBP" {
        (PictureFormat::Webp, webp(bytes)?)
    } else {
        return None;
    };
    Some(Picture { format, width_px, height_px })
}

/// The first chunk is the header.
fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if bytes.get(12..16)? == b"IHDR" { Some((side(16)?, side(20)?)) } else { None }
}

/// Segments follow each other, each with its length, until the frame's header; it comes before the picture itself.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        match *bytes.get(at + 1)? {
            // A filling byte.
            0xff => at += 1,
            // Frames of all kinds; among them stand tables of Huffman codes, of arithmetic ones, and a reserved number.
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Some((big_endian(bytes, at + 7)?, big_endian(bytes, at + 5)?));
            }
            // Marks without a length, the end, and the scan, before which a frame must have come.
            0x00 | 0x01 | 0xd0..=0xda => return None,
            _ => {
                let length = usize::try_from(big_endian(bytes, at + 2)?).ok().filter(|length| *length >= 2)?;
                at += 2 + length;
            }
        }
    }
}

fn big_endian(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?).into())
}

/// The first chunk says in which of three ways the picture is kept.
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    let byte = |at: usize| bytes.get(at).copied().map(u32::from);
    let three = |at: usize| Some(byte(at)? | byte(at + 1)? << 8 | byte(at + 2)? << 16);
    match bytes.get(12..16)? {
        b"VP8X" => Some((three(24)? + 1, three(27)? + 1)),
        b"VP8L" if byte(20)? == 0x2f => {
            let packed = three(21)? | byte(24)? << 24;
            Some(((packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1))
        }
        b"VP8 " if bytes.get(23..26)? == [0x9d, 0x01, 0x2a] => Some((three(26)? & 0x3fff, three(28)? & 0x3fff)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{LARGEST_BYTES, Picture, PictureFormat};

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0]);
        bytes
    }

    fn jpeg(before_the_frame: &[u8]) -> Vec<u8> {
        let frame = [0xff, 0xc2, 0, 17, 8, 0x02, 0x58, 0x03, 0x20, 3];
        [&[0xff, 0xd8], before_the_frame, &frame].concat()
    }

    fn webp(chunk: &[u8]) -> Vec<u8> {
        [b"RIFF\x40\0\0\0WEBP", chunk].concat()
    }

    fn read(bytes: &[u8]) -> Option<(PictureFormat, u32, u32)> {
        Picture::read(bytes).ok().map(|picture| (picture.format, picture.width_px, picture.height_px))
    }

    fn refusal(bytes: &[u8]) -> &'static str {
        let broken = Picture::read(bytes).unwrap_err();
        assert_eq!(broken.pointer.as_deref(), Some("/picture"));
        broken.rule.code()
    }

    #[test]
    fn each_format_says_its_size() {
        assert_eq!(read(&png(1600, 900)), Some((PictureFormat::Png, 1600, 900)));
        let tables = [0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xdb, 0, 3, 9];
        assert_eq!(read(&jpeg(&tables)), Some((PictureFormat::Jpeg, 800, 600)));
        let extended = webp(b"VP8X\x0a\0\0\0\0\0\0\0\x3f\x06\0\x83\x03\0");
        assert_eq!(read(&extended), Some((PictureFormat::Webp, 1600, 900)));
        let packed: u32 = (900 - 1) * 0x4000 + (1600 - 1);
        let lossless = [b"VP8L\x09\0\0\0\x2f".as_slice(), &packed.to_le_bytes()].concat();
        assert_eq!(read(&webp(&lossless)), Some((PictureFormat::Webp, 1600, 900)));
        let lossy = webp(b"VP8 \x09\0\0\0\0\0\0\x9d\x01\x2a\x40\x06\x84\x03\0");
        assert_eq!(read(&lossy), Some((PictureFormat::Webp, 1600, 900)));
    }

    #[test]
    fn what_is_no_such_picture_is_refused() {
        assert_eq!(refusal(b""), "picture-empty");
        let others: [&[u8]; 6] = [
            b"%PDF-1.7",
            b"GIF89a\x10\0\x10\0",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"BM",
            b"RIFF",
            b"\xff\xd8\xff",
        ];
        for other in others {
            assert_eq!(refusal(other), "picture-format", "{other:?}");
        }
        assert_eq!(refusal(&jpeg(&[0xff, 0xe0, 0, 0])), "picture-format", "a segment without end");
        assert_eq!(refusal(&png(1600, 900)[..20]), "picture-format", "a header that is cut off");
        for sides in [(0, 900), (1600, 8_001), (15, 15)] {
            assert_eq!(refusal(&png(sides.0, sides.1)), "picture-dimensions", "{sides:?}");
        }
    }

    #[test]
    fn the_largest_picture_is_taken_and_one_byte_more_is_not() {
        let mut bytes = png(1600, 900);
        bytes.resize(LARGEST_BYTES, 0);
        assert!(read(&bytes).is_some());
        bytes.push(0);
        assert_eq!(refusal(&bytes), "picture-too-large");
    }
}
