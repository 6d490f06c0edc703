//! The client's side of held streams, as thin as can be: it shares the machine with the server that is measured. Bytes
//! are read into a small buffer and searched for the moment at which a position was sent; nothing else is understood.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    sync::Semaphore,
    task::JoinSet,
};

use super::audience::{Audience, Followed};
use crate::commands::measure::histogram::Histogram;

/// Streams that leave from one loopback address.
const FROM_ONE: usize = 5_000;
/// Connections that are being opened at once.
const OPENING: usize = 128;
/// The longest that opening one may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes that are read at once.
const ROOM: usize = 1_024;
/// What stands before the moment of a position in both kinds of streams.
const MOMENT: &[u8] = b"\"at\":\"";
/// A position, and nothing else, tells of a courier in this way.
const POSITION: &[u8] = b"\"lat\":";

/// What is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    WebSocket,
    ServerSent,
}

/// Open streams. They end with this value.
pub(super) struct Held {
    readers: JoinSet<()>,
    seen: Arc<Seen>,
}

/// What all readers saw.
#[derive(Default)]
struct Seen {
    frames: Mutex<Histogram>,
    ended: AtomicUsize,
}

impl Held {
    /// Opens so many streams, shared among the orders.
    pub(super) async fn open(kind: Kind, to: SocketAddr, audience: &Audience, count: usize) -> Result<Self, String> {
        let (seen, gate) = (Arc::new(Seen::default()), Arc::new(Semaphore::new(OPENING)));
        let mut opening = JoinSet::new();
        for number in 0..count {
            let followed = &audience.orders[number % audience.orders.len()];
            let (greeting, gate) = (greeting(kind, followed), Arc::clone(&gate));
            let from = source(kind, number);
            opening.spawn(async move {
                let _turn = gate.acquire_owned().await.map_err(|error| error.to_string())?;
                let opened = tokio::time::timeout(PATIENCE, open(kind, from, to, &greeting)).await;
                opened.map_err(|_| "a stream did not open".to_owned())?
            });
        }
        let mut readers = JoinSet::new();
        while let Some(opened) = opening.join_next().await {
            let stream = opened.map_err(|error| error.to_string())??;
            readers.spawn(read(stream, Arc::clone(&seen)));
        }
        Ok(Self { readers, seen })
    }

    /// Ends them; answers how long frames took and how many streams had ended before.
    pub(super) fn close(mut self) -> (Histogram, usize) {
        let ended = self.seen.ended.load(Ordering::Relaxed);
        self.readers.abort_all();
        let frames = self.seen.frames.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (frames, ended)
    }
}

/// The loopback address from which a stream leaves.
fn source(kind: Kind, number: usize) -> Ipv4Addr {
    let block = u8::try_from(number / FROM_ONE).unwrap_or_default();
    Ipv4Addr::new(127, 0, if kind == Kind::WebSocket { 1 } else { 2 }, 2 + block)
}

/// What is sent to open a stream, piece by piece.
fn greeting(kind: Kind, followed: &Followed) -> Vec<Vec<u8>> {
    let Followed { order, token } = followed;
    match kind {
        Kind::ServerSent => {
            let head = format!(
                "GET /orders/{order}/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\r\n"
            );
            vec![head.into_bytes()]
        }
        Kind::WebSocket => {
            let head = "GET /ws HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
                sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
            let hello = format!("{{\"type\":\"authenticate\",\"access_token\":\"{token}\"}}");
            let follow = format!("{{\"type\":\"subscribe\",\"order_id\":\"{order}\"}}");
            vec![head.as_bytes().to_vec(), masked(hello.as_bytes()), masked(follow.as_bytes())]
        }
    }
}

/// A text frame of a client (RFC 6455), masked with zeros.
fn masked(text: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x81];
    match u16::try_from(text.len()) {
        Ok(length @ 0..=125) => frame.push(0x80 | length.to_be_bytes()[1]),
        Ok(length) => {
            frame.push(0x80 | 0x7e);
            frame.extend(length.to_be_bytes());
        }
        // No token is as long.
        Err(_) => return Vec::new(),
    }
    frame.extend([0; 4]);
    frame.extend(text);
    frame
}

async fn open(kind: Kind, from: Ipv4Addr, to: SocketAddr, greeting: &[Vec<u8>]) -> Result<TcpStream, String> {
    let text = |error: std::io::Error| format!("a stream cannot be opened: {error}");
    let socket = TcpSocket::new_v4().map_err(text)?;
    socket.set_reuseaddr(true).map_err(text)?;
    socket.bind((from, 0).into()).map_err(text)?;
    let mut stream = socket.connect(to).await.map_err(text)?;
    let expected: &[u8] = if kind == Kind::WebSocket { b"HTTP/1.1 101" } else { b"HTTP/1.1 200" };
    for (piece, bytes) in greeting.iter().enumerate() {
        stream.write_all(bytes).await.map_err(text)?;
        // Each piece but the last is answered: with a head, then with a first event.
        if piece + 1 < greeting.len() || piece == 0 {
            let mut answer = [0; ROOM];
            let length = stream.read(&mut answer).await.map_err(text)?;
            if piece == 0 && !answer[..length].starts_with(expected) {
                return Err(format!("a stream was answered {}", String::from_utf8_lossy(&answer[..length])));
            }
        }
    }
    Ok(stream)
}

async fn read(stream: TcpStream, seen: Arc<Seen>) {
    let opened = app::Clock::now(&app::SystemClock);
    loop {
        // Waiting costs no buffer.
        if stream.readable().await.is_err() {
            break;
        }
        let mut room = [0; ROOM];
        match stream.try_read(&mut room) {
            Ok(0) => break,
            Ok(length) => {
                // The first that is told is where the courier was before.
                if let Some(sent) = sent_at(&room[..length]).filter(|sent| *sent >= opened) {
                    let took = app::Clock::now(&app::SystemClock).duration_since(sent).try_into().unwrap_or_default();
                    seen.frames.lock().unwrap_or_else(PoisonError::into_inner).record(took);
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => break,
        }
    }
    seen.ended.fetch_add(1, Ordering::Relaxed);
}

/// When the position in these bytes was sent, if there is one.
fn sent_at(bytes: &[u8]) -> Option<Timestamp> {
    let find = |wanted: &[u8]| bytes.windows(wanted.len()).position(|found| found == wanted);
    find(POSITION)?;
    let from = find(MOMENT)? + MOMENT.len();
    let length = bytes[from..].iter().position(|byte| *byte == b'"')?;
    std::str::from_utf8(&bytes[from..from + length]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{masked, sent_at};

    #[test]
    fn a_position_tells_when_it_was_sent() {
        let frame = br#"{"data":{"at":"2026-11-20T06:30:00Z","courier_id":"x","lat":12.9},"event":"position"}"#;
        assert_eq!(sent_at(frame), Some("2026-11-20T06:30:00Z".parse().unwrap()));
        assert_eq!(sent_at(br#"{"data":{"at":"2026-11-20T06:30:00Z"},"event":"ping"}"#), None);
        assert_eq!(sent_at(b"\"lat\":12.9,\"at\":\"cut"), None);
    }

    #[test]
    fn a_clients_frame_says_its_length() {
        assert_eq!(masked(b"ab"), [0x81, 0x82, 0, 0, 0, 0, b'a', b'b']);
        assert_eq!(masked(&[b'x'; 300])[..4], [0x81, 0xfe, 1, 44]);
    }
}
