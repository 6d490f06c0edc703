//! The policies, tried from outside: what holds of every one, and what the rolling one makes of bundles and errands.

mod bundles;
mod errands;
mod every;
mod town;
