//! How an answer is written into Redis.
//!
//! ```text
//! "DBC1" | absent u8 | fresh ms u64 | renew ms u64 | keep ms u64 | load µs u64
//!        | generation length u8 | generation | checksum 16 bytes | body to the end
//! ```
//! Numbers are big-endian. The checksum (SHA-256, shortened) covers the place the value belongs
//! to, the header and the body's own hash, so a value that was cut, altered, written by another
//! version or copied under another key reads as a miss. It guards against accidents; whoever may
//! write to Redis can forge it.

use std::time::Duration;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::clock::micros;
use crate::entry::{Content, Windows};
use crate::memory::KeyRef;

const MAGIC: &[u8; 4] = b"DBC1";
const CHECKSUM_BYTES: usize = 16;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Envelope {
    pub(crate) content: Option<Content>,
    pub(crate) windows: Windows,
    pub(crate) load_time: Duration,
    /// Generation of the namespace under which the answer was loaded.
    pub(crate) generation: Vec<u8>,
}

impl Envelope {
    /// `None` if the generation is too long to be one of ours.
    pub(crate) fn seal(&self, key: KeyRef<'_>) -> Option<Vec<u8>> {
        let mut sealed = Vec::with_capacity(64 + self.content.as_ref().map_or(0, |content| content.body.len()));
        sealed.extend_from_slice(MAGIC);
        sealed.push(u8::from(self.content.is_none()));
        for window in [self.windows.fresh, self.windows.renew, self.windows.keep] {
            sealed.extend_from_slice(&millis(window).to_be_bytes());
        }
        sealed.extend_from_slice(&micros(self.load_time).to_be_bytes());
        sealed.push(u8::try_from(self.generation.len()).ok()?);
        sealed.extend_from_slice(&self.generation);
        let checksum = checksum(key, &sealed, self.content.as_ref());
        sealed.extend_from_slice(&checksum);
        if let Some(content) = &self.content {
            sealed.extend_from_slice(&content.body);
        }
        Some(sealed)
    }

    /// `None` for anything that [`Envelope::seal`] did not write for this key.
    pub(crate) fn open(sealed: &Bytes, key: KeyRef<'_>) -> Option<Self> {
        let mut reader = Reader { rest: sealed };
        if reader.take(MAGIC.len())? != MAGIC {
            return None;
        }
        let absent = reader.take(1)? == [1];
        let fresh = Duration::from_millis(reader.number()?);
        let renew = Duration::from_millis(reader.number()?);
        let keep = Duration::from_millis(reader.number()?);
        let load_time = Duration::from_micros(reader.number()?);
        let generation_length = usize::from(*reader.take(1)?.first()?);
        let generation = reader.take(generation_length)?.to_vec();
        let header = &sealed[..sealed.len() - reader.rest.len()];
        let written = reader.take(CHECKSUM_BYTES)?;
        let body = sealed.slice_ref(reader.rest);
        let content = (!absent).then(|| Content::new(body));
        if written != checksum(key, header, content.as_ref()) {
            return None;
        }
        Some(Self { content, windows: Windows { fresh, renew, keep }, load_time, generation })
    }
}

pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn checksum(key: KeyRef<'_>, header: &[u8], content: Option<&Content>) -> [u8; CHECKSUM_BYTES] {
    let mut hash = Sha256::new();
    for part in [key.namespace.name().as_bytes(), key.name.as_bytes(), header] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    if let Some(content) = content {
        hash.update(content.etag.as_bytes());
    }
    let mut shortened = [0; CHECKSUM_BYTES];
    shortened.copy_from_slice(&hash.finalize()[..CHECKSUM_BYTES]);
    shortened
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        Some(u64::from_be_bytes(self.take(8)?.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Namespace;
    use proptest::prelude::*;

    const KEY: KeyRef<'_> = KeyRef { namespace: Namespace::MenuItems, name: "asha:dosa" };

    fn envelope(body: Option<&'static str>) -> Envelope {
        let second = Duration::from_secs(1);
        Envelope {
            content: body.map(|body| Content::new(body.into())),
            windows: Windows { fresh: 10 * second, renew: 12 * second, keep: 20 * second },
            load_time: Duration::from_micros(1_234),
            generation: b"7f-1".to_vec(),
        }
    }

    #[test]
    fn what_is_sealed_opens_again_under_its_own_key_only() {
        for written in [envelope(Some("{\"dosa\":90}")), envelope(Some("")), envelope(None)] {
            let sealed = Bytes::from(written.seal(KEY).unwrap());
            assert_eq!(Envelope::open(&sealed, KEY).as_ref(), Some(&written));
            assert_eq!(Envelope::open(&sealed, KeyRef { name: "asha:idli", ..KEY }), None);
            assert_eq!(Envelope::open(&sealed, KeyRef { namespace: Namespace::Orders, ..KEY }), None);
        }
    }

    #[test]
    fn every_cut_and_every_flipped_bit_is_a_miss() {
        let sealed = envelope(Some("{\"dosa\":90}")).seal(KEY).unwrap();
        for length in 0..sealed.len() {
            let cut = Bytes::copy_from_slice(&sealed[..length]);
            assert_eq!(Envelope::open(&cut, KEY), None, "cut to {length}");
        }
        for bit in 0..sealed.len() * 8 {
            let mut altered = sealed.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Envelope::open(&altered.into(), KEY), None, "bit {bit}");
        }
    }

    proptest! {
        #[test]
        fn noise_is_a_miss(noise in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(Envelope::open(&noise.clone().into(), KEY), None);
            let tail = [MAGIC.as_slice(), &noise].concat();
            prop_assert_eq!(Envelope::open(&tail.into(), KEY), None);
        }
    }
}
