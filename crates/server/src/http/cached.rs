//! Answers from the cache: bytes as they are, compressed where the caller takes that, with what HTTP says about their age;
//! 304 where the caller has them already.
//!
//! Whoever asks here has been let through before: a key is no permission. An answer of one person stands under a key of
//! their own and says `private`.

use std::{convert::Infallible, sync::Arc, time::Duration};

use app::{App, Error};
use axum::{
    body::{Body, Bytes},
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use cache::{Cached, Encoded, Loaded, Namespace, State};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use super::problem::{Answer, Problem};

const X_CACHE: HeaderName = HeaderName::from_static("x-cache");
/// Header fields of an answer, with those that are added on its way out.
const FIELDS: usize = 10;

tokio::task_local! {
    /// Set while the server asks itself for answers that must not come from the cache, to measure what they cost.
    static PAST_THE_CACHE: ();
}

/// Which answer.
#[derive(Clone, Copy, Debug)]
pub struct Read<'a> {
    namespace: Namespace,
    key: &'a str,
    private: bool,
    counted: bool,
}

impl<'a> Read<'a> {
    /// An answer that is the same for everybody who may have it. How often it is asked for is counted, so that it can be
    /// loaded ahead.
    pub const fn shared(namespace: Namespace, key: &'a str) -> Self {
        Self { namespace, key, private: false, counted: true }
    }

    /// An answer that browsers and proxies must keep to the one who asked.
    pub const fn private(namespace: Namespace, key: &'a str) -> Self {
        Self { namespace, key, private: true, counted: false }
    }

    /// Counted all the same: those who may have it ask for the same, and the key says nothing of any of them.
    #[must_use]
    pub const fn counted(self) -> Self {
        Self { counted: true, ..self }
    }

    /// Not counted: the key says where somebody is, or will never be asked for again.
    #[must_use]
    pub const fn uncounted(self) -> Self {
        Self { counted: false, ..self }
    }
}

/// What a caller says of the answers that they have and can read.
#[derive(Debug)]
pub struct Asked {
    known: Option<HeaderValue>,
    codings: Option<HeaderValue>,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let said = |name| said(&parts.headers, &name);
        Ok(Self { known: said(header::IF_NONE_MATCH), codings: said(header::ACCEPT_ENCODING) })
    }
}

impl Asked {
    /// Whether the caller has the answer with this tag. Tags are compared weakly, as RFC 9110 has it for reading.
    fn knows(&self, etag: &str) -> bool {
        listed(self.known.as_ref()).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
    }

    /// Whether the caller names the coding and does not refuse it.
    fn accepts(&self, encoded: &Encoded) -> bool {
        listed(self.codings.as_ref()).any(|offer| {
            let (coding, weight) = offer.split_once(';').unwrap_or((offer, ""));
            let refused = weight.split_once('=').is_some_and(|(name, weight)| {
                name.trim().eq_ignore_ascii_case("q") && weight.trim().parse::<f64>().is_ok_and(|weight| weight <= 0.0)
            });
            coding.trim().eq_ignore_ascii_case(encoded.coding) && !refused
        })
    }
}

/// What a header says, on however many lines.
fn said(headers: &HeaderMap, name: &HeaderName) -> Option<HeaderValue> {
    let mut lines = headers.get_all(name).iter();
    let first = lines.next()?;
    if lines.next().is_none() {
        return Some(first.clone());
    }
    let lines: Vec<_> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
    HeaderValue::from_bytes(&lines.join(&b", "[..])).ok()
}

/// What a header lists.
fn listed(header: Option<&HeaderValue>) -> impl Iterator<Item = &str> {
    let text = header.and_then(|value| value.to_str().ok());
    text.into_iter().flat_map(|text| text.split(',')).map(str::trim)
}

