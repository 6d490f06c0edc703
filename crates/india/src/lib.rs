//! india
