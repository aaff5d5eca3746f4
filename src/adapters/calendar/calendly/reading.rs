//! What is looked up at Calendly: kinds of appointment, free times, and the visits that stand there.

use anyhow::anyhow;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;

use super::{
    Calendly, NEEDS_EMAIL, form,
    names::Seat,
    wire::{AvailableTime, Event, EventType, Invitee, One, Page, User},
};
use crate::{
    adapters::calendar::exchange::{self, Pages},
    domain::connection::CalendarId,
    ports::calendar::{Access, Booked, Interval, Listed, SeenVisit, Trouble, Visit},
};

/// The longest window of free times since 2026-07-09 (it was 7 days).
const LONGEST_WINDOW: SignedDuration = SignedDuration::from_hours(31 * 24);

/// Rows of a page, as many as there may be.
const ROWS: &str = "100";

/// How many events' invitees are asked for at once: each event is a request of its own.
const AT_ONCE: usize = 4;

/// How often one appointment is followed from event to event.
pub(super) const MOST_MOVES: usize = 10;

/// How far from the time that was asked for a lost booking is looked for: the limits of a listing may be exclusive.
const AROUND: SignedDuration = SignedDuration::from_secs(60);

impl Calendly {
    pub(super) async fn me(&self, access: &Access) -> Result<User, Trouble> {
        let user: One<User> = self.found(self.get(access, "/users/me")).await?;
        Ok(user.resource)
    }

    pub(super) async fn event_type(&self, access: &Access, kind: &CalendarId) -> Result<EventType, Trouble> {
        let path = self.path("event_types", kind.as_str())?;
        let kind: One<EventType> = self.found(self.get(access, &path)).await?;
        Ok(kind.resource)
    }

    pub(super) async fn list_kinds(&self, access: &Access) -> Result<Vec<Listed>, Trouble> {
        let query = [("user", access.account.subject.as_str()), ("active", "true"), ("count", ROWS)];
        let kinds: Vec<EventType> = self.pages(access, "/event_types", &query).await?;
        Ok(kinds.into_iter().filter(|kind| kind.active).filter_map(|kind| self.listed(kind)).collect())
    }

    fn listed(&self, kind: EventType) -> Option<Listed> {
        self.path("event_types", &kind.uri).ok()?;
        Some(Listed {
            writable: form::hindrance(&kind).is_none(),
            id: CalendarId::new(kind.uri)?,
            name: kind.name.unwrap_or_else(|| "(no name)".to_owned()),
            primary: false,
            minutes: Some(kind.duration),
            page: self.api.link(Some(kind.scheduling_url)),
        })
    }

    pub(super) async fn free_times(
        &self,
        access: &Access,
        kind: &CalendarId,
        range: Interval,
    ) -> Result<Vec<Timestamp>, Trouble> {
        self.path("event_types", kind.as_str())?;
        let mut free = Vec::new();
        let mut from = range.from.max(self.soonest());
        while from < range.to {
            let to = from.saturating_add(LONGEST_WINDOW).unwrap_or(range.to).min(range.to);
            let (start, end) = (from.to_string(), to.to_string());
            let query = [("event_type", kind.as_str()), ("start_time", &start), ("end_time", &end)];
            let times: Page<AvailableTime> =
                self.found(self.get(access, "/event_type_available_times").query(&query)).await?;
            let open = |time: &AvailableTime| {
                time.status == "available" && time.invitees_remaining.is_none_or(|remaining| remaining > 0)
            };
            let within = times.collection.iter().filter(|time| open(time)).map(|time| time.start_time);
            free.extend(within.filter(|time| (from..to).contains(time)));
            from = to;
        }
        free.sort_unstable();
        free.dedup();
        Ok(free)
    }

    pub(super) async fn look_for(&self, access: &Access, visit: &Visit) -> Result<Option<SeenVisit>, Trouble> {
        let email = visit.email.as_deref().ok_or(Trouble::Refused(NEEDS_EMAIL))?;
        let around = |by: SignedDuration| visit.starts.saturating_add(by).unwrap_or(visit.starts).to_string();
        let (from, to) = (around(-AROUND), around(AROUND));
        let query = [
            ("user", access.account.subject.as_str()),
            ("invitee_email", email),
            ("min_start_time", &from),
            ("max_start_time", &to),
            ("count", ROWS),
        ];
        let events: Vec<Event> = self.pages(access, "/scheduled_events", &query).await?;
        let mut cancelled = None;
        for event in &events {
            let seen = self.invitees(access, event, Some(email)).await?;
            for visit in seen.into_iter().filter(|seen| seen.key == Some(visit.key)) {
                if visit.when.is_some() {
                    return Ok(Some(visit));
                }
                cancelled = Some(visit);
            }
        }
        match cancelled {
            Some(visit) => self.latest(access, visit).await.map(Some),
            None => Ok(None),
        }
    }

