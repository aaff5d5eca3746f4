//! What can be read: the account, its calendars, views of them, what has changed.

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    faults::Fault,
    json::{self, Cursor, selected},
    mailbox::{Entry, Mailbox},
    request::Asked,
    server::{Reply, Shared, State},
};

/// Of a calendar view.
const LONGEST_VIEW: SignedDuration = SignedDuration::from_hours(1_825 * 24);
/// So many come when nobody says how many.
const USUAL: usize = 10;
const MOST: usize = 1_000;

pub(super) fn me(shared: &Shared, asked: &Asked) -> Reply {
    asked.only(&["$select"])?;
    let state = shared.lock();
    let mailbox = state.mailbox(asked.subject());
    let person = &mailbox.person;
    // Personal accounts have their address only as a name to sign in with.
    let mail = (!mailbox.personal).then_some(&person.email);
    Ok((
        StatusCode::OK,
        json!({"@odata.context": "$metadata#users/$entity", "id": person.subject, "displayName": person.name,
        "mail": mail, "userPrincipalName": person.email}),
    ))
}

pub(super) fn calendars(shared: &Shared, asked: &Asked) -> Reply {
    asked.only(&["$select", "$top", "$skip", "$orderby", "$filter", "$expand", "$count"])?;
    let state = shared.lock();
    let mailbox = state.mailbox(asked.subject());
    let all = mailbox.shelves.iter().map(|shelf| selected(json::calendar(mailbox, shelf), None, asked));
    listing(shared, &state, asked, all.collect::<Result<_, _>>()?)
}

/// The part of a listing that was asked for, with a link to the next.
fn listing(shared: &Shared, state: &State, asked: &Asked, all: Vec<Value>) -> Reply {
    let size = asked.number("$top")?.unwrap_or(USUAL).clamp(1, MOST).min(state.page_size);
    let skip = asked.number("$skip")?.unwrap_or_default();
    let more = all.len() > skip + size;
    let values: Vec<Value> = all.into_iter().skip(skip).take(size).collect();
    let mut page = json!({"@odata.context": format!("{}/v1.0/$metadata", shared.base), "value": values});
    if more {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(asked.query.iter().filter(|(name, _)| name != "$skip"));
        query.append_pair("$skip", &(skip + size).to_string());
        page["@odata.nextLink"] = json!(format!("{}{}?{}", shared.base, asked.path, query.finish()));
    }
    Ok((StatusCode::OK, page))
}

fn shelf_of(state: &State, asked: &Asked, calendar: &str) -> Result<String, Fault> {
    let shelf = state.mailbox(asked.subject()).shelf(calendar);
    shelf.map(|shelf| shelf.id.clone()).ok_or_else(Fault::not_found)
}

fn window(asked: &Asked) -> Result<(Timestamp, Timestamp), Fault> {
    let (from, to) = (asked.moment("startDateTime")?, asked.moment("endDateTime")?);
    if to < from {
        return Err(Fault::new(400, "ErrorInvalidParameter", "The end of the window is before its start."));
    }
    if from.duration_until(to) > LONGEST_VIEW {
        let message = "The requested time duration specified for FreeBusyViewOptions.TimeWindow is too long.";
        return Err(Fault::new(400, "ErrorTimeIntervalTooBig", message));
    }
    Ok((from, to))
}

pub(super) fn view(shared: &Shared, asked: &Asked, calendar: &str) -> Reply {
    asked.only(&[
        "startDateTime",
        "endDateTime",
        "$select",
        "$top",
        "$skip",
        "$orderby",
        "$filter",
        "$expand",
        "$count",
        "$search",
    ])?;
    let state = shared.lock();
    let calendar = shelf_of(&state, asked, calendar)?;
    let (from, to) = window(asked)?;
    let mailbox = state.mailbox(asked.subject());
    let mut found = Vec::new();
    for entry in mailbox.entries.iter().filter(|entry| entry.calendar == calendar) {
        for instance in entry.instances(&mailbox.zone) {
            if instance.from < to && from < instance.to {
                let value = json::event(mailbox, entry, Some(&instance), asked);
                found.push((instance.from, selected(value, Some(entry), asked)?));
            }
        }
    }
    found.sort_by_key(|(from, _)| *from);
    listing(shared, &state, asked, found.into_iter().map(|(_, value)| value).collect())
}

pub(super) fn events(shared: &Shared, asked: &Asked, calendar: &str) -> Reply {
    asked.only(&["$select", "$top", "$skip", "$orderby", "$filter", "$expand", "$count", "$search"])?;
    let state = shared.lock();
    let calendar = shelf_of(&state, asked, calendar)?;
    let wanted = asked.option("$filter").map(property).transpose()?;
    let mailbox = state.mailbox(asked.subject());
    let matches = |entry: &&Entry| {
        entry.calendar == calendar
            && wanted.is_none_or(|(id, value)| {
                entry.properties.iter().any(|(own, text)| own.eq_ignore_ascii_case(id) && text == value)
            })
    };
    let found = mailbox.entries.iter().filter(matches);
    let values = found.map(|entry| selected(json::event(mailbox, entry, None, asked), Some(entry), asked));
    listing(shared, &state, asked, values.collect::<Result<_, _>>()?)
}

