//! Microsoft Graph's calendars on this machine: mailboxes that keep their state and refuse what Graph refuses, its consent
//! page with them. Error bodies, tokens, limits and ids are made like Graph's.
//!
//! Where the documentation leaves two readings, it is the harsher one: an event that was deleted keeps its `transactionId`
//! used, and times come in the mailbox's own zone by its Windows name unless UTC is asked for.

mod faults;
mod json;
mod mailbox;
mod reading;
mod request;
mod server;
mod subscriptions;
mod writing;

use std::{sync::Arc, time::Duration};

use axum::Router;
use jiff::{SignedDuration, Timestamp};

use super::{
    Kit,
    consent::{ConsentServer, Person, Refresh, Rules, Scope, nothing_more},
};
use crate::{
    domain::{
        connection::{Account, CalendarId},
        secret::Secret,
    },
    ports::{calendar::Access, clock::Clock},
};
pub use mailbox::{Entry, NewEvent, Repeats, Shelf};
use server::Shared;
pub use subscriptions::Subscribed;

/// A work account whose mailbox is in New York: the first that the consent page proposes.
pub const ANN: &str = "8f1a6a52-2d0c-4c55-a8b8-3f2f0a1d7b11";
/// A personal account, in Berlin: no video meetings, and nothing that is only for work accounts.
pub const BEN: &str = "00000000-0000-0000-6f2d-91c4b3a20e77";

pub const CLIENT_ID: &str = "5a0c7a7e-5d1b-4f7e-9a39-0f2a4f4f6c01";
pub const CLIENT_SECRET: &str = "microsoft-client-secret";

/// Cloning it shares it.
#[derive(Clone)]
pub struct FakeMicrosoft {
    kit: Kit,
    consent: ConsentServer,
    shared: Arc<Shared>,
}

fn rules() -> Rules {
    let scope = |name, words| Scope { name, granted_as: name, words };
    Rules {
        vendor: "Microsoft",
        authorize: "/common/oauth2/v2.0/authorize",
        token: "/common/oauth2/v2.0/token",
        // There is no such place.
        revoke: None,
        client_id: CLIENT_ID.to_owned(),
        client_secret: CLIENT_SECRET.to_owned(),
        scopes: vec![
            scope("User.Read", "Read your profile"),
            scope("Calendars.ReadWrite", "Have full access to your calendars"),
            scope("offline_access", "Keep access to what you have given it access to"),
        ],
        granular: false,
        refresh: Refresh::Rotated,
        offline: Some(("scope", "offline_access")),
        first_only: false,
        life: SignedDuration::from_mins(75),
        tells_scopes: true,
        per_minute: None,
        issuer: None,
        extra: nothing_more,
    }
}

impl FakeMicrosoft {
    /// Two accounts, [`ANN`] and [`BEN`], each with a calendar and one more.
    pub async fn start(clock: Arc<dyn Clock>) -> Self {
        let people = vec![
            Person::new(ANN, "ann@contoso.example", "Ann Abel"),
            Person::new(BEN, "ben@outlook.example", "Ben Berg"),
        ];
        let mut made = None;
        let kit = Kit::serve(|base| {
            let consent = ConsentServer::new(base, rules(), people.clone(), Arc::clone(&clock));
            let shared = Arc::new(Shared::new(base, consent.clone(), clock, &people));
            let routes = Router::new().merge(consent.routes()).merge(server::routes(Arc::clone(&shared)));
            made = Some((consent, shared));
            routes
        })
        .await;
        let (consent, shared) = made.expect("its routes were made");
        Self { kit, consent, shared }
    }

    pub fn kit(&self) -> &Kit {
        &self.kit
    }

    pub fn consent(&self) -> &ConsentServer {
        &self.consent
    }

    /// What stands in for `https://graph.microsoft.com/v1.0`.
    pub fn address(&self) -> String {
        format!("{}/v1.0", self.kit.address())
    }

    /// What stands in for `https://login.microsoftonline.com/common/oauth2/v2.0`.
    pub fn login(&self) -> String {
        format!("{}/common/oauth2/v2.0", self.kit.address())
    }

