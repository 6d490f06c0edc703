//! Cached answers as the platform sees them: whose they are, when they are forgotten, what is loaded ahead.
//!
//! The crate `cache` keeps bytes and knows no business. Here stands the business: keys that belong to one person, the
//! audit of every invalidation, clears and rules by hand, and a model of use that says what to load before it is asked
//! for. What follows from events is the table in `events/invalidation.rs`.

mod audit;
mod benefit;
mod clear;
mod forecast;
mod keys;
mod patterns;
mod policy;
mod prediction;
mod report;
mod usage;
mod warming;

use std::sync::{Arc, OnceLock};

use cache::{Loaded, Namespace};
use futures_util::future::BoxFuture;

use crate::{App, error::Error};

pub use audit::{Audit, Forgotten, Invalidation, Totals};
pub use benefit::{Asked, Benefit};
pub use clear::{Cleared, Thing};
pub use keys::{FIGURES, Owner, SecureKey, Sharing, Validation, sharing};
pub use patterns::{Pattern, PatternStep};
pub use policy::PolicyChange;
pub use prediction::{Basis, Forecast, Prediction};
pub use report::{Advice, Figure, RULES, Severity, advise, memory_alerts};
pub use usage::Usage;
pub use warming::{Job, JobState, Purpose, warmable};

/// How an answer is loaded by its namespace and key: the server knows how answers are worded. `None` for a key that
/// names nothing it could load.
pub type Loader =
    Box<dyn Fn(Arc<App>, Namespace, String) -> BoxFuture<'static, Result<Option<Loaded>, Error>> + Send + Sync>;

/// What this node knows about cached answers.
#[derive(Default)]
pub struct Caching {
    /// What was forgotten.
    pub audit: Audit,
    /// What is asked for.
    pub usage: Usage,
    pub(crate) jobs: warming::Jobs,
    loader: OnceLock<Loader>,
}

impl Caching {
    /// Says how answers are loaded ahead. Only the first word counts.
    pub fn load_with(&self, loader: Loader) {
        let _ = self.loader.set(loader);
    }

    pub(crate) fn loader(&self) -> Option<&Loader> {
        self.loader.get()
    }
}
