//! `freebusy.query`, from the events that are really there.

use axum::{Json, extract::State, http::HeaderMap};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::{
    Server,
    document::blocks,
    recurrence::unfolded,
    refusal::{self, Refusal, invalid},
    state::{Calendar, Role},
};

/// `calendar.events` is not among them.
const SCOPES: [&str; 4] = ["calendar.freebusy", "calendar.events.freebusy", "calendar.readonly", "calendar"];
const LONGEST: SignedDuration = SignedDuration::from_hours(90 * 24);
const CALENDARS: usize = 50;

pub(super) async fn query(
    State(server): State<Server>,
    headers: HeaderMap,
    Json(asked): Json<Value>,
) -> Result<Json<Value>, Refusal> {
    let bearer = server.enter(&headers, &SCOPES)?;
    let at = |name: &str| asked[name].as_str().and_then(|text| text.parse::<Timestamp>().ok());
    let (from, to) = at("timeMin").zip(at("timeMax")).ok_or(invalid("Missing or invalid timeMin or timeMax."))?;
    if from >= to {
        return Err(refusal::EMPTY_RANGE);
    }
    if to.duration_since(from) > LONGEST {
        return Err(refusal::TOO_LONG);
    }
    let items = asked["items"].as_array().ok_or(invalid("Missing items."))?;
    if items.len() > CALENDARS || asked["calendarExpansionMax"].as_u64().is_some_and(|most| most > 50) {
        return Err(Refusal { reason: "tooManyCalendarsRequested", ..invalid("Too many calendars requested.") });
    }
    let state = server.lock();
    let mut calendars = Map::new();
    for id in items.iter().filter_map(|item| item["id"].as_str()) {
        let error = |reason: &str| json!({"errors": [{"domain": "global", "reason": reason}], "busy": []});
        let said = match state.id_for(id, &bearer, Role::FreeBusyReader) {
            Err(_) => error("notFound"),
            Ok(own) => match (state.unreadable.get(&own), state.calendars.get(&own)) {
                (Some(reason), _) => error(reason),
                (None, None) => error("notFound"),
                (None, Some(calendar)) => json!({"busy": busy(calendar, from, to)}),
            },
        };
        calendars.insert(id.to_owned(), said);
    }
    let body = json!({"kind": "calendar#freeBusy", "timeMin": from.to_string(), "timeMax": to.to_string(), "calendars": calendars});
    Ok(Json(body))
}

/// Merged; not cut to the range.
fn busy(calendar: &Calendar, from: Timestamp, to: Timestamp) -> Vec<Value> {
    let mut periods: Vec<(Timestamp, Timestamp)> = calendar
        .events
        .iter()
        .filter(|(_, stored)| blocks(&stored.doc))
        .flat_map(|(id, stored)| unfolded(id, stored, calendar, to))
        .filter(|one| one.from < to && one.to > from && one.from < one.to)
        .map(|one| (one.from, one.to))
        .collect();
    periods.sort_unstable();
    let mut merged: Vec<(Timestamp, Timestamp)> = Vec::new();
    for (start, end) in periods {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged.into_iter().map(|(start, end)| json!({"start": start.to_string(), "end": end.to_string()})).collect()
}
