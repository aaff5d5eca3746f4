//! What many calls came to: counted by the business's own days and hours, never by the server's.
//!
//! [`Period`] says which days, [`Insights::of`] counts, [`Change`] compares with the days before. Everything here is a
//! function of values that were read elsewhere.

mod change;
mod count;
mod period;
mod spread;

pub use change::Change;
pub use count::{Bookings, Bucket, Insights, Sum};
pub use period::{LONGEST_DAYS, Period, PeriodMistake, Step};
pub use spread::Spread;

use jiff::Timestamp;

use super::{
    call::{Outcome, WhyNot},
    ids::{ServiceId, StaffId},
    report::Micros,
};

/// What is counted about one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallFact {
    pub started: Timestamp,
    /// When it was answered; nothing: nobody was there to answer it, or it was refused.
    pub answered: Option<Timestamp>,
    /// Nothing while it is going on, and for one whose end was never told.
    pub ended: Option<Timestamp>,
    pub outcome: Outcome,
    /// Nothing while it goes on, when something was booked, and for calls of before this was written down.
    pub why_not: Option<WhyNot>,
    /// When its first booking was confirmed.
    pub booked: Option<Timestamp>,
    /// Sentences that were said until its end, by both; only known of calls that booked.
    pub sentences: Option<u32>,
    /// The median time to the first word over its turns with a model, in milliseconds.
    pub first_word_ms: Option<u32>,
    /// What models cost in it.
    pub cost: Micros,
}

/// What became of a call, for the question why not every one of them books. Every call is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    Booked,
    Moved,
    Cancelled,
    /// Put through to a person.
    Transferred,
    /// The call says itself why it booked nothing.
    Why(WhyNot),
    /// It does not, and left a message, had a question, or came to nothing.
    Message,
    Question,
    Nothing,
    /// It goes on, or nobody ever told that it ended.
    Open,
    /// Not answered by us.
    Unanswered,
}

impl Fate {
    pub fn of(call: &CallFact) -> Self {
        match (call.outcome, call.why_not) {
            _ if call.answered.is_none() => Self::Unanswered,
            (Outcome::Booked, _) => Self::Booked,
            (Outcome::Moved, _) => Self::Moved,
            (Outcome::Cancelled, _) => Self::Cancelled,
            (Outcome::Transferred, _) => Self::Transferred,
            (_, Some(why)) => Self::Why(why),
            (Outcome::Message, None) => Self::Message,
            (Outcome::Answered, None) => Self::Question,
            (Outcome::None, None) if call.ended.is_none() => Self::Open,
            (Outcome::None, None) => Self::Nothing,
        }
    }

    /// As a line of a table says it.
    pub fn words(self) -> String {
        let words = match self {
            Self::Booked => "they booked",
            Self::Moved => "they moved an appointment",
            Self::Cancelled => "they cancelled an appointment",
            Self::Transferred => "they were put through to a person",
            Self::Why(why) => why.told(),
            Self::Message => WhyNot::LeftMessage.told(),
            Self::Question => WhyNot::OnlyAsked.told(),
            Self::Nothing => "nothing came of it",
            Self::Open => "the call goes on",
            Self::Unanswered => "the call was not answered",
        };
        let mut rest = words.chars();
        rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
    }
}

/// How many bookings of one kind were confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookingFact {
    pub service: ServiceId,
    pub staff: StaffId,
    /// Made in a call, rather than by clicking or by a program.
    pub by_call: bool,
    /// Not standing any more. One that was moved still counts: its appointment is at another time.
    pub cancelled: bool,
    pub count: u32,
}

/// Text messages, by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// Handed to the carrier, and not reported as lost.
    pub sent: u32,
    pub failed: u32,
    /// Not sent yet.
    pub waiting: u32,
}
