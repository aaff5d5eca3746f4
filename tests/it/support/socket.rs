//! A WebSocket client that can do wrong: it writes whatever frame it is told to.

use deskbell::adapters::telephony::twilio::sign;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{
    caller::Answer,
    server::{AUTH_TOKEN, BUDGET, TestServer},
};

pub(crate) const TEXT: u8 = 0x1;
pub(crate) const BINARY: u8 = 0x2;
pub(crate) const CONTINUE: u8 = 0x0;
pub(crate) const CLOSE: u8 = 0x8;
pub(crate) const PING: u8 = 0x9;
pub(crate) const PONG: u8 = 0xA;
pub(crate) const FIN: u8 = 0x80;

/// An opening handshake as Twilio makes it, unless told otherwise.
pub(crate) struct Handshake {
    target: String,
    signature: Option<String>,
    version: &'static str,
    key: Option<&'static str>,
    headers: String,
}

impl Handshake {
    pub(crate) fn to(target: &str) -> Self {
        let signature = sign(AUTH_TOKEN, &format!("wss://voice.example.com{target}"), []);
        Self {
            target: target.to_owned(),
            signature: Some(signature),
            version: "13",
            key: Some("dGhlIHNhbXBsZSBub25jZQ=="),
            headers: String::new(),
        }
    }

    pub(crate) fn unsigned(mut self) -> Self {
        self.signature = None;
        self
    }

    pub(crate) fn signed_over(mut self, url: &str) -> Self {
        self.signature = Some(sign(AUTH_TOKEN, url, []));
        self
    }

    pub(crate) fn version(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    pub(crate) fn without_key(mut self) -> Self {
        self.key = None;
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers += &[name, ": ", value, "\r\n"].concat();
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let Self { target, version, headers, .. } = self;
        let mut request = format!(
            "GET {target} HTTP/1.1\r\nHost: internal:8080\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: {version}\r\n{headers}"
        );
        if let Some(key) = self.key {
            request += &["Sec-WebSocket-Key: ", key, "\r\n"].concat();
        }
        if let Some(signature) = &self.signature {
            request += &["X-Twilio-Signature: ", signature, "\r\n"].concat();
        }
        (request + "\r\n").into_bytes()
    }

    /// The socket, or the answer that there is none; a connection closed without an answer is a test's end.
    pub(crate) async fn open(&self, server: &TestServer) -> Result<RawSocket, Answer> {
        let mut stream = TcpStream::connect(server.address).await.expect("the server listens");
        stream.set_nodelay(true).expect("the connection is open");
        let _ = stream.write_all(&self.bytes()).await;
        let answer = Answer::read(&mut stream).await.expect("an answer");
        if answer.status == 101 { Ok(RawSocket { stream, handshake: answer }) } else { Err(answer) }
    }

    /// The status that refuses it.
    pub(crate) async fn refused(&self, server: &TestServer) -> u16 {
        match self.open(server).await {
            Ok(_) => 101,
            Err(answer) => answer.status,
        }
    }
}

/// A frame from the server; those are never masked (RFC 6455 §5.1).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) opcode: u8,
    pub(crate) payload: Vec<u8>,
}

/// An open socket. Dropping it ends the TCP connection without a close frame.
pub(crate) struct RawSocket {
    pub(crate) stream: TcpStream,
    pub(crate) handshake: Answer,
}

impl RawSocket {
    pub(crate) async fn text(&mut self, text: &str) {
        self.frame(FIN | TEXT, text.as_bytes()).await;
    }

    pub(crate) async fn frame(&mut self, first: u8, payload: &[u8]) {
        self.raw(&masked(first, payload)).await;
    }

    /// Bytes as they are. The server may have closed already; what it said then is still to be read.
    pub(crate) async fn raw(&mut self, bytes: &[u8]) {
        let _ = timeout(BUDGET, self.stream.write_all(bytes)).await.expect("the server reads");
    }

    /// The next frame; nothing when the connection has ended.
    pub(crate) async fn read(&mut self) -> Option<Frame> {
        timeout(BUDGET, self.read_frame()).await.expect("a frame within the budget").ok()
    }

    async fn read_frame(&mut self) -> std::io::Result<Frame> {
        let first = self.stream.read_u8().await?;
        let length = match self.stream.read_u8().await? {
            126 => u64::from(self.stream.read_u16().await?),
            127 => self.stream.read_u64().await?,
            length => u64::from(length),
        };
        let mut payload = vec![0; usize::try_from(length).expect("a short frame")];
        self.stream.read_exact(&mut payload).await?;
        assert!(first & FIN != 0, "the server does not fragment");
        Ok(Frame { opcode: first & 0x0F, payload })
    }

    /// The code that the server closes with; nothing when it closes without a close frame.
    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        while let Some(frame) = self.read().await {
            if frame.opcode == CLOSE {
                return Some(frame.payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code)));
            }
        }
        None
    }

    /// What is said next, to the end of the utterance.
    pub(crate) async fn hears(&mut self) -> String {
        let mut said = String::new();
        loop {
            let frame = self.read().await.expect("the line is open");
            let json: serde_json::Value = match frame.opcode {
                TEXT => serde_json::from_slice(&frame.payload).expect("JSON"),
                PING => continue,
                other => panic!("a frame of kind {other} instead of words"),
            };
            if json["type"] == "text" {
                said += json["token"].as_str().unwrap_or_default();
                if json["last"] == true {
                    return said;
                }
            }
        }
    }

    /// Answered in order: a ping whose pong shows that everything before it has been read.
    pub(crate) async fn is_alive(&mut self) -> bool {
        self.frame(FIN | PING, b"there?").await;
        while let Some(frame) = self.read().await {
            match frame.opcode {
                PONG if frame.payload == b"there?" => return true,
                CLOSE => return false,
                _ => {}
            }
        }
        false
    }
}

/// A client's frame: masked (RFC 6455 §5.3), here with a mask that is easy to read in a dump.
pub(crate) fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [0x0F, 0xF0, 0x55, 0xAA];
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..=125 => frame.push(0x80 | u8::try_from(length).expect("short")),
        length @ 126..=65_535 => {
            frame.push(0x80 | 0x7E);
            frame.extend(u16::try_from(length).expect("short").to_be_bytes());
        }
        length => {
            frame.push(0x80 | 0x7F);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend(MASK);
    frame.extend(payload.iter().enumerate().map(|(n, byte)| byte ^ MASK[n % 4]));
    frame
}
