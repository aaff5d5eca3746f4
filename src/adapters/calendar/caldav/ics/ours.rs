//! Our own events, as they stand in somebody's calendar. Times are UTC, so that no zone has to be defined with them.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{
    Unclear,
    text::{Component, Line, unescaped},
    unfold,
    zone::Zone,
};
use crate::{
    domain::ids::BookingId,
    ports::calendar::{Event, EventKey, Interval, Words},
};

/// The mark by which we know our own.
const MARK: &str = "X-DESKBELL-KEY";
/// A hash of the description as we wrote it: what differs from it, the owner wrote.
const WROTE: &str = "X-DESKBELL-WROTE";

/// The event as a new resource.
pub(in super::super) fn written(event: &Event, now: Timestamp) -> String {
    let mut calendar = Component::new("VCALENDAR");
    calendar.lines = vec![Line::new("VERSION", "2.0"), Line::new("PRODID", "-//Deskbell//Deskbell//EN")];
    let mut one = Component::new("VEVENT");
    one.set(Line::new("UID", &event.key.to_string()));
    one.set(Line::new("CREATED", &stamp(now)));
    one.set(Line::new("SEQUENCE", "0"));
    one.set(Line::new("STATUS", "CONFIRMED"));
    one.set(Line::new("TRANSP", "OPAQUE"));
    one.set(Line::new(MARK, &event.key.to_string()));
    place(&mut one, event, now);
    say(&mut one, event, Words::ALL);
    calendar.parts.push(one);
    calendar.write()
}

/// The resource as it stands there, brought to what is to stand. Nothing: it is so already. What the owner added (alarms,
/// notes, colours) stays, and so do all words that have not changed, and a description that they have edited.
pub(in super::super) fn revised(
    text: &str,
    event: &Event,
    words: Words,
    now: Timestamp,
) -> Result<Option<String>, Unclear> {
    let mut calendar = Component::read(text)?;
    let same_time = unfold::first(&calendar, None) == Ok(Some(event.when));
    let one = main(&mut calendar).ok_or(Unclear::Broken("no event"))?;
    let words = Words { description: words.description && !is_edited(one), ..words };
    let mut wanted = Component::default();
    say(&mut wanted, event, words);
    let value = |of: &Component, name: &str| of.line(name).map(|line| line.value.clone());
    let asked = [("SUMMARY", words.title), ("LOCATION", words.location), ("DESCRIPTION", words.description)];
    if same_time && asked.iter().all(|(name, asked)| !asked || value(one, name) == value(&wanted, name)) {
        return Ok(None);
    }
    let sequence = one.line("SEQUENCE").and_then(|line| line.value.trim().parse::<u32>().ok()).unwrap_or(0);
    place(one, event, now);
    say(one, event, words);
    if value(one, "STATUS").is_some_and(|status| status.trim().eq_ignore_ascii_case("CANCELLED")) {
        one.set(Line::new("STATUS", "CONFIRMED"));
    }
    one.set(Line::new("SEQUENCE", &sequence.saturating_add(1).to_string()));
    Ok(Some(calendar.write()))
}

/// When it is.
fn place(one: &mut Component, event: &Event, now: Timestamp) {
    one.set(Line::new("DTSTAMP", &stamp(now)));
    one.set(Line::new("LAST-MODIFIED", &stamp(now)));
    one.set(Line::new("DTSTART", &stamp(event.when.from)));
    one.set(Line::new("DTEND", &stamp(event.when.to)));
    one.remove("DURATION");
}

/// What it says.
fn say(one: &mut Component, event: &Event, words: Words) {
    if words.title {
        one.set(Line::text("SUMMARY", &event.title));
    }
    if words.location {
        match &event.location {
            Some(location) => one.set(Line::text("LOCATION", location)),
            None => one.remove("LOCATION"),
        }
    }
    if words.description {
        let description = Line::text("DESCRIPTION", &event.description);
        one.set(Line::new(WROTE, &fingerprint(&description.value)));
        one.set(description);
    }
}

fn is_edited(one: &Component) -> bool {
    let now = one.line("DESCRIPTION").map_or(String::new(), |line| fingerprint(&line.value));
    one.line(WROTE).is_some_and(|line| line.value.trim() != now)
}

/// Of the text itself, since servers escape it anew in their own way.
fn fingerprint(value: &str) -> String {
    let text = unescaped(value);
    Sha256::digest(text.trim()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn stamp(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn main(calendar: &mut Component) -> Option<&mut Component> {
    calendar.parts.iter_mut().find(|part| part.name == "VEVENT" && part.line("RECURRENCE-ID").is_none())
}

/// Whose event it is, by the mark in it.
pub(in super::super) fn key(calendar: &Component) -> Option<EventKey> {
    calendar.parts("VEVENT").find_map(|event| parsed(event.line(MARK)?.value.trim()))
}

/// `0190…-….3`, as [`EventKey`] prints.
pub(in super::super) fn parsed(text: &str) -> Option<EventKey> {
    let (booking, generation) = text.split_once('.')?;
    let key = EventKey { booking: booking.parse::<BookingId>().ok()?, generation: generation.parse().ok()? };
    // There is one way to write it.
    (key.to_string() == text).then_some(key)
}

/// What a listing has to know of an event, anybody's.
pub(in super::super) struct Glimpse {
    pub(in super::super) key: Option<EventKey>,
    /// Nothing: cancelled.
    pub(in super::super) when: Result<Option<Interval>, Unclear>,
}

pub(in super::super) fn glimpse(text: &str, home: Option<&Zone>) -> Result<Glimpse, Unclear> {
    let calendar = Component::read(text)?;
    Ok(Glimpse { key: key(&calendar), when: unfold::first(&calendar, home) })
}
