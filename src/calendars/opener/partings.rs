//! Giving access back: its vendor is to report nothing more, and what opens the account is to open nothing any more.
//!
//! That it is to be given back is written down where the account is taken away (`store/connections/partings.rs`). It is done
//! at once, and when that fails or the process dies, by whoever comes by, for a day.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::SignedDuration;
use tokio::time::timeout;
use tracing::{debug, info, warn};

use super::Opener;
use crate::{
    domain::{connection::Connection, ids::BusinessId, secret::Secret},
    ports::{
        calendar::Access,
        consent::{Consent, ConsentError, Tokens},
        vendors::{Door, Vendor},
    },
    secrets::SecretsError,
    store::{
        StoreError,
        audit::Deed,
        connections::{Parting, VaultError},
    },
};

/// How long each of its steps may take: the owner waits for them.
const GIVING_BACK: Duration = Duration::from_secs(3);
/// So many are given back at once.
const ROUND: u32 = 50;
/// For so long one is left to whoever has begun with it.
const OURS: SignedDuration = SignedDuration::from_mins(1);
/// When one is tried again: later and later, up to this.
const LATEST: SignedDuration = SignedDuration::from_hours(1);

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Given {
    Back,
    NotYet,
    /// It opens nowhere, and never will.
    Lost,
}

impl Opener {
    /// Ends a connection: what opens it is erased, and the access is given back, as well as it goes. Bookings stay. False: it
    /// was ended already.
    ///
    /// # Errors
    /// When the database does not answer; then nothing has changed.
    pub async fn disconnect(&self, connection: &Connection, deed: &Deed) -> Result<bool, StoreError> {
        self.warm(connection).await;
        let ended = self.0.vault.store().disconnect(connection.business, connection.id, deed).await?;
        if ended {
            self.part(Some(connection.business)).await;
        }
        Ok(ended)
    }

    /// Before all that a business has connected is taken away, as well as it goes.
    pub async fn before_erasing(&self, business: BusinessId) {
        let connections = self.0.vault.store().connections(business).await.unwrap_or_default();
        join_all(connections.iter().map(|connection| self.warm(connection))).await;
    }

    /// Gives back what is due, of one business or of all.
    pub async fn part(&self, business: Option<BusinessId>) {
        let (store, now) = (self.0.vault.store(), self.0.clock.now());
        match store.due_partings(business, now, now + OURS, ROUND).await {
            Ok(due) => {
                join_all(due.iter().map(|parting| self.part_from(parting))).await;
            }
            Err(error) => warn!(%error, "access is given back later: {error}"),
        }
        match store.give_partings_up(now).await {
            Ok(given_up) => given_up.iter().for_each(|one| {
                warn!(
                    connection.id = %one.connection, provider = %one.provider,
                    "access of connection {} was not given back within a day; what opened it is erased here", one.connection
                );
            }),
            Err(error) => warn!(%error, "what opens accounts that were left is erased later: {error}"),
        }
    }

    /// Ending watches takes an access token. One that somebody is getting is waited for: it may use up what opens the account.
    async fn warm(&self, connection: &Connection) {
        let watched = self.0.vault.store().watches_of(connection.id).await.is_ok_and(|watches| !watches.is_empty());
        if watched && connection.is_active() && timeout(GIVING_BACK, self.token(connection, None)).await.is_err() {
            debug!(connection.id = %connection.id, "connection {} gave no token in time", connection.id);
        }
    }

    async fn part_from(&self, parting: &Parting) {
        let (store, id) = (self.0.vault.store(), parting.connection);
        let given = self.given(parting).await;
        self.0.memory.forget(id);
        let done = match given {
            Given::Back => store.parted(parting).await,
            Given::Lost => {
                warn!(connection.id = %id, "what opens connection {id} does not open, so its access is not given back");
                store.parted(parting).await
            }
            Given::NotYet => {
                let pause = SignedDuration::from_mins(1 << parting.tries.clamp(0, 6)).min(LATEST);
                store.part_later(parting, self.0.clock.now() + pause).await
            }
        };
        // It is due again in a minute.
        if let Err(error) = done {
            warn!(%error, connection.id = %id, "what came of giving connection {id} back was not written down: {error}");
        }
    }

