//! Subscriptions, and the reports that go out: signed, sent again when they fail, and ended after a day of failures.

use axum::{http::StatusCode, response::IntoResponse as _, response::Response};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{
    Desk,
    answers::{self, Refusal},
    routes::{Entered, pays},
    state::{Subscription, organization},
};
use crate::testing::calendar::postman::Letter;

/// How long a hook may fail.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);
const EVENTS: [&str; 3] = ["invitee.created", "invitee.canceled", "routing_form_submission.created"];

pub(super) fn list(entered: &Entered) -> Result<Response, Refusal> {
    let desk = &entered.desk;
    if entered.field("organization") != Some(organization(&desk.base).as_str()) {
        return Err(Refusal::Denied("You do not have permission"));
    }
    let scope = entered.field("scope").ok_or(Refusal::Invalid("scope", "must be present", None))?;
    if scope == "user" {
        entered.user_is_own()?;
    }
    let state = desk.lock();
    let hooks = state.subscriptions.iter().filter(|hook| hook.scope == scope);
    let shown: Vec<_> = hooks.map(|hook| answers::subscription(&desk.base, &entered.owner, hook)).collect();
    entered.page(&shown, "/webhook_subscriptions")
}

pub(super) fn subscribe(entered: &Entered, bytes: &[u8]) -> Result<Response, Refusal> {
    let desk = &entered.desk;
    let mut state = desk.lock();
    pays(state.plan, "Please upgrade your Calendly account to Professional")?;
    let body: Value = serde_json::from_slice(bytes).map_err(|_| Refusal::Invalid("body", "is not valid JSON", None))?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let url = text("url").filter(|url| url.starts_with("https://") || url.starts_with("http://127.0.0.1"));
    let url = url.ok_or(Refusal::Invalid("url", "must be a valid https URL", None))?;
    let events: Option<Vec<String>> = body
        .get("events")
        .and_then(Value::as_array)
        .map(|events| events.iter().filter_map(|event| event.as_str().map(str::to_owned)).collect());
    let events = events.filter(|events| !events.is_empty() && events.iter().all(|own| EVENTS.contains(&own.as_str())));
    let events = events.ok_or(Refusal::Invalid("events", "are invalid", None))?;
    if text("organization") != Some(organization(&desk.base)) {
        return Err(Refusal::Denied("You do not have permission to access this resource."));
    }
    let scope = text("scope").filter(|scope| ["user", "organization"].contains(&scope.as_str()));
    let scope = scope.ok_or(Refusal::Invalid("scope", "is invalid", None))?;
    let user = text("user");
    if scope == "user" && user.as_deref() != Some(entered.owner.as_str()) {
        return Err(Refusal::Denied("You do not have permission"));
    }
    if state.subscriptions.iter().any(|hook| hook.url == url) {
        return Err(Refusal::Exists("Hook with this url already exists"));
    }
    let (id, key, made) = (state.fresh(), text("signing_key"), entered.now);
    let hook = Subscription { id, url, events, scope, user, key, active: true, failing: None, made };
    let told = answers::subscription(&desk.base, &entered.owner, &hook);
    state.subscriptions.push(hook);
    Ok(answers::one(StatusCode::CREATED, told))
}

pub(super) fn show(entered: &Entered, id: &str) -> Result<Response, Refusal> {
    let state = entered.desk.lock();
    let hook = state.subscriptions.iter().find(|hook| hook.id == id).ok_or(Refusal::NotFound)?;
    Ok(answers::one(StatusCode::OK, answers::subscription(&entered.desk.base, &entered.owner, hook)))
}

pub(super) fn end(entered: &Entered, id: &str) -> Result<Response, Refusal> {
    let mut state = entered.desk.lock();
    let at = state.subscriptions.iter().position(|hook| hook.id == id).ok_or(Refusal::NotFound)?;
    state.subscriptions.remove(at);
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What Calendly would send for this body at this moment.
pub(super) fn signature(key: &str, at: Timestamp, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length (RFC 2104)");
    mac.update(format!("{}.{body}", at.as_second()).as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={},v1={hex}", at.as_second())
}

impl Desk {
    /// Tells every hook that wants to know.
    pub(super) fn report(&self, event: &'static str, at: usize, seat: usize) {
        let now = self.clock.now();
        let (hooks, body) = {
            let state = self.lock();
            let Some(own) = state.events.get(at) else { return };
            let Some(invitee) = own.invitees.get(seat) else { return };
            let owner = self.consent.people().first().map(|person| person.subject.clone()).unwrap_or_default();
            let mut payload = answers::invitee(&self.base, own, invitee);
            payload["scheduled_event"] = answers::event(&self.base, &state, own, &owner);
            let body =
                json!({"event": event, "created_at": answers::moment(now), "created_by": owner, "payload": payload});
            let wants = |hook: &&Subscription| hook.active && hook.events.iter().any(|own| own == event);
            (state.subscriptions.iter().filter(wants).cloned().collect::<Vec<_>>(), body.to_string())
        };
        for hook in hooks {
            let signed = hook.key.as_ref().map(|key| signature(key, now, &body));
            let headers = signed.map(|signed| ("calendly-webhook-signature", signed)).into_iter().collect();
            let (desk, id) = (self.clone(), hook.id);
            let told = move |taken| desk.heard_back(&id, taken);
            self.postman.send(Letter { to: hook.url, headers, body: body.clone() }, told);
        }
    }

    fn heard_back(&self, id: &str, taken: bool) {
        let now = self.clock.now();
        let mut state = self.lock();
        let Some(hook) = state.subscriptions.iter_mut().find(|hook| hook.id == id) else { return };
        hook.failing = match hook.failing {
            _ if taken => None,
            Some(since) => Some(since),
            None => Some(now),
        };
        if hook.failing.is_some_and(|since| since + PATIENCE <= now) {
            hook.active = false;
        }
    }
}
