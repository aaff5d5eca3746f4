//! One state for all mailboxes, and the way of a request to it: who is it from, is there room for it, what is it for.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State as Extracted},
    http::{Response, StatusCode, header},
    routing::any,
};
use jiff::Timestamp;
use serde_json::Value;
use tokio::time::sleep;

use super::{
    super::consent::{ConsentServer, Person},
    ANN,
    faults::{self, Fault},
    json::Cursor,
    mailbox::{Entry, Mailbox, NewEvent, Series, Shelf},
    reading,
    request::Asked,
    subscriptions::{Subscribed, Teller},
    writing,
};
use crate::ports::clock::Clock;

/// What is answered: nothing in the body for a null.
pub(super) type Reply = Result<(StatusCode, Value), Fault>;

const LARGEST: usize = 4 * 1024 * 1024;
/// `MailboxConcurrency`.
const AT_ONCE: usize = 4;

pub(super) struct Shared {
    /// "<http://127.0.0.1:4711>".
    pub(super) base: String,
    pub(super) consent: ConsentServer,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) teller: Teller,
    state: Mutex<State>,
}

pub(super) struct State {
    pub(super) mailboxes: Vec<Mailbox>,
    pub(super) subscriptions: Vec<Subscribed>,
    /// Of listings of changes: what a token stands for.
    pub(super) cursors: HashMap<String, Cursor>,
    pub(super) page_size: usize,
    pub(super) pause: Duration,
    pub(super) most_at_once: usize,
    /// Grows with everything that is made or changed.
    version: u64,
    /// What has changed and nobody was told of yet: kind, calendar, id.
    pub(super) news: Vec<(&'static str, String, String)>,
}

impl Shared {
    pub(super) fn new(base: &str, consent: ConsentServer, clock: Arc<dyn Clock>, people: &[Person]) -> Self {
        let mut state = State {
            mailboxes: people.iter().map(Mailbox::new).collect(),
            subscriptions: Vec::new(),
            cursors: HashMap::new(),
            page_size: 1_000,
            pause: Duration::ZERO,
            most_at_once: 0,
            version: 0,
            news: Vec::new(),
        };
        for person in people {
            state.add_shelf(&person.subject, if person.subject == ANN { "Calendar" } else { "Kalender" }, true);
            state.add_shelf(&person.subject, "Family", true);
        }
        Self { base: base.to_owned(), consent, clock, teller: Teller::new(), state: Mutex::new(state) }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something to the state, and tells the subscribers what has changed.
    pub(super) fn changed<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let made = change(&mut state);
        let news = std::mem::take(&mut state.news);
        for (kind, calendar, id) in news {
            self.teller.tell(&mut state, self.clock.now(), kind, &calendar, &id);
        }
        made
    }

    pub(super) fn lifecycle(&self, event: &'static str) {
        self.teller.lifecycle(&mut self.lock(), event);
    }
}

impl State {
    pub(super) fn next(&mut self) -> u64 {
        self.version += 1;
        self.version
    }

    /// Ids as long and as odd as Graph's: a path has to carry them.
    pub(super) fn new_id(&mut self) -> String {
        format!("AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A{:040X}AAA=", self.next())
    }

    pub(super) fn version(&self) -> u64 {
        self.version
    }

    pub(super) fn mailbox(&self, subject: &str) -> &Mailbox {
        self.mailboxes.iter().find(|mailbox| mailbox.person.subject == subject).expect("an account of ours")
    }

    pub(super) fn mailbox_mut(&mut self, subject: &str) -> &mut Mailbox {
        self.mailboxes.iter_mut().find(|mailbox| mailbox.person.subject == subject).expect("an account of ours")
    }

    pub(super) fn add_shelf(&mut self, subject: &str, name: &str, editable: bool) -> String {
        let id = self.new_id();
        let shelves = &mut self.mailbox_mut(subject).shelves;
        shelves.push(Shelf { id: id.clone(), name: name.to_owned(), main: shelves.is_empty(), editable });
        id
    }

    pub(super) fn delete_shelf(&mut self, calendar: &str) {
        for mailbox in &mut self.mailboxes {
            mailbox.shelves.retain(|shelf| shelf.id != calendar);
            mailbox.entries.retain(|entry| entry.calendar != calendar);
        }
    }

    pub(super) fn expire_cursors(&mut self) {
        self.cursors.clear();
    }

    pub(super) fn entries(&self, calendar: &str) -> Vec<Entry> {
        let all = self.mailboxes.iter().flat_map(|mailbox| &mailbox.entries);
        let mut found: Vec<Entry> = all.filter(|entry| entry.calendar == calendar).cloned().collect();
        found.sort_by_key(|entry| entry.from);
        found
    }

    pub(super) fn add(&mut self, calendar: &str, new: NewEvent) -> String {
        let (id, version) = (self.new_id(), self.next());
        let mailbox = self.mailboxes.iter_mut().find(|mailbox| mailbox.shelf(calendar).is_some()).expect("a calendar");
        let (from, to) = if new.all_day { mailbox.whole_days(new.from, new.to) } else { (new.from, new.to) };
        mailbox.entries.push(Entry {
            id: id.clone(),
            calendar: calendar.to_owned(),
            title: new.title,
            body: String::new(),
            location: String::new(),
            from,
            to,
            all_day: new.all_day,
            show_as: new.show_as,
            private: new.private,
            cancelled: false,
            // Outlook on the web writes them, too.
            transaction: Some(format!("localevent:{version}")),
            properties: Vec::new(),
            meeting: None,
            made_in: mailbox.windows_zone.to_owned(),
            series: new.repeats.map(|repeats| Series { repeats, moved: [].into(), cancelled: [].into() }),
            version,
            created: version,
        });
        self.news.push(("created", calendar.to_owned(), id.clone()));
        id
    }

