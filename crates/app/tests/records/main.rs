//! People, vendors, dishes, products, routes and reviews as those who keep them meet them, and the live view of a city:
//! each test on a database of its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod analytics;
mod bundles;
mod candidates;
mod carts;
mod consumers;
mod crowds;
mod customers;
mod decisions;
mod errands;
mod handovers;
mod joins;
mod lessons;
mod live;
mod menu_items;
mod orders;
mod positions;
mod preferences;
mod products;
mod queues;
mod reviews;
mod routes;
mod tidying;
mod town;
mod trips;
mod vendors;
