//! Answers kept as bytes that are ready to send, in this process and, where configured, in Redis.
//!
//! [`Cache::get_or_load`] is the whole idea: name a namespace and a key, say how to load, and get
//! bytes with their age, entity tag and origin. One load per key runs at a time however many ask;
//! answers age through fresh, stale and unusable; a load that began before an invalidation is
//! never stored. Redis may be absent, slow or poisoned: that costs loads, never an error.
//!
//! The crate knows no business: it never decides what is cached, and its callers never cache
//! authorisation, balances, stock at checkout or coupon counters. Time and randomness are
//! arguments, so a test or a simulation owns both.

mod answer;
mod bookmark;
mod builder;
mod cache;
mod clock;
mod dice;
mod encoded;
mod entry;
mod flight;
mod health;
mod histogram;
mod history;
mod invalidation;
mod listing;
mod load;
mod memory;
mod namespace;
mod policy;
mod private;
mod radio;
mod shadow;
mod shared;
mod stats;
mod telemetry;
mod usage;
mod warm;
mod writing;

pub use answer::{Cached, Loaded, State, Tier};
pub use builder::{BuildError, Builder};
pub use cache::Cache;
pub use clock::{Clock, ManualClock, SystemClock};
pub use encoded::Encoded;
pub use health::{Health, Mode, RedisHealth};
pub use history::Minute;
pub use invalidation::Removed;
pub use listing::{KeyFacts, KeyLook, KeyPage};
pub use namespace::{Namespace, UnknownNamespace};
pub use policy::Policy;
pub use private::PrivateKeys;
pub use radio::Radio;
pub use shadow::Same;
pub use shared::{BreakerState, RedisSettings};
pub use stats::{NamespaceStats, Stats};
pub use telemetry::METRICS;
pub use usage::{MemoryUsage, NamespaceUsage, RedisMemory};
pub use warm::Warmed;
pub use writing::Writing;
