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
    call::Outcome,
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
    /// Left a message.
    Message,
    /// Asked something, was answered, and booked nothing.
    Question,
    /// Hung up, or nothing came of it.
    Nothing,
    /// Not answered by us.
    Unanswered,
}

impl Fate {
    /// In the order in which they are told.
    pub const ALL: [Self; 8] = [
        Self::Booked,
        Self::Moved,
        Self::Cancelled,
        Self::Transferred,
        Self::Message,
        Self::Question,
        Self::Nothing,
        Self::Unanswered,
    ];

    pub fn of(call: &CallFact) -> Self {
        match call.outcome {
            _ if call.answered.is_none() => Self::Unanswered,
            Outcome::Booked => Self::Booked,
            Outcome::Moved => Self::Moved,
            Outcome::Cancelled => Self::Cancelled,
            Outcome::Transferred => Self::Transferred,
            Outcome::Message => Self::Message,
            Outcome::Answered => Self::Question,
            Outcome::None => Self::Nothing,
        }
    }

    /// As a heading says it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Booked => "Booked",
            Self::Moved => "Moved an appointment",
            Self::Cancelled => "Cancelled an appointment",
            Self::Transferred => "Put through to a person",
            Self::Message => "Left a message",
            Self::Question => "Only had a question",
            Self::Nothing => "Hung up before anything came of it",
            Self::Unanswered => "Was not answered",
        }
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
