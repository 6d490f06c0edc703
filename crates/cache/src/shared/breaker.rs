//! A circuit breaker: after enough failures in a row nobody waits for Redis any more.
//!
//! Open, it lets nothing through. After a rest it is half-open: one probe at a time may ask, and
//! only the bus sends probes, so no caller ever waits for one. The first success closes it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Failures in a row that open it, by how much each of them costs.
const OPENS_AT: u32 = 5;
/// From an opening or a failed probe to the next probe.
const REST: Duration = Duration::from_secs(1);

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

/// How a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// At once.
    Quick,
    /// After the caller had waited as long as it may.
    Slow,
    /// The server says that it cannot serve.
    Refused,
}

impl Failure {
    /// Three slow ones take less than a second, and of what the server says itself one is enough.
    const fn weight(self) -> u32 {
        match self {
            Self::Quick => 1,
            Self::Slow => 2,
            Self::Refused => OPENS_AT,
        }
    }
}

#[derive(Debug, Default)]
struct Circuit {
    failures: u32,
    /// Set while not closed.
    resting_until: Option<Duration>,
    probing: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Breaker {
    circuit: Mutex<Circuit>,
}

/// Leave for one call. Dropped without a verdict, as when the call is cancelled, it is a failure.
pub(crate) struct Permit<'a> {
    breaker: &'a Breaker,
    now: Duration,
    probe: bool,
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
    /// Leave for a caller: while closed.
    pub(crate) fn enter(&self, now: Duration) -> Option<Permit<'_>> {
        let closed = self.lock().resting_until.is_none();
        closed.then(|| Permit { breaker: self, now, probe: false, settled: false })
    }

    /// Leave for a probe: while half-open, one at a time.
    pub(crate) fn probe(&self, now: Duration) -> Option<Permit<'_>> {
        let mut circuit = self.lock();
        let due = circuit.resting_until.is_some_and(|until| now >= until) && !circuit.probing;
        circuit.probing |= due;
        due.then(|| Permit { breaker: self, now, probe: true, settled: false })
    }

    pub(crate) fn state(&self, now: Duration) -> BreakerState {
        match self.lock().resting_until {
            None => BreakerState::Closed,
            Some(until) if now < until => BreakerState::Open,
            Some(_) => BreakerState::HalfOpen,
        }
    }

    fn succeed(&self, probe: bool) -> Verdict {
        let mut circuit = self.lock();
        if circuit.resting_until.is_none() {
            circuit.failures = 0;
            return Verdict::Unchanged;
        }
        // A call that began before the breaker opened says nothing about now.
        if !probe {
            return Verdict::Unchanged;
        }
        *circuit = Circuit::default();
        Verdict::Closed
    }

    fn fail(&self, now: Duration, probe: bool, failure: Failure) -> Verdict {
        let mut circuit = self.lock();
        if circuit.resting_until.is_some() {
            if probe {
                circuit.probing = false;
                circuit.resting_until = Some(now + REST);
            }
            return Verdict::Unchanged;
        }
        circuit.failures = circuit.failures.saturating_add(failure.weight());
        if circuit.failures < OPENS_AT {
            return Verdict::Unchanged;
        }
        circuit.resting_until = Some(now + REST);
        Verdict::Opened
    }

    fn lock(&self) -> MutexGuard<'_, Circuit> {
        self.circuit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    pub(crate) fn succeed(mut self) -> Verdict {
        self.settled = true;
        self.breaker.succeed(self.probe)
    }

    pub(crate) fn fail(mut self, now: Duration, failure: Failure) -> Verdict {
        self.settled = true;
        self.breaker.fail(now, self.probe, failure)
    }

    pub(crate) fn is_probe(&self) -> bool {
        self.probe
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if !self.settled {
            self.breaker.fail(self.now, self.probe, Failure::Quick);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn failing(failure: Failure, times: u32) -> Breaker {
        let breaker = Breaker::default();
        for count in 1..=times {
            let verdict = breaker.enter(SECOND).map(|permit| permit.fail(SECOND, failure));
            assert_eq!(verdict, Some(if count == times { Verdict::Opened } else { Verdict::Unchanged }), "{count}");
        }
        breaker
    }

    #[test]
    fn the_more_a_failure_costs_the_fewer_open_it() {
        for (failure, times) in [(Failure::Quick, 5), (Failure::Slow, 3), (Failure::Refused, 1)] {
            let breaker = failing(failure, times);
            assert_eq!(breaker.state(SECOND), BreakerState::Open);
            assert!(breaker.enter(SECOND).is_none());
        }
    }

    #[test]
    fn a_success_between_failures_keeps_it_closed() {
        let breaker = Breaker::default();
        for _ in 0..20 {
            for _ in 1..OPENS_AT {
                breaker.enter(SECOND).map(|permit| permit.fail(SECOND, Failure::Quick));
            }
            breaker.enter(SECOND).map(Permit::succeed);
        }
        assert_eq!(breaker.state(SECOND), BreakerState::Closed);
    }

    #[test]
    fn one_probe_at_a_time_closes_it_again_and_callers_never_probe() {
        let breaker = failing(Failure::Slow, 3);
        assert!(breaker.probe(SECOND).is_none(), "it rests");
        assert_eq!(breaker.state(2 * SECOND), BreakerState::HalfOpen);
        assert!(breaker.enter(2 * SECOND).is_none());
        let probe = breaker.probe(2 * SECOND);
        assert!(probe.is_some() && breaker.probe(2 * SECOND).is_none());
        assert_eq!(probe.map(Permit::succeed), Some(Verdict::Closed));
        assert!(breaker.enter(2 * SECOND).is_some());
    }

    #[test]
    fn failed_and_abandoned_probes_and_old_calls_do_not_close_it() {
        let breaker = Breaker::default();
        let old = breaker.enter(SECOND);
        for _ in 0..5 {
            drop(breaker.enter(SECOND));
        }
        assert_eq!(old.map(Permit::succeed), Some(Verdict::Unchanged));
        assert_eq!(breaker.state(SECOND), BreakerState::Open);
        drop(breaker.probe(2 * SECOND));
        assert!(breaker.probe(2 * SECOND).is_none(), "it rests again");
        let failed = breaker.probe(3 * SECOND).map(|probe| probe.fail(3 * SECOND, Failure::Slow));
        assert_eq!(failed, Some(Verdict::Unchanged));
        assert_eq!(breaker.state(3 * SECOND), BreakerState::Open);
    }
}
