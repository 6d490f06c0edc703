//! Cached answers as the platform sees them: whose they are, when they are forgotten, what is loaded ahead.
//!
//! The crate `cache` keeps bytes and knows no business. Here stands the business: keys that belong to one person, the
//! audit of every invalidation, clears and rules by hand, and a model of use that says what to load before it is asked
//! for. What follows from events is the table in `events/invalidation.rs`.

mod audit;
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
use domain::id::OrderId;
use futures_util::future::BoxFuture;
use quick_cache::sync::Cache;

use crate::{App, error::Error};

pub use audit::{Audit, Forgotten, Invalidation, Totals};
pub use clear::{Cleared, Thing};
pub use keys::{Owner, SecureKey, Sharing, Validation, sharing};
pub use patterns::{Pattern, PatternStep};
pub use policy::PolicyChange;
pub use prediction::{Basis, Forecast, Prediction};
pub use report::{Advice, Figure, RULES, Severity, advise, memory_alerts};
pub use usage::{Asked, Benefit, Usage};
pub use warming::{Job, JobState, Purpose, warmable};

/// How an answer is loaded by its namespace and key: the server knows how answers are worded. `None` for a key that
/// names nothing it could load.
pub type Loader =
    Box<dyn Fn(Arc<App>, Namespace, String) -> BoxFuture<'static, Result<Option<Loaded>, Error>> + Send + Sync>;

/// Orders whose newest state this node remembers to have stored.
const WRITTEN: usize = 10_000;

/// What this node knows about cached answers.
pub struct Caching {
    /// What was forgotten.
    pub audit: Audit,
    /// What is asked for.
    pub usage: Usage,
    pub(crate) jobs: warming::Jobs,
    loader: OnceLock<Loader>,
    written: Cache<OrderId, i64>,
}

impl Default for Caching {
    fn default() -> Self {
        Self {
            audit: Audit::default(),
            usage: Usage::default(),
            jobs: warming::Jobs::default(),
            loader: OnceLock::new(),
            written: Cache::new(WRITTEN),
        }
    }
}

impl Caching {
    /// Says how answers are loaded ahead. Only the first word counts.
    pub fn load_with(&self, loader: Loader) {
        let _ = self.loader.set(loader);
    }

    /// This node stored the answer about an order as it is from this version on.
    pub(crate) fn note_written(&self, order: OrderId, version: i64) {
        self.written.insert(order, version);
    }

    /// Whether this node stored an answer that is at least of this version.
    pub(crate) fn wrote(&self, order: OrderId, version: i64) -> bool {
        self.written.get(&order).is_some_and(|written| written >= version)
    }

    pub(crate) fn loader(&self) -> Option<&Loader> {
        self.loader.get()
    }
}