    async fn given(&self, parting: &Parting) -> Given {
        let Some(vendor) = self.0.vendors.named(&parting.provider) else { return Given::NotYet };
        let credential = match self.0.vault.credential_of(parting) {
            Ok(credential) => credential,
            Err(VaultError::Secrets(SecretsError::Refused)) => return Given::Lost,
            Err(_) => return Given::NotYet,
        };
        match &vendor.door {
            Door::Consent(consent) => self.consent_given_back(vendor, consent.as_ref(), parting, credential).await,
            Door::Key(_) if self.unwatched(vendor, parting, &credential).await => Given::Back,
            Door::Key(_) | Door::Closed(_) => Given::NotYet,
        }
    }

    async fn consent_given_back(
        &self,
        vendor: &Vendor,
        consent: &dyn Consent,
        parting: &Parting,
        credential: Secret,
    ) -> Given {
        let (mut credential, mut unwatched) = (credential, parting.watches.is_empty());
        if !unwatched {
            let known = self.0.memory.look(parting.connection, None, self.0.clock.now()).map(|token| token.secret);
            let access = match known {
                Some(access) => Some(access),
                None => match timeout(GIVING_BACK, consent.refresh(&credential)).await {
                    Ok(Ok(Tokens { access, refresh, .. })) => {
                        if let Some(refresh) = refresh {
                            // Written down before it is used, as always.
                            if self.0.vault.renew_parting(parting, &refresh).await.is_err() {
                                return Given::NotYet;
                            }
                            credential = refresh;
                        }
                        Some(access)
                    }
                    // It opens nothing any more, and what watched for it has ended with it.
                    Ok(Err(ConsentError::Refused)) => return Given::Back,
                    _ => None,
                },
            };
            if let Some(access) = access {
                unwatched = self.unwatched(vendor, parting, &access).await;
            }
        }
        let revoked = self.give_back(&parting.provider, &parting.account.subject, &credential).await;
        if unwatched && revoked { Given::Back } else { Given::NotYet }
    }

    /// Whether nothing is reported any more. A vendor whose watch was not ended reports for some days to an address that is
    /// not there.
    async fn unwatched(&self, vendor: &Vendor, parting: &Parting, access: &Secret) -> bool {
        let access = Access { secret: access.clone(), account: parting.account.clone() };
        let ending = join_all(parting.watches.iter().map(|watch| vendor.unwatch(&access, watch)));
        let Ok(ended) = timeout(GIVING_BACK, ending).await else {
            info!(connection.id = %parting.connection, "watches could not be ended in time");
            return false;
        };
        let troubles: Vec<_> = ended.into_iter().filter_map(Result::err).collect();
        for trouble in &troubles {
            info!(connection.id = %parting.connection, "a watch could not be ended: {trouble}");
        }
        troubles.is_empty()
    }

    /// Gives access back at the vendor, unless somebody here has the same account connected: some vendors end everybody's.
    /// False: it may be open still.
    pub async fn give_back(&self, provider: &str, subject: &str, refresh: &Secret) -> bool {
        let Some(Door::Consent(consent)) = self.0.vendors.named(provider).map(|vendor| &vendor.door) else {
            return false;
        };
        match self.0.vault.store().is_connected(provider, subject).await {
            Ok(false) => {}
            Ok(true) => return true,
            // Rather left open at the vendor than closed for somebody else.
            Err(_) => return false,
        }
        match timeout(GIVING_BACK, consent.revoke(refresh)).await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => info!(%error, "access could not be given back: {error}"),
            Err(_) => info!("access could not be given back in time"),
        }
        false
    }
}
