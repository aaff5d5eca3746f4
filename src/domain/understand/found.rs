//! Which words said what, and how sure that is.
//!
//! The dialogue confirms what is uncertain, and only that. So there are three steps and no percentages: what may be used as
//! it is, what is repeated so that the caller can object, and what has to be asked.

use std::ops::Range;

use super::{
    Match, SpokenEmail, SpokenNumber, StaffWish,
    party::Party,
    times::Time,
    tokens::{Use, Utterance},
};
use crate::domain::ids::ServiceId;

/// Something that was found in an utterance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub slot: Slot,
    /// Bytes of [`Meaning::text`](super::Meaning::text), on the edges of characters.
    pub span: Range<usize>,
    pub confidence: Confidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    Service,
    Staff,
    Date,
    Time,
    Name,
    Phone,
    Email,
    People,
    Note,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Said in so many words.
    Sure,
    /// Read from sounds or from the question before it: repeat it, so that the caller can object.
    Likely,
    /// More than one thing may be meant, or a part is missing: ask.
    Doubtful,
}

/// What was understood, from which words.
pub(super) struct Heard<T> {
    pub what: T,
    /// Empty when it follows from the question alone.
    pub at: Range<usize>,
    pub confidence: Confidence,
}

fn push(found: &mut Vec<Found>, said: &Utterance<'_>, slot: Slot, at: &Range<usize>, confidence: Confidence) {
    if !at.is_empty() {
        found.push(Found { slot, span: said.bytes(at), confidence });
    }
}

pub(super) fn service(found: &mut Vec<Found>, said: &Utterance<'_>, heard: Option<&Heard<Match<ServiceId>>>) {
    if let Some(heard) = heard {
        push(found, said, Slot::Service, &heard.at, heard.confidence);
    }
}

pub(super) fn staff(found: &mut Vec<Found>, said: &Utterance<'_>, heard: Option<&Heard<StaffWish>>) {
    if let Some(heard) = heard {
        push(found, said, Slot::Staff, &heard.at, heard.confidence);
    }
}

pub(super) fn time(found: &mut Vec<Found>, said: &Utterance<'_>, time: Option<&Time>) {
    let Some(time) = time else { return };
    for at in &time.dates {
        push(found, said, Slot::Date, at, time.confidence);
    }
    for at in &time.clocks {
        push(found, said, Slot::Time, at, time.confidence);
    }
}

pub(super) fn name(found: &mut Vec<Found>, said: &Utterance<'_>, heard: Option<&Heard<String>>) {
    if let Some(heard) = heard {
        push(found, said, Slot::Name, &heard.at, heard.confidence);
    }
}

/// The words of an address are kept from the rest like those of a number: `email` is where they stand.
pub(super) fn phone(
    found: &mut Vec<Found>,
    said: &Utterance<'_>,
    number: Option<&SpokenNumber>,
    email: Option<&Range<usize>>,
) {
    let confidence = match number {
        Some(SpokenNumber::Whole(_)) => Confidence::Sure,
        Some(SpokenNumber::Piece(_)) => Confidence::Doubtful,
        // The line says which it is, not the words.
        Some(SpokenNumber::ThisOne) | None => return,
    };
    let of_it = |at: &usize| said.words[*at].used == Use::Phone && !email.is_some_and(|email| email.contains(at));
    let first = (0..said.words.len()).find(of_it);
    if let Some((first, last)) = first.zip((0..said.words.len()).rfind(of_it)) {
        push(found, said, Slot::Phone, &(first..last + 1), confidence);
    }
}

pub(super) fn email(found: &mut Vec<Found>, said: &Utterance<'_>, email: Option<(&SpokenEmail, &Range<usize>)>) {
    if let Some((email, at)) = email {
        let confidence = if email.uncertain { Confidence::Doubtful } else { Confidence::Likely };
        push(found, said, Slot::Email, at, confidence);
    }
}

pub(super) fn party(found: &mut Vec<Found>, said: &Utterance<'_>, party: Option<&Party>) {
    if let Some(party) = party {
        push(found, said, Slot::People, &party.at, party.confidence);
    }
}

pub(super) fn note(found: &mut Vec<Found>, said: &Utterance<'_>, note: Option<&Range<usize>>) {
    if let Some(at) = note {
        push(found, said, Slot::Note, at, Confidence::Likely);
    }
}

/// From the first to the last word that is used in this way.
pub(super) fn marked(said: &Utterance<'_>, used: Use) -> Option<Range<usize>> {
    let first = said.words.iter().position(|word| word.used == used)?;
    let last = said.words.iter().rposition(|word| word.used == used)?;
    Some(first..last + 1)
}
