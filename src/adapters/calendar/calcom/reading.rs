//! What is looked up at Cal.com: kinds of appointment, free times, and the visits that stand there.

use anyhow::anyhow;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;

use super::{
    BOOKINGS, Calcom, EVENT_TYPES, SLOTS, form,
    wire::{Booking, EventType, Slots},
};
use crate::{
    adapters::calendar::exchange::{self, Pages},
    domain::connection::CalendarId,
    ports::calendar::{Access, Booked, Interval, Listed, SeenVisit, Trouble, Visit},
};

/// The name under which a booking carries our mark.
pub(super) const MARK: &str = "deskbell";

/// Rows of a page.
const ROWS: usize = 100;

/// All of them: one that was cancelled is news, too.
const ANY_STATUS: &str = "upcoming,past,cancelled,unconfirmed";

/// The limits of a listing may be exclusive.
const AROUND: SignedDuration = SignedDuration::from_secs(60);

/// No appointment is longer; listings are limited by when they end.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

impl Calcom {
    pub(super) async fn event_type(&self, access: &Access, kind: &CalendarId) -> Result<EventType, Trouble> {
        let path = format!("/v2/event-types/{}", number(kind)?);
        Ok(self.found(self.request(Method::GET, &path, EVENT_TYPES, access)).await?.data)
    }

    /// Whose key it is, decides whose kinds are listed, hidden ones too.
    pub(super) async fn list_kinds(&self, access: &Access) -> Result<Vec<Listed>, Trouble> {
        let request = self.request(Method::GET, "/v2/event-types", EVENT_TYPES, access);
        let kinds: Vec<EventType> = self.found(request).await?.data;
        let listed = |kind: EventType| {
            Some(Listed {
                writable: form::hindrance(&kind).is_none(),
                id: CalendarId::new(kind.id.to_string())?,
                name: kind.title,
                primary: false,
                minutes: Some(kind.length_in_minutes),
                page: self.api.link(kind.booking_url),
            })
        };
        Ok(kinds.into_iter().filter_map(listed).collect())
    }

    /// `moving`: the booking that is to be moved there; its own time counts as free.
    pub(super) async fn free_times(
        &self,
        access: &Access,
        kind: &CalendarId,
        range: Interval,
        moving: Option<&str>,
    ) -> Result<Vec<Timestamp>, Trouble> {
        let kind = number(kind)?.to_string();
        let (start, end) = (range.from.to_string(), range.to.to_string());
        let query = [("eventTypeId", kind.as_str()), ("start", &start), ("end", &end), ("format", "range")];
        let mut request = self.request(Method::GET, "/v2/slots", SLOTS, access).query(&query);
        if let Some(uid) = moving {
            request = request.query(&[("bookingUidToReschedule", uid)]);
        }
        let slots: Slots = self.found(request).await?.data;
        let starts = slots.into_values().flatten().map(|slot| slot.start);
        let mut free: Vec<_> = starts.filter(|start| (range.from..range.to).contains(start)).collect();
        free.sort_unstable();
        free.dedup();
        Ok(free)
    }

    pub(super) async fn booking(&self, access: &Access, uid: &str) -> Result<Booking, Trouble> {
        let path = format!("/v2/bookings/{uid}");
        Ok(self.found(self.request(Method::GET, &path, BOOKINGS, access)).await?.data)
    }

