//! Answers from the cache: bytes as they are, with what HTTP says about their age; 304 where the caller has them.

use std::sync::Arc;

use app::{App, Error};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use cache::{Cached, Loaded, Namespace};
use serde::Serialize;

use super::problem::Problem;

/// Answers from the cache, or loads the answer. `load` says `None` for what does not exist.
pub async fn cached<F, Fut, T>(
    app: &Arc<App>,
    headers: &HeaderMap,
    namespace: Namespace,
    key: &str,
    load: F,
) -> Response
where
    F: FnOnce(Arc<App>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<T, Error>> + Send + 'static,
    T: Serialize + Send,
{
    let owner = Arc::clone(app);
    let loader = move || async move {
        match load(owner).await {
            Ok(value) => match serde_json::to_vec(&value) {
                Ok(body) => Ok(Some(Loaded::new(body))),
                Err(error) => Err(Arc::new(Error::Internal(error.to_string()))),
            },
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(Arc::new(error)),
        }
    };
    match app.answers.get_or_load(namespace, key, loader).await {
        Ok(Some(answer)) => respond(headers, answer),
        Ok(None) => Problem::from(Error::NotFound("thing")).into_response(),
        Err(error) => match Arc::try_unwrap(error) {
            Ok(error) => Problem::from(error).into_response(),
            Err(shared) => Problem::from(shared_error(&shared)).into_response(),
        },
    }
}

/// An error that several callers got at once.
fn shared_error(error: &Error) -> Error {
    match error {
        Error::Rule(broken) => Error::Rule(broken.clone()),
        Error::Unavailable(cause) => Error::Unavailable(cause.clone()),
        other => Error::Internal(other.to_string()),
    }
}

fn respond(headers: &HeaderMap, answer: Cached) -> Response {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let unchanged = known.is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == &*answer.etag));
    let mut response = Response::new(if unchanged { Body::empty() } else { Body::from(answer.body) });
    *response.status_mut() = if unchanged { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("x-cache", HeaderValue::from_static(answer.state.header()));
    headers.insert(header::AGE, HeaderValue::from(answer.age.as_secs()));
    if let Ok(etag) = HeaderValue::from_str(&answer.etag) {
        headers.insert(header::ETAG, etag);
    }
    // Callers ask again each time and mostly hear 304: a dish that sells out must vanish within seconds.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
