//! Our events, one at a time.

use anyhow::anyhow;
use jiff::tz::TimeZone;
use reqwest::{Method, header::IF_MATCH};

use super::{Google, ids::id_of, refusals, wire};
use crate::{
    adapters::calendar::exchange::{self, Doing},
    domain::connection::{CalendarId, Why},
    ports::calendar::{Access, Event, EventKey, Placed, Seen, Trouble, Words},
};

impl Google {
    pub(super) async fn insert(
        &self,
        access: &Access,
        calendar: &CalendarId,
        event: &Event,
    ) -> Result<Placed, Trouble> {
        let parts = ["calendars", calendar.as_str(), "events"];
        let request = self.request(Method::POST, &parts, &query(event), access).json(&wire::Writing::new(event));
        let answer = exchange::ask(request, Doing::Writing).await?;
        match answer.status() {
            200..=299 => {
                let made: wire::Event = answer.read()?;
                let placed = made.placed();
                if placed.id != id_of(event.key) {
                    return Err(answer.senseless("the event has another id than it was given"));
                }
                Ok(placed)
            }
            409 => self.standing(access, calendar, event.key).await,
            _ => Err(refusals::of_account(&answer)),
        }
    }

    /// The id is used: by this very event, or by one that was deleted, or by somebody else's.
    async fn standing(&self, access: &Access, calendar: &CalendarId, key: EventKey) -> Result<Placed, Trouble> {
        match self.get(access, calendar, &id_of(key)).await {
            Ok(event) if event.key() == Some(key) && !event.is_cancelled() => Ok(event.placed()),
            Ok(_) | Err(Trouble::Gone) => Err(Trouble::Conflict),
            Err(trouble) => Err(trouble),
        }
    }

    async fn get(&self, access: &Access, calendar: &CalendarId, id: &str) -> Result<wire::Event, Trouble> {
        let parts = ["calendars", calendar.as_str(), "events", id];
        let request = self.request(Method::GET, &parts, &[("fields", wire::FIELDS)], access);
        let answer = exchange::ask(request, Doing::Reading).await?;
        if answer.is_success() { answer.read() } else { Err(refusals::of_event(&answer)) }
    }

    pub(super) async fn patch(
        &self,
        access: &Access,
        calendar: &CalendarId,
        placed: &Placed,
        (event, words): (&Event, Words),
    ) -> Result<Placed, Trouble> {
        let parts = ["calendars", calendar.as_str(), "events", placed.id.as_str()];
        // One that had its meeting before keeps it, or its owner has taken it out.
        let event = &Event { meeting: event.meeting && placed.meeting.is_none(), ..event.clone() };
        let mut request = self.request(Method::PATCH, &parts, &query(event), access);
        if let Some(etag) = &placed.etag {
            request = request.header(IF_MATCH, etag);
        }
        let answer = exchange::ask(request.json(&wire::Writing::again(event, words)), Doing::Writing).await?;
        if answer.is_success() {
            let made: wire::Event = answer.read()?;
            return if made.is_cancelled() { Err(Trouble::Gone) } else { Ok(made.placed()) };
        }
        match refusals::of_event(&answer) {
            // A deleted event is said to be forbidden now and then, and that is nothing to bother the owner with.
            Trouble::Reconnect(Why::NotAllowed) => match self.get(access, calendar, &placed.id).await {
                Ok(event) if !event.is_cancelled() => Err(Trouble::Reconnect(Why::NotAllowed)),
                Ok(_) => Err(Trouble::Gone),
                Err(trouble) => Err(trouble),
            },
            trouble => Err(trouble),
        }
    }

    pub(super) async fn delete(&self, access: &Access, calendar: &CalendarId, placed: &Placed) -> Result<(), Trouble> {
        let parts = ["calendars", calendar.as_str(), "events", placed.id.as_str()];
        let request = self.request(Method::DELETE, &parts, &[("sendUpdates", "none")], access);
        let answer = exchange::ask(request, Doing::Writing).await?;
        match answer.status() {
            // 204 and nothing in it: a page that says 200 is somebody else's.
            204 => Ok(()),
            200..=299 => Err(answer.senseless("a deletion was answered with something")),
            _ => match refusals::of_event(&answer) {
                Trouble::Gone => Ok(()),
                trouble => Err(trouble),
            },
        }
    }

    pub(super) async fn look_for(
        &self,
        access: &Access,
        calendar: &CalendarId,
        key: EventKey,
    ) -> Result<Option<Seen>, Trouble> {
        let event = match self.get(access, calendar, &id_of(key)).await {
            Ok(event) if event.key() == Some(key) && !event.is_cancelled() => event,
            Ok(_) | Err(Trouble::Gone) => return Ok(None),
            Err(trouble) => return Err(trouble),
        };
        // The owner has made whole days of it; which hours those are is the calendar's to say.
        let zone = if event.is_all_day() { Some(self.zone(access, calendar).await?) } else { None };
        let seen = event.seen(zone.as_ref());
        seen.map(Some).ok_or_else(|| Trouble::Unavailable(anyhow!("the event says no time")))
    }

    /// A calendar's own zone. Any listing tells it; the smallest is asked for.
    async fn zone(&self, access: &Access, calendar: &CalendarId) -> Result<TimeZone, Trouble> {
        let parts = ["calendars", calendar.as_str(), "events"];
        let query = [("maxResults", "1"), ("fields", "timeZone")];
        let answer = exchange::ask(self.request(Method::GET, &parts, &query, access), Doing::Reading).await?;
        if !answer.is_success() {
            return Err(refusals::of_account(&answer));
        }
        let said: wire::Events = answer.read()?;
        let zone = said.time_zone.and_then(|name| TimeZone::get(&name).ok());
        zone.ok_or_else(|| answer.senseless("the calendar names no zone that is known"))
    }
}

/// Nobody is told by Google. A meeting is made only when the body's conference is looked at, which version 1 says.
fn query(event: &Event) -> Vec<(&'static str, &'static str)> {
    let mut query = vec![("sendUpdates", "none"), ("fields", wire::FIELDS)];
    if event.meeting {
        query.push(("conferenceDataVersion", "1"));
    }
    query
}
