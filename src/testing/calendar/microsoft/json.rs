//! Events and calendars as Graph shows them.

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::{
    faults::Fault,
    mailbox::{Entry, Instance, Mailbox, Shelf},
    request::{Asked, Prefer},
};

/// What a token in a link stands for.
#[derive(Clone)]
pub(super) enum Cursor {
    /// What has changed in a view since a version.
    Since { calendar: String, from: Timestamp, to: Timestamp, version: u64 },
    /// The rest of a listing, and the version that it shows.
    Rest { values: Vec<Value>, calendar: String, from: Timestamp, to: Timestamp, version: u64 },
}

const OF_EVENTS: &[&str] = &[
    "id",
    "subject",
    "bodyPreview",
    "body",
    "start",
    "end",
    "location",
    "isAllDay",
    "isCancelled",
    "isOnlineMeeting",
    "isOrganizer",
    "onlineMeeting",
    "onlineMeetingProvider",
    "originalStartTimeZone",
    "originalEndTimeZone",
    "sensitivity",
    "seriesMasterId",
    "showAs",
    "transactionId",
    "type",
    "webLink",
    "changeKey",
    "createdDateTime",
    "lastModifiedDateTime",
    "attendees",
    "organizer",
    "categories",
    "recurrence",
    "iCalUId",
    "hasAttachments",
    "importance",
    "isDraft",
];
const OF_CALENDARS: &[&str] = &[
    "id",
    "name",
    "color",
    "hexColor",
    "isDefaultCalendar",
    "changeKey",
    "canShare",
    "canViewPrivateItems",
    "canEdit",
    "allowedOnlineMeetingProviders",
    "defaultOnlineMeetingProvider",
    "isTallyingResponses",
    "isRemovable",
    "owner",
];

pub(super) fn etag(version: u64) -> String {
    format!("W/\"vQ7d3zT9hUWl{version:08}AAAD==\"")
}

/// Ids change with every change of an event, unless those are asked for that do not.
pub(super) fn shown_id(entry: &Entry, number: Option<u16>, prefer: Prefer) -> String {
    let id = entry.id_of(number);
    if prefer.immutable { id } else { format!("R{}-{id}", entry.version) }
}

/// The event that an id is for, by either kind.
pub(super) fn named<'m>(mailbox: &'m Mailbox, id: &str) -> Option<&'m Entry> {
    match id.strip_prefix('R').and_then(|rest| rest.split_once('-')) {
        Some((version, own)) if version.parse::<u64>().is_ok() => {
            mailbox.entry(own).filter(|entry| entry.version.to_string() == version)
        }
        _ => mailbox.entry(id),
    }
}

