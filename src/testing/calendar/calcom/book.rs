//! Bookings: made, listed, moved, cancelled.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use super::{
    Desk,
    answers::{self, Refusal},
    check::{self, text},
    routes::{Asked, Entered},
    state::{Booking, Status},
};

pub(super) fn unknown(uid: &str) -> Refusal {
    Refusal::new(404, format!("Booking with uid={uid} was not found in the database"))
}

fn taken(status: u16) -> Refusal {
    Refusal::new(status, "User either already has booking at this time or is not available")
}

fn start(body: &Value) -> Result<Timestamp, Refusal> {
    let read = text(body, "start").and_then(|start| start.parse().ok());
    read.ok_or_else(|| Refusal::new(400, "start must be a valid ISO 8601 date string"))
}

pub(super) fn make(entered: &Entered<'_>, body: &Value) -> Result<Response, Refusal> {
    let (desk, now) = (entered.desk, entered.now);
    let starts = start(body)?;
    let id = body["eventTypeId"].as_i64().ok_or_else(|| Refusal::new(400, "eventTypeId must be a number"))?;
    let kind = desk.lock().kind(id).cloned();
    let kind = kind.ok_or_else(|| Refusal::new(404, format!("Event type with id={id} not found")))?;
    let attendee = body.get("attendee").filter(|attendee| attendee.is_object());
    let attendee = attendee.ok_or_else(|| Refusal::new(400, "attendee must be an object"))?;
    let name = text(attendee, "name").ok_or_else(|| Refusal::new(400, "attendee.name must be a string"))?;
    let zone = text(attendee, "timeZone").filter(|zone| TimeZone::get(zone).is_ok());
    let zone = zone.ok_or_else(|| Refusal::new(400, "attendee.timeZone must be a valid IANA time-zone"))?;
    let email = check::email(attendee, &kind)?;
    let phone = text(attendee, "phoneNumber").map(str::to_owned);
    let wants_phone = |field: &super::Field| field.slug == "attendeePhoneNumber" && field.required && !field.hidden;
    if phone.is_none() && kind.fields.iter().any(wants_phone) {
        return Err(Refusal::new(400, "attendee.phoneNumber is required for this event type"));
    }
    let (metadata, minutes) = (check::metadata(body)?, check::length(body, &kind)?);
    let (location, given) = (check::location(body, &kind)?, check::answers(body, &kind)?);
    let mut state = desk.lock();
    if !state.is_free(id, minutes, starts, now, None) {
        return Err(taken(state.taken));
    }
    let (number, uid) = (state.number(), state.fresh());
    let booking = Booking {
        id: number,
        uid,
        kind: id,
        starts,
        minutes,
        status: if kind.confirms { Status::Pending } else { Status::Accepted },
        name: name.to_owned(),
        email,
        zone: zone.to_owned(),
        language: text(attendee, "language").unwrap_or("en").to_owned(),
        phone,
        location,
        answers: given,
        metadata,
        reason: None,
        moved_from: None,
        moved_to: None,
        made: now,
    };
    let told = answers::booking(Some(&kind), &booking);
    state.bookings.push(booking.clone());
    drop(state);
    desk.report(if kind.confirms { "BOOKING_REQUESTED" } else { "BOOKING_CREATED" }, &booking, None);
    Ok(answers::done(StatusCode::CREATED, &told))
}

