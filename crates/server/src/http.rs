//! What every endpoint shares: who asks, what was sent, how a refusal looks, what is recorded.

pub mod cached;
pub mod connections;
pub mod extract;
pub mod guard;
pub mod observe;
pub mod patch;
pub mod problem;
