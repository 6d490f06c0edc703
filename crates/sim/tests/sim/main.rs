//! A small city lived through from a seed, on SQLite always and on PostgreSQL when `TEST_DATABASE_URL` names one.

#![expect(clippy::unwrap_used, reason = "tests")]

mod days;
mod demo;
mod recorded_days;
mod support;
