//! Asks connected accounts, with a token that is good: the one door through which a question leaves.
//!
//! Access tokens are in memory. A new one is got a while before the old one runs out, and once when the vendor does not
//! accept it; by one task of one process, while everybody else waits for what it gets (see `flight.rs`). That an account has
//! to be connected again is found out here, written down once, and told to the owners once.

mod accounts;
mod counts;
mod flight;
mod health;
mod memory;
mod partings;
#[cfg(test)]
mod tests;

use std::{future::Future, sync::Arc};

use anyhow::anyhow;
use jiff::{SignedDuration, Timestamp};
use tokio_util::task::TaskTracker;
use tracing::{error, warn};

use crate::{
    domain::{
        connection::{Connection, ConnectionState, Why},
        ids::ConnectionId,
        secret::Secret,
    },
    ports::{
        calendar::{Access, Trouble},
        clock::Clock,
        vendors::{Door, Vendors},
    },
    secrets::SecretsError,
    store::connections::{Vault, VaultError},
};

pub use accounts::{Opened, With};
use counts::{Counts, came};
use memory::{Landing, Memory, Outcome, Start, Token};

/// So long before a token runs out a new one is got, while the old one goes on being used.
pub const AHEAD: SignedDuration = SignedDuration::from_mins(5);
/// How long a vendor is left alone at most when it asks for it (`Retry-After`): some ask for a day, and mean one thing of many.
const LEFT_ALONE: SignedDuration = SignedDuration::from_secs(60);
/// A key that the owner has typed is read again after so long: it may have been replaced on another node.
const KEY_KEPT: SignedDuration = SignedDuration::from_mins(5);

/// Cloning it shares it.
#[derive(Clone)]
pub struct Opener(Arc<Inner>);

struct Inner {
    vault: Vault,
    vendors: Vendors,
    clock: Arc<dyn Clock>,
    /// Getting a token is finished, whoever asked for it has gone.
    tasks: TaskTracker,
    memory: Memory,
    counts: Counts,
}

impl Opener {
    pub fn new(vault: Vault, vendors: Vendors, clock: Arc<dyn Clock>, tasks: TaskTracker) -> Self {
        Self(Arc::new(Inner { vault, vendors, clock, tasks, memory: Memory::default(), counts: Counts::default() }))
    }

    pub fn vendors(&self) -> &Vendors {
        &self.0.vendors
    }

    /// What came of the questions of this process so far: the provider, what came of it in a word, and how often. `no_token`:
    /// the question did not get as far.
    pub fn counted(&self) -> Vec<(&'static str, &'static str, u64)> {
        self.0.counts.all()
    }

    /// Asks an account something. The question is asked again, once, when its token was not accepted: nothing was done then.
    /// How long it takes is up to the question's own limits; dropping this drops the question. A vendor that has just asked to
    /// be left alone for a while is not asked: whoever waits is told at once.
    ///
    /// # Errors
    /// What the question came to. [`Trouble::Unauthorized`] never: it has become something that can be acted on.
    pub async fn ask<T, F, A>(&self, connection: &Connection, question: F) -> Result<T, Trouble>
    where
        F: Fn(Access) -> A,
        A: Future<Output = Result<T, Trouble>>,
    {
        if let ConnectionState::Reconnect { why, .. } = connection.state {
            return Err(Trouble::Reconnect(why));
        }
        if let Some(left) = self.0.memory.limited(connection.id, self.0.clock.now()) {
            return Err(Trouble::Limited { after: left.try_into().ok() });
        }
        let mut refused = None;
        loop {
            let secret = match self.token(connection, refused.as_ref()).await {
                Ok(secret) => secret,
                Err(trouble) => {
                    self.0.count(connection, "no_token");
                    return Err(trouble);
                }
            };
            let access = Access { secret: secret.clone(), account: connection.account.clone() };
            let answer = question(access).await;
            self.0.count(connection, came(answer.as_ref().err()));
            match answer {
                Err(Trouble::Unauthorized) if refused.is_none() => refused = Some(secret),
                Err(Trouble::Unauthorized) => {
                    let trouble = Trouble::Unavailable(anyhow!("a token that is new is not accepted"));
                    self.0.noticed(connection, Some(&trouble));
                    return Err(trouble);
                }
                Err(Trouble::Reconnect(why)) => return Err(self.0.to_reconnect(connection, why).await),
                answer => {
                    self.0.heed(connection, answer.as_ref().err());
                    self.0.noticed(connection, answer.as_ref().err());
                    return answer;
                }
            }
        }
    }

