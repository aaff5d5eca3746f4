//! Calendly, as far as Deskbell uses it: it keeps kinds of appointment, its own rules and its bookings, and refuses what
//! Calendly refuses: a missing scope, a plan that does not allow it, a window of more than 31 days or one that begins in the
//! past, a guest without an e-mail address, blank answers, a place without words, a time that is taken, too many requests.
//!
//! Facts of <https://developer.calendly.com/api-docs> and its release notes of 2026; what refusals say that are described
//! nowhere was seen by others in production.

mod answers;
mod desk;
mod hooks;
mod limits;
mod owner;
mod routes;
mod state;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use self::state::State;
pub use self::{
    owner::{Guest, HookSeen},
    state::{Kind, Place, Plan, Question},
};
use super::{
    Kit,
    agenda::Agenda,
    consent::{ConsentServer, Person, Refresh, Rules, Scope},
    postman::Postman,
};
use crate::ports::clock::Clock;

pub const CLIENT_ID: &str = "calendly-client";
pub const CLIENT_SECRET: &str = "calendly-secret";

/// Paths of the consent page and of tokens, below the server's own address.
pub const AUTHORIZE: &str = "/oauth/authorize";
pub const TOKEN: &str = "/oauth/token";
pub const REVOKE: &str = "/oauth/revoke";

/// Whoever is connected when a test does not care.
const OWNER: &str = "OWNERAAAAAAAAAAA";

/// Cloning it shares it.
#[derive(Clone)]
pub struct FakeCalendly {
    kit: Kit,
    desk: Desk,
}

/// What the handlers share.
#[derive(Clone)]
struct Desk {
    base: String,
    state: Arc<Mutex<State>>,
    consent: ConsentServer,
    clock: Arc<dyn Clock>,
    postman: Postman,
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FakeCalendly {
    /// One account on a paid plan, working in New York; no kinds of appointment yet.
    ///
    /// # Panics
    /// When the machine has no free port.
    pub async fn serve(clock: Arc<dyn Clock>) -> Self {
        let mut made = None;
        let kit = Kit::serve(|base| {
            let owner = Person::new(&format!("{base}/users/{OWNER}"), "ann@example.com", "Ann Owner");
            let consent = ConsentServer::new(base, rules(), vec![owner], Arc::clone(&clock));
            let desk = Desk {
                base: base.to_owned(),
                state: Arc::new(Mutex::new(State::new(Agenda::of("America/New_York")))),
                consent: consent.clone(),
                clock,
                postman: Postman::new(),
            };
            routes::routes(made.insert(desk).clone()).merge(consent.routes())
        })
        .await;
        Self { kit, desk: made.expect("the router was made") }
    }

    pub fn kit(&self) -> &Kit {
        &self.kit
    }

    pub fn address(&self) -> &str {
        self.kit.address()
    }

    pub fn consent(&self) -> &ConsentServer {
        &self.desk.consent
    }

    /// The account's id, which is an address.
    pub fn subject(&self) -> String {
        format!("{}/users/{OWNER}", self.address())
    }

    /// An access token of the account's, with every scope.
    pub fn token(&self) -> String {
        self.desk.consent.let_in(&self.subject()).0
    }
}

fn rules() -> Rules {
    let scope = |name, words| Scope { name, granted_as: name, words };
    Rules {
        vendor: "Calendly",
        authorize: AUTHORIZE,
        token: TOKEN,
        revoke: Some(REVOKE),
        client_id: CLIENT_ID.to_owned(),
        client_secret: CLIENT_SECRET.to_owned(),
        scopes: vec![
            scope("event_types:read", "See your event types"),
            scope("availability:read", "See when you are available"),
            scope("scheduled_events:write", "Book and cancel meetings"),
            scope("scheduled_events:read", "See your meetings"),
            scope("webhooks:write", "Be told of changes"),
            scope("users:read", "See your profile"),
        ],
        granular: false,
        refresh: Refresh::Once,
        offline: None,
        first_only: false,
        life: SignedDuration::from_hours(2),
        tells_scopes: true,
        per_minute: Some(8),
        issuer: None,
        extra: owner,
    }
}

/// Calendly names the account with its tokens.
fn owner(base: &str, person: &Person) -> Map<String, Value> {
    let told = json!({"owner": person.subject, "organization": state::organization(base)});
    told.as_object().cloned().unwrap_or_default()
}
