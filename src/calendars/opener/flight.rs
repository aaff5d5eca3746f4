//! Getting a new access token for a refresh token that may be good only once.
//!
//! One process at a time does it, by a lease (`store/connections/lease.rs`). That it asks is written down before it asks,
//! and what it gets before it is used. Whoever finds that somebody asked and nothing came of it tries once: when the vendor
//! then refuses the token, the new one was lost, and only the owner can help.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, sleep, timeout};
use tracing::{info, warn};

use super::{
    Inner,
    memory::{Outcome, Token, Unwritten},
    unopened,
};
use crate::{
    domain::connection::{Connection, Why},
    ports::consent::{Consent, ConsentError, Tokens},
    store::connections::{Fresh, Lease, Leased, VaultError},
};

/// How long the vendor may take. An adapter has a limit of its own, which is shorter.
const ANSWER: Duration = Duration::from_secs(12);
/// How long a lease holds: the answer, writing it down, and clocks that differ.
const LEASE: SignedDuration = SignedDuration::from_secs(45);
/// How long it is tried to write down what was got, before it is left for the next question.
const WRITING: Duration = Duration::from_secs(10);
/// How long another process's lease is waited for, and how often it is looked at.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(100);
/// After an answer that was lost, nobody asks for a while.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);

impl Inner {
    pub(super) async fn refreshed(&self, connection: &Connection, consent: &dyn Consent) -> Outcome {
        if let Some(outcome) = self.write_late(connection).await {
            return outcome;
        }
        let at = (connection.business, connection.id);
        let give_up = Instant::now() + PATIENCE;
        loop {
            let now = self.clock.now();
            match self.vault.lease(at, now, now + LEASE).await {
                Ok(Lease::Taken(leased)) => return self.asked(connection, consent, leased).await,
                // A database that does not answer may only be busy for a moment.
                Ok(Lease::Held) | Err(VaultError::Store(_)) if Instant::now() < give_up => sleep(LOOK).await,
                Ok(Lease::Held) => return Outcome::Unavailable("another process is getting a token"),
                Ok(Lease::Reconnect(why)) => return Outcome::Reconnect(why),
                Ok(Lease::Missing) => return Outcome::Gone,
                Err(error) => return unopened(connection, &error),
            }
        }
    }

    /// With the lease in hand.
    async fn asked(&self, connection: &Connection, consent: &dyn Consent, leased: Leased) -> Outcome {
        let Leased { fence, credential, begun } = leased;
        let answer = timeout(ANSWER, consent.refresh(&credential)).await;
        let now = self.clock.now();
        match answer {
            Ok(Ok(tokens)) => self.write(connection, Unwritten { fence, tokens, got: now }).await,
            Ok(Err(ConsentError::Refused)) => {
                let why = if begun.is_some() { Why::TokenLost } else { Why::Revoked };
                self.ended(connection, fence, why).await
            }
            Ok(Err(ConsentError::Incomplete(_))) => self.ended(connection, fence, Why::NotAllowed).await,
            // Unusable: what is wrong is ours (the client's secret, an address), and the refresh token was not looked at.
            Ok(Err(error @ (ConsentError::Unavailable(_) | ConsentError::Unusable(_)))) => {
                info!(%error, connection.id = %connection.id, "no token for connection {}: {error}", connection.id);
                self.give_back(connection, fence, begun, None).await;
                Outcome::Unavailable("its vendor gives no token")
            }
            Ok(Err(ConsentError::Unknown(_))) | Err(_) => {
                warn!(
                    connection.id = %connection.id,
                    "the answer with a token for connection {} was lost; it is asked for once more later", connection.id
                );
                self.give_back(connection, fence, begun.or(Some(now)), Some(now + PAUSE)).await;
                Outcome::Unavailable("its vendor's answer was lost")
            }
        }
    }

    /// Final, unless it was opened anew meanwhile.
    async fn ended(&self, connection: &Connection, fence: i64, why: Why) -> Outcome {
        let at = (connection.business, connection.id, fence);
        match self.vault.store().mark_reconnect_at(at, why, self.clock.now()).await {
            Ok(true) => {
                warn!(
                    connection.id = %connection.id, business.id = %connection.business, why = why.as_str(),
                    "connection {} has to be connected again", connection.id
                );
                Outcome::Reconnect(why)
            }
            Ok(false) => Outcome::Unavailable("it was opened anew meanwhile"),
            Err(error) => unopened(connection, &VaultError::Store(error)),
        }
    }

    /// Writes down what was got, again and again for a while: the old token may be used up.
    async fn write(&self, connection: &Connection, got: Unwritten) -> Outcome {
        let give_up = Instant::now() + WRITING;
        loop {
            match self.settled(connection, &got).await {
                Ok(true) => {
                    let Tokens { access, good_for, .. } = got.tokens;
                    return Outcome::Token(Token::good_for(access, got.got, good_for));
                }
                // Whoever raised the fence has something newer.
                Ok(false) => return Outcome::Unavailable("it was opened anew meanwhile"),
                Err(error) if Instant::now() < give_up => {
                    warn!(%error, connection.id = %connection.id, "a token could not be written down; trying again");
                    sleep(LOOK).await;
                }
                Err(error) => {
                    let outcome = unopened(connection, &error);
                    self.memory.keep_unwritten(connection.id, got);
                    return outcome;
                }
            }
        }
    }

    async fn settled(&self, connection: &Connection, got: &Unwritten) -> Result<bool, VaultError> {
        let Tokens { good_for, refresh, .. } = &got.tokens;
        let expires = got.got.saturating_add(*good_for).unwrap_or(Timestamp::MAX);
        let fresh = Fresh { credential: refresh.as_ref(), expires };
        let at = (connection.business, connection.id, got.fence);
        self.vault.settle(at, &fresh, self.clock.now()).await
    }

    /// What could not be written down the last time.
    async fn write_late(&self, connection: &Connection) -> Option<Outcome> {
        let got = self.memory.take_unwritten(connection.id)?;
        match self.settled(connection, &got).await {
            Ok(true) => {
                let token = Token::good_for(got.tokens.access, got.got, got.tokens.good_for);
                token.is_good(self.clock.now()).then_some(Outcome::Token(token))
            }
            Ok(false) => None,
            Err(error) => {
                let outcome = unopened(connection, &error);
                self.memory.keep_unwritten(connection.id, got);
                Some(outcome)
            }
        }
    }

    async fn give_back(&self, connection: &Connection, fence: i64, begun: Option<Timestamp>, until: Option<Timestamp>) {
        let at = (connection.business, connection.id, fence);
        if let Err(error) = self.vault.release(at, begun, until).await {
            warn!(%error, connection.id = %connection.id, "a lease could not be given back; it runs out by itself");
        }
    }
}
