//! `/enterprise`: patterns shown on real answers, cascades by hand, loading ahead, and whose a key is.

pub mod analytics;
pub mod invalidation;
pub mod patterns;
pub mod security;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;

use crate::Server;

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .merge(patterns::router())
        .merge(invalidation::router())
        .merge(analytics::router())
        .merge(security::router())
}
