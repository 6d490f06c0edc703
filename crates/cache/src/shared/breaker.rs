//! A circuit breaker: after enough failures in a row nobody waits for Redis any more.
//!
//! Open, it lets nothing through until its rest is over; half-open, one probe at a time. Each
//! failed probe doubles the rest up to a limit, the first success closes it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const FAILURES_TO_OPEN: u32 = 5;
const FIRST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(30);

/// What the breaker does with the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BreakerState {
    /// Calls pass.
    Closed,
    /// One probe passes, everything else is refused.
    HalfOpen,
    /// Nothing passes.
    Open,
}

#[derive(Debug)]
struct Circuit {
    failures: u32,
    /// Set while not closed.
    resting_until: Option<Duration>,
    rest: Duration,
    probing: bool,
}

#[derive(Debug)]
pub(crate) struct Breaker {
    circuit: Mutex<Circuit>,
}

/// Leave for one call. Dropped without a verdict, as when the call is cancelled, it is a failure.
pub(crate) struct Permit<'a> {
    breaker: &'a Breaker,
    now: Duration,
    settled: bool,
}

/// Whether a verdict changed the state, so that it is told once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Unchanged,
    Opened,
    Closed,
}

impl Breaker {
    pub(crate) fn new() -> Self {
        let circuit = Circuit { failures: 0, resting_until: None, rest: FIRST_REST, probing: false };
        Self { circuit: Mutex::new(circuit) }
    }

    pub(crate) fn enter(&self, now: Duration) -> Option<Permit<'_>> {
        let mut circuit = self.lock();
        if let Some(until) = circuit.resting_until {
            if now < until || circuit.probing {
                return None;
            }
            circuit.probing = true;
        }
        Some(Permit { breaker: self, now, settled: false })
    }

    pub(crate) fn state(&self, now: Duration) -> BreakerState {
        match self.lock().resting_until {
            None => BreakerState::Closed,
            Some(until) if now < until => BreakerState::Open,
            Some(_) => BreakerState::HalfOpen,
        }
    }

    fn succeed(&self) -> Verdict {
        let mut circuit = self.lock();
        circuit.failures = 0;
        circuit.probing = false;
        circuit.rest = FIRST_REST;
        match circuit.resting_until.take() {
            Some(_) => Verdict::Closed,
            None => Verdict::Unchanged,
        }
    }

    fn fail(&self, now: Duration) -> Verdict {
        let mut circuit = self.lock();
        circuit.failures = circuit.failures.saturating_add(1);
        if circuit.resting_until.is_some() {
            // A call that began before the breaker opened is no probe: its failure is old news.
            if circuit.probing {
                circuit.probing = false;
                circuit.rest = (circuit.rest * 2).min(LONGEST_REST);
                circuit.resting_until = Some(now + circuit.rest);
            }
            return Verdict::Unchanged;
        }
        if circuit.failures < FAILURES_TO_OPEN {
            return Verdict::Unchanged;
        }
        circuit.resting_until = Some(now + circuit.rest);
        Verdict::Opened
    }

    fn lock(&self) -> MutexGuard<'_, Circuit> {
        self.circuit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    pub(crate) fn succeed(mut self) -> Verdict {
        self.settled = true;
        self.breaker.succeed()
    }

    pub(crate) fn fail(mut self, now: Duration) -> Verdict {
        self.settled = true;
        self.breaker.fail(now)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if !self.settled {
            self.breaker.fail(self.now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn opened() -> Breaker {
        let breaker = Breaker::new();
        for failure in 1..=FAILURES_TO_OPEN {
            let verdict = breaker.enter(SECOND).map(|permit| permit.fail(SECOND));
            let opens = failure == FAILURES_TO_OPEN;
            assert_eq!(verdict, Some(if opens { Verdict::Opened } else { Verdict::Unchanged }));
        }
        breaker
    }

    #[test]
    fn failures_in_a_row_open_it_and_a_success_between_them_does_not() {
        let breaker = Breaker::new();
        for _ in 0..20 {
            for _ in 1..FAILURES_TO_OPEN {
                breaker.enter(SECOND).map(|permit| permit.fail(SECOND));
            }
            breaker.enter(SECOND).map(Permit::succeed);
        }
        assert_eq!(breaker.state(SECOND), BreakerState::Closed);
    }

    #[test]
    fn one_probe_at_a_time_closes_it_again() {
        let breaker = opened();
        assert_eq!(breaker.state(SECOND), BreakerState::Open);
        assert!(breaker.enter(SECOND).is_none());
        let probe = breaker.enter(2 * SECOND);
        assert!(probe.is_some());
        assert_eq!(breaker.state(2 * SECOND), BreakerState::HalfOpen);
        assert!(breaker.enter(2 * SECOND).is_none());
        assert_eq!(probe.map(Permit::succeed), Some(Verdict::Closed));
        assert!(breaker.enter(2 * SECOND).is_some());
    }

    #[test]
    fn failed_and_abandoned_probes_rest_longer_up_to_a_limit() {
        let breaker = opened();
        let mut now = 2 * SECOND;
        for expected in [2, 4, 8, 16, 30, 30] {
            let probe = breaker.enter(now);
            assert!(probe.is_some());
            drop(probe);
            let rested = now + expected * SECOND;
            assert!(breaker.enter(rested.saturating_sub(Duration::from_millis(1))).is_none());
            now = rested;
        }
    }
}
