//! The telephone company, byte by byte: signed webhooks, and what comes back.

use std::net::SocketAddr;

use deskbell::{adapters::telephony::twilio::sign, domain::ids::BusinessId, testing::salon};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{
    server::{ACCOUNT, AUTH_TOKEN, BUDGET, ORIGIN, TestServer},
    socket::{Handshake, RawSocket},
};

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const FROM: &str = "+14155550100";

/// A call's id in Twilio's form.
pub(crate) fn call_sid(number: u128) -> String {
    format!("CA{number:032x}")
}

pub(crate) fn incoming(business: BusinessId) -> String {
    format!("/voice/incoming/{business}")
}

/// An HTTP answer as it came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The head, in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// Reads one answer; nothing when the connection closes without one.
    pub(crate) async fn read(stream: &mut TcpStream) -> Option<Self> {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            if read_some(stream, &mut bytes).await == 0 {
                return None;
            }
        };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length: usize = head
            .split("content-length: ")
            .nth(1)
            .map_or(0, |rest| rest.split("\r\n").next().and_then(|length| length.parse().ok()).expect("a length"));
        while bytes.len() < end + length {
            assert!(read_some(stream, &mut bytes).await > 0, "the answer is cut off");
        }
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status line");
        Some(Self { status, head, body: String::from_utf8_lossy(&bytes[end..end + length]).into_owned() })
    }
}

async fn read_some(stream: &mut TcpStream, into: &mut Vec<u8>) -> usize {
    // A connection that is reset has ended, too.
    timeout(BUDGET, stream.read_buf(into)).await.expect("an answer within the budget").unwrap_or(0)
}

/// Sends bytes on a connection of their own.
pub(crate) async fn send_bytes(address: SocketAddr, bytes: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    // Whoever is refused early may not be read to the end.
    let _ = stream.write_all(bytes).await;
    Answer::read(&mut stream).await
}

pub(crate) async fn get(server: &TestServer, target: &str) -> Answer {
    let request = format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");
    send_bytes(server.address, request.as_bytes()).await.expect("an answer")
}

/// A webhook in the making: a form that is signed as Twilio signs, unless told otherwise.
#[derive(Clone)]
pub(crate) struct Webhook {
    target: String,
    params: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    content_type: Option<String>,
    signature: Signature,
    headers: String,
    method: &'static str,
}

#[derive(Clone)]
enum Signature {
    Genuine,
    Over { token: String, url: String, params: Vec<(String, String)> },
    Text(String),
    None,
}

