//! What a conversation can ask for.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::domain::{
    booking::Slot,
    ids::{BookingId, ServiceId, StaffId},
    time::Clock,
};

#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// One utterance or part of one; those of one event belong together.
    Say(String),
    Desk(Request),
    /// From here on we speak and listen in this language (BCP 47); what is said with it is in it already.
    Language(String),
    /// Give a hold up; nobody waits for it.
    Release(BookingId),
    /// After the last words have been heard: end the call.
    End,
    /// After the last words have been heard: put the caller through to the business.
    PutThrough,
}

/// What the desk is asked. One at a time; kept in the state, so that it is asked again after a crash. Every one of them
/// is safe to ask twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    Find {
        service: ServiceId,
        staff: Option<StaffId>,
        from: Timestamp,
        to: Timestamp,
        near: Option<Timestamp>,
        /// Only starts within one of these, from ≤ start < to; none: anywhere between `from` and `to`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        within: Vec<(Timestamp, Timestamp)>,
        count: usize,
        replacing: Option<BookingId>,
        asked_for: AskedFor,
    },
    /// `attempt` counts this call's holds: with the slot it makes the idempotency key, so that asking again after a
    /// crash is a repetition, and coming back to a time that was given up is not.
    Hold {
        slot: Slot,
        attempt: u32,
        replacing: Option<BookingId>,
    },
    Confirm {
        hold: BookingId,
    },
    Cancel {
        booking: BookingId,
    },
    Upcoming,
    /// `beside`: it goes with a booking that has just been made, and the goodbye question comes with its answer.
    Note {
        text: String,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        beside: bool,
    },
}

impl Request {
    /// A read may be dropped when the caller says something new; a write runs to its end.
    pub fn is_read(&self) -> bool {
        matches!(self, Self::Find { .. } | Self::Upcoming)
    }
}

/// What the caller had asked for when free times were looked up: decides how the answer is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AskedFor {
    /// This very moment.
    Moment(Timestamp),
    /// Some time within; `day` when it was one day.
    Window { from: Timestamp, to: Timestamp, day: Option<Date> },
    /// A time of day, on whichever day.
    TimeOfDay(Clock),
    /// What is nearest to a time of day that nothing is free at.
    NearTimeOfDay,
    /// Whatever comes after a wish that had nothing free.
    Next,
    /// Later or earlier than what was offered.
    Beyond { later: bool },
    /// Others than those that were refused.
    Others,
}
