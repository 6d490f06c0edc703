//! The context of one command: who asks, when, and where randomness and ids come from.
//!
//! Nothing below reads a clock or draws a number by itself. The server fills the context from the system; the simulator
//! fills it from a seed and its own clock, and the same day happens again.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use domain::permission::{Action, Actor, Owners, Scope};
use jiff::Timestamp;
use rand::{RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;
use uuid::Uuid;

use crate::error::Error;

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else must use")]
    fn now(&self) -> Timestamp {
        // Whole microseconds, as the store keeps them: what is read back equals what was written.
        moment(Timestamp::now().as_microsecond())
    }
}

/// A clock that stands still until it is set.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `start`.
    pub fn new(start: Timestamp) -> Self {
        Self(AtomicI64::new(start.as_microsecond()))
    }

    /// Sets the clock.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_microsecond(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Where randomness comes from: a cryptographic generator, seeded by the system or by a number.
#[derive(Debug)]
pub struct Entropy(Mutex<ChaCha12Rng>);

impl Entropy {
    /// Seeded by the operating system: unpredictable.
    pub fn from_system() -> Self {
        Self(Mutex::new(ChaCha12Rng::from_os_rng()))
    }

    /// Seeded by a number: the same numbers again. Never for a server that strangers reach.
    pub fn from_seed(seed: u64) -> Self {
        Self(Mutex::new(ChaCha12Rng::seed_from_u64(seed)))
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// A number from 0 to before `bound`. The bias of the remainder is below 2⁻³² for the bounds in use.
    pub fn below(&self, bound: u32) -> u32 {
        let wide = u64::from_le_bytes(self.bytes());
        u32::try_from(wide % u64::from(bound.max(1))).unwrap_or_default()
    }
}

/// What a use case is told besides its command.
#[derive(Clone)]
pub struct Ctx {
    /// Who asks.
    pub actor: Actor,
    /// When.
    pub now: Timestamp,
    /// Randomness and ids.
    pub entropy: Arc<Entropy>,
}

impl Ctx {
    /// A new id of any kind: UUIDv7 of this moment.
    pub fn id<T: From<Uuid>>(&self) -> T {
        let millis = u64::try_from(self.now.as_millisecond()).unwrap_or_default();
        T::from(uuid::Builder::from_unix_timestamp_millis(millis, &self.entropy.bytes()).into_uuid())
    }

    /// Now, in epoch microseconds, as the store keeps it.
    pub fn now_us(&self) -> i64 {
        self.now.as_microsecond()
    }

    /// Whether the actor may do this to a thing of these owners; a refusal reads like absence.
    pub fn may(&self, action: Action, owners: &Owners, noun: &'static str) -> Result<(), Error> {
        self.actor.may(action, owners).map_err(|denied| Error::denied(denied, noun))
    }

    /// How far the actor reaches, before a thing is at hand.
    pub fn reach(&self, action: Action) -> Result<Scope, Error> {
        self.actor.reach(action).map_err(|denied| Error::denied(denied, "thing"))
    }

    /// The same moment for another actor.
    #[must_use]
    pub fn acting_as(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }
}

/// A stored moment as a timestamp; the epoch for what no timestamp can say.
pub fn moment(epoch_us: i64) -> Timestamp {
    Timestamp::from_microsecond(epoch_us).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::{Ctx, Entropy};
    use domain::{id::OrderId, permission::Actor};
    use jiff::Timestamp;
    use std::sync::Arc;

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let now = "2026-11-20T07:18:00Z".parse::<Timestamp>().unwrap();
        let ids = || {
            let entropy = Arc::new(Entropy::from_seed(7));
            let ctx = Ctx { actor: Actor::System, now, entropy };
            [ctx.id::<OrderId>(), ctx.id::<OrderId>()]
        };
        assert_eq!(ids(), ids());
        assert_ne!(ids()[0], ids()[1]);
    }
}
