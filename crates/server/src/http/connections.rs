//! Connections: accepted until the server is to stop; then each finishes what it is at.
//!
//! HTTP/1.1 by hyper itself instead of through `axum::serve`, so that a connection that holds a stream takes as little
//! memory as hyper allows, and nobody keeps a connection for ever who sends half a request or none.

mod pulse;

use std::{convert::Infallible, future::Future, io, net::SocketAddr, pin::pin, time::Duration};

use axum::response::Response;
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use rustix::net::sockopt::set_tcp_user_timeout;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream, lookup_host},
    sync::{mpsc, watch},
    time::{Instant, MissedTickBehavior, interval_at},
};
use tower::Service;

use pulse::{Beating, Pulse};

/// The largest head of a request, and hyper's least.
const LARGEST_HEAD: usize = 16_384;
/// Who asks nothing for so long, or does not come to the end of what they ask, and is told nothing either, is let go; at the
/// latest after twice that.
const ASKED_WITHIN: Duration = Duration::from_secs(30);
/// Who has not taken what was sent for so long is let go: a phone that is gone, or one that only asks and never reads.
pub const TAKEN_WITHIN: Duration = Duration::from_secs(60);
/// How long nobody is accepted after the system refused, for want of open files.
const RECOVERY: Duration = Duration::from_millis(200);

/// How many may wait to be accepted: after a moment without network all phones come back at once, and whoever finds
/// no room tries again a second later. The system may allow fewer (`net.core.somaxconn`).
const WAITING: u32 = 4_096;

/// What answers.
pub trait Answers:
    Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

impl<S> Answers for S where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

/// Listens on the first address of `host:port` that can be had.
pub async fn listen(address: &str) -> io::Result<TcpListener> {
    let mut refused = None;
    for address in lookup_host(address).await? {
        match listen_on(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => refused = Some(error),
        }
    }
    Err(refused.unwrap_or_else(|| io::Error::new(io::ErrorKind::AddrNotAvailable, "the host has no address")))
}

fn listen_on(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Serves until `stop`, then until the last connection has ended.
pub async fn serve(listener: TcpListener, service: impl Answers, stop: impl Future<Output = ()>) {
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
                    prepare(&stream, TAKEN_WITHIN);
                    converse(stream, service, stopped, ASKED_WITHIN).await;
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

async fn converse(stream: TcpStream, service: impl Answers, mut stopped: watch::Receiver<bool>, patience: Duration) {
    let pulse = Pulse::default();
    let begun = pulse.clone();
    let answer = service_fn(move |request| {
        begun.beat();
        service.clone().call(request)
    });
    let connection = http1::Builder::new()
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(Beating::of(stream, pulse.clone()), answer)
        .with_upgrades();
    let mut connection = pin!(connection);
    {
        let mut stopped = pin!(stopped.wait_for(|stopped| *stopped));
        // One look now and then: a timer for each request would make all connections wait for one another.
        let mut looks = interval_at(Instant::now() + patience, patience);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                // How a connection ended is the client's business.
                _ = connection.as_mut() => return,
                _ = stopped.as_mut() => break,
                _ = looks.tick() => {
                    if !pulse.has_beaten() {
                        return;
                    }
                }
            }
        }
    }
    connection.as_mut().graceful_shutdown();
    // The same again.
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
    use super::{converse, listen, prepare, serve};
    use axum::{Router, body::Body, routing::get};
    use futures_util::stream;
    use std::{convert::Infallible, time::Duration};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::{TcpListener, TcpStream},
        sync::{oneshot, watch},
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
    async fn hundreds_may_come_at_once() {
        let listener = listen("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut waiting = Vec::new();
        for _ in 0..300 {
            // Nobody accepts. Where there is no room, the system tries again after a second, and later again.
            let knocking = TcpStream::connect(address);
            let stream = tokio::time::timeout(Duration::from_secs(10), knocking).await;
            waiting.push(stream.unwrap_or_else(|_| panic!("no room after {}", waiting.len())).unwrap());
        }
        let taken = listen(&address.to_string()).await.unwrap_err();
        assert_eq!(taken.kind(), std::io::ErrorKind::AddrInUse);
    }

    #[tokio::test]
    async fn who_does_not_read_is_let_go() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let silent = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut stream, _) = listener.accept().await.unwrap();
        prepare(&stream, Duration::from_secs(1));
        let dots = vec![b'.'; 65_536];
        let telling = async {
            loop {
                if let Err(error) = stream.write_all(&dots).await {
                    return error.kind();
                }
            }
        };
        let ended = tokio::time::timeout(Duration::from_secs(30), telling).await.expect("let go in the end");
        assert_eq!(ended, std::io::ErrorKind::TimedOut);
        drop(silent);
    }

    /// A connection that is looked after every fifth of a second.
    async fn connected(router: Router) -> TcpStream {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(async move {
            let (_never, stopped) = watch::channel(false);
            converse(stream, router, stopped, Duration::from_millis(200)).await;
        });
        client
    }

    async fn is_let_go(client: &mut TcpStream) -> bool {
        let ended = async { while !says(client).await.is_empty() {} };
        tokio::time::timeout(Duration::from_secs(2), ended).await.is_ok()
    }

    #[tokio::test]
    async fn who_asks_nothing_or_half_a_question_is_let_go() {
        let router = || Router::new().route("/", get(async || "dosa"));
        let mut silent = connected(router()).await;
        let mut halting = connected(router()).await;
        halting.write_all(b"GET / HTTP/1.1\r\nho").await.unwrap();
        let mut content = connected(router()).await;
        ask(&mut content).await;
        assert!(says(&mut content).await.ends_with("dosa"));
        for client in [&mut silent, &mut halting, &mut content] {
            assert!(is_let_go(client).await);
        }
    }

    #[tokio::test]
    async fn who_waits_for_an_answer_or_hears_a_stream_is_kept() {
        let slowly = async || {
            tokio::time::sleep(Duration::from_millis(150)).await;
            "dosa"
        };
        let told = async || {
            Body::from_stream(stream::unfold((), async |()| {
                tokio::time::sleep(Duration::from_millis(100)).await;
                Some((Ok::<_, Infallible>("idli\n"), ()))
            }))
        };
        let router = || Router::new().route("/", get(slowly)).route("/events", get(told));
        let mut waiting = connected(router()).await;
        ask(&mut waiting).await;
        let mut hearing = connected(router()).await;
        hearing.write_all(b"GET /events HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        assert!(says(&mut waiting).await.ends_with("dosa"));
        assert!(!is_let_go(&mut hearing).await);
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
