//! What is recorded of each request: an id that goes back to the caller and into every log line, a metric, a log line.

use std::{
    fmt::Write as _,
    sync::{
        Arc, LazyLock, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use app::Entropy;
use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, Method, StatusCode},
    response::Response,
};
use metrics::{Histogram, histogram};
use tokio::time::Instant;

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
    /// When it began.
    pub begun: Instant,
}

impl Observed {
    /// A request that begins.
    pub fn of(request: &Request, found: Found<'_>) -> Arc<Self> {
        let id = given_id(request).unwrap_or_else(new_id);
        Arc::new(Self { id, method: request.method().clone(), route: found.route, begun: Instant::now() })
    }

    /// Its id.
    pub fn id(&self) -> &str {
        self.id.to_str().unwrap_or_default()
    }

    /// Does a piece of the work for this request: what is logged meanwhile belongs to it.
    pub fn scope<T>(self: &Arc<Self>, work: impl FnOnce() -> T) -> T {
        CURRENT.sync_scope(Arc::clone(self), work)
    }

    /// Notes how a request ended, and writes its id on the answer.
    pub fn note(self: &Arc<Self>, found: Found<'_>, response: &mut Response) {
        let (status, took) = (response.status(), self.begun.elapsed());
        self.scope(|| {
            let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            if status.is_server_error() {
                tracing::warn!(status = status.as_u16(), took_us, "answered");
            } else {
                tracing::info!(status = status.as_u16(), took_us, "answered");
            }
        });
        let find = || timing(&self.method, found.route, status);
        let kept = match found.place {
            Place::Endpoint(endpoint) if endpoint.method == self.method => endpoint.timings.of(status),
            _ => None,
        };
        match kept {
            Some(kept) => kept.get_or_init(find).record(took),
            None => find().record(took),
        }
        response.headers_mut().insert(REQUEST_ID, self.id.clone());
    }
}

/// Tells of the request that this task works for, if there is one.
pub fn with_current(tell: impl FnOnce(&Observed)) {
    // Outside of requests there is nothing to tell.
    let _ = CURRENT.try_with(|observed| tell(observed));
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
    let mut id = String::with_capacity(PROCESS.len() + 17);
    // A text has room for whatever is written.
    let _ = write!(id, "{}-{:x}", *PROCESS, COUNT.fetch_add(1, Ordering::Relaxed));
    HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static("unknown"))
}

/// The caller's own id, if it is one that we would print.
fn given_id(request: &Request) -> Option<HeaderValue> {
    let id = request.headers().get(REQUEST_ID)?;
    let printable =
        (1..=64).contains(&id.len()) && id.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    printable.then(|| id.clone())
}
