//! A CalDAV server on this machine (RFC 4791, 4918, 6578, 6764): it keeps resources as they were put, and is as strict as
//! servers are about what it takes. It speaks two dialects, and some of what servers differ in can be switched.
//!
//! It unfolds recurrences by looking at each day, with none of the adapter's code.

mod answer;
mod ask;
mod dialect;
mod ical;
mod recurrence;
mod reports;
mod serve;
mod state;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex};

use axum::{Router, extract::State as Shared, routing::any};
use jiff::Timestamp;

use super::Kit;
use crate::{
    domain::{
        connection::{Account, CalendarId},
        secret::Secret,
    },
    ports::{
        calendar::{Access, Interval},
        consent::Typed,
    },
};
pub use dialect::Dialect;
use state::{Place, State};

/// Its one account.
pub const USER: &str = "ann@example.com";
/// An app password, as Apple makes them.
pub const PASSWORD: &str = "abcd-efgh-ijkl-mnop";

/// The calendars that are there to begin with, by the last step of their paths.
pub const MAIN: &str = "home";
pub const OTHER: &str = "work";
/// Not Ann's to write in.
pub const READ_ONLY: &str = "holidays";

/// An event as it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The last step of its path: "1.ics".
    pub name: String,
    pub title: String,
    /// Of its first time, when that is a plain one (UTC).
    pub when: Option<Interval>,
    pub ics: String,
}

/// Cloning it shares it.
#[derive(Clone)]
pub struct FakeCalDav {
    dialect: Dialect,
    /// Where one begins.
    door: Kit,
    /// Where the calendars are: at Apple's, another server.
    shelves: Kit,
    state: Arc<Mutex<State>>,
}

impl FakeCalDav {
    pub async fn start(dialect: Dialect) -> Self {
        let state = Arc::new(Mutex::new(State::new(dialect)));
        let routes = |place: Place| {
            let state = Arc::clone(&state);
            move |_: &str| Router::new().fallback(any(serve::serve)).with_state(Desk { state, place })
        };
        let shelves = Kit::serve(routes(Place::Shelves)).await;
        let door = match dialect {
            Dialect::ICloud => Kit::serve(routes(Place::Door)).await,
            Dialect::Nextcloud => shelves.clone(),
        };
        shelves.address().clone_into(&mut lock(&state).base);
        Self { dialect, door, shelves, state }
    }

    /// Where the account is found.
    pub fn door(&self) -> &Kit {
        &self.door
    }

    /// Where its calendars are read and written.
    pub fn kit(&self) -> &Kit {
        &self.shelves
    }

    /// What its owner types: an address, a name and an app password.
    pub fn typed(&self) -> Typed {
        Typed { server: self.door.address().to_owned(), user: USER.to_owned(), key: Secret::new(PASSWORD) }
    }

    /// What an account's requests are made with, as if it had been connected.
    pub fn access(&self) -> Access {
        let account = Account {
            subject: format!("{}{}", self.door.address(), self.dialect.principal()),
            label: USER.to_owned(),
            home: Some(format!("{}{}", self.shelves.address(), self.dialect.home())),
        };
        Access { secret: Secret::new(PASSWORD), account }
    }

    /// A calendar's id.
    ///
    /// # Panics
    /// When it has no sensible name.
    pub fn calendar(&self, name: &str) -> CalendarId {
        CalendarId::new(format!("{}{}{name}/", self.shelves.address(), self.dialect.home())).expect("an id")
    }

    /// Whether it unfolds recurrences when it is asked to.
    pub fn expands(&self, yes: bool) {
        lock(&self.state).expands = yes;
    }

    /// Whether it keeps an account of changes (RFC 6578).
    pub fn accounts(&self, yes: bool) {
        lock(&self.state).accounts = yes;
    }

    /// Whether the answer to a writing names the new version.
    pub fn tells_versions(&self, yes: bool) {
        lock(&self.state).tells_versions = yes;
    }

    /// How many changes one answer has.
    pub fn page(&self, most: usize) {
        lock(&self.state).page = most;
    }

    /// Whether something that was deleted keeps its UID, in a bin.
    pub fn keeps_deleted(&self, yes: bool) {
        lock(&self.state).keeps_deleted = yes;
    }

    /// The zone of a calendar; nothing: it does not say.
    pub fn zone(&self, calendar: &str, zone: Option<&str>) {
        if let Some(shelf) = lock(&self.state).shelves.get_mut(calendar) {
            shelf.zone = zone.map(str::to_owned);
        }
    }

    /// The owner writes an event, in UTC. Its name comes back.
    pub fn add_event(&self, calendar: &str, title: &str, when: Interval) -> String {
        let mut state = lock(&self.state);
        let number = state.next();
        let ics = ical::simple(&format!("{number}@example.com"), title, when);
        let name = format!("{number}.ics");
        state.keep(calendar, &name, ics);
        name
    }

    /// The owner's program writes a resource.
    pub fn add_ics(&self, calendar: &str, ics: &str) -> String {
        let mut state = lock(&self.state);
        let name = format!("{}.ics", state.next());
        state.keep(calendar, &name, ical::crlf(ics));
        name
    }

    /// The owner moves an event. Nothing happens when it is not there.
    pub fn move_event(&self, calendar: &str, name: &str, when: Interval) {
        self.edit(calendar, name, |ics| ical::moved(ics, when));
    }

    /// The owner's program changes a resource.
    pub fn edit(&self, calendar: &str, name: &str, change: impl FnOnce(&str) -> String) {
        let mut state = lock(&self.state);
        if let Some(ics) = state.resource(calendar, name).map(|resource| resource.ics.clone()) {
            state.keep(calendar, name, change(&ics));
        }
    }

    /// The owner deletes an event.
    pub fn delete_event(&self, calendar: &str, name: &str) {
        lock(&self.state).forget(calendar, name);
    }

    /// What stands in a calendar, by name.
    pub fn events(&self, calendar: &str) -> Vec<Kept> {
        let state = lock(&self.state);
        let Some(shelf) = state.shelves.get(calendar) else { return Vec::new() };
        let kept = shelf.resources.iter().map(|(name, resource)| Kept {
            name: name.clone(),
            title: ical::title(&resource.ics),
            when: ical::plain_time(&resource.ics),
            ics: resource.ics.clone(),
        });
        kept.collect()
    }

    /// The app password is not good any more.
    pub fn revoke(&self) {
        lock(&self.state).password = None;
    }

    /// It is good again.
    pub fn let_in(&self) {
        lock(&self.state).password = Some(PASSWORD.to_owned());
    }

    /// The server has forgotten what was changed until now.
    pub fn expire_sync(&self) {
        let mut state = lock(&self.state);
        let now = state.next();
        state.remembers_from = now;
    }

    pub fn delete_calendar(&self, calendar: &str) {
        lock(&self.state).shelves.remove(calendar);
    }
}

/// What a handler needs.
#[derive(Clone)]
struct Desk {
    state: Arc<Mutex<State>>,
    place: Place,
}

type AtDesk = Shared<Desk>;

fn lock(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// `20261203T170000Z`.
fn stamp(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
