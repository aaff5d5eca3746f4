//! Google Calendar, as far as Deskbell uses it: API v3 and `userinfo`, with calendars, roles, events, recurrences, sync
//! tokens and channels that are really kept, and Google's own refusals
//! (<https://developers.google.com/workspace/calendar/api/guides/errors>). Every method asks for the scopes that the
//! interface's description names for it.
//!
//! The tests and the sandbox are its owner, by [`FakeGoogle`]'s methods.

mod calendars;
mod channels;
mod document;
mod events;
mod fields;
mod freebusy;
mod listing;
mod owner;
mod recurrence;
mod refusal;
mod state;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{
    Router,
    routing::{get, post},
};
use jiff::SignedDuration;

use self::state::State;
pub use self::{
    channels::Channel,
    owner::{Planned, Shown},
    state::Role,
};
use super::{
    Kit,
    consent::{ConsentServer, Person, Refresh, Rules, Scope, nothing_more},
};
use crate::ports::clock::Clock;

/// The only client it knows.
pub const CLIENT: &str = "deskbell.apps.googleusercontent.example";
pub const SECRET: &str = "the-secret-of-deskbell-at-google";

/// Its accounts: subjects.
pub const ANN: &str = "104000000000000000001";
pub const BO: &str = "104000000000000000002";
/// Their main calendars.
pub const ANNS: &str = "ann@example.com";
pub const BOS: &str = "bo@example.com";

/// Runs until the last clone is dropped.
#[derive(Clone)]
pub struct FakeGoogle {
    kit: Kit,
    server: Server,
}

/// What the handlers share.
#[derive(Clone)]
struct Server {
    state: Arc<Mutex<State>>,
    consent: ConsentServer,
    clock: Arc<dyn Clock>,
}

impl Server {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn rules() -> Rules {
    let scope = |name, granted_as, words| Scope { name, granted_as, words };
    let calendar = |name, words| scope(name, name, words);
    Rules {
        vendor: "Google",
        authorize: "/o/oauth2/v2/auth",
        token: "/token",
        revoke: Some("/revoke"),
        client_id: CLIENT.to_owned(),
        client_secret: SECRET.to_owned(),
        scopes: vec![
            scope("openid", "openid", ""),
            scope("email", "https://www.googleapis.com/auth/userinfo.email", ""),
            calendar(
                "https://www.googleapis.com/auth/calendar.events.owned",
                "See, create, change and delete events on calendars that you own",
            ),
            calendar("https://www.googleapis.com/auth/calendar.freebusy", "See when you are free or busy"),
            calendar(
                "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
                "See the list of your calendars",
            ),
        ],
        granular: true,
        refresh: Refresh::Kept,
        offline: Some(("access_type", "offline")),
        first_only: true,
        life: SignedDuration::from_secs(3_599),
        tells_scopes: true,
        per_minute: None,
        issuer: Some("{}"),
        extra: nothing_more,
    }
}

impl FakeGoogle {
    /// With two accounts, each with its main calendar: Ann's in Vancouver, Bo's in Berlin.
    pub async fn start(clock: Arc<dyn Clock>) -> Self {
        let mut server = None;
        let kit = Kit::serve(|base| {
            let people = vec![Person::new(ANN, ANNS, "Ann Archer"), Person::new(BO, BOS, "Bo Baker")];
            let consent = ConsentServer::new(base, rules(), people, Arc::clone(&clock));
            let state = Arc::new(Mutex::new(State::default()));
            server.insert(Server { state, consent, clock: Arc::clone(&clock) }).routes()
        })
        .await;
        let fake = Self { kit, server: server.expect("it was made with its routes") };
        fake.add_calendar(ANNS, "Ann Archer", "America/Vancouver", ANN);
        fake.add_calendar(BOS, "Bo Baker", "Europe/Berlin", BO);
        fake
    }

    pub fn kit(&self) -> &Kit {
        &self.kit
    }

    pub fn address(&self) -> &str {
        self.kit.address()
    }

    pub fn consent(&self) -> &ConsentServer {
        &self.server.consent
    }
}

impl Server {
    fn routes(&self) -> Router {
        let events = "/calendar/v3/calendars/{calendar}/events";
        Router::new()
            .route("/oauth2/v2/userinfo", get(calendars::user_info))
            .route("/calendar/v3/users/me/calendarList", get(calendars::list))
            .route("/calendar/v3/freeBusy", post(freebusy::query))
            .route(events, get(listing::list).post(events::insert))
            .route(&format!("{events}/watch"), post(channels::watch))
            .route(&format!("{events}/{{event}}"), get(events::get).patch(events::patch).delete(events::delete))
            .route("/calendar/v3/channels/stop", post(channels::stop))
            .with_state(self.clone())
            .merge(self.consent.routes())
    }
}
