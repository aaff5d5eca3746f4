//! The reports: events in a range, events by name, and what has changed.

use axum::{body::Body, http::Response};

use super::{
    Dialect,
    answer::{Xml, etag, plain, refusal},
    ask::Question,
    recurrence::{Instance, instances},
    stamp,
    state::{Resource, Shelf, State},
};
use crate::ports::calendar::Interval;

pub(super) fn report(
    state: &State,
    calendar: &str,
    shelf: &Shelf,
    asked: &Question,
    depth: Option<&str>,
) -> Response<Body> {
    match asked.name.as_str() {
        // RFC 4791, 7.8: without a depth it is about the collection itself, in which there is no event.
        "c:calendar-query" if depth != Some("1") => Xml::new(state.dialect).document(207, "d:multistatus", ""),
        "c:calendar-query" if asked.components != ["VCALENDAR", "VEVENT"] => {
            refusal(state.dialect, 403, "c:valid-filter", "VCALENDAR, and VEVENT in it")
        }
        "c:calendar-query" => query(state, calendar, shelf, asked),
        "c:calendar-multiget" => multiget(state, calendar, shelf, asked),
        "d:sync-collection" if !state.accounts => refusal(state.dialect, 403, "d:supported-report", "not here"),
        "d:sync-collection" if depth.is_some_and(|depth| depth != "0") => plain(400, "depth is 0"),
        "d:sync-collection" => changes(state, calendar, shelf, asked),
        _ => refusal(state.dialect, 403, "d:supported-report", "not here"),
    }
}

fn of_resource(state: &State, resource: &Resource, expand: Option<Interval>) -> Vec<(String, String)> {
    let xml = Xml::new(state.dialect);
    let expand = expand.filter(|_| state.expands);
    let data = expand.map_or_else(|| resource.ics.clone(), |range| expanded(&resource.ics, range));
    vec![
        ("d:getetag".to_owned(), xml.text("d:getetag", &etag(resource.version))),
        ("c:calendar-data".to_owned(), xml.text("c:calendar-data", &data)),
    ]
}

fn query(state: &State, calendar: &str, shelf: &Shelf, asked: &Question) -> Response<Body> {
    let xml = Xml::new(state.dialect);
    let mut all = String::new();
    for (name, resource) in &shelf.resources {
        let touches = asked.range.is_none_or(|range| !instances(&resource.ics, range).is_empty());
        if touches {
            let href = format!("{}{calendar}/{name}", state.dialect.home());
            all.push_str(&xml.found(&href, &of_resource(state, resource, asked.expand), &asked.props));
        }
    }
    xml.document(207, "d:multistatus", &all)
}

fn multiget(state: &State, calendar: &str, shelf: &Shelf, asked: &Question) -> Response<Body> {
    let xml = Xml::new(state.dialect);
    let mut all = String::new();
    for href in &asked.hrefs {
        let home = state.dialect.home();
        let name = href.replace('@', "%40");
        let name = name.strip_prefix(home).and_then(|rest| rest.strip_prefix(calendar)?.strip_prefix('/'));
        match name.and_then(|name| shelf.resources.get(name)) {
            Some(resource) => all.push_str(&xml.found(href, &of_resource(state, resource, None), &asked.props)),
            // SabreDAV, which Nextcloud stands on, says nothing.
            None if state.dialect == Dialect::Nextcloud => {}
            None => all.push_str(&xml.status(href, "HTTP/1.1 404 Not Found")),
        }
    }
    xml.document(207, "d:multistatus", &all)
}

fn changes(state: &State, calendar: &str, shelf: &Shelf, asked: &Question) -> Response<Body> {
    let xml = Xml::new(state.dialect);
    let token = asked.token.as_deref().unwrap_or_default();
    let since = if token.is_empty() { Some(0) } else { state.dialect.version(token) };
    let Some(since) = since.filter(|since| token.is_empty() || *since >= state.remembers_from) else {
        return refusal(state.dialect, state.dialect.forgotten(), "d:valid-sync-token", "unknown token");
    };
    let home = state.dialect.home();
    let mut news: Vec<(u64, String)> = Vec::new();
    for (name, resource) in shelf.resources.iter().filter(|(_, resource)| resource.version > since) {
        let href = format!("{home}{calendar}/{name}");
        news.push((resource.version, xml.found(&href, &of_resource(state, resource, None), &asked.props)));
    }
    for (name, (version, _)) in shelf.deleted.iter().filter(|(_, (version, _))| *version > since) {
        news.push((*version, xml.status(&format!("{home}{calendar}/{name}"), "HTTP/1.1 404 Not Found")));
    }
    news.sort();
    let more = news.len() > state.page;
    news.truncate(state.page);
    let reached = if more { news.last().map_or(since, |(version, _)| *version) } else { shelf.version.max(since) };
    let mut all: String = news.into_iter().map(|(_, xml)| xml).collect();
    if more {
        all.push_str(&xml.status(&format!("{home}{calendar}/"), "HTTP/1.1 507 Insufficient Storage"));
    }
    all.push_str(&xml.text("d:sync-token", &state.dialect.token(calendar, reached)));
    xml.document(207, "d:multistatus", &all)
}

/// Each time as an event of its own, in UTC (RFC 4791, 9.6.5).
fn expanded(ics: &str, range: Interval) -> String {
    let mut out = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Server//EN\r\n");
    for Instance { event, when, of_a_series, whole_day } in instances(ics, range) {
        out.push_str("BEGIN:VEVENT\r\n");
        let replaced = ["DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"];
        let kept = event.iter().filter(|line| !replaced.iter().any(|name| line.starts_with(name)));
        for line in kept {
            out.push_str(line);
            out.push_str("\r\n");
        }
        let (kind, from, to) = if whole_day {
            let date = |at| stamp(at)[..8].to_owned();
            (";VALUE=DATE", date(when.from), date(when.to))
        } else {
            ("", stamp(when.from), stamp(when.to))
        };
        let times = format!("DTSTART{kind}:{from}\r\nDTEND{kind}:{to}\r\n");
        out.push_str(&times);
        if of_a_series {
            out.push_str(["RECURRENCE-ID", kind, ":", &from, "\r\n"].concat().as_str());
        }
        out.push_str("END:VEVENT\r\n");
    }
    out.push_str("END:VCALENDAR\r\n");
    out
}
