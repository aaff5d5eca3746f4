//! One event's document: what Google takes for one, and when it is.

use jiff::{Timestamp, civil, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::{
    refusal::{self, Refusal, invalid},
    state::{Calendar, Stored},
};

type Doc = Map<String, Value>;

fn text<'d>(doc: &'d Doc, name: &str) -> Option<&'d str> {
    doc.get(name).and_then(Value::as_str)
}

/// A moment: whole days begin by the calendar's zone. A time without an offset needs a zone of its own; in a gap it is
/// later by the gap's length, in a fold the earlier one.
pub(super) fn moment(doc: &Doc, name: &str, calendar: &TimeZone) -> Option<Timestamp> {
    let edge = doc.get(name)?.as_object()?;
    match (text(edge, "dateTime"), text(edge, "date")) {
        (Some(at), None) => at.parse::<Timestamp>().ok().or_else(|| {
            let zone = TimeZone::get(text(edge, "timeZone")?).ok()?;
            zone.to_ambiguous_timestamp(at.parse().ok()?).compatible().ok()
        }),
        (None, Some(date)) => {
            let date: civil::Date = date.parse().ok()?;
            calendar.to_ambiguous_timestamp(date.at(0, 0, 0, 0)).compatible().ok()
        }
        _ => None,
    }
}

pub(super) fn is_all_day(doc: &Doc) -> bool {
    doc.get("start").is_some_and(|start| start.get("date").is_some())
}

pub(super) fn recurrence(doc: &Doc) -> Vec<&str> {
    doc.get("recurrence").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Whether it makes its owner busy: not when it is shown as free, says only where somebody works, or was declined.
pub(super) fn blocks(doc: &Doc) -> bool {
    let declined = |guest: &Value| guest["self"] == true && guest["responseStatus"] == "declined";
    let guests = doc.get("attendees").and_then(Value::as_array);
    text(doc, "status") != Some("cancelled")
        && text(doc, "transparency") != Some("transparent")
        && text(doc, "eventType") != Some("workingLocation")
        && !guests.is_some_and(|guests| guests.iter().any(declined))
}

pub(super) fn is_id(id: &str) -> bool {
    (5..=1024).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'v').contains(&b))
}

/// What Google refuses in an event.
pub(super) fn checked(doc: &Doc, calendar: &Calendar) -> Result<(), Refusal> {
    for name in ["start", "end"] {
        let edge = doc.get(name).and_then(Value::as_object).ok_or(invalid("Missing start or end time."))?;
        if edge.contains_key("date") == edge.contains_key("dateTime") {
            return Err(invalid("Invalid start or end time."));
        }
        if text(edge, "timeZone").is_some_and(|zone| TimeZone::get(zone).is_err()) {
            return Err(invalid("Invalid time zone definition."));
        }
    }
    let (Some(from), Some(to)) = (moment(doc, "start", &calendar.zone), moment(doc, "end", &calendar.zone)) else {
        return Err(invalid("Invalid value for start or end time."));
    };
    if to < from || (is_all_day(doc) && to == from) {
        return Err(refusal::EMPTY_RANGE);
    }
    if !recurrence(doc).is_empty() && !is_all_day(doc) && doc["start"].get("timeZone").is_none() {
        return Err(invalid("Missing time zone definition for start time."));
    }
    let one_of = |name: &str, allowed: &[&str]| text(doc, name).is_none_or(|value| allowed.contains(&value));
    if !one_of("transparency", &["opaque", "transparent"])
        || !one_of("status", &["confirmed", "tentative", "cancelled"])
    {
        return Err(invalid("Invalid value."));
    }
    let private = doc.get("extendedProperties").and_then(|both| both.get("private")).and_then(Value::as_object);
    let short =
        |(name, value): (&String, &Value)| name.len() <= 44 && value.as_str().is_some_and(|value| value.len() <= 1_024);
    if private.is_some_and(|private| private.len() > 300 || !private.iter().all(short)) {
        return Err(invalid("Invalid extended property."));
    }
    if text(doc, "description").is_some_and(|words| words.chars().count() > 8_192) {
        return Err(invalid("The description is too long."));
    }
    Ok(())
}

/// A patch (RFC 7396, but for arrays, which are replaced as a whole there, too).
pub(super) fn merge(doc: &mut Doc, patch: &Doc) {
    for (name, value) in patch {
        match value {
            Value::Null => {
                doc.remove(name);
            }
            Value::Object(inner) => {
                let old = doc.entry(name.clone()).or_insert_with(|| json!({}));
                if !old.is_object() {
                    *old = json!({});
                }
                if let Some(old) = old.as_object_mut() {
                    merge(old, inner);
                }
            }
            plain => {
                doc.insert(name.clone(), plain.clone());
            }
        }
    }
}

/// As it is answered: with its etag, and its times by the calendar's zone.
pub(super) fn shown(stored: &Stored, calendar: &Calendar) -> Value {
    let mut doc = stored.doc.clone();
    for name in ["start", "end"] {
        let at = moment(&doc, name, &calendar.zone);
        if let Some(edge) = doc.get_mut(name).and_then(Value::as_object_mut)
            && edge.contains_key("dateTime")
            && let Some(at) = at
        {
            let local = at.to_zoned(calendar.zone.clone());
            edge.insert("dateTime".to_owned(), local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string().into());
        }
    }
    doc.insert("kind".to_owned(), "calendar#event".into());
    doc.insert("etag".to_owned(), stored.etag().into());
    doc.into()
}

/// As a deleted event is listed: only its id is promised.
pub(super) fn bare(id: &str, stored: &Stored) -> Value {
    json!({"kind": "calendar#event", "id": id, "status": "cancelled", "etag": stored.etag()})
}
