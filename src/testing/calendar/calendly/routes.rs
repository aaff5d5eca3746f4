//! The doors of the interface, and who is let in by them.

use std::collections::HashMap;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State as Shared},
    http::{HeaderMap, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    Desk, Plan,
    answers::{self, Refusal},
    desk, hooks,
    state::organization,
};
use crate::{
    ports::calendar::Interval,
    testing::calendar::consent::{Bearer, NotLetIn},
};

pub(super) type Asked = HashMap<String, String>;

/// The longest window since 2026-07-09.
const LONGEST_WINDOW: SignedDuration = SignedDuration::from_hours(31 * 24);

pub(super) fn routes(desk: Desk) -> Router {
    Router::new()
        .route("/users/me", get(me))
        .route("/event_types", get(kinds))
        .route("/event_types/{id}", get(kind))
        .route("/event_type_available_times", get(available_times))
        .route("/invitees", post(invite))
        .route("/scheduled_events", get(events))
        .route("/scheduled_events/{event}", get(event))
        .route("/scheduled_events/{event}/invitees", get(invitees))
        .route("/scheduled_events/{event}/invitees/{invitee}", get(invitee))
        .route("/scheduled_events/{event}/cancellation", post(cancel))
        .route("/webhook_subscriptions", get(subscriptions).post(subscribe))
        .route("/webhook_subscriptions/{id}", get(subscription).delete(unsubscribe))
        .with_state(desk)
}

/// A request that was let in.
pub(super) struct Entered {
    pub(super) desk: Desk,
    pub(super) owner: String,
    pub(super) bearer: Bearer,
    pub(super) now: Timestamp,
    pub(super) asked: Asked,
}

impl Desk {
    /// Whose token it is, what it may do, and whether the account has asked too often.
    fn enter(&self, headers: &HeaderMap, asked: Asked, scope: &'static str) -> Result<Entered, Refusal> {
        let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let bearer = self.consent.bearer(authorization).map_err(|why| {
            Refusal::Unauthenticated(match why {
                NotLetIn::NoToken | NotLetIn::Unknown => "The access token is invalid",
                NotLetIn::Expired => "The access token expired",
                NotLetIn::Revoked => "The access token was revoked",
            })
        })?;
        let now = self.clock.now();
        let mut state = self.lock();
        let plan = state.plan;
        let standing = state.limits.entry("any").or_default().request(plan, now);
        if standing.over {
            return Err(Refusal::TooMany(standing));
        }
        // `…:write` holds `…:read`.
        let writes = scope.strip_suffix(":read").map(|family| format!("{family}:write"));
        let has = |name: &str| bearer.has(name) && !state.without.contains(name);
        if !has(scope) && !writes.is_some_and(|writes| has(&writes)) {
            return Err(Refusal::Denied("You do not have permission to access this resource."));
        }
        drop(state);
        let owner = bearer.person.subject.clone();
        Ok(Entered { desk: self.clone(), owner, bearer, now, asked })
    }
}

impl Entered {
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.asked.get(name).map(String::as_str)
    }

    fn moment(&self, name: &'static str) -> Result<Option<Timestamp>, Refusal> {
        let read = |text: &str| text.parse().map_err(|_| Refusal::Invalid(name, "is not a valid time", None));
        self.field(name).map(read).transpose()
    }

    /// Only one's own things are listed.
    pub(super) fn user_is_own(&self) -> Result<(), Refusal> {
        match self.field("user") {
            None => Err(Refusal::Invalid("user", "must be present", None)),
            Some(user) if user == self.owner => Ok(()),
            Some(_) => Err(Refusal::Denied("This user is not in your organization")),
        }
    }

    pub(super) fn page(&self, items: &[Value], path: &str) -> Result<Response, Refusal> {
        let count = self.field("count").map_or(Ok(20), str::parse).ok().filter(|count| (1..=100).contains(count));
        let count = count.ok_or(Refusal::Invalid("count", "must be between 1 and 100", None))?;
        let path = format!("{}{path}", self.desk.base);
        answers::page(items, &path, count, self.field("page_token")).ok_or(Refusal::Invalid(
            "page_token",
            "is invalid",
            None,
        ))
    }
}

