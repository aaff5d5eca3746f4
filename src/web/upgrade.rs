//! From a request to a WebSocket (RFC 6455 §4.2).
//!
//! Not axum's: its socket hides the connection below, and we want to close it so that the peer still reads why; its task
//! is spawned where no shutdown waits for it; and its errors do not tell the close code.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header},
    response::Response,
};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, sync::OwnedSemaphorePermit};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        handshake::derive_accept_key,
        protocol::{Role, WebSocketConfig},
    },
};
use tracing::{debug, error};

use super::{connection::Connection, error::Refusal};

/// The longest message and frame, in bytes; longer ones are refused by their header, before anything is allocated.
const LONGEST_MESSAGE: usize = 64 * 1024;
/// What a peer that does not read may leave lying here, in bytes.
const MOST_UNSENT: usize = 256 * 1024;
/// A caller's sentence is some hundred bytes; a longer message makes the buffer grow for itself.
const READ_BUFFER: usize = 4 * 1024;

/// An opening handshake that is in order and not answered yet.
pub(super) struct Upgrade {
    key: HeaderValue,
    upgraded: OnUpgrade,
}

/// An open WebSocket and its place among the open connections.
pub(super) struct Socket {
    pub(super) stream: WebSocketStream<TcpStream>,
    pub(super) open: OwnedSemaphorePermit,
}

impl Upgrade {
    /// Takes the handshake out of a request.
    pub(super) fn of(request: &mut Request) -> Result<Self, Refusal> {
        let headers = request.headers();
        let asked = request.method() == Method::GET
            && request.version() == Version::HTTP_11
            && lists(headers, &header::CONNECTION, "upgrade")
            && lists(headers, &header::UPGRADE, "websocket");
        if !asked {
            return Err(Refusal::Bad("not an upgrade to WebSocket"));
        }
        if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
            return Err(Refusal::Bad("a WebSocket version other than 13"));
        }
        let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|key| key.len() == 24).cloned();
        let key = key.ok_or(Refusal::Bad("no Sec-WebSocket-Key"))?;
        let upgraded = request.extensions_mut().remove().ok_or(Refusal::Bad("a connection that cannot be upgraded"))?;
        Ok(Self { key, upgraded })
    }

    /// The answer, and the socket that opens once it is sent; nothing when the peer is gone by then. No extension is
    /// ever accepted, so no message is compressed.
    pub(super) fn accept(self) -> (Response, impl Future<Output = Option<Socket>> + Send) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let accept = HeaderValue::from_str(&derive_accept_key(self.key.as_bytes())).expect("base64 is a header value");
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        (response, open(self.upgraded))
    }
}

async fn open(upgraded: OnUpgrade) -> Option<Socket> {
    let upgraded = upgraded.await.inspect_err(|error| debug!(%error, "the caller's socket never opened")).ok()?;
    let Ok(parts) = upgraded.downcast::<TokioIo<Connection>>() else {
        error!("a WebSocket came by another way than our accept loop");
        return None;
    };
    let (tcp, open) = parts.io.into_inner().into_parts();
    let sent_already = parts.read_buf.to_vec();
    let stream = WebSocketStream::from_partially_read(tcp, sent_already, Role::Server, Some(limits())).await;
    Some(Socket { stream, open })
}

pub(super) fn limits() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0) // Every frame is written at once.
        .max_write_buffer_size(MOST_UNSENT)
        .max_message_size(Some(LONGEST_MESSAGE))
        .max_frame_size(Some(LONGEST_MESSAGE))
}

/// Whether a comma-separated header has a member, whatever the case.
fn lists(headers: &HeaderMap, name: &HeaderName, member: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|listed| listed.trim().eq_ignore_ascii_case(member))
}
