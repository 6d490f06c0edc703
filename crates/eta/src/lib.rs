//! Arrival times, learned from what happened.
//!
//! [`arrival`] is what the platform promises with: four parts as distributions, learned from its own deliveries. The
//! other three know little of it and of each other. [`learn`] is a learner for any table of numbers. [`table`] reads a foreign
//! file of deliveries into such a table, column by column, and says what it could not read. [`study`] measures the one on
//! the other: every row is predicted by models that were trained without it. Everything here is pure: no clock, no
//! database, no network.

pub mod arrival;
pub mod learn;
pub mod study;
pub mod table;
