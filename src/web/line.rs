//! A caller's line over a WebSocket: what the transport promises, kept or the connection refused.
//!
//! Close codes are those of RFC 6455 §7.4.1: 1002 for broken framing, 1003 for frames of the wrong kind, 1007 for text that
//! is no UTF-8, 1008 for breaking our rules, 1009 for too much at once.

use std::{pin::Pin, time::Duration};

use futures_util::{FutureExt as _, Sink as _, SinkExt as _, StreamExt as _};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, sleep_until, timeout},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Bytes, Error, Message, error::ProtocolError, protocol::CloseFrame},
};
use tracing::debug;

use crate::ports::line::{Gone, Junk, Line, LineCodec, LineCommand, LineEvent, LineGone};

/// How long a fresh connection may say nothing about who it is.
const FIRST_WORD: Duration = Duration::from_secs(5);
/// How long a line may be silent before it is asked whether it is there …
const SILENCE: Duration = Duration::from_secs(15);
/// … and how long it has to answer.
const PONG: Duration = Duration::from_secs(10);
/// How long a peer may take to read what we send.
const SEND: Duration = Duration::from_secs(5);
/// How long to wait for the peer to close, so that it can read why we did.
const FAREWELL: Duration = Duration::from_secs(1);
/// The pings a peer may send within a second.
const MOST_PINGS: u32 = 50;
/// The frames of a call that may be unreadable, and how many of them binary.
const MOST_JUNK: u32 = 20;
const MOST_BINARY: u32 = 3;

/// Over whatever carries bytes: TCP, and memory in tests.
pub(super) struct WsLine<S = TcpStream> {
    socket: WebSocketStream<S>,
    codec: Box<dyn LineCodec>,
    /// `Answered`, seen by whoever waited for it and not handed on yet.
    first: Option<LineEvent>,
    answered: bool,
    gone: Option<Gone>,
    /// When the last frame came, of whatever kind; before the first, when the socket opened.
    heard: Instant,
    /// A ping has been sent since then.
    asked: bool,
    pings: Pings,
    junk: u32,
    binary: u32,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> WsLine<S> {
    pub(super) fn new(socket: WebSocketStream<S>, codec: Box<dyn LineCodec>) -> Self {
        let now = Instant::now();
        Self {
            socket,
            codec,
            first: None,
            answered: false,
            gone: None,
            heard: now,
            asked: false,
            pings: Pings { since: now, count: 0 },
            junk: 0,
            binary: 0,
        }
    }

    /// Waits until the caller is there. `recv` yields the event all the same.
    pub(super) async fn answered(&mut self) -> Result<(), Gone> {
        loop {
            match self.recv().await {
                answered @ LineEvent::Answered(_) => {
                    self.first = Some(answered);
                    return Ok(());
                }
                LineEvent::Gone(gone) => return Err(gone),
                _ => {}
            }
        }
    }

    /// The vendor's id of this connection, once answered.
    pub(super) fn session(&self) -> Option<&str> {
        self.codec.session()
    }

    /// Closes the connection, with the code it was refused with if it was, and waits a moment for the peer to have read
    /// it: closing a TCP connection with bytes unread resets it, and the peer would never see the code.
    pub(super) async fn finish(mut self, code: u16) {
        match self.gone {
            Some(Gone::Broken) => return,
            Some(Gone::Closed | Gone::Refused(_)) => {}
            None => self.close(code),
        }
        let farewell = async {
            // Ends with the peer's close frame, or at once when its frames cannot be read any more.
            while let Some(Ok(_)) = self.socket.next().await {}
            let tcp = self.socket.get_mut();
            let _ = tcp.shutdown().await;
            let mut unread = [0; 1024];
            while tcp.read(&mut unread).await.is_ok_and(|count| count > 0) {}
        };
        let _ = timeout(FAREWELL, Box::pin(farewell)).await;
    }

    /// Sends a close frame. Nothing is sent after it; whether it arrives is for `finish` to wait for.
    fn close(&mut self, code: u16) {
        let frame = CloseFrame { code: code.into(), reason: "".into() };
        let _ = Pin::new(&mut self.socket).start_send(Message::Close(Some(frame)));
    }

    fn refuse(&mut self, code: u16, reason: &'static str) {
        debug!(code, reason, "a caller's connection was refused: {reason}");
        self.close(code);
        self.gone = Some(Gone::Refused(code));
    }

    fn patience_ends(&self) -> Instant {
        match (self.answered, self.asked) {
            (false, _) => self.heard + FIRST_WORD,
            (true, false) => self.heard + SILENCE,
            (true, true) => self.heard + SILENCE + PONG,
        }
    }

    fn on_silence(&mut self) {
        if !self.answered {
            self.refuse(1008, "it did not say who it is");
        } else if self.asked {
            self.gone = Some(Gone::Broken);
        } else {
            self.asked = true;
            // What cannot be written now is written with the next frame, and the pong is missed in time.
            let _ = Pin::new(&mut self.socket).start_send(Message::Ping(Bytes::new()));
        }
    }

    fn on_frame(&mut self, frame: Option<Result<Message, Error>>) -> Option<LineEvent> {
        let message = match frame {
            Some(Ok(message)) => message,
            Some(Err(error)) => return self.on_error(&error),
            None => return self.on_end(Gone::Closed),
        };
        if self.answered {
            // Before that the first word is due however many other frames come.
            self.heard = Instant::now();
            self.asked = false;
        }
        match message {
            Message::Text(text) => self.on_text(&text),
            Message::Binary(_) => self.on_binary(),
            Message::Ping(_) => self.on_ping(),
            Message::Close(_) => {
                // Answers the close frame, if it can be written at once.
                let _ = self.socket.flush().now_or_never();
                self.on_end(Gone::Closed)
            }
            Message::Pong(_) | Message::Frame(_) => None,
        }
    }

    fn on_end(&mut self, gone: Gone) -> Option<LineEvent> {
        self.gone = Some(gone);
        None
    }

    fn on_error(&mut self, error: &Error) -> Option<LineEvent> {
        match error {
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) | Error::Io(_) => {
                return self.on_end(Gone::Broken);
            }
            Error::Protocol(_) => self.refuse(1002, "its frames break the protocol"),
            Error::Utf8(_) => self.refuse(1007, "its text is no UTF-8"),
            Error::Capacity(_) => self.refuse(1009, "its message is too long"),
            _ => return self.on_end(Gone::Broken),
        }
        None
    }