fn time(mailbox: &Mailbox, at: Timestamp, all_day: bool, prefer: Prefer) -> Value {
    // Whole days stand at midnight in whatever zone is asked for.
    let utc = prefer.utc && !all_day;
    let zone = if utc { &TimeZone::UTC } else { &mailbox.zone };
    let name = if prefer.utc { "UTC" } else { mailbox.windows_zone };
    json!({"dateTime": zone.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S.0000000").to_string(), "timeZone": name})
}

/// One of the times that an entry takes place; the whole series when `instance` is none.
pub(super) fn event(mailbox: &Mailbox, entry: &Entry, instance: Option<&Instance>, asked: &Asked) -> Value {
    let prefer = asked.prefer;
    let (from, to) = instance.map_or((entry.from, entry.to), |instance| (instance.from, instance.to));
    let number = instance.and_then(|instance| instance.number);
    let kind = match (&entry.series, instance) {
        (None, _) => "singleInstance",
        (Some(_), Some(instance)) if instance.moved => "exception",
        (Some(_), Some(Instance { number: Some(_), .. })) => "occurrence",
        (Some(_), _) => "seriesMaster",
    };
    let body = if prefer.text {
        json!({"contentType": "text", "content": entry.body})
    } else {
        json!({"contentType": "html", "content": format!("<html><body><div>{}</div></body></html>", entry.body)})
    };
    let mut value = json!({
        "@odata.etag": etag(entry.version),
        "id": shown_id(entry, number, prefer),
        "changeKey": format!("vQ7d3zT9hUWl{:08}AAAD==", entry.version),
        "subject": entry.title,
        "bodyPreview": entry.body.chars().take(255).collect::<String>(),
        "body": body,
        "start": time(mailbox, from, entry.all_day, prefer),
        "end": time(mailbox, to, entry.all_day, prefer),
        "location": {"displayName": entry.location, "locationType": "default"},
        "isAllDay": entry.all_day,
        "isCancelled": entry.cancelled,
        "isOnlineMeeting": entry.meeting.is_some(),
        "isOrganizer": true,
        "isDraft": false,
        "hasAttachments": false,
        "importance": "normal",
        "attendees": [],
        "categories": [],
        "organizer": {"emailAddress": {"name": mailbox.person.name, "address": mailbox.person.email}},
        "onlineMeetingProvider": if entry.meeting.is_some() { "teamsForBusiness" } else { "unknown" },
        "onlineMeeting": entry.meeting.as_ref().map(|url| json!({"joinUrl": url})),
        "originalStartTimeZone": entry.made_in,
        "originalEndTimeZone": entry.made_in,
        "sensitivity": if entry.private { "private" } else { "normal" },
        "seriesMasterId": number.map(|_| shown_id(entry, None, prefer)),
        "recurrence": entry.series.as_ref().filter(|_| kind == "seriesMaster").map(|series| json!({
            "pattern": {"type": if series.repeats.days == 7 { "weekly" } else { "daily" }, "interval": 1},
            "range": {"type": "numbered", "numberOfOccurrences": series.repeats.times}})),
        "showAs": entry.show_as,
        "type": kind,
        "iCalUId": format!("040000008200E00074C5B7101A82E008{}", entry.created),
        "webLink": format!("https://outlook.office365.example/owa/?itemid={}&exvsurl=1&path=/calendar/item", entry.id),
        "createdDateTime": "2026-11-20T08:00:00Z",
        "lastModifiedDateTime": "2026-11-20T08:00:00Z",
    });
    if let Some(transaction) = &entry.transaction {
        // Only an event that was made with one has one.
        value["transactionId"] = json!(transaction);
    }
    value
}

pub(super) fn calendar(mailbox: &Mailbox, shelf: &Shelf) -> Value {
    let teams: &[&str] = if mailbox.personal { &[] } else { &["teamsForBusiness"] };
    json!({
        "id": shelf.id, "name": shelf.name, "color": "auto", "hexColor": "", "isDefaultCalendar": shelf.main,
        "changeKey": "vQ7d3zT9hUWl", "canShare": shelf.editable, "canViewPrivateItems": true, "canEdit": shelf.editable,
        "allowedOnlineMeetingProviders": teams,
        "defaultOnlineMeetingProvider": if mailbox.personal { "unknown" } else { "teamsForBusiness" },
        "isTallyingResponses": shelf.main, "isRemovable": !shelf.main,
        "owner": {"name": mailbox.person.name, "address": mailbox.person.email},
    })
}

/// Cuts what is shown to what `$select` names, and adds what `$expand` names.
pub(super) fn selected(value: Value, entry: Option<&Entry>, asked: &Asked) -> Result<Value, Fault> {
    let known = if entry.is_some() { OF_EVENTS } else { OF_CALENDARS };
    let Value::Object(all) = value else {
        return Ok(value);
    };
    let mut kept: Map<String, Value> = match asked.option("$select") {
        None => all,
        Some(select) => {
            let names: Vec<&str> = select.split(',').map(str::trim).collect();
            if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
                let message = format!("Could not find a property named '{unknown}' on the type.");
                return Err(Fault::new(400, "RequestBroker--ParseUri", message));
            }
            all.into_iter()
                .filter(|(name, _)| matches!(name.as_str(), "id" | "@odata.etag") || names.contains(&name.as_str()))
                .collect()
        }
    };
    if let (Some(entry), Some(expand)) = (entry, asked.option("$expand")) {
        let id = expand
            .strip_prefix("singleValueExtendedProperties($filter=id eq '")
            .and_then(|rest| rest.strip_suffix("')"))
            .ok_or_else(|| Fault::new(400, "RequestBroker--ParseUri", "The $expand is not supported."))?;
        let found: Vec<Value> = entry
            .properties
            .iter()
            .filter(|(own, _)| own.eq_ignore_ascii_case(id))
            .map(|(id, value)| json!({"id": id, "value": value}))
            .collect();
        if !found.is_empty() {
            kept.insert("singleValueExtendedProperties".to_owned(), Value::Array(found));
        }
    }
    Ok(Value::Object(kept))
}
