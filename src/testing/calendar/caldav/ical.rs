//! As much of iCalendar as a server looks at.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::stamp;
use crate::ports::calendar::Interval;

/// Octets of a line.
const WIDEST: usize = 75;

/// A resource with one event.
pub(super) fn simple(uid: &str, title: &str, when: Interval) -> String {
    crlf(&format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Ann's telephone//EN\nBEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20261101T000000Z\n\
         DTSTART:{}\nDTEND:{}\nSUMMARY:{title}\nEND:VEVENT\nEND:VCALENDAR\n",
        stamp(when.from),
        stamp(when.to)
    ))
}

pub(super) fn crlf(ics: &str) -> String {
    ics.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// The lines, put together.
pub(super) fn lines(ics: &str) -> Vec<String> {
    ics.replace("\r\n ", "").replace("\r\n\t", "").lines().map(str::to_owned).collect()
}

/// The events, each as its own lines without those of its alarms.
pub(super) fn events(ics: &str) -> Vec<Vec<String>> {
    let mut events: Vec<Vec<String>> = Vec::new();
    let mut within: Vec<String> = Vec::new();
    for line in lines(ics) {
        if let Some(name) = line.strip_prefix("BEGIN:") {
            within.push(name.to_owned());
            if name == "VEVENT" {
                events.push(Vec::new());
            }
        } else if line.starts_with("END:") {
            within.pop();
        } else if within.last().is_some_and(|name| name == "VEVENT")
            && let Some(event) = events.last_mut()
        {
            event.push(line);
        }
    }
    events
}

/// Parameters and value of a property.
pub(super) fn property<'e>(event: &'e [String], name: &str) -> Option<(&'e str, &'e str)> {
    event.iter().find_map(|line| {
        let rest = line.strip_prefix(name)?;
        rest.starts_with([':', ';']).then(|| rest.split_once(':'))?
    })
}

pub(super) fn uid(ics: &str) -> Option<String> {
    events(ics).first().and_then(|event| property(event, "UID")).map(|(_, uid)| uid.to_owned())
}

pub(super) fn title(ics: &str) -> String {
    let events = events(ics);
    let title = events.first().and_then(|event| property(event, "SUMMARY")).map_or("", |(_, title)| title);
    title.replace("\\n", " ").replace('\\', "")
}

/// Local time and zone of a property; a date is where it begins.
pub(super) fn time(params: &str, value: &str) -> Option<(DateTime, TimeZone)> {
    let (local, utc) = value.strip_suffix('Z').map_or((value, false), |local| (local, true));
    let text = if local.len() == 8 { format!("{local}T000000") } else { local.to_owned() };
    let civil: DateTime = text.parse().ok()?;
    let zone = params.split(';').find_map(|param| param.strip_prefix("TZID="));
    let zone = match zone {
        Some(name) if !utc => TimeZone::get(name.trim_matches('"')).unwrap_or(TimeZone::UTC),
        _ => TimeZone::UTC,
    };
    Some((civil, zone))
}

pub(super) fn moment(params: &str, value: &str) -> Option<Timestamp> {
    let (civil, zone) = time(params, value)?;
    zone.to_timestamp(civil).ok()
}

/// When its first event is, by its own word.
pub(super) fn first_time(event: &[String]) -> Option<Interval> {
    let (params, start) = property(event, "DTSTART")?;
    let from = moment(params, start)?;
    let end = property(event, "DTEND").and_then(|(params, end)| moment(params, end));
    let lasts = property(event, "DURATION").and_then(|(_, lasts)| lasts.parse::<jiff::SignedDuration>().ok());
    let day = jiff::SignedDuration::from_hours(if start.len() == 8 { 24 } else { 0 });
    Some(Interval { from, to: end.unwrap_or(from + lasts.unwrap_or(day)) })
}

pub(super) fn plain_time(ics: &str) -> Option<Interval> {
    let events = events(ics);
    let event = events.first()?;
    let plain = |name| property(event, name).is_some_and(|(_, value)| value.ends_with('Z'));
    first_time(event).filter(|_| plain("DTSTART") && plain("DTEND"))
}

/// The same event at another time.
pub(super) fn moved(ics: &str, when: Interval) -> String {
    let times = format!("DTSTART:{}\nDTEND:{}\n", stamp(when.from), stamp(when.to));
    let mut out = String::new();
    let mut in_event = false;
    for line in lines(ics) {
        in_event |= line == "BEGIN:VEVENT";
        let old = in_event && ["DTSTART", "DTEND", "DURATION"].iter().any(|name| line.starts_with(name));
        if !old {
            out.push_str(&line);
            out.push('\n');
        }
        if line == "BEGIN:VEVENT" {
            out.push_str(&times);
        }
    }
    crlf(&out)
}

/// What a strict server refuses, in its words.
pub(super) fn fault(ics: &str) -> Option<&'static str> {
    if ics.split("\r\n").any(|line| line.len() > WIDEST || line.contains(['\r', '\n'])) {
        return Some("lines have to end with CRLF and have at most 75 octets");
    }
    if ics.chars().any(|c| c.is_control() && !matches!(c, '\r' | '\n' | '\t')) {
        return Some("control characters");
    }
    let all = lines(ics);
    let has = |start: &str| all.iter().any(|line| line.starts_with(start));
    if all.first().map(String::as_str) != Some("BEGIN:VCALENDAR")
        || all.last().map(String::as_str) != Some("END:VCALENDAR")
    {
        return Some("no calendar");
    }
    if !has("VERSION:2.0") || !has("PRODID:") || has("METHOD") {
        return Some("a calendar object has a VERSION, a PRODID and no METHOD");
    }
    let events = events(ics);
    let mut uids: Vec<_> = events.iter().map(|event| property(event, "UID").map(|(_, uid)| uid)).collect();
    uids.dedup();
    match uids[..] {
        [Some(uid)] if !uid.is_empty() => {}
        _ => return Some("a calendar object has one UID"),
    }
    let complete = |event: &Vec<String>| {
        let timed = first_time(event).is_some_and(|when| when.from < when.to);
        timed && property(event, "DTSTAMP").is_some()
    };
    if events.iter().all(complete) { None } else { Some("an event has a DTSTAMP, and ends after it begins") }
}
