//! How long the answers of a namespace live, and what may be done with them afterwards.
//!
//! Policies change while the process runs. A new one governs answers loaded from then on: an
//! entry keeps the windows it was stored with. `enabled: false` is the kill switch and works at
//! once: the namespace is emptied here and every call goes straight to its loader.

use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use crate::{Namespace, dice::Dice};

const LONGEST_REVALIDATION: Duration = Duration::from_mins(1);
const LONGEST_ERROR_COVER: Duration = Duration::from_hours(1);
/// One hit in a thousand is compared, of answers that are loaded with a look into memory or a few rows.
const SHADOW_SHARE: f64 = 0.001;
/// Longer ones mean the same and would only make sums of durations overflow.
const LONGEST_TTL: Duration = Duration::from_hours(24 * 365);
const NEGATIVE_TTL: Duration = Duration::from_secs(5);

/// The rules of one namespace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// How long an answer is fresh, before jitter.
    pub ttl: Duration,
    /// How long after that it is still sent at once while one load renews it.
    pub stale_while_revalidate: Duration,
    /// How long after the fresh time it may stand in when the loader fails.
    pub stale_if_error: Duration,
    /// Largest share by which a time to live is shortened, 0 to 0.5, so that what was loaded
    /// together does not expire together.
    pub jitter: f64,
    /// The kill switch.
    pub enabled: bool,
    /// How long "there is no such thing" is believed.
    pub negative_ttl: Duration,
    /// Share of hits, 0 to 1, that are loaded again in the background and compared with what was
    /// sent, to measure staleness.
    pub shadow_share: f64,
}

impl Policy {
    /// The published time to live; renewed in the background for a fifth of it (at most a
    /// minute), but not where an answer promises an age; covering loader failures for as long
    /// again (at most an hour); jitter of a tenth; one hit in a thousand compared where a load is
    /// cheap.
    pub fn default_for(namespace: Namespace) -> Self {
        let ttl = namespace.default_ttl();
        let renewed_for = if namespace.is_real_time() { Duration::ZERO } else { ttl / 5 };
        Self {
            ttl,
            stale_while_revalidate: renewed_for.min(LONGEST_REVALIDATION),
            stale_if_error: ttl.min(LONGEST_ERROR_COVER),
            jitter: 0.1,
            enabled: true,
            negative_ttl: NEGATIVE_TTL.min(ttl),
            shadow_share: if is_cheap(namespace) { SHADOW_SHARE } else { 0.0 },
        }
    }

    /// `ttl` shortened by at most `jitter` of itself.
    pub(crate) fn with_jitter(&self, ttl: Duration, dice: &Dice) -> Duration {
        let share = if self.jitter.is_finite() { self.jitter.clamp(0.0, 0.5) } else { 0.0 };
        ttl.min(LONGEST_TTL).mul_f64(share.mul_add(-dice.fraction(), 1.0))
    }
}

/// Whether a load looks into memory or reads a few rows; the others add up many.
const fn is_cheap(namespace: Namespace) -> bool {
    use Namespace as N;
    matches!(
        namespace,
        N::Sessions
            | N::Customers
            | N::CustomerProfiles
            | N::CustomerPreferences
            | N::Restaurants
            | N::RestaurantAvailability
            | N::RestaurantCapacity
            | N::MenuItems
            | N::Orders
            | N::OrderStatus
            | N::DeliverySlots
            | N::Reviews
    )
}

struct Slot {
    enabled: AtomicBool,
    /// The bits of an `f64`.
    shadow_share: AtomicU64,
    policy: RwLock<Policy>,
}

/// The policy in force for every namespace. Switch and shadow share are
/// read on every call, the rest per load.
pub(crate) struct Policies {
    slots: Vec<Slot>,
}

impl Policies {
    pub(crate) fn new() -> Self {
        let slot = |namespace| {
            let policy = Policy::default_for(namespace);
            let shadow_share = AtomicU64::new(policy.shadow_share.to_bits());
            Slot { enabled: AtomicBool::new(policy.enabled), shadow_share, policy: RwLock::new(policy) }
        };
        Self { slots: Namespace::ALL.into_iter().map(slot).collect() }
    }

    pub(crate) fn enabled(&self, namespace: Namespace) -> bool {
        self.slots[namespace.index()].enabled.load(Ordering::Acquire)
    }

    pub(crate) fn shadow_share(&self, namespace: Namespace) -> f64 {
        f64::from_bits(self.slots[namespace.index()].shadow_share.load(Ordering::Relaxed))
    }

    pub(crate) fn get(&self, namespace: Namespace) -> Policy {
        // A poisoned lock still holds a whole policy: writing one cannot stop half-way.
        *self.slots[namespace.index()].policy.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(crate) fn set(&self, namespace: Namespace, policy: Policy) {
        let slot = &self.slots[namespace.index()];
        let mut current = slot.policy.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        *current = policy;
        slot.shadow_share.store(policy.shadow_share.to_bits(), Ordering::Relaxed);
        slot.enabled.store(policy.enabled, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn jitter_keeps_within_its_share(seconds in 1_u64..100_000, jitter in 0.0_f64..0.5, seed in any::<u64>()) {
            let policy = Policy { jitter, ..Policy::default_for(Namespace::MenuItems) };
            let ttl = Duration::from_secs(seconds);
            let jittered = policy.with_jitter(ttl, &Dice::new(seed));
            prop_assert!(jittered <= ttl, "nothing is fresh for longer than was promised");
            prop_assert!(jittered.as_secs_f64() >= ttl.as_secs_f64() * (1.0 - jitter) - 1e-6);
        }
    }

    #[test]
    fn a_few_hits_are_compared_where_that_is_cheap() {
        let share = |namespace| Policy::default_for(namespace).shadow_share;
        assert_eq!((share(Namespace::MenuItems), share(Namespace::OrderStatus)), (0.001, 0.001));
        assert_eq!((share(Namespace::RevenueAnalytics), share(Namespace::LiveOrders)), (0.0, 0.0));
    }

    #[test]
    fn what_promises_an_age_is_not_served_after_it() {
        let late = Namespace::ALL.into_iter().filter(|one| Policy::default_for(*one).stale_while_revalidate.is_zero());
        assert_eq!(
            late.map(Namespace::name).collect::<Vec<_>>(),
            ["realtime", "order_status", "live_orders", "delivery_slots", "live_tracking", "restaurant_capacity",]
        );
    }

    #[test]
    fn nonsense_jitter_is_no_jitter() {
        let policy = Policy { jitter: f64::NAN, ..Policy::default_for(Namespace::Orders) };
        assert_eq!(policy.with_jitter(policy.ttl, &Dice::new(1)), policy.ttl);
    }
}