    /// Gets a new token when the one that this process knows runs out soon, or `now` in any case; for whoever goes round
    /// connections so that no caller waits.
    ///
    /// # Errors
    /// When there is none to be had.
    pub async fn keep_open(&self, connection: &Connection, now: bool) -> Result<(), Trouble> {
        if let ConnectionState::Reconnect { why, .. } = connection.state {
            return Err(Trouble::Reconnect(why));
        }
        let wanted = if now { Wanted::New } else { Wanted::NotRunningOut };
        if now || self.runs_out(connection.id) {
            self.0.fly(connection, &wanted).await?;
        }
        Ok(())
    }

    /// Whether this process has a token of a connection, and it runs out soon or has.
    pub fn runs_out(&self, id: ConnectionId) -> bool {
        self.0.memory.runs_out(id, self.0.clock.now())
    }

    /// A token that is good as far as is known, and is not the one that was refused.
    async fn token(&self, connection: &Connection, refused: Option<&Secret>) -> Result<Secret, Trouble> {
        let now = self.0.clock.now();
        match self.0.memory.look(connection.id, refused, now) {
            Some(token) if token.runs_out(now) => {
                // It is good for this question; the next one finds a new one.
                drop(self.0.begin(connection, &Wanted::NotRunningOut));
                Ok(token.secret)
            }
            Some(token) => Ok(token.secret),
            None => Ok(self.0.fly(connection, &Wanted::Good { refused: refused.cloned() }).await?.secret),
        }
    }
}

/// What kind of token is wanted.
#[derive(Clone)]
enum Wanted {
    /// One that is good, and is not the one that was refused.
    Good {
        refused: Option<Secret>,
    },
    NotRunningOut,
    /// In the place of any that is known.
    New,
}

impl Wanted {
    fn refused(&self) -> Option<&Secret> {
        if let Self::Good { refused } = self { refused.as_ref() } else { None }
    }

    fn is(&self, token: &Token, now: Timestamp) -> bool {
        match self {
            Self::Good { refused } => token.is_good(now) && refused.as_ref() != Some(&token.secret),
            Self::NotRunningOut => !token.runs_out(now),
            Self::New => false,
        }
    }
}

enum Begun {
    Known(Token),
    Flying(Landing),
}

impl Inner {
    /// Gets a token, or waits for whoever is getting one.
    async fn fly(self: &Arc<Self>, connection: &Connection, wanted: &Wanted) -> Result<Token, Trouble> {
        // One that was begun before a token was refused may come back with it.
        for _ in 0..2 {
            let mut landing = match self.begin(connection, wanted) {
                Begun::Known(token) => return Ok(token),
                Begun::Flying(landing) => landing,
            };
            let outcome = landing.wait_for(Option::is_some).await.ok().and_then(|outcome| outcome.clone());
            match outcome {
                Some(Outcome::Token(token)) if wanted.refused() == Some(&token.secret) => {}
                Some(outcome) => return self.landed(connection, outcome).await,
                None => return Err(Trouble::Unavailable(anyhow!("getting a token broke off"))),
            }
        }
        Err(Trouble::Unavailable(anyhow!("no other token is to be had")))
    }

    /// Begins to get a token, unless there is one that does, or somebody is at it.
    fn begin(self: &Arc<Self>, connection: &Connection, wanted: &Wanted) -> Begun {
        let now = self.clock.now();
        match self.memory.start(connection.id, |token| wanted.is(token, now)) {
            Start::Known(token) => Begun::Known(token),
            Start::Flying(landing) => Begun::Flying(landing),
            Start::Yours(flight, landing) => {
                let (inner, connection, wanted) = (Arc::clone(self), connection.clone(), wanted.clone());
                self.tasks.spawn(async move {
                    let outcome = inner.get(&connection, wanted.refused()).await;
                    inner.memory.land(connection.id, &flight, outcome);
                });
                Begun::Flying(landing)
            }
        }
    }

