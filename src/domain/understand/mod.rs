//! What a sentence means: what the caller wants done, and what it carries (service, staff, time, name, number).
//!
//! Deterministic, so that a model never decides what a yes is, and so that the line still books when no model answers.

mod answer;
mod email;
mod everyday;
mod foreign;
mod found;
mod fuzzy;
mod hesitation;
mod intent;
mod name;
pub mod names;
mod note;
mod party;
mod pattern;
mod phone;
mod phrases;
mod service;
mod spelling;
mod staff;
mod times;
mod tokens;
mod unoffered;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use self::email::SpokenEmail;
pub use self::found::{Confidence, Found, Slot};
use self::{
    phrases::RESTARTS,
    tokens::{Use, Utterance},
};
use super::{
    business::Business,
    ids::{ServiceId, StaffId},
    phone::PhoneNumber,
    time::When,
};

/// Everything found in one utterance. What was not said is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meaning {
    /// In the order they were said, without repeats.
    pub intents: Vec<Intent>,
    pub service: Option<Match<ServiceId>>,
    pub staff: Option<StaffWish>,
    pub when: Option<When>,
    /// Cleaned up, as written: "Anna Kovács".
    pub name: Option<String>,
    pub phone: Option<SpokenNumber>,
    pub email: Option<SpokenEmail>,
    /// For how many, the caller included: 1 to 500.
    pub people: Option<u16>,
    /// What the business should know, as it was said: "I'm allergic to bleach".
    pub note: Option<String>,
    /// Which part of what was understood the caller speaks of: "the time", "that's the wrong name".
    pub about: Option<Aspect>,
    /// Digits to dial after the number: "extension 12".
    pub extension: Option<String>,
    /// The words could mean another number as well: it is read back before it is used.
    pub phone_uncertain: bool,
    pub answer: Option<Answer>,
    pub choice: Option<Choice>,
    /// "No, …", "actually …", "I said …": what is carried replaces what was understood before.
    pub correction: bool,
    /// Which words said what, in the order of the text, and how sure it is: what is uncertain is confirmed, and only that.
    pub found: Vec<Found>,
    /// The words, trimmed: what a message to the business consists of.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Intent {
    Book,
    Move,
    Cancel,
    /// "When is my appointment?"
    WhenIsMine,
    AskHours,
    AskPrice,
    AskAddress,
    AskServices,
    /// Something the owner wrote an answer to: the index into `Business::facts`.
    AskFact(usize),
    /// "Are you a robot?"
    AskWhoYouAre,
    Person,
    LeaveMessage,
    Repeat,
    /// "That's all", "goodbye".
    Goodbye,
    Greeting,
    Thanks,
    /// "Never mind", "forget it": stop what is being arranged.
    NeverMind,
    /// Words of an emergency.
    Emergency,
    /// A card number, a social security number: not to be kept.
    Sensitive,
    /// "When are you free?", "what times do you have?"
    AskTimes,
    /// "Delete my data", "stop recording".
    Privacy,
    /// "I'm running ten minutes late."
    RunningLate,
    /// "Sorry, wrong number."
    WrongNumber,
    /// Insults, and no wish in them.
    Abuse,
    /// A question about the business that its owner wrote no answer to: "Is there wifi?"
    AskOther,
}

/// One thing, or several that were equally meant: then the caller is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match<T> {
    One(T),
    Several(Vec<T>),
    /// Named something that is not on offer; the words that named it.
    Unknown(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaffWish {
    Named(Match<StaffId>),
    /// "Anyone", "I don't mind".
    NoPreference,
}

/// Digits heard so far; a number may come in pieces over several turns.
#[derive(Clone, PartialEq, Eq)]
pub enum SpokenNumber {
    Whole(PhoneNumber),
    /// Digits that are not yet a number, only 0-9 and a leading "+".
    Piece(String),
    /// "The one I'm calling from".
    ThisOne,
}

impl std::fmt::Debug for SpokenNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(number) => number.fmt(f),
            Self::Piece(digits) => write!(f, "Piece({} digits)", digits.len()),
            Self::ThisOne => f.write_str("ThisOne"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
}

/// A part of an appointment that can be put right by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    Time,
    Service,
    Staff,
    Name,
    Phone,
}

/// Which of the things that were offered, counted from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// "The second one"; "the earlier one" is the first, because offers come in order.
    Nth(usize),
    /// "The last one", "the later one".
    Last,
    /// "Something earlier": none of what was offered.
    Earlier,
    /// "Anything later?"
    Later,
    /// "The one with Maria", "the morning one": the staff, time or service found in the same words says which.
    Described,
    /// "Either", "whichever".
    Any,
    /// "None of those".
    Neither,
}

/// What the last question asked for: a bare "Maria" is a name after "What's your name?" and a member of staff after
/// "With whom?".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expecting {
    #[default]
    Anything,
    Service,
    Staff,
    When,
    /// One of this many offered times.
    Choice(usize),
    Name,
    Phone,
    YesNo,
    Message,
    /// For how many.
    People,
}

/// Longer utterances are cut: nobody says so much in one turn, and the work is bounded.
const MOST_CHARACTERS: usize = 2_000;

