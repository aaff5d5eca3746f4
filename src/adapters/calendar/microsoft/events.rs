//! Our appointments as events: written, brought up to date, taken away, found again.
//!
//! Our key stands in an event twice: in `transactionId`, by which Graph drops a second writing and which it shows in every
//! listing, and in a named property, by which it can be searched for.

use reqwest::{Method, header};

use super::{
    graph::{About, Graph, PLAIN, odd},
    times,
    wire::{self, MARK},
};
use crate::{
    domain::connection::CalendarId,
    ports::calendar::{Access, Event, EventKey, Placed, Seen, Trouble, Words},
};

const SHOWN: &str = "id,webLink,onlineMeeting,transactionId,start,end,isCancelled,isAllDay,originalStartTimeZone";
const OURS: &str = "deskbell:";
/// Exchange cuts or refuses what is longer. Characters.
const SUBJECT: usize = 255;
/// Bytes of an id that the port allows.
const ID: usize = 1024;

pub(super) async fn place(
    graph: &Graph,
    access: &Access,
    calendar: &CalendarId,
    event: &Event,
) -> Result<Placed, Trouble> {
    let url = graph.url(&["me", "calendars", calendar.as_str(), "events"])?;
    let mut written = written(event, Words::ALL);
    written.show_as = Some("busy");
    written.transaction_id = Some(format!("{OURS}{}", event.key));
    written.single_value_extended_properties = vec![wire::WrittenProperty {
        kind: "#microsoft.graph.singleValueLegacyExtendedProperty",
        id: MARK,
        value: event.key.to_string(),
    }];
    let request = graph.request(Method::POST, url).json(&written);
    let id = match graph.write(access, About::Calendar, request).await {
        Ok(answer) => answer.read::<wire::Event>()?.id,
        // The key was used before, and Graph does not say for what.
        Err(Trouble::Conflict) => {
            let stands = find(graph, access, calendar, event.key).await?;
            return stands.filter(|seen| seen.when.is_some()).map(|seen| seen.placed).ok_or(Trouble::Conflict);
        }
        Err(trouble) => return Err(trouble),
    };
    // A second writing may be answered with what the first one made. Whether that still stands, and is ours, only a look tells.
    match look(graph, access, &id).await {
        Ok(found) => {
            let stands = key_of(&found) == Some(event.key) && !found.is_cancelled.unwrap_or(false);
            if stands { placed(found) } else { Err(Trouble::Conflict) }
        }
        Err(Trouble::Gone) => Err(Trouble::Conflict),
        Err(Trouble::Unavailable(error)) => {
            Err(Trouble::Unknown(error.context("it was written and could not be read")))
        }
        Err(trouble) => Err(trouble),
    }
}

pub(super) async fn revise(
    graph: &Graph,
    access: &Access,
    placed: &Placed,
    (event, words): (&Event, Words),
) -> Result<Placed, Trouble> {
    let url = graph.url(&["me", "events", &placed.id])?;
    // The description of a video meeting holds what makes it one; writing it anew would end the meeting.
    let written = written(event, Words { description: words.description && !event.meeting, ..words });
    let mut request = graph.request(Method::PATCH, url).json(&written);
    if let Some(etag) = &placed.etag {
        request = request.header(header::IF_MATCH, etag.as_str());
    }
    let answer = graph.write(access, About::Event, request).await?;
    self::placed(answer.read()?).map_err(|_| answer.senseless("an answer that makes no sense"))
}

pub(super) async fn withdraw(graph: &Graph, access: &Access, placed: &Placed) -> Result<(), Trouble> {
    // Nobody is invited, so nobody has to be told: deleted, not cancelled.
    let url = graph.url(&["me", "events", &placed.id])?;
    match graph.write(access, About::Event, graph.request(Method::DELETE, url)).await {
        Err(Trouble::Gone) => Ok(()),
        // 204 and nothing in it: a page that says 200 is somebody else's, on the way.
        Ok(answer) if answer.is_empty() => Ok(()),
        Ok(answer) => Err(answer.senseless("a deletion was answered with something")),
        Err(trouble) => Err(trouble),
    }
}

