//! Events, one at a time.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
};
use serde_json::{Map, Value, json};

use super::{
    Server,
    document::{checked, is_id, merge, shown},
    fields,
    recurrence::is_understood,
    refusal::{self, Refusal, invalid},
    state::{Calendar, Role},
};
use crate::testing::calendar::consent::Bearer;

const WRITES: [&str; 4] = ["calendar.events.owned", "calendar.events", "calendar.app.created", "calendar"];
pub(super) const READS: [&str; 6] = [
    "calendar.events.owned",
    "calendar.events.owned.readonly",
    "calendar.events.readonly",
    "calendar.events",
    "calendar.readonly",
    "calendar",
];

type Asked = Query<HashMap<String, String>>;
type Answer = Result<Json<Value>, Refusal>;

fn checked_query(query: &HashMap<String, String>) -> Result<(), Refusal> {
    let known = |name: &str, allowed: &[&str]| query.get(name).is_none_or(|value| allowed.contains(&value.as_str()));
    if known("sendUpdates", &["all", "externalOnly", "none"]) && known("conferenceDataVersion", &["0", "1"]) {
        return Ok(());
    }
    Err(invalid("Invalid value for a parameter."))
}

pub(super) async fn insert(
    State(server): State<Server>,
    Path(calendar): Path<String>,
    headers: HeaderMap,
    Query(query): Asked,
    Json(asked): Json<Map<String, Value>>,
) -> Answer {
    let bearer = server.enter(&headers, &WRITES)?;
    checked_query(&query)?;
    let now = server.clock.now();
    let mut state = server.lock();
    let calendar = state.id_for(&calendar, &bearer, Server::least(&bearer, Role::Writer))?;
    let given = asked.get("id").and_then(Value::as_str);
    if given.is_some_and(|id| !is_id(id)) {
        return Err(invalid("Invalid resource id value."));
    }
    if given.is_some() && asked.contains_key("iCalUID") {
        return Err(invalid("Only one of id and iCalUID may be given."));
    }
    let id = given.map_or_else(|| format!("{:026}", state.count + 1), str::to_owned);
    let Some(own) = state.calendars.get(&calendar) else { return Err(refusal::NOT_FOUND) };
    // Deleted or not: an id is used once.
    if own.events.contains_key(&id) {
        return Err(refusal::DUPLICATE);
    }
    let mut doc = asked.clone();
    for read_only in
        ["etag", "htmlLink", "hangoutLink", "created", "updated", "creator", "organizer", "kind", "conferenceData"]
    {
        doc.remove(read_only);
    }
    checked(&doc, own)?;
    if !is_understood(&doc, own) {
        return Err(invalid("Invalid recurrence rule."));
    }
    finish(&mut doc, &id, &bearer, &now.to_string());
    if query.get("conferenceDataVersion").is_some_and(|version| version == "1") {
        confer(&mut doc, &asked, state.meetings_later)?;
    }
    state.keep(&calendar, &id, doc);
    answer(state.calendars.get(&calendar), &id, &query)
}

/// What Google adds to a new event.
pub(super) fn finish(doc: &mut Map<String, Value>, id: &str, bearer: &Bearer, now: &str) {
    let who = json!({"email": bearer.person.email, "self": true});
    let plain = |doc: &mut Map<String, Value>, name: &str, value: Value| {
        doc.entry(name.to_owned()).or_insert(value);
    };
    doc.insert("id".to_owned(), id.into());
    plain(doc, "iCalUID", format!("{id}@google.com").into());
    plain(doc, "status", "confirmed".into());
    plain(doc, "eventType", "default".into());
    plain(doc, "reminders", json!({"useDefault": true}));
    plain(doc, "sequence", 0.into());
    plain(doc, "htmlLink", format!("https://www.google.com/calendar/event?eid={id}").into());
    plain(doc, "created", now.into());
    doc.insert("updated".to_owned(), now.into());
    plain(doc, "creator", who.clone());
    plain(doc, "organizer", who);
}

/// Makes the video meeting that a body asks for; the same wish again makes no second one.
fn confer(doc: &mut Map<String, Value>, asked: &Map<String, Value>, later: bool) -> Result<(), Refusal> {
    let Some(wish) = asked.get("conferenceData").and_then(|data| data.get("createRequest")) else { return Ok(()) };
    let id = wish["requestId"].as_str().filter(|id| !id.is_empty()).ok_or(invalid("Missing requestId."))?;
    if wish["conferenceSolutionKey"]["type"].as_str().is_some_and(|kind| kind != "hangoutsMeet") {
        return Err(invalid("Invalid conference type value."));
    }
    let known = doc.get("conferenceData").is_some_and(|data| data["createRequest"]["requestId"] == id);
    if known {
        return Ok(());
    }
    let letters: String =
        id.bytes().filter(u8::is_ascii_hexdigit).take(10).map(|b| char::from(b'a' + b % 26)).collect();
    let link = format!("https://meet.google.com/{letters}");
    let status = if later { "pending" } else { "success" };
    let mut data = json!({"createRequest": {
        "requestId": id, "conferenceSolutionKey": {"type": "hangoutsMeet"}, "status": {"statusCode": status},
    }});
    if !later {
        data["entryPoints"] = json!([{"entryPointType": "video", "uri": link}]);
        data["conferenceId"] = letters.into();
        doc.insert("hangoutLink".to_owned(), link.into());
    }
    doc.insert("conferenceData".to_owned(), data);
    Ok(())
}

