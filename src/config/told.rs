//! What the pages tell an owner about how this server was set up, in the names that its operator knows. No secret is told.

use super::{Config, TwilioSender, settings as s};

/// A setting that is missing for something, and what to give it.
pub(super) type Missing = (&'static str, &'static str);

impl Config {
    /// What its operator sets so that telephone calls arrive, when none can.
    pub fn missing_for_calls(&self) -> Vec<Missing> {
        let mut missing = Vec::new();
        if self.twilio.is_none() {
            missing.push((s::ACCOUNT_SID, "the account’s SID, from the Twilio Console’s first page"));
            missing.push((s::AUTH_TOKEN, "the account’s primary auth token, from the same place"));
        }
        if self.origin.is_loopback() {
            missing.push((s::PUBLIC_ORIGIN, "the https address the outside world reaches this server at"));
        }
        missing
    }

    /// What text messages come from: a number, or a service of the vendor's. Nothing: none can be sent.
    pub fn text_sender(&self) -> Option<String> {
        Some(match self.twilio.as_ref()?.sender.as_ref()? {
            TwilioSender::From(number) => number.to_string(),
            TwilioSender::MessagingService(service) => {
                format!("the Twilio messaging service that ends in {}", &service[service.len().saturating_sub(4)..])
            }
        })
    }

    /// What its operator sets so that text messages are sent.
    pub fn missing_for_texts(&self) -> Vec<Missing> {
        let mut missing = self.missing_for_calls();
        missing.retain(|(setting, _)| *setting != s::PUBLIC_ORIGIN);
        if self.text_sender().is_none() {
            missing.push((s::FROM, "a number of that account that can send text messages, such as +12125550142"));
        }
        missing
    }

    /// What its operator sets so that letters are sent by e-mail.
    pub fn missing_for_email(&self) -> Vec<Missing> {
        vec![
            (s::SMTP_URL, "the mail server, such as smtps://user:password@mail.example.com"),
            (s::EMAIL_FROM, "who the letters are from, such as Deskbell <bell@example.com>"),
        ]
    }
}