/// Answers from the cache, or loads the answer. `load` says `NotFound` for what does not exist.
pub async fn cached<F, Fut, T>(app: &Arc<App>, asked: &Asked, read: Read<'_>, load: F) -> Response
where
    F: FnOnce(Arc<App>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<T, Error>> + Send + 'static,
    T: Serialize + Send,
{
    cached_bytes(app, asked, read, |app| async move { load(app).await.and_then(|value| loaded(&value)) }).await
}

/// The same for loaders that answer with bytes, or with a time to live of their own.
pub async fn cached_bytes<F, Fut>(app: &Arc<App>, asked: &Asked, read: Read<'_>, load: F) -> Response
where
    F: FnOnce(Arc<App>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Loaded, Error>> + Send + 'static,
{
    match look(app, read, load).await {
        Ok(answer) => answer.response(asked, read),
        Err(problem) => problem.into_response(),
    }
}

/// The same where only a part of the answer is kept, because the rest would be old sooner: `complete` makes the answer of
/// the part at every reading. A part that this program cannot read, as another one wrote it, is loaded anew.
pub async fn cached_part<F, Fut, T, C, Whole, A>(
    app: &Arc<App>,
    asked: &Asked,
    read: Read<'_>,
    load: F,
    complete: C,
) -> Answer<Response>
where
    F: FnOnce(Arc<App>) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<T, Error>> + Send + 'static,
    T: Serialize + DeserializeOwned + Send,
    C: FnOnce(T) -> Whole,
    Whole: Future<Output = Result<A, Error>>,
    A: Serialize,
{
    let load = |app| async move { load(app).await.and_then(|part| loaded(&part)) };
    let mut part = look(app, read, load.clone()).await?;
    let kept = if let Ok(kept) = serde_json::from_slice(part.body()) {
        kept
    } else {
        app.answers.invalidate(read.namespace, read.key).await;
        part = look(app, read, load).await?;
        serde_json::from_slice(part.body()).map_err(|error| Error::Internal(error.to_string()))?
    };
    let body = loaded(&complete(kept).await?)?.body;
    Ok(part.with_body(body).response(asked, read))
}

/// An answer that was found.
enum Looked {
    /// Past the cache.
    Past(Bytes),
    /// In the cache, or loaded for it.
    Kept(Cached),
}

impl Looked {
    fn body(&self) -> &Bytes {
        match self {
            Self::Past(body) | Self::Kept(Cached { body, .. }) => body,
        }
    }

    fn with_body(self, body: Bytes) -> Self {
        match self {
            Self::Past(_) => Self::Past(body),
            Self::Kept(answer) => Self::Kept(answer.with_body(body)),
        }
    }

    fn response(self, asked: &Asked, read: Read<'_>) -> Response {
        match self {
            Self::Past(body) => bypassed(body),
            Self::Kept(answer) => respond(asked, read.private, answer),
        }
    }
}

/// The answer from the cache, or from the loader.
async fn look<F, Fut>(app: &Arc<App>, read: Read<'_>, load: F) -> Answer<Looked>
where
    F: FnOnce(Arc<App>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Loaded, Error>> + Send + 'static,
{
    let owner = Arc::clone(app);
    if PAST_THE_CACHE.try_with(|()| ()).is_ok() {
        return Ok(Looked::Past(load(owner).await?.body));
    }
    let namespace = read.namespace;
    let loader = move || async move {
        let app = Arc::clone(&owner);
        app.load_current(namespace, load(owner)).await.map_err(Arc::new)
    };
    match app.answers.get_or_load(read.namespace, read.key, loader).await {
        Ok(Some(answer)) => {
            if read.counted {
                app.caching.usage.note(read.namespace, read.key, answer.state, app.now());
            }
            Ok(Looked::Kept(answer))
        }
        Ok(None) => Err(Error::NotFound("thing").into()),
        Err(error) => Err(match Arc::try_unwrap(error) {
            Ok(error) => error.into(),
            Err(shared) => shared_error(&shared).into(),
        }),
    }
}

/// A value as it is sent and kept.
pub fn loaded<T: Serialize>(value: &T) -> Result<Loaded, Error> {
    serde_json::to_vec(value).map(Loaded::new).map_err(|error| Error::Internal(error.to_string()))
}

/// An answer that changes by itself at a moment: it is not fresh any more then.
pub fn until(app: &App, namespace: Namespace, answer: Loaded, change: Option<Timestamp>) -> Loaded {
    let policy = app.answers.policy(namespace);
    let left = change.map(|change| change.duration_since(app.now()));
    match left.map(|left| Duration::try_from(left).unwrap_or_default()) {
        Some(left) if left < policy.ttl => answer.with_ttl(left),
        _ => answer,
    }
}

/// An answer for everybody that is not kept, because what it is made of lies in memory anyway: it says so, and is not sent
/// twice either.
pub fn public<T: Serialize>(asked: &Asked, value: &T) -> Response {
    match loaded(value) {
        Ok(answer) => respond(asked, false, Cached::unkept(answer.body)),
        Err(error) => Problem::from(error).into_response(),
    }
}

/// An answer for the caller alone that is not kept, and says so.
pub fn uncached<T: Serialize>(value: &T) -> Response {
    match loaded(value) {
        Ok(answer) => bypassed(answer.body),
        Err(error) => Problem::from(error).into_response(),
    }
}

/// Runs requests to this server itself, all of them past the cache.
pub async fn past_the_cache<T>(requests: impl Future<Output = T>) -> T {
    PAST_THE_CACHE.scope((), requests).await
}

/// An error that several callers got at once.
fn shared_error(error: &Error) -> Error {
    match error {
        Error::Rule(broken) => Error::Rule(broken.clone()),
        Error::Unauthenticated(problem) => Error::Unauthenticated(*problem),
        Error::Forbidden => Error::Forbidden,
        Error::Unavailable(cause) => Error::Unavailable(cause.clone()),
        other => Error::Internal(other.to_string()),
    }
}

fn bypassed(body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(X_CACHE, HeaderValue::from_static(State::Bypass.header()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

fn respond(asked: &Asked, private: bool, answer: Cached) -> Response {
    let encoded = answer.encoded.filter(|encoded| asked.accepts(encoded));
    let (body, etag) = match &encoded {
        Some(encoded) => (encoded.body.clone(), &encoded.etag),
        None => (answer.body, &answer.etag),
    };
    let unchanged = asked.knows(etag);
    let mut response = Response::new(if unchanged { Body::empty() } else { Body::from(body) });
    *response.status_mut() = if unchanged { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let headers = response.headers_mut();
    headers.reserve(FIELDS);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(X_CACHE, HeaderValue::from_static(answer.state.header()));
    headers.insert(header::AGE, HeaderValue::from(answer.age.as_secs()));
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
    if let Some(encoded) = encoded {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoded.coding));
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // Callers ask again each time and mostly hear 304: a dish that sells out must vanish within seconds.
    let control = if private { "private, no-cache" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(control));
    response
}

#[cfg(test)]
mod tests {
    use super::{listed, said};
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn a_header_on_several_lines_is_one_list() {
        let mut headers = HeaderMap::new();
        assert_eq!(said(&headers, &header::ACCEPT_ENCODING), None);
        for line in ["br;q=0, identity", "gzip"] {
            headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(line));
        }
        let said = said(&headers, &header::ACCEPT_ENCODING);
        assert_eq!(listed(said.as_ref()).collect::<Vec<_>>(), ["br;q=0", "identity", "gzip"]);
    }
}
