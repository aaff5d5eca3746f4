//! Cal.com's answers: `{"status": "success", "data": …}`, or `{"status": "error", "error": {"code", "message"}}`.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    EMAIL, Kind, OWNER, Place,
    state::{Booking, Field, Reservation, Status, Webhook},
};

/// As they write moments: with milliseconds.
pub(super) fn moment(at: Timestamp) -> String {
    format!("{at:.3}")
}

pub(super) fn done(status: StatusCode, data: &Value) -> Response {
    (status, Json(json!({"status": "success", "data": data}))).into_response()
}

/// Why not: the exception's name, and its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(super) fn into_response(self, path: &str, now: Timestamp) -> Response {
        let code = match self.status {
            400 => "BadRequestException",
            401 => "UnauthorizedException",
            403 => "ForbiddenException",
            404 => "NotFoundException",
            409 => "ConflictException",
            422 => "UnprocessableEntityException",
            429 => "ThrottlerException",
            _ => "INTERNAL_SERVER_ERROR",
        };
        let details = json!({"message": self.message, "error": code, "statusCode": self.status});
        let body = json!({
            "status": "error", "timestamp": moment(now), "path": path,
            "error": {"code": code, "message": self.message, "details": details},
        });
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(body)).into_response()
    }
}

pub(super) fn me(zone: &str) -> Value {
    json!({"id": OWNER, "username": "ann", "email": EMAIL, "name": "Ann Owner", "avatarUrl": null, "bio": null,
           "timeFormat": 12, "defaultScheduleId": 1, "weekStart": "Sunday", "timeZone": zone, "organizationId": null})
}

pub(super) fn place_type(place: &Place) -> &'static str {
    match place {
        Place::Address(_) => "address",
        Place::Link(_) => "link",
        Place::Phone(_) => "phone",
        Place::Integration(_) => "integration",
        Place::AttendeePhone => "attendeePhone",
        Place::AttendeeAddress => "attendeeAddress",
        Place::AttendeeDefined => "attendeeDefined",
    }
}

fn place(place: &Place) -> Value {
    let kind = place_type(place);
    match place {
        Place::Address(address) => json!({"type": kind, "address": address, "public": true}),
        Place::Link(link) => json!({"type": kind, "link": link, "public": true}),
        Place::Phone(phone) => json!({"type": kind, "phone": phone, "public": true}),
        Place::Integration(name) => json!({"type": kind, "integration": name}),
        Place::AttendeePhone | Place::AttendeeAddress | Place::AttendeeDefined => json!({"type": kind}),
    }
}

fn field(field: &Field) -> Value {
    let mut told = json!({
        "type": field.kind, "slug": field.slug, "label": field.label, "required": field.required, "placeholder": "",
        "disableOnPrefill": false, "hidden": field.hidden, "isDefault": field.default,
    });
    if !field.options.is_empty() {
        told["options"] = json!(field.options);
    }
    told
}

