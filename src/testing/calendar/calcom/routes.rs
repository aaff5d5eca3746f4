//! The doors of the interface, who is let in by them, and in which shape they answer.

use std::collections::{BTreeMap, HashMap};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State as Shared},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
    routing::{any, get, post},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    Desk,
    answers::{self, Refusal},
    book, hooks,
    state::{REQUESTS, Reservation},
};
use crate::ports::calendar::Interval;

pub(super) type Asked = HashMap<String, String>;

/// `cal-api-version` of each family.
const EVENT_TYPES: &str = "2024-06-14";
const SLOTS: &str = "2024-09-04";
const BOOKINGS: &str = "2024-08-13";

pub(super) fn routes(desk: Desk) -> Router {
    Router::new()
        .route("/v2/me", get(me))
        .route("/v2/event-types", get(kinds))
        .route("/v2/event-types/{id}", get(kind))
        .route("/v2/slots", get(slots))
        .route("/v2/slots/reservations", post(reserve))
        .route("/v2/slots/reservations/{uid}", get(reserved).delete(let_go))
        .route("/v2/bookings", get(bookings).post(make))
        .route("/v2/bookings/{uid}", get(booking))
        .route("/v2/bookings/{uid}/reschedule", post(reschedule))
        .route("/v2/bookings/{uid}/cancel", post(cancel))
        .route("/v2/webhooks", get(hooks_of).post(subscribe))
        .route("/v2/webhooks/{id}", any(one_hook))
        .with_state(desk)
}

/// A request that was let in.
pub(super) struct Entered<'a> {
    pub(super) desk: &'a Desk,
    pub(super) now: Timestamp,
    version: Option<String>,
}

impl Entered<'_> {
    /// Whether it is answered in the shape of today.
    fn is_of(&self, version: &str) -> bool {
        self.version.as_deref() == Some(version)
    }
}

