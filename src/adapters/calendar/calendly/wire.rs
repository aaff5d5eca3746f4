//! Calendly's JSON, as far as it is read or written (<https://developer.calendly.com/api-docs>).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub(super) struct One<T> {
    pub(super) resource: T,
}

#[derive(Deserialize)]
pub(super) struct Page<T> {
    pub(super) collection: Vec<T>,
    /// Nothing where a listing has one page only.
    pub(super) pagination: Option<Pagination>,
}

#[derive(Deserialize)]
pub(super) struct Pagination {
    pub(super) next_page_token: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct User {
    pub(super) uri: String,
    pub(super) email: String,
    pub(super) current_organization: String,
}

#[derive(Deserialize)]
pub(super) struct EventType {
    pub(super) uri: String,
    pub(super) name: Option<String>,
    pub(super) active: bool,
    /// `instant` or `poll`.
    pub(super) booking_method: String,
    /// Minutes.
    pub(super) duration: u16,
    pub(super) scheduling_url: String,
    pub(super) custom_questions: Option<Vec<Question>>,
    /// Where it may take place, in the owner's order. Not in the description of 2024; the interface has them since.
    pub(super) locations: Option<Vec<Place>>,
}

#[derive(Deserialize)]
pub(super) struct Question {
    /// Its words: an answer names them to the letter.
    pub(super) name: String,
    /// `string`, `text`, `phone_number`, `single_select`, `multi_select`.
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) position: u16,
    pub(super) enabled: bool,
    pub(super) required: bool,
}

#[derive(Deserialize)]
pub(super) struct Place {
    pub(super) kind: String,
    pub(super) location: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct AvailableTime {
    pub(super) status: String,
    /// Of a session that several can join.
    pub(super) invitees_remaining: Option<i64>,
    pub(super) start_time: Timestamp,
}

#[derive(Deserialize)]
pub(super) struct Event {
    pub(super) uri: String,
    pub(super) status: String,
    pub(super) start_time: Timestamp,
    pub(super) end_time: Timestamp,
    pub(super) invitees_counter: Counter,
}

#[derive(Deserialize)]
pub(super) struct Counter {
    pub(super) active: i64,
    pub(super) limit: i64,
}

#[derive(Deserialize)]
pub(super) struct Invitee {
    pub(super) uri: String,
    pub(super) status: String,
    #[serde(default)]
    pub(super) tracking: Option<Tracked>,
    #[serde(default)]
    pub(super) rescheduled: bool,
    pub(super) new_invitee: Option<String>,
    pub(super) cancel_url: Option<String>,
    pub(super) reschedule_url: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Tracked {
    pub(super) utm_content: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Subscription {
    pub(super) uri: String,
    pub(super) callback_url: String,
    /// `active` or `disabled`.
    pub(super) state: String,
}

/// What a report holds. Its payload is read when the event is one that concerns us.
#[derive(Deserialize)]
pub(super) struct Report {
    pub(super) event: String,
    pub(super) payload: serde_json::Value,
}

/// An invitee, and since 2023 the event that they are invited to.
#[derive(Deserialize)]
pub(super) struct Payload {
    #[serde(flatten)]
    pub(super) invitee: Invitee,
    pub(super) scheduled_event: Option<Event>,
}

/// Why something was not done.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fault {
    message: String,
    details: Vec<Detail>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Detail {
    parameter: Option<String>,
    message: Option<String>,
    code: Option<String>,
}

impl Fault {
    /// Whether it speaks of something, in its sentence or in its details. Compared in small letters.
    pub(super) fn mentions(&self, what: &str) -> bool {
        let details = self.details.iter().flat_map(|detail| [&detail.parameter, &detail.message, &detail.code]);
        let mut texts = details.flatten().chain([&self.message]);
        texts.any(|text| text.to_lowercase().contains(what))
    }
}

#[derive(Serialize)]
pub(super) struct NewInvitee<'a> {
    pub(super) event_type: &'a str,
    pub(super) start_time: String,
    pub(super) invitee: Person<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) questions_and_answers: Vec<Answered<'a>>,
    pub(super) tracking: Tracking<'a>,
}

#[derive(Serialize)]
pub(super) struct Person<'a> {
    pub(super) name: &'a str,
    pub(super) email: &'a str,
    pub(super) timezone: &'a str,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Location<'a> {
    pub(super) kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<&'a str>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Answered<'a> {
    pub(super) question: &'a str,
    pub(super) answer: &'a str,
    pub(super) position: u16,
}

/// All six have to be there, and may be nothing.
#[derive(Serialize)]
pub(super) struct Tracking<'a> {
    pub(super) utm_campaign: Option<&'a str>,
    pub(super) utm_source: Option<&'a str>,
    pub(super) utm_medium: Option<&'a str>,
    pub(super) utm_content: Option<&'a str>,
    pub(super) utm_term: Option<&'a str>,
    pub(super) salesforce_uuid: Option<&'a str>,
}

/// A cancellation that was made.
#[derive(Deserialize)]
pub(super) struct Cancelled {
    #[serde(rename = "canceled_by")]
    pub(super) _by: String,
}

#[derive(Serialize)]
pub(super) struct Cancelling<'a> {
    pub(super) reason: &'a str,
}

#[derive(Serialize)]
pub(super) struct Subscribing<'a> {
    pub(super) url: &'a str,
    pub(super) events: &'static [&'static str],
    pub(super) organization: &'a str,
    pub(super) user: &'a str,
    pub(super) scope: &'static str,
    pub(super) signing_key: &'a str,
}