/// The one filter that is understood: a named property with a value.
fn property(filter: &str) -> Result<(&str, &str), Fault> {
    let parsed = || {
        let rest = filter.strip_prefix("singleValueExtendedProperties/Any(ep: ep/id eq '")?;
        let (id, rest) = rest.split_once("' and ep/value eq '")?;
        Some((id, rest.strip_suffix("')")?))
    };
    parsed().ok_or_else(|| {
        Fault::new(400, "ErrorInvalidUrlQueryFilter", "The query filter contains one or more invalid nodes.")
    })
}

pub(super) fn event(shared: &Shared, asked: &Asked, id: &str) -> Reply {
    asked.only(&["$select", "$expand"])?;
    let state = shared.lock();
    let mailbox = state.mailbox(asked.subject());
    let entry = json::named(mailbox, id).ok_or_else(Fault::not_found)?;
    Ok((StatusCode::OK, selected(json::event(mailbox, entry, None, asked), Some(entry), asked)?))
}

pub(super) fn delta(shared: &Shared, asked: &Asked, calendar: &str) -> Reply {
    let mut state = shared.lock();
    let calendar = shelf_of(&state, asked, calendar)?;
    let shaping = ["$select", "$expand", "$filter", "$orderby", "$search"];
    if asked.query.iter().any(|(name, _)| shaping.contains(&name.as_str())) {
        let message = "The following parameters are not supported with change tracking over the 'CalendarView' resource: \
                       '$orderby, $filter, $select, $expand, $search'.";
        return Err(Fault::new(400, "ErrorInvalidUrlQuery", message));
    }
    asked.only(&["startDateTime", "endDateTime", "$deltatoken", "$skiptoken"])?;
    let token = asked.option("$deltatoken").or_else(|| asked.option("$skiptoken"));
    let rest = match token {
        None => {
            let (from, to) = window(asked)?;
            listed(&state, asked, &calendar, (from, to), 0)
        }
        Some(token) => match state.cursors.get(token).cloned() {
            Some(Cursor::Since { calendar: own, from, to, version }) if own == calendar => {
                listed(&state, asked, &calendar, (from, to), version)
            }
            Some(rest @ Cursor::Rest { .. }) => rest,
            _ => {
                let message =
                    "The sync state generation is not found; continuationToken, deltaToken or SyncState is too old.";
                return Err(Fault::new(410, "SyncStateNotFound", message));
            }
        },
    };
    page(shared, &mut state, asked, rest)
}

/// Everything that has changed since a version; since 0, everything that stands in the view.
fn listed(state: &State, asked: &Asked, calendar: &str, (from, to): (Timestamp, Timestamp), since: u64) -> Cursor {
    let mailbox = state.mailbox(asked.subject());
    let mut values = Vec::new();
    for entry in mailbox.entries.iter().filter(|entry| entry.calendar == calendar && entry.version > since) {
        values.extend(changed(mailbox, entry, asked, (from, to), since));
    }
    let gone =
        mailbox.deleted.iter().filter(|(own, _, when, created)| own == calendar && *when > since && *created <= since);
    values.extend(gone.map(|(_, id, _, _)| removed(id)));
    Cursor::Rest { values, calendar: calendar.to_owned(), from, to, version: state.version() }
}

fn removed(id: &str) -> Value {
    json!({"@removed": {"reason": "deleted"}, "id": id})
}

fn changed(
    mailbox: &Mailbox,
    entry: &Entry,
    asked: &Asked,
    (from, to): (Timestamp, Timestamp),
    since: u64,
) -> Vec<Value> {
    let mut values = Vec::new();
    if entry.series.is_some() {
        values.push(json::event(mailbox, entry, None, asked));
    }
    for instance in entry.instances(&mailbox.zone) {
        if instance.from < to && from < instance.to {
            let mut value = json::event(mailbox, entry, Some(&instance), asked);
            if value["type"] == "occurrence" {
                // What is like in the series is told once, there.
                let told = ["@odata.etag", "id", "type", "seriesMasterId", "start", "end"];
                value = told.iter().map(|name| ((*name).to_owned(), value[*name].clone())).collect();
            }
            values.push(value);
        } else if entry.created <= since {
            values.push(removed(&json::shown_id(entry, instance.number, asked.prefer)));
        }
    }
    values
}

fn page(shared: &Shared, state: &mut State, asked: &Asked, rest: Cursor) -> Reply {
    let Cursor::Rest { mut values, calendar, from, to, version } = rest else {
        return Err(Fault::bad("no listing"));
    };
    let size = asked.prefer.page.unwrap_or(USUAL).clamp(1, MOST).min(state.page_size);
    let later = values.split_off(size.min(values.len()));
    let (link, name, cursor) = if later.is_empty() {
        ("@odata.deltaLink", "$deltatoken", Cursor::Since { calendar, from, to, version })
    } else {
        ("@odata.nextLink", "$skiptoken", Cursor::Rest { values: later, calendar, from, to, version })
    };
    let token = Uuid::from_u128(u128::from(state.next()) << 64 | 0x9f3a_77c1).simple().to_string();
    state.cursors.insert(token.clone(), cursor);
    let mut page =
        json!({"@odata.context": format!("{}/v1.0/$metadata#Collection(event)", shared.base), "value": values});
    page[link] = json!(format!("{}{}?{name}={token}", shared.base, asked.path));
    Ok((StatusCode::OK, page))
}
