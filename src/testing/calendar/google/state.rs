//! What Google keeps.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Map, Value};

use super::{
    Server,
    channels::Channel,
    refusal::{self, Refusal},
};
use crate::testing::calendar::consent::Bearer;

/// What somebody may do with a calendar. Each may do what the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    FreeBusyReader,
    Reader,
    Writer,
    Owner,
}

impl Role {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::FreeBusyReader => "freeBusyReader",
            Self::Reader => "reader",
            Self::Writer => "writer",
            Self::Owner => "owner",
        }
    }
}

/// An event, as the document that it is.
#[derive(Clone)]
pub(super) struct Stored {
    pub(super) doc: Map<String, Value>,
    /// Its etag.
    pub(super) version: u64,
    /// When it was changed last, by the calendar's count.
    pub(super) changed: u64,
}

impl Stored {
    pub(super) fn is_cancelled(&self) -> bool {
        self.doc.get("status").and_then(Value::as_str) == Some("cancelled")
    }

    pub(super) fn etag(&self) -> String {
        format!("\"{}\"", 3_500_000_000_000_000 + self.version)
    }
}

pub(super) struct Calendar {
    pub(super) name: String,
    pub(super) zone: TimeZone,
    pub(super) zone_name: String,
    /// By the account's subject.
    pub(super) roles: BTreeMap<String, Role>,
    pub(super) events: BTreeMap<String, Stored>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) calendars: BTreeMap<String, Calendar>,
    pub(super) channels: Vec<Channel>,
    /// Grows with every change.
    pub(super) count: u64,
    /// Sync tokens of before this count are no longer good.
    pub(super) oldest_token: u64,
    pub(super) page_size: Option<usize>,
    /// Requests of one account within a minute.
    pub(super) quota: Option<usize>,
    pub(super) asked: Vec<(String, Timestamp)>,
    /// A meeting's address comes only with a later look.
    pub(super) meetings_later: bool,
    /// Calendars that `freeBusy` cannot read, and the reason that it gives.
    pub(super) unreadable: BTreeMap<String, String>,
}

impl State {
    /// A calendar by its id or as `primary`, that an account has at least this role in. One that it has none in is not
    /// found, as if there were none.
    pub(super) fn id_for(&self, id: &str, bearer: &Bearer, least: Role) -> Result<String, Refusal> {
        let id = if id == "primary" { bearer.person.email.as_str() } else { id };
        let calendar = self.calendars.get(id).ok_or(refusal::NOT_FOUND)?;
        let role = calendar.roles.get(&bearer.person.subject).ok_or(refusal::NOT_FOUND)?;
        match least {
            _ if *role >= least => Ok(id.to_owned()),
            Role::Writer | Role::Owner => Err(refusal::NOT_A_WRITER),
            Role::FreeBusyReader | Role::Reader => Err(refusal::FORBIDDEN),
        }
    }

    /// Keeps an event and tells the channels of its calendar. Its document's version is new.
    pub(super) fn keep(&mut self, calendar: &str, id: &str, doc: Map<String, Value>) {
        self.count += 1;
        let stored = Stored { doc, version: self.count, changed: self.count };
        if let Some(calendar) = self.calendars.get_mut(calendar) {
            calendar.events.insert(id.to_owned(), stored);
        }
        for channel in self.channels.iter_mut().filter(|channel| channel.calendar == calendar) {
            channel.waiting.push("exists");
        }
    }

    fn over_quota(&mut self, subject: &str, now: Timestamp) -> bool {
        let Some(most) = self.quota else { return false };
        self.asked.retain(|(_, at)| now < *at + SignedDuration::from_mins(1));
        let had = self.asked.iter().filter(|(other, _)| other == subject).count();
        if had < most {
            self.asked.push((subject.to_owned(), now));
        }
        had >= most
    }
}

/// The scope that stands for a short name: "calendar.freebusy".
pub(super) fn scope(name: &str) -> String {
    format!("https://www.googleapis.com/auth/{name}")
}

impl Server {
    /// Lets a request in that has one of these scopes.
    pub(super) fn enter(&self, headers: &HeaderMap, scopes: &[&str]) -> Result<Bearer, Refusal> {
        let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let bearer = self.consent.bearer(authorization).map_err(|_| refusal::UNAUTHORIZED)?;
        if self.lock().over_quota(&bearer.person.subject, self.clock.now()) {
            return Err(refusal::OVER_QUOTA);
        }
        if scopes.iter().any(|name| bearer.has(&scope(name)) || bearer.has(name)) {
            return Ok(bearer);
        }
        Err(refusal::NO_SCOPE)
    }

    /// The least role that a request for events needs: `events.owned` is for calendars of one's own.
    pub(super) fn least(bearer: &Bearer, otherwise: Role) -> Role {
        let wide = ["calendar", "calendar.events"].iter().any(|name| bearer.has(&scope(name)));
        if wide { otherwise } else { Role::Owner }
    }
}