    pub(super) fn relocate(&mut self, id: &str, from: Timestamp, to: Timestamp) -> bool {
        let version = self.next();
        let moved = self.mailboxes.iter_mut().find_map(|mailbox| mailbox.relocate(id, from, to, version));
        self.report("updated", moved)
    }

    pub(super) fn delete(&mut self, id: &str) -> bool {
        let version = self.next();
        let removed = self.mailboxes.iter_mut().find_map(|mailbox| mailbox.remove(id, version));
        self.report("deleted", removed)
    }

    pub(super) fn edit(&mut self, id: &str, edit: impl FnOnce(&mut Entry)) -> bool {
        let version = self.next();
        let entry = self.mailboxes.iter_mut().flat_map(|mailbox| &mut mailbox.entries).find(|entry| entry.id == id);
        let edited = entry.map(|entry| {
            edit(entry);
            entry.version = version;
            (entry.calendar.clone(), entry.id.clone())
        });
        self.report("updated", edited)
    }

    pub(super) fn cancel(&mut self, id: &str) -> bool {
        self.edit(id, |entry| entry.cancelled = true)
    }

    pub(super) fn copy(&mut self, id: &str, from: Timestamp, to: Timestamp) -> Option<String> {
        let (new, version) = (self.new_id(), self.next());
        let mailbox = self.mailboxes.iter_mut().find(|mailbox| mailbox.entry(id).is_some())?;
        let entry = mailbox.entry(id)?.clone();
        let calendar = entry.calendar.clone();
        let copy = Entry { id: new.clone(), from, to, transaction: None, version, created: version, ..entry };
        mailbox.entries.push(copy);
        self.news.push(("created", calendar, new.clone()));
        Some(new)
    }

    fn report(&mut self, kind: &'static str, what: Option<(String, String)>) -> bool {
        let there = what.is_some();
        self.news.extend(what.map(|(calendar, id)| (kind, calendar, id)));
        there
    }
}

pub(super) fn routes(shared: Arc<Shared>) -> Router {
    Router::new().route("/v1.0/{*path}", any(answer)).with_state(shared)
}

/// A place among the four of a mailbox, given back however the request ends.
struct Place {
    shared: Arc<Shared>,
    subject: String,
}

impl Place {
    fn take(shared: &Arc<Shared>, subject: &str) -> Option<Self> {
        let mut state = shared.lock();
        let mailbox = state.mailbox_mut(subject);
        mailbox.at_once += 1;
        let now = mailbox.at_once;
        state.most_at_once = state.most_at_once.max(now);
        drop(state);
        let place = Self { shared: Arc::clone(shared), subject: subject.to_owned() };
        (now <= AT_ONCE).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.lock().mailbox_mut(&self.subject).at_once -= 1;
    }
}

async fn answer(Extracted(shared): Extracted<Arc<Shared>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let authorization = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = match shared.consent.bearer(authorization) {
        Ok(bearer) => bearer,
        Err(why) => return faults::not_let_in(why),
    };
    let Some(_place) = Place::take(&shared, &bearer.person.subject) else {
        return faults::too_many();
    };
    let pause = shared.lock().pause;
    sleep(pause).await;
    let body = to_bytes(body, LARGEST).await.unwrap_or_default();
    let reply = match Asked::read(&parts, bearer, body) {
        Ok(asked) => dispatch(&shared, &asked).await,
        Err(fault) => Err(fault),
    };
    faults::response(reply)
}

async fn dispatch(shared: &Arc<Shared>, asked: &Asked) -> Reply {
    if shared.lock().mailbox(asked.subject()).forbidden {
        return Err(Fault::denied());
    }
    let steps: Vec<&str> = asked.steps.iter().map(String::as_str).collect();
    match (asked.method.as_str(), steps.as_slice()) {
        ("GET", ["me"]) => reading::me(shared, asked),
        ("GET", ["me", "calendars"]) => reading::calendars(shared, asked),
        ("GET", ["me", "calendars", calendar, "calendarView"]) => reading::view(shared, asked, calendar),
        ("GET", ["me", "calendars", calendar, "calendarView", "delta()" | "delta"]) => {
            reading::delta(shared, asked, calendar)
        }
        ("GET", ["me", "calendars", calendar, "events"]) => reading::events(shared, asked, calendar),
        ("GET", ["me", "events", id]) => reading::event(shared, asked, id),
        ("POST", ["me", "calendars", calendar, "events"]) => writing::create(shared, asked, calendar),
        ("PATCH", ["me", "events", id]) => writing::update(shared, asked, id),
        ("DELETE", ["me", "events", id]) => writing::delete(shared, asked, id),
        ("POST", ["subscriptions"]) => shared.subscribe(asked).await,
        ("GET", ["subscriptions", id]) => shared.subscription(asked, id),
        ("DELETE", ["subscriptions", id]) => shared.unsubscribe(asked, id),
        ("GET" | "POST" | "PATCH" | "DELETE", _) => {
            Err(Fault::new(400, "BadRequest", "Resource not found for the segment."))
        }
        _ => Err(Fault::new(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")),
    }
}