pub(super) fn list(entered: &Entered<'_>, asked: &Asked, of_today: bool) -> Result<Response, Refusal> {
    let field = |name: &str| asked.get(name).map(String::as_str);
    let moment = |name: &'static str| {
        let read = |text: &str| {
            text.parse::<Timestamp>().map_err(|_| Refusal::new(400, format!("{name} must be a valid ISO 8601 date")))
        };
        field(name).map(read).transpose()
    };
    let number = |name: &'static str, otherwise: usize| {
        let read = |text: &str| text.parse().map_err(|_| Refusal::new(400, format!("{name} must be a number")));
        field(name).map_or(Ok(otherwise), read)
    };
    let (after, before) = (moment("afterStart")?, moment("beforeEnd")?);
    let (take, skip) = (number("take", 100)?, number("skip", 0)?);
    if !(1..=250).contains(&take) {
        return Err(Refusal::new(400, "take must not be greater than 250"));
    }
    let kind = field("eventTypeId").and_then(|id| id.parse::<i64>().ok());
    let now = entered.now;
    let group = |booking: &Booking| match booking.status {
        Status::Cancelled => "cancelled",
        Status::Pending => "unconfirmed",
        Status::Accepted if booking.ends() <= now => "past",
        Status::Accepted => "upcoming",
    };
    let state = entered.desk.lock();
    let mut found: Vec<&Booking> = state
        .bookings
        .iter()
        .filter(|booking| after.is_none_or(|after| booking.starts >= after))
        .filter(|booking| before.is_none_or(|before| booking.ends() <= before))
        .filter(|booking| kind.is_none_or(|kind| booking.kind == kind))
        .filter(|booking| field("status").is_none_or(|wanted| wanted.split(',').any(|one| one == group(booking))))
        .filter(|booking| field("attendeeEmail").is_none_or(|email| booking.email.eq_ignore_ascii_case(email)))
        .collect();
    match field("sortStart") {
        Some("desc") => found.sort_by_key(|booking| std::cmp::Reverse(booking.starts)),
        _ => found.sort_by_key(|booking| booking.starts),
    }
    let total = found.len();
    let shown = found.into_iter().skip(skip).take(take);
    let shown: Vec<_> = shown.map(|booking| answers::booking(state.kind(booking.kind), booking)).collect();
    if !of_today {
        let old = json!({"bookings": shown, "recurringInfo": [], "nextCursor": null});
        return Ok(answers::done(StatusCode::OK, &old));
    }
    let remaining = total.saturating_sub(skip + shown.len());
    let pagination = json!({
        "totalItems": total, "remainingItems": remaining, "returnedItems": shown.len(), "itemsPerPage": take,
        "currentPage": skip / take + 1, "totalPages": total.div_ceil(take), "hasNextPage": remaining > 0,
        "hasPreviousPage": skip > 0,
    });
    Ok(Json(json!({"status": "success", "data": shown, "pagination": pagination})).into_response())
}

pub(super) fn reschedule(entered: &Entered<'_>, uid: &str, body: &Value) -> Result<Response, Refusal> {
    let starts = start(body)?;
    let moved = entered.desk.move_to(uid, starts)?;
    let state = entered.desk.lock();
    Ok(answers::done(StatusCode::CREATED, &answers::booking(state.kind(moved.kind), &moved)))
}

pub(super) fn cancel(entered: &Entered<'_>, uid: &str, body: &Value) -> Result<Response, Refusal> {
    let reason = text(body, "cancellationReason").map(str::to_owned);
    {
        let state = entered.desk.lock();
        let booking = &state.bookings[state.booking(uid).ok_or_else(|| unknown(uid))?];
        if booking.status == Status::Cancelled {
            return Err(Refusal::new(
                400,
                format!("Can't cancel booking with uid={uid} because it has been cancelled already."),
            ));
        }
        if booking.starts < entered.now {
            return Err(Refusal::new(400, "Cannot cancel a booking that has already started"));
        }
        if state.kind(booking.kind).is_some_and(|kind| kind.no_cancelling) {
            return Err(Refusal::new(400, "This event type does not allow cancellations"));
        }
    }
    let booking = entered.desk.call_off(uid, reason).ok_or_else(|| unknown(uid))?;
    let state = entered.desk.lock();
    Ok(answers::done(StatusCode::OK, &answers::booking(state.kind(booking.kind), &booking)))
}

impl Desk {
    pub(super) fn call_off(&self, uid: &str, reason: Option<String>) -> Option<Booking> {
        let booking = {
            let mut state = self.lock();
            let at = state.booking(uid)?;
            let booking = &mut state.bookings[at];
            (booking.status, booking.reason) = (Status::Cancelled, reason);
            booking.clone()
        };
        self.report("BOOKING_CANCELLED", &booking, None);
        Some(booking)
    }

    /// A new booking in the old one's place; the old one is cancelled and names it.
    pub(super) fn move_to(&self, uid: &str, starts: Timestamp) -> Result<Booking, Refusal> {
        let now = self.clock.now();
        let (old, moved) = {
            let mut state = self.lock();
            let at = state.booking(uid).ok_or_else(|| unknown(uid))?;
            let old = state.bookings[at].clone();
            if old.status == Status::Cancelled {
                let why =
                    format!("Can't reschedule booking with uid={uid} because it has been cancelled or rescheduled");
                return Err(Refusal::new(400, why));
            }
            if state.kind(old.kind).is_some_and(|kind| kind.no_moving) {
                return Err(Refusal::new(400, "This event type does not allow rescheduling"));
            }
            if !state.is_free(old.kind, old.minutes, starts, now, Some(uid)) {
                return Err(taken(state.taken));
            }
            let (id, fresh) = (state.number(), state.fresh());
            let moved_from = Some(old.uid.clone());
            let moved = Booking { id, uid: fresh, starts, moved_from, moved_to: None, made: now, ..old.clone() };
            let left = &mut state.bookings[at];
            (left.status, left.moved_to) = (Status::Cancelled, Some(moved.uid.clone()));
            state.bookings.push(moved.clone());
            (old, moved)
        };
        self.report("BOOKING_RESCHEDULED", &moved, Some(&old));
        Ok(moved)
    }
}
