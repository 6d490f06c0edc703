//! When an order arrives, in four parts: a courier is found, comes to the kitchen, the food is cooked meanwhile, and the
//! last mile follows. Each part is a distribution that is learned from deliveries and starts from a stated prior.
//!
//! Preparation runs beside finding a courier and the first mile, so the later of the two counts (max), and the last mile
//! is added (sum). Both are exact on a fixed grid of equally likely values ([`Spread`]), so the same facts give the same
//! estimate and nothing is drawn.

mod book;
mod pace;
mod part;
mod plan;
mod queue;
mod spread;
mod tally;
mod when;

pub use book::{Book, Cell};
pub use pace::{Pace, Ride};
pub use part::Part;
pub use plan::{Outlook, Parts};
pub use queue::{Queue, assignment, wait_ratio};
pub use spread::Spread;
pub use tally::Tally;
pub use when::{Load, Slot};

/// A minute late costs as much as nine minutes early, so the promise is the quantile 9 / (9 + 1) of the arrival: the
/// newsvendor's answer to a loss of two slopes (Koenker and Bassett 1978).
pub const LATE_COSTS: f64 = 9.0;
/// The late end of a range: the promise.
pub const PROMISE: f64 = LATE_COSTS / (LATE_COSTS + 1.0);
/// The early end of a range. With [`PROMISE`] eight of ten deliveries are to fall into it.
pub const EARLY: f64 = 0.1;
