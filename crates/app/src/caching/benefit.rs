//! How requests went, and what loading ahead was good for.
//!
//! An answer that was loaded ahead and asked for in time saved one wait: that of its first reader. What would have happened
//! without is reckoned from that, not measured.

use std::sync::atomic::{AtomicU64, Ordering};

/// How requests went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Answered without waiting for a load, stale answers included.
    pub hits: u64,
    /// Had to wait for a load.
    pub waits: u64,
}

impl Asked {
    /// Share of hits, 0 to 1; `None` before the first request.
    #[expect(clippy::cast_precision_loss, reason = "counts of requests are far below 2^52")]
    pub fn hit_ratio(self) -> Option<f64> {
        let all = self.hits + self.waits;
        (all > 0).then(|| self.hits as f64 / all as f64)
    }
}

/// What loading ahead was good for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Benefit {
    /// Answers loaded ahead.
    pub warmed: u64,
    /// Of these, asked for before they ran out.
    pub used: u64,
    /// Of these, run out unasked.
    pub wasted: u64,
    /// Requests for answers that were loaded ahead, up to the first that had to wait or came too late.
    pub ahead: Asked,
    /// All other requests that are counted.
    pub others: Asked,
}

impl Benefit {
    /// How all requests went.
    pub const fn with(self) -> Asked {
        let (hits, waits) = (self.ahead.hits + self.others.hits, self.ahead.waits + self.others.waits);
        Asked { hits, waits }
    }

    /// How they would have gone: the first to ask for an answer that was of use would have waited.
    pub const fn without(self) -> Asked {
        let Asked { hits, waits } = self.with();
        Asked { hits: hits.saturating_sub(self.used), waits: waits + self.used }
    }
}

/// The same while it is counted.
#[derive(Default)]
pub(super) struct Counts {
    hits: AtomicU64,
    waits: AtomicU64,
}

impl Counts {
    pub(super) fn note(&self, hit: bool) {
        let counter = if hit { &self.hits } else { &self.waits };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> Asked {
        Asked { hits: self.hits.load(Ordering::Relaxed), waits: self.waits.load(Ordering::Relaxed) }
    }
}
