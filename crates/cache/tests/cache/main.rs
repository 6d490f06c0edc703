//! Stories about the cache, told with real tasks and, where `TEST_REDIS_URL` is set, a real Redis.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod cluster;
mod encoded;
mod freshness;
mod invalidation;
mod loss;
mod memory;
mod nodes;
mod operators;
mod radio;
mod redis_faults;
mod redis_replies;
mod road;
mod shadow;
mod single_flight;
mod support;
mod telemetry;
mod warm;
mod writing;
