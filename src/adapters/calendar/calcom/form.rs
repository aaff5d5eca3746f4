//! What is filled in for a caller when they are booked at Cal.com. What only the customer could say is never made up; such a
//! kind of appointment is not booked by us.

use std::collections::BTreeMap;

use serde_json::Value;

use super::wire::{EventType, Field, Location, Place};
use crate::ports::calendar::Visit;

pub(super) const ASKS_TOO_MUCH: &str =
    "this kind of appointment asks a question that only the customer can answer; make it optional in Cal.com";
pub(super) const NEEDS_PHONE: &str = "this kind of appointment needs a telephone number";
pub(super) const NEEDS_PLACE: &str =
    "this kind of appointment wants the customer's address; give it another place in Cal.com";
pub(super) const NEEDS_OWNER: &str = "this kind of appointment has to be confirmed by you first, in Cal.com";
const SHARES_SEATS: &str = "several customers share one booking of this kind of appointment";
const REPEATS: &str = "this kind of appointment books several times at once";
const IS_INSTANT: &str = "this kind of appointment begins at once";
const VERIFIES_EMAIL: &str = "this kind of appointment sends the customer a code before it books";
const COSTS: &str = "this kind of appointment is paid for on Cal.com's page";

/// For a question that has to be answered when there is nothing to say.
const NOTHING_TO_SAY: &str = "-";
const LONGEST_ANSWER: usize = 2_000;

/// The languages that it writes to customers in.
const LANGUAGES: [&str; 43] = [
    "ar", "ca", "de", "es", "eu", "he", "id", "ja", "lv", "pl", "ro", "sr", "th", "vi", "az", "cs", "el", "es-419",
    "fi", "hr", "it", "km", "nl", "pt", "ru", "sv", "tr", "zh-CN", "bg", "da", "en", "et", "fr", "hu", "iw", "ko",
    "no", "pt-BR", "sk", "ta", "uk", "zh-TW", "bn",
];

/// Why nobody could be booked by us, whoever calls.
pub(super) fn hindrance(kind: &EventType) -> Option<&'static str> {
    let told = |value: &Option<Value>| value.as_ref().is_some_and(|value| !value.is_null());
    let disabled = |value: &Option<Value>| value.as_ref().is_some_and(|value| value["disabled"] == true);
    let confirms = kind.confirmation_policy.as_ref().is_some_and(|policy| policy["type"] == "always");
    if told(&kind.recurrence) && !disabled(&kind.recurrence) {
        Some(REPEATS)
    } else if kind.is_instant_event {
        Some(IS_INSTANT)
    } else if told(&kind.seats_per_time_slot) || (told(&kind.seats) && !disabled(&kind.seats)) {
        Some(SHARES_SEATS)
    } else if confirms && !disabled(&kind.confirmation_policy) {
        Some(NEEDS_OWNER)
    } else if kind.requires_booker_email_verification {
        Some(VERIFIES_EMAIL)
    } else if kind.price.is_some_and(|price| price > 0.0) {
        Some(COSTS)
    } else if kind.booking_fields.iter().any(|field| is_asked(field) && must(field) && !can_answer(field)) {
        Some(ASKS_TOO_MUCH)
    } else if places(kind).is_some_and(|places| places.iter().all(wants_address)) {
        Some(NEEDS_PLACE)
    } else {
        None
    }
}

/// Without an address of the caller's it is not sent: Cal.com would refuse it.
pub(super) fn wants_email(kind: &EventType) -> bool {
    kind.booking_fields.iter().any(|field| field.slug == "email" && must(field) && field.hidden != Some(true))
}

/// A field of the owner's own, or one of Cal.com's that the request has no place for.
fn is_asked(field: &Field) -> bool {
    let default = field.is_default.as_ref().is_some_and(|default| *default == true);
    let ours =
        matches!(field.slug.as_str(), "name" | "email" | "location" | "rescheduleReason" | "attendeePhoneNumber");
    let left_out = default && matches!(field.slug.as_str(), "guests");
    !ours && !left_out && field.hidden != Some(true)
}

fn must(field: &Field) -> bool {
    field.required.as_ref().is_some_and(|required| *required == true)
}

