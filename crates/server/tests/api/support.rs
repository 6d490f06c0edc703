//! A city behind its HTTP interface, without a socket: requests go straight into its front.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, header},
    response::Response,
};
use http_body_util::BodyExt as _;
use serde_json::Value;
use server::{Server, demo::Demo, front, http::front::Front};
use testkit::TestCity;
use tower::ServiceExt as _;

/// A city and the server in front of it.
pub(crate) struct Web {
    pub(crate) city: TestCity,
    pub(crate) server: Arc<Server>,
}

/// Somebody with a browser.
#[derive(Clone)]
pub(crate) struct Client {
    front: Front,
    token: Option<String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Web {
    pub(crate) async fn new() -> Self {
        Self::around(TestCity::new().await)
    }

    pub(crate) fn around(city: TestCity) -> Self {
        let server = Arc::new(Server::new(Arc::clone(&city.app), None, None));
        Self { city, server }
    }

    /// The same as a demo, with what only a demo may do.
    pub(crate) async fn demo() -> Self {
        let city = TestCity::new().await;
        let server = Arc::new(Server::new(Arc::clone(&city.app), None, Some(Demo::default())));
        Self { city, server }
    }

    /// Somebody who has not logged in.
    pub(crate) fn stranger(&self) -> Client {
        Client::of(&self.server)
    }

    /// Somebody of the city, logged in.
    pub(crate) async fn user(&self, name: &str) -> Client {
        let token = Some(self.city.log_in(name).await.access_token);
        Client { token, ..self.stranger() }
    }
}

impl Client {
    /// Somebody who has not logged in on a server.
    pub(crate) fn of(server: &Arc<Server>) -> Self {
        Self { front: front(server), token: None }
    }

    /// The access token.
    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().unwrap()
    }

    /// The same browser with another token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask(Method::POST, path, &[], Some(body)).await
    }

    pub(crate) async fn puts(&self, path: &str, body: &Value) -> Answer {
        self.ask(Method::PUT, path, &[], Some(body)).await
    }

    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        Answer::of(self.open(method, path, headers, body.map(|body| body.to_string().into())).await).await
    }

    /// Sends bytes as they are.
    pub(crate) async fn sends(&self, path: &str, headers: &[(&str, &str)], bytes: &[u8]) -> Answer {
        Answer::of(self.open(Method::PUT, path, headers, Some(Bytes::copy_from_slice(bytes))).await).await
    }

    /// Sends a request and leaves the answer's body unread, for streams.
    pub(crate) async fn open(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Bytes>,
    ) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if body.is_some() && headers.iter().all(|(name, _)| *name != "content-type") {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.unwrap_or_default())).unwrap();
        self.front.clone().oneshot(request).await.unwrap()
    }
}

impl Answer {
    /// Reads an answer to its end.
    pub(crate) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Self { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{} is not JSON: {}", self.status, self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body of an answer that must be one of success.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert!((200..300).contains(&self.status), "{}: {}", self.status, self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The body of an answer that must be this refusal.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["type"], format!("/problems/{code}"), "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        problem
    }
}
