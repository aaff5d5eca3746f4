//! Graph's JSON.

use serde::{Deserialize, Serialize};

/// Our mark in an event, a named property of MAPI: Graph finds events by it. The GUID is ours, made for this.
pub(super) const MARK: &str = "String {5f2d4c86-70d5-4b0e-9b6c-2a1f3d9e4a70} Name DeskbellKey";

#[derive(Deserialize)]
pub(super) struct Fault {
    pub(super) error: FaultCode,
}

#[derive(Deserialize)]
pub(super) struct FaultCode {
    pub(super) code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Me {
    pub(super) id: String,
    pub(super) mail: Option<String>,
    pub(super) user_principal_name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Page<T> {
    pub(super) value: Vec<T>,
    #[serde(rename = "@odata.nextLink")]
    pub(super) next: Option<String>,
    #[serde(rename = "@odata.deltaLink")]
    pub(super) delta: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Calendar {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) is_default_calendar: Option<bool>,
    pub(super) can_edit: Option<bool>,
}

/// A wall-clock time without an offset, and the zone that it is in.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Time {
    pub(super) date_time: String,
    pub(super) time_zone: String,
}

/// An event as far as it tells what is busy.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    pub(super) show_as: Option<String>,
    pub(super) start: Time,
    pub(super) end: Time,
    pub(super) is_cancelled: Option<bool>,
    pub(super) is_all_day: Option<bool>,
    pub(super) original_start_time_zone: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    pub(super) id: String,
    #[serde(rename = "@odata.etag")]
    pub(super) etag: Option<String>,
    pub(super) web_link: Option<String>,
    pub(super) online_meeting: Option<Meeting>,
    pub(super) transaction_id: Option<String>,
    pub(super) start: Option<Time>,
    pub(super) end: Option<Time>,
    pub(super) is_cancelled: Option<bool>,
    pub(super) is_all_day: Option<bool>,
    pub(super) original_start_time_zone: Option<String>,
    #[serde(default)]
    pub(super) single_value_extended_properties: Option<Vec<Property>>,
    #[serde(rename = "@removed")]
    pub(super) removed: Option<Removed>,
}

/// An event that a listing of changes does not have any more; why is not reliable.
#[derive(Deserialize)]
pub(super) struct Removed {}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Meeting {
    pub(super) join_url: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Property {
    pub(super) id: String,
    pub(super) value: Option<String>,
}

/// The types of parts are named with each: the vendor's own description of the API requires it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Written<'a> {
    #[serde(rename = "@odata.type")]
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Body<'a>>,
    pub(super) start: WrittenTime,
    pub(super) end: WrittenTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<Location<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) show_as: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is_online_meeting: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) online_meeting_provider: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) transaction_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) single_value_extended_properties: Vec<WrittenProperty>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body<'a> {
    #[serde(rename = "@odata.type")]
    pub(super) kind: &'static str,
    pub(super) content_type: &'static str,
    pub(super) content: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WrittenTime {
    #[serde(rename = "@odata.type")]
    pub(super) kind: &'static str,
    pub(super) date_time: String,
    pub(super) time_zone: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location<'a> {
    #[serde(rename = "@odata.type")]
    pub(super) kind: &'static str,
    pub(super) display_name: &'a str,
}

#[derive(Serialize)]
pub(super) struct WrittenProperty {
    #[serde(rename = "@odata.type")]
    pub(super) kind: &'static str,
    pub(super) id: &'static str,
    pub(super) value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewSubscription<'a> {
    pub(super) change_type: &'static str,
    pub(super) notification_url: &'a str,
    pub(super) lifecycle_notification_url: &'a str,
    pub(super) resource: String,
    pub(super) expiration_date_time: String,
    pub(super) client_state: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Subscription {
    pub(super) id: String,
    pub(super) resource: Option<String>,
    pub(super) expiration_date_time: jiff::Timestamp,
}

#[derive(Deserialize)]
pub(super) struct Notices {
    pub(super) value: Vec<Notice>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Notice {
    pub(super) client_state: Option<String>,
    pub(super) lifecycle_event: Option<String>,
}
