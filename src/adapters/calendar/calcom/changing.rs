//! A booking at Cal.com that is moved or cancelled, by us or there.
//!
//! A move makes a new booking in the old one's place, and the old one, cancelled, names it. Whoever asks about the old one is
//! led to where it stands now: a move whose answer was lost is found done and not made twice, and what was moved is
//! cancelled where it stands.

use anyhow::anyhow;
use jiff::Timestamp;
use reqwest::Method;

use super::{
    BOOKINGS, Calcom,
    booking::is_taken,
    done, refused,
    wire::{Booking, Cancelling, Fault, Rescheduling},
};
use crate::{
    adapters::calendar::exchange::{self, Answer, Doing},
    domain::connection::CalendarId,
    ports::calendar::{Access, Booked, Trouble},
};

/// How often one appointment is followed from booking to booking.
const MOST_MOVES: usize = 10;

const NOT_MOVED: &str = "Cal.com does not let this booking be moved";
const NOT_CANCELLED: &str = "Cal.com does not let this booking be cancelled";

/// What the owner reads.
const CANCELLED: &str = "Cancelled by phone.";
const MOVED: &str = "Moved by phone.";

impl Calcom {
    /// Where a booking stands now; one that is over, when it was not moved.
    pub(super) async fn latest(&self, access: &Access, uid: &str) -> Result<Booking, Trouble> {
        let mut booking = self.booking(access, checked(uid)?).await?;
        for _ in 0..MOST_MOVES {
            let Some(next) = successor(&booking) else { return Ok(booking) };
            booking = self.booking(access, &next).await?;
        }
        Err(astray())
    }

    /// From wherever it stands. What stands there already is moved.
    pub(super) async fn reschedule(
        &self,
        access: &Access,
        booked: &Booked,
        starts: Timestamp,
    ) -> Result<Booked, Trouble> {
        let old = self.latest(access, &booked.id).await?;
        if is_over(&old) {
            return Err(Trouble::Gone);
        }
        let page = booked.change_link.as_deref();
        if exchange::second(old.start) == starts {
            return Ok(self.with_links(old.uid, page));
        }
        let start = starts.to_string();
        let wish = Rescheduling { start: &start, rescheduling_reason: MOVED };
        let path = format!("/v2/bookings/{}/reschedule", checked(&old.uid)?);
        let request = self.request(Method::POST, &path, BOOKINGS, access);
        let answer = exchange::ask(request.json(&wish), Doing::Writing).await?;
        if !answer.is_success() {
            return Err(self.why_not_moved(access, &old, starts, &answer).await);
        }
        let moved: Booking = done(&answer)?.data;
        if !exchange::is_plain(&moved.uid) || moved.status != "accepted" {
            return Err(answer.senseless("the booking that took its place does not stand"));
        }
        Ok(self.with_links(moved.uid, page))
    }

    async fn why_not_moved(&self, access: &Access, old: &Booking, starts: Timestamp, answer: &Answer) -> Trouble {
        let fault: Fault = answer.refusal();
        match answer.status() {
            403 | 404 | 410 => return refused(answer),
            409 => return Trouble::Taken,
            _ if is_taken(&fault) => return Trouble::Taken,
            _ => {}
        }
        match old.event_type_id.and_then(|id| CalendarId::new(id.to_string())) {
            Some(kind) => self.free_or_not(access, &kind, starts, Some(&old.uid), NOT_MOVED).await,
            None => Trouble::Refused(NOT_MOVED),
        }
    }

    pub(super) async fn take_back(&self, access: &Access, uid: &str) -> Result<(), Trouble> {
        let mut uid = checked(uid)?.to_owned();
        for _ in 0..MOST_MOVES {
            let wish = Cancelling { cancellation_reason: CANCELLED };
            let request = self.request(Method::POST, &format!("/v2/bookings/{uid}/cancel"), BOOKINGS, access);
            let answer = exchange::ask(request.json(&wish), Doing::Writing).await?;
            match answer.status() {
                404 | 410 => return Ok(()),
                _ if answer.is_success() => {
                    let cancelled = is_over(&done::<Booking>(&answer)?.data);
                    let stands = || answer.senseless("the booking stands after it was cancelled");
                    return if cancelled { Ok(()) } else { Err(stands()) };
                }
                _ => {}
            }
            // "Already cancelled" is 400 like every other refusal: what stands there decides.
            let booking = match self.booking(access, &uid).await {
                Ok(booking) => booking,
                Err(Trouble::Gone) => return Ok(()),
                Err(trouble) => return Err(trouble),
            };
            match successor(&booking) {
                Some(next) => uid = next,
                None if is_over(&booking) => return Ok(()),
                None if answer.status() == 403 => return Err(refused(&answer)),
                None => return Err(Trouble::Refused(NOT_CANCELLED)),
            }
        }
        Err(astray())
    }
}

fn astray() -> Trouble {
    Trouble::Unavailable(anyhow!("a booking was moved again and again"))
}

fn is_over(booking: &Booking) -> bool {
    matches!(booking.status.as_str(), "cancelled" | "rejected")
}

/// The booking that took this one's place.
fn successor(booking: &Booking) -> Option<String> {
    booking.rescheduled_to_uid.clone().filter(|uid| is_over(booking) && exchange::is_plain(uid))
}

fn checked(uid: &str) -> Result<&str, Trouble> {
    if exchange::is_plain(uid) { Ok(uid) } else { Err(Trouble::Refused("this is not a booking at Cal.com")) }
}
