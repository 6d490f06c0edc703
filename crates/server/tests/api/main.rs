//! The API as its users meet it: the real router and the real database, in process.
//!
//! On SQLite, or on the server that `TEST_DATABASE_URL` names.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod arrivals;
mod caching;
mod couriers;
mod front;
mod live;
mod messages;
mod orders;
mod positions;
mod records;
mod restaurants;
mod routed;
mod support;
mod surface;
