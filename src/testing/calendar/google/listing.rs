//! `events.list`: pages, and sync tokens.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::HeaderMap,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    Server,
    document::{bare, moment, recurrence, shown},
    events::READS,
    fields,
    recurrence::unfolded,
    refusal::{self, Refusal, invalid},
    state::{Calendar, Role, Stored},
};

/// What may not be asked together with a sync token.
const ALONE: [&str; 8] = [
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
];

/// What a query asks for.
struct Wish {
    single: bool,
    deleted: bool,
    since: Option<u64>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    /// "name=value" of a private property.
    marked: Option<(String, String)>,
}

fn read(query: &HashMap<String, String>, oldest: u64) -> Result<Wish, Refusal> {
    let yes = |name: &str| query.get(name).is_some_and(|value| value == "true");
    let at = |name: &str| match query.get(name) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| invalid("Bad Request")),
    };
    let since = match query.get("syncToken") {
        None => None,
        Some(_) if ALONE.iter().any(|name| query.contains_key(*name)) => {
            return Err(invalid("Sync token cannot be used with other filters."));
        }
        Some(token) => {
            let count = token.strip_prefix("sync-").and_then(|count| count.parse::<u64>().ok());
            let count = count.ok_or(invalid("Invalid sync token value."))?;
            if count < oldest {
                return Err(refusal::FULL_SYNC);
            }
            if query.get("showDeleted").is_some_and(|value| value == "false") {
                return Err(invalid("showDeleted cannot be false with a sync token."));
            }
            Some(count)
        }
    };
    let marked = query.get("privateExtendedProperty").and_then(|text| text.split_once('='));
    Ok(Wish {
        single: yes("singleEvents"),
        deleted: yes("showDeleted") || since.is_some(),
        since,
        from: at("timeMin")?,
        to: at("timeMax")?,
        marked: marked.map(|(name, value)| (name.to_owned(), value.to_owned())),
    })
}

fn found(calendar: &Calendar, wish: &Wish, now: Timestamp) -> Vec<Value> {
    let mut events: Vec<(&String, &Stored)> = calendar.events.iter().collect();
    events.sort_by_key(|(_, stored)| stored.changed);
    let horizon = wish.to.unwrap_or(now + SignedDuration::from_hours(2 * 365 * 24));
    let inside = |from: Timestamp, to: Timestamp| {
        wish.from.is_none_or(|least| to > least) && wish.to.is_none_or(|most| from < most)
    };
    let mut items = Vec::new();
    for (id, stored) in events {
        if wish.since.is_some_and(|since| stored.changed <= since) || !is_marked(stored, wish) {
            continue;
        }
        if stored.is_cancelled() {
            // An old one that a listing from some day on would not show is left out.
            let known = moment(&stored.doc, "start", &calendar.zone).zip(moment(&stored.doc, "end", &calendar.zone));
            if wish.deleted && known.is_none_or(|(from, to)| inside(from, to)) {
                items.push(bare(id, stored));
            }
        } else if wish.single && !recurrence(&stored.doc).is_empty() {
            let times = unfolded(id, stored, calendar, horizon).into_iter().filter(|one| inside(one.from, one.to));
            items.extend(times.map(|one| shown(&Stored { doc: one.doc, ..stored.clone() }, calendar)));
        } else {
            let times = unfolded(id, stored, calendar, horizon);
            if times.iter().any(|one| inside(one.from, one.to)) {
                items.push(shown(stored, calendar));
            }
        }
    }
    items
}

fn is_marked(stored: &Stored, wish: &Wish) -> bool {
    wish.marked.as_ref().is_none_or(|(name, value)| {
        let private = stored.doc.get("extendedProperties").and_then(|both| both.get("private"));
        private.and_then(|private| private.get(name)).and_then(Value::as_str) == Some(value.as_str())
    })
}

pub(super) async fn list(
    State(server): State<Server>,
    Path(calendar): Path<String>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, Refusal> {
    let bearer = server.enter(&headers, &READS)?;
    let now = server.clock.now();
    let state = server.lock();
    let id = state.id_for(&calendar, &bearer, Server::least(&bearer, Role::Reader))?;
    let calendar = state.calendars.get(&id).ok_or(refusal::NOT_FOUND)?;
    let wish = read(&query, state.oldest_token)?;
    let items = found(calendar, &wish, now);
    let asked = query.get("maxResults").map_or(Ok(250), |text| text.parse());
    let size = state.page_size.unwrap_or(asked.map_err(|_| invalid("Invalid maxResults"))?).clamp(1, 2_500);
    // A page's token names the count of its first page, so that the sync token at the end misses nothing.
    let (from, count) = match query.get("pageToken") {
        None => (0, state.count),
        Some(token) => token
            .strip_prefix("page-")
            .and_then(|rest| rest.split_once('-'))
            .and_then(|(from, count)| Some((from.parse::<usize>().ok()?, count.parse::<u64>().ok()?)))
            .ok_or(invalid("Invalid page token value."))?,
    };
    let page: Vec<Value> = items.iter().skip(from).take(size).cloned().collect();
    let mut body = json!({
        "kind": "calendar#events", "summary": calendar.name, "timeZone": calendar.zone_name,
        "updated": now.to_string(), "items": page,
    });
    if from + size < items.len() {
        body["nextPageToken"] = format!("page-{}-{count}", from + size).into();
    } else {
        body["nextSyncToken"] = format!("sync-{count}").into();
    }
    fields::chosen(body, query.get("fields").map(String::as_str)).map(Json)
}
