//! How an appointment reads in somebody's calendar. Only names and numbers stand in it, so it needs no language.

use sha2::{Digest as _, Sha256};

use crate::{
    domain::{booking::Booking, business::Business, connection::Connection},
    ports::calendar::{Event, EventKey, Interval, Visit},
};

/// The longest title and place, in characters: vendors cut at 1,024 and less, and nobody reads so much.
const LONGEST: usize = 200;

/// An appointment as an event. In a calendar of one member of staff their name does not stand.
pub(super) fn event(
    business: &Business,
    connection: &Connection,
    booking: &Booking,
    key: EventKey,
    when: Interval,
) -> Event {
    let service = business.service(booking.slot.service).map(|service| service.name.as_str());
    let member = business.member(booking.slot.staff).map(|member| member.name.as_str());
    let member = member.filter(|_| connection.staff.is_none() && business.staff.len() > 1);
    let parts = [service, member, Some(booking.customer.name.as_str())];
    let title = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let phone = booking.customer.phone.as_ref().map(ToString::to_string);
    Event {
        key,
        title: cut(&title),
        description: phone.into_iter().chain(["Deskbell".to_owned()]).collect::<Vec<_>>().join("\n"),
        location: business.address.as_deref().map(cut),
        when,
        zone: business.zone.name().to_owned(),
        meeting: connection.choice.meeting,
    }
}

/// The same as a visit, for vendors that keep their own bookings. `alias`: the domain that addresses for callers without one
/// are made in.
pub(super) fn visit(
    business: &Business,
    booking: &Booking,
    key: EventKey,
    when: Interval,
    alias: Option<&str>,
) -> Visit {
    let minutes = business.service(booking.slot.service).map_or(60, |service| service.minutes);
    let phone = booking.customer.phone.as_ref().map(ToString::to_string);
    Visit {
        key,
        starts: when.from,
        minutes,
        zone: business.zone.name().to_owned(),
        name: booking.customer.name.as_str().to_owned(),
        // Of the key's booking, so that it is the same as long as the visit is.
        email: alias.map(|domain| format!("{}@{domain}", key.booking.0.simple())),
        phone: phone.clone(),
        language: business.voice.language.clone(),
        notes: phone.into_iter().chain(["Deskbell".to_owned()]).collect::<Vec<_>>().join("\n"),
    }
}

/// Without what breaks lines, and not longer than anybody reads.
fn cut(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect()
}

/// What an event says, so that one that says so already is not written again.
pub(super) fn digest(event: &Event) -> String {
    let Event { key: _, title, description, location, when, zone, meeting } = event;
    let mut hash = Sha256::new();
    for part in [title, description, location.as_deref().unwrap_or_default(), zone] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.update(format!("{}/{}/{meeting}", when.from, when.to));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The same for a visit: only when it is can be changed.
pub(super) fn digest_of_visit(when: Interval) -> String {
    when.from.to_string()
}
