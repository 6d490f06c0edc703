//! The front of the house: what every request passes on its way in, and every answer on its way out.
//!
//! It stands around the router instead of in it. A layer of a router is laid around each of its routes, and costs each
//! request several allocations; here a request is looked up once, in the table of access, and what follows from that
//! (who may come in, what the log and the figures call it) is known before the router sees it.

use std::{
    any::Any,
    convert::Infallible,
    fmt,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Request},
    http::{self, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::future::RouteFuture,
};
use hyper::body::Body as HttpBody;
use tokio::time::{Instant, sleep_until};
use tower::{BoxError, Service};

use super::{
    guard::admit,
    observe::Observed,
    problem::{INTERNAL, METHOD_NOT_ALLOWED, Problem, TIMEOUT},
};
use crate::{
    Server,
    surface::{Endpoint, Place, Surface},
};

/// The largest body that is read.
const LARGEST_BODY: usize = 1_048_576;
/// A request that takes longer is given up. Shorter than the time that draining takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Answers requests. Clones share everything.
#[derive(Clone)]
pub struct Front(Arc<House>);

struct House {
    server: Arc<Server>,
    surface: Surface,
    /// Reached only through the table of access: an endpoint that is missing there is open to nobody, and answers like
    /// an address where nothing is.
    api: Router,
    pages: Router,
}

impl Front {
    pub(crate) fn new(server: Arc<Server>, surface: Surface, api: Router, pages: Router) -> Self {
        Self(Arc::new(House { server, surface, api, pages }))
    }
}

impl fmt::Debug for Front {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Front").field("api", &self.0.api).field("pages", &self.0.pages).finish_non_exhaustive()
    }
}

impl<B> Service<http::Request<B>> for Front
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    /// In a box of its own, so that a connection that holds a stream does not keep the room that answering took.
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let house = Arc::clone(&self.0);
        let request = request.map(|body| if body.is_end_stream() { Body::empty() } else { Body::new(body) });
        Box::pin(async move { Ok(house.answer(request).await) })
    }
}

impl House {
    async fn answer(&self, request: Request) -> Response {
        let found = self.surface.find(request.method(), request.uri().path());
        let observed = Observed::of(&request, found);
        let receive = || observed.scope(|| self.receive(found.place, request));
        let mut response = match catch_unwind(AssertUnwindSafe(receive)) {
            Ok(Received::Routed(answering)) => within(observed.begun + PATIENCE, &observed, pin!(answering)).await,
            Ok(Received::Answered(response)) => response,
            Err(cause) => observed.scope(|| panicked(cause.as_ref())),
        };
        if response.status() == StatusCode::NOT_MODIFIED {
            // The router counts the missing body of an answer to HEAD; the length would be that of the thing.
            response.headers_mut().remove(header::CONTENT_LENGTH);
        }
        observed.note(found, &mut response);
        response
    }

    fn receive(&self, place: Place<'_>, mut request: Request) -> Received {
        match place {
            Place::Page => route(&self.pages, request),
            Place::Endpoint(endpoint) => match admit(&self.server, endpoint.access, &mut request) {
                Ok(()) => route(&self.api, request),
                Err(problem) => Received::Answered(problem.into_response()),
            },
            Place::OtherMethods(endpoints) => Received::Answered(other_methods(endpoints)),
        }
    }
}

/// What became of a request at the front.
enum Received {
    Routed(RouteFuture<Infallible>),
    Answered(Response),
}

fn route(router: &Router, mut request: Request) -> Received {
    if !request.body().is_end_stream() {
        DefaultBodyLimit::max(LARGEST_BODY).apply(&mut request);
    }
    Received::Routed(router.clone().call(request))
}

/// Waits for an answer that may panic or never come. Most come at once: only the others get a timer. What is polled is
/// borrowed, because moving it from hand to hand would cost as much as many an answer.
async fn within<F>(until: Instant, observed: &Arc<Observed>, mut answering: Pin<&mut F>) -> Response
where
    F: Future<Output = Result<Response, Infallible>>,
{
    let mut timer = None;
    poll_fn(|cx| {
        let poll = || observed.scope(|| answering.as_mut().poll(cx));
        match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(Poll::Ready(Ok(response))) => Poll::Ready(response),
            Ok(Poll::Pending) => {
                let timer = timer.get_or_insert_with(|| Box::pin(sleep_until(until)));
                timer.as_mut().poll(cx).map(|()| Problem::of(TIMEOUT).into_response())
            }
            Err(cause) => Poll::Ready(observed.scope(|| panicked(cause.as_ref()))),
        }
    })
    .await
}

/// There is something at this address, but not by this method.
fn other_methods(endpoints: &[Endpoint]) -> Response {
    let methods = endpoints.iter().map(|endpoint| endpoint.method.as_str());
    let methods: Vec<_> =
        methods.flat_map(|method| if method == "GET" { vec![method, "HEAD"] } else { vec![method] }).collect();
    let allow = HeaderValue::try_from(methods.join(",")).into_iter();
    let mut response = Problem::of(METHOD_NOT_ALLOWED).into_response();
    response.headers_mut().extend(allow.map(|allow| (header::ALLOW, allow)));
    response
}

/// A handler panicked: the caller learns no more than that.
fn panicked(cause: &(dyn Any + Send)) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("no message");
    tracing::error!(panic = text, "a handler panicked");
    Problem::of(INTERNAL).into_response()
}

#[cfg(test)]
mod tests {
    use std::{
        future::{pending, ready},
        pin::pin,
    };

    use axum::{extract::Request, response::Response};
    use tokio::time::Instant;

    use super::{Infallible, Observed, PATIENCE, within};
    use crate::surface::{Found, Place};

    /// What becomes of an answer that is awaited until then.
    async fn answered(until: Instant, answering: impl Future<Output = Response>) -> Response {
        let observed = Observed::of(&Request::default(), Found { route: "/", place: Place::Page });
        let answering = async { Ok::<_, Infallible>(answering.await) };
        within(until, &observed, pin!(answering)).await
    }

    #[tokio::test]
    async fn who_asked_for_what_panicked_hears_of_it_and_learns_no_more() {
        let answer = answered(Instant::now() + PATIENCE, async { panic!("the tawa is too hot") }).await;
        assert_eq!(answer.status(), 500);
        let body = axum::body::to_bytes(answer.into_body(), 4_096).await.unwrap();
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["code"], "internal");
        assert!(!problem.to_string().contains("tawa"), "{problem}");
    }

    #[tokio::test]
    async fn who_waits_too_long_is_told_so_and_who_is_there_is_answered() {
        let now = Instant::now();
        assert_eq!(answered(now, pending()).await.status(), 504);
        assert_eq!(answered(now, ready(Response::default())).await.status(), 200);
    }
}
