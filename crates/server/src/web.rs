//! The four faces, embedded in the binary.
//!
//! Files under `/assets` carry a hash in their name and are kept for ever; shells and service workers are asked for
//! again each time. A face answers every address below its own with its shell, because the addresses inside a face are
//! the browser's business; an address with a dot names a file, and a file that is not there is not there.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::{
    Server,
    http::problem::{METHOD_NOT_ALLOWED, NOT_FOUND, Problem},
    pages::page,
};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
#[exclude = ".vite/*"]
#[allow_missing = true]
struct Dist;

const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
    connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// Answers with a file of the faces, or with the shell of the face that owns the address.
pub async fn face(State(_): State<Arc<Server>>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return Problem::of(if known(uri.path()) { METHOD_NOT_ALLOWED } else { NOT_FOUND }).into_response();
    }
    let path = uri.path().trim_start_matches('/');
    if path.contains('.') {
        return match file(path, &headers) {
            Some(response) => response,
            None => Problem::of(NOT_FOUND).into_response(),
        };
    }
    if !wants_page(path, &headers) {
        return Problem::of(NOT_FOUND).into_response();
    }
    file(shell(path), &headers).unwrap_or_else(not_built)
}

/// Whether the faces are in this binary.
pub fn built() -> bool {
    ["index.html", "kitchen/index.html", "rider/index.html", "ops/index.html"]
        .into_iter()
        .all(|shell| Dist::get(shell).is_some())
}

/// The names of all embedded files.
pub fn files() -> impl Iterator<Item = String> {
    Dist::iter().map(std::borrow::Cow::into_owned)
}

fn known(path: &str) -> bool {
    Dist::get(path.trim_start_matches('/')).is_some()
}

/// A browser says that it wants a page. Who does not say so gets one at the entrance of a face only, so that a mistyped
/// address of the API is not answered with a page.
fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    accept.contains("text/html") || ["", "kitchen", "rider", "ops"].contains(&path.trim_end_matches('/'))
}

/// The shell of the face that owns an address.
fn shell(path: &str) -> &'static str {
    match path.split('/').next().unwrap_or("") {
        "kitchen" => "kitchen/index.html",
        "rider" => "rider/index.html",
        "ops" => "ops/index.html",
        _ => "index.html",
    }
}

fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let accepts_brotli = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|encodings| encodings.split(',').any(|one| one.trim().starts_with("br")));
    let small = accepts_brotli.then(|| Dist::get(&format!("{path}.br"))).flatten();
    let compressed = small.is_some();
    let found = small.or_else(|| Dist::get(path))?;
    Some(respond(path, &found, compressed, headers))
}

fn respond(path: &str, file: &EmbeddedFile, compressed: bool, asked: &HeaderMap) -> Response {
    let hash = data_encoding::HEXLOWER.encode(&file.metadata.sha256_hash()[..16]);
    let etag = format!("\"{hash}\"");
    let unchanged = asked.get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == etag.as_bytes());
    let body = if unchanged { Body::empty() } else { Body::from(file.data.to_vec()) };
    let mut response = Response::new(body);
    *response.status_mut() = if unchanged { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let headers = response.headers_mut();
    let kept = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(path)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    if let Some(face) = path.strip_suffix("/sw.js") {
        // The worker of a face also serves the address without the final slash.
        if let Ok(scope) = HeaderValue::from_str(&format!("/{face}")) {
            headers.insert("service-worker-allowed", scope);
        }
    }
    if compressed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    if kind(path).starts_with("text/html") {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    }
    response
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn not_built() -> Response {
    let text = "<p>The API runs, but the web faces were not built into this binary. Build them with <code>make \
        web</code> and compile again.</p><p><a href=\"/docs\">API reference</a></p>";
    (StatusCode::NOT_FOUND, page("No faces here", text)).into_response()
}
