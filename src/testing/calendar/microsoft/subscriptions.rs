//! Subscriptions: an address is asked whether it is ours, and then told of changes.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{sync::mpsc, task::JoinSet};
use uuid::Uuid;

use super::{
    faults::Fault,
    request::Asked,
    server::{Reply, Shared, State},
};

/// Of events.
const LONGEST: SignedDuration = SignedDuration::from_mins(4_230);
/// Within which an address has to answer.
const ANSWER: Duration = Duration::from_secs(10);
/// Reports that wait to be sent; more are lost, and "missed" is for that.
const WAITING: usize = 1_000;

#[derive(Clone, Debug)]
pub struct Subscribed {
    pub id: String,
    pub subject: String,
    pub calendar: String,
    pub address: String,
    pub lifecycle_address: Option<String>,
    pub until: Timestamp,
    state: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    change_type: String,
    notification_url: String,
    lifecycle_notification_url: Option<String>,
    resource: String,
    expiration_date_time: Timestamp,
    client_state: Option<String>,
}

/// Sends reports, one after the other, for as long as the server is there.
pub(super) struct Teller {
    client: reqwest::Client,
    queue: mpsc::Sender<(String, Value)>,
    _task: JoinSet<()>,
}

impl Teller {
    pub(super) fn new() -> Self {
        // Fails when another part of the program was first, with the same provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(ANSWER).build().expect("a client");
        let (queue, mut waiting) = mpsc::channel::<(String, Value)>(WAITING);
        let mut task = JoinSet::new();
        let sender = client.clone();
        task.spawn(async move {
            while let Some((address, report)) = waiting.recv().await {
                let _ = sender.post(address).json(&report).send().await;
            }
        });
        Self { client, queue, _task: task }
    }

    pub(super) fn tell(&self, state: &mut State, now: Timestamp, kind: &str, calendar: &str, id: &str) {
        state.subscriptions.retain(|subscription| now < subscription.until);
        let mut reports: HashMap<&str, Vec<Value>> = HashMap::new();
        for subscription in state.subscriptions.iter().filter(|subscription| subscription.calendar == calendar) {
            let resource = format!("Users/{}/Events/{id}", subscription.subject);
            reports.entry(&subscription.address).or_default().push(json!({
                "subscriptionId": subscription.id,
                "subscriptionExpirationDateTime": subscription.until.to_string(),
                "changeType": kind,
                "resource": resource,
                "resourceData": {"@odata.type": "#Microsoft.Graph.Event", "@odata.id": resource, "id": id},
                "clientState": subscription.state,
                "tenantId": "84bd8158-6d4d-4958-8b9f-9d6445542f95",
            }));
        }
        for (address, value) in reports {
            let _ = self.queue.try_send((address.to_owned(), json!({"value": value})));
        }
    }

    pub(super) fn lifecycle(&self, state: &mut State, event: &'static str) {
        for subscription in &state.subscriptions {
            let Some(address) = &subscription.lifecycle_address else {
                continue;
            };
            let report = json!({"value": [{
                "subscriptionId": subscription.id,
                "subscriptionExpirationDateTime": subscription.until.to_string(),
                "lifecycleEvent": event,
                "clientState": subscription.state,
                "tenantId": "84bd8158-6d4d-4958-8b9f-9d6445542f95",
            }]});
            let _ = self.queue.try_send((address.clone(), report));
        }
        if event == "subscriptionRemoved" {
            state.subscriptions.clear();
        }
    }

    /// Whether whoever is at an address sends a text back that is made for it.
    async fn validates(&self, address: &str) -> bool {
        let token =
            format!("Validation: Testing client application reachability for subscription {}", Uuid::from_u128(7));
        let asked = self.client.post(address).query(&[("validationToken", token.as_str())]);
        let Ok(answer) = asked.header("content-type", "text/plain; charset=utf-8").send().await else {
            return false;
        };
        let plain = answer.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        let good = answer.status() == 200 && plain.is_some_and(|kind| kind.starts_with("text/plain"));
        good && answer.text().await.is_ok_and(|text| text == token)
    }
}