fn said(answer: Result<Response, Refusal>) -> Response {
    answer.unwrap_or_else(Refusal::into_response)
}

async fn me(Shared(desk): Shared<Desk>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    said(desk.enter(&headers, asked, "users:read").map(|entered| {
        let person = &entered.bearer.person;
        let made = "2026-01-02T03:04:05.678123Z";
        let zone = desk.lock().agenda.zone.iana_name().unwrap_or("UTC").to_owned();
        let user = json!({
            "uri": person.subject, "name": person.name, "slug": "ann-owner", "email": person.email,
            "scheduling_url": "https://calendly.com/ann-owner", "timezone": zone, "avatar_url": null,
            "created_at": made, "updated_at": made, "current_organization": organization(&desk.base),
        });
        answers::one(StatusCode::OK, user)
    }))
}

async fn kinds(Shared(desk): Shared<Desk>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    let list = || {
        let entered = desk.enter(&headers, asked, "event_types:read")?;
        entered.user_is_own()?;
        let wanted = entered.field("active").map(|active| active == "true");
        let state = desk.lock();
        let mut shown: Vec<_> =
            state.kinds.iter().filter(|(_, kind)| wanted.is_none_or(|wanted| kind.active == wanted)).collect();
        shown.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
        let shown: Vec<_> =
            shown.iter().map(|(id, kind)| answers::kind(&desk.base, id, kind, &entered.owner)).collect();
        entered.page(&shown, "/event_types")
    };
    said(list())
}

async fn kind(Shared(desk): Shared<Desk>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let find = || {
        let entered = desk.enter(&headers, Asked::new(), "event_types:read")?;
        let state = desk.lock();
        let kind = state.kind(&id).ok_or(Refusal::NotFound)?;
        Ok(answers::one(StatusCode::OK, answers::kind(&desk.base, &id, kind, &entered.owner)))
    };
    said(find())
}

async fn available_times(Shared(desk): Shared<Desk>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    let list = || {
        let entered = desk.enter(&headers, asked, "availability:read")?;
        let missing = |name| Refusal::Invalid(name, "must be present", None);
        let from = entered.moment("start_time")?.ok_or(missing("start_time"))?;
        let to = entered.moment("end_time")?.ok_or(missing("end_time"))?;
        let kind = entered.field("event_type").ok_or(missing("event_type"))?;
        if from < entered.now {
            return Err(Refusal::Invalid("start_time", "must be in the future", None));
        }
        if to <= from {
            return Err(Refusal::Invalid("end_time", "must be after start_time", None));
        }
        if to.duration_since(from) > LONGEST_WINDOW {
            return Err(Refusal::Invalid("end_time", "date range can be no greater than 31 days", None));
        }
        let id = kind.strip_prefix(&format!("{}/event_types/", desk.base)).ok_or(Refusal::NotFound)?;
        let state = desk.lock();
        let kind = state.kind(id).ok_or(Refusal::NotFound)?;
        let free = if kind.active { state.free(id, Interval { from, to }, entered.now) } else { Vec::new() };
        let shown = free.iter().map(|(start, remaining)| {
            json!({"status": "available", "invitees_remaining": remaining, "start_time": answers::moment(*start),
                   "scheduling_url": format!("https://calendly.com/ann-owner/{id}/{start}")})
        });
        Ok(answers::ok(StatusCode::OK, json!({"collection": shown.collect::<Vec<_>>()})))
    };
    said(list())
}

async fn invite(Shared(desk): Shared<Desk>, headers: HeaderMap, body: Bytes) -> Response {
    said(desk.enter(&headers, Asked::new(), "scheduled_events:write").and_then(|entered| desk::invite(&entered, &body)))
}

