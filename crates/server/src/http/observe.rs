//! What is recorded of each request: an id that goes back to the caller and into every log line, a metric, a log line.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method},
    middleware::Next,
    response::Response,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    /// The request that a task works for. A span would say the same, and cost as much as a whole answer from the cache.
    static CURRENT: Arc<Observed>;
}

/// What log lines say of a request.
#[derive(Debug)]
pub struct Observed {
    /// Its id.
    pub id: String,
    /// Its method.
    pub method: Method,
    /// The route that it met.
    pub route: String,
}

/// Tells of the request that this task works for, if there is one.
pub fn with_current(tell: impl FnOnce(&Observed)) {
    // Outside of requests there is nothing to tell.
    let _ = CURRENT.try_with(|observed| tell(observed));
}

/// Makes an id for a request that brings none.
pub type MakeId = fn() -> String;

/// Names, times and logs a request.
pub async fn observe(make_id: MakeId, request: Request, next: Next) -> Response {
    let id = given_id(&request).unwrap_or_else(make_id);
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let observed = Arc::new(Observed { id, method: request.method().clone(), route });
    CURRENT.scope(Arc::clone(&observed), answer(&observed, request, next)).await
}

async fn answer(observed: &Observed, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let mut response = next.run(request).await;
    let (status, seconds) = (response.status(), started.elapsed().as_secs_f64());
    if status.is_server_error() {
        tracing::warn!(status = status.as_u16(), seconds, "answered");
    } else {
        tracing::info!(status = status.as_u16(), seconds, "answered");
    }
    let Observed { id, method, route } = observed;
    let labels = [("method", method.to_string()), ("route", route.clone()), ("status", status.as_str().to_owned())];
    metrics::histogram!("dabba_http_request_seconds", &labels).record(seconds);
    if let Ok(value) = HeaderValue::from_str(id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The caller's own id, if it is one that we would print.
fn given_id(request: &Request) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let printable = (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    printable.then(|| id.to_owned())
}
