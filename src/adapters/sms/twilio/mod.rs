//! Text messages through Twilio's Messages resource (<https://www.twilio.com/docs/messaging/api/message-resource>).
//!
//! It takes no idempotency key, so whatever may have been taken is [`SmsError::Unknown`] and is looked for before it is
//! sent again.

mod wire;

use std::time::Duration;

use anyhow::{Context, anyhow};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use reqwest::{RequestBuilder, Response, StatusCode};

use self::wire::{Fault, Message, Page};
use crate::{
    adapters::http,
    config::{Secret, Twilio, TwilioSender},
    domain::phone::PhoneNumber,
    ports::sms::{SentId, Sms, SmsError},
};

/// Where Twilio is.
pub const API: &str = "https://api.twilio.com";

/// For one request. The outbox's lease of 30 s holds a search and a send.
const TIMEOUT: Duration = Duration::from_secs(8);

/// One message is about 1 KiB; a list has up to [`PAGE`] of them.
const MESSAGE_LIMIT: usize = 64 * 1024;
const LIST_LIMIT: usize = 512 * 1024;

/// How many of the newest messages to a number are looked through. A number gets a handful a day from us.
const PAGE: &str = "100";

/// Twilio's clock and ours may differ; a message made this long before we began to send may still be ours.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_secs(60);

#[derive(Debug)]
pub struct TwilioSms {
    client: reqwest::Client,
    messages: String,
    account: String,
    token: Secret,
    sender: TwilioSender,
    status_callback: Option<String>,
}

impl TwilioSms {
    /// `base` is [`API`], or a server of a test; `status_callback` is the URL that hears what becomes of a message.
    ///
    /// # Errors
    /// When a setting cannot be what it should be; a sentence that names it.
    pub fn new(settings: &Twilio, status_callback: Option<String>, base: &str) -> anyhow::Result<Self> {
        Self::with_timeout(settings, status_callback, base, TIMEOUT)
    }

    /// As [`new`](Self::new), with another time limit for a request.
    pub fn with_timeout(
        settings: &Twilio,
        status_callback: Option<String>,
        base: &str,
        timeout: Duration,
    ) -> anyhow::Result<Self> {
        let account = settings.account_sid.clone();
        if !wire::is_sid(&account, &["AC"]) {
            return Err(anyhow!("TWILIO_ACCOUNT_SID must be AC and 32 hexadecimal digits"));
        }
        let sender = settings.sender.clone().context("TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID is missing")?;
        if let TwilioSender::MessagingService(sid) = &sender
            && !wire::is_sid(sid, &["MG"])
        {
            return Err(anyhow!("TWILIO_MESSAGING_SERVICE_SID must be MG and 32 hexadecimal digits"));
        }
        Ok(Self {
            client: http::client(timeout).context("no HTTP client")?,
            messages: format!("{base}/2010-04-01/Accounts/{account}/Messages.json"),
            account,
            token: settings.auth_token.clone(),
            sender,
            status_callback,
        })
    }

    fn authorized(&self, request: RequestBuilder) -> RequestBuilder {
        request.basic_auth(&self.account, Some(self.token.expose()))
    }
}

#[async_trait]
impl Sms for TwilioSms {
    fn name(&self) -> &'static str {
        "twilio"
    }

    async fn send(&self, to: &PhoneNumber, body: &str, _: &str) -> Result<SentId, SmsError> {
        let mut form = vec![("To", to.as_str()), ("Body", body)];
        match &self.sender {
            TwilioSender::From(number) => form.push(("From", number.as_str())),
            TwilioSender::MessagingService(sid) => form.push(("MessagingServiceSid", sid)),
        }
        if let Some(url) = &self.status_callback {
            form.push(("StatusCallback", url));
        }
        let request = self.authorized(self.client.post(&self.messages)).form(&form);
        let response = request.send().await.map_err(|error| not_answered(error.without_url()))?;
        match response.status() {
            status if status.is_success() => taken(response).await,
            // Not answers of the resource itself: a gateway's, which does not know how far the request came.
            StatusCode::REQUEST_TIMEOUT
            | StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::GATEWAY_TIMEOUT => Err(SmsError::Unknown(anyhow!("HTTP {}", response.status().as_u16()))),
            StatusCode::BAD_REQUEST => Err(refused(response).await),
            status => Err(SmsError::NotTaken(anyhow!("HTTP {}", status.as_u16()))),
        }
    }

    /// Looks through the newest messages to that number. Not filtered by `DateSent`, which a message that is still
    /// queued does not have; `date_created` is compared here.
    async fn find(&self, to: &PhoneNumber, body: &str, since: Timestamp) -> Result<Option<SentId>, SmsError> {
        let query = [("To", to.as_str()), ("PageSize", PAGE)];
        let request = self.authorized(self.client.get(&self.messages)).query(&query);
        let unread = |error| SmsError::NotTaken(error);
        let response = request.send().await.map_err(|error| unread(error.without_url().into()))?;
        if !response.status().is_success() {
            return Err(unread(anyhow!("HTTP {}", response.status().as_u16())));
        }
        let read = http::body(response, LIST_LIMIT).await.map_err(|error| unread(error.into()))?;
        let page: Page = serde_json::from_slice(&read).map_err(|_| unread(anyhow!("not a list of messages")))?;
        let since = since - CLOCKS_DIFFER;
        let ours = page.messages.iter().find(|message| message.is_ours(body, since));
        Ok(ours.and_then(Message::sent_id))
    }
}

/// A request without an answer: taken or not, depending on how far it came.
fn not_answered(error: reqwest::Error) -> SmsError {
    if error.is_connect() || error.is_builder() {
        SmsError::NotTaken(error.into())
    } else {
        SmsError::Unknown(error.into())
    }
}

/// Success without a readable id may be a message on its way.
async fn taken(response: Response) -> Result<SentId, SmsError> {
    let read = http::body(response, MESSAGE_LIMIT).await.map_err(|error| SmsError::Unknown(error.into()))?;
    let message: Option<Message> = serde_json::from_slice(&read).ok();
    let id = message.as_ref().and_then(Message::sent_id);
    id.ok_or_else(|| SmsError::Unknown(anyhow!("success without a message id")))
}

/// 400 is an answer of the resource: this very message is wrong, and repeating it does not help.
async fn refused(response: Response) -> SmsError {
    let read = http::body(response, MESSAGE_LIMIT).await.unwrap_or_default();
    let fault: Fault = serde_json::from_slice(&read).unwrap_or_default();
    fault.into()
}

#[cfg(test)]
mod tests;