    /// By its mark, among those of its kind that begin then; led to where it stands, when it was moved since. Not by the attendee: without an address of theirs Cal.com
    /// makes one up.
    pub(super) async fn look_for(
        &self,
        access: &Access,
        kind: &CalendarId,
        visit: &Visit,
    ) -> Result<Option<SeenVisit>, Trouble> {
        let kind = number(kind)?.to_string();
        let around = Interval { from: visit.starts, to: visit.starts.saturating_add(AROUND).unwrap_or(visit.starts) };
        let listed = self.listing(access, around, &[("eventTypeId", kind.as_str())]).await?;
        let mut ours: Vec<_> = listed.into_iter().filter(|seen| seen.key == Some(visit.key)).collect();
        ours.sort_by_key(|seen| seen.when.is_none());
        let Some(first) = ours.into_iter().next() else { return Ok(None) };
        let Some(moved) = first.moved_to.as_deref() else { return Ok(Some(first)) };
        match self.latest(access, moved).await {
            Ok(booking) => {
                let stands = seen(booking).ok_or_else(|| Trouble::Unavailable(anyhow!("a visit makes no sense")))?;
                Ok(Some(SeenVisit { key: Some(visit.key), ..stands }))
            }
            Err(Trouble::Gone) => Ok(Some(first)),
            Err(trouble) => Err(trouble),
        }
    }

    /// One that we were told of, as it is now.
    pub(super) async fn whereabouts(&self, access: &Access, booked: &Booked) -> Result<SeenVisit, Trouble> {
        let stands = seen(self.latest(access, &booked.id).await?);
        let mut stands = stands.ok_or_else(|| Trouble::Unavailable(anyhow!("a visit makes no sense")))?;
        stands.booked = self.with_links(stands.booked.id, booked.change_link.as_deref());
        Ok(SeenVisit { key: None, ..stands })
    }

    pub(super) async fn list_visits(&self, access: &Access, range: Interval) -> Result<Vec<SeenVisit>, Trouble> {
        self.listing(access, range, &[]).await
    }

    async fn listing(
        &self,
        access: &Access,
        range: Interval,
        only: &[(&str, &str)],
    ) -> Result<Vec<SeenVisit>, Trouble> {
        let from = range.from.saturating_sub(AROUND).unwrap_or(range.from).to_string();
        let to = range.to.saturating_add(LONGEST).unwrap_or(range.to).to_string();
        let take = ROWS.to_string();
        let query =
            [("status", ANY_STATUS), ("afterStart", &from), ("beforeEnd", &to), ("sortStart", "asc"), ("take", &take)];
        let (mut all, mut pages, mut skip) = (Vec::new(), Pages::default(), 0);
        loop {
            let request = self.request(Method::GET, "/v2/bookings", BOOKINGS, access);
            let request = request.query(&query).query(only).query(&[("skip", skip.to_string())]);
            let page = self.found::<Vec<Booking>>(request).await?;
            let Some(pagination) = page.pagination else {
                return Err(Trouble::Unavailable(anyhow!("a listing does not say whether it goes on")));
            };
            let count = page.data.len();
            for booking in page.data.into_iter().filter(|booking| (range.from..range.to).contains(&booking.start)) {
                let seen = seen(booking).ok_or_else(|| Trouble::Unavailable(anyhow!("a visit makes no sense")))?;
                all.push(seen);
            }
            if !pagination.has_next_page {
                return Ok(all);
            }
            // An empty page that is not the last one would be asked for again and again.
            skip += count;
            pages.go_on(&skip.to_string())?;
        }
    }
}

/// Its ids are numbers; nothing else gets into a path.
pub(super) fn number(kind: &CalendarId) -> Result<i64, Trouble> {
    kind.as_str().parse().map_err(|_| Trouble::Refused("this is not a kind of appointment at Cal.com"))
}

pub(super) fn seen(booking: Booking) -> Option<SeenVisit> {
    if !exchange::is_plain(&booking.uid) {
        return None;
    }
    let stands = !matches!(booking.status.as_str(), "cancelled" | "rejected");
    Some(SeenVisit {
        key: booking.metadata.and_then(|metadata| metadata.get(MARK)?.as_str()?.parse().ok()),
        booked: Booked { id: booking.uid, cancel_link: None, change_link: None },
        when: if stands { Some(exchange::interval(booking.start, booking.end)?) } else { None },
        moved_to: booking.rescheduled_to_uid.filter(|uid| !stands && exchange::is_plain(uid)),
    })
}
