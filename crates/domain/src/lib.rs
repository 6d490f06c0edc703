//! What Dabba knows about its business, as plain values and pure functions.
//!
//! Identifiers, money, places, opening hours, menus, carts, quotes, the order state machine, trips, ledger postings, roles and
//! permissions. Nothing here awaits, reads a clock, draws a random number or talks to a database: time, randomness and
//! ids arrive as arguments, so every rule can be replayed and tested on its own.

pub mod application;
pub mod arrival;
pub mod availability;
pub mod cart;
pub mod courier;
pub mod demand;
pub mod document;
pub mod event;
pub mod geo;
pub mod id;
pub mod ledger;
pub mod menu;
pub mod money;
pub mod order;
pub mod permission;
pub mod picture;
pub mod preference;
pub mod quote;
pub mod rounding;
pub mod rule;
pub mod trip;
