//! A deterministic city for demonstrations and load tests.
//!
//! Everything here follows from a seed: the town and its roads, menus, names. Nothing reads a clock or the system's
//! randomness, so that a run can be repeated exactly.

pub mod names;
pub mod town;

pub use catalogue::menus;