    /// What an account's requests are made with, as if it had been connected.
    pub fn access(&self, subject: &str) -> Access {
        let (access, _) = self.consent.let_in(subject);
        let label = self.shared.lock().mailbox(subject).person.email.clone();
        Access { secret: Secret::new(access), account: Account { subject: subject.to_owned(), label, home: None } }
    }

    /// An account's calendars; the first one is its main one.
    pub fn calendars(&self, subject: &str) -> Vec<Shelf> {
        self.shared.lock().mailbox(subject).shelves.clone()
    }

    /// # Panics
    /// When its main calendar was deleted.
    pub fn main_calendar(&self, subject: &str) -> CalendarId {
        let id = self.calendars(subject).into_iter().find(|shelf| shelf.main).expect("a main calendar").id;
        CalendarId::new(id).expect("an id")
    }

    /// A calendar more. One that is not `editable` is somebody else's, shared for reading.
    pub fn add_calendar(&self, subject: &str, name: &str, editable: bool) -> CalendarId {
        CalendarId::new(self.shared.lock().add_shelf(subject, name, editable)).expect("an id")
    }

    /// What is in a calendar, earliest first; a series is one entry.
    pub fn events(&self, calendar: &str) -> Vec<Entry> {
        self.shared.lock().entries(calendar)
    }

    /// The owner writes an event by hand. Gives its id.
    pub fn add_event(&self, calendar: &str, new: NewEvent) -> String {
        self.shared.changed(|state| state.add(calendar, new))
    }

    /// The owner moves an event by hand, or one instance of a series ("id.3"). False: it is not there.
    pub fn move_event(&self, id: &str, from: Timestamp, to: Timestamp) -> bool {
        self.shared.changed(|state| state.relocate(id, from, to))
    }

    /// The owner changes an event by hand. False: it is not there.
    pub fn edit_event(&self, id: &str, edit: impl FnOnce(&mut Entry)) -> bool {
        self.shared.changed(|state| state.edit(id, edit))
    }

    /// The owner deletes an event, or one instance of a series.
    pub fn delete_event(&self, id: &str) -> bool {
        self.shared.changed(|state| state.delete(id))
    }

    /// Whoever called a meeting calls it off: it stays, crossed out.
    pub fn cancel_event(&self, id: &str) -> bool {
        self.shared.changed(|state| state.cancel(id))
    }

    /// The owner copies an event, with everything that stands in it but its transaction.
    pub fn copy_event(&self, id: &str, from: Timestamp, to: Timestamp) -> Option<String> {
        self.shared.changed(|state| state.copy(id, from, to))
    }

    pub fn delete_calendar(&self, calendar: &str) {
        self.shared.changed(|state| state.delete_shelf(calendar));
    }

    /// The owner takes the access back: tokens of both kinds are dead.
    pub fn revoke(&self, subject: &str) {
        self.consent.revoke_account(subject);
    }

    /// An administrator forbids what was allowed: 403 from now on, though the tokens are good.
    pub fn forbid(&self, subject: &str) {
        self.shared.lock().mailbox_mut(subject).forbidden = true;
    }

    /// Cursors that are out now are too old.
    pub fn expire_delta(&self) {
        self.shared.lock().expire_cursors();
    }

    /// Listings are cut into pages of at most so many, whatever is asked for.
    pub fn page_size(&self, most: usize) {
        self.shared.lock().page_size = most;
    }

    /// Every request takes so long, for four at once to be four at once.
    pub fn takes(&self, pause: Duration) {
        self.shared.lock().pause = pause;
    }

    /// The most requests that one mailbox had at once.
    pub fn most_at_once(&self) -> usize {
        self.shared.lock().most_at_once
    }

    pub fn subscriptions(&self) -> Vec<Subscribed> {
        self.shared.lock().subscriptions.clone()
    }

    /// Tells the subscribers something about their subscriptions: "missed", "reauthorizationRequired", or
    /// "subscriptionRemoved", after which there is none.
    pub fn lifecycle(&self, event: &'static str) {
        self.shared.lifecycle(event);
    }
}
