//! Cal.com's JSON, as far as it is read or written (<https://cal.com/docs/api-reference/v2>).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Deserialize)]
pub(super) struct Done<T> {
    /// `success`, or `error` in an answer that is none.
    pub(super) status: String,
    pub(super) data: T,
    pub(super) pagination: Option<Pagination>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pagination {
    pub(super) has_next_page: bool,
}

#[derive(Deserialize)]
pub(super) struct Me {
    pub(super) id: i64,
    pub(super) email: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventType {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) length_in_minutes: u16,
    pub(super) length_in_minutes_options: Option<Vec<u16>>,
    #[serde(default)]
    pub(super) locations: Option<Vec<Place>>,
    pub(super) booking_fields: Vec<Field>,
    /// It would book several at once.
    pub(super) recurrence: Option<Value>,
    #[serde(default)]
    pub(super) is_instant_event: bool,
    pub(super) seats: Option<Value>,
    pub(super) seats_per_time_slot: Option<Value>,
    pub(super) confirmation_policy: Option<Value>,
    #[serde(default)]
    pub(super) requires_booker_email_verification: bool,
    pub(super) price: Option<f64>,
    pub(super) booking_url: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Place {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) integration: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Field {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) slug: String,
    pub(super) label: Option<String>,
    /// Not always a boolean in the description.
    pub(super) required: Option<Value>,
    pub(super) is_default: Option<Value>,
    pub(super) hidden: Option<bool>,
}

/// By day, in the zone that was asked for.
pub(super) type Slots = BTreeMap<String, Vec<Slot>>;

#[derive(Deserialize)]
pub(super) struct Slot {
    /// With an offset.
    pub(super) start: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reservation {
    pub(super) reservation_uid: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Booking {
    pub(super) uid: String,
    /// `accepted`, `pending`, `cancelled`, `rejected`.
    pub(super) status: String,
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    pub(super) event_type_id: Option<i64>,
    pub(super) metadata: Option<Map<String, Value>>,
    pub(super) rescheduled_to_uid: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Webhook {
    /// A number for an event type's, a text for a user's in some versions.
    pub(super) id: Value,
    pub(super) subscriber_url: String,
    pub(super) active: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told {
    pub(super) trigger_event: String,
    pub(super) payload: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Payload {
    pub(super) uid: String,
    pub(super) start_time: Timestamp,
    pub(super) end_time: Timestamp,
    pub(super) status: Option<String>,
    pub(super) metadata: Option<Map<String, Value>>,
    /// Of the booking that this one takes the place of.
    pub(super) reschedule_uid: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fault {
    error: Why,
    message: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Why {
    code: Option<Value>,
    message: Option<Value>,
    details: Option<Value>,
}

impl Fault {
    /// Whether it speaks of something, wherever. Compared in small letters.
    pub(super) fn mentions(&self, what: &str) -> bool {
        let parts = [&self.error.code, &self.error.message, &self.error.details, &self.message];
        parts.into_iter().flatten().any(|part| part.to_string().to_lowercase().contains(what))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reserving<'a> {
    pub(super) event_type_id: i64,
    pub(super) slot_start: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) slot_duration: Option<u16>,
    /// Minutes.
    pub(super) reservation_duration: u16,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewBooking<'a> {
    pub(super) start: &'a str,
    pub(super) event_type_id: i64,
    pub(super) attendee: Attendee<'a>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) booking_fields_responses: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<Location<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) length_in_minutes: Option<u16>,
    pub(super) metadata: BTreeMap<&'static str, &'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Attendee<'a> {
    pub(super) name: &'a str,
    pub(super) time_zone: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phone_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) language: Option<&'static str>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Location<'a> {
    #[serde(rename = "type")]
    pub(super) kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) integration: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phone: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rescheduling<'a> {
    pub(super) start: &'a str,
    pub(super) rescheduling_reason: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cancelling<'a> {
    pub(super) cancellation_reason: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Subscribing<'a> {
    pub(super) active: bool,
    pub(super) subscriber_url: &'a str,
    pub(super) triggers: &'static [&'static str],
    pub(super) secret: &'a str,
    pub(super) version: &'static str,
}
