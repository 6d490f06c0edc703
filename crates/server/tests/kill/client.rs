//! A few lines of HTTP: one connection, one request at a time, and a clear "no answer" when the other side is gone.

use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::{
    Method,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// A living server answers sooner, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) token: String,
    pub(crate) key: Option<String>,
    pub(crate) body: String,
}

/// What was answered, to its last byte.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) replayed: bool,
    pub(crate) body: String,
}

/// A connection to the server.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
}

impl Request {
    pub(crate) fn get(path: &str) -> Self {
        let (token, body) = (String::new(), String::new());
        Self { method: Method::GET, path: path.to_owned(), token, key: None, body }
    }

    pub(crate) fn post(path: &str, token: &str, body: &Value) -> Self {
        let (token, body) = (token.to_owned(), body.to_string());
        Self { method: Method::POST, path: path.to_owned(), token, key: None, body }
    }

    fn message(&self) -> hyper::Request<Full<Bytes>> {
        let mut message = hyper::Request::builder().method(&self.method).uri(&self.path).header("host", "dabba");
        if !self.token.is_empty() {
            message = message.header("authorization", format!("Bearer {}", self.token));
        }
        if let Some(key) = &self.key {
            message = message.header("idempotency-key", key);
        }
        if !self.body.is_empty() {
            message = message.header("content-type", "application/json");
        }
        message.body(Full::from(self.body.clone())).unwrap()
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The code of a problem.
    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Connection {
    /// `None` when nobody listens.
    pub(crate) async fn open(port: u16) -> Option<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
        stream.set_nodelay(true).ok()?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.ok()?;
        tokio::spawn(connection);
        Some(Self { sender })
    }

    /// `None` when no whole answer came: nobody knows what happened.
    pub(crate) async fn ask(&mut self, request: &Request) -> Option<Answer> {
        let answer = tokio::time::timeout(PATIENCE, async {
            self.sender.ready().await.ok()?;
            let response = self.sender.send_request(request.message()).await.ok()?;
            let status = response.status().as_u16();
            let replayed = response.headers().contains_key("idempotency-replayed");
            let body = response.into_body().collect().await.ok()?.to_bytes();
            Some(Answer { status, replayed, body: String::from_utf8(body.to_vec()).unwrap() })
        });
        answer.await.unwrap_or_else(|_| panic!("no answer within {PATIENCE:?} to {request:?}"))
    }
}