    /// One that we were told of, as it is now.
    pub(super) async fn whereabouts(&self, access: &Access, booked: &Booked) -> Result<SeenVisit, Trouble> {
        Seat::named(&booked.id).ok_or(Trouble::Refused("this is not a booking at Calendly"))?;
        let moved_to = Some(booked.id.clone());
        self.latest(access, SeenVisit { booked: booked.clone(), key: None, when: None, moved_to }).await
    }

    /// Where a visit stands now, when it was moved.
    async fn latest(&self, access: &Access, mut visit: SeenVisit) -> Result<SeenVisit, Trouble> {
        for _ in 0..MOST_MOVES {
            let Some(seat) = visit.moved_to.as_deref().and_then(Seat::named) else { return Ok(visit) };
            let event: One<Event> = self.found(self.get(access, &seat.event_path())).await?;
            let invitee: One<Invitee> = self.found(self.get(access, &seat.path())).await?;
            let stands = seen(self.api.base(), invitee.resource, Some(&event.resource));
            let stands = stands.ok_or_else(|| Trouble::Unavailable(anyhow!("a visit makes no sense")))?;
            visit = SeenVisit { booked: self.presentable(stands.booked), key: visit.key, ..stands };
        }
        Err(Trouble::Unavailable(anyhow!("a visit was moved again and again")))
    }

    pub(super) async fn list_visits(&self, access: &Access, range: Interval) -> Result<Vec<SeenVisit>, Trouble> {
        // The limits of the listing may be exclusive; what is outside is left out here.
        let from = range.from.saturating_sub(AROUND).unwrap_or(range.from).to_string();
        let to = range.to.to_string();
        let query = [
            ("user", access.account.subject.as_str()),
            ("min_start_time", &from),
            ("max_start_time", &to),
            ("sort", "start_time:asc"),
            ("count", ROWS),
        ];
        let mut events: Vec<Event> = self.pages(access, "/scheduled_events", &query).await?;
        events.retain(|event| (range.from..range.to).contains(&event.start_time));
        let mut asked = Vec::with_capacity(events.len());
        for event in &events {
            asked.push(self.invitees(access, event, None));
        }
        let seen: Vec<Vec<SeenVisit>> = stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
        Ok(seen.into_iter().flatten().collect())
    }

    async fn invitees(&self, access: &Access, event: &Event, email: Option<&str>) -> Result<Vec<SeenVisit>, Trouble> {
        let elsewhere = || Trouble::Unavailable(anyhow!("an event has an address elsewhere"));
        let path = self.path("scheduled_events", &event.uri).map_err(|_| elsewhere())?;
        let mut query = vec![("count", ROWS)];
        query.extend(email.map(|email| ("email", email)));
        let invitees: Vec<Invitee> = self.pages(access, &format!("{path}/invitees"), &query).await?;
        let seen = |invitee| seen(self.api.base(), invitee, Some(event));
        let visits = invitees.into_iter().map(|invitee| {
            let mut visit = seen(invitee)?;
            visit.booked = self.presentable(visit.booked);
            Some(visit)
        });
        visits.collect::<Option<_>>().ok_or_else(|| Trouble::Unavailable(anyhow!("a visit makes no sense")))
    }

    /// Without links that nobody should be sent.
    pub(super) fn presentable(&self, booked: Booked) -> Booked {
        Booked {
            id: booked.id,
            cancel_link: self.api.link(booked.cancel_link),
            change_link: self.api.link(booked.change_link),
        }
    }

    /// A whole listing, page by page.
    pub(super) async fn pages<T: DeserializeOwned>(
        &self,
        access: &Access,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, Trouble> {
        let (mut all, mut pages, mut token) = (Vec::new(), Pages::default(), None::<String>);
        loop {
            let mut request = self.get(access, path).query(query);
            if let Some(token) = &token {
                request = request.query(&[("page_token", token)]);
            }
            let page: Page<T> = self.found(request).await?;
            all.extend(page.collection);
            let next = page.pagination.and_then(|pagination| pagination.next_page_token);
            let Some(next) = next.filter(|next| !next.is_empty()) else { return Ok(all) };
            pages.go_on(&next)?;
            token = Some(next);
        }
    }
}

/// What an invitee comes to. Nothing when it cannot be: an address elsewhere, an end before its beginning. `event` tells
/// when; without it a visit that stands cannot be placed.
pub(super) fn seen(base: &str, invitee: Invitee, event: Option<&Event>) -> Option<SeenVisit> {
    let seat = Seat::at(base, &invitee.uri)?;
    let over = invitee.status == "canceled" || event.is_some_and(|event| event.status == "canceled");
    let when = match event {
        _ if over => None,
        Some(event) => Some(exchange::interval(event.start_time, event.end_time)?),
        None => return None,
    };
    let moved_to = match invitee.new_invitee.filter(|_| invitee.rescheduled) {
        Some(address) => Some(Seat::at(base, &address)?.name()),
        None => None,
    };
    Some(SeenVisit {
        key: invitee.tracking.and_then(|tracking| tracking.utm_content?.parse().ok()),
        booked: Booked { id: seat.name(), cancel_link: invitee.cancel_url, change_link: invitee.reschedule_url },
        when,
        moved_to,
    })
}
