//! What every endpoint shares: the way in, who asks, what was sent, how a refusal looks, what is recorded.

pub mod cached;
pub mod connections;
pub mod extract;
pub mod front;
pub mod guard;
pub mod observe;
pub mod patch;
pub mod problem;