fn can_answer(field: &Field) -> bool {
    matches!(field.kind.as_str(), "text" | "textarea" | "phone")
}

fn places(kind: &EventType) -> Option<&[Place]> {
    kind.locations.as_deref().filter(|places| !places.is_empty())
}

fn wants_address(place: &Place) -> bool {
    matches!(place.kind.as_str(), "attendeeAddress" | "attendeeDefined")
}

/// The first place of the owner's list that we can name; nothing where there is no choice to make.
pub(super) fn place<'a>(kind: &'a EventType, visit: &'a Visit) -> Result<Option<Location<'a>>, &'static str> {
    let Some(places) = places(kind) else { return Ok(None) };
    let plain = |kind| Location { kind, integration: None, phone: None };
    let named = |place: &'a Place| match place.kind.as_str() {
        "attendeePhone" => Some(Some(Location { phone: Some(visit.phone.as_deref()?), ..plain(&place.kind) })),
        "attendeeAddress" | "attendeeDefined" => None,
        _ if places.len() == 1 => Some(None),
        "integration" => {
            Some(Some(Location { integration: Some(place.integration.as_deref()?), ..plain(&place.kind) }))
        }
        "address" | "link" | "phone" | "organizersDefaultApp" => Some(Some(plain(&place.kind))),
        _ => None,
    };
    match places.iter().find_map(named) {
        Some(place) => Ok(place),
        None if places.iter().any(|place| place.kind == "attendeePhone") => Err(NEEDS_PHONE),
        None => Err(NEEDS_PLACE),
    }
}

/// Answers by slug: to everything that has to be answered, and the caller's wish under Cal.com's own `notes`, or in the
/// first free text of the owner's.
pub(super) fn answers<'a>(kind: &'a EventType, visit: &'a Visit) -> Result<BTreeMap<&'a str, &'a str>, &'static str> {
    let notes = Some(cut(visit.notes.trim())).filter(|notes| !notes.is_empty());
    let phone = visit.phone.as_deref();
    let phone_needed = |field: &Field| field.slug == "attendeePhoneNumber" && must(field) && field.hidden != Some(true);
    if phone.is_none() && kind.booking_fields.iter().any(phone_needed) {
        return Err(NEEDS_PHONE);
    }
    let has_notes = kind.booking_fields.iter().any(|field| is_asked(field) && field.slug == "notes");
    let mut noted = false;
    let mut answers = BTreeMap::new();
    for field in kind.booking_fields.iter().filter(|field| is_asked(field)) {
        let about_name = field.label.as_deref().is_some_and(|label| label.trim().eq_ignore_ascii_case("your name"));
        let answer = match field.kind.as_str() {
            "phone" => phone,
            "text" if field.slug == "title" => must(field).then_some(visit.name.as_str()),
            "text" | "textarea" if about_name => Some(visit.name.as_str()),
            "text" | "textarea" if field.slug == "notes" || !(has_notes || noted) => {
                noted = notes.is_some();
                notes
            }
            _ => None,
        };
        let answer = match answer {
            Some(answer) => answer,
            None if !must(field) => continue,
            None if field.kind == "phone" => return Err(NEEDS_PHONE),
            None if !can_answer(field) => return Err(ASKS_TOO_MUCH),
            None => NOTHING_TO_SAY,
        };
        answers.insert(field.slug.as_str(), answer);
    }
    Ok(answers)
}

fn cut(text: &str) -> &str {
    text.char_indices().nth(LONGEST_ANSWER).map_or(text, |(at, _)| &text[..at])
}

/// For a kind that comes in several lengths: the one that we want, when it is among them.
pub(super) fn length(kind: &EventType, visit: &Visit) -> Option<u16> {
    let options = kind.length_in_minutes_options.as_deref().unwrap_or_default();
    options.contains(&visit.minutes).then_some(visit.minutes)
}

/// The nearest of its languages; nothing: it decides.
pub(super) fn language(wanted: &str) -> Option<&'static str> {
    let same = |tag: &str| LANGUAGES.into_iter().find(|known| known.eq_ignore_ascii_case(tag));
    let first = wanted.split(['-', '_']).next().unwrap_or_default();
    let first = if matches!(first, "nb" | "nn") { "no" } else { first };
    same(wanted).or_else(|| same(first))
}
