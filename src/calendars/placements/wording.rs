//! How an appointment reads in somebody's calendar. Only names and numbers stand in it, so it needs no language.

use sha2::{Digest as _, Sha256};

use crate::{
    domain::{
        booking::Booking,
        business::Business,
        connection::{CalendarId, Connection},
    },
    ports::calendar::{Event, EventKey, Interval, Visit, Words},
};

/// The longest title and place, in characters: vendors cut at 1,024 and less, and nobody reads so much.
const LONGEST: usize = 200;

/// An appointment as an event. In a calendar that one member of staff alone has appointments in their name does not stand.
pub(super) fn event(
    business: &Business,
    (connection, calendar): (&Connection, &CalendarId),
    booking: &Booking,
    key: EventKey,
    when: Interval,
) -> Event {
    let service = business.service(booking.slot.service).map(|service| service.name.as_str());
    let member = business.member(booking.slot.staff).map(|member| member.name.as_str());
    let member =
        member.filter(|_| business.staff.len() > 1 && connection.receives_alone(calendar) != Some(booking.slot.staff));
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
    let phone = booking.customer.phone.as_ref().map(ToString::to_string);
    Visit {
        key,
        starts: when.from,
        minutes: u16::try_from(when.to.duration_since(when.from).as_mins()).unwrap_or(u16::MAX),
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

/// What was written last is not known.
pub(super) const UNKNOWN: &str = "";

/// What an event says, a hash of each of its words and its time, so that one that says so already is not written again, and of
/// another only what differs.
pub(super) fn digest(event: &Event) -> String {
    let Event { key: _, title, description, location, when, zone, meeting } = event;
    let words = [title, location.as_deref().unwrap_or_default(), description, zone].map(|word| {
        let hash = Sha256::digest(word);
        hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>()
    });
    format!("{} {meeting} {}/{}", words.join(" "), when.from, when.to)
}

/// Which words differ between two digests. When it is not known what was written, none: they are its owner's by now.
pub(super) fn changed(before: &str, after: &str) -> Words {
    let mut differ = before.split(' ').zip(after.split(' ')).map(|(before, after)| before != after);
    let mut differs = || before != UNKNOWN && differ.next().unwrap_or_default();
    Words { title: differs(), location: differs(), description: differs() }
}

/// The same for a visit: only when it is can be changed.
pub(super) fn digest_of_visit(when: Interval) -> String {
    when.from.to_string()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;
    use crate::domain::ids::BookingId;

    fn event(title: &str, hour: i64) -> Event {
        let at = |hour: i64| Timestamp::from_second(hour * 3600).unwrap();
        Event {
            key: EventKey { booking: BookingId(Uuid::nil()), generation: 1 },
            title: title.to_owned(),
            description: "Deskbell".to_owned(),
            location: None,
            when: Interval { from: at(hour), to: at(hour + 1) },
            zone: "UTC".to_owned(),
            meeting: false,
        }
    }

    #[test]
    fn only_what_differs_is_written_again() {
        let before = digest(&event("Ann", 10));
        assert_eq!(before, digest(&event("Ann", 10)));
        assert_eq!(changed(&before, &digest(&event("Ann", 11))), Words::default());
        let renamed = changed(&before, &digest(&event("Ann and Bo", 10)));
        assert_eq!(renamed, Words { title: true, ..Words::default() });
        let all = Event { location: Some("1 Main St".to_owned()), description: "+1".to_owned(), ..event("Bo", 10) };
        assert_eq!(changed(&before, &digest(&all)), Words::ALL);
        assert_eq!(changed(UNKNOWN, &before), Words::default());
        assert_ne!(digest(&event("Ann", 11)), before);
    }
}
