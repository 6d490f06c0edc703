//! Orders from the first price to the last entry in the books, told over HTTP.

mod bundled;
mod called_off;
mod decisions;
mod delivered;
mod dispatched;
mod parted;
mod placed;
mod priced;
mod refused;
mod shape;
mod stock;
pub(crate) mod story;
mod twice;
