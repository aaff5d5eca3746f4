//! Calendly's answers: its shapes, its pages, its refusals (`title`, `message`, `details`).

use axum::{
    Json,
    http::{HeaderValue, StatusCode},
    response::{IntoResponse as _, Response},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    limits::Standing,
    state::{Event, Invitee, Kind, State, Subscription, organization},
};

/// As they write moments: with microseconds.
pub(super) fn moment(at: Timestamp) -> String {
    format!("{at:.6}")
}

pub(super) fn ok(status: StatusCode, body: Value) -> Response {
    (status, Json(body)).into_response()
}

pub(super) fn one(status: StatusCode, resource: Value) -> Response {
    ok(status, Value::Object([("resource".to_owned(), resource)].into_iter().collect()))
}

/// One page of a listing; `None` when the token is none of ours.
pub(super) fn page(items: &[Value], path: &str, count: usize, token: Option<&str>) -> Option<Response> {
    let from: usize = match token {
        None => 0,
        Some(token) => token.strip_prefix("page-")?.parse().ok().filter(|from| *from <= items.len())?,
    };
    let shown: Vec<_> = items.iter().skip(from).take(count).collect();
    let next = (from + shown.len() < items.len()).then(|| format!("page-{}", from + shown.len()));
    let previous = (from > 0).then(|| format!("page-{}", from.saturating_sub(count)));
    let address =
        |token: &Option<String>| token.as_ref().map(|token| format!("{path}?count={count}&page_token={token}"));
    let pagination = json!({
        "count": shown.len(),
        "next_page": address(&next),
        "previous_page": address(&previous),
        "next_page_token": next,
        "previous_page_token": previous,
    });
    Some(ok(StatusCode::OK, json!({"collection": shown, "pagination": pagination})))
}

