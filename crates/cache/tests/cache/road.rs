//! A way to a Redis that can be cut, delayed, made to lie or to lose messages.

use std::io::{Error, ErrorKind, Result};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

/// What becomes of the connections that are made from now on; those that exist are closed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Road {
    Open,
    /// No connection lasts.
    Cut,
    /// Connections are accepted and nothing passes.
    Silent,
    /// Every reply comes later.
    Late(Duration),
    /// A connection breaks within the reply that exceeds so many bytes.
    BreaksAfter(u64),
    /// Every command is answered with this error, by nobody but the road itself.
    Says(&'static str),
    /// So many of a thousand published messages are lost on their way to a subscriber.
    Loses(u64),
}

pub(crate) struct Proxy {
    pub(crate) url: String,
    road: watch::Sender<Road>,
}

impl Proxy {
    pub(crate) async fn to(url: &str) -> Self {
        let target = url.trim_start_matches("redis://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}", listener.local_addr().unwrap());
        let (road, watch) = watch::channel(Road::Open);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, target.clone(), watch.clone()));
            }
        });
        Self { url, road }
    }

    pub(crate) fn becomes(&self, road: Road) {
        self.road.send_replace(road);
    }

    pub(crate) fn cut(&self) {
        self.becomes(Road::Cut);
    }

    pub(crate) fn fall_silent(&self) {
        self.becomes(Road::Silent);
    }

    pub(crate) fn open(&self) {
        self.becomes(Road::Open);
    }
}

async fn carry(mut client: TcpStream, target: String, mut watch: watch::Receiver<Road>) {
    let road = *watch.borrow_and_update();
    tokio::select! {
        _ = travel(&mut client, &target, road) => return,
        _ = watch.changed() => {}
    }
    // A connection that falls silent stays open, and mute, until the road changes again.
    if *watch.borrow_and_update() == Road::Silent {
        let _ = watch.changed().await;
    }
}

async fn travel(client: &mut TcpStream, target: &str, road: Road) -> Result<()> {
    match road {
        Road::Cut => return Ok(()),
        Road::Silent => return std::future::pending().await,
        Road::Says(text) => return answer_all(client, text).await,
        _ => {}
    }
    let mut server = TcpStream::connect(target).await?;
    // Replies leave one by one; held back until the one before is confirmed, each would cost 40 ms.
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    if road == Road::Open {
        return copy_bidirectional(client, &mut server).await.map(drop);
    }
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let there = async { copy(&mut from_client, &mut to_server).await.map(drop) };
    let back = async {
        match road {
            Road::Late(delay) => delayed(&mut from_server, &mut to_client, delay).await,
            Road::Loses(per_mille) => lossy(&mut from_server, &mut to_client, per_mille).await,
            Road::BreaksAfter(bytes) => copy(&mut from_server.take(bytes), &mut to_client).await.map(drop),
            _ => Ok(()),
        }
    };
    tokio::select! {
        done = there => done,
        done = back => done,
    }?;
    // Not a farewell but a reset.
    client.set_zero_linger()
}

async fn delayed(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    delay: Duration,
) -> Result<()> {
    let mut piece = vec![0; 16 * 1024];
    loop {
        let read = from.read(&mut piece).await?;
        if read == 0 {
            return Ok(());
        }
        sleep(delay).await;
        to.write_all(&piece[..read]).await?;
    }
}

async fn lossy(from: &mut (impl AsyncRead + Unpin), to: &mut (impl AsyncWrite + Unpin), per_mille: u64) -> Result<()> {
    let mut waiting = Vec::new();
    let mut dice = 7_u64;
    loop {
        while let Some(length) = length_of_value(&waiting) {
            let value: Vec<u8> = waiting.drain(..length).collect();
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let lost = value.starts_with(b"*3\r\n$7\r\nmessage\r\n") && (dice >> 33) % 1_000 < per_mille;
            if !lost {
                to.write_all(&value).await?;
            }
        }
        if from.read_buf(&mut waiting).await? == 0 {
            return Ok(());
        }
    }
}

/// Answers each command with an error.
async fn answer_all(client: &mut TcpStream, text: &str) -> Result<()> {
    let mut waiting = Vec::new();
    loop {
        while let Some(length) = length_of_value(&waiting) {
            waiting.drain(..length);
            client.write_all(format!("-{text}\r\n").as_bytes()).await?;
        }
        if client.read_buf(&mut waiting).await? == 0 {
            return Err(Error::from(ErrorKind::UnexpectedEof));
        }
    }
}

/// Bytes of the first value of the protocol (RESP 2), once it is complete.
fn length_of_value(bytes: &[u8]) -> Option<usize> {
    let line = bytes.windows(2).position(|pair| pair == b"\r\n")? + 2;
    let count = || std::str::from_utf8(&bytes[1..line - 2]).ok()?.parse::<i64>().ok();
    match bytes[0] {
        b'$' => {
            let body = usize::try_from(count()?).map_or(0, |body| body + 2);
            (bytes.len() >= line + body).then_some(line + body)
        }
        b'*' => {
            let mut length = line;
            for _ in 0..count()? {
                length += length_of_value(&bytes[length..])?;
            }
            Some(length)
        }
        _ => Some(line),
    }
}
