//! "Add to calendar": the appointment as iCalendar (RFC 5545).
//!
//! Its UID stays the same when it is moved and its SEQUENCE grows, so that a calendar which gets the file again changes
//! the entry it has instead of adding another. Times are in UTC: every calendar shows them by its reader's own clock, and
//! none has to know our zone's rules.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus, Property};
use jiff::{Timestamp, tz::TimeZone};

use super::{link::Opened, sorry::Sorry};
use crate::{domain::booking::BookingState, ports::links, web::state::AppState};

/// Octets in a line.
const LONGEST: usize = 75;

pub(super) async fn download(State(state): State<AppState>, opened: Opened) -> Result<Response, Sorry> {
    let day = opened.visit.speech.local(opened.booking().slot.starts).date();
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8; method=PUBLISH".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"appointment-{day}.ics\"")),
    ];
    Ok((headers, written(&opened, state.config.origin.http())).into_response())
}

fn written(opened: &Opened, origin: &str) -> String {
    let (visit, booking) = (&opened.visit, opened.booking());
    let (business, ticket) = (&visit.business, opened.ticket());
    let cancelled = matches!(booking.state, BookingState::Cancelled { .. });
    let page = format!("{origin}{}", links::path(&opened.token));
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let what = match &ticket.member {
        Some(member) => format!("{}, {} {member}", ticket.service, visit.words().with.to_lowercase()),
        None => ticket.service.clone(),
    };
    let mut lines = vec![what];
    lines.extend(ticket.price.map(|price| price.replace('\u{a0}', " ")));
    lines.extend(
        business.numbers.first().map(|number| format!("{} {}", visit.words().call, visit.speech.number(number))),
    );
    lines.push(page.clone());

    let mut event = Event::new();
    event
        .uid(&format!("{}@{host}", opened.linked.appointment))
        .append_property(utc("DTSTAMP", visit.now))
        .append_property(utc("DTSTART", booking.slot.starts))
        .append_property(utc("DTEND", booking.slot.ends))
        .sequence(opened.linked.moves + u32::from(cancelled))
        .status(if cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed })
        .summary(&shown(&format!("{}, {}", ticket.service, business.name)))
        .description(&shown(&lines.join("\n")))
        .append_property(Property::new("URL", &page));
    if let Some(address) = &business.address {
        event.location(&shown(address));
    }
    let mut calendar = Calendar::new();
    calendar.append_property(Property::new("METHOD", "PUBLISH"));
    calendar.push(event.done());
    folded(&calendar.to_string())
}

/// Folded again (RFC 5545 §3.1: 75 octets, not counting the line break): the crate forgets the space that a line which goes
/// on begins with, and some come out an octet too long.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for line in text.replace("\r\n ", "").lines() {
        let mut length = 0;
        for c in line.chars() {
            if length + c.len_utf8() > LONGEST {
                out.push_str("\r\n ");
                length = 1;
            }
            out.push(c);
            length += c.len_utf8();
        }
        out.push_str("\r\n");
    }
    out
}

/// Without what would end a line before its time. The rest is escaped and folded by the crate.
fn shown(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

/// "20261124T203000Z" (RFC 5545 §3.3.5, form 2).
fn utc(name: &str, at: Timestamp) -> Property {
    Property::new(name, at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_75_octets_whatever_its_length() {
        for length in 1..400 {
            for unit in ["x", "é", "字", "💇"] {
                let line = unit.repeat(length);
                let folded = folded(&format!("{line}\r\n"));
                assert!(folded.split("\r\n").all(|line| line.len() <= LONGEST), "{length} times {unit}");
                assert_eq!(folded.replace("\r\n ", ""), format!("{line}\r\n"));
            }
        }
    }
}