pub(super) async fn find(
    graph: &Graph,
    access: &Access,
    calendar: &CalendarId,
    key: EventKey,
) -> Result<Option<Seen>, Trouble> {
    let mut url = graph.url(&["me", "calendars", calendar.as_str(), "events"])?;
    // Neither has a quote in it.
    let marked = format!("singleValueExtendedProperties/Any(ep: ep/id eq '{MARK}' and ep/value eq '{key}')");
    url.query_pairs_mut()
        .append_pair("$filter", &marked)
        .append_pair("$select", SHOWN)
        .append_pair("$expand", &expanded())
        .append_pair("$top", "50");
    let (events, _) = graph.pages::<wire::Event>(access, url, About::Calendar, PLAIN).await?;
    let mut ours: Vec<_> = events.into_iter().filter(|event| key_of(event) == Some(key)).collect();
    // A copy that the owner made has the mark, too, and not the transaction.
    ours.sort_by_key(|event| (event.transaction_id.is_none(), event.is_cancelled.unwrap_or(false)));
    ours.into_iter().next().map(seen).transpose()
}

/// One event, by its id.
async fn look(graph: &Graph, access: &Access, id: &str) -> Result<wire::Event, Trouble> {
    let mut url = graph.url(&["me", "events", id])?;
    url.query_pairs_mut().append_pair("$select", SHOWN).append_pair("$expand", &expanded());
    graph.read(access, url, About::Event, PLAIN).await
}

fn expanded() -> String {
    format!("singleValueExtendedProperties($filter=id eq '{MARK}')")
}

fn written(event: &Event, words: Words) -> wire::Written<'_> {
    let title = event.title.char_indices().nth(SUBJECT).map_or(event.title.as_str(), |(end, _)| &event.title[..end]);
    wire::Written {
        kind: "#microsoft.graph.event",
        subject: words.title.then_some(title),
        body: words.description.then_some(wire::Body {
            kind: "#microsoft.graph.itemBody",
            content_type: "text",
            content: &event.description,
        }),
        start: times::written(event.when.from),
        end: times::written(event.when.to),
        location: words.location.then_some(wire::Location {
            kind: "#microsoft.graph.location",
            display_name: event.location.as_deref().unwrap_or_default(),
        }),
        show_as: None,
        is_online_meeting: event.meeting.then_some(true),
        online_meeting_provider: event.meeting.then_some("teamsForBusiness"),
        transaction_id: None,
        single_value_extended_properties: Vec::new(),
    }
}

fn placed(event: wire::Event) -> Result<Placed, Trouble> {
    if event.id.is_empty() || event.id.len() > ID {
        return Err(odd("an event's id that cannot be one"));
    }
    Ok(Placed {
        id: event.id,
        etag: event.etag,
        link: event.web_link.filter(|link| link.starts_with("https://")),
        meeting: event.online_meeting.and_then(|meeting| meeting.join_url),
    })
}

/// What an event shows of itself. One that was removed shows its id.
pub(super) fn seen(event: wire::Event) -> Result<Seen, Trouble> {
    let key = key_of(&event);
    let gone = event.removed.is_some() || event.is_cancelled.unwrap_or(false);
    let when = match (&event.start, &event.end) {
        _ if gone => None,
        (Some(start), Some(end)) => {
            let made_in = event.original_start_time_zone.as_deref();
            times::interval(start, end, event.is_all_day.unwrap_or(false), made_in)?
        }
        _ => return Err(odd("an event without a time")),
    };
    Ok(Seen { placed: placed(event)?, key, when })
}

fn key_of(event: &wire::Event) -> Option<EventKey> {
    let properties = event.single_value_extended_properties.iter().flatten();
    // Names are compared as Exchange does: GUIDs in any letters.
    let marked = properties.filter(|property| property.id.eq_ignore_ascii_case(MARK));
    let by_mark = marked.filter_map(|property| property.value.as_deref()).find_map(|text| text.parse().ok());
    by_mark.or_else(|| event.transaction_id.as_deref()?.strip_prefix(OURS)?.parse().ok())
}
