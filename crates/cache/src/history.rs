//! What happened in each of the last sixty minutes, in bounded memory and at no cost for a hit.
//!
//! Counters only grow, so a minute is the difference between two readings of them. The first call
//! of a minute notes what they showed; minutes without calls leave no note. A hit compares one
//! number.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::stats::ratio;

/// Minutes that are remembered, the running one included.
pub(crate) const MINUTES: usize = 60;

/// The figures of one minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Minute {
    /// How long ago it was; 0 is the running one.
    pub minutes_ago: u64,
    /// Calls answered without waiting for a loader, stale answers included.
    pub hits: u64,
    /// Calls that waited for a loader.
    pub misses: u64,
    /// Entries removed for want of room.
    pub evictions: u64,
}

impl Minute {
    /// Share of calls answered without waiting for a loader, 0 to 1; `None` if nobody called.
    pub fn hit_ratio(&self) -> Option<f64> {
        ratio(self.hits, self.hits + self.misses)
    }
}

/// What the counters showed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) hits: u64,
    pub(crate) misses: u64,
    pub(crate) evictions: u64,
}

/// What the counters showed before the first call of a minute.
struct Mark {
    minute: u64,
    totals: Totals,
}

pub(crate) struct History {
    /// The minute of the latest mark; one that never comes before the first.
    minute: AtomicU64,
    marks: Mutex<VecDeque<Mark>>,
}

impl History {
    pub(crate) fn new() -> Self {
        Self { minute: AtomicU64::new(u64::MAX), marks: Mutex::default() }
    }

    /// To be called before anything of this moment is counted.
    pub(crate) fn note(&self, now: Duration, totals: impl FnOnce() -> Totals) {
        let minute = now.as_secs() / 60;
        if self.minute.load(Ordering::Relaxed) == minute {
            return;
        }
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        if marks.back().is_some_and(|mark| mark.minute >= minute) {
            return;
        }
        if marks.len() == MINUTES {
            marks.pop_front();
        }
        marks.push_back(Mark { minute, totals: totals() });
        self.minute.store(minute, Ordering::Relaxed);
    }

    /// The last sixty minutes, oldest first. Minutes before the first call are empty ones.
    pub(crate) fn read(&self, now: Duration, latest: Totals) -> Vec<Minute> {
        let running = now.as_secs() / 60;
        let marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        let until = |minute: u64| {
            let next = marks.iter().find(|mark| mark.minute >= minute);
            next.map_or(latest, |mark| mark.totals)
        };
        let ago = (0..MINUTES as u64).rev().filter(|ago| *ago <= running);
        ago.map(|minutes_ago| {
            let minute = running - minutes_ago;
            let (before, after) = (until(minute), until(minute + 1));
            Minute {
                minutes_ago,
                hits: after.hits.saturating_sub(before.hits),
                misses: after.misses.saturating_sub(before.misses),
                evictions: after.evictions.saturating_sub(before.evictions),
            }
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn totals(hits: u64) -> Totals {
        Totals { hits, misses: hits / 10, evictions: 0 }
    }

    #[test]
    fn each_minute_shows_its_own_calls_and_silent_ones_none() {
        let history = History::new();
        history.note(MINUTE, || totals(0));
        history.note(MINUTE * 3 / 2, || totals(70));
        history.note(4 * MINUTE, || totals(100));
        let read: Vec<_> =
            history.read(4 * MINUTE, totals(130)).into_iter().map(|it| (it.minutes_ago, it.hits)).collect();
        assert_eq!(read, [(4, 0), (3, 100), (2, 0), (1, 0), (0, 30)]);
        let last = history.read(4 * MINUTE, totals(130)).pop().and_then(|minute| minute.hit_ratio());
        assert!(last.is_some_and(|share| (share - 30.0 / 33.0).abs() < 1e-9), "{last:?}");
    }

    #[test]
    fn only_the_last_hour_is_remembered() {
        let history = History::new();
        for minute in 0..1_000_u32 {
            history.note(minute * MINUTE, || totals(u64::from(minute) * 10));
        }
        let read = history.read(999 * MINUTE, totals(10_000));
        assert_eq!(read.len(), MINUTES);
        assert!(read.iter().all(|minute| minute.hits == 10), "{read:?}");
    }
}
