//! A telephony vendor: how its webhooks are proved genuine, read and answered, and how its socket talks.

use thiserror::Error;

use super::line::LineCodec;
use crate::domain::{business::Business, phone::PhoneNumber};

/// A request as it came, before anything in it is believed.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Scheme and authority the vendor used, from our settings: `https://voice.example.com`, or `wss://…` for an
    /// upgrade. Never from a header.
    pub origin: &'a str,
    /// Path and query, byte for byte as they came.
    pub target: &'a str,
    /// "application/x-www-form-urlencoded", lower case, without parameters; empty when there was none.
    pub content_type: &'a str,
    /// The value of the vendor's signature header ([`Telephony::signature_header`]).
    pub signature: Option<&'a str>,
    pub body: &'a [u8],
}

/// Not from the vendor. Says nothing more, since only a forger would read it.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("the signature does not fit")]
pub struct Forged;

/// Genuine, but not a request we can act on.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub struct BadRequest(pub &'static str);

/// A call that rings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ringing {
    /// The vendor's id of the call, checked for its form, safe in a path.
    pub call: String,
    /// Nothing when withheld or not a number.
    pub from: Option<PhoneNumber>,
    pub to: Option<PhoneNumber>,
}

/// The vendor says that a connection is over and asks what next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionOver {
    pub call: String,
    /// The vendor's id of the connection.
    pub session: Option<String>,
    /// It broke, rather than being ended by us or the caller: the call is still there and waits.
    pub broken: bool,
    /// What we said when we ended it, if we did.
    pub handoff: Option<String>,
}

/// The vendor says how a call stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallStatus {
    pub call: String,
    /// It is over, for good.
    pub over: bool,
}

/// The vendor says what became of a text message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub message: String,
    /// "queued", "sent", "delivered", "undelivered", "failed".
    pub status: &'static str,
}

/// What the vendor is told to do with a call.
#[derive(Clone, Debug)]
pub enum Answer<'a> {
    /// Connect it to our socket. `greeting` is spoken by the vendor at once; nothing on a resumed call.
    Connect {
        business: &'a Business,
        socket: String,
        action: String,
        greeting: Option<String>,
    },
    /// Put it through to a number of the business.
    PutThrough {
        number: &'a PhoneNumber,
        language: &'a str,
    },
    /// Say one sentence and hang up.
    SayAndHangUp {
        text: &'a str,
        language: &'a str,
    },
    HangUp,
}

/// An answer's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub content_type: &'static str,
    pub body: String,
}

/// What a socket's first message has to say, or it is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    pub call: String,
    /// Our account at the vendor, when it says one.
    pub account: Option<String>,
    /// The business's country, to read the caller's number with.
    pub country: String,
}

/// Where the vendor reaches this server about one business.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// For a number that is this business's alone.
    pub calls: String,
    /// For every number of the account: the business is found by the number that was called.
    pub calls_by_number: String,
    /// Where the vendor tells that a call is over.
    pub call_status: String,
}

/// One step of setting a number up at the vendor, for an owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupStep {
    pub title: &'static str,
    pub text: String,
    /// What is to be pasted there: the field's name at the vendor, and its value.
    pub paste: Vec<(&'static str, String)>,
}

/// How the vendor can sound and hear, for an owner to choose from.
#[derive(Clone, Copy, Debug)]
pub struct Speech {
    /// Who speaks, as the vendor's settings name them; the first is what is used when nothing is chosen.
    pub speakers: &'static [&'static str],
    /// Who listens.
    pub listeners: &'static [&'static str],
    /// Examples of names of voices.
    pub voices: &'static [&'static str],
    /// Where all voices are listed.
    pub more: &'static str,
}

pub trait Telephony: Send + Sync {
    /// "twilio".
    fn name(&self) -> &'static str;

    /// "Twilio", for pages.
    fn label(&self) -> &'static str;

    /// What an owner does at the vendor, in order, so that calls arrive here.
    fn setup(&self, addresses: &Addresses) -> Vec<SetupStep>;

    /// What is usually wrong when the vendor's requests are not believed, for whoever runs the server.
    fn when_refused(&self) -> &'static str;

    fn speech(&self) -> Speech;

    /// Our account at the vendor, for [`Expected`].
    fn account(&self) -> Option<&str>;

    /// Lower case: "x-twilio-signature".
    fn signature_header(&self) -> &'static str;

    /// Whether the vendor made this request, a webhook or an upgrade. Called before anything is parsed.
    fn verify(&self, request: &Request<'_>) -> Result<(), Forged>;

    fn ringing(&self, body: &[u8]) -> Result<Ringing, BadRequest>;

    fn connection_over(&self, body: &[u8]) -> Result<ConnectionOver, BadRequest>;

    fn call_status(&self, body: &[u8]) -> Result<CallStatus, BadRequest>;

    fn delivery(&self, body: &[u8]) -> Result<Delivery, BadRequest>;

    fn answer(&self, answer: &Answer<'_>) -> Reply;

    /// Whether this could be one of the vendor's call ids; checked before one is used in a path or a query.
    fn is_call_id(&self, text: &str) -> bool;

    fn codec(&self, expected: Expected) -> Box<dyn LineCodec>;
}
