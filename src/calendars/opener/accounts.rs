//! Accounts that are opened to us, and given back.

use std::time::Duration;

use futures_util::future::{join_all, try_join_all};
use sha2::{Digest as _, Sha256};
use tokio::time::timeout;
use tracing::info;

use super::{Opener, memory::Token};
use crate::{
    domain::{
        connection::{Account, Connection},
        ids::{BusinessId, ConnectionId, StaffId},
        secret::Secret,
    },
    ports::{
        calendar::{Access, Watch},
        consent::Tokens,
        vendors::Door,
    },
    store::{
        audit::Deed,
        connections::{Kept, NewConnection, VaultError},
    },
};

/// How long giving access back may take: the owner waits for it.
const GIVING_BACK: Duration = Duration::from_secs(3);

/// An account that an owner has opened.
#[derive(Clone, Debug)]
pub struct Opened {
    pub business: BusinessId,
    pub provider: String,
    pub staff: Option<StaffId>,
    pub account: Account,
    pub with: With,
    /// The connection that was to be connected again.
    pub renews: Option<ConnectionId>,
}

/// A connection that is to end, with what it takes to give it back when nothing of it is left here.
#[derive(Debug)]
pub struct Parting {
    connection: Connection,
    watches: Vec<Watch>,
    access: Option<Access>,
    credential: Option<Secret>,
}

/// What opens it.
#[derive(Clone, Debug)]
pub enum With {
    /// A consent page's. Without a refresh token they open nothing for long, and are not kept.
    Tokens(Tokens),
    Key(Secret),
}

impl Opener {
    /// Keeps an account that was opened, sealed. Nothing: there is no refresh token to keep.
    ///
    /// # Errors
    /// When it could not be sealed or written; then nothing is kept.
    pub async fn keep(&self, opened: Opened, deed: &Deed) -> Result<Option<Kept>, VaultError> {
        let (now, id) = (self.0.clock.now(), id_of(&opened));
        let (credential, token) = match opened.with {
            With::Key(key) => (key, None),
            With::Tokens(Tokens { access, good_for, refresh }) => {
                let Some(refresh) = refresh else { return Ok(None) };
                (refresh, Some((access, good_for)))
            }
        };
        let new = NewConnection {
            id,
            business: opened.business,
            provider: opened.provider,
            staff: opened.staff,
            account: opened.account,
            credential,
            expires: token.as_ref().and_then(|(_, good_for)| now.saturating_add(*good_for).ok()),
            renews: opened.renews,
        };
        let kept = self.0.vault.keep(&new, deed).await?;
        if let Kept::New(connection) | Kept::Renewed(connection) = &kept {
            self.0.memory.forget(connection.id);
            // What the old access was told of may have ended with it.
            if matches!(kept, Kept::Renewed(_)) {
                self.0.vault.store().hooks_are_lost(connection.id, now).await?;
            }
            if let Some((access, good_for)) = token {
                self.0.memory.put(connection.id, Token::good_for(access, now, good_for));
            }
        }
        Ok(Some(kept))
    }

    /// Ends a connection: what opens it is erased, then the access is given back, as well as it goes. Bookings stay. False:
    /// it was ended already.
    ///
    /// # Errors
    /// When the database does not answer; then nothing has changed.
    pub async fn disconnect(&self, connection: &Connection, deed: &Deed) -> Result<bool, VaultError> {
        let parting = self.parting(connection.clone()).await?;
        let ended = self.0.vault.store().disconnect(connection.business, connection.id, deed).await?;
        if ended {
            self.part(parting).await;
        }
        Ok(ended)
    }

    /// What it takes to give back all that a business has connected, read before the business is erased.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn partings(&self, business: BusinessId) -> Result<Vec<Parting>, VaultError> {
        let connections = self.0.vault.store().connections(business).await?;
        try_join_all(connections.into_iter().map(|connection| self.parting(connection))).await
    }

    /// Gives it all back, as well as it goes.
    pub async fn part_from(&self, partings: Vec<Parting>) {
        join_all(partings.into_iter().map(|parting| self.part(parting))).await;
    }

    /// One that does not open cannot be given back, and is ended all the same.
    async fn parting(&self, connection: Connection) -> Result<Parting, VaultError> {
        let (business, id) = (connection.business, connection.id);
        let watches = self.0.vault.store().watches_of(id).await?;
        let access = if watches.is_empty() || !connection.is_active() {
            None
        } else {
            timeout(GIVING_BACK, self.token(&connection, None)).await.ok().and_then(Result::ok)
        };
        // Afterwards, since getting a token may have replaced it.
        let credential = match self.0.vault.credential(business, id).await {
            Err(VaultError::Store(error)) => return Err(error.into()),
            opened => opened.ok().flatten(),
        };
        let access = access.map(|secret| Access { secret, account: connection.account.clone() });
        Ok(Parting { connection, watches, access, credential })
    }

    async fn part(&self, parting: Parting) {
        let Parting { connection, watches, access, credential } = parting;
        self.0.memory.forget(connection.id);
        let vendor = self.0.vendors.named(&connection.provider);
        if let (Some(vendor), Some(access)) = (vendor, access) {
            let ending = join_all(watches.iter().map(|watch| vendor.unwatch(&access, watch)));
            // A vendor whose watch was not ended reports for some days to an address that is not there any more.
            match timeout(GIVING_BACK, ending).await {
                Ok(ended) => ended.into_iter().filter_map(Result::err).for_each(|trouble| {
                    info!(connection.id = %connection.id, "a watch could not be ended: {trouble}");
                }),
                Err(_) => info!(connection.id = %connection.id, "watches could not be ended in time"),
            }
        }
        if let Some(credential) = credential {
            self.give_back(&connection.provider, &connection.account.subject, connection.business, &credential).await;
        }
    }

    /// Gives access back at the vendor, unless another business uses the same account: some vendors end everybody's.
    pub async fn give_back(&self, provider: &str, subject: &str, business: BusinessId, refresh: &Secret) {
        let Some(Door::Consent(consent)) = self.0.vendors.named(provider).map(|vendor| &vendor.door) else { return };
        // Rather left open at the vendor than closed for somebody else.
        if self.0.vault.store().is_connected_elsewhere(provider, subject, business).await.unwrap_or(true) {
            return;
        }
        match timeout(GIVING_BACK, consent.revoke(refresh)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => info!(%error, "access could not be given back: {error}"),
            Err(_) => info!("access could not be given back in time"),
        }
    }
}

/// The same whenever a business connects the same account: what stood there for its bookings still does, and is known.
fn id_of(opened: &Opened) -> ConnectionId {
    let mut hash = Sha256::new();
    hash.update(opened.business.0);
    // Length first, so that no two names run into each other.
    hash.update(opened.provider.len().to_be_bytes());
    hash.update(&opened.provider);
    hash.update(&opened.account.subject);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    ConnectionId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