/// Why not, as Calendly says it.
#[derive(Clone, Debug)]
pub(super) enum Refusal {
    Unauthenticated(&'static str),
    Denied(&'static str),
    NotFound,
    Exists(&'static str),
    /// Parameter, message, code.
    Invalid(&'static str, &'static str, Option<&'static str>),
    TooMany(Standing),
}

impl Refusal {
    pub(super) fn into_response(self) -> Response {
        let (status, title, message, details) = match &self {
            Self::Unauthenticated(message) => (StatusCode::UNAUTHORIZED, "Unauthenticated", *message, Vec::new()),
            Self::Denied(message) => (StatusCode::FORBIDDEN, "Permission Denied", *message, Vec::new()),
            Self::NotFound => {
                let message = "The server could not find the requested resource.";
                (StatusCode::NOT_FOUND, "Resource Not Found", message, Vec::new())
            }
            Self::Exists(message) => (StatusCode::CONFLICT, "Already Exists", *message, Vec::new()),
            Self::Invalid(parameter, message, code) => {
                let mut detail = json!({"parameter": parameter, "message": message});
                if let Some(code) = code {
                    detail["code"] = json!(code);
                }
                let supplied = "The supplied parameters are invalid.";
                (StatusCode::BAD_REQUEST, "Invalid Argument", supplied, vec![detail])
            }
            Self::TooMany(_) => {
                (StatusCode::TOO_MANY_REQUESTS, "Too Many Requests", "You have reached your limit.", Vec::new())
            }
        };
        let mut body = json!({"title": title, "message": message});
        if !details.is_empty() {
            body["details"] = json!(details);
        }
        let response = ok(status, body);
        match self {
            Self::TooMany(standing) => with_limits(response, standing),
            _ => response,
        }
    }
}

pub(super) fn with_limits(mut response: Response, standing: Standing) -> Response {
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-limit", HeaderValue::from(standing.limit));
    headers.insert("x-ratelimit-remaining", HeaderValue::from(standing.remaining));
    headers.insert("x-ratelimit-reset", HeaderValue::from(standing.reset));
    response
}

pub(super) fn kind(base: &str, id: &str, kind: &Kind, owner: &str) -> Value {
    let question = |(position, question): (usize, &super::Question)| {
        json!({"name": question.name, "type": question.kind, "position": position, "enabled": question.enabled,
               "required": question.required, "answer_choices": question.choices, "include_other": false})
    };
    let place = |place: &super::Place| json!({"kind": place.kind, "location": place.location, "additional_info": ""});
    let slug = kind.name.to_lowercase().replace(' ', "-");
    let made = "2026-01-02T03:04:05.678123Z";
    json!({
        "uri": format!("{base}/event_types/{id}"),
        "name": kind.name,
        "active": kind.active,
        "slug": slug,
        "scheduling_url": format!("https://calendly.com/ann-owner/{slug}"),
        "duration": kind.shape.minutes,
        "kind": if kind.seats > 1 { "group" } else { "solo" },
        "pooling_type": null,
        "type": "StandardEventType",
        "color": "#8247f5",
        "created_at": made,
        "updated_at": made,
        "internal_note": null,
        "description_plain": null,
        "description_html": null,
        "profile": {"type": "User", "name": "Ann Owner", "owner": owner},
        "secret": false,
        "booking_method": if kind.poll { "poll" } else { "instant" },
        "custom_questions": kind.questions.iter().enumerate().map(question).collect::<Vec<_>>(),
        "deleted_at": null,
        "kind_description": if kind.seats > 1 { "Group" } else { "One-on-One" },
        "admin_managed": false,
        "locations": kind.places.iter().map(place).collect::<Vec<_>>(),
        "start_time_increment": kind.shape.every,
        "before_buffer": kind.shape.before,
        "after_buffer": kind.shape.after,
    })
}

fn place(place: Option<&(String, Option<String>)>) -> Value {
    match place {
        None => json!({"type": "custom", "location": null}),
        Some((kind, location)) => match kind.as_str() {
            "physical" | "outbound_call" | "inbound_call" | "ask_invitee" | "custom" => {
                json!({"type": kind, "location": location.as_deref().unwrap_or_default()})
            }
            "google_conference" => json!({"type": kind, "status": "pushed", "join_url": "https://meet.google.com/abc"}),
            _ => json!({"type": "zoom_conference", "status": "pushed", "join_url": "https://zoom.us/j/1", "data": {}}),
        },
    }
}

pub(super) fn event(base: &str, state: &State, event: &Event, owner: &str) -> Value {
    let active = event.invitees.iter().filter(|invitee| invitee.cancelled.is_none()).count();
    let kind = state.kind(&event.kind);
    let mut told = json!({
        "uri": format!("{base}/scheduled_events/{}", event.id),
        "name": kind.map(|kind| &kind.name),
        "status": if event.cancelled.is_some() { "canceled" } else { "active" },
        "start_time": moment(event.starts),
        "end_time": moment(state.ends(event)),
        "event_type": format!("{base}/event_types/{}", event.kind),
        "location": place(event.place.as_ref()),
        "invitees_counter": {"total": event.invitees.len(), "active": active, "limit": kind.map_or(1, |kind| kind.seats)},
        "created_at": moment(event.made),
        "updated_at": moment(event.made),
        "event_memberships": [{"user": owner}],
        "event_guests": [],
        "calendar_event": null,
    });
    if let Some(cancelled) = &event.cancelled {
        told["cancellation"] =
            json!({"canceled_by": "Ann Owner", "reason": cancelled.reason, "canceler_type": cancelled.by});
    }
    told
}

pub(super) fn invitee(base: &str, event: &Event, invitee: &Invitee) -> Value {
    let answer = |(question, answer, position): &(String, String, u64)| json!({"question": question, "answer": answer, "position": position});
    let cancelled = invitee.cancelled.as_ref().or(event.cancelled.as_ref());
    let mut told = json!({
        "uri": format!("{base}/scheduled_events/{}/invitees/{}", event.id, invitee.id),
        "email": invitee.email,
        "first_name": null,
        "last_name": null,
        "name": invitee.name,
        "status": if cancelled.is_some() { "canceled" } else { "active" },
        "questions_and_answers": invitee.answers.iter().map(answer).collect::<Vec<_>>(),
        "timezone": invitee.zone,
        "event": format!("{base}/scheduled_events/{}", event.id),
        "created_at": moment(invitee.made),
        "updated_at": moment(invitee.changed),
        "tracking": invitee.tracking,
        "text_reminder_number": null,
        "rescheduled": invitee.new.is_some(),
        "old_invitee": invitee.old,
        "new_invitee": invitee.new,
        "cancel_url": format!("https://calendly.com/cancellations/{}", invitee.id),
        "reschedule_url": format!("https://calendly.com/reschedulings/{}", invitee.id),
        "routing_form_submission": null,
        "payment": null,
        "no_show": null,
        "reconfirmation": null,
    });
    if let Some(cancelled) = cancelled {
        told["cancellation"] =
            json!({"canceled_by": "Ann Owner", "reason": cancelled.reason, "canceler_type": cancelled.by});
    }
    told
}

pub(super) fn subscription(base: &str, owner: &str, hook: &Subscription) -> Value {
    json!({
        "uri": format!("{base}/webhook_subscriptions/{}", hook.id),
        "callback_url": hook.url,
        "created_at": moment(hook.made),
        "updated_at": moment(hook.made),
        "retry_started_at": hook.failing.map(moment),
        "state": if hook.active { "active" } else { "disabled" },
        "events": hook.events,
        "scope": hook.scope,
        "organization": organization(base),
        "user": hook.user,
        "creator": owner,
    })
}
