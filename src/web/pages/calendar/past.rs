//! What became of a booking, from the first hold to now, and what was texted about it.

use jiff::Timestamp;

use super::{ask::booking_path, words::Words};
use crate::{
    domain::{
        booking::{Booking, BookingState},
        business::Business,
    },
    store::{
        audit::Deed,
        bookings::Ending,
        outbox::{Kind, Outbox, OutboxState},
    },
    web::{
        pages::{fault::Fault, frame::root},
        patience::in_time,
        state::AppState,
    },
};

/// Something that happened.
pub(super) struct Event {
    pub(super) when: String,
    pub(super) text: String,
    /// Where more about it stands: (address, name).
    pub(super) link: Option<(String, &'static str)>,
}

/// A text message.
pub(super) struct Letter {
    pub(super) what: &'static str,
    pub(super) when: String,
    /// "Delivered", and the badge's colour.
    pub(super) state: &'static str,
    pub(super) tone: &'static str,
    pub(super) problem: String,
    pub(super) body: String,
}

/// Reads what is known, newest last.
pub(super) async fn events(
    state: &AppState,
    business: &Business,
    booking: &Booking,
    words: &Words,
) -> Result<Vec<Event>, Fault> {
    let store = &state.store;
    let subject = booking.id.to_string();
    let deeds = in_time("reading the audit log", store.deeds_about(business.id, &subject)).await?;
    let replaced = in_time("reading a booking", store.replaced_by(business.id, booking.id)).await?;
    let old = match replaced {
        Some(old) => in_time("reading a booking", store.booking(business.id, old)).await?,
        None => None,
    };
    let mut events = vec![made(business, booking, old.as_ref(), &deeds, words)];
    match booking.state {
        BookingState::Cancelled { at } => {
            let ending = in_time("reading a booking", store.ending(business.id, booking.id)).await?;
            events.push(cancelled(at, &ending, &deeds, words));
        }
        BookingState::Moved { to } => {
            let new = in_time("reading a booking", store.booking(business.id, to)).await?;
            let now_at = new.map_or_else(|| "another time".to_owned(), |new| words.moment(new.slot.starts));
            events.push(Event {
                when: String::new(),
                text: format!("Moved to {now_at}"),
                link: Some((booking_path(business, to), "See it there")),
            });
        }
        BookingState::Expired => events.push(Event {
            when: String::new(),
            text: "Let go: it was kept for a while, and nobody said yes".to_owned(),
            link: None,
        }),
        BookingState::Held { expires } => events.push(Event {
            when: String::new(),
            text: format!("Kept until {} for somebody who is booking now", words.clock(expires)),
            link: None,
        }),
        BookingState::Confirmed { .. } => {}
    }
    Ok(events)
}

/// How it came to be.
fn made(business: &Business, booking: &Booking, old: Option<&Booking>, deeds: &[Deed], words: &Words) -> Event {
    let by = |deed: &str| deeds.iter().find(|done| done.deed == deed).map(|done| format!(" by {}", done.actor));
    let when = words.moment(booking.created);
    if let Some(old) = old {
        let by = by("booking.moved").unwrap_or_default();
        let by = if booking.call.is_some() { " on the phone".to_owned() } else { by };
        let link = Some((booking_path(business, old.id), "See what it was"));
        return Event { when, text: format!("Moved here{by} from {}", words.moment(old.slot.starts)), link };
    }
    if let Some(call) = booking.call {
        let link = Some((format!("{}/calls/{call}", root(business)), "See the call"));
        return Event { when, text: "Booked on the phone".to_owned(), link };
    }
    let by = by("booking.added").or_else(|| by("booking.restored"));
    let again = deeds.iter().any(|done| done.deed == "booking.restored");
    let what = if again { "Booked again" } else { "Booked" };
    let text = by.map_or_else(|| "Booked online or by another program".to_owned(), |by| format!("{what}{by}"));
    Event { when, text, link: None }
}

fn cancelled(at: Timestamp, ending: &Ending, deeds: &[Deed], words: &Words) -> Event {
    let by_us = deeds.iter().find(|done| done.deed == "booking.cancelled");
    let by = match (by_us, ending.by.as_deref()) {
        (Some(deed), _) => format!(" by {}", deed.actor),
        (None, Some("customer")) => " by the customer".to_owned(),
        _ => String::new(),
    };
    let why = ending.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    Event { when: words.moment(at), text: format!("Cancelled{by}{why}"), link: None }
}

/// What was texted about it.
pub(super) async fn letters(state: &AppState, booking: &Booking, words: &Words) -> Result<Vec<Letter>, Fault> {
    let rows = in_time("reading the messages", state.store.outbox_of_booking(booking.id)).await?;
    let texts = rows.into_iter().filter(|row| row.kind == Kind::Sms && row.business == booking.business);
    Ok(texts.map(|row| letter(row, words)).collect())
}

fn letter(row: Outbox, words: &Words) -> Letter {
    let what = match row.template.as_str() {
        "booked" => "Booked",
        "moved" => "Moved",
        "cancelled" => "Cancelled",
        "requested" => "Asked for",
        "reminder" => "Reminder",
        _ => "Message",
    };
    let (state, tone) = match (row.state, row.delivery.as_deref()) {
        (OutboxState::Pending, _) => ("Waiting", ""),
        (OutboxState::Sending, _) => ("Being sent", ""),
        (OutboxState::Failed, _) | (_, Some("undelivered" | "failed")) => ("Not delivered", " bad"),
        (OutboxState::Sent, Some("delivered")) => ("Delivered", " good"),
        (OutboxState::Sent, _) => ("Sent", " info"),
    };
    let problem = row.problem.unwrap_or_default();
    let body = if row.body.is_empty() { "Deleted".to_owned() } else { row.body };
    Letter { what, when: words.moment(row.created), state, tone, problem, body }
}
