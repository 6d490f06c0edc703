//! Stories about the cache, told with real tasks and, where `TEST_REDIS_URL` is set, a real Redis.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod freshness;
mod invalidation;
mod memory;
mod nodes;
mod redis_faults;
mod single_flight;
mod support;
mod telemetry;
