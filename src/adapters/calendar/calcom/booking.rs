//! A booking for a caller at Cal.com.
//!
//! A time is reserved for a minute before it is booked. Cal.com's own page does so when a visitor has picked a time, and the
//! two exclude each other: with a reservation nobody who fills in the form at this moment can be overtaken by us, nor we by
//! them, and of two requests at once one is told so. It is given back as soon as the booking is answered: a time that is
//! cancelled right away, or asked about, must not seem taken by ourselves. After a crash it ends by itself. Where it cannot
//! be made for another reason than that the time is taken, the booking goes ahead without: Cal.com does not ask for one.

use std::{collections::BTreeMap, time::Duration};

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;

use super::{
    BOOKINGS, Calcom, NEEDS_EMAIL, SLOTS, done, form,
    reading::{MARK, number},
    refused,
    wire::{Attendee, Booking, Fault, NewBooking, Reservation, Reserving},
};
use crate::{
    adapters::calendar::exchange::{self, Answer, Doing},
    domain::connection::CalendarId,
    ports::calendar::{Access, Booked, Interval, Trouble, Visit},
};

/// Minutes. A booking takes seconds; what is left behind by a crash is in the way for no longer.
const RESERVED: u16 = 1;
const LETTING_GO: Duration = Duration::from_secs(1);

const NOT_TAKEN: &str = "Cal.com does not take this booking, though the time is free";

/// What it says of a time that is not free: in the words of its v2, and the codes beneath.
const TAKEN: [&str; 5] =
    ["is not available", "no_available_users", "already booked", "already been booked", "booking_conflict"];
/// Of an address or a number that is missing or odd. Whole words: an answer may repeat what was sent, `email` and all.
const EMAIL: [&str; 5] =
    ["email must be", "email is required", "email_address is required", "email_validation", "invalid email"];
const PHONE: [&str; 3] = ["phonenumber is required", "phone number is required", "phonenumber must be"];

impl Calcom {
    pub(super) async fn make(&self, access: &Access, kind: &CalendarId, visit: &Visit) -> Result<Booked, Trouble> {
        let asked = self.event_type(access, kind).await?;
        if let Some(why) = form::hindrance(&asked) {
            return Err(Trouble::Refused(why));
        }
        let email = visit.email.as_deref().map(str::trim).filter(|email| !email.is_empty());
        if email.is_none() && form::wants_email(&asked) {
            return Err(Trouble::Refused(NEEDS_EMAIL));
        }
        let (key, start) = (visit.key.to_string(), visit.starts.to_string());
        let wish = NewBooking {
            start: &start,
            event_type_id: number(kind)?,
            attendee: Attendee {
                name: visit.name.trim(),
                time_zone: &visit.zone,
                email,
                phone_number: visit.phone.as_deref(),
                language: form::language(&visit.language),
            },
            booking_fields_responses: form::answers(&asked, visit).map_err(Trouble::Refused)?,
            location: form::place(&asked, visit).map_err(Trouble::Refused)?,
            length_in_minutes: form::length(&asked, visit),
            metadata: BTreeMap::from([(MARK, key.as_str())]),
        };
        let reservation = self.reserve(access, &wish).await?;
        let request = self.request(Method::POST, "/v2/bookings", BOOKINGS, access).json(&wish);
        let sent = exchange::ask(request, Doing::Writing).await;
        if let Some(uid) = reservation {
            self.let_go(access, &uid).await;
        }
        let answer = sent?;
        if !answer.is_success() {
            return Err(self.why_not(access, kind, visit, &answer).await);
        }
        let booking: Booking = done(&answer)?.data;
        if !exchange::is_plain(&booking.uid) {
            return Err(answer.senseless("the booking has no id that can be one"));
        }
        if booking.status != "accepted" {
            // The owner would have to accept it: nothing that a caller may be told is booked.
            return Err(match self.take_back(access, &booking.uid).await {
                Ok(()) => Trouble::Refused(form::NEEDS_OWNER),
                Err(_) => answer.senseless("it waits for the owner and cannot be taken back"),
            });
        }
        Ok(self.with_links(booking.uid, asked.booking_url.as_deref()))
    }

