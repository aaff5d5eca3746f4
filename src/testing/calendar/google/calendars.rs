//! Who somebody is, and what calendars they have.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Query, State},
    http::HeaderMap,
};
use serde_json::{Value, json};

use super::{
    Server, fields,
    refusal::{Refusal, invalid},
};

const LIST: [&str; 4] = ["calendar.calendarlist.readonly", "calendar.calendarlist", "calendar.readonly", "calendar"];

pub(super) async fn user_info(State(server): State<Server>, headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    let bearer = server.enter(&headers, &["openid", "userinfo.email", "userinfo.profile"])?;
    let mut body = json!({"id": bearer.person.subject});
    if bearer.has("https://www.googleapis.com/auth/userinfo.email") {
        body["email"] = bearer.person.email.into();
        body["verified_email"] = true.into();
    }
    Ok(Json(body))
}

pub(super) async fn list(
    State(server): State<Server>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, Refusal> {
    let bearer = server.enter(&headers, &LIST)?;
    let state = server.lock();
    let mine = state.calendars.iter().filter_map(|(id, calendar)| {
        let role = calendar.roles.get(&bearer.person.subject)?;
        let mut entry = json!({
            "kind": "calendar#calendarListEntry", "id": id, "summary": calendar.name, "timeZone": calendar.zone_name,
            "accessRole": role.as_str(), "selected": true,
        });
        if *id == bearer.person.email {
            entry["primary"] = true.into();
        }
        Some(entry)
    });
    let mine: Vec<Value> = mine.collect();
    let asked =
        query.get("maxResults").map_or(Ok(100), |text| text.parse()).map_err(|_| invalid("Invalid maxResults"))?;
    let size = state.page_size.unwrap_or(asked).clamp(1, 250);
    let from: usize =
        query.get("pageToken").map_or(Ok(0), |text| text.parse()).map_err(|_| invalid("Invalid page token"))?;
    let page: Vec<Value> = mine.iter().skip(from).take(size).cloned().collect();
    let mut body = json!({"kind": "calendar#calendarList", "items": page});
    if from + size < mine.len() {
        body["nextPageToken"] = (from + size).to_string().into();
    } else {
        body["nextSyncToken"] = format!("list-{}", state.count).into();
    }
    fields::chosen(body, query.get("fields").map(String::as_str)).map(Json)
}
