//! The access tokens that this process has, and who is getting new ones.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::AHEAD;
use crate::{
    domain::{connection::Why, ids::ConnectionId, secret::Secret},
    ports::consent::Tokens,
};

/// Vendors' clocks and the way there: so long before its end a token is not used any more.
const MARGIN: SignedDuration = SignedDuration::from_secs(30);

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub secret: Secret,
    /// From when on a new one is wanted.
    renew: Timestamp,
    /// From when on it is not used.
    end: Timestamp,
}

impl Token {
    /// One that was given out now.
    pub(super) fn good_for(secret: Secret, now: Timestamp, good_for: SignedDuration) -> Self {
        // A short life is not over before it has begun.
        let (ahead, margin) = (AHEAD.min(good_for / 4), MARGIN.min(good_for / 8));
        let end = now.saturating_add(good_for).unwrap_or(Timestamp::MAX);
        Self { secret, renew: end - ahead, end: end - margin }
    }

    pub(super) fn is_good(&self, now: Timestamp) -> bool {
        now < self.end
    }

    pub(super) fn runs_out(&self, now: Timestamp) -> bool {
        now >= self.renew
    }
}

/// What getting a token came to: everybody who waits is told the same.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Token(Token),
    Reconnect(Why),
    /// It was disconnected.
    Gone,
    Unavailable(&'static str),
}

/// Tells what it came to, once.
pub(super) type Landing = watch::Receiver<Option<Outcome>>;
pub(super) type Flight = watch::Sender<Option<Outcome>>;

pub(super) enum Start {
    /// Somebody was quicker.
    Known(Token),
    /// It is up to the caller to get one, and to [`land`](Memory::land).
    Yours(Flight, Landing),
    Flying(Landing),
}

/// A token that was got and could not be written down: it is not used before it is.
#[derive(Debug)]
pub(super) struct Unwritten {
    pub fence: i64,
    pub tokens: Tokens,
    pub got: Timestamp,
}

#[derive(Debug, Default)]
struct Entry {
    token: Option<Token>,
    flight: Option<Landing>,
    unwritten: Option<Unwritten>,
    /// What was last written down about its health, and when.
    noticed: Option<(Option<&'static str>, Timestamp)>,
    /// Until then its vendor wants to be left alone.
    limited: Option<Timestamp>,
}

#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<HashMap<ConnectionId, Entry>>);

impl Memory {
    fn entries(&self) -> MutexGuard<'_, HashMap<ConnectionId, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token that is known, if it is good and not the one that was refused.
    pub(super) fn look(&self, id: ConnectionId, refused: Option<&Secret>, now: Timestamp) -> Option<Token> {
        let entries = self.entries();
        let token = entries.get(&id)?.token.as_ref()?;
        (token.is_good(now) && Some(&token.secret) != refused).then(|| token.clone())
    }

    /// Whether there is a token, and it runs out soon or has.
    pub(super) fn runs_out(&self, id: ConnectionId, now: Timestamp) -> bool {
        let entries = self.entries();
        entries.get(&id).and_then(|entry| entry.token.as_ref()).is_some_and(|token| token.runs_out(now))
    }

    pub(super) fn put(&self, id: ConnectionId, token: Token) {
        self.entries().entry(id).or_default().token = Some(token);
    }

    /// Nothing is known of it any more; whoever is getting a token is told what it comes to all the same.
    pub(super) fn forget(&self, id: ConnectionId) {
        self.entries().remove(&id);
    }

    /// Begins to get a token, unless the one that is known does, or somebody is at it.
    pub(super) fn start(&self, id: ConnectionId, does: impl Fn(&Token) -> bool) -> Start {
        let mut entries = self.entries();
        let entry = entries.entry(id).or_default();
        if let Some(token) = entry.token.as_ref().filter(|token| does(token)) {
            return Start::Known(token.clone());
        }
        // One whose task has died tells nothing any more.
        if let Some(flying) = entry.flight.as_ref().filter(|landing| landing.has_changed().is_ok()) {
            return Start::Flying(flying.clone());
        }
        let (flight, landing) = watch::channel(None);
        entry.flight = Some(landing.clone());
        Start::Yours(flight, landing)
    }

    pub(super) fn land(&self, id: ConnectionId, flight: &Flight, outcome: Outcome) {
        let mut entries = self.entries();
        if let Some(entry) = entries.get_mut(&id) {
            if let Outcome::Token(token) = &outcome {
                entry.token = Some(token.clone());
            }
            entry.flight = None;
        }
        drop(entries);
        flight.send_replace(Some(outcome));
    }

    pub(super) fn keep_unwritten(&self, id: ConnectionId, unwritten: Unwritten) {
        self.entries().entry(id).or_default().unwritten = Some(unwritten);
    }

    pub(super) fn take_unwritten(&self, id: ConnectionId) -> Option<Unwritten> {
        self.entries().get_mut(&id)?.unwritten.take()
    }

    /// Its vendor wants to be left alone until a moment.
    pub(super) fn limit(&self, id: ConnectionId, until: Timestamp) {
        self.entries().entry(id).or_default().limited = Some(until);
    }

    /// How long it is still to be left alone.
    pub(super) fn limited(&self, id: ConnectionId, now: Timestamp) -> Option<SignedDuration> {
        let until = self.entries().get(&id)?.limited?;
        (now < until).then(|| until.duration_since(now))
    }

    /// Whether it is worth writing down how it does: it has changed, or it is long ago.
    pub(super) fn is_news(
        &self,
        id: ConnectionId,
        problem: Option<&'static str>,
        now: Timestamp,
        every: SignedDuration,
    ) -> bool {
        let mut entries = self.entries();
        let entry = entries.entry(id).or_default();
        let known = entry.noticed.is_some_and(|(last, at)| last == problem && now < at + every);
        if !known {
            entry.noticed = Some((problem, now));
        }
        !known
    }
}
