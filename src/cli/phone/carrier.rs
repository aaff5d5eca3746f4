//! What Twilio does around a call: signed webhooks, and a WebSocket opened with a signature.

use std::time::Duration;

use form_urlencoded::Serializer;
use reqwest::{
    StatusCode,
    header::{CONNECTION, CONTENT_TYPE, HeaderValue, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE},
};
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        handshake::client::generate_key,
        protocol::{Role, WebSocketConfig},
    },
};

use super::{
    PhoneError, PhoneOptions,
    twiml::{self, Instruction},
};
use crate::adapters::telephony::twilio::sign;

/// How long Twilio waits for a webhook's answer. Source: Twilio, "Webhooks connection overrides", `tt`.
pub(super) const ANSWER_TIME: Duration = Duration::from_secs(15);

/// How often a server that went away is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(100);

pub(super) type Socket = WebSocketStream<reqwest::Upgraded>;

/// How a connection came to its end, in the words of the action request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// The server sent `end`, with this.
    Ended {
        handoff: Option<String>,
    },
    /// The socket closed without one.
    Dropped,
    HungUp,
}

/// One call as the carrier knows it.
#[derive(Debug)]
pub(super) struct Carrier {
    http: reqwest::Client,
    options: PhoneOptions,
    origin: String,
    call: String,
}

impl Carrier {
    pub(super) fn new(http: reqwest::Client, options: PhoneOptions) -> Self {
        let origin = options.origin.clone().unwrap_or_else(|| options.url.clone());
        Self { http, options, origin: origin.trim_end_matches('/').to_owned(), call: sid("CA") }
    }

    pub(super) fn call(&self) -> &str {
        &self.call
    }

    pub(super) async fn ring(&self) -> Result<Vec<Instruction>, PhoneError> {
        let url = format!("{}/voice/incoming/{}", self.origin, self.options.business);
        self.webhook("the call", &url, "ringing", &[]).await
    }

    /// Asks the action URL what next, and keeps asking while the server is away, up to the phone's patience.
    pub(super) async fn connection_over(
        &self,
        action: &str,
        session: &str,
        over: &Over,
    ) -> Result<Vec<Instruction>, PhoneError> {
        let mut params = vec![("SessionId", session)];
        let call_status = if *over == Over::HungUp { "completed" } else { "in-progress" };
        match over {
            Over::Ended { handoff } => {
                params.push(("SessionStatus", "ended"));
                params.extend(handoff.as_deref().map(|handoff| ("HandoffData", handoff)));
            }
            Over::Dropped => {
                params.extend([("SessionStatus", "failed"), ("ErrorCode", "64105")]);
                params.push(("ErrorMessage", "WebSocket Ended"));
            }
            Over::HungUp => params.push(("SessionStatus", "completed")),
        }
        let url = self.absolute(action);
        let give_up = Instant::now() + self.options.patience;
        loop {
            match self.webhook("the action request", &url, call_status, &params).await {
                Err(PhoneError::Unreachable(_) | PhoneError::Refused { status: 502..=504, .. })
                    if Instant::now() < give_up && *over != Over::HungUp =>
                {
                    sleep(TRY_AGAIN).await;
                }
                answer => return answer,
            }
        }
    }

    /// The status callback that follows the end of every call. Nobody waits for its answer.
    pub(super) async fn completed(&self) {
        let url = format!("{}/voice/status/{}", self.origin, self.options.business);
        let _ = self.post("the status callback", &url, "completed", &[]).await;
    }

