//! What goes into the cache and what comes out of it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::Encoded;
use crate::entry::Content;

/// What a loader found: a body that is ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The bytes, exactly as they will be sent.
    pub body: Bytes,
    /// A time to live for this answer alone; without it, the namespace's.
    pub ttl: Option<Duration>,
    /// Whether it may be kept. If not, those who wait for it get it, and nobody later.
    pub stored: bool,
    /// Whether other processes may have it. If not, it stays in this one.
    pub shared: bool,
    /// Which version of its thing it shows, where things count their changes: it is new enough for
    /// [`Cache::invalidate_older`](crate::Cache::invalidate_older) of that version.
    pub version: Option<i64>,
}

impl Loaded {
    /// An answer that lives as long as its namespace says.
    pub fn new(body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ttl: None, stored: true, shared: true, version: None }
    }

    /// An answer that is sent but not kept, such as an order that is still under way.
    pub fn unstored(body: impl Into<Bytes>) -> Self {
        Self { stored: false, ..Self::new(body) }
    }

    /// The same answer with a time to live of its own, such as "until the kitchen closes". It is not sent any more after
    /// that, unless its loader fails.
    #[must_use]
    pub fn with_ttl(self, ttl: Duration) -> Self {
        Self { ttl: Some(ttl), ..self }
    }

    /// The same answer for this process alone, and for no longer than so.
    #[must_use]
    pub fn kept_here(self, longest: Duration) -> Self {
        Self { shared: false, ttl: Some(self.ttl.map_or(longest, |ttl| ttl.min(longest))), ..self }
    }

    /// The same answer as that of a version of its thing.
    #[must_use]
    pub fn with_version(self, version: i64) -> Self {
        Self { version: Some(version), ..self }
    }
}

impl From<Bytes> for Loaded {
    fn from(body: Bytes) -> Self {
        Self::new(body)
    }
}

impl From<Vec<u8>> for Loaded {
    fn from(body: Vec<u8>) -> Self {
        Self::new(body)
    }
}

impl From<String> for Loaded {
    fn from(body: String) -> Self {
        Self::new(body)
    }
}

/// An answer with everything a response says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cached {
    /// The bytes to send.
    pub body: Bytes,
    /// The same compressed, for callers who accept that: of larger answers, soon after the load.
    pub encoded: Option<Arc<Encoded>>,
    /// Strong entity tag with its quotes: equal tags mean equal bytes, on every node.
    pub etag: Arc<str>,
    /// Time since the loader answered, wherever that was.
    pub age: Duration,
    /// How long it stays fresh; zero for a stale answer. Meant for `Cache-Control: max-age`.
    pub fresh_for: Duration,
    /// Where the bytes came from.
    pub tier: Tier,
    /// How the answer came about.
    pub state: State,
}

impl Cached {
    /// An answer that was made for this caller and is kept nowhere, with its tag.
    pub fn unkept(body: impl Into<Bytes>) -> Self {
        let Content { body, etag } = Content::new(body.into());
        let (age, fresh_for) = (Duration::ZERO, Duration::ZERO);
        Self { body, encoded: None, etag, age, fresh_for, tier: Tier::Loaded, state: State::Bypass }
    }

    /// The same answer with other bytes that were made of its own, and their tag.
    #[must_use]
    pub fn with_body(self, body: Bytes) -> Self {
        let Content { body, etag } = Content::new(body);
        Self { body, encoded: None, etag, ..self }
    }
}

/// Where the bytes of an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// This process.
    Memory,
    /// The tier shared between nodes.
    Redis,
    /// The loader.
    Loaded,
}

/// How an answer came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Fresh, from a tier.
    Hit,
    /// Loaded for this call, or for one that asked at the same time.
    Miss,
    /// Past its time to live, while it is renewed or because the loader failed.
    Stale,
    /// The namespace is switched off, or the loader's answer is not to be stored.
    Bypass,
}

impl State {
    /// The value of the `X-Cache` header.
    pub const fn header(self) -> &'static str {
        match self {
            Self::Hit => "HIT",
            Self::Miss => "MISS",
            Self::Stale => "STALE",
            Self::Bypass => "BYPASS",
        }
    }
}
