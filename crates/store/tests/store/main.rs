//! The store against real databases: a temporary SQLite file always, PostgreSQL when `TEST_DATABASE_URL` names one.
//!
//! Every test gets a database of its own (on PostgreSQL a schema), and the same body runs on both engines.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

mod cancellation;
mod catalogue;
mod commits;
mod constraints;
mod guards;
mod migrations;
mod offers;
mod opening;
mod outbox;
mod overload;
mod pictures;
mod postgres;
mod reads;
mod statements;