/// https, or this machine: the sandbox has no certificate.
fn allowed(address: &str) -> bool {
    address.starts_with("https://")
        || address.starts_with("http://127.0.0.1:")
        || address.starts_with("http://localhost:")
}

fn invalid(message: &str) -> Fault {
    Fault::new(400, "ValidationError", message)
}

fn not_there() -> Fault {
    Fault::new(404, "ResourceNotFound", "The object was not found.")
}

impl Shared {
    pub(super) async fn subscribe(self: &Arc<Self>, asked: &Asked) -> Reply {
        let wanted: Wanted = asked.json()?;
        let now = self.clock.now();
        let calendar = {
            let state = self.lock();
            let path = wanted.resource.trim_start_matches('/');
            let id = path.strip_prefix("me/calendars/").and_then(|rest| rest.strip_suffix("/events"));
            let id = id.ok_or_else(|| Fault::new(400, "ExtensionError", "Resource is not supported."))?;
            let shelf = state.mailbox(asked.subject()).shelf(id).ok_or_else(Fault::not_found)?;
            if !shelf.editable {
                let message = "Operation: Create; Exception: [Status Code: Forbidden; Reason: Forbidden]";
                return Err(Fault::new(403, "ExtensionError", message));
            }
            shelf.id.clone()
        };
        if wanted.change_type.split(',').any(|kind| !matches!(kind, "created" | "updated" | "deleted")) {
            return Err(invalid("changeType is not valid."));
        }
        if wanted.client_state.as_ref().is_some_and(|state| state.chars().count() > 128) {
            return Err(invalid("clientState is longer than 128 characters."));
        }
        if wanted.expiration_date_time <= now {
            return Err(invalid("Subscription expiration can't be in the past."));
        }
        if now.duration_until(wanted.expiration_date_time) > LONGEST {
            return Err(invalid("Subscription expiration can only be 4230 minutes in the future."));
        }
        for address in wanted.lifecycle_notification_url.iter().chain([&wanted.notification_url]) {
            if !allowed(address) {
                return Err(invalid("Only HTTPS addresses are allowed."));
            }
            if !self.teller.validates(address).await {
                return Err(invalid(
                    "Subscription validation request failed. Response must exactly match validationToken query parameter.",
                ));
            }
        }
        let mut state = self.lock();
        let id = Uuid::from_u128(u128::from(state.next()) | 0x7f10_5f62_5b49_4dab << 64).to_string();
        state.subscriptions.push(Subscribed {
            id: id.clone(),
            subject: asked.subject().to_owned(),
            calendar,
            address: wanted.notification_url.clone(),
            lifecycle_address: wanted.lifecycle_notification_url,
            until: wanted.expiration_date_time,
            state: wanted.client_state.unwrap_or_default(),
        });
        let made = json!({"@odata.context": "$metadata#subscriptions/$entity", "id": id, "resource": wanted.resource,
            "changeType": wanted.change_type, "notificationUrl": wanted.notification_url, "clientState": null,
            "expirationDateTime": wanted.expiration_date_time.to_string()});
        Ok((StatusCode::CREATED, made))
    }

    pub(super) fn subscription(&self, asked: &Asked, id: &str) -> Reply {
        let (state, now) = (self.lock(), self.clock.now());
        let found = state.subscriptions.iter().find(|one| one.id == id && one.subject == asked.subject());
        let one = found.filter(|one| now < one.until).ok_or_else(not_there)?;
        let shown = json!({"@odata.context": "$metadata#subscriptions/$entity", "id": one.id,
            "resource": format!("me/calendars/{}/events", one.calendar), "changeType": "created,updated,deleted",
            "notificationUrl": one.address, "clientState": null, "expirationDateTime": one.until.to_string()});
        Ok((StatusCode::OK, shown))
    }

    pub(super) fn unsubscribe(&self, asked: &Asked, id: &str) -> Reply {
        let mut state = self.lock();
        let before = state.subscriptions.len();
        state.subscriptions.retain(|one| one.id != id || one.subject != asked.subject());
        if state.subscriptions.len() == before {
            return Err(not_there());
        }
        Ok((StatusCode::NO_CONTENT, Value::Null))
    }
}