/// Reads one utterance. The same words always mean the same.
///
/// A yes may come with something ("yes, Thursday"): it agrees to what was proposed only if that is the same. In
/// [`Expecting::Message`] everything is the message, and only what must not be missed is looked for in it.
pub fn understand(text: &str, business: &Business, expecting: Expecting) -> Meaning {
    let text = cut(text.trim());
    let mut said = Utterance::read(text);
    let phrases = intent::phrases(&said);
    let email = email::find(&mut said);
    let email_at = found::marked(&said, Use::Phone);
    let digits = phone::find(&mut said, &business.country, expecting);
    if expecting == Expecting::Message {
        return message(&said, &phrases, digits.sensitive);
    }
    let restarts = restarts(&said);
    let restart = restarts.iter().rev().copied().find(|&at| at < said.words.len()).unwrap_or(0);
    let choice = answer::choice(&said, expecting);
    let party = party::find(&mut said, business, expecting);
    let time = times::find(&mut said, &business.country, &phrases, choice.as_ref(), expecting);
    let service = service::find(&mut said, business, expecting, restart);
    let name = name::find(&mut said, &business.staff, &phrases, expecting, restart);
    let staff = staff::find(&mut said, business, expecting, restart);
    let time = time.and_then(|time| time.unless_a_name(&said));
    let note = note::find(&said, &phrases);
    let mut found = Vec::new();
    found::service(&mut found, &said, service.as_ref());
    found::staff(&mut found, &said, staff.as_ref());
    found::time(&mut found, &said, time.as_ref());
    found::name(&mut found, &said, name.as_ref());
    found::phone(&mut found, &said, digits.number.as_ref(), email_at.as_ref());
    found::email(&mut found, &said, email.as_ref().zip(email_at.as_ref()));
    found::party(&mut found, &said, party.as_ref());
    found::note(&mut found, &said, note.as_ref());
    found.sort_by_key(|found| (found.span.start, found.span.end));
    let mut meaning = Meaning {
        service: service.map(|heard| heard.what),
        staff: staff.map(|heard| heard.what),
        when: time.map(|time| time.when),
        name: name.map(|heard| heard.what),
        phone: digits.number,
        email,
        extension: digits.extension,
        phone_uncertain: digits.uncertain,
        people: party.map(|party| party.people),
        note: note.map(|words| said.raw_words(&words).to_owned()),
        about: answer::about(&said),
        choice: choice.map(|found| found.what).or_else(|| answer::described(&said, expecting)),
        found,
        text: text.to_owned(),
        ..Meaning::default()
    };
    meaning.intents = intent::settle(&said, phrases, &business.facts, &meaning, expecting);
    if digits.sensitive {
        meaning.intents.push(Intent::Sensitive);
    }
    if meaning.intents.contains(&Intent::WrongNumber) {
        // Nothing is wrong with what we said.
        meaning.about = None;
    } else {
        meaning.answer = answer::find(&said, &meaning, expecting);
    }
    meaning.correction = !restarts.is_empty() && carries_something(&meaning);
    meaning
}

/// [`understand`] for a call in this language (BCP 47). In other languages than English only what must not be missed is
/// found: yes and no, a number, an address, a name that was asked for, and words that end or endanger. What callers want
/// and when is for a model to hand over.
pub fn understand_in(language: &str, text: &str, business: &Business, expecting: Expecting) -> Meaning {
    match foreign::of(language) {
        Some(words) => foreign::understand(words, cut(text.trim()), business, expecting),
        None => understand(text, business, expecting),
    }
}

/// A number that was found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundNumber {
    pub number: PhoneNumber,
    /// Digits to dial after the number.
    pub extension: Option<String>,
    /// Another number could have been meant.
    pub uncertain: bool,
}

/// The telephone number in a text, written or as a recogniser writes spoken words. `country` (ISO 3166, "US") is for
/// numbers without a country code.
pub fn phone_number(text: &str, country: &str) -> Option<FoundNumber> {
    let found = phone::only(cut(text.trim()), country);
    match found.number? {
        SpokenNumber::Whole(number) => {
            Some(FoundNumber { number, extension: found.extension, uncertain: found.uncertain })
        }
        SpokenNumber::Piece(_) | SpokenNumber::ThisOne => None,
    }
}

/// The number that comes of one when the caller puts a part of it right in a later turn: "no, the last four are 2672", "it
/// starts with 415". A whole number in the text replaces it. `country` as for [`phone_number`]; nothing when no digits
/// were said, or when no number comes of it.
pub fn amended_number(before: &PhoneNumber, text: &str, country: &str) -> Option<PhoneNumber> {
    phone::amended(before, cut(text.trim()), country)
}

/// The first 2,000 characters.
fn cut(text: &str) -> &str {
    text.char_indices().nth(MOST_CHARACTERS).map_or(text, |(end, _)| &text[..end])
}

/// A message is its words. Still an emergency is one, a card number is not kept, and "never mind" is not a message.
fn message(said: &Utterance<'_>, phrases: &[pattern::Found<Intent>], sensitive: bool) -> Meaning {
    let all = |found: &pattern::Found<Intent>| found.at.len() + said.lead() >= said.words.len();
    let mut intents: Vec<Intent> = phrases
        .iter()
        .filter(|found| match found.what {
            Intent::Emergency => true,
            Intent::NeverMind | Intent::Repeat | Intent::Goodbye => all(found),
            _ => false,
        })
        .map(|found| found.what)
        .collect();
    if sensitive {
        intents.push(Intent::Sensitive);
    }
    Meaning { intents, text: said.text.to_owned(), ..Meaning::default() }
}

/// Where the caller starts again and goes on; the words after the last such place replace what was said before it
/// ("a haircut, no, a beard trim").
fn restarts(said: &Utterance<'_>) -> Vec<usize> {
    RESTARTS.find(said).into_iter().filter(|found| found.what).map(|found| found.at.end).collect()
}

/// Something was said again and differently.
fn carries_something(meaning: &Meaning) -> bool {
    meaning.service.is_some()
        || meaning.staff.is_some()
        || meaning.when.is_some()
        || meaning.name.is_some()
        || meaning.phone.is_some()
        || meaning.people.is_some()
}