    pub(super) async fn open(&self, socket: &str) -> Result<Socket, PhoneError> {
        let signature = sign(self.options.auth_token.expose(), socket, []);
        let key = generate_key();
        let request = self
            .http
            .get(self.reachable(socket))
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header(SEC_WEBSOCKET_VERSION, "13")
            .header(SEC_WEBSOCKET_KEY, key)
            .header("X-Twilio-Signature", signature)
            .send();
        let unreachable = || PhoneError::Unreachable(self.options.url.clone());
        let response = timeout(ANSWER_TIME, request).await.map_err(|_| unreachable())?.map_err(|_| unreachable())?;
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(PhoneError::Refused { what: "the WebSocket", status: response.status().as_u16() });
        }
        let stream = response.upgrade().await.map_err(|_| unreachable())?;
        let config = WebSocketConfig::default().read_buffer_size(8 * 1024).max_message_size(Some(64 * 1024));
        Ok(WebSocketStream::from_raw_socket(stream, Role::Client, Some(config)).await)
    }

    /// The first frame of every connection.
    pub(super) fn setup(&self, session: &str) -> String {
        serde_json::json!({
            "type": "setup",
            "sessionId": session,
            "accountSid": self.options.account_sid,
            "parentCallSid": "",
            "callSid": self.call,
            "from": self.options.from,
            "to": self.dialled(),
            "forwardedFrom": "",
            "callerName": "",
            "callType": "PSTN",
            "direction": "inbound",
            "callStatus": "IN_PROGRESS",
            "customParameters": {},
        })
        .to_string()
    }

    async fn webhook(
        &self,
        what: &'static str,
        url: &str,
        call_status: &str,
        more: &[(&str, &str)],
    ) -> Result<Vec<Instruction>, PhoneError> {
        twiml::read(&self.post(what, url, call_status, more).await?)
    }

    async fn post(
        &self,
        what: &'static str,
        url: &str,
        call_status: &str,
        more: &[(&str, &str)],
    ) -> Result<String, PhoneError> {
        let mut params = vec![
            ("AccountSid", self.options.account_sid.as_str()),
            ("ApiVersion", "2010-04-01"),
            ("CallSid", &self.call),
            ("CallStatus", call_status),
            ("Direction", "inbound"),
            ("From", &self.options.from),
            ("To", self.dialled()),
        ];
        params.extend(more);
        let signature = sign(self.options.auth_token.expose(), url, params.iter().copied());
        let request = self
            .http
            .post(self.reachable(url))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded; charset=UTF-8"))
            .header("X-Twilio-Signature", signature)
            .body(Serializer::new(String::new()).extend_pairs(params).finish());
        let unreachable = |_| PhoneError::Unreachable(self.options.url.clone());
        let response = request.send().await.map_err(unreachable)?;
        match response.status() {
            status if status.is_success() => response.text().await.map_err(unreachable),
            status => Err(PhoneError::Refused { what, status: status.as_u16() }),
        }
    }

    fn dialled(&self) -> &str {
        self.options.to.as_deref().unwrap_or("+15005550006")
    }

    fn absolute(&self, url: &str) -> String {
        if url.starts_with('/') { format!("{}{url}", self.origin) } else { url.to_owned() }
    }

    /// Where a URL under the public origin is really found: the server's own address. Signatures stay over the public
    /// one. A `ws` scheme becomes its `http`, since the upgrade starts as a request.
    fn reachable(&self, url: &str) -> String {
        let url = match url.split_once("://") {
            Some(("wss", rest)) => format!("https://{rest}"),
            Some(("ws", rest)) => format!("http://{rest}"),
            _ => url.to_owned(),
        };
        match url.strip_prefix(&self.origin) {
            Some(target) if target.starts_with('/') => format!("{}{target}", self.options.url),
            _ => url,
        }
    }
}

/// A fresh id such as Twilio gives: two letters and 32 hexadecimal digits. With the letters "CA" it names a call.
pub fn sid(prefix: &str) -> String {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).expect("the operating system has random bytes");
    format!("{prefix}{:032x}", u128::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;

    #[test]
    fn a_public_url_is_signed_as_it_is_and_found_at_the_servers_address() {
        let mut options = PhoneOptions::new("http://127.0.0.1:8080/", "b", "AC1", Secret::new("t"));
        options.origin = Some("https://voice.example.com".into());
        let carrier = Carrier::new(reqwest_client(), options);
        for (public, found) in [
            ("https://voice.example.com/voice/x?y=1", "http://127.0.0.1:8080/voice/x?y=1"),
            ("wss://voice.example.com/voice/s", "http://127.0.0.1:8080/voice/s"),
            ("wss://voice.example.com.evil/s", "https://voice.example.com.evil/s"),
        ] {
            assert_eq!(carrier.reachable(public), found);
        }
        assert_eq!(carrier.absolute("/voice/action/b"), "https://voice.example.com/voice/action/b");
    }

    fn reqwest_client() -> reqwest::Client {
        super::super::Phone::new(PhoneOptions::new("http://127.0.0.1:1", "b", "AC1", Secret::new("t"))).unwrap().http
    }

    #[test]
    fn ids_look_like_the_vendors_and_differ() {
        let (one, other) = (sid("CA"), sid("CA"));
        assert_eq!(one.len(), 34);
        assert_ne!(one, other);
    }
}
