//! The store: state, ledger and outbox behind one idea, *a transaction is a value*.
//!
//! A use case reads rows, decides, then commits one [`Tx`]: statements with arguments and row-count guards. Two engines
//! run the same texts: embedded SQLite with group commit, and PostgreSQL with pipelined flights. Nothing else in the
//! platform names either database.

pub mod analytics;
pub mod applications;
pub mod arrivals;
pub mod caching;
pub mod carts;
pub mod couriers;
pub mod customers;
pub mod days;
pub mod decisions;
mod dialect;
pub mod documents;
mod engine;
mod error;
pub mod idempotency;
mod ids;
pub mod inventory;
pub mod leases;
pub mod ledger;
mod measure;
pub mod menus;
pub mod messages;
mod migrate;
pub mod offers;
pub mod orders;
pub mod outbox;
pub mod pictures;
pub mod places;
pub mod positions;
pub mod preferences;
pub mod products;
pub mod quotes;
mod record;
pub mod restaurants;
pub mod reviews;
pub mod routes;
mod row;
pub mod sandbox;
pub mod shifts;
mod statement;
pub mod tracking_links;
mod tx;
mod url;
pub mod users;
mod value;

pub use dialect::Dialect;
pub use engine::{ColumnDescription, Committed, Db, Description, Options};
pub use error::{CommitError, ConstraintKind, MigrateError, NewerDatabase, OpenError, ReadError};
pub use measure::METRICS;
pub use row::{Cell, FromColumn, FromRow, Row, RowError};
pub use statement::Statement;
pub use tx::{NewEvent, Step, Tx};
pub use url::DatabaseUrl;
pub use value::Value;

/// Every statement of the store, so that a test can prepare each one on both engines.
pub fn registry() -> Vec<&'static Statement> {
    [
        analytics::ALL,
        applications::ALL,
        arrivals::ALL,
        caching::ALL,
        carts::ALL,
        couriers::ALL,
        customers::ALL,
        days::ALL,
        decisions::ALL,
        documents::ALL,
        idempotency::ALL,
        inventory::ALL,
        leases::ALL,
        ledger::ALL,
        menus::ALL,
        messages::ALL,
        offers::ALL,
        orders::ALL,
        outbox::ALL,
        pictures::ALL,
        places::ALL,
        positions::ALL,
        preferences::ALL,
        products::ALL,
        quotes::ALL,
        restaurants::ALL,
        reviews::ALL,
        routes::ALL,
        sandbox::ALL,
        shifts::ALL,
        tracking_links::ALL,
        users::ALL,
    ]
    .concat()
}
