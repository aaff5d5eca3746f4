//! Accounts that are opened to us, and given back.

use std::time::Duration;

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
    ports::{consent::Tokens, vendors::Door},
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
        let (business, id) = (connection.business, connection.id);
        // One that does not open cannot be given back, and is ended all the same.
        let credential = match self.0.vault.credential(business, id).await {
            Err(VaultError::Store(error)) => return Err(error.into()),
            opened => opened.ok().flatten(),
        };
        let ended = self.0.vault.store().disconnect(business, id, deed).await?;
        self.0.memory.forget(id);
        if let Some(credential) = credential.filter(|_| ended) {
            self.give_back(&connection.provider, &connection.account.subject, business, &credential).await;
        }
        Ok(ended)
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
