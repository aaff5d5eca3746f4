//! What has changed in a calendar, by the delta query of its view: the one of a calendar's events is not in v1.0 yet, only a
//! view unfolds recurrences, and a view of one calendar is what the description of v1.0 has.
//!
//! A view has a beginning and an end that stay what they were when the cursor was made. So the cursor says when that was,
//! and is too old after a month, while a view that was begun then still reaches over everything that can be booked.
//! Graph allows neither `$select` nor `$expand` here; our key comes by `transactionId`.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use reqwest::Url;

use super::{
    events,
    graph::{About, CHANGES, FEWER_CHANGES, Graph, odd},
    times, wire,
};
use crate::{
    adapters::http,
    domain::connection::CalendarId,
    ports::calendar::{Access, Changes, Trouble},
};

/// Appointments are made for at most 730 days ahead.
const AHEAD: SignedDuration = SignedDuration::from_hours(770 * 24);
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The view that a cursor goes on with.
struct Cursor {
    begun: Timestamp,
    url: Url,
}

pub(super) async fn changes(
    graph: &Graph,
    access: &Access,
    calendar: &CalendarId,
    cursor: Option<&str>,
    from: Timestamp,
) -> Result<Changes, Trouble> {
    let (begun, url, about) = match cursor {
        Some(text) => {
            let cursor = read(graph, text).ok_or(Trouble::Stale)?;
            if cursor.begun.duration_until(from) > GOOD_FOR {
                return Err(Trouble::Stale);
            }
            (cursor.begun, cursor.url, About::Cursor)
        }
        None => (from, view(graph, calendar, from)?, About::Calendar),
    };
    let (events, link) = match graph.pages::<wire::Event>(access, url.clone(), about, CHANGES).await {
        Err(Trouble::Unavailable(error)) if http::was_too_long(&error) => {
            graph.pages(access, url, about, FEWER_CHANGES).await?
        }
        listed => listed?,
    };
    let link = link.ok_or_else(|| odd("a listing of changes without a way to go on"))?;
    let next = graph.own(&link).ok_or_else(|| odd("the cursor is on another server"))?;
    Ok(Changes { seen: newest(events)?, cursor: write(begun, &next) })
}

fn view(graph: &Graph, calendar: &CalendarId, from: Timestamp) -> Result<Url, Trouble> {
    let mut url = graph.url(&["me", "calendars", calendar.as_str(), "calendarView", "delta()"])?;
    let end = from.checked_add(AHEAD).map_err(|_| Trouble::Refused("a beginning that is too late"))?;
    url.query_pairs_mut()
        .append_pair("startDateTime", &times::query(from))
        .append_pair("endDateTime", &times::query(end));
    Ok(url)
}

/// An event can be listed more than once, on different pages: the last one is how it is.
fn newest(events: Vec<wire::Event>) -> Result<Vec<crate::ports::calendar::Seen>, Trouble> {
    let last: HashMap<String, usize> = events.iter().enumerate().map(|(at, event)| (event.id.clone(), at)).collect();
    let newest = events.into_iter().enumerate().filter(|(at, event)| last.get(&event.id) == Some(at));
    newest.map(|(_, event)| events::seen(event)).collect()
}

/// When it was begun, and Graph's own link without its server.
fn write(begun: Timestamp, url: &Url) -> String {
    format!("{} {}?{}", begun.as_second(), url.path(), url.query().unwrap_or_default())
}

fn read(graph: &Graph, text: &str) -> Option<Cursor> {
    let (begun, link) = text.split_once(' ')?;
    let begun = Timestamp::from_second(begun.parse().ok()?).ok()?;
    Some(Cursor { begun, url: graph.own(link)? })
}