async fn events(Shared(desk): Shared<Desk>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    let list = || {
        let entered = desk.enter(&headers, asked, "scheduled_events:read")?;
        entered.user_is_own()?;
        let (from, to) = (entered.moment("min_start_time")?, entered.moment("max_start_time")?);
        let state = desk.lock();
        let mut shown: Vec<_> = state
            .events
            .iter()
            .filter(|event| from.is_none_or(|from| event.starts >= from) && to.is_none_or(|to| event.starts < to))
            .filter(|event| match entered.field("status") {
                Some("active") => event.cancelled.is_none(),
                Some(_) => event.cancelled.is_some(),
                None => true,
            })
            .filter(|event| {
                let email = entered.field("invitee_email");
                email.is_none_or(|email| event.invitees.iter().any(|invitee| invitee.email.eq_ignore_ascii_case(email)))
            })
            .collect();
        shown.sort_by_key(|event| event.starts);
        let shown: Vec<_> =
            shown.iter().map(|event| answers::event(&desk.base, &state, event, &entered.owner)).collect();
        entered.page(&shown, "/scheduled_events")
    };
    said(list())
}

async fn event(Shared(desk): Shared<Desk>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let find = || {
        let entered = desk.enter(&headers, Asked::new(), "scheduled_events:read")?;
        let state = desk.lock();
        let event = state.events.iter().find(|event| event.id == id).ok_or(Refusal::NotFound)?;
        Ok(answers::one(StatusCode::OK, answers::event(&desk.base, &state, event, &entered.owner)))
    };
    said(find())
}

async fn invitees(
    Shared(desk): Shared<Desk>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let list = || {
        let entered = desk.enter(&headers, asked, "scheduled_events:read")?;
        let state = desk.lock();
        let event = state.events.iter().find(|event| event.id == id).ok_or(Refusal::NotFound)?;
        let shown: Vec<_> = event
            .invitees
            .iter()
            .filter(|invitee| entered.field("email").is_none_or(|email| invitee.email.eq_ignore_ascii_case(email)))
            .map(|invitee| answers::invitee(&desk.base, event, invitee))
            .collect();
        entered.page(&shown, &format!("/scheduled_events/{id}/invitees"))
    };
    said(list())
}

async fn invitee(
    Shared(desk): Shared<Desk>,
    headers: HeaderMap,
    Path((event, invitee)): Path<(String, String)>,
) -> Response {
    let find = || {
        desk.enter(&headers, Asked::new(), "scheduled_events:read")?;
        let state = desk.lock();
        let (at, seat) = state.seat(&event, &invitee).ok_or(Refusal::NotFound)?;
        let event = &state.events[at];
        Ok(answers::one(StatusCode::OK, answers::invitee(&desk.base, event, &event.invitees[seat])))
    };
    said(find())
}

async fn cancel(Shared(desk): Shared<Desk>, headers: HeaderMap, Path(id): Path<String>, body: Bytes) -> Response {
    let entered = desk.enter(&headers, Asked::new(), "scheduled_events:write");
    said(entered.and_then(|entered| desk::cancel(&entered, &id, &body)))
}

async fn subscriptions(Shared(desk): Shared<Desk>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    said(desk.enter(&headers, asked, "webhooks:read").and_then(|entered| hooks::list(&entered)))
}

async fn subscribe(Shared(desk): Shared<Desk>, headers: HeaderMap, body: Bytes) -> Response {
    let entered = desk.enter(&headers, Asked::new(), "webhooks:write");
    said(entered.and_then(|entered| hooks::subscribe(&entered, &body)))
}

async fn subscription(Shared(desk): Shared<Desk>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    said(desk.enter(&headers, Asked::new(), "webhooks:read").and_then(|entered| hooks::show(&entered, &id)))
}

async fn unsubscribe(Shared(desk): Shared<Desk>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    said(desk.enter(&headers, Asked::new(), "webhooks:write").and_then(|entered| hooks::end(&entered, &id)))
}

/// Who may book for others, and be told of it. It does not say the same at both doors.
pub(super) fn pays(plan: Plan, otherwise: &'static str) -> Result<(), Refusal> {
    if plan == Plan::Free { Err(Refusal::Denied(otherwise)) } else { Ok(()) }
}