fn owned(params: &[(&str, &str)]) -> Vec<(String, String)> {
    params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn signature(token: &str, url: &str, params: &[(String, String)]) -> String {
    sign(token, url, params.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

impl Webhook {
    pub(crate) fn new(target: impl Into<String>, params: &[(&str, &str)]) -> Self {
        Self {
            target: target.into(),
            params: owned(params),
            body: None,
            content_type: Some(FORM.to_owned()),
            signature: Signature::Genuine,
            headers: String::new(),
            method: "POST",
        }
    }

    /// A call that rings at the salon.
    pub(crate) fn ringing(call: &str) -> Self {
        Self::new(incoming(salon().id), &[("CallSid", call), ("From", FROM), ("To", "+12125550142")])
    }

    /// One more parameter, signed with the others.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.params.push((name.to_owned(), value.to_owned()));
        self
    }

    /// These bytes in place of the form; the signature still covers the parameters.
    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    pub(crate) fn content_type(mut self, content_type: &str) -> Self {
        self.content_type = Some(content_type.to_owned());
        self
    }

    pub(crate) fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers += &[name, ": ", value, "\r\n"].concat();
        self
    }

    pub(crate) fn unsigned(mut self) -> Self {
        self.signature = Signature::None;
        self
    }

    pub(crate) fn signed_with(mut self, token: &str) -> Self {
        let url = format!("{ORIGIN}{}", self.target);
        self.signature = Signature::Over { token: token.to_owned(), url, params: self.params.clone() };
        self
    }

    /// Signed over this URL, and these parameters rather than those that are sent.
    pub(crate) fn signed_over(mut self, url: &str, params: &[(&str, &str)]) -> Self {
        let (token, url) = (AUTH_TOKEN.to_owned(), url.to_owned());
        self.signature = Signature::Over { token, url, params: owned(params) };
        self
    }

    pub(crate) fn signature(mut self, text: &str) -> Self {
        self.signature = Signature::Text(text.to_owned());
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let body = self.body.clone().unwrap_or_else(|| {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.extend_pairs(&self.params).finish().into_bytes()
        });
        let mut head = format!("{} {} HTTP/1.1\r\nHost: internal:8080\r\n", self.method, self.target);
        if let Some(content_type) = &self.content_type {
            head += &["Content-Type: ", content_type, "\r\n"].concat();
        }
        let signature = match &self.signature {
            Signature::Genuine => Some(signature(AUTH_TOKEN, &format!("{ORIGIN}{}", self.target), &self.params)),
            Signature::Over { token, url, params } => Some(signature(token, url, params)),
            Signature::Text(text) => Some(text.clone()),
            Signature::None => None,
        };
        if let Some(signature) = signature {
            head += &["X-Twilio-Signature: ", &signature, "\r\n"].concat();
        }
        head += &[&self.headers, "Content-Length: ", &body.len().to_string(), "\r\n\r\n"].concat();
        [head.into_bytes(), body].concat()
    }

    pub(crate) async fn send(&self, server: &TestServer) -> Answer {
        send_bytes(server.address, &self.bytes()).await.expect("an answer")
    }
}

/// A call that rang and was answered.
pub(crate) struct Call {
    pub(crate) sid: String,
    /// Path and query of the socket that the TwiML names.
    pub(crate) socket: String,
    pub(crate) action: String,
    pub(crate) twiml: String,
}

impl Call {
    pub(crate) async fn ring(server: &TestServer, number: u128) -> Self {
        let sid = call_sid(number);
        let answer = Webhook::ringing(&sid).send(server).await;
        assert_eq!(answer.status, 200);
        Self::told(sid, answer.body)
    }

    /// What this TwiML says where to connect.
    pub(crate) fn told(sid: String, twiml: String) -> Self {
        let at = |name, origin| {
            let url = attribute(&twiml, name).expect("an address");
            url.strip_prefix(origin).expect("at our origin").to_owned()
        };
        Self { sid, socket: at("url", "wss://voice.example.com"), action: at("action", ORIGIN), twiml }
    }

    /// Opens the socket as Twilio does.
    pub(crate) async fn connect(&self, server: &TestServer) -> RawSocket {
        Handshake::to(&self.socket).open(server).await.expect("the socket opens")
    }

    /// … and says who it is.
    pub(crate) async fn answer(&self, server: &TestServer) -> RawSocket {
        let mut socket = self.connect(server).await;
        socket.text(&self.setup("VX00000000000000000000000000000001")).await;
        socket
    }

    pub(crate) fn setup(&self, session: &str) -> String {
        setup(&self.sid, ACCOUNT, session)
    }

    /// The webhook that says the connection broke.
    pub(crate) fn broken(&self, session: &str) -> Webhook {
        Webhook::new(
            &self.action,
            &[
                ("CallSid", &self.sid),
                ("CallStatus", "in-progress"),
                ("SessionId", session),
                ("SessionStatus", "failed"),
                ("ErrorCode", "64105"),
            ],
        )
    }
}

pub(crate) fn setup(call: &str, account: &str, session: &str) -> String {
    format!(
        r#"{{"type":"setup","sessionId":"{session}","accountSid":"{account}","callSid":"{call}","from":"{FROM}","to":"+12125550142","direction":"inbound","callStatus":"RINGING","customParameters":{{}}}}"#
    )
}

pub(crate) fn prompt(text: &str) -> String {
    format!(r#"{{"type":"prompt","voicePrompt":"{text}","lang":"en-US","last":true}}"#)
}

/// An attribute's value; ours have nothing in them that XML would escape but the ampersand.
pub(crate) fn attribute(xml: &str, name: &str) -> Option<String> {
    let value = xml.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(value.replace("&amp;", "&"))
}