fn answer(calendar: Option<&Calendar>, id: &str, query: &HashMap<String, String>) -> Answer {
    let found = calendar.and_then(|calendar| calendar.events.get(id).map(|stored| shown(stored, calendar)));
    fields::chosen(found.ok_or(refusal::NOT_FOUND)?, query.get("fields").map(String::as_str)).map(Json)
}

/// A deleted event is answered, too, as cancelled.
pub(super) async fn get(
    State(server): State<Server>,
    Path((calendar, id)): Path<(String, String)>,
    headers: HeaderMap,
    Query(query): Asked,
) -> Answer {
    let bearer = server.enter(&headers, &READS)?;
    let mut state = server.lock();
    let calendar = state.id_for(&calendar, &bearer, Server::least(&bearer, Role::Reader))?;
    // By now the meeting is there.
    if let Some(stored) = state.calendars.get_mut(&calendar).and_then(|own| own.events.get_mut(&id)) {
        arrive(&mut stored.doc);
    }
    answer(state.calendars.get(&calendar), &id, &query)
}

fn arrive(doc: &mut Map<String, Value>) {
    let Some(data) = doc.get_mut("conferenceData") else { return };
    if data["createRequest"]["status"]["statusCode"] == "pending" {
        data["createRequest"]["status"]["statusCode"] = "success".into();
        doc.insert("hangoutLink".to_owned(), "https://meet.google.com/abc-defg-hij".into());
    }
}

pub(super) async fn patch(
    State(server): State<Server>,
    Path((calendar, id)): Path<(String, String)>,
    headers: HeaderMap,
    Query(query): Asked,
    Json(asked): Json<Map<String, Value>>,
) -> Answer {
    let bearer = server.enter(&headers, &WRITES)?;
    checked_query(&query)?;
    let now = server.clock.now();
    let mut state = server.lock();
    let calendar = state.id_for(&calendar, &bearer, Server::least(&bearer, Role::Writer))?;
    let later = state.meetings_later;
    let own = state.calendars.get(&calendar).ok_or(refusal::NOT_FOUND)?;
    let stored = own.events.get(&id).ok_or(refusal::NOT_FOUND)?;
    precondition(&headers, &stored.etag())?;
    if stored.is_cancelled() {
        return Err(refusal::FORBIDDEN);
    }
    let mut doc = stored.doc.clone();
    let mut changes = asked.clone();
    for read_only in ["id", "etag", "htmlLink", "hangoutLink", "iCalUID", "conferenceData"] {
        changes.remove(read_only);
    }
    merge(&mut doc, &changes);
    checked(&doc, own)?;
    if query.get("conferenceDataVersion").is_some_and(|version| version == "1") {
        confer(&mut doc, &asked, later)?;
    }
    let sequence = doc.get("sequence").and_then(Value::as_u64).unwrap_or_default() + 1;
    doc.insert("sequence".to_owned(), sequence.into());
    doc.insert("updated".to_owned(), now.to_string().into());
    state.keep(&calendar, &id, doc);
    answer(state.calendars.get(&calendar), &id, &query)
}

pub(super) async fn delete(
    State(server): State<Server>,
    Path((calendar, id)): Path<(String, String)>,
    headers: HeaderMap,
    Query(query): Asked,
) -> Result<StatusCode, Refusal> {
    let bearer = server.enter(&headers, &WRITES)?;
    checked_query(&query)?;
    let mut state = server.lock();
    let calendar = state.id_for(&calendar, &bearer, Server::least(&bearer, Role::Writer))?;
    let own = state.calendars.get(&calendar).ok_or(refusal::NOT_FOUND)?;
    let stored = own.events.get(&id).ok_or(refusal::NOT_FOUND)?;
    precondition(&headers, &stored.etag())?;
    if stored.is_cancelled() {
        return Err(refusal::DELETED);
    }
    let mut doc = stored.doc.clone();
    doc.insert("status".to_owned(), "cancelled".into());
    state.keep(&calendar, &id, doc);
    Ok(StatusCode::NO_CONTENT)
}

fn precondition(headers: &HeaderMap, etag: &str) -> Result<(), Refusal> {
    match headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok()) {
        None | Some("*") => Ok(()),
        Some(asked) if asked == etag => Ok(()),
        Some(_) => Err(refusal::CHANGED),
    }
}
