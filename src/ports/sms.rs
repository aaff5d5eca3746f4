//! Text messages.

use async_trait::async_trait;
use jiff::Timestamp;
use thiserror::Error;

use crate::domain::phone::PhoneNumber;

/// The vendor's id of a message it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentId(pub String);

#[derive(Debug, Error)]
pub enum SmsError {
    /// It will never be delivered there (not a mobile, unsubscribed, blocked): do not try again, tell the owner.
    #[error("the message was refused: {0}")]
    Refused(&'static str),
    /// Not taken, for certain: try again later.
    #[error("the message was not taken")]
    NotTaken(#[source] anyhow::Error),
    /// Sent, but the answer was lost: look for it before sending again.
    #[error("it is not known whether the message was taken")]
    Unknown(#[source] anyhow::Error),
}

#[async_trait]
pub trait Sms: Send + Sync {
    fn name(&self) -> &'static str;

    /// `key` names this message for ever: a vendor that knows idempotency keys gets it.
    async fn send(&self, to: &PhoneNumber, body: &str, key: &str) -> Result<SentId, SmsError>;

    /// Whether this very text was taken since then; asked after a crash, before sending again.
    async fn find(&self, to: &PhoneNumber, body: &str, since: Timestamp) -> Result<Option<SentId>, SmsError>;
}
