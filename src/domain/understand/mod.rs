//! What a sentence means: what the caller wants done, and what it carries (service, staff, time, name, number).
//!
//! Deterministic, so that a model never decides what a yes is, and so that the line still books when no model answers.

use serde::{Deserialize, Serialize};

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
    pub answer: Option<Answer>,
    pub choice: Option<Choice>,
    /// "No, …", "actually …", "I said …": what is carried replaces what was understood before.
    pub correction: bool,
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

/// Which of the things that were offered, counted from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Nth(usize),
    Last,
    Earlier,
    Later,
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
}

/// Reads one utterance.
pub fn understand(text: &str, business: &Business, expecting: Expecting) -> Meaning {
    let _ = (business, expecting);
    Meaning { text: text.trim().to_owned(), ..Meaning::default() }
}
