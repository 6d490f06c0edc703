//! The meal delivery routing problem, a public benchmark (Reyes et al. 2018; instances published by Grubhub and Georgia
//! Tech as `mdrplib`): one day of a city in four text files.
//!
//! [`read`] reads a day, [`Day`] lets the planner live through it minute by minute, knowing of an order only once it is
//! placed, [`evaluate`] checks the outcome against the benchmark's rules and measures it without asking the planner, and
//! [`write`] writes it as the benchmark's own evaluator reads it. Times are whole minutes since the start of the day.

mod evaluate;
mod instance;
mod measure;
mod read;
mod simulate;
mod solution;
mod write;

pub use evaluate::{Violation, evaluate};
pub use instance::{Courier, Instance, Order, Parameters, Restaurant, Spot};
pub use measure::Metrics;
pub use read::{Malformed, read};
pub use simulate::{Day, Manner};
pub use solution::{Assignment, Delivery, Leg, Solution, Stop};
pub use write::write;
