//! Channels: who wants to hear of changes, and what they are told
//! (<https://developers.google.com/workspace/calendar/api/guides/push>).

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    FakeGoogle, Server,
    events::READS,
    refusal::{self, Refusal, invalid},
    state::Role,
};

/// Seconds: a week.
const LONGEST: i64 = 604_800;

/// Somebody who wants to hear of a calendar's changes.
#[derive(Clone, Debug)]
pub struct Channel {
    pub id: String,
    pub resource: String,
    pub calendar: String,
    pub address: String,
    pub until: Timestamp,
    pub(super) token: String,
    /// How many messages were sent.
    pub(super) number: u64,
    /// States that are to be told.
    pub(super) waiting: Vec<&'static str>,
}

pub(super) async fn watch(
    State(server): State<Server>,
    Path(calendar): Path<String>,
    headers: HeaderMap,
    Json(asked): Json<Value>,
) -> Result<Json<Value>, Refusal> {
    let bearer = server.enter(&headers, &READS)?;
    let now = server.clock.now();
    let mut state = server.lock();
    let calendar = state.id_for(&calendar, &bearer, Server::least(&bearer, Role::Reader))?;
    let text = |name: &str| asked[name].as_str().unwrap_or_default().to_owned();
    let (id, address, token) = (text("id"), text("address"), text("token"));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '/' | '=');
    if id.is_empty() || id.len() > 64 || !id.chars().all(plain) || text("type") != "web_hook" || token.len() > 256 {
        return Err(invalid("Invalid channel."));
    }
    let local = address.starts_with("http://127.0.0.1") || address.starts_with("http://localhost");
    if !address.starts_with("https://") && !local {
        return Err(Refusal { reason: "push.webhookUrlNotHttps", ..invalid("WebHook callback must be HTTPS") });
    }
    if state.channels.iter().any(|channel| channel.id == id) {
        return Err(Refusal { reason: "channelIdNotUnique", ..invalid("Channel id is not unique") });
    }
    let asked_for = asked["params"]["ttl"].as_str().and_then(|ttl| ttl.parse().ok()).unwrap_or(LONGEST);
    let until = now + SignedDuration::from_secs(asked_for.clamp(1, LONGEST));
    let resource =
        format!("resource-{:x}", state.calendars.keys().position(|own| *own == calendar).unwrap_or_default());
    let made = Channel {
        id: id.clone(),
        resource: resource.clone(),
        calendar,
        address,
        until,
        token: token.clone(),
        number: 0,
        waiting: vec!["sync"],
    };
    state.channels.push(made);
    Ok(Json(json!({
        "kind": "api#channel", "id": id, "resourceId": resource, "token": token,
        "resourceUri": "https://www.googleapis.com/calendar/v3/calendars/events?alt=json",
        "expiration": until.as_millisecond().to_string(),
    })))
}

pub(super) async fn stop(
    State(server): State<Server>,
    headers: HeaderMap,
    Json(asked): Json<Value>,
) -> Result<StatusCode, Refusal> {
    server.enter(&headers, &READS)?;
    let mut state = server.lock();
    let (id, resource) = (asked["id"].as_str(), asked["resourceId"].as_str());
    let at = state.channels.iter().position(|own| id == Some(&own.id) && resource == Some(&own.resource));
    let at = at.ok_or(Refusal { message: "Channel not found for project.", ..refusal::NOT_FOUND })?;
    state.channels.remove(at);
    Ok(StatusCode::NO_CONTENT)
}

impl FakeGoogle {
    /// Those that are open now.
    pub fn channels(&self) -> Vec<Channel> {
        let now = self.server.clock.now();
        self.server.lock().channels.iter().filter(|channel| now < channel.until).cloned().collect()
    }

    /// Posts what is to be told to each open channel; what their hooks answered, 0 for nothing.
    ///
    /// # Panics
    /// When no HTTP client can be made.
    pub async fn deliver(&self) -> Vec<u16> {
        let (letters, mut answers) = (self.letters(), Vec::new());
        if letters.is_empty() {
            return answers;
        }
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().expect("an HTTP client");
        for (address, headers) in letters {
            let mut request = client.post(&address).header("content-length", "0");
            for (name, value) in headers {
                request = request.header(name, value);
            }
            answers.push(request.send().await.map_or(0, |answer| answer.status().as_u16()));
        }
        answers
    }

    /// Takes what is waiting.
    fn letters(&self) -> Vec<(String, Vec<(&'static str, String)>)> {
        let now = self.server.clock.now();
        let mut letters = Vec::new();
        for channel in self.server.lock().channels.iter_mut().filter(|channel| now < channel.until) {
            for state in std::mem::take(&mut channel.waiting) {
                channel.number += 1;
                let headers = vec![
                    ("x-goog-channel-id", channel.id.clone()),
                    ("x-goog-channel-token", channel.token.clone()),
                    ("x-goog-channel-expiration", channel.until.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()),
                    ("x-goog-message-number", channel.number.to_string()),
                    ("x-goog-resource-id", channel.resource.clone()),
                    ("x-goog-resource-state", state.to_owned()),
                    (
                        "x-goog-resource-uri",
                        "https://www.googleapis.com/calendar/v3/calendars/events?alt=json".to_owned(),
                    ),
                ];
                letters.push((channel.address.clone(), headers));
            }
        }
        letters
    }
}
