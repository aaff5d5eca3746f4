//! The text phone: a ConversationRelay client that does to a server what Twilio would do.
//!
//! It rings with a signed webhook, reads the TwiML it is answered, opens the WebSocket with a signature, and asks the
//! `<Connect action>` what next when the socket is over, dropped or ended. Nothing in it reaches into the server, so a
//! conversation that works here works on a telephone.

mod aftermath;
mod call;
mod carrier;
pub mod script;
pub mod terminal;
mod twiml;

use std::time::Duration;

pub use aftermath::{Aftermath, Api, outcome, show_aftermath};
pub use call::{LiveCall, PhoneEvent};
pub use carrier::sid;
use carrier::{ANSWER_TIME, Carrier};
use thiserror::Error;
pub use twiml::{Instruction, read as read_twiml};

use crate::{adapters::http, config::Secret, ports::line::Handoff};

/// Which server is rung, and who rings.
#[derive(Clone, Debug)]
pub struct PhoneOptions {
    /// Where the server listens: `http://127.0.0.1:8080`.
    pub url: String,
    /// What the server believes its public origin is, which signatures are made over; nothing: `url`.
    pub origin: Option<String>,
    /// The business's id, as it stands in the webhook's path.
    pub business: String,
    /// The caller's number, "+14155550100", or "anonymous".
    pub from: String,
    /// The number that was dialled, when it matters.
    pub to: Option<String>,
    pub account_sid: String,
    pub auth_token: Secret,
    /// How long a server that went away in mid-call is rung again before the call is given up.
    pub patience: Duration,
}

impl PhoneOptions {
    /// A caller with an ordinary number and some patience.
    pub fn new(url: &str, business: &str, account_sid: &str, auth_token: Secret) -> Self {
        Self {
            url: url.trim_end_matches('/').to_owned(),
            origin: None,
            business: business.to_owned(),
            from: "+14155550100".to_owned(),
            to: None,
            account_sid: account_sid.to_owned(),
            auth_token,
            patience: Duration::from_secs(15),
        }
    }
}

/// Why a call came to nothing, as a sentence for whoever holds the phone.
#[derive(Debug, Error)]
pub enum PhoneError {
    #[error("nobody answers at {0}: is the server running there?")]
    Unreachable(String),
    #[error("{what} was answered with {status}{}", hint(*.status))]
    Refused { what: &'static str, status: u16 },
    #[error("the answer is not TwiML that a phone can follow: {0}")]
    NotTwiml(String),
    #[error("the call was dropped and taken up again too often")]
    DroppedTooOften,
    #[error("the phone cannot be used: {0}")]
    Unusable(String),
    #[error("the call is over")]
    Over,
}

fn hint(status: u16) -> &'static str {
    match status {
        403 => {
            ": the signature does not fit. The auth token must be the server's TWILIO_AUTH_TOKEN and the origin its \
             DESKBELL_PUBLIC_ORIGIN"
        }
        404 => ": no such business, or calls by telephone are not set up",
        503 => ": the server is full or stopping",
        _ => "",
    }
}

/// How a call went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallSummary {
    /// The vendor's id of the call.
    pub call: String,
    /// What the server said when it ended the call, if it did.
    pub handoff: Option<Handoff>,
    /// How often the line was dropped and taken up again.
    pub drops: u32,
}

impl CallSummary {
    /// Whether the server said that a booking was made.
    pub fn booked(&self) -> bool {
        self.handoff.as_ref().is_some_and(|handoff| handoff.outcome == "booked")
    }
}

/// A telephone that writes instead of speaking.
#[derive(Debug)]
pub struct Phone {
    options: PhoneOptions,
    http: reqwest::Client,
}

impl Phone {
    /// # Errors
    /// When no HTTP client can be made (no usable TLS roots on this machine).
    pub fn new(options: PhoneOptions) -> Result<Self, PhoneError> {
        let http = http::client(ANSWER_TIME).map_err(|error| PhoneError::Unusable(error.to_string()))?;
        Ok(Self { options, http })
    }

    pub fn options(&self) -> &PhoneOptions {
        &self.options
    }

    /// Rings. The call is answered when this returns, and goes on until [`LiveCall::next`] says nothing more.
    ///
    /// # Errors
    /// When nobody answers or the server refuses.
    pub async fn dial(&self) -> Result<LiveCall, PhoneError> {
        let carrier = Carrier::new(self.http.clone(), self.options.clone());
        let instructions = carrier.ring().await?;
        Ok(LiveCall::start(carrier, instructions))
    }
}

#[cfg(test)]
mod tests;
