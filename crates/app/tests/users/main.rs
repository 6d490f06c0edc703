//! Accounts and sessions as people meet them, on a database of their own for each test.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod accounts;
mod codes;
mod registered;
mod sessions;
mod world;
