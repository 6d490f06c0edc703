//! A breaker: after a few failures in a row nobody asks for a while, then one asks, and the others wait for what comes of it.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Failures in a row that open it.
const FAILURES: u32 = 3;
/// How long it stays open.
const REST: Duration = Duration::from_secs(15);

/// Whether an engine is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    /// It is.
    Closed,
    /// One question is on its way to see whether it can be again.
    HalfOpen,
    /// It is not.
    Open,
}

#[derive(Debug, Default)]
struct Seen {
    failures: u32,
    opened: Option<Instant>,
    trying: bool,
}

/// A breaker. The time is an argument, so that its rest can be tested without one.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<Seen>);

impl Breaker {
    /// Whether somebody may ask now.
    pub fn may(&self, now: Instant) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(opened) = seen.opened else { return true };
        if seen.trying || now.duration_since(opened) < REST {
            return false;
        }
        seen.trying = true;
        true
    }

    /// It answered.
    pub fn succeeded(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Seen::default();
    }

    /// It did not, or not in its senses.
    pub fn failed(&self, now: Instant) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.failures += 1;
        seen.trying = false;
        if seen.failures >= FAILURES {
            seen.opened = Some(now);
        }
    }

    /// How it stands.
    pub fn state(&self) -> BreakerState {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match (seen.opened, seen.trying) {
            (None, _) => BreakerState::Closed,
            (Some(_), true) => BreakerState::HalfOpen,
            (Some(_), false) => BreakerState::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Breaker, BreakerState, FAILURES, REST};
    use std::time::Instant;

    #[test]
    fn it_opens_rests_tries_once_and_closes() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        for _ in 0..FAILURES {
            assert!(breaker.may(start));
            breaker.failed(start);
        }
        assert_eq!(breaker.state(), BreakerState::Open);
        assert!(!breaker.may(start + REST / 2));
        assert!(breaker.may(start + REST), "one tries");
        assert!(!breaker.may(start + REST), "the others wait");
        breaker.failed(start + REST);
        assert!(!breaker.may(start + REST + REST / 2));
        assert!(breaker.may(start + REST * 2));
        breaker.succeeded();
        assert_eq!(breaker.state(), BreakerState::Closed);
    }
}
