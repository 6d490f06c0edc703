//! `/demo`: what a demo may do beyond looking. Outside a demo these addresses answer like absent ones.

pub mod load_test;
pub mod sample;
pub mod showcase;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;

use crate::Server;

pub use load_test::Target;

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().merge(load_test::router()).merge(sample::router()).merge(showcase::router())
}
