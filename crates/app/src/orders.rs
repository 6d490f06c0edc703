//! Orders: placed, moved along, delayed, assigned, read.

mod assign;
mod candidates;
mod delay;
mod doors;
mod moves;
pub(crate) mod numbers;
mod parting;
mod place;
mod read;
mod reassign;
mod tracking;
mod trip;
mod view;

pub use assign::ByHand;
pub(crate) use assign::{Arrival, changed};
pub(crate) use candidates::reasons;
pub use candidates::{Candidate, Candidates, Impossible, OnOffer};
pub use moves::MoveOrder;
pub(crate) use moves::stored_quote;
pub use place::{PlaceOrder, Placed};
pub use read::OrderFilter;
pub use reassign::Reassigned;
pub use tracking::{Gist, TrackedCourier, Tracking};
pub(crate) use view::spoken;
pub use view::{OrderView, Step};
