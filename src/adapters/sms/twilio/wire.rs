//! Twilio's JSON, as far as it is read.

use anyhow::anyhow;
use jiff::{Timestamp, fmt::rfc2822};
use serde::Deserialize;

use crate::ports::sms::{SentId, SmsError};

/// One message. Every field may be null, says the vendor's OpenAPI description.
#[derive(Deserialize)]
pub(super) struct Message {
    sid: Option<String>,
    body: Option<String>,
    direction: Option<String>,
    /// RFC 2822: "Thu, 24 Aug 2023 05:01:45 +0000".
    date_created: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Page {
    pub(super) messages: Vec<Message>,
}

/// An error's body (<https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions>).
#[derive(Default, Deserialize)]
pub(super) struct Fault {
    code: Option<u32>,
}

/// Two letters and 32 hexadecimal digits: safe in a path.
pub(super) fn is_sid(text: &str, kinds: &[&str]) -> bool {
    text.is_ascii()
        && text.len() == 34
        && kinds.contains(&&text[..2])
        && text[2..].bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Message {
    pub(super) fn sent_id(&self) -> Option<SentId> {
        self.sid.clone().filter(|sid| is_sid(sid, &["SM", "MM"])).map(SentId)
    }

    /// Whether this is `body`, sent by us since then. A trial account's messages begin with a line of Twilio's, and
    /// space at the ends is not kept.
    pub(super) fn is_ours(&self, body: &str, since: Timestamp) -> bool {
        let outbound = self.direction.as_deref().is_some_and(|direction| direction.starts_with("outbound"));
        let same = self.body.as_deref().is_some_and(|text| text.trim_end().ends_with(body.trim()));
        let made = self.date_created.as_deref().and_then(|text| rfc2822::parse(text).ok());
        outbound && same && made.is_some_and(|made| made.timestamp() >= since)
    }
}

/// <https://www.twilio.com/docs/api/errors>, those of sending a message.
impl From<Fault> for SmsError {
    fn from(fault: Fault) -> Self {
        Self::Refused(match fault.code {
            Some(21211 | 21217 | 21401) => "the number does not exist",
            Some(21214 | 21219 | 21612 | 21635) => "the number cannot be reached from ours",
            Some(21408) => "texting that country is not switched on",
            Some(21610) => "the customer has unsubscribed",
            Some(21614) => "the number cannot get text messages",
            Some(21602 | 21605 | 21617 | 21619) => "the text cannot be sent",
            Some(21212 | 21603 | 21606 | 21607 | 21608 | 21611 | 21659 | 21660 | 21705) => return fault.ours(),
            _ => "the message was refused by the provider",
        })
    }
}

impl Fault {
    /// Our own number or account is set up wrongly, or its queue is full (21611): the owner can mend that, and then
    /// the message goes out.
    fn ours(&self) -> SmsError {
        SmsError::NotTaken(anyhow!("error {}", self.code.unwrap_or_default()))
    }
}
