//! What is recorded of each request: an id that goes back to the caller and into every log line, a metric, a log line.

use std::{
    sync::{
        Arc, LazyLock, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use app::Entropy;
use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, Method, StatusCode},
    response::Response,
};
use metrics::{Histogram, histogram};

use crate::surface::{Found, Place};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const SECONDS: &str = "dabba_http_request_seconds";

tokio::task_local! {
    /// The request that a task works for. A span would say the same, and cost as much as a whole answer from the cache.
    static CURRENT: Arc<Observed>;
}

/// What log lines say of a request.
#[derive(Debug)]
pub struct Observed {
    id: HeaderValue,
    /// Its method.
    pub method: Method,
    /// The route that it found.
    pub route: &'static str,
}

impl Observed {
    /// A request that begins.
    pub fn of(request: &Request, found: Found<'_>) -> Arc<Self> {
        let id = given_id(request).unwrap_or_else(new_id);
        Arc::new(Self { id, method: request.method().clone(), route: found.route })
    }

    /// Its id.
    pub fn id(&self) -> &str {
        self.id.to_str().unwrap_or_default()
    }
}

/// Tells of the request that this task works for, if there is one.
pub fn with_current(tell: impl FnOnce(&Observed)) {
    // Outside of requests there is nothing to tell.
    let _ = CURRENT.try_with(|observed| tell(observed));
}

/// Times and logs a request while it is answered.
pub async fn observe(observed: Arc<Observed>, found: Found<'_>, answering: impl Future<Output = Response>) -> Response {
    let started = Instant::now();
    let noting = async {
        let mut response = answering.await;
        note(&observed, found, response.status(), started.elapsed().as_secs_f64());
        response.headers_mut().insert(REQUEST_ID, observed.id.clone());
        response
    };
    CURRENT.scope(Arc::clone(&observed), noting).await
}

fn note(observed: &Observed, found: Found<'_>, status: StatusCode, seconds: f64) {
    if status.is_server_error() {
        tracing::warn!(status = status.as_u16(), seconds, "answered");
    } else {
        tracing::info!(status = status.as_u16(), seconds, "answered");
    }
    let find = || timing(&observed.method, found.route, status);
    let kept = match found.place {
        Place::Endpoint(endpoint) if endpoint.method == observed.method => endpoint.timings.of(status),
        _ => None,
    };
    match kept {
        Some(kept) => kept.get_or_init(find).record(seconds),
        None => find().record(seconds),
    }
}

fn timing(method: &Method, route: &'static str, status: StatusCode) -> Histogram {
    histogram!(SECONDS, "method" => called(method), "route" => route, "status" => status.as_str().to_owned())
}

/// What figures call a method. Callers may invent some, and figures are kept for ever.
fn called(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// The figures of an endpoint's usual answers, found once: looking one up by its labels costs more than recording it.
#[derive(Debug, Default)]
pub struct Timings([OnceLock<Histogram>; USUAL.len()]);

const USUAL: [StatusCode; 3] = [StatusCode::OK, StatusCode::NOT_MODIFIED, StatusCode::CREATED];

impl Timings {
    fn of(&self, status: StatusCode) -> Option<&OnceLock<Histogram>> {
        USUAL.iter().position(|usual| *usual == status).map(|place| &self.0[place])
    }
}

/// An id that no other request has: where this process began to count, and how far it has come.
fn new_id() -> HeaderValue {
    static PROCESS: LazyLock<String> =
        LazyLock::new(|| data_encoding::BASE32_NOPAD.encode(&Entropy::from_system().bytes::<10>()).to_lowercase());
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let id = format!("{}-{:x}", *PROCESS, COUNT.fetch_add(1, Ordering::Relaxed));
    HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static("unknown"))
}

/// The caller's own id, if it is one that we would print.
fn given_id(request: &Request) -> Option<HeaderValue> {
    let id = request.headers().get(REQUEST_ID)?;
    let printable =
        (1..=64).contains(&id.len()) && id.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    printable.then(|| id.clone())
}
