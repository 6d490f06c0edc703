//! Answers compressed once, when they are loaded, so that sending one compressed costs nothing.
//!
//! The load never waits for it: the plain answer is stored and sent first, the compressed one
//! joins it when it is ready. Few are made at a time, away from the threads that serve.

use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::cache::Inner;
use crate::entry::{Content, Entry};
use crate::memory::Key;

/// Smaller bodies fit into a packet or two anyway.
const SMALLEST_BODY: usize = 1_024;

/// Answers that are compressed at once.
pub(crate) const AT_ONCE: usize = 2;

/// The same answer in a content coding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The value of `Content-Encoding`.
    pub coding: &'static str,
    /// The bytes to send with it.
    pub body: Bytes,
    /// Their own strong entity tag, with its quotes.
    pub etag: Arc<str>,
}

impl Encoded {
    /// `None` for what compresses badly.
    pub(crate) fn gzip(content: &Content) -> Option<Self> {
        let mut encoder = GzEncoder::new(Vec::with_capacity(content.body.len() / 4), Compression::default());
        encoder.write_all(&content.body).ok()?;
        let body: Bytes = encoder.finish().ok()?.into();
        let tag = content.etag.trim_end_matches('"');
        let worth_it = body.len() < content.body.len() / 10 * 9;
        worth_it.then(|| Self { coding: "gzip", body, etag: format!("{tag}-gzip\"").into() })
    }
}

impl Inner {
    /// Compresses an answer that was just stored, if it is large enough to be worth it.
    pub(crate) fn encode_later(self: &Arc<Self>, key: &Key, entry: &Arc<Entry>) {
        let large = entry.content.as_ref().is_some_and(|content| content.body.len() >= SMALLEST_BODY);
        if !large {
            return;
        }
        let (inner, key, entry) = (Arc::clone(self), key.clone(), Arc::clone(entry));
        self.runtime.spawn(async move {
            let _turn = inner.encoding.acquire().await;
            if !inner.holds(&key, &entry) {
                return;
            }
            let encoding = Arc::clone(&entry);
            let encoded = inner.runtime.spawn_blocking(move || Encoded::gzip(encoding.content.as_ref()?)).await;
            if let Ok(Some(encoded)) = encoded {
                inner.add_encoded(key, &entry, encoded);
            }
        });
    }

    /// Both forms are counted from now on, unless the entry is gone.
    fn add_encoded(&self, key: Key, entry: &Arc<Entry>, encoded: Encoded) {
        let shard_key = key.clone();
        self.flights.undisturbed(shard_key.as_ref(), || {
            if self.holds(&key, entry) && entry.encoded.set(Arc::new(encoded)).is_ok() {
                self.memory.recount(key, Arc::clone(entry));
            }
        });
    }

    pub(crate) fn holds(&self, key: &Key, entry: &Arc<Entry>) -> bool {
        self.memory.peek(key.as_ref()).is_some_and(|held| Arc::ptr_eq(&held, entry))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_compressed_form_unpacks_to_the_same_bytes_under_another_tag() {
        let body = "masala dosa, plain dosa, ".repeat(200);
        let content = Content::new(body.clone().into());
        let encoded = Encoded::gzip(&content).unwrap();
        assert!(encoded.body.len() < body.len() / 5);
        assert!(encoded.etag.starts_with('"') && encoded.etag.ends_with("-gzip\""), "{}", encoded.etag);
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(&encoded.body[..]).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, body);
    }

    #[test]
    fn noise_is_left_alone() {
        let dice = crate::dice::Dice::new(1);
        let noise: Vec<u8> = (0..500).flat_map(|_| dice.number().to_le_bytes()).collect();
        assert_eq!(Encoded::gzip(&Content::new(noise.into())), None);
    }
}
