//! One stored answer and the windows of its life.
//!
//! ```text
//! stored ───────── fresh ─────────┬── renewed while served ──┬── only if the loader fails ──┐
//!                 early refresh ↗ fresh_until            renew_until                   keep_until
//! ```
//! An entry fixes its windows when it is stored; reading one needs no policy.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use crate::clock::micros;
use crate::dice::Dice;
use crate::{Cached, Encoded, Loaded, Policy, State, Tier};

/// After a failed load an expired answer is served this long before the loader is tried again.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);

/// -ln of the smallest fraction the dice throw, rounded up: beyond it no throw refreshes early.
const LARGEST_EARLY_FACTOR: u32 = 23;

const ETAG_BYTES: usize = 16;

/// A body and its tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) body: Bytes,
    pub(crate) etag: Arc<str>,
}

impl Content {
    pub(crate) fn new(body: Bytes) -> Self {
        let digest = Sha256::digest(&body);
        let etag = format!("\"{}\"", BASE64URL_NOPAD.encode(&digest[..ETAG_BYTES])).into();
        Self { body, etag }
    }
}

/// How long an answer lives, counted from when its loader answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Windows {
    pub(crate) fresh: Duration,
    pub(crate) renew: Duration,
    pub(crate) keep: Duration,
}

impl Windows {
    fn present(policy: &Policy, ttl: Option<Duration>, dice: &Dice) -> Self {
        let fresh = policy.with_jitter(ttl.unwrap_or(policy.ttl), dice);
        // An end of its own is a moment from which on it is known to be wrong.
        let renewed_for = if ttl.is_some() { Duration::ZERO } else { policy.stale_while_revalidate };
        let renew = fresh.saturating_add(renewed_for);
        Self { fresh, renew, keep: renew.max(fresh.saturating_add(policy.stale_if_error)) }
    }

    fn absent(policy: &Policy, dice: &Dice) -> Self {
        let fresh = policy.with_jitter(policy.negative_ttl, dice);
        Self { fresh, renew: fresh, keep: fresh }
    }
}

/// What may be done with an entry now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    Fresh,
    /// Send it, and let one load renew it.
    Renew,
    /// Send it only if the loader fails.
    Cover,
    Dead,
}

#[derive(Debug)]
pub(crate) struct Entry {
    /// `None` is a negative entry: the loader said there is no such thing.
    pub(crate) content: Option<Content>,
    pub(crate) windows: Windows,
    /// Age of the answer when it came into this process.
    pub(crate) age_on_arrival: Duration,
    pub(crate) arrived_at: Duration,
    pub(crate) load_time: Duration,
    /// The same in a content coding, once it is made.
    pub(crate) encoded: OnceLock<Arc<Encoded>>,
    /// Whether tiers may keep it.
    pub(crate) stored: bool,
    /// Whether the tier that is shared may.
    pub(crate) shared: bool,
    /// Which version of its thing it shows, if it says so and did not come from the other tier.
    pub(crate) version: Option<i64>,
    pub(crate) hits: AtomicU64,
    retry_at_micros: AtomicU64,
}

impl Entry {
    /// An answer that the loader gave just now. `None` is "there is no such thing".
    pub(crate) fn loaded(
        found: Option<Loaded>,
        policy: &Policy,
        dice: &Dice,
        now: Duration,
        load_time: Duration,
    ) -> Self {
        let windows = match &found {
            Some(loaded) => Windows::present(policy, loaded.ttl, dice),
            None => Windows::absent(policy, dice),
        };
        let stored = found.as_ref().is_none_or(|loaded| loaded.stored);
        let shared = found.as_ref().is_none_or(|loaded| loaded.shared);
        let version = found.as_ref().and_then(|loaded| loaded.version);
        let content = found.map(|loaded| Content::new(loaded.body));
        Self { stored, shared, version, ..Self::arrived(content, windows, Duration::ZERO, now, load_time) }
    }

    /// An answer of some age that came from the other tier.
    pub(crate) fn arrived(
        content: Option<Content>,
        windows: Windows,
        age_on_arrival: Duration,
        arrived_at: Duration,
        load_time: Duration,
    ) -> Self {
        Self {
            content,
            windows,
            age_on_arrival,
            arrived_at,
            load_time,
            encoded: OnceLock::new(),
            stored: true,
            shared: true,
            version: None,
            hits: AtomicU64::new(0),
            retry_at_micros: AtomicU64::new(0),
        }
    }

    pub(crate) fn age(&self, now: Duration) -> Duration {
        self.age_on_arrival.saturating_add(now.saturating_sub(self.arrived_at))
    }

