//! Whether anything still happens on a connection.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Beats when a request begins, and with everything that is sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Pulse(Arc<AtomicBool>);

impl Pulse {
    pub(super) fn beat(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it has beaten since this was asked the last time.
    pub(super) fn has_beaten(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// A stream whose pulse beats when something is sent. What is received says little: it may be half a request, a byte at a
/// time.
pub(super) struct Beating {
    stream: TokioIo<TcpStream>,
    pulse: Pulse,
}

impl Beating {
    pub(super) fn of(stream: TcpStream, pulse: Pulse) -> Self {
        Self { stream: TokioIo::new(stream), pulse }
    }

    fn sent(&self, sent: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(sent, Poll::Ready(Ok(1..))) {
            self.pulse.beat();
        }
        sent
    }
}

impl Read for Beating {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, room: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, room)
    }
}

impl Write for Beating {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.sent(sent)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.sent(sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
