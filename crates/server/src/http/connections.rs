//! Connections: accepted until the server is to stop; then each finishes what it is at.
//!
//! HTTP/1.1 by hyper itself instead of through `axum::serve`, so that a connection that holds a stream takes as little
//! memory as hyper allows, and who sends half a request cannot keep a connection for ever.

use std::{convert::Infallible, future::Future, io, pin::pin, time::Duration};

use axum::response::Response;
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustix::net::sockopt::set_tcp_user_timeout;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
};
use tower::Service;

/// The largest head of a request, and hyper's least.
const LARGEST_HEAD: usize = 16_384;
/// How long a head may take to arrive.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// Who has not taken what was sent for so long is let go: a phone that is gone, or one that only asks and never reads.
pub const TAKEN_WITHIN: Duration = Duration::from_secs(60);
/// How long nobody is accepted after the system refused, for want of open files.
const RECOVERY: Duration = Duration::from_millis(200);

/// Serves until `stop`, then until the last connection has ended.
pub async fn serve<S>(listener: TcpListener, service: S, stop: impl Future<Output = ()>)
where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    let (stopping, stopped) = watch::channel(false);
    // Closed once every connection has dropped its end.
    let (alive, mut gone) = mpsc::channel::<()>(1);
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, _)) => {
                let (service, stopped, alive) = (service.clone(), stopped.clone(), alive.clone());
                tokio::spawn(async move {
                    converse(stream, service, stopped).await;
                    drop(alive);
                });
            }
            // Who was gone before being accepted is no reason to wait.
            Err(error) if of_the_client(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(RECOVERY).await;
            }
        }
    }
    drop((listener, alive));
    stopping.send_replace(true);
    gone.recv().await;
}

async fn converse<S>(stream: TcpStream, service: S, mut stopped: watch::Receiver<bool>)
where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    prepare(&stream, TAKEN_WITHIN);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service_fn(move |request| service.clone().call(request)))
        .with_upgrades();
    let mut connection = pin!(connection);
    tokio::select! {
        // How a connection ended is the client's business.
        _ = connection.as_mut() => return,
        _ = stopped.wait_for(|stopped| *stopped) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Frames of streams are small and should not wait for each other, and who does not read is not waited for.
fn prepare(stream: &TcpStream, patience: Duration) {
    let patience = u32::try_from(patience.as_millis()).unwrap_or(u32::MAX);
    let prepared = stream.set_nodelay(true).and_then(|()| Ok(set_tcp_user_timeout(stream, patience)?));
    if let Err(error) = prepared {
        tracing::debug!(%error, "a connection is slower than it might be, or ends later");
    }
}

fn of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests {
    use super::{prepare, serve};
    use axum::{Router, routing::get};
    use std::time::Duration;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::{TcpListener, TcpStream},
        sync::oneshot,
    };

    async fn ask(stream: &mut TcpStream) {
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    }

    async fn says(stream: &mut TcpStream) -> String {
        let mut room = [0; 512];
        let length = stream.read(&mut room).await.unwrap();
        String::from_utf8_lossy(&room[..length]).into_owned()
    }

    #[tokio::test]
    async fn who_does_not_read_is_let_go() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let silent = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut stream, _) = listener.accept().await.unwrap();
        prepare(&stream, Duration::from_secs(1));
        let telling = async {
            loop {
                if let Err(error) = stream.write_all(&[b'.'; 65_536]).await {
                    return error.kind();
                }
            }
        };
        let ended = tokio::time::timeout(Duration::from_secs(30), telling).await.expect("let go in the end");
        assert_eq!(ended, std::io::ErrorKind::TimedOut);
        drop(silent);
    }

    #[tokio::test]
    async fn a_server_that_stops_answers_who_asked_and_lets_the_idle_go() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let slowly = || async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            "dosa"
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async move { stopped.await.unwrap() };
        let serving = tokio::spawn(serve(listener, Router::new().route("/", get(slowly)), stopped));
        let (mut idle, mut asking) =
            (TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap());
        ask(&mut idle).await;
        assert!(says(&mut idle).await.ends_with("dosa"));
        ask(&mut asking).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        stop.send(()).unwrap();
        assert!(says(&mut asking).await.ends_with("dosa"), "what was asked is answered");
        assert_eq!(says(&mut idle).await, "", "who asked nothing is let go");
        tokio::time::timeout(Duration::from_secs(5), serving).await.unwrap().unwrap();
        assert!(TcpStream::connect(address).await.is_err(), "nobody is accepted any more");
    }
}