pub(super) fn kind(id: i64, kind: &Kind) -> Value {
    let slug = kind.title.to_lowercase().replace(' ', "-");
    let mut fields = vec![
        json!({"type": "name", "slug": "name", "label": "your_name", "required": true, "placeholder": "",
               "disableOnPrefill": false, "isDefault": true}),
        json!({"type": "email", "slug": "email", "label": "email_address", "required": !kind.email_optional,
               "placeholder": "", "disableOnPrefill": false, "isDefault": true}),
        json!({"type": "textarea", "slug": "notes", "label": "additional_notes", "required": false, "hidden": false,
               "placeholder": "", "disableOnPrefill": false, "isDefault": true}),
        json!({"type": "multiemail", "slug": "guests", "label": "additional_guests", "required": false, "hidden": false,
               "placeholder": "", "disableOnPrefill": false, "isDefault": true}),
        json!({"type": "textarea", "slug": "rescheduleReason", "label": "reason_for_reschedule", "required": false,
               "hidden": false, "placeholder": "", "disableOnPrefill": false, "isDefault": true}),
    ];
    fields.extend(kind.fields.iter().map(field));
    let mut told = json!({
        "id": id, "ownerId": OWNER, "lengthInMinutes": kind.shape.minutes, "title": kind.title, "slug": slug,
        "description": "", "locations": kind.places.iter().map(place).collect::<Vec<_>>(), "bookingFields": fields,
        "disableGuests": false, "minimumBookingNotice": 240,
        "beforeEventBuffer": kind.shape.before, "afterEventBuffer": kind.shape.after,
        "recurrence": kind.repeats.map(|times| json!({"interval": 1, "occurrences": times, "frequency": "weekly"})),
        "metadata": {}, "price": 0, "currency": "usd", "lockTimeZoneToggleOnBookingPage": false,
        "seatsPerTimeSlot": kind.seats, "forwardParamsSuccessRedirect": null, "successRedirectUrl": null,
        "isInstantEvent": false, "scheduleId": null, "hidden": kind.hidden, "bookingRequiresAuthentication": false,
        "users": [], "bookingUrl": format!("https://cal.com/ann/{slug}"), "requiresBookerEmailVerification": false,
    });
    if !kind.lengths.is_empty() {
        told["lengthInMinutesOptions"] = json!(kind.lengths);
    }
    told["confirmationPolicy"] = if kind.confirms {
        json!({"type": "always", "blockUnconfirmedBookingsInBooker": true})
    } else {
        json!({"disabled": true})
    };
    if let Some(seats) = kind.seats {
        told["seats"] = json!({"seatsPerTimeSlot": seats, "showAttendeeInfo": false, "showAvailabilityCount": true});
    }
    told
}

pub(super) fn reservation(reservation: &Reservation) -> Value {
    json!({
        "eventTypeId": reservation.kind,
        "slotStart": moment(reservation.starts),
        "slotEnd": moment(reservation.ends),
        "slotDuration": reservation.ends.duration_since(reservation.starts).as_mins(),
        "reservationUid": reservation.uid,
        "reservationDuration": reservation.minutes,
        "reservationUntil": moment(reservation.until),
    })
}

pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Accepted => "accepted",
        Status::Pending => "pending",
        Status::Cancelled => "cancelled",
    }
}

pub(super) fn booking(kind: Option<&Kind>, booking: &Booking) -> Value {
    let title = kind.map_or("", |kind| kind.title.as_str());
    let mut attendee = json!({
        "name": booking.name, "email": booking.email, "displayEmail": booking.email, "timeZone": booking.zone,
        "language": booking.language, "absent": false,
    });
    if let Some(phone) = &booking.phone {
        attendee["phoneNumber"] = json!(phone);
    }
    let mut told = json!({
        "id": booking.id, "uid": booking.uid, "title": format!("{title} between Ann Owner and {}", booking.name),
        "description": "",
        "hosts": [{"id": OWNER, "name": "Ann Owner", "email": EMAIL, "displayEmail": EMAIL, "username": "ann",
                   "timeZone": "America/New_York"}],
        "status": status(booking.status), "start": moment(booking.starts), "end": moment(booking.ends()),
        "duration": booking.minutes, "eventTypeId": booking.kind,
        "eventType": {"id": booking.kind, "slug": title.to_lowercase().replace(' ', "-")},
        "location": booking.location, "absentHost": false, "createdAt": moment(booking.made),
        "updatedAt": moment(booking.made), "metadata": booking.metadata, "icsUid": format!("{}@Cal.com", booking.uid),
        "attendees": [attendee], "guests": [], "bookingFieldsResponses": booking.answers,
    });
    for (name, value) in [
        ("cancellationReason", &booking.reason),
        ("rescheduledFromUid", &booking.moved_from),
        ("rescheduledToUid", &booking.moved_to),
    ] {
        if let Some(value) = value {
            told[name] = json!(value);
        }
    }
    told
}

pub(super) fn webhook(hook: &Webhook) -> Value {
    let mut told = json!({
        "id": hook.id, "userId": OWNER, "subscriberUrl": hook.url, "triggers": hook.triggers, "active": hook.active,
        "payloadTemplate": "",
    });
    if let Some(secret) = &hook.secret {
        told["secret"] = json!(secret);
    }
    told
}
