//! Twilio's forms as they are on the wire.

use std::borrow::Cow;

use crate::adapters::telephony::caller_number;
use crate::ports::telephony::{BadRequest, CallStatus, ConnectionOver, Delivery, Ringing};

pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// Twilio sends some thirty.
pub(super) const MOST_PARAMS: usize = 1_000;

/// A form's parameters in the order they came.
struct Form<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Form<'a> {
    fn parse(body: &'a [u8]) -> Result<Self, BadRequest> {
        let params: Vec<_> = form_urlencoded::parse(body).take(MOST_PARAMS + 1).collect();
        if params.len() > MOST_PARAMS {
            return Err(BadRequest("too many parameters"));
        }
        // The parser writes U+FFFD for what is no UTF-8. Twilio may pass a genuine one on, encoded.
        let lossy = params.iter().any(|(name, value)| name.contains('\u{FFFD}') || value.contains('\u{FFFD}'));
        if lossy && !body.windows(9).any(|window| window.eq_ignore_ascii_case(b"%EF%BF%BD")) {
            return Err(BadRequest("the form is not UTF-8"));
        }
        Ok(Self(params))
    }

    /// The value of a parameter that is given once and is not empty. Of two different ones neither is believed.
    fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_ref());
        let first = values.next()?;
        (!first.is_empty() && values.all(|value| value == first)).then_some(first)
    }

    fn call(&self) -> Result<String, BadRequest> {
        self.get("CallSid").filter(|id| is_sid(id, &["CA"])).map(str::to_owned).ok_or(BadRequest("no CallSid"))
    }
}

/// Two capital letters that tell what it names, and 32 hexadecimal digits.
/// Source: Twilio, "String identifiers (SIDs)".
pub(super) fn is_sid(text: &str, prefixes: &[&str]) -> bool {
    text.len() == 34
        && prefixes.iter().any(|prefix| text.starts_with(prefix))
        && text.bytes().skip(2).all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

pub(super) fn ringing(body: &[u8]) -> Result<Ringing, BadRequest> {
    let form = Form::parse(body)?;
    let number = |name| form.get(name).and_then(|text| caller_number(text, ""));
    Ok(Ringing { call: form.call()?, from: number("From"), to: number("To") })
}

/// The request to `<Connect action>`. `SessionStatus` is "ended" when we ended the session, "completed" when the caller
/// hung up, and "failed" with an `ErrorCode` (64105: the WebSocket closed; 64102: it could not be opened) when it broke.
/// Source: Twilio, "TwiML Voice: ConversationRelay", the action URL; error dictionary 64101 to 64107.
pub(super) fn connection_over(body: &[u8]) -> Result<ConnectionOver, BadRequest> {
    let form = Form::parse(body)?;
    let call_over = form.get("CallStatus").is_some_and(is_over);
    let failed = form.get("SessionStatus") == Some("failed") || form.get("ErrorCode").is_some_and(|code| code != "0");
    let handoff = form.get("HandoffData").map(str::to_owned);
    Ok(ConnectionOver {
        call: form.call()?,
        session: form.get("SessionId").filter(|id| id.len() <= 64).map(str::to_owned),
        broken: failed && !call_over && handoff.is_none(),
        handoff,
    })
}

pub(super) fn call_status(body: &[u8]) -> Result<CallStatus, BadRequest> {
    let form = Form::parse(body)?;
    let status = form.get("CallStatus").ok_or(BadRequest("no CallStatus"))?;
    Ok(CallStatus { call: form.call()?, over: is_over(status) })
}

/// Source: Twilio, "Call resource", status values.
fn is_over(status: &str) -> bool {
    matches!(status, "completed" | "busy" | "failed" | "no-answer" | "canceled")
}

/// Source: Twilio, "Message resource", status values. `MessageStatus` repeats `SmsStatus`, the older name.
pub(super) fn delivery(body: &[u8]) -> Result<Delivery, BadRequest> {
    let form = Form::parse(body)?;
    let message = form.get("MessageSid").or_else(|| form.get("SmsSid")).filter(|id| is_sid(id, &["SM", "MM"]));
    let status = match form.get("MessageStatus").or_else(|| form.get("SmsStatus")) {
        Some("accepted" | "scheduled" | "queued" | "sending") => "queued",
        Some("sent") => "sent",
        Some("delivered" | "read" | "partially_delivered") => "delivered",
        Some("undelivered") => "undelivered",
        Some("failed" | "canceled") => "failed",
        _ => return Err(BadRequest("no known MessageStatus")),
    };
    Ok(Delivery { message: message.ok_or(BadRequest("no MessageSid"))?.to_owned(), status })
}
