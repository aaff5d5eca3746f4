//! Booking for somebody, and cancelling.

use axum::{http::StatusCode, response::Response};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::{
    Desk, Kind,
    answers::{self, Refusal},
    routes::{Entered, pays},
    state::{Cancelled, Event, Invitee, State},
};

const TRACKING: [&str; 6] = ["utm_campaign", "utm_source", "utm_medium", "utm_content", "utm_term", "salesforce_uuid"];
/// Kinds of place that need words.
const WORDS: [&str; 4] = ["outbound_call", "ask_invitee", "physical", "custom"];
const TAKEN: Refusal = Refusal::Invalid(
    "start_time",
    "The event could not be booked: this time is no longer available.",
    Some("already_filled"),
);

fn body(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let read = serde_json::from_slice::<Value>(bytes).ok().and_then(|value| value.as_object().cloned());
    read.ok_or(Refusal::Invalid("body", "is not valid JSON", None))
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

pub(super) fn invite(entered: &Entered, bytes: &[u8]) -> Result<Response, Refusal> {
    let (desk, now) = (&entered.desk, entered.now);
    let mut state = desk.lock();
    pays(state.plan, "You do not have permission to access this resource.")?;
    let plan = state.plan;
    let standing = state.limits.entry("bookings").or_default().booking(plan, now);
    if standing.over {
        return Err(Refusal::TooMany(standing));
    }
    let body = Value::Object(body(bytes)?);
    let id = text(&body, "event_type").ok_or(Refusal::Invalid("event_type", "must be present", None))?;
    let id = id.strip_prefix(&format!("{}/event_types/", desk.base)).ok_or(Refusal::NotFound)?.to_owned();
    let kind = state.kind(&id).ok_or(Refusal::NotFound)?.clone();
    if !kind.active || kind.poll {
        return Err(Refusal::Invalid("event_type", "cannot be booked", None));
    }
    let starts: Timestamp = text(&body, "start_time").and_then(|start| start.parse().ok()).ok_or(Refusal::Invalid(
        "start_time",
        "must be a time in UTC",
        None,
    ))?;
    let guest = body.get("invitee").filter(|invitee| invitee.is_object());
    let guest = guest.ok_or(Refusal::Invalid("invitee", "must be present", None))?;
    let name = text(guest, "name").or_else(|| text(guest, "first_name"));
    let name = name.ok_or(Refusal::Invalid("invitee.name", "must be present", None))?.to_owned();
    let email = text(guest, "email").filter(|email| is_address(email));
    let email = email.ok_or(Refusal::Invalid("invitee.email", "is not a valid email address", None))?.to_owned();
    let zone = text(guest, "timezone").filter(|zone| TimeZone::get(zone).is_ok());
    let zone = zone.ok_or(Refusal::Invalid("invitee.timezone", "is not a time zone", None))?.to_owned();
    let tracking = tracking(&body)?;
    let place = place(&body, &kind)?;
    let answers = answered(&body, &kind)?;
    if !state.is_free(&id, starts, now) {
        return Err(TAKEN);
    }
    let booking = Booking { kind: &id, starts, name: &name, email: &email, zone: &zone, answers, tracking, place };
    let (at, seat) = state.book(booking, now);
    let event = &state.events[at];
    let told = answers::invitee(&desk.base, event, &event.invitees[seat]);
    let response = answers::one(StatusCode::CREATED, told);
    drop(state);
    desk.report("invitee.created", at, seat);
    Ok(answers::with_limits(response, standing))
}

fn is_address(email: &str) -> bool {
    let parts: Vec<_> = email.split('@').collect();
    matches!(parts.as_slice(), [name, host] if !name.is_empty() && host.contains('.') && !host.starts_with('.'))
        && !email.contains(char::is_whitespace)
}

/// All six fields, or none of them.
fn tracking(body: &Value) -> Result<Value, Refusal> {
    match body.get("tracking") {
        None | Some(Value::Null) => Ok(TRACKING.into_iter().map(|name| (name.to_owned(), Value::Null)).collect()),
        Some(tracking) => {
            let good = |name: &str| tracking.get(name).is_some_and(|field| field.is_null() || field.is_string());
            if TRACKING.into_iter().all(good) {
                Ok(tracking.clone())
            } else {
                Err(Refusal::Invalid("tracking", "is incomplete", None))
            }
        }
    }
}

fn place(body: &Value, kind: &Kind) -> Result<Option<(String, Option<String>)>, Refusal> {
    let wanted = body.get("location").filter(|location| !location.is_null());
    let Some(wanted) = wanted else {
        return match kind.places.as_slice() {
            [] => Ok(None),
            _ => Err(Refusal::Invalid("location", "location.kind is required for this event type", None)),
        };
    };
    let (named, words) = (text(wanted, "kind").unwrap_or_default(), text(wanted, "location"));
    if !kind.places.iter().any(|place| place.kind == named) {
        return Err(Refusal::Invalid("location.kind", "location.kind is not one of this event type's", None));
    }
    if WORDS.contains(&named) && words.is_none() {
        let message = "location.location is required when location.kind is 'outbound_call', 'ask_invitee', 'physical' \
                       or 'custom'";
        return Err(Refusal::Invalid("location.location", message, None));
    }
    Ok(Some((named.to_owned(), words.map(str::to_owned))))
}

/// Answers have to name a question to the letter, and not be blank; those that are required have to be there.
fn answered(body: &Value, kind: &Kind) -> Result<Vec<(String, String, u64)>, Refusal> {
    const PARAMETER: &str = "questions_and_answers";
    let given = body.get(PARAMETER).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut answers = Vec::new();
    for answer in &given {
        let (Some(question), Some(position)) =
            (text(answer, "question"), answer.get("position").and_then(Value::as_u64))
        else {
            return Err(Refusal::Invalid(PARAMETER, "Questions and Answers need a question and a position", None));
        };
        let words = text(answer, "answer");
        let words = words.ok_or(Refusal::Invalid(PARAMETER, "Required Questions and Answers cannot be blank", None))?;
        let asked = kind.questions.iter().find(|asked| asked.enabled && asked.name == question);
        let asked = asked.ok_or(Refusal::Invalid(PARAMETER, "Questions and Answers has an unknown question", None))?;
        if asked.kind.ends_with("_select") && !asked.choices.iter().any(|choice| choice == words) {
            return Err(Refusal::Invalid(PARAMETER, "Questions and Answers has an unknown choice", None));
        }
        answers.push((question.to_owned(), words.to_owned(), position));
    }
    let is_answered = |name: &str| answers.iter().any(|(question, ..)| question == name);
    if kind.questions.iter().any(|asked| asked.enabled && asked.required && !is_answered(&asked.name)) {
        return Err(Refusal::Invalid(PARAMETER, "Required Questions and Answers cannot be blank", None));
    }
    Ok(answers)
}

/// What was found to be good.
pub(super) struct Booking<'a> {
    pub(super) kind: &'a str,
    pub(super) starts: Timestamp,
    pub(super) name: &'a str,
    pub(super) email: &'a str,
    pub(super) zone: &'a str,
    pub(super) answers: Vec<(String, String, u64)>,
    pub(super) tracking: Value,
    pub(super) place: Option<(String, Option<String>)>,
}

