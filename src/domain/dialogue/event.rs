//! What can happen in a conversation.

use serde::{Deserialize, Serialize};

use crate::domain::{
    booking::{Booking, Slot},
    call::Caller,
};

#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one at a time, never stored")]
pub enum Event {
    /// The caller is there and has heard the greeting.
    Answered(Caller),
    /// The same call is back after its connection broke.
    Reconnected,
    /// A whole utterance.
    Heard(Heard),
    Key(char),
    /// The caller talked over us; this much of the last utterance was heard.
    TalkedOver {
        heard: String,
    },
    /// Nobody has said anything for a while.
    Silent,
    /// What the desk was asked is taking long enough for the caller to wonder.
    StillWaiting,
    Desk(DeskReply),
    /// The longest call is almost over, then over.
    TimeAlmostUp,
    TimeUp,
    /// The server stops.
    Stopping,
    /// The business takes the call over, or ends it.
    Ordered(Order),
}

/// What the business, which watches a call, wants done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The caller is put through to a person.
    PutThrough,
    /// A polite goodbye.
    End,
}

/// What a recogniser made of an utterance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// What it thinks was said.
    pub text: String,
    /// What it thinks less likely, best first; most lines tell of none.
    pub others: Vec<String>,
}

impl From<&str> for Heard {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<String> for Heard {
    fn from(text: String) -> Self {
        Self { text, others: Vec::new() }
    }
}

/// What the desk answers to a [`super::Request`].
#[derive(Clone, Debug, PartialEq)]
pub enum DeskReply {
    Found(Vec<Slot>),
    Held(Booking),
    Confirmed(Booking),
    Cancelled(Booking),
    Upcoming(Vec<Booking>),
    NoteTaken,
    Failed(Failure),
}

/// Why the desk could not, in terms of what the caller can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    Taken,
    Gone,
    TooLate,
    NotOffered,
    TooMany,
    /// It has to be booked on a page, whose address was texted.
    ByPage,
    /// Nobody knows; it may even have happened. Nothing may be claimed.
    Unavailable,
}
