//! A deterministic city: it fills a new installation, keeps a demo alive, and proves the order path from a seed.
//!
//! A town with roads, kitchens with menus, customers and couriers follow from one seed ([`seed_city`]). The people then
//! act through the same use cases as everybody else ([`World`]): nothing here writes to the store. Two drivers move the
//! world: [`run`] with a clock of its own, as fast as it goes, the same seed giving the same event log; and [`live`] in
//! real time, beside people who play along. A day that a platform recorded ([`day::record`]) is lived again by [`replay`].

pub mod day;
mod demo;
mod error;
mod live;
pub mod names;
mod run;
mod sample;
mod seed;
mod streets;
pub mod town;
mod world;

pub use catalogue::menus;

pub use demo::{DemoLogin, demo_logins};
pub use error::Error;
pub use live::{LiveSpec, live};
pub use run::{Books, PartFit, ReplaySpec, SimReport, SimSpec, Spread, replay, run};
pub use sample::{Sample, SampleSpec, add_sample};
pub use seed::{Cast, CitySpec, Players, Resident, Rider, SeededCity, seed_city};
pub use streets::TownStreets;
pub use world::{Manner, Tally, World};
