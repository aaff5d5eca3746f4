//! What vendors report: who it is about, and what makes it believable.

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::Follower;
use crate::{
    domain::{ids::ConnectionId, secret::Secret},
    ports::hooks::{Hooked, Hooks, News, NotTaken},
    store::StoreError,
};

/// A hook's secret is made of its names, so that none is stored.
pub(super) fn secret_of(key: &[u8; 32], connection: ConnectionId, hook: &str) -> Secret {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Secret::new(String::new()) };
    mac.update(b"calendar hook\0");
    mac.update(connection.0.as_bytes());
    mac.update(hook.as_bytes());
    Secret::new(URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// The hooks that were told to vendors.
pub struct VendorHooks(Follower);

impl VendorHooks {
    pub fn new(follower: Follower) -> Self {
        Self(follower)
    }
}

fn not_taken(error: StoreError) -> NotTaken {
    NotTaken(error.into())
}

#[async_trait]
impl Hooks for VendorHooks {
    async fn hooked(&self, connection: ConnectionId, hook: &str) -> Result<Option<Hooked>, NotTaken> {
        let Follower { store, key, .. } = &self.0;
        let Some(known) = store.hook(connection, hook).await.map_err(not_taken)? else { return Ok(None) };
        let Some(found) = store.connection(known.business, connection).await.map_err(not_taken)? else {
            return Ok(None);
        };
        Ok(Some(Hooked {
            business: known.business,
            connection,
            hook: known.id,
            provider: found.provider,
            secret: secret_of(key, connection, hook),
        }))
    }

    /// What exactly has changed is not believed: it is read at the vendor's, at once.
    async fn heard(&self, hooked: &Hooked, news: News) -> Result<(), NotTaken> {
        let Follower { store, clock, forget, lanes, .. } = &self.0;
        let now = clock.now();
        store.hook_is_heard(&hooked.hook, now).await.map_err(not_taken)?;
        if news == News::Nothing {
            return Ok(());
        }
        forget(hooked.connection);
        if news == News::Lost {
            store.hooks_are_lost(hooked.connection, now).await.map_err(not_taken)?;
            lanes.hooks.ring();
        }
        store.want_following(hooked.connection, now).await.map_err(not_taken)?;
        lanes.reading.ring();
        Ok(())
    }
}
