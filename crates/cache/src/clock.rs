//! Where the cache takes its time from.
//!
//! Only differences matter here, so time is the [`Duration`] since an origin of the clock's own
//! choosing, and it never runs backwards: a wall clock that is set an hour back cannot make an
//! entry an hour younger. The two implementations are the process's own clock and one that a
//! simulation or a test moves by hand.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A source of time that never runs backwards.
pub trait Clock: Send + Sync + 'static {
    /// Time since the origin of this clock.
    fn now(&self) -> Duration;
}

/// A time or a span in whole microseconds.
pub(crate) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// The monotonic clock of the process.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    origin: Instant,
}

impl SystemClock {
    /// A clock whose origin is this moment.
    pub fn new() -> Self {
        Self { origin: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.origin.elapsed()
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug, Default)]
pub struct ManualClock {
    microseconds: AtomicU64,
}

impl ManualClock {
    /// A clock that shows zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves the clock forward, to the microsecond.
    pub fn advance(&self, by: Duration) {
        self.microseconds.fetch_add(micros(by), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Duration {
        Duration::from_micros(self.microseconds.load(Ordering::SeqCst))
    }
}
