//! The real binary, as a process that is killed: what it acknowledged is there afterwards, once, and what it did not
//! can be asked for again. Also: what keeps it from starting is said in plain words.
//!
//! SQLite is always tested; PostgreSQL when `TEST_DATABASE_URL` names one. `KILL_SEED` chooses other dice. Only the dice
//! are repeatable: where in its work the process dies is up to the machine, and that is the point.

#![expect(clippy::unwrap_used, reason = "tests")]

mod books;
mod city;
mod client;
mod customer;
mod kills;
mod process;
mod secured;
mod starting;
