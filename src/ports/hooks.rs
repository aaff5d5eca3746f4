//! Where vendors report that something has changed in a connected account, and to whom that is handed over. What has
//! changed is found out later: whoever reports waits for an answer, and does not get one that took a request of our own.

use async_trait::async_trait;
use thiserror::Error;

use super::calendar::SeenVisit;
use crate::domain::{
    ids::{BusinessId, ConnectionId},
    secret::Secret,
};

/// A hook that was made for a connection.
#[derive(Clone, Debug)]
pub struct Hooked {
    pub business: BusinessId,
    pub connection: ConnectionId,
    /// Its own id, a part of its address.
    pub hook: String,
    /// As in `ai_config`: who can read its reports.
    pub provider: String,
    /// What makes a report believable.
    pub secret: Secret,
}

/// What a believable report says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Nothing but that reports arrive.
    Nothing,
    /// Something; a listing tells what.
    Changed,
    /// This booking was made, moved or cancelled there.
    Visit(SeenVisit),
    /// There will be no more reports.
    Lost,
}

/// Nothing is known to have been written down: the vendor may report it again.
#[derive(Debug, Error)]
#[error("it could not be written down")]
pub struct NotTaken(#[source] pub anyhow::Error);

#[async_trait]
pub trait Hooks: Send + Sync {
    /// The hook of an address. It is there before the vendor is told of it, since some vendors ask at once whether the address
    /// is ours. Nothing: there is none, or not any more.
    ///
    /// # Errors
    /// When that cannot be looked up now.
    async fn hooked(&self, connection: ConnectionId, hook: &str) -> Result<Option<Hooked>, NotTaken>;

    /// Takes news over: returns when it is written down, and whoever sees to it has been woken. The same news twice is fine.
    ///
    /// # Errors
    /// When it could not be written down.
    async fn heard(&self, hooked: &Hooked, news: News) -> Result<(), NotTaken>;
}

/// Of a server that has told nobody where to report.
pub struct NoHooks;

#[async_trait]
impl Hooks for NoHooks {
    async fn hooked(&self, _: ConnectionId, _: &str) -> Result<Option<Hooked>, NotTaken> {
        Ok(None)
    }

    async fn heard(&self, _: &Hooked, _: News) -> Result<(), NotTaken> {
        Ok(())
    }
}
