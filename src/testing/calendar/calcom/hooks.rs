//! Webhooks, and the reports that go out, signed with the webhook's secret.

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{
    Desk, EMAIL,
    answers::{self, Refusal},
    check::text,
    routes::{Asked, Entered, object},
    state::{Booking, Webhook},
};
use crate::testing::calendar::postman::Letter;

const TRIGGERS: [&str; 7] = [
    "BOOKING_CREATED",
    "BOOKING_RESCHEDULED",
    "BOOKING_CANCELLED",
    "BOOKING_REQUESTED",
    "BOOKING_REJECTED",
    "MEETING_STARTED",
    "MEETING_ENDED",
];

pub(super) fn list(entered: &Entered<'_>, asked: &Asked) -> Result<Response, Refusal> {
    let number = |name: &str, otherwise| asked.get(name).map_or(Some(otherwise), |text| text.parse().ok());
    let (take, skip) = (number("take", 250), number("skip", 0_usize));
    let (Some(take), Some(skip)) = (take.filter(|take| (1..=250).contains(take)), skip) else {
        return Err(Refusal::new(400, "take must be between 1 and 250"));
    };
    let state = entered.desk.lock();
    let shown: Vec<_> = state.webhooks.iter().skip(skip).take(take).map(answers::webhook).collect();
    Ok(answers::done(StatusCode::OK, &json!(shown)))
}

fn triggers(body: &Value) -> Result<Option<Vec<String>>, Refusal> {
    let wrong = || Refusal::new(400, "triggers must be an array of known triggers");
    let Some(triggers) = body.get("triggers") else { return Ok(None) };
    let triggers = triggers.as_array().ok_or_else(wrong)?;
    let known = |trigger: &Value| trigger.as_str().filter(|name| TRIGGERS.contains(name)).map(str::to_owned);
    triggers.iter().map(known).collect::<Option<Vec<_>>>().map(Some).ok_or_else(wrong)
}

pub(super) fn subscribe(entered: &Entered<'_>, body: &Value) -> Result<Response, Refusal> {
    let url =
        text(body, "subscriberUrl").filter(|url| url.starts_with("https://") || url.starts_with("http://127.0.0.1"));
    let url = url.ok_or_else(|| Refusal::new(400, "subscriberUrl must be a URL address"))?.to_owned();
    let active = body["active"].as_bool().ok_or_else(|| Refusal::new(400, "active must be a boolean value"))?;
    let triggers = triggers(body)?.ok_or_else(|| Refusal::new(400, "triggers must be an array"))?;
    let mut state = entered.desk.lock();
    if state.webhooks.iter().any(|hook| hook.url == url) {
        return Err(Refusal::new(409, "Webhook with this subscriber url already exists for this user"));
    }
    let hook = Webhook { id: state.number(), url, triggers, secret: text(body, "secret").map(str::to_owned), active };
    let told = answers::webhook(&hook);
    state.webhooks.push(hook);
    Ok(answers::done(StatusCode::CREATED, &told))
}

pub(super) fn one(entered: &Entered<'_>, method: &Method, id: &str, body: &[u8]) -> Result<Response, Refusal> {
    let mut state = entered.desk.lock();
    let unknown = || Refusal::new(404, format!("Webhook ({id}) not found"));
    let at = state.webhooks.iter().position(|hook| hook.id.to_string() == id).ok_or_else(unknown)?;
    let told = match *method {
        Method::GET => answers::webhook(&state.webhooks[at]),
        Method::DELETE => answers::webhook(&state.webhooks.remove(at)),
        Method::PATCH => {
            let body = object(body)?;
            let triggers = triggers(&body)?;
            let hook = &mut state.webhooks[at];
            hook.triggers = triggers.unwrap_or_else(|| hook.triggers.clone());
            hook.active = body["active"].as_bool().unwrap_or(hook.active);
            hook.secret = text(&body, "secret").map(str::to_owned).or_else(|| hook.secret.clone());
            answers::webhook(hook)
        }
        _ => return Err(Refusal::new(404, format!("Cannot {method} /v2/webhooks/{id}"))),
    };
    Ok(answers::done(StatusCode::OK, &told))
}

/// What Cal.com would send for this body.
pub(super) fn signature(secret: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length (RFC 2104)");
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Desk {
    /// Tells every webhook that wants to know. `old`: what it was moved from.
    pub(super) fn report(&self, trigger: &'static str, booking: &Booking, old: Option<&Booking>) {
        let now = self.clock.now();
        let (hooks, title) = {
            let state = self.lock();
            let wants = |hook: &&Webhook| hook.active && hook.triggers.iter().any(|own| own == trigger);
            let title = state.kind(booking.kind).map(|kind| kind.title.clone()).unwrap_or_default();
            (state.webhooks.iter().filter(wants).cloned().collect::<Vec<_>>(), title)
        };
        let mut payload = json!({
            "type": title.to_lowercase().replace(' ', "-"), "title": title, "description": "", "additionalNotes": "",
            "startTime": answers::moment(booking.starts), "endTime": answers::moment(booking.ends()),
            "organizer": {"name": "Ann Owner", "email": EMAIL, "timeZone": "America/New_York"},
            "attendees": [{"name": booking.name, "email": booking.email, "timeZone": booking.zone}],
            "uid": booking.uid, "bookingId": booking.id, "eventTypeId": booking.kind, "location": booking.location,
            "status": answers::status(booking.status).to_uppercase(), "metadata": booking.metadata,
            "responses": booking.answers,
        });
        if let Some(old) = old {
            payload["rescheduleUid"] = json!(old.uid);
            payload["rescheduleId"] = json!(old.id);
            payload["rescheduleStartTime"] = json!(answers::moment(old.starts));
            payload["rescheduleEndTime"] = json!(answers::moment(old.ends()));
        }
        if let Some(reason) = &booking.reason {
            payload["cancellationReason"] = json!(reason);
        }
        let body = json!({"triggerEvent": trigger, "createdAt": answers::moment(now), "payload": payload}).to_string();
        for hook in hooks {
            let signed = hook.secret.as_ref().map_or("no-secret-provided".to_owned(), |own| signature(own, &body));
            let headers = vec![("x-cal-signature-256", signed), ("x-cal-webhook-version", "2021-10-20".to_owned())];
            self.postman.send(Letter { to: hook.url, headers, body: body.clone() }, drop);
        }
    }
}
