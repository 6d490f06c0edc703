//! Couriers: how somebody becomes one, when they work, and what dispatch asks of them.

mod applications;
mod documents;
mod shifts;
