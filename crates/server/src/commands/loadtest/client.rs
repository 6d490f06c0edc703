//! One connection: a request goes out, its answer comes back, and so on. Cheap, because it shares the machine with the
//! server that it measures.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Method, Request,
    client::conn::http1::{SendRequest, handshake},
    header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A connection that is made when it is needed, and again after it broke.
pub(in crate::commands) struct Client {
    address: SocketAddr,
    host: HeaderValue,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// A request.
#[derive(Default)]
pub(in crate::commands) struct Call<'a> {
    /// Its path.
    pub(in crate::commands) path: &'a str,
    /// What is posted; without it, the path is got.
    pub(in crate::commands) body: Option<Bytes>,
    /// The header that says who asks.
    pub(in crate::commands) token: Option<HeaderValue>,
    /// The idempotency key.
    pub(in crate::commands) key: Option<&'a str>,
}

/// An answer.
pub(in crate::commands) struct Reply {
    /// Its status.
    pub(in crate::commands) status: u16,
    /// Its body.
    pub(in crate::commands) body: Bytes,
}

impl Client {
    /// A client of a server. Connects later.
    pub(in crate::commands) fn new(address: SocketAddr) -> Self {
        let host = HeaderValue::try_from(address.to_string()).unwrap_or_else(|_| HeaderValue::from_static("localhost"));
        Self { address, host, sender: None }
    }

    /// Sends a request and reads the whole answer.
    pub(in crate::commands) async fn send(&mut self, call: Call<'_>) -> Result<Reply, String> {
        let request = self.request(call)?;
        let sent = match self.connected().await {
            Ok(sender) => exchange(sender, request).await,
            Err(error) => Err(error),
        };
        if sent.is_err() {
            self.sender = None;
        }
        sent
    }

    async fn connected(&mut self) -> Result<&mut SendRequest<Full<Bytes>>, String> {
        let open = match self.sender.take() {
            Some(mut sender) => sender.ready().await.is_ok().then_some(sender),
            None => None,
        };
        let sender = match open {
            Some(sender) => sender,
            None => connect(self.address).await?,
        };
        Ok(self.sender.insert(sender))
    }

    fn request(&self, call: Call<'_>) -> Result<Request<Full<Bytes>>, String> {
        let method = if call.body.is_some() { Method::POST } else { Method::GET };
        let mut request = Request::builder().method(method).uri(call.path).header(HOST, self.host.clone());
        if let Some(token) = call.token {
            request = request.header(AUTHORIZATION, token);
        }
        if let Some(key) = call.key {
            request = request.header("idempotency-key", key);
        }
        if call.body.is_some() {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        request.body(Full::new(call.body.unwrap_or_default())).map_err(|error| error.to_string())
    }
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>, String> {
    let stream = TcpStream::connect(address).await.map_err(|error| format!("connecting: {error}"))?;
    stream.set_nodelay(true).map_err(|error| error.to_string())?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    // Ends with the connection; what went wrong is told to the one who waits for the answer.
    tokio::spawn(async move { drop(connection.await) });
    Ok(sender)
}

async fn exchange(sender: &mut SendRequest<Full<Bytes>>, request: Request<Full<Bytes>>) -> Result<Reply, String> {
    let response = sender.send_request(request).await.map_err(|error| format!("sending: {error}"))?;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.map_err(|error| format!("reading: {error}"))?;
    Ok(Reply { status, body: body.to_bytes() })
}