    async fn get(&self, connection: &Connection, refused: Option<&Secret>) -> Outcome {
        match self.vendors.named(&connection.provider).map(|vendor| &vendor.door) {
            Some(Door::Consent(consent)) => self.refreshed(connection, consent.as_ref()).await,
            Some(Door::Key(_)) => self.typed(connection, refused).await,
            Some(Door::Closed(_)) | None => Outcome::Unavailable("this server is not set up for its vendor"),
        }
    }

    /// What the owner typed. There is no other, so one that is refused is final.
    async fn typed(&self, connection: &Connection, refused: Option<&Secret>) -> Outcome {
        match self.vault.credential(connection.business, connection.id).await {
            Ok(Some(secret)) if Some(&secret) == refused => Outcome::Reconnect(Why::Revoked),
            Ok(Some(secret)) => Outcome::Token(Token::good_for(secret, self.clock.now(), KEY_KEPT)),
            Ok(None) => Outcome::Gone,
            Err(error) => unopened(connection, &error),
        }
    }

    async fn landed(self: &Arc<Self>, connection: &Connection, outcome: Outcome) -> Result<Token, Trouble> {
        match outcome {
            Outcome::Token(token) => Ok(token),
            Outcome::Reconnect(why) => Err(self.to_reconnect(connection, why).await),
            Outcome::Gone => Err(Trouble::Refused("it is not connected any more")),
            Outcome::Unavailable(what) => {
                let trouble = Trouble::Unavailable(anyhow!(what));
                self.noticed(connection, Some(&trouble));
                Err(trouble)
            }
        }
    }

    fn count(&self, connection: &Connection, came: &'static str) {
        if let Some(vendor) = self.vendors.named(&connection.provider) {
            self.counts.count(vendor.name, came);
        }
    }

    /// Leaves a vendor alone that asks for it. One that is only over a limit, and does not say for how long, is not: whoever
    /// asked has a pause of their own.
    fn heed(&self, connection: &Connection, trouble: Option<&Trouble>) {
        let Some(Trouble::Limited { after: Some(after) }) = trouble else { return };
        let pause = SignedDuration::try_from(*after).unwrap_or(LEFT_ALONE).min(LEFT_ALONE);
        if let Ok(until) = self.clock.now().checked_add(pause) {
            self.memory.limit(connection.id, until);
        }
    }

    /// Writes down that it has to be connected again.
    async fn to_reconnect(&self, connection: &Connection, why: Why) -> Trouble {
        self.memory.forget(connection.id);
        match self.vault.store().mark_reconnect(connection, why, self.clock.now()).await {
            Ok(true) => warn!(
                connection.id = %connection.id, business.id = %connection.business, why = why.as_str(),
                "connection {} has to be connected again", connection.id
            ),
            Ok(false) => {}
            Err(error) => warn!(
                %error, connection.id = %connection.id,
                "that connection {} has to be connected again could not be written down", connection.id
            ),
        }
        Trouble::Reconnect(why)
    }
}

/// What opens an account does not open.
fn unopened(connection: &Connection, error: &VaultError) -> Outcome {
    match error {
        VaultError::Secrets(SecretsError::Refused) => Outcome::Reconnect(Why::Unreadable),
        VaultError::Store(error) => {
            warn!(%error, connection.id = %connection.id, "what opens connection {} could not be read", connection.id);
            Outcome::Unavailable("the database does not answer")
        }
        // The right key may be one setting away: nothing is given up for it.
        VaultError::NoKey | VaultError::Secrets(_) => {
            error!(%error, connection.id = %connection.id, "connection {} cannot be opened: {error}", connection.id);
            Outcome::Unavailable("this server does not have its key")
        }
    }
}
