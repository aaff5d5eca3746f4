//! What is known about a call apart from what is said in it.

use serde::{Deserialize, Serialize};

use super::phone::PhoneNumber;

/// Who calls, as far as the line tells. Caller id is not authentication: it can be forged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// Nothing when the number is withheld, or is not a number that can be called back.
    pub number: Option<PhoneNumber>,
}

/// How a call ended, the strongest thing that happened in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing came of it, or it is still going on.
    #[default]
    None,
    Answered,
    Message,
    Transferred,
    Cancelled,
    Moved,
    Booked,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Answered => "answered",
            Self::Message => "message",
            Self::Transferred => "transferred",
            Self::Cancelled => "cancelled",
            Self::Moved => "moved",
            Self::Booked => "booked",
        }
    }
}

impl std::str::FromStr for Outcome {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::None, Self::Answered, Self::Message, Self::Transferred, Self::Cancelled, Self::Moved, Self::Booked]
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
            .ok_or(())
    }
}

/// Why nothing was booked in a call. There is none for a call that booked, moved or cancelled something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// They asked something, and were answered.
    OnlyAsked,
    /// They left a message, and wanted nothing else.
    LeftMessage,
    /// They wanted a person.
    WantedPerson,
    /// Nothing was free when they wanted to come.
    NothingFree,
    /// Times were free and offered, and none of them suited.
    NoTimeSuited,
    /// What they wanted was taken by somebody else meanwhile.
    Taken,
    /// It was read back to them, and they did not say yes.
    NotConfirmed,
    /// A time was kept, and they did not give a name or a number.
    NoName,
    /// They wanted an appointment, and were gone before a time was looked for.
    HungUpEarly,
    /// They were not understood.
    NotUnderstood,
    /// Nobody spoke: silence, or a machine.
    Silence,
    /// They had the wrong number.
    WrongNumber,
    /// The business takes no bookings: no service, or nobody to do it.
    Closed,
    /// They have as many bookings as the rules let one make.
    TooMany,
    /// The appointment book could not be reached.
    Unavailable,
}

impl WhyNot {
    pub const ALL: [Self; 15] = [
        Self::OnlyAsked,
        Self::LeftMessage,
        Self::WantedPerson,
        Self::NothingFree,
        Self::NoTimeSuited,
        Self::Taken,
        Self::NotConfirmed,
        Self::NoName,
        Self::HungUpEarly,
        Self::NotUnderstood,
        Self::Silence,
        Self::WrongNumber,
        Self::Closed,
        Self::TooMany,
        Self::Unavailable,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnlyAsked => "only_asked",
            Self::LeftMessage => "left_message",
            Self::WantedPerson => "wanted_person",
            Self::NothingFree => "nothing_free",
            Self::NoTimeSuited => "no_time_suited",
            Self::Taken => "taken",
            Self::NotConfirmed => "not_confirmed",
            Self::NoName => "no_name",
            Self::HungUpEarly => "hung_up_early",
            Self::NotUnderstood => "not_understood",
            Self::Silence => "silence",
            Self::WrongNumber => "wrong_number",
            Self::Closed => "closed",
            Self::TooMany => "too_many",
            Self::Unavailable => "unavailable",
        }
    }

    /// For people, as the rest of "Nothing was booked: …".
    pub fn told(self) -> &'static str {
        match self {
            Self::OnlyAsked => "they only asked something",
            Self::LeftMessage => "they left a message",
            Self::WantedPerson => "they wanted a person",
            Self::NothingFree => "nothing was free",
            Self::NoTimeSuited => "no time suited",
            Self::Taken => "the time was taken meanwhile",
            Self::NotConfirmed => "they did not say yes to it",
            Self::NoName => "they gave no name or number",
            Self::HungUpEarly => "they hung up early",
            Self::NotUnderstood => "they were not understood",
            Self::Silence => "nobody spoke",
            Self::WrongNumber => "it was a wrong number",
            Self::Closed => "there is nothing to book",
            Self::TooMany => "they have too many bookings",
            Self::Unavailable => "the book could not be reached",
        }
    }
}

impl std::str::FromStr for WhyNot {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|why| why.as_str() == text).ok_or(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    Caller,
    Agent,
}

/// One utterance. `text` is personal data: it is stored with the call and never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub speaker: Speaker,
    pub text: String,
    pub at: jiff::Timestamp,
    /// The caller talked over it, and `text` is only what was heard.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Line({:?}, {} bytes)", self.speaker, self.text.len())
    }
}
