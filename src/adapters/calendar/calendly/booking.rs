//! A booking for a caller, and its cancellation.
//!
//! What the vendor's refusal of a booking means is read from what it says when it says something that we know; everything
//! else is decided by asking whether the time is still free.

use anyhow::anyhow;
use jiff::SignedDuration;
use serde::de::DeserializeOwned;

use super::{
    Calendly, NEEDS_EMAIL, NEEDS_PAID_PLAN, form,
    names::Seat,
    reading::MOST_MOVES,
    refused,
    wire::{Cancelled, Cancelling, Event, Fault, Invitee, Location, NewInvitee, One, Person, Tracking},
};
use crate::{
    adapters::calendar::exchange::{self, Answer, Doing},
    domain::connection::{CalendarId, Why},
    ports::calendar::{Access, Booked, Interval, Trouble, Visit},
};

const EMAIL_NOT_TAKEN: &str = "Calendly does not take this e-mail address";
const PLACE_NOT_TAKEN: &str = "Calendly does not take where this kind of appointment is to take place";
const NOT_TAKEN: &str = "Calendly does not take this booking, though the time is free";

const OTHERS: &str = "others have joined this session, and Calendly can cancel it only for all";

/// What the owner reads.
const REASON: &str = "Cancelled by phone.";

/// Whoever booked it, for the owner's reports.
const SOURCE: &str = "deskbell";

impl Calendly {
    /// Two requests: what the kind asks for, and the booking. Nothing is done before the second one is sent.
    pub(super) async fn make(&self, access: &Access, kind: &CalendarId, visit: &Visit) -> Result<Booked, Trouble> {
        let email = visit.email.as_deref().map(str::trim).filter(|email| !email.is_empty());
        let email = email.ok_or(Trouble::Refused(NEEDS_EMAIL))?;
        if visit.starts < self.soonest() {
            return Err(Trouble::Taken);
        }
        let asked = self.event_type(access, kind).await?;
        if let Some(why) = form::hindrance(&asked) {
            return Err(Trouble::Refused(why));
        }
        let key = visit.key.to_string();
        let wish = NewInvitee {
            event_type: kind.as_str(),
            start_time: visit.starts.to_string(),
            invitee: Person { name: visit.name.trim(), email, timezone: &visit.zone },
            location: form::place(&asked, visit).map_err(Trouble::Refused)?,
            questions_and_answers: form::answers(&asked, visit).map_err(Trouble::Refused)?,
            tracking: Tracking {
                utm_campaign: None,
                utm_source: Some(SOURCE),
                utm_medium: None,
                utm_content: Some(&key),
                utm_term: None,
                salesforce_uuid: None,
            },
        };
        let placed = wish.location.as_ref().is_some_and(|Location { location, .. }| location.is_some());
        let answer = exchange::ask(self.post(access, "/invitees").json(&wish), Doing::Writing).await?;
        if !answer.is_success() {
            return Err(self.why_not(access, kind, visit, &answer, placed).await);
        }
        let invitee: One<Invitee> = answer.read()?;
        let invitee = invitee.resource;
        let seat = Seat::at(self.api.base(), &invitee.uri);
        let seat = seat.ok_or_else(|| answer.senseless("the booking has an address elsewhere"))?;
        Ok(self.presentable(Booked {
            id: seat.name(),
            cancel_link: invitee.cancel_url,
            change_link: invitee.reschedule_url,
        }))
    }

    async fn why_not(
        &self,
        access: &Access,
        kind: &CalendarId,
        visit: &Visit,
        answer: &Answer,
        placed: bool,
    ) -> Trouble {
        let fault: Fault = answer.refusal();
        match answer.status() {
            // The scopes were compared when it was connected, so it is the plan, unless it says otherwise.
            403 if fault.mentions("scope") => Trouble::Reconnect(Why::NotAllowed),
            403 => Trouble::Refused(NEEDS_PAID_PLAN),
            404 | 410 => Trouble::Gone,
            _ if fault.mentions("already_filled") => Trouble::Taken,
            _ if fault.mentions("questions and answers") => Trouble::Refused(form::ASKS_TOO_MUCH),
            _ if fault.mentions("location") => {
                Trouble::Refused(if placed { PLACE_NOT_TAKEN } else { form::NEEDS_PLACE })
            }
            _ if fault.mentions("email") => Trouble::Refused(EMAIL_NOT_TAKEN),
            409 => Trouble::Taken,
            _ => self.free_or_not(access, kind, visit).await,
        }
    }

    /// For a refusal without a reason that we know. When it cannot be told, nothing was done all the same.
    async fn free_or_not(&self, access: &Access, kind: &CalendarId, visit: &Visit) -> Trouble {
        let Ok(to) = visit.starts.checked_add(SignedDuration::from_mins(1)) else { return Trouble::Taken };
        match self.free_times(access, kind, Interval { from: visit.starts, to }).await {
            Ok(free) if free.contains(&visit.starts) => Trouble::Refused(NOT_TAKEN),
            Ok(_) => Trouble::Taken,
            Err(trouble) => trouble,
        }
    }

    /// An event is cancelled for all of its invitees, so one that others have joined is looked at first. One that was moved
    /// is cancelled where it stands.
    pub(super) async fn take_back(&self, access: &Access, seat: &Seat) -> Result<(), Trouble> {
        let mut seat = seat.clone();
        for _ in 0..MOST_MOVES {
            let Some(event) = self.unless_gone::<Event>(access, &seat.event_path()).await? else { return Ok(()) };
            let over = event.status == "canceled";
            if over || event.invitees_counter.limit > 1 || event.invitees_counter.active > 1 {
                let Some(invitee) = self.unless_gone::<Invitee>(access, &seat.path()).await? else { return Ok(()) };
                if over || invitee.status == "canceled" {
                    let moved_to = invitee.new_invitee.filter(|_| invitee.rescheduled);
                    match moved_to.and_then(|address| Seat::at(self.api.base(), &address)) {
                        Some(next) => seat = next,
                        None => return Ok(()),
                    }
                    continue;
                }
                if event.invitees_counter.active > 1 {
                    return Err(Trouble::Refused(OTHERS));
                }
            }
            let path = format!("{}/cancellation", seat.event_path());
            let request = self.post(access, &path).json(&Cancelling { reason: REASON });
            let answer = exchange::ask(request, Doing::Writing).await?;
            if answer.is_success() {
                return answer.read::<One<Cancelled>>().map(drop);
            }
            let fault: Fault = answer.refusal();
            match answer.status() {
                404 | 410 => return Ok(()),
                // By somebody else in the meantime, or moved: look again.
                403 if fault.mentions("already canceled") => {}
                403 if fault.mentions("in the past") => return Err(Trouble::Refused("it is over already")),
                _ => return Err(refused(&answer)),
            }
        }
        Err(Trouble::Unavailable(anyhow!("a visit was moved again and again")))
    }

    async fn unless_gone<T: DeserializeOwned>(&self, access: &Access, path: &str) -> Result<Option<T>, Trouble> {
        match self.found::<One<T>>(self.get(access, path)).await {
            Ok(found) => Ok(Some(found.resource)),
            Err(Trouble::Gone) => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }
}