/// Lets a request in, does it, and says how it went; with what is left of the minute's requests.
fn serve(
    desk: &Desk,
    headers: &HeaderMap,
    path: &str,
    act: impl FnOnce(&Entered<'_>) -> Result<Response, Refusal>,
) -> Response {
    let now = desk.clock.now();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let key = text(header::AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer ").map(str::to_owned));
    let left = {
        let mut state = desk.lock();
        if !key.is_some_and(|key| state.keys.contains(&key)) {
            drop(state);
            return Refusal::new(401, "ApiAuthStrategy - api key - Your api key is not valid").into_response(path, now);
        }
        while state.requests.front().is_some_and(|first| *first + SignedDuration::from_mins(1) <= now) {
            state.requests.pop_front();
        }
        let left = REQUESTS.checked_sub(state.requests.len() + 1);
        if left.is_some() {
            state.requests.push_back(now);
        }
        left
    };
    let entered = Entered { desk, now, version: text("cal-api-version") };
    let mut response = match left {
        Some(_) => act(&entered).unwrap_or_else(|refusal| refusal.into_response(path, now)),
        None => Refusal::new(429, "ThrottlerException: Too Many Requests").into_response(path, now),
    };
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-limit-default", HeaderValue::from(REQUESTS));
    headers.insert("x-ratelimit-remaining-default", HeaderValue::from(left.unwrap_or_default()));
    headers.insert("x-ratelimit-reset-default", HeaderValue::from(60));
    response
}

/// What a door of an older version would say: there was none.
fn no_such_door(method: &Method, path: &str) -> Refusal {
    Refusal::new(404, format!("Cannot {method} {path}"))
}

pub(super) fn object(bytes: &[u8]) -> Result<Value, Refusal> {
    let read = serde_json::from_slice::<Value>(bytes).ok().filter(Value::is_object);
    read.ok_or_else(|| Refusal::new(400, "Unexpected token in JSON"))
}

async fn me(Shared(desk): Shared<Desk>, headers: HeaderMap) -> Response {
    serve(&desk, &headers, "/v2/me", |_| {
        let zone = desk.lock().agenda.zone.iana_name().unwrap_or("UTC").to_owned();
        Ok(answers::done(StatusCode::OK, &answers::me(&zone)))
    })
}

async fn kinds(Shared(desk): Shared<Desk>, headers: HeaderMap) -> Response {
    serve(&desk, &headers, "/v2/event-types", |entered| {
        let state = desk.lock();
        let kinds: Vec<_> = state.kinds.iter().map(|(id, kind)| answers::kind(*id, kind)).collect();
        let told = if entered.is_of(EVENT_TYPES) {
            json!(kinds)
        } else {
            json!({"eventTypeGroups": [{"teamId": null, "eventTypes": kinds}], "profiles": []})
        };
        Ok(answers::done(StatusCode::OK, &told))
    })
}

async fn kind(Shared(desk): Shared<Desk>, headers: HeaderMap, Path(id): Path<i64>) -> Response {
    let path = format!("/v2/event-types/{id}");
    serve(&desk, &headers, &path, |entered| {
        let state = desk.lock();
        let kind = state.kind(id).ok_or_else(|| Refusal::new(404, format!("Event type with id {id} not found")))?;
        let told = answers::kind(id, kind);
        let told = if entered.is_of(EVENT_TYPES) { told } else { json!({"eventType": told}) };
        Ok(answers::done(StatusCode::OK, &told))
    })
}

async fn slots(Shared(desk): Shared<Desk>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    serve(&desk, &headers, "/v2/slots", |entered| {
        if !entered.is_of(SLOTS) {
            return Err(no_such_door(&Method::GET, "/v2/slots"));
        }
        let field = |name: &'static str| asked.get(name).map(String::as_str);
        let moment = |name| {
            let read = field(name).and_then(|text| text.parse::<Timestamp>().ok());
            read.ok_or_else(|| Refusal::new(400, format!("{name} must be a valid ISO 8601 date string")))
        };
        let (from, to) = (moment("start")?, moment("end")?);
        if to <= from {
            return Err(Refusal::new(400, "end must be after start"));
        }
        let id = field("eventTypeId").and_then(|id| id.parse().ok());
        let id = id.ok_or_else(|| Refusal::new(400, "eventTypeId must be a number"))?;
        let state = desk.lock();
        let kind = state.kind(id).ok_or_else(|| Refusal::new(404, format!("Event Type with ID={id} not found")))?;
        let minutes = field("duration").and_then(|minutes| minutes.parse().ok()).unwrap_or(kind.shape.minutes);
        let moving = field("bookingUidToReschedule");
        let free = state.free(id, Some(minutes), Interval { from, to }, entered.now, moving);
        let mut days = BTreeMap::<String, Vec<Value>>::new();
        for start in free {
            let slot = Interval { from: start, to: start + SignedDuration::from_mins(minutes.into()) };
            if !state.is_reserved(id, slot, entered.now) {
                let told = match field("format") {
                    Some("range") => json!({"start": answers::moment(slot.from), "end": answers::moment(slot.to)}),
                    _ => json!({"start": answers::moment(slot.from)}),
                };
                days.entry(start.to_string()[..10].to_owned()).or_default().push(told);
            }
        }
        Ok(answers::done(StatusCode::OK, &json!(days)))
    })
}

async fn reserve(Shared(desk): Shared<Desk>, headers: HeaderMap, body: Bytes) -> Response {
    serve(&desk, &headers, "/v2/slots/reservations", |entered| {
        if !entered.is_of(SLOTS) {
            return Err(no_such_door(&Method::POST, "/v2/slots/reservations"));
        }
        let body = object(&body)?;
        let missing = |name| Refusal::new(400, format!("{name} must be given"));
        let id = body["eventTypeId"].as_i64().ok_or_else(|| missing("eventTypeId"))?;
        let starts: Option<Timestamp> = body["slotStart"].as_str().and_then(|start| start.parse().ok());
        let starts = starts.ok_or_else(|| missing("slotStart"))?;
        let wanted = body["slotDuration"].as_u64().and_then(|minutes| u16::try_from(minutes).ok());
        let minutes = body["reservationDuration"].as_i64().unwrap_or(5);
        let reservation = desk.reserve(id, starts, wanted, minutes)?;
        Ok(answers::done(StatusCode::CREATED, &answers::reservation(&reservation)))
    })
}

impl Desk {
    pub(super) fn reserve(
        &self,
        kind: i64,
        starts: Timestamp,
        wanted: Option<u16>,
        minutes: i64,
    ) -> Result<Reservation, Refusal> {
        let now = self.clock.now();
        let mut state = self.lock();
        let own = state.kind(kind).ok_or_else(|| Refusal::new(404, format!("Event Type with ID={kind} not found")))?;
        let length = wanted.unwrap_or(own.shape.minutes);
        if length != own.shape.minutes && !own.lengths.contains(&length) {
            return Err(Refusal::new(400, "Provided 'slotDuration' is not one of the possible lengths"));
        }
        let ends = starts + SignedDuration::from_mins(length.into());
        // Cal.com compares with bookings here, and not with the owner's other calendars.
        let standing = state.bookings.iter().filter(|booking| booking.status != super::state::Status::Cancelled);
        if standing.into_iter().any(|booking| booking.starts < ends && starts < booking.ends()) {
            return Err(Refusal::new(422, "Can't reserve a slot if the event is already booked."));
        }
        if state.is_reserved(kind, Interval { from: starts, to: ends }, now) {
            return Err(Refusal::new(422, "This time slot is already reserved by another user."));
        }
        let until = now + SignedDuration::from_mins(minutes);
        let reservation = Reservation { uid: state.fresh(), kind, starts, ends, minutes, until };
        state.reservations.push(reservation.clone());
        Ok(reservation)
    }
}

async fn reserved(Shared(desk): Shared<Desk>, headers: HeaderMap, Path(uid): Path<String>) -> Response {
    serve(&desk, &headers, "/v2/slots/reservations/uid", |_| {
        let state = desk.lock();
        let found = state.reservations.iter().find(|reservation| reservation.uid == uid);
        Ok(answers::done(StatusCode::OK, &found.map_or(Value::Null, answers::reservation)))
    })
}

async fn let_go(Shared(desk): Shared<Desk>, headers: HeaderMap, Path(uid): Path<String>) -> Response {
    serve(&desk, &headers, "/v2/slots/reservations/uid", |entered| {
        if !entered.is_of(SLOTS) {
            return Err(no_such_door(&Method::DELETE, "/v2/slots/reservations"));
        }
        desk.lock().reservations.retain(|reservation| reservation.uid != uid);
        Ok(answers::done(StatusCode::OK, &Value::Null))
    })
}

async fn bookings(Shared(desk): Shared<Desk>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    serve(&desk, &headers, "/v2/bookings", |entered| book::list(entered, &asked, entered.is_of(BOOKINGS)))
}

async fn make(Shared(desk): Shared<Desk>, headers: HeaderMap, body: Bytes) -> Response {
    serve(&desk, &headers, "/v2/bookings", |entered| {
        if !entered.is_of(BOOKINGS) {
            return Err(Refusal::new(400, "responses must be an object, timeZone must be a string"));
        }
        book::make(entered, &object(&body)?)
    })
}

async fn booking(Shared(desk): Shared<Desk>, headers: HeaderMap, Path(uid): Path<String>) -> Response {
    serve(&desk, &headers, "/v2/bookings/uid", |entered| {
        let state = entered.desk.lock();
        let at = state.booking(&uid).ok_or_else(|| book::unknown(&uid))?;
        let booking = &state.bookings[at];
        Ok(answers::done(StatusCode::OK, &answers::booking(state.kind(booking.kind), booking)))
    })
}

async fn reschedule(Shared(desk): Shared<Desk>, headers: HeaderMap, Path(uid): Path<String>, body: Bytes) -> Response {
    serve(&desk, &headers, "/v2/bookings/uid/reschedule", |entered| book::reschedule(entered, &uid, &object(&body)?))
}

async fn cancel(Shared(desk): Shared<Desk>, headers: HeaderMap, Path(uid): Path<String>, body: Bytes) -> Response {
    serve(&desk, &headers, "/v2/bookings/uid/cancel", |entered| book::cancel(entered, &uid, &object(&body)?))
}

async fn hooks_of(Shared(desk): Shared<Desk>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    serve(&desk, &headers, "/v2/webhooks", |entered| hooks::list(entered, &asked))
}

async fn subscribe(Shared(desk): Shared<Desk>, headers: HeaderMap, body: Bytes) -> Response {
    serve(&desk, &headers, "/v2/webhooks", |entered| hooks::subscribe(entered, &object(&body)?))
}

async fn one_hook(
    Shared(desk): Shared<Desk>,
    method: Method,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    serve(&desk, &headers, "/v2/webhooks/id", |entered| hooks::one(entered, &method, &id, &body))
}
