//! A file of deliveries that somebody else made: what its columns hold, and its rows as numbers.
//!
//! Steps, each a module: [`read`] (bytes to records), [`schema`] (what each column is, by its name and its content),
//! [`frame`] (records to values, with what can be computed from several columns), [`encode`] (values to the learner's
//! matrix; whatever looks at targets sees the training rows alone).

pub mod cell;
pub mod encode;
mod error;
pub mod frame;
pub mod read;
pub mod schema;

pub use encode::Encoder;
pub use error::TableError;
pub use frame::{Features, Frame};
pub use read::Table;
pub use schema::Schema;
