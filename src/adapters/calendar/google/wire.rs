//! Google's JSON, as far as it is asked for. Only the fields that are needed are asked for, so that nobody's titles come
//! over.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{
    exchange::second,
    ids::{id_of, key_of},
};
use crate::{
    domain::connection::CalendarId,
    ports::calendar::{Event as Wanted, EventKey, Interval, Listed, Placed, Seen, Words},
};

/// Of an event.
pub(super) const FIELDS: &str = "id,etag,status,htmlLink,hangoutLink,start,end,extendedProperties/private";
const BOOKING: &str = "deskbell_booking";
const GENERATION: &str = "deskbell_generation";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CalendarList {
    #[serde(default)]
    pub(super) items: Vec<Calendar>,
    pub(super) next_page_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Calendar {
    id: String,
    summary: Option<String>,
    summary_override: Option<String>,
    #[serde(default)]
    primary: bool,
    #[serde(default)]
    access_role: String,
    #[serde(default)]
    deleted: bool,
}

impl Calendar {
    pub(super) fn listed(self) -> Option<Listed> {
        let id = CalendarId::new(self.id).filter(|_| !self.deleted && self.access_role != "none")?;
        let name = self.summary_override.or(self.summary).unwrap_or_else(|| id.as_str().to_owned());
        // The scope is for calendars that the account owns.
        let writable = self.access_role == "owner";
        Some(Listed { id, name, primary: self.primary, writable, minutes: None, page: None })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FreeBusyQuestion<'a> {
    pub(super) time_min: String,
    pub(super) time_max: String,
    pub(super) calendar_expansion_max: usize,
    pub(super) items: Vec<Item<'a>>,
}

#[derive(Serialize)]
pub(super) struct Item<'a> {
    pub(super) id: &'a str,
}

#[derive(Deserialize)]
pub(super) struct FreeBusy {
    pub(super) calendars: BTreeMap<String, FreeBusyCalendar>,
}

#[derive(Deserialize)]
pub(super) struct FreeBusyCalendar {
    pub(super) busy: Option<Vec<Period>>,
    pub(super) errors: Option<Vec<CalendarError>>,
}

#[derive(Deserialize)]
pub(super) struct Period {
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
}

#[derive(Deserialize)]
pub(super) struct CalendarError {
    #[serde(default)]
    pub(super) reason: String,
}

/// Characters of a description.
const LONGEST: usize = 8_192;

/// Google shows descriptions as HTML, and a caller's words may be in one.
fn as_plain(text: &str) -> String {
    text.replace('<', "&lt;").chars().take(LONGEST).collect()
}

/// An event as it is written: a new one whole, of one that stands there what is to change.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Writing<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Empty takes an old one away.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a str>,
    start: Moment<'a>,
    end: Moment<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transparency: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_properties: Option<Properties>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conference_data: Option<Conference>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Moment<'a> {
    date_time: String,
    time_zone: &'a str,
    /// An owner may have made it an all-day event: `null` takes that back.
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<()>,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Properties {
    private: BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Conference {
    create_request: ConferenceWish,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConferenceWish {
    /// The same one again makes no second meeting.
    request_id: String,
    conference_solution_key: Solution,
}

#[derive(Serialize)]
struct Solution {
    #[serde(rename = "type")]
    kind: &'static str,
}

impl<'a> Writing<'a> {
    /// A new one.
    pub(super) fn new(event: &'a Wanted) -> Self {
        let private = [
            (BOOKING.to_owned(), event.key.booking.to_string()),
            (GENERATION.to_owned(), event.key.generation.to_string()),
        ];
        Self {
            id: Some(id_of(event.key)),
            transparency: Some("opaque"),
            extended_properties: Some(Properties { private: private.into() }),
            ..Self::with(event, Words::ALL, None)
        }
    }

    /// What one that stands there is to become.
    pub(super) fn again(event: &'a Wanted, words: Words) -> Self {
        Self::with(event, words, Some(()))
    }

    fn with(event: &'a Wanted, words: Words, date: Option<()>) -> Self {
        let moment = |at: Timestamp| Moment { date_time: at.to_string(), time_zone: &event.zone, date };
        let conference = || Conference {
            create_request: ConferenceWish {
                request_id: event.key.to_string(),
                conference_solution_key: Solution { kind: "hangoutsMeet" },
            },
        };
        Self {
            id: None,
            summary: words.title.then_some(&event.title),
            description: words.description.then(|| as_plain(&event.description)),
            location: words.location.then(|| event.location.as_deref().unwrap_or_default()),
            start: moment(event.when.from),
            end: moment(event.when.to),
            transparency: None,
            extended_properties: None,
            conference_data: event.meeting.then(conference),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Events {
    #[serde(default)]
    pub(super) items: Vec<Event>,
    /// Of the calendar.
    pub(super) time_zone: Option<String>,
    pub(super) next_page_token: Option<String>,
    pub(super) next_sync_token: Option<String>,
}

/// An event as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    id: String,
    etag: Option<String>,
    status: Option<String>,
    html_link: Option<String>,
    hangout_link: Option<String>,
    start: Option<When>,
    end: Option<When>,
    #[serde(default)]
    extended_properties: Properties,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct When {
    date: Option<String>,
    date_time: Option<String>,
    time_zone: Option<String>,
}

impl When {
    /// `calendar`: its zone, for whole days, and for times without an offset when no zone of theirs is known.
    fn at(&self, calendar: Option<&TimeZone>) -> Option<Timestamp> {
        let local = |at: civil::DateTime, zone: &TimeZone| zone.to_ambiguous_timestamp(at).compatible().ok();
        match (&self.date_time, &self.date) {
            (Some(text), _) => text.parse::<Timestamp>().ok().map(second).or_else(|| {
                let own = self.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok());
                local(text.parse().ok()?, own.as_ref().or(calendar)?)
            }),
            (None, Some(date)) => local(date.parse::<civil::Date>().ok()?.at(0, 0, 0, 0), calendar?),
            (None, None) => None,
        }
    }
}

impl Event {
    pub(super) fn is_cancelled(&self) -> bool {
        self.status.as_deref() == Some("cancelled")
    }

    pub(super) fn is_all_day(&self) -> bool {
        self.start.as_ref().is_some_and(|start| start.date.is_some())
    }

    /// By the mark in it; of a deleted event, which may have none any more, by its id.
    pub(super) fn key(&self) -> Option<EventKey> {
        let private = &self.extended_properties.private;
        match (private.get(BOOKING), private.get(GENERATION)) {
            (Some(booking), Some(generation)) => {
                Some(EventKey { booking: booking.parse().ok()?, generation: generation.parse().ok()? })
            }
            _ if self.is_cancelled() => key_of(&self.id),
            _ => None,
        }
    }

    pub(super) fn placed(&self) -> Placed {
        Placed {
            id: self.id.clone(),
            etag: self.etag.clone(),
            link: self.html_link.clone().filter(|link| is_address(link)),
            meeting: self.hangout_link.clone().filter(|link| is_address(link)),
        }
    }

    /// Nothing when it says no time that can be understood: what is not known must not look deleted.
    pub(super) fn seen(self, zone: Option<&TimeZone>) -> Option<Seen> {
        let (placed, key) = (self.placed(), self.key());
        if self.is_cancelled() {
            return Some(Seen { placed, key, when: None });
        }
        let (from, to) = (self.start?.at(zone)?, self.end?.at(zone)?);
        Some(Seen { placed, key, when: Some(Interval { from, to: to.max(from) }) })
    }
}

/// Links are shown to the owner and texted to customers.
fn is_address(link: &str) -> bool {
    link.starts_with("https://") && link.len() <= 2_048 && !link.chars().any(|c| c.is_control() || c == ' ')
}

#[derive(Serialize)]
pub(super) struct ChannelWish<'a> {
    pub(super) id: &'a str,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) address: &'a str,
    pub(super) token: &'a str,
    pub(super) params: ChannelLife,
}

#[derive(Serialize)]
pub(super) struct ChannelLife {
    /// Seconds.
    pub(super) ttl: &'static str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Channel {
    pub(super) id: String,
    pub(super) resource_id: Option<String>,
    /// Milliseconds since 1970, as text.
    pub(super) expiration: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChannelEnd<'a> {
    pub(super) id: &'a str,
    pub(super) resource_id: &'a str,
}
