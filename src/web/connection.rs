//! One client's TCP connection, with a limit to how long it may keep us waiting.
//!
//! hyper times the reading of a request's head, but with one clock for two things: a connection that rests between two
//! requests (a proxy keeps some open for a minute, and closing one under its hands loses a webhook) and one that sends
//! a byte a second. Nor does it mind a client that never reads its answer. So the waiting is timed here, where the bytes
//! pass: five seconds for a head that has begun, ten for a client that does not read.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::OwnedSemaphorePermit,
    time::{Instant, Sleep, sleep},
};

use super::accept::Newcomer;

/// How long a request's head may take, from its first byte; for a connection's first request, from the connection.
const HEAD: Duration = Duration::from_secs(5);
/// How long a client may refuse to read.
const STALL: Duration = Duration::from_secs(10);

const RESTING: u8 = 0;
const HEADING: u8 = 1;
const SERVING: u8 = 2;

/// What a connection is doing, as the bytes and the requests tell together.
pub(super) struct Stage {
    now: AtomicU8,
    /// Until the first request is complete, the connection counts against its address.
    newcomer: Mutex<Option<Newcomer>>,
}

impl Stage {
    pub(super) fn new(newcomer: Option<Newcomer>) -> Arc<Self> {
        Arc::new(Self { now: AtomicU8::new(HEADING), newcomer: Mutex::new(newcomer) })
    }

    /// A request's head is complete.
    pub(super) fn request(&self) {
        self.now.store(SERVING, Ordering::Relaxed);
        self.newcomer.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// It has been answered.
    pub(super) fn answered(&self) {
        self.now.store(RESTING, Ordering::Relaxed);
    }
}

pub(super) struct Connection {
    stream: TcpStream,
    stage: Arc<Stage>,
    head: Pin<Box<Sleep>>,
    stall: Option<Pin<Box<Sleep>>>,
    open: OwnedSemaphorePermit,
}

impl Connection {
    /// `open` is its place among the open connections.
    pub(super) fn new(stream: TcpStream, stage: Arc<Stage>, open: OwnedSemaphorePermit) -> Self {
        Self { stream, stage, head: Box::pin(sleep(HEAD)), stall: None, open }
    }

    /// The bare stream, for a WebSocket, which keeps its own time; and the place it still takes.
    pub(super) fn into_parts(self) -> (TcpStream, OwnedSemaphorePermit) {
        (self.stream, self.open)
    }

    /// Passes on how far a write has come, unless there was no progress for too long.
    fn unless_stalled<T>(&mut self, cx: &mut Context<'_>, progress: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if progress.is_ready() {
            self.stall = None;
            return progress;
        }
        let stall = self.stall.get_or_insert_with(|| Box::pin(sleep(STALL)));
        ready!(stall.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let stage = self.stage.now.load(Ordering::Relaxed);
        if read.is_ready() {
            if stage == RESTING && buffer.filled().len() > before {
                self.stage.now.store(HEADING, Ordering::Relaxed);
                self.head.as_mut().reset(Instant::now() + HEAD);
            }
            return read;
        }
        if stage == HEADING && self.head.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.unless_stalled(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.unless_stalled(cx, written)
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
