//! Answers of the API under their Idempotency-Key, for 24 hours, so that a request sent twice acts once.

use jiff::Timestamp;

use super::{Store, StoreError};

/// What an Idempotency-Key has been used for.
#[derive(Debug, PartialEq, Eq)]
pub enum Begun {
    /// Never, or its first attempt died more than a minute ago: go on, then call `finish_request`.
    Fresh,
    /// The same request was answered with this.
    Replay { status: u16, body: String },
    /// The same request is being worked on.
    InFlight,
    /// A different request used this key.
    Mismatch,
}

impl Store {
    /// `hash` is of method, path and body.
    pub async fn begin_request(&self, key: &str, hash: &str, now: Timestamp) -> Result<Begun, StoreError> {
        let _ = (key, hash, now);
        todo!()
    }

    pub async fn finish_request(&self, key: &str, status: u16, body: &str) -> Result<(), StoreError> {
        let _ = (key, status, body);
        todo!()
    }

    /// The request failed before it did anything: the key may be used again.
    pub async fn forget_request(&self, key: &str) -> Result<(), StoreError> {
        let _ = key;
        todo!()
    }
}