impl State {
    /// The places of the event and of the invitee. A session that others are in is joined.
    pub(super) fn book(&mut self, booking: Booking<'_>, now: Timestamp) -> (usize, usize) {
        let invitee = Invitee {
            id: self.fresh(),
            name: booking.name.to_owned(),
            email: booking.email.to_owned(),
            zone: booking.zone.to_owned(),
            answers: booking.answers,
            tracking: booking.tracking,
            made: now,
            changed: now,
            cancelled: None,
            old: None,
            new: None,
        };
        let same =
            |event: &Event| event.kind == booking.kind && event.starts == booking.starts && event.cancelled.is_none();
        let at = self.events.iter().position(same).unwrap_or_else(|| {
            let event = Event {
                id: self.fresh(),
                kind: booking.kind.to_owned(),
                starts: booking.starts,
                made: now,
                cancelled: None,
                place: booking.place,
                invitees: Vec::new(),
            };
            self.events.push(event);
            self.events.len() - 1
        });
        self.events[at].invitees.push(invitee);
        (at, self.events[at].invitees.len() - 1)
    }
}

pub(super) fn cancel(entered: &Entered, id: &str, bytes: &[u8]) -> Result<Response, Refusal> {
    let reason = if bytes.is_empty() { None } else { text(&Value::Object(body(bytes)?), "reason").map(str::to_owned) };
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > 10_000) {
        return Err(Refusal::Invalid("reason", "is too long", None));
    }
    {
        let state = entered.desk.lock();
        let event = state.events.iter().find(|event| event.id == id).ok_or(Refusal::NotFound)?;
        if event.cancelled.is_some() {
            return Err(Refusal::Denied("Event is already canceled"));
        }
        if event.starts < entered.now {
            return Err(Refusal::Denied("Event in the past"));
        }
    }
    entered.desk.call_off(id, "host", reason.clone());
    let told = json!({"canceled_by": entered.bearer.person.name, "reason": reason, "canceler_type": "host"});
    Ok(answers::one(StatusCode::CREATED, told))
}

impl Desk {
    /// The whole event, for all who are in it.
    pub(super) fn call_off(&self, id: &str, by: &'static str, reason: Option<String>) {
        let now = self.clock.now();
        let cancelled = Cancelled { by, reason };
        let mut gone = Vec::new();
        {
            let mut state = self.lock();
            let Some(at) = state.events.iter().position(|event| event.id == id) else { return };
            let event = &mut state.events[at];
            event.cancelled = Some(cancelled.clone());
            for (seat, invitee) in event.invitees.iter_mut().enumerate() {
                if invitee.cancelled.is_none() {
                    invitee.cancelled = Some(cancelled.clone());
                    invitee.changed = now;
                    gone.push((at, seat));
                }
            }
        }
        for (at, seat) in gone {
            self.report("invitee.canceled", at, seat);
        }
    }
}
