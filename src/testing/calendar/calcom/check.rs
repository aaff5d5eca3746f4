//! What Cal.com wants of a booking before it looks at the time.

use serde_json::{Map, Value};

use super::{
    Kind, Place,
    answers::{Refusal, place_type},
};
use crate::testing::calendar::calcom::state::Field;

/// An object's text, when there is any.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// At most 50 keys of 40 letters, texts of 500.
pub(super) fn metadata(body: &Value) -> Result<Map<String, Value>, Refusal> {
    let wrong = |why: &str| Refusal::new(400, format!("metadata {why}"));
    let metadata = match body.get("metadata") {
        None | Some(Value::Null) => return Ok(Map::new()),
        Some(metadata) => metadata.as_object().ok_or_else(|| wrong("must be an object"))?,
    };
    if metadata.len() > 50 {
        return Err(wrong("must have at most 50 keys"));
    }
    for (key, value) in metadata {
        if key.chars().count() > 40 {
            return Err(wrong("keys must be at most 40 characters long"));
        }
        if value.as_str().is_some_and(|value| value.chars().count() > 500) {
            return Err(wrong("values must be at most 500 characters long"));
        }
    }
    Ok(metadata.clone())
}

pub(super) fn length(body: &Value, kind: &Kind) -> Result<u16, Refusal> {
    let Some(wanted) = body.get("lengthInMinutes").and_then(Value::as_u64) else { return Ok(kind.shape.minutes) };
    let known = kind.lengths.iter().copied().find(|length| u64::from(*length) == wanted);
    known.ok_or_else(|| {
        Refusal::new(400, "Can't specify 'lengthInMinutes' because event type does not have multiple possible lengths")
    })
}

/// Where it takes place, as the booking shows it.
pub(super) fn location(body: &Value, kind: &Kind) -> Result<String, Refusal> {
    let shown = |place: &Place| match place {
        Place::Address(text) | Place::Link(text) | Place::Phone(text) => text.clone(),
        Place::Integration(name) => format!("integrations:{name}"),
        Place::AttendeePhone | Place::AttendeeAddress | Place::AttendeeDefined => String::new(),
    };
    let Some(wanted) = body.get("location").filter(|location| location.is_object()) else {
        return match kind.places.first() {
            None => Ok("integrations:daily".to_owned()),
            Some(Place::AttendeePhone | Place::AttendeeAddress | Place::AttendeeDefined) => {
                Err(Refusal::new(400, "Missing location: the attendee has to say where it takes place"))
            }
            Some(first) => Ok(shown(first)),
        };
    };
    let named = text(wanted, "type").unwrap_or_default();
    let place = kind.places.iter().find(|place| place_type(place) == named);
    let place = place.ok_or_else(|| Refusal::new(400, format!("Booking location with type {named} not valid")))?;
    let given = match place {
        Place::AttendeePhone => text(wanted, "phone"),
        Place::AttendeeAddress => text(wanted, "address"),
        Place::AttendeeDefined => text(wanted, "location"),
        Place::Integration(name) => text(wanted, "integration").filter(|given| given == name),
        Place::Address(_) | Place::Link(_) | Place::Phone(_) => return Ok(shown(place)),
    };
    given.map(str::to_owned).ok_or_else(|| Refusal::new(400, "Booking location is incomplete"))
}

pub(super) fn answers(body: &Value, kind: &Kind) -> Result<Map<String, Value>, Refusal> {
    let given = body.get("bookingFieldsResponses").and_then(Value::as_object).cloned().unwrap_or_default();
    let blank = |value: Option<&Value>| value.is_none_or(|value| value.is_null() || value == "");
    let wanted = |field: &&Field| field.required && !field.hidden && field.slug != "attendeePhoneNumber";
    if let Some(field) = kind.fields.iter().filter(wanted).find(|field| blank(given.get(&field.slug))) {
        let slug = &field.slug;
        return Err(Refusal::new(400, format!("Missing required booking field response: {slug} - it is required")));
    }
    let known = |field: &Field, value: &Value| field.options.iter().any(|option| value == option);
    if kind.fields.iter().any(|field| {
        !field.options.is_empty()
            && given.get(&field.slug).is_some_and(|value| value.is_string() && !known(field, value))
    }) {
        return Err(Refusal::new(400, "Invalid option for a booking field"));
    }
    Ok(given)
}

/// The attendee's address; one is made of the number where the kind does without.
pub(super) fn email(attendee: &Value, kind: &Kind) -> Result<String, Refusal> {
    let wrong = || Refusal::new(400, "attendee.email must be an email");
    match attendee.get("email") {
        Some(Value::String(email)) if email.contains('@') && !email.contains(char::is_whitespace) => Ok(email.clone()),
        Some(_) => Err(wrong()),
        None if kind.email_optional => {
            let phone = text(attendee, "phoneNumber").ok_or_else(wrong)?;
            Ok(format!("{}@sms.cal.com", phone.trim_start_matches('+')))
        }
        None => Err(Refusal::new(400, "responses - {email}email_address is required")),
    }
}
