//! Accounts that are opened to us.

use sha2::{Digest as _, Sha256};

use super::{Opener, memory::Token};
use crate::{
    domain::{
        connection::Account,
        ids::{BusinessId, ConnectionId, StaffId},
        secret::Secret,
    },
    ports::consent::Tokens,
    store::{
        audit::Deed,
        connections::{Kept, NewConnection, VaultError},
    },
};

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
