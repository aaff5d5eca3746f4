//! The team, API keys, the audit log, and the data: export, erasure, retention.

mod audit;
mod data;
mod invitations;
mod keys;
mod letters;
mod members;
mod words;

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::{doors::Doors, fault::Fault};

pub(super) fn doors(doors: Doors) -> Doors {
    doors.with(members::doors).with(invitations::doors).with(keys::doors).with(audit::doors).with(data::doors)
}

/// Ids out of the path. What cannot be one is not found.
struct Ids<T>(T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Ids<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let found = Path::<T>::from_request_parts(parts, state).await;
        found.map(|Path(ids)| Self(ids)).map_err(|_| Fault::NotFound)
    }
}