    /// The reservation's name, when there is one.
    async fn reserve(&self, access: &Access, wish: &NewBooking<'_>) -> Result<Option<String>, Trouble> {
        let reserving = Reserving {
            event_type_id: wish.event_type_id,
            slot_start: wish.start,
            slot_duration: wish.length_in_minutes,
            reservation_duration: RESERVED,
        };
        let request = self.request(Method::POST, "/v2/slots/reservations", SLOTS, access).json(&reserving);
        let answer = match exchange::ask(request, Doing::Writing).await {
            Ok(answer) => answer,
            // Perhaps it was made and only its answer lost: then it ends by itself, and is not in our own way.
            Err(Trouble::Unknown(_) | Trouble::Refused(_)) => return Ok(None),
            Err(trouble) => return Err(trouble),
        };
        match answer.status() {
            _ if answer.is_success() => {
                let made = done::<Reservation>(&answer).ok().map(|made| made.data.reservation_uid);
                Ok(made.filter(|uid| exchange::is_plain(uid)))
            }
            409 | 422 => Err(Trouble::Taken),
            _ => Ok(None),
        }
    }

    /// It would end by itself, so whether this succeeds does not matter; nobody waits long for it.
    async fn let_go(&self, access: &Access, uid: &str) {
        let path = format!("/v2/slots/reservations/{uid}");
        let request = self.request(Method::DELETE, &path, SLOTS, access).timeout(LETTING_GO);
        drop(exchange::ask(request, Doing::Writing).await);
    }

    /// The pages where the customer changes it stand where the kind's own page stands.
    pub(super) fn with_links(&self, uid: String, page: Option<&str>) -> Booked {
        let site = page.and_then(|page| {
            let host = page.find("://")? + 3;
            Some(page[host..].find('/').map_or(page, |end| &page[..host + end]))
        });
        let link = |path: &str| self.api.link(site.map(|site| format!("{site}/{path}")));
        Booked {
            cancel_link: link(&format!("booking/{uid}?cancel=true")),
            change_link: link(&format!("reschedule/{uid}")),
            id: uid,
        }
    }

    async fn why_not(&self, access: &Access, kind: &CalendarId, visit: &Visit, answer: &Answer) -> Trouble {
        let fault: Fault = answer.refusal();
        match answer.status() {
            403 | 404 | 410 => refused(answer),
            _ if is_taken(&fault) => Trouble::Taken,
            409 => Trouble::Taken,
            _ if speaks_of(&fault, &EMAIL) && visit.email.is_none() => Trouble::Refused(NEEDS_EMAIL),
            _ if speaks_of(&fault, &EMAIL) => Trouble::Refused("Cal.com does not take this e-mail address"),
            _ if speaks_of(&fault, &PHONE) && visit.phone.is_none() => Trouble::Refused(form::NEEDS_PHONE),
            _ => self.free_or_not(access, kind, visit.starts, None, NOT_TAKEN).await,
        }
    }

    /// For a refusal without a reason that we know. When it cannot be told, nothing was done all the same.
    pub(super) async fn free_or_not(
        &self,
        access: &Access,
        kind: &CalendarId,
        starts: Timestamp,
        moving: Option<&str>,
        otherwise: &'static str,
    ) -> Trouble {
        let Ok(to) = starts.checked_add(SignedDuration::from_mins(1)) else { return Trouble::Taken };
        match self.free_times(access, kind, Interval { from: starts, to }, moving).await {
            Ok(free) if free.contains(&starts) => Trouble::Refused(otherwise),
            Ok(_) => Trouble::Taken,
            Err(trouble) => trouble,
        }
    }
}

pub(super) fn is_taken(fault: &Fault) -> bool {
    speaks_of(fault, &TAKEN)
}

fn speaks_of(fault: &Fault, words: &[&str]) -> bool {
    words.iter().any(|words| fault.mentions(words))
}
