//! What is known about restaurants before anybody has typed it: starter menus by cuisine.
//!
//! Pure: no I/O, no clock; randomness comes from the caller.

pub mod menus;
