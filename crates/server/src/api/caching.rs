//! `/cache`: what is cached, how well, and by which rules; cleared, warmed and tuned by hand.
//!
//! Figures are those of the node that answers. Clears and rules reach every node.

pub mod clear;
pub mod health;
pub mod keys;
pub mod log;
pub mod performance;
pub mod policy;
pub mod stats;
pub mod warm;

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use cache::Namespace;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    Server,
    http::problem::{Problem, UNKNOWN_NAMESPACE},
};

pub use clear::{ClearedResponse, PartResponse};
pub(super) use performance::report;
pub use performance::{AdviceResponse, PerformanceReportResponse};
pub use warm::JobResponse;

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .merge(health::router())
        .merge(stats::router())
        .merge(keys::router())
        .merge(performance::router())
        .merge(clear::router())
        .merge(log::router())
        .merge(warm::router())
        .merge(policy::router())
}

/// A namespace in the address.
#[derive(Clone, Copy, Debug)]
pub struct Named(pub Namespace);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let name = Path::<String>::from_request_parts(parts, state).await.map_err(|_| unknown("/namespace"))?;
        name.0.parse().map(Self).map_err(|_| unknown("/namespace"))
    }
}

/// There is no namespace of the name that a field gives.
pub fn unknown(pointer: &str) -> Problem {
    let known: Vec<_> = Namespace::ALL.iter().map(|namespace| namespace.name()).collect();
    Problem::of(UNKNOWN_NAMESPACE).detail(format!("One of {}.", known.join(", "))).field(pointer, "unknown-namespace")
}

/// Whole milliseconds and their thousandths.
fn milliseconds(duration: std::time::Duration) -> f64 {
    (duration.as_secs_f64() * 1_000_000.0).round() / 1_000.0
}
