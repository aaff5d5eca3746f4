//! Twilio Programmable Voice with ConversationRelay: Twilio hears and speaks, we answer in text.

mod setup;
mod signature;
mod twiml;
mod wire;

pub use signature::sign;

use super::relay::RelayCodec;
use crate::{
    config::Secret,
    ports::{
        line::LineCodec,
        telephony::{
            Addresses, Answer, BadRequest, CallStatus, ConnectionOver, Delivery, Expected, Forged, Reply, Request,
            Ringing, SetupStep, Speech, Telephony,
        },
    },
};

/// One Twilio account.
#[derive(Debug)]
pub struct Twilio {
    account_sid: String,
    auth_token: Secret,
}

impl Twilio {
    /// `auth_token` is the account's primary one; a secondary token signs nothing until it is promoted.
    pub fn new(account_sid: String, auth_token: Secret) -> Self {
        Self { account_sid, auth_token }
    }
}

impl Telephony for Twilio {
    fn name(&self) -> &'static str {
        "twilio"
    }

    fn label(&self) -> &'static str {
        "Twilio"
    }

    fn setup(&self, addresses: &Addresses) -> Vec<SetupStep> {
        setup::steps(addresses)
    }

    fn when_refused(&self) -> &'static str {
        setup::WHEN_REFUSED
    }

    fn speech(&self) -> Speech {
        setup::SPEECH
    }

    fn account(&self) -> Option<&str> {
        Some(&self.account_sid)
    }

    fn signature_header(&self) -> &'static str {
        "x-twilio-signature"
    }

    fn verify(&self, request: &Request<'_>) -> Result<(), Forged> {
        signature::verify(self.auth_token.expose(), request)
    }

    fn ringing(&self, body: &[u8]) -> Result<Ringing, BadRequest> {
        wire::ringing(body)
    }

    fn connection_over(&self, body: &[u8]) -> Result<ConnectionOver, BadRequest> {
        wire::connection_over(body)
    }

    fn call_status(&self, body: &[u8]) -> Result<CallStatus, BadRequest> {
        wire::call_status(body)
    }

    fn delivery(&self, body: &[u8]) -> Result<Delivery, BadRequest> {
        wire::delivery(body)
    }

    fn answer(&self, answer: &Answer<'_>) -> Reply {
        Reply { content_type: "text/xml", body: twiml::twiml(answer) }
    }

    fn is_call_id(&self, text: &str) -> bool {
        wire::is_sid(text, &["CA"])
    }

    fn codec(&self, expected: Expected) -> Box<dyn LineCodec> {
        Box::new(RelayCodec::new(expected))
    }
}

#[cfg(test)]
mod tests;