    fn on_text(&mut self, text: &str) -> Option<LineEvent> {
        match self.codec.decode(text) {
            LineEvent::Answered(_) if self.answered => None,
            answered @ LineEvent::Answered(_) => {
                self.answered = true;
                self.heard = Instant::now();
                Some(answered)
            }
            LineEvent::Gone(Gone::Refused(code)) => {
                self.refuse(code, "it broke its promises");
                None
            }
            LineEvent::Gone(gone) => self.on_end(gone),
            LineEvent::Junk(junk) => self.on_junk(junk),
            LineEvent::Nothing => None,
            event => Some(event),
        }
    }

    fn on_binary(&mut self) -> Option<LineEvent> {
        self.binary += 1;
        if self.binary < MOST_BINARY {
            return self.on_junk(Junk::Binary);
        }
        self.refuse(1003, "it sends binary frames");
        None
    }

    fn on_junk(&mut self, junk: Junk) -> Option<LineEvent> {
        debug!(reason = ?junk, "a frame was ignored");
        self.junk += 1;
        if self.junk < MOST_JUNK {
            return Some(LineEvent::Junk(junk));
        }
        self.refuse(1008, "its frames cannot be read");
        None
    }

    fn on_ping(&mut self) -> Option<LineEvent> {
        if self.pings.too_many(Instant::now()) {
            self.refuse(1008, "it floods us with pings");
        }
        None
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Line for WsLine<S> {
    async fn recv(&mut self) -> LineEvent {
        if let Some(first) = self.first.take() {
            return first;
        }
        loop {
            if let Some(gone) = self.gone {
                return LineEvent::Gone(gone);
            }
            let patience_ends = self.patience_ends();
            tokio::select! {
                frame = self.socket.next() => {
                    if let Some(event) = self.on_frame(frame) {
                        return event;
                    }
                }
                () = sleep_until(patience_ends) => self.on_silence(),
            }
        }
    }

    fn shows_understood(&self) -> bool {
        self.codec.shows_understood()
    }

    async fn send(&mut self, command: LineCommand) -> Result<(), LineGone> {
        if self.gone.is_some() {
            return Err(LineGone);
        }
        let Some(frame) = self.codec.encode(&command) else { return Ok(()) };
        match timeout(SEND, self.socket.send(Message::text(frame))).await {
            Ok(Ok(())) => Ok(()),
            // What happened is still to be read: a close frame, or that it broke.
            Ok(Err(_)) => Err(LineGone),
            Err(_) => {
                self.gone = Some(Gone::Broken);
                Err(LineGone)
            }
        }
    }
}

/// A line that is lent to a session, and closed by whoever lent it.
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Line for &mut WsLine<S> {
    fn recv(&mut self) -> impl Future<Output = LineEvent> + Send {
        WsLine::recv(self)
    }

    fn shows_understood(&self) -> bool {
        WsLine::shows_understood(self)
    }

    fn send(&mut self, command: LineCommand) -> impl Future<Output = Result<(), LineGone>> + Send {
        WsLine::send(self, command)
    }
}

/// The pings of the current second.
struct Pings {
    since: Instant,
    count: u32,
}

impl Pings {
    fn too_many(&mut self, now: Instant) -> bool {
        if now.duration_since(self.since) >= Duration::from_secs(1) {
            *self = Self { since: now, count: 0 };
        }
        self.count += 1;
        self.count > MOST_PINGS
    }
}

#[cfg(test)]
mod tests;
