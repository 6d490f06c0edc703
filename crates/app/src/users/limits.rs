//! Failures that are allowed at a time, for each name.
//!
//! The generic cell rate algorithm (ITU-T I.371): one number per name says when its allowance would be whole again. The
//! count belongs to this node and is lost when it restarts; it slows a guesser down and proves nothing.

use std::sync::{Mutex, MutexGuard, PoisonError};

use quick_cache::unsync::Cache;

use crate::error::Error;

/// Names remembered; the least used are forgotten first.
const NAMES: usize = 20_000;

/// An allowance for each name: so many at once, then one each interval.
pub(crate) struct Limiter {
    interval_us: i64,
    span_us: i64,
    whole_at: Mutex<Cache<String, i64>>,
}

impl Limiter {
    pub(super) fn new(burst: i64, interval_us: i64) -> Self {
        Self { interval_us, span_us: burst * interval_us, whole_at: Mutex::new(Cache::new(NAMES)) }
    }

    /// Takes one from the allowance of a name, or says how long to wait for the next.
    pub(crate) fn take(&self, name: &str, now_us: i64) -> Result<(), Error> {
        let mut names = self.names();
        // A clock that was set back must not lock anybody out for longer than the span.
        let whole_at = names.get(name).copied().unwrap_or(now_us).clamp(now_us, now_us + self.span_us);
        let wait_us = whole_at + self.interval_us - self.span_us - now_us;
        if wait_us > 0 {
            let seconds = u64::try_from(wait_us).unwrap_or_default().div_ceil(1_000_000);
            return Err(Error::TooMany { retry_after_s: seconds });
        }
        names.insert(name.to_owned(), whole_at + self.interval_us);
        Ok(())
    }

    /// Returns one: it was no failure.
    pub(crate) fn give_back(&self, name: &str) {
        let mut names = self.names();
        if let Some(whole_at) = names.get(name).copied() {
            names.insert(name.to_owned(), whole_at - self.interval_us);
        }
    }

    fn names(&self) -> MutexGuard<'_, Cache<String, i64>> {
        self.whole_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Limiter;
    use crate::error::Error;

    const MINUTE: i64 = 60_000_000;

    #[test]
    fn a_used_up_allowance_comes_back_bit_by_bit() {
        let limiter = Limiter::new(3, MINUTE);
        assert!((0..3).all(|_| limiter.take("asha", 0).is_ok()));
        assert!(matches!(limiter.take("asha", 0), Err(Error::TooMany { retry_after_s: 60 })));
        assert!(matches!(limiter.take("asha", MINUTE - 1), Err(Error::TooMany { retry_after_s: 1 })));
        assert!(limiter.take("asha", MINUTE).is_ok());
        assert!(limiter.take("asha", MINUTE).is_err());
        assert!(limiter.take("binod", MINUTE).is_ok());
        assert!((0..3).all(|_| limiter.take("asha", 9 * MINUTE).is_ok()));
    }

    #[test]
    fn what_was_given_back_can_be_taken_again() {
        let limiter = Limiter::new(1, MINUTE);
        for _ in 0..5 {
            assert!(limiter.take("asha", 0).is_ok());
            limiter.give_back("asha");
        }
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out_for_long() {
        let limiter = Limiter::new(2, MINUTE);
        assert!((0..2).all(|_| limiter.take("asha", 1_000 * MINUTE).is_ok()));
        assert!(matches!(limiter.take("asha", 0), Err(Error::TooMany { retry_after_s: 60 })));
    }
}