    /// `cap` bounds the staleness while invalidations may be lost: an entry that has been in this
    /// process for longer is no better than a cover for failures.
    pub(crate) fn freshness(&self, now: Duration, cap: Option<Duration>) -> Freshness {
        let age = self.age(now);
        let capped = cap.is_some_and(|cap| now.saturating_sub(self.arrived_at) >= cap);
        if age >= self.windows.keep {
            Freshness::Dead
        } else if capped || age >= self.windows.renew {
            Freshness::Cover
        } else if age >= self.windows.fresh {
            Freshness::Renew
        } else {
            Freshness::Fresh
        }
    }

    /// XFetch (Vattani, Chierichetti, Lowenstein 2015, beta 1): a fresh entry asks to be renewed
    /// with a probability that rises towards its end, the sooner the longer its load takes.
    pub(crate) fn due_early(&self, now: Duration, dice: &Dice) -> bool {
        let left = self.windows.fresh.saturating_sub(self.age(now));
        if self.content.is_none() || left > self.load_time.saturating_mul(LARGEST_EARLY_FACTOR) {
            return false;
        }
        self.load_time.mul_f64(-dice.fraction().ln()) >= left
    }

    /// Whether a load may be tried, given when the last one failed.
    pub(crate) fn may_retry(&self, now: Duration) -> bool {
        micros(now) >= self.retry_at_micros.load(Ordering::Relaxed)
    }

    pub(crate) fn note_failure(&self, now: Duration) {
        self.retry_at_micros.store(micros(now + PAUSE_AFTER_FAILURE), Ordering::Relaxed);
    }

    /// The answer as callers see it; `None` for a negative entry.
    pub(crate) fn answer(&self, now: Duration, tier: Tier, state: State) -> Option<Cached> {
        let content = self.content.as_ref()?;
        let age = self.age(now);
        let fresh_for = match state {
            State::Stale | State::Bypass => Duration::ZERO,
            State::Hit | State::Miss => self.windows.fresh.saturating_sub(age),
        };
        let Content { body, etag } = content.clone();
        let encoded = self.encoded.get().cloned();
        Some(Cached { body, encoded, etag, age, fresh_for, tier, state })
    }

    /// Bytes of bodies and tags.
    pub(crate) fn size(&self) -> usize {
        let plain = self.content.as_ref().map_or(0, |content| content.body.len() + content.etag.len());
        plain + self.encoded.get().map_or(0, |encoded| encoded.body.len() + encoded.etag.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Namespace;

    const SECOND: Duration = Duration::from_secs(1);

    fn entry(load_time: Duration) -> Entry {
        let windows = Windows { fresh: 10 * SECOND, renew: 12 * SECOND, keep: 20 * SECOND };
        Entry::arrived(Some(Content::new("dosa".into())), windows, Duration::ZERO, SECOND, load_time)
    }

    #[test]
    fn an_entry_passes_through_its_windows() {
        let entry = entry(Duration::ZERO);
        let expected = [
            (1, Freshness::Fresh),
            (10, Freshness::Fresh),
            (11, Freshness::Renew),
            (13, Freshness::Cover),
            (21, Freshness::Dead),
        ];
        for (second, freshness) in expected {
            assert_eq!(entry.freshness(second * SECOND, None), freshness, "second {second}");
        }
        assert_eq!(entry.freshness(6 * SECOND, Some(5 * SECOND)), Freshness::Cover);
        assert_eq!(entry.freshness(5 * SECOND, Some(5 * SECOND)), Freshness::Fresh);
    }

    #[test]
    fn slow_loads_are_renewed_earlier_and_never_far_from_the_end() {
        let dice = Dice::new(3);
        let share = |load_time: Duration, left: Duration| {
            let entry = entry(load_time);
            let now = (11 * SECOND).saturating_sub(left);
            (0..2_000).filter(|_| entry.due_early(now, &dice)).count()
        };
        assert_eq!(share(Duration::from_millis(10), 5 * SECOND), 0);
        let early = share(SECOND, 3 * SECOND);
        let late = share(SECOND, SECOND / 2);
        // exp(-3) = 5 % and exp(-0.5) = 61 % of the throws.
        assert!((60..150).contains(&early), "{early}");
        assert!((1_120..1_310).contains(&late), "{late}");
    }

    #[test]
    fn tags_are_strong_and_follow_the_bytes() {
        let tag = |body: &'static str| Content::new(body.into()).etag;
        assert_eq!(tag("dosa"), tag("dosa"));
        assert_ne!(tag("dosa"), tag("idli"));
        assert!(tag("dosa").starts_with('"') && tag("dosa").ends_with('"'));
    }

    #[test]
    fn a_negative_answer_is_neither_renewed_nor_a_cover() {
        let policy = Policy { jitter: 0.0, ..Policy::default_for(Namespace::Restaurants) };
        let entry = Entry::loaded(None, &policy, &Dice::new(1), SECOND, SECOND);
        assert_eq!(entry.freshness(5 * SECOND, None), Freshness::Fresh);
        assert_eq!(entry.freshness(6 * SECOND, None), Freshness::Dead);
        assert!(!entry.due_early(5 * SECOND, &Dice::new(1)));
    }
}
