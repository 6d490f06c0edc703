//! The server: HTTP on the outside, use cases on the inside. `dabba` is its binary.

pub mod answers;
pub mod api;
pub mod commands;
pub mod config;
pub mod demo;
pub mod document;
pub mod http;
pub mod pages;
pub mod surface;
pub mod web;

use std::sync::Arc;

use app::App;
use axum::{Router, routing::get};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::{Semaphore, watch};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{demo::Demo, document::described, http::front::Front, surface::Surface};

/// What the endpoints share.
pub struct Server {
    /// The use cases.
    pub app: Arc<App>,
    /// Renders `/metrics`.
    pub metrics: Option<PrometheusHandle>,
    /// What a demo shows to everybody; `None` outside a demo.
    pub demo: Option<Demo>,
    pub(crate) checked: api::health::Checked,
    /// One load test at a time.
    pub(crate) load_test: Semaphore,
    stop: watch::Sender<bool>,
}

impl Server {
    /// A server for an application.
    pub fn new(app: Arc<App>, metrics: Option<PrometheusHandle>, demo: Option<Demo>) -> Self {
        app.caching.load_with(answers::loader());
        app.answers.compare_with(answers::same);
        Self {
            app,
            metrics,
            demo,
            checked: api::health::Checked::default(),
            load_test: Semaphore::new(1),
            stop: watch::Sender::new(false),
        }
    }

    /// Becomes true when the server is to stop; streams end then.
    pub fn stop(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// Whether the server is about to stop.
    pub fn draining(&self) -> bool {
        *self.stop.borrow()
    }

    /// Ends all streams and says "not ready".
    pub fn drain(&self) {
        self.stop.send_replace(true);
    }
}

/// The API's description.
pub fn openapi() -> OpenApi {
    described(api::router().split_for_parts().1)
}

/// Everything the server answers.
pub fn front(server: &Arc<Server>) -> Front {
    let (api, document) = OpenApiRouter::new().merge(api::router()).split_for_parts();
    let pages = Router::new()
        .route("/ws", get(api::live::socket))
        .merge(demo::router())
        .merge(pages::router(described(document)))
        .fallback(web::face);
    let state = || Arc::clone(server);
    Front::new(state(), Surface::default(), api.with_state(state()), pages.with_state(state()))
}
