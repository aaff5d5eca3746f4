//! What is filled in for a caller when they are booked: where it takes place and what the owner asks of every customer.
//! What only the customer could say is never made up; such a kind of appointment is not booked by us.

use super::wire::{Answered, EventType, Location, Place, Question};
use crate::ports::calendar::Visit;

/// Asks for what a caller can only be asked on Calendly's page: a choice, a consent.
pub(super) const ASKS_TOO_MUCH: &str =
    "this kind of appointment asks a question that only the customer can answer; make it optional in Calendly";
pub(super) const NEEDS_PHONE: &str = "this kind of appointment needs a telephone number";
pub(super) const NEEDS_PLACE: &str = "this kind of appointment has no place that we know; give it one in Calendly";
pub(super) const IS_POLL: &str = "this kind of appointment is a poll, which nobody can book";
pub(super) const IS_OFF: &str = "this kind of appointment is switched off in Calendly";

/// Letters of an answer that are surely taken.
const LONGEST_ANSWER: usize = 2_000;

/// For a question that has to be answered when there is nothing to say: Calendly refuses blanks.
const NOTHING_TO_SAY: &str = "-";

/// Words that a question for a telephone number has in it, in small letters.
const PHONE_WORDS: [&str; 8] = ["phone", "mobile", "cell", "telefon", "handy", "téléphone", "teléfono", "móvil"];
/// Words that a question for a name is, whole.
const NAME_WORDS: [&str; 8] =
    ["name", "your name", "full name", "first and last name", "ihr name", "vor- und nachname", "nom", "nombre"];

/// Why nobody could be booked by us, whoever calls.
pub(super) fn hindrance(kind: &EventType) -> Option<&'static str> {
    let mut asked = kind.custom_questions.iter().flatten().filter(|question| question.enabled && question.required);
    if kind.booking_method == "poll" {
        Some(IS_POLL)
    } else if !kind.active {
        Some(IS_OFF)
    } else if asked.any(|question| !is_text(question) && question.kind != "phone_number") {
        Some(ASKS_TOO_MUCH)
    } else if places(kind).is_some_and(|places| places.iter().all(|place| needs_text(place) && !can_know(place))) {
        Some(NEEDS_PLACE)
    } else {
        None
    }
}

fn is_text(question: &Question) -> bool {
    matches!(question.kind.as_str(), "string" | "text")
}

fn places(kind: &EventType) -> Option<&[Place]> {
    kind.locations.as_deref().filter(|places| !places.is_empty())
}

/// Kinds for which Calendly wants words: "location.location is required when location.kind is …".
fn needs_text(place: &Place) -> bool {
    matches!(place.kind.as_str(), "outbound_call" | "ask_invitee" | "physical" | "custom")
}

fn can_know(place: &Place) -> bool {
    matches!(place.kind.as_str(), "outbound_call" | "ask_invitee") || written(place).is_some()
}

fn written(place: &Place) -> Option<&str> {
    place.location.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

/// The first place of the owner's list that we can name: their own address or words, and where the customer says it
/// (`ask_invitee`, `outbound_call`) the number that they call from. Nothing: it has none to choose from.
pub(super) fn place<'a>(kind: &'a EventType, visit: &'a Visit) -> Result<Option<Location<'a>>, &'static str> {
    let Some(places) = places(kind) else { return Ok(None) };
    let phone = visit.phone.as_deref();
    let named = |place: &'a Place| {
        let location = match place.kind.as_str() {
            "outbound_call" => Some(phone?),
            "ask_invitee" => Some(written(place).or(phone)?),
            "physical" | "custom" => Some(written(place)?),
            _ => None,
        };
        Some(Location { kind: &place.kind, location })
    };
    match places.iter().find_map(named) {
        Some(place) => Ok(Some(place)),
        None if places.iter().any(can_know) => Err(NEEDS_PHONE),
        None => Err(NEEDS_PLACE),
    }
}

/// Answers to everything that has to be answered, and the caller's wish in the first free text that asks for one.
pub(super) fn answers<'a>(kind: &'a EventType, visit: &'a Visit) -> Result<Vec<Answered<'a>>, &'static str> {
    let notes = Some(cut(visit.notes.trim())).filter(|notes| !notes.is_empty());
    let phone = visit.phone.as_deref();
    let mut answers = Vec::new();
    let mut noted = false;
    for question in kind.custom_questions.iter().flatten().filter(|question| question.enabled) {
        let words = question.name.to_lowercase();
        let about_phone = question.kind == "phone_number" || PHONE_WORDS.iter().any(|word| words.contains(word));
        let about_name = NAME_WORDS.contains(&words.trim().trim_end_matches(['?', ':', '*', '.']).trim());
        let answer = match question.kind.as_str() {
            "phone_number" => phone,
            "string" | "text" if about_name => Some(visit.name.as_str()),
            "string" | "text" if about_phone && phone.is_some() => phone,
            "string" | "text" if !noted && !about_phone => {
                noted = notes.is_some();
                notes
            }
            _ => None,
        };
        let answer = match answer {
            None if !question.required => continue,
            None if question.kind == "phone_number" => return Err(NEEDS_PHONE),
            None if !is_text(question) => return Err(ASKS_TOO_MUCH),
            None => NOTHING_TO_SAY,
            Some(answer) => answer,
        };
        answers.push(Answered { question: &question.name, answer, position: question.position });
    }
    Ok(answers)
}

fn cut(text: &str) -> &str {
    text.char_indices().nth(LONGEST_ANSWER).map_or(text, |(at, _)| &text[..at])
}
