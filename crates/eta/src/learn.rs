//! The learner: a matrix in, a model out. It knows numbers and nothing of deliveries.
//!
//! [`boost`] grows gradient-boosted trees for an [`objective`], on histograms of few intervals a column ([`bins`]).
//! [`honest`] takes away the cuts that only look good by chance. A [`committee`] trains several models on different parts of
//! the rows, so that every row has a prediction by a member that never saw it. An [`estimator`] joins committees to a point
//! and a range, calibrated on those predictions. Everything random follows from a seed, whatever the number of threads,
//! and every trained thing is plain data for serde.

pub mod bins;
pub mod boost;
pub mod committee;
pub mod estimator;
mod grow;
pub mod honest;
mod matrix;
pub mod objective;
mod tree;

pub use bins::Bins;
pub use boost::{LearnError, Model, Sample, Settings, Split};
pub use committee::Committee;
pub use estimator::{Estimate, Estimator, Plan};
pub use honest::Honest;
pub use matrix::Matrix;
pub use objective::Objective;
pub use tree::Tree;
